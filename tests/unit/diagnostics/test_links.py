"""What is derived from a link tells neither the link nor anything else derived from it."""

from __future__ import annotations

from diagnostics.links import Link, link_hash


def test_each_use_has_a_value_of_its_own() -> None:
    link = Link.with_secret("a-secret")
    assert link.hash == link_hash("a-secret")
    assert not link.hash.startswith(link.handle)
    assert not any("a-secret" in value for value in (link.hash, link.handle))


def test_what_is_kept_of_a_link_needs_the_key_of_the_settings(settings: object) -> None:
    before = Link.with_secret("a-secret")
    settings.SECRET_KEY = "another-key"  # type: ignore[attr-defined]
    after = Link.with_secret("a-secret")
    assert before.hash != after.hash
    assert before.handle != after.handle
