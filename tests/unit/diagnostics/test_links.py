"""What is derived from a link tells neither the link nor anything else derived from it."""

from __future__ import annotations

from diagnostics.links import Respondent, link_hash, new_secret


def test_secrets_are_long_and_differ() -> None:
    secrets = {new_secret() for _ in range(50)}
    assert len(secrets) == 50
    assert all(len(secret) == 43 for secret in secrets)


def test_each_use_has_a_value_of_its_own() -> None:
    respondent = Respondent.with_secret("a-secret")
    assert respondent.link_hash == link_hash("a-secret")
    values = [respondent.link_hash, respondent.response_key, respondent.handle]
    assert len(set(values)) == 3
    assert not any("a-secret" in value for value in values)
    assert not respondent.response_key.startswith(respondent.handle)


def test_the_key_stands_in_the_settings(settings: object) -> None:
    before = Respondent.with_secret("a-secret")
    settings.SECRET_KEY = "another-key"  # type: ignore[attr-defined]
    after = Respondent.with_secret("a-secret")
    assert before.link_hash != after.link_hash
    assert before.response_key != after.response_key
