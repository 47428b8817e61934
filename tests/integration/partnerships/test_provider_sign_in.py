"""Signing in through an OpenID provider, which runs for real: the good way, and every way in which it goes wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from config.logs import hide_secrets
from partnerships.actions.grants import write_grant
from partnerships.actions.invitations import invite, withdraw
from partnerships.models import AccessGrant, AccessInvitation, Deed, DeedKind, Organisation, Person, Role
from partnerships.sign_in.identity_provider import IdentityProvider, RoleRule
from tests.factories import PASSWORD, OrganisationFactory, PersonFactory, in_role, organisation_with_people
from tests.openid_provider import CLIENT, KEY, SECRET, STRANGERS_KEY, OpenIDProvider, running

pytestmark = pytest.mark.django_db
START = "/accounts/oidc/login/"
BACK = "/accounts/oidc/login/callback/"
ADA = {"email": "ada@example.org", "email_verified": True, "name": "Ada Shah"}


@pytest.fixture(scope="module")
def one_provider() -> Iterator[OpenIDProvider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(one_provider: OpenIDProvider, settings: Any) -> OpenIDProvider:
    one_provider.honest()
    one_provider.people = {"ada": dict(ADA)}
    settings.PASSWORD_SIGN_IN = False
    settings.OIDC = IdentityProvider("Fernshire ID", one_provider.issuer, CLIENT, SECRET)
    cache.clear()
    return one_provider


@pytest.fixture
def ada(provider: OpenIDProvider) -> Person:
    return PersonFactory.create(email="ada@example.org")


def words(page: Any) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split()))


def answer_for(client: Client, who: str = "ada", start: str = START) -> str:
    """What the provider sends the browser back to with, once somebody has said there who they are."""
    asked = client.get(start)
    assert asked.status_code == 302, asked.status_code
    said = requests.post(asked["Location"], data={"who": who}, allow_redirects=False, timeout=10)
    address = urlsplit(said.headers["Location"])
    assert address.path == BACK
    return f"{address.path}?{address.query}"


def sign_in(client: Client | None = None, who: str = "ada", start: str = START) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.get(answer_for(client, who, start))


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/").status_code == 200


def roles_of(person: Person) -> set[tuple[str, str]]:
    return {(grant.organisation.code, grant.role) for grant in person.access_grants.current()}


# --- The good way


def test_the_way_in(provider: OpenIDProvider, ada: Person) -> None:
    client, answer = sign_in(start=f"{START}?next=/accounts/sessions/")
    assert answer["Location"] == "/accounts/sessions/"
    assert client.get("/accounts/").context["user"] == ada
    assert SocialAccount.objects.get(user=ada).uid == "ada"


def test_what_is_asked_of_the_provider(provider: OpenIDProvider) -> None:
    asked = parse_qs(urlsplit(Client().get(START)["Location"]).query)
    assert asked["response_type"] == ["code"]
    assert asked["client_id"] == [CLIENT]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert len(asked["nonce"][0]) == 43
    assert asked["redirect_uri"] == [f"http://testserver{BACK}"]


def test_the_first_address_cannot_change_what_is_asked(provider: OpenIDProvider) -> None:
    address = f"{START}?scope=everything&auth_params=nonce%3Dmine%26redirect_uri%3Dhttps://evil.example&process=connect"
    asked = parse_qs(urlsplit(Client().get(address)["Location"]).query)
    assert "everything" not in asked["scope"][0]
    assert asked["nonce"] != ["mine"]
    assert asked["redirect_uri"] == [f"http://testserver{BACK}"]


def test_the_way_back_leads_to_no_other_site(provider: OpenIDProvider, ada: Person) -> None:
    _, answer = sign_in(start=f"{START}?next=https://evil.example/")
    assert answer["Location"] == "/"


def test_another_site_starts_no_sign_in(provider: OpenIDProvider) -> None:
    answer = Client().get(START, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer["Location"] == "/accounts/login/"
    assert Client().get(START, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302


def test_signing_in_begins_a_session_with_another_key(provider: OpenIDProvider, ada: Person) -> None:
    client = Client()
    answer = answer_for(client)
    before = client.session.session_key
    client.get(answer)
    assert client.session.session_key != before


def test_nothing_that_the_provider_sent_is_kept(provider: OpenIDProvider, ada: Person) -> None:
    client, _ = sign_in()
    assert SocialAccount.objects.get(user=ada).extra_data == {}
    assert not SocialToken.objects.exists()
    kept = str(dict(client.session))
    assert provider.seen_secrets
    assert not [secret for secret in provider.seen_secrets if secret in kept]


def test_a_provider_with_one_key_need_not_name_it(provider: OpenIDProvider, ada: Person) -> None:
    provider.kid = None
    client, _ = sign_in()
    assert is_signed_in(client)


# --- With a provider there are no passwords


def test_no_password_is_asked_for_or_taken(provider: OpenIDProvider, ada: Person) -> None:
    page = Client().get("/accounts/login/?next=/o/T1/")
    assert "Sign in with Fernshire ID" in words(page)
    assert f'href="{START}?next=%2Fo%2FT1%2F"' in page.content.decode()
    assert "password" not in page.content.decode().lower()
    client = Client()
    refused = client.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})
    assert refused.status_code == 403
    assert "No passwords are used here." in words(refused)
    for address in ("password/reset/", "password/change/", "reauthenticate/", "second-step/set-up/"):
        assert client.get(f"/accounts/{address}").status_code == 404
    assert not is_signed_in(client)


def test_passwords_can_be_kept_for_when_the_provider_is_down(
    provider: OpenIDProvider, ada: Person, settings: Any
) -> None:
    settings.PASSWORD_SIGN_IN = True
    page = words(Client().get("/accounts/login/"))
    assert "Sign in with Fernshire ID" in page
    assert "for when Fernshire ID does not answer" in page
    assert Client().post("/accounts/login/", {"login": ada.email, "password": PASSWORD}).status_code == 302


def test_a_password_there_was_is_not_wiped_by_signing_in_through_the_provider(
    provider: OpenIDProvider, ada: Person
) -> None:
    sign_in()
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_the_second_step_is_the_providers(provider: OpenIDProvider, settings: Any) -> None:
    settings.MFA_REQUIRED_FOR = ["strategy_lead"]
    organisation, lead, _ = organisation_with_people()
    provider.people["lead"] = {"email": lead.email, "email_verified": True}
    client, _ = sign_in(who="lead")
    assert client.get(f"/o/{organisation.code}/partnerships/").status_code == 200


def test_without_a_provider_its_pages_do_not_exist(settings: Any) -> None:
    settings.OIDC = None
    for address in (START, BACK, "/accounts/oidc/sign-out/", "/accounts/signed-out/"):
        assert Client().get(address).status_code == 404


# --- What goes wrong, each with its page


def test_cancelled(provider: OpenIDProvider) -> None:
    client, page = sign_in(who="")
    assert "You are not signed in" in words(page)
    assert "Start again when you are ready." in words(page)
    assert not is_signed_in(client)


def test_an_error_of_the_provider(provider: OpenIDProvider) -> None:
    provider.says_error = "server_error"
    _, page = sign_in()
    assert page.status_code == 400
    assert "Fernshire ID could not sign you in" in words(page)


def test_the_state_of_another_browser(provider: OpenIDProvider, ada: Person) -> None:
    answer = answer_for(Client())
    client = Client()
    page = client.get(answer)
    assert page.status_code == 400
    assert "in another browser" in words(page)
    assert not is_signed_in(client)


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x", "?code=x&state=x", "?error=access_denied"])
def test_an_answer_to_nothing(provider: OpenIDProvider, query: str) -> None:
    page = Client().get(f"{BACK}{query}")
    assert page.status_code == 400
    assert "This sign-in cannot be finished" in words(page)


def test_an_answer_used_again(provider: OpenIDProvider, ada: Person) -> None:
    client = Client()
    answer = answer_for(client)
    client.get(answer)
    client.post("/accounts/logout/")
    page = client.get(answer)
    assert "This sign-in cannot be finished" in words(page)
    assert not is_signed_in(client)


def test_a_code_used_again_in_a_sign_in_of_ones_own(provider: OpenIDProvider, ada: Person) -> None:
    first = Client()
    answer = answer_for(first)
    used = parse_qs(urlsplit(answer).query)["code"][0]
    first.get(answer)
    thief = Client()
    state = parse_qs(urlsplit(answer_for(thief)).query)["state"][0]
    page = thief.get(f"{BACK}?code={used}&state={state}")
    assert page.status_code == 400
    assert "says that its answer has been used already" in words(page)
    assert not is_signed_in(thief)


def test_a_stolen_code_that_was_not_used_fails_the_proof_of_who_asked(provider: OpenIDProvider, ada: Person) -> None:
    stolen = parse_qs(urlsplit(answer_for(Client())).query)["code"][0]
    thief = Client()
    state = parse_qs(urlsplit(answer_for(thief)).query)["state"][0]
    page = thief.get(f"{BACK}?code={stolen}&state={state}")
    assert page.status_code == 400
    assert not is_signed_in(thief)


def lie(**claims: Any) -> Any:
    return lambda true: {name: value for name, value in {**true, **claims}.items() if value is not None}


@pytest.mark.parametrize(
    ("name", "lies"),
    [
        ("the audience of another service", lie(aud="another")),
        ("another service beside us", lie(aud=[CLIENT, "another"])),
        ("made for another party", lie(azp="another")),
        ("no audience", lie(aud=None)),
        ("the nonce of another sign-in", lie(nonce="another")),
        ("no nonce", lie(nonce=None)),
        ("over since an hour", lambda true: {**true, "exp": true["exp"] - 3600}),
        ("without an end", lie(exp=None)),
        ("of tomorrow", lambda true: {**true, "iat": true["iat"] + 86400}),
        ("another issuer", lie(iss="https://evil.example")),
        ("nobody", lie(sub=None)),
        ("a number for a name", lie(sub=7)),
    ],
)
def test_an_id_token_that_says_what_is_not_so(provider: OpenIDProvider, ada: Person, name: str, lies: Any) -> None:
    provider.lies = lies
    client, page = sign_in()
    assert page.status_code == 400, name
    assert "We could not trust the answer" in words(page)
    assert not is_signed_in(client)


def test_a_forged_signature(provider: OpenIDProvider, ada: Person) -> None:
    provider.sign_with = STRANGERS_KEY
    client, page = sign_in()
    assert "We could not trust the answer" in words(page)
    assert not is_signed_in(client)


def made_by_hand(algorithm: str, key: bytes) -> Any:
    """A token with a signature that a library would refuse to make."""

    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    def make(claims: dict[str, Any]) -> str:
        text = f"{part({'alg': algorithm, 'kid': 'signing'})}.{part(claims)}"
        signature = hmac.new(key, text.encode(), hashlib.sha256).digest() if key else b""
        return f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"

    return make


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [("HS256", SECRET.encode()), ("HS256", KEY.as_pem(private=False)), ("none", b""), ("ES256", b"x"), ("RS999", b"x")],
    ids=["the secret we share", "the provider's public key", "no signature", "another kind of key", "no such kind"],
)
def test_a_signature_that_others_can_make_too(
    provider: OpenIDProvider, ada: Person, algorithm: str, key: bytes
) -> None:
    provider.by_hand = made_by_hand(algorithm, key)
    client, page = sign_in()
    assert page.status_code == 400
    assert "We could not trust the answer" in words(page)
    assert not is_signed_in(client)


def test_a_key_that_the_provider_does_not_have(provider: OpenIDProvider, ada: Person) -> None:
    provider.kid = "another"
    _, page = sign_in()
    assert "We could not trust the answer" in words(page)


def test_no_id_token_at_all(provider: OpenIDProvider, ada: Person) -> None:
    provider.without_id_token = True
    client, page = sign_in()
    assert "We could not trust the answer" in words(page)
    assert not is_signed_in(client)


def test_userinfo_of_somebody_else(provider: OpenIDProvider, ada: Person) -> None:
    provider.userinfo_of = "bo"
    client, page = sign_in()
    assert "We could not trust the answer" in words(page)
    assert not is_signed_in(client)


@pytest.mark.parametrize("page", ["token", "userinfo"])
def test_who_somebody_is_is_asked_at_no_other_address(provider: OpenIDProvider, ada: Person, page: str) -> None:
    provider.leads_on = page
    client, answer = sign_in()
    assert provider.led_on == 0
    assert answer.status_code >= 400
    assert not is_signed_in(client)


def test_a_refused_answer_marks_nothing_of_the_account(provider: OpenIDProvider, ada: Person) -> None:
    sign_in()
    before = SocialAccount.objects.get(user=ada).last_login
    provider.lies = lie(nonce="another")
    sign_in()
    assert SocialAccount.objects.get(user=ada).last_login == before


@pytest.mark.parametrize("verified", [False, None, "no", "false", 0])
def test_an_address_that_nobody_checked(provider: OpenIDProvider, ada: Person, verified: Any) -> None:
    provider.people["ada"]["email_verified"] = verified
    client, page = sign_in()
    assert page.status_code == 403
    assert "Your email address is not confirmed" in words(page)
    assert "have your address confirmed at Fernshire ID" in words(page)
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_who_is_refused_for_an_address_that_nobody_checked_is_on_the_record(
    provider: OpenIDProvider, ada: Person
) -> None:
    organisation = OrganisationFactory.create()
    AccessGrant.objects.create(organisation=organisation, person=ada, role=Role.EXECUTIVE)
    provider.people["ada"] |= {"email": "ADA@example.org", "email_verified": False}
    sign_in()
    assert failures() == [(organisation, ada, "refused, though the sign-in provider let them in")]


def test_who_is_known_by_an_earlier_sign_in_is_on_the_record_without_an_address(
    provider: OpenIDProvider, ada: Person
) -> None:
    organisation = OrganisationFactory.create()
    AccessGrant.objects.create(organisation=organisation, person=ada, role=Role.EXECUTIVE)
    sign_in()
    provider.people["ada"]["email"] = None
    sign_in()
    assert [(at, who) for at, who, _ in failures()] == [(organisation, ada)]


@pytest.mark.parametrize("email", ["bo@example.org", "\0@example.org", ["ada@example.org"]])
def test_where_no_account_is_known_a_refusal_is_on_nobodys_record(
    provider: OpenIDProvider, ada: Person, email: Any
) -> None:
    AccessGrant.objects.create(organisation=OrganisationFactory.create(), person=ada, role=Role.EXECUTIVE)
    provider.people["ada"] |= {"email": email, "email_verified": False}
    _, page = sign_in()
    assert page.status_code == 403
    assert failures() == []


def failures() -> list[tuple[Organisation | None, Person | None, str]]:
    found = Deed.objects.filter(kind=DeedKind.SIGN_IN_FAILED)
    return [(deed.organisation, deed.person, deed.what) for deed in found]


ODD = [5, 1.5, True, ["@"], ["ada@example.org", "@"], {"@": "ada@example.org"}, [["@"]]]


@pytest.mark.parametrize("email", [None, "", "ada", "\0@example.org", {"x": 1}, *ODD], ids=repr)
def test_no_address(provider: OpenIDProvider, email: Any) -> None:
    provider.people["ada"]["email"] = email
    client, page = sign_in()
    assert "We do not know your email address" in words(page)
    assert not is_signed_in(client)


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_odd_claims_beside_the_address_are_as_good_as_not_there(
    provider: OpenIDProvider, settings: Any, odd: Any
) -> None:
    OrganisationFactory.create(code="RX1")
    rules = (RoleRule("readers", organisation="RX1", role="reader"),)
    settings.OIDC = replace(settings.OIDC, roles_claim="groups", rules=rules)
    names = ("name", "given_name", "family_name", "preferred_username", "picture", "user_id", "locale")
    provider.people["bo"] = {"email": "bo@example.org", "email_verified": True, "groups": ["readers", odd]}
    provider.people["bo"] |= dict.fromkeys(names, odd)
    client, answer = sign_in(who="bo")
    assert (answer.status_code, is_signed_in(client)) == (302, True)
    assert Person.objects.get(email="bo@example.org").name == "bo@example.org"


def test_a_name_that_the_database_would_not_take_is_shown_as_far_as_it_goes(
    provider: OpenIDProvider, settings: Any
) -> None:
    OrganisationFactory.create(code="RX1")
    when = {"kind": "role"}
    rules = (RoleRule(when, organisation_from="at", role_from="as"),)
    settings.OIDC = replace(settings.OIDC, roles_claim="groups", rules=rules)
    given = [{"kind": "role", "at": "RX1", "as": "reader"}, {"kind": "role", "at": "RX\0", "as": "\0"}]
    provider.people["bo"] = {"email": "bo@example.org", "email_verified": True, "name": "B\0o", "groups": given}
    client, _ = sign_in(who="bo")
    assert is_signed_in(client)
    assert Person.objects.get(email="bo@example.org").name == "Bo"


@pytest.mark.parametrize("subject", ["", "a\0b", "s" * 192, 5, ["ada"], None], ids=repr)
def test_a_subject_that_is_none(provider: OpenIDProvider, ada: Person, subject: Any) -> None:
    provider.lies = lie(sub=subject)
    client, page = sign_in()
    assert page.status_code == 400
    assert "We could not trust the answer" in words(page)
    assert not is_signed_in(client)


LOOK_ALIKES = {
    "long s": ("\u017fam@example.org", "sam@example.org"),
    "dotless i": ("k\u0131m@example.org", "kim@example.org"),
    "Kelvin sign": ("\u212aim@example.org", "kim@example.org"),
    "accent": ("s\u00e1m@example.org", "sam@example.org"),
    "in the domain": ("sam@\u0435xample.org", "sam@example.org"),
}


@pytest.mark.parametrize("what", LOOK_ALIKES)
def test_an_address_that_only_looks_like_somebodys_opens_nothing(
    provider: OpenIDProvider, settings: Any, what: str
) -> None:
    """The database takes some of these letters for ours, and Python others: none of them is."""
    like, true = LOOK_ALIKES[what]
    PersonFactory.create(email=true)
    OrganisationFactory.create(code="RX1")
    rules = (RoleRule("readers", organisation="RX1", role="reader"),)
    settings.OIDC = replace(settings.OIDC, roles_claim="groups", rules=rules)
    provider.people["mallory"] = {"email": like, "email_verified": True, "name": "Mallory", "groups": ["readers"]}
    client, page = sign_in(who="mallory")
    assert page.status_code == 403
    assert "We do not know your email address" in words(page)
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()
    assert [person.email for person in Person.objects.all()] == [true]


def test_an_account_that_only_looks_like_the_address_is_not_taken_for_it(provider: OpenIDProvider) -> None:
    """One may be there from before such addresses were refused."""
    PersonFactory.create(email="\u017fam@example.org")
    provider.people["sam"] = {"email": "sam@example.org", "email_verified": True, "name": "Sam"}
    client, page = sign_in(who="sam")
    assert "You have no access yet" in words(page)
    sam = PersonFactory.create(email="sam@example.org")
    client, _ = sign_in(who="sam")
    assert client.get("/accounts/").context["user"] == sam


def test_the_provider_is_down_at_the_start(provider: OpenIDProvider, settings: Any) -> None:
    settings.OIDC = IdentityProvider("Fernshire ID", "http://127.0.0.1:9", CLIENT, SECRET)
    page = Client().get(START)
    assert page.status_code == 503
    assert "Fernshire ID does not answer" in words(page)
    assert "Try again in a few minutes." in words(page)


def test_the_provider_goes_down_on_the_way(provider: OpenIDProvider, ada: Person, settings: Any) -> None:
    client = Client()
    answer = answer_for(client)
    settings.OIDC = IdentityProvider("Fernshire ID", "http://127.0.0.1:9", CLIENT, SECRET)
    page = client.get(answer)
    assert page.status_code == 503
    assert "Fernshire ID does not answer" in words(page)


def test_a_provider_that_calls_itself_otherwise(provider: OpenIDProvider) -> None:
    provider.issuer_it_names = "https://evil.example"
    assert Client().get(START).status_code == 503


def test_a_wrong_secret_of_ours(provider: OpenIDProvider, ada: Person, settings: Any) -> None:
    settings.OIDC = IdentityProvider("Fernshire ID", provider.issuer, CLIENT, "wrong")
    client, page = sign_in()
    assert page.status_code == 400
    assert not is_signed_in(client)


def test_starting_over_and_over_is_limited(provider: OpenIDProvider, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "start_at_provider": "3/m/ip"}
    answers = [Client().get(START).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]


# --- Who it is


def test_somebody_new_without_a_role_gets_no_account(provider: OpenIDProvider) -> None:
    client, page = sign_in()
    assert page.status_code == 403
    assert "You have no access yet" in words(page)
    assert not Person.objects.exists()
    assert not is_signed_in(client)


def test_an_address_in_other_letters_is_the_same(provider: OpenIDProvider, ada: Person) -> None:
    provider.people["ada"]["email"] = "Ada@Example.ORG"
    client, _ = sign_in()
    assert client.get("/accounts/").context["user"] == ada


def test_an_address_that_passed_to_somebody_else_opens_nothing(provider: OpenIDProvider, ada: Person) -> None:
    sign_in()
    provider.people["successor"] = dict(ADA)
    client, page = sign_in(who="successor")
    assert "Your email address belongs to another account" in words(page)
    assert not is_signed_in(client)


def test_who_changes_their_address_there_stays_who_they_are(provider: OpenIDProvider, ada: Person) -> None:
    sign_in()
    provider.people["ada"]["email"] = "ada.married@example.org"
    client, _ = sign_in()
    assert client.get("/accounts/").context["user"] == ada


def test_an_account_that_is_switched_off_stays_out(provider: OpenIDProvider, ada: Person) -> None:
    ada.is_active = False
    ada.save()
    client, answer = sign_in()
    assert answer["Location"] == "/accounts/inactive/"
    assert not is_signed_in(client)


def test_signing_in_as_another_person_ends_the_first_ones_session(provider: OpenIDProvider, ada: Person) -> None:
    other = PersonFactory.create(email="bo@example.org")
    provider.people["bo"] = {"email": other.email, "email_verified": True}
    client, _ = sign_in()
    key = client.session.session_key
    sign_in(client, who="bo")
    assert client.get("/accounts/").context["user"] == other
    assert client.session.session_key != key


# --- Which roles they have


@pytest.fixture
def mapped(provider: OpenIDProvider, settings: Any) -> Organisation:
    organisation = OrganisationFactory.create(code="RX1")
    settings.OIDC = IdentityProvider(
        "Fernshire ID",
        provider.issuer,
        CLIENT,
        SECRET,
        roles_claim="groups",
        rules=(
            RoleRule("executives", organisation="RX1", role="executive"),
            RoleRule("administrators", organisation="RX1", role="administrator"),
            RoleRule("elsewhere", organisation="NONE", role="executive"),
            RoleRule("kings", organisation="RX1", role="king"),
        ),
    )
    return organisation


def test_somebody_new_is_made_with_the_roles_of_their_claims(provider: OpenIDProvider, mapped: Organisation) -> None:
    provider.people["ada"]["groups"] = ["executives", "unknown"]
    client, _ = sign_in()
    ada = Person.objects.get()
    assert (ada.email, ada.name) == ("ada@example.org", "Ada Shah")
    assert not ada.has_usable_password()
    assert roles_of(ada) == {("RX1", "executive")}
    assert AccessGrant.objects.get().from_claims
    assert client.get("/o/RX1/partnerships/").status_code == 200


def test_roles_come_and_go_with_the_claims_at_each_sign_in(
    provider: OpenIDProvider, mapped: Organisation, ada: Person
) -> None:
    AccessGrant.objects.create(organisation=mapped, person=PersonFactory.create(), role=Role.ADMINISTRATOR)
    provider.people["ada"]["groups"] = ["executives", "administrators"]
    sign_in()
    assert roles_of(ada) == {("RX1", "executive"), ("RX1", "administrator")}
    provider.people["ada"]["groups"] = "executives"
    sign_in()
    assert roles_of(ada) == {("RX1", "executive")}
    provider.people["ada"]["groups"] = []
    sign_in()
    assert roles_of(ada) == set()
    provider.people["ada"]["groups"] = ["executives"]
    sign_in()
    assert roles_of(ada) == {("RX1", "executive")}


def test_what_an_administrator_gave_stays(provider: OpenIDProvider, mapped: Organisation, ada: Person) -> None:
    AccessGrant.objects.create(organisation=mapped, person=ada, role=Role.READER)
    AccessGrant.objects.create(organisation=mapped, person=ada, role=Role.EXECUTIVE)
    provider.people["ada"]["groups"] = ["executives"]
    sign_in()
    provider.people["ada"]["groups"] = []
    sign_in()
    assert roles_of(ada) == {("RX1", "reader"), ("RX1", "executive")}


def test_the_last_administrator_stays_whatever_the_claims_say(
    provider: OpenIDProvider, mapped: Organisation, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    provider.people["ada"]["groups"] = ["administrators"]
    sign_in()
    provider.people["ada"]["groups"] = []
    client, _ = sign_in()
    assert roles_of(ada) == {("RX1", "administrator")}
    assert is_signed_in(client)
    assert "the last administrator stays" in caplog.text


def test_unknown_organisations_and_roles_are_logged_and_ignored(
    provider: OpenIDProvider, mapped: Organisation, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    provider.people["ada"]["groups"] = ["elsewhere", "kings", "executives"]
    sign_in()
    assert roles_of(ada) == {("RX1", "executive")}
    ignored = [record.msg for record in caplog.records if "claim_ignored" in str(record.msg)]
    assert len(ignored) == 2
    assert "NONE" in str(ignored)
    assert "king" in str(ignored)


def test_somebody_who_is_refused_is_given_nothing(provider: OpenIDProvider, mapped: Organisation, ada: Person) -> None:
    provider.people["ada"] |= {"groups": ["executives"], "email_verified": False}
    sign_in()
    assert roles_of(ada) == set()


def test_an_account_that_is_switched_off_is_given_nothing(
    provider: OpenIDProvider, mapped: Organisation, ada: Person
) -> None:
    Person.objects.update(is_active=False)
    provider.people["ada"]["groups"] = ["executives"]
    sign_in()
    assert not AccessGrant.objects.exists()


def test_pages_say_which_roles_came_from_the_provider(provider: OpenIDProvider, mapped: Organisation) -> None:
    provider.people["ada"]["groups"] = ["executives", "administrators"]
    client, _ = sign_in()
    assert "Administrator (from Fernshire ID), Executive (from Fernshire ID)" in words(client.get("/accounts/"))
    assert "No end date, from Fernshire ID" in words(client.get("/o/RX1/people/"))
    person = Person.objects.get()
    changing = words(client.get(f"/o/RX1/people/{person.pk}/"))
    assert "A role that comes from Fernshire ID follows it at each sign-in" in changing


def test_removing_somebody_whose_role_the_provider_gives_says_that_they_can_come_back(
    provider: OpenIDProvider, mapped: Organisation
) -> None:
    provider.people["ada"]["groups"] = ["executives"]
    sign_in()
    ada = Person.objects.get()
    colleague = in_role(mapped, Role.EXECUTIVE)
    desk = Client()
    desk.force_login(in_role(mapped, Role.ADMINISTRATOR))
    warned = desk.get(f"/o/{mapped.code}/people/{ada.pk}/remove/").content.decode()
    assert "gives it again when they next sign in" in warned
    plain = desk.get(f"/o/{mapped.code}/people/{colleague.pk}/remove/").content.decode()
    assert "gives it again" not in plain


def test_what_is_changed_by_hand_follows_claims_no_more(provider: OpenIDProvider, mapped: Organisation) -> None:
    provider.people["ada"]["groups"] = ["executives"]
    sign_in()
    grant = AccessGrant.objects.get()
    tomorrow = timezone.localdate() + timedelta(days=1)
    write_grant(organisation=mapped, person=grant.person, role=Role.EXECUTIVE, last_day=tomorrow, by=None)
    provider.people["ada"]["groups"] = []
    sign_in()
    assert roles_of(grant.person) == {("RX1", "executive")}


# --- People who were invited


def invited(organisation: Organisation, email: str) -> tuple[Client, str]:
    """A browser that has opened an invitation's link, and the page it came to."""
    administrator = PersonFactory.create()
    AccessGrant.objects.create(organisation=organisation, person=administrator, role=Role.ADMINISTRATOR)
    link = invite(organisation=organisation, email=email, roles=[Role.READER], last_day=None, by=administrator)
    client = Client()
    return client, words(client.get(f"/invitations/{link.secret}/", follow=True))


def test_an_invitation_lets_somebody_new_in_through_the_provider(provider: OpenIDProvider) -> None:
    client, page = invited(OrganisationFactory.create(code="RX1"), "ada@example.org")
    assert "Sign in with Fernshire ID, and you come back here to accept." in page
    assert "password" not in page.lower()
    _, answer = sign_in(client, start=f"{START}?next=/invitations/")
    assert answer["Location"] == "/invitations/"
    assert "Accept the invitation" in words(client.get("/invitations/"))
    client.post("/invitations/")
    assert roles_of(Person.objects.get(email="ada@example.org")) == {("RX1", "reader")}


def test_an_invitation_of_another_lets_nobody_in(provider: OpenIDProvider) -> None:
    client, _ = invited(OrganisationFactory.create(code="RX1"), "bo@example.org")
    _, page = sign_in(client)
    assert "You have no access yet" in words(page)
    assert not Person.objects.filter(email="ada@example.org").exists()


def test_an_invitation_that_is_withdrawn_lets_nobody_in(provider: OpenIDProvider) -> None:
    client, _ = invited(OrganisationFactory.create(code="RX1"), "ada@example.org")
    invitation = AccessInvitation.objects.get()
    withdraw(invitation=invitation, by=invitation.invited_by)
    _, page = sign_in(client)
    assert "You have no access yet" in words(page)


def test_whoever_made_an_account_in_an_addresss_name_loses_it_to_whoever_proves_the_address(
    provider: OpenIDProvider, ada: Person
) -> None:
    EmailAddress.objects.create(user=ada, email=ada.email, primary=True, verified=False)
    Authenticator.objects.create(user=ada, type=Authenticator.Type.TOTP, data={"secret": "x"})
    impostor = Client()
    impostor.force_login(ada)
    client, _ = sign_in()
    assert is_signed_in(client)
    assert not is_signed_in(impostor)
    ada.refresh_from_db()
    assert not ada.has_usable_password()
    assert not Authenticator.objects.exists()
    assert EmailAddress.objects.get().verified


# --- The way out


def test_signing_out_says_that_the_provider_is_another_matter(provider: OpenIDProvider, ada: Person) -> None:
    client, _ = sign_in()
    page = client.post("/accounts/logout/", follow=True)
    assert "You may still be signed in at Fernshire ID" in words(page)
    assert not is_signed_in(client)
    there = client.get("/accounts/oidc/sign-out/")["Location"]
    assert there.startswith(
        f"{provider.issuer}/end?client_id={CLIENT}&post_logout_redirect_uri=http%3A%2F%2Ftestserver"
    )
    assert "Signed out of the test provider" in requests.get(there, timeout=10).text


def test_signing_out_there_while_it_is_down(provider: OpenIDProvider, settings: Any) -> None:
    settings.OIDC = IdentityProvider("Fernshire ID", "http://127.0.0.1:9", CLIENT, SECRET)
    page = words(Client().get("/accounts/oidc/sign-out/"))
    assert "Fernshire ID was not told" in page
    assert "close the browser" in page


# --- What is logged


def test_no_secret_is_logged_on_any_way(
    provider: OpenIDProvider, ada: Person, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    client = Client()
    answer = answer_for(client)
    client.get(answer)
    provider.lies = lie(nonce="another")
    sign_in()
    thief = Client()
    state = parse_qs(urlsplit(answer_for(thief)).query)["state"][0]
    code = parse_qs(urlsplit(answer).query)["code"][0]
    thief.get(f"{BACK}?code={code}&state={state}")
    ours = [record for record in caplog.records if not record.name.startswith(("urllib3", "werkzeug"))]
    logged = " ".join(
        str(hide_secrets(None, "", record.msg if isinstance(record.msg, dict) else {})) for record in ours
    )
    logged += capfd.readouterr().err
    assert "sign_in_failed" in logged
    secrets = [*provider.seen_secrets, SECRET, state]
    assert len(secrets) > 6
    assert not [secret for secret in secrets if secret in logged]
