"""Which roles the claims of a provider give, with the examples of docs/deployment.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from partnerships.sign_in.identity_provider import IdentityProvider, read_parameters, read_rules

DEPLOYMENT = Path(__file__).resolve().parents[3] / "docs" / "deployment.md"


def provider(rules: str = "", claim: str = "roles", **more: Any) -> IdentityProvider:
    return IdentityProvider(
        "ID", "https://id.example.org", "client", "secret", roles_claim=claim, rules=read_rules(rules), **more
    )


def example(name: str) -> dict[str, str]:
    """The variables of an example in the documentation."""
    text = DEPLOYMENT.read_text().split(f"### {name}")[1].split("###")[0]
    return dict(re.findall(r"^    (OIDC_\w+)='?(.*?)'?$", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("claims", "given"),
    [
        ({"roles": ["lead", "other"]}, {("RX1", "strategy_lead")}),
        ({"roles": "lead"}, {("RX1", "strategy_lead")}),
        ({"roles": ["Lead", "leads", None, 7, {"x": "lead"}, ["lead"]]}, set()),
        ({"roles": {"lead": True}}, set()),
        ({}, set()),
    ],
)
def test_a_value_of_a_claim_gives_a_role(claims: dict[str, Any], given: set[tuple[str, str]]) -> None:
    rules = '[{"when": "lead", "organisation": "RX1", "role": "strategy_lead"}]'
    assert provider(rules).roles_in(claims) == given


def test_one_value_may_give_roles_at_several_organisations() -> None:
    rules = (
        '[{"when": "a", "organisation": "RX1", "role": "reader"},'
        ' {"when": "a", "organisation": "RX2", "role": "reader"}]'
    )
    assert provider(rules).roles_in({"roles": ["a"]}) == {("RX1", "reader"), ("RX2", "reader")}


def test_a_claim_inside_another_is_found() -> None:
    rules = '[{"when": "a", "organisation": "RX1", "role": "reader"}]'
    assert provider(rules, "realm_access.roles").roles_in({"realm_access": {"roles": ["a"]}}) == {("RX1", "reader")}
    assert provider(rules, "a.b").roles_in({"a.b": ["a"]}) == {("RX1", "reader")}
    assert provider(rules, "a.b").roles_in({"a": "b"}) == set()


def test_a_value_with_fields_gives_what_they_say() -> None:
    rules = '[{"when": {"job": "R8000"}, "organisation_from": "org", "role": "executive"}]'
    claims = {"roles": [{"job": "R8000", "org": "RX1"}, {"job": "R1", "org": "RX2"}, {"job": "R8000"}, "R8000"]}
    assert provider(rules).roles_in(claims) == {("RX1", "executive"), ("", "executive")}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "has to be a JSON list of rules"),
        ("{}", "has to be a JSON list of rules"),
        ('["x"]', "Rule 1: "),
        ('[{"organisation": "RX1", "role": "reader"}]', "Rule 1: "),
        ('[{"when": "", "organisation": "RX1", "role": "reader"}]', "Rule 1: "),
        ('[{"when": "a", "organisation": 7, "role": "reader"}]', "Rule 1: "),
        ('[{"when": {"a": 1}, "organisation": "RX1", "role": "reader"}]', "Rule 1: "),
        ('[{"when": "a", "organisation": "RX1", "role": "reader", "and": "x"}]', "Rule 1: "),
        ('[{"when": "a", "role": "reader"}]', "either 'organisation' or 'organisation_from'"),
        ('[{"when": "a", "organisation": "RX1"}]', "either 'role' or 'role_from'"),
        (
            '[{"when": {"a": "b"}, "organisation": "R", "organisation_from": "o", "role": "reader"}]',
            "either 'organisation'",
        ),
        (
            '[{"when": "a", "organisation_from": "o", "role": "reader"}]',
            "takes fields from a value that it says is a text",
        ),
    ],
)
def test_a_rule_that_cannot_be_meant_stops_the_start_and_says_which_it_is(text: str, says: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=re.escape(says)):
        read_rules(text)


@pytest.mark.parametrize("text", ["[]", "x", '{"acr_values": 2}'])
def test_parameters_are_texts_by_name(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="has to be a JSON object of texts"):
        read_parameters(text)


@pytest.mark.parametrize("name", ["state", "nonce", "redirect_uri", "scope", "code_challenge"])
def test_parameters_do_not_take_the_place_of_what_makes_it_safe(name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="the service sets them"):
        read_parameters(f'{{"{name}": "x"}}')
    assert read_parameters('{"prompt": "login"}') == {"prompt": "login"}
    assert read_parameters("") == {}


@pytest.mark.parametrize(
    ("claims", "more", "vouched"),
    [
        ({"email_verified": True}, {}, True),
        ({"email_verified": "true"}, {}, True),
        ({"email_verified": 1}, {}, True),
        ({"email_verified": False}, {}, False),
        ({"email_verified": "false"}, {}, False),
        ({"email_verified": ["true"]}, {}, False),
        ({}, {}, False),
        ({"xms_edov": "1"}, {"email_verified_claim": "xms_edov"}, True),
        ({"email_verified": True}, {"email_verified_claim": "xms_edov"}, False),
        ({}, {"verified_email_domains": ("nhs.net",)}, True),
        ({}, {"verified_email_domains": ("net",)}, False),
        ({}, {"verified_email_domains": ("evil-nhs.net",)}, False),
    ],
)
def test_who_vouches_for_an_address(claims: dict[str, Any], more: dict[str, Any], vouched: bool) -> None:
    assert provider(**more).vouches_for("ada@nhs.net", claims) is vouched


def test_an_address_that_only_ends_like_a_trusted_one_is_not_trusted() -> None:
    trusting = provider(verified_email_domains=("nhs.net",))
    assert not trusting.vouches_for("ada@evil-nhs.net", {})
    assert not trusting.vouches_for("ada@nhs.net.evil.example", {})
    assert trusting.vouches_for("ada@NHS.net", {})


def test_the_example_for_cis2_reads_its_roles() -> None:
    given = example("NHS CIS2")
    claims = {
        "nhsid_nrbac_roles": [
            {"org_code": "RX1", "role_code": "S0010:G0020:R8008", "role_name": "Admin"},
            {"org_code": "RX2", "role_code": "S8000:G8000:R8000", "role_name": "Clinical"},
        ]
    }
    found = provider(given["OIDC_ROLES"], given["OIDC_ROLES_CLAIM"]).roles_in(claims)
    assert found == {("RX1", "reader")}
    assert "nationalrbacaccess" in given["OIDC_SCOPES"].split()
    assert read_parameters(given["OIDC_PARAMETERS"])


def test_the_example_for_entra_reads_its_roles() -> None:
    given = example("Microsoft Entra ID")
    claims = {"roles": ["triage.lead"], "xms_edov": True}
    entra = provider(
        given["OIDC_ROLES"], given["OIDC_ROLES_CLAIM"], email_verified_claim=given["OIDC_EMAIL_VERIFIED_CLAIM"]
    )
    assert entra.roles_in(claims) == {("RX1", "strategy_lead")}
    assert entra.vouches_for("ada@example.org", claims)
