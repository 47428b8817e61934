"""The second step of signing in: who needs it, setting it up, using it, and doing without the phone."""

from __future__ import annotations

import html
import re
import time
from typing import Any

import pytest
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import InvalidToken
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory

from partnerships.actions.grants import change_roles
from partnerships.actions.invitations import invite
from partnerships.actions.sessions import where_signed_in
from partnerships.models import AccessGrant, Deed, DeedKind, Organisation, Person, Role
from partnerships.sign_in.second_step import SecondStepAdapter
from partnerships.sign_in.tries import APP, FAILED
from tests.authenticator_app import code_before, code_for
from tests.factories import PASSWORD, PersonFactory, organisation_with_people

pytestmark = pytest.mark.django_db
SET_UP = "/accounts/second-step/set-up/"
CODE = "/accounts/second-step/code/"
CODES = "/accounts/recovery-codes/"
REFUSED = "This code is not right, or it has been used."


@pytest.fixture(autouse=True)
def nothing_counted(db: None) -> None:
    cache.clear()


@pytest.fixture
def people(settings: Any) -> tuple[Organisation, Person, Person]:
    settings.MFA_REQUIRED_FOR = ["administrator", "strategy_lead", "service"]
    return organisation_with_people()


def give_password(person: Person, client: Client | None = None) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})


def set_up(person: Person) -> tuple[str, list[str]]:
    """The key of the app and the recovery codes of somebody who has just set both up."""
    client, _ = give_password(person)
    key = key_on(client.get(SET_UP))
    page = client.post(SET_UP, {"code": code_before(key)}, follow=True)
    client.post("/accounts/logout/")
    return key, recovery_codes_on(page)


def key_on(page: Any) -> str:
    found = re.search(r"Key: <code>([A-Z2-7]+)</code>", page.content.decode())
    assert found
    return found.group(1)


def recovery_codes_on(page: Any) -> list[str]:
    return re.findall(r"<code>(\d{8})</code>", page.content.decode())


def words(page: Any) -> str:
    return html.unescape(" ".join(page.content.decode().split()))


def test_a_strategy_lead_is_led_to_the_set_up_from_every_page_and_then_let_on(
    people: tuple[Organisation, Person, Person],
) -> None:
    organisation, lead, _ = people
    client, answer = give_password(lead)
    assert answer.status_code == 302
    home = f"/o/{organisation.code}/partnerships/"
    assert client.get(home)["Location"] == SET_UP
    assert client.post(f"{home}add/", {"name": "x"})["Location"] == SET_UP
    assert client.get(home, headers={"HX-Request": "true"})["HX-Redirect"] == SET_UP
    page = client.get(SET_UP)
    assert "a password alone is not enough for it" in words(page)
    done = client.post(SET_UP, {"code": code_for(key_on(page))}, follow=True)
    assert done.redirect_chain == [(CODES, 302)]
    assert len(recovery_codes_on(done)) == 10
    assert client.get(home).status_code == 200


def test_setting_it_up_ends_every_session_of_the_password_alone(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, _ = people
    stranger, _ = give_password(lead)
    assert stranger.get(SET_UP).status_code == 200
    owner, _ = give_password(lead)
    owner.post(SET_UP, {"code": code_for(key_on(owner.get(SET_UP)))})
    for page in (f"/o/{organisation.code}/partnerships/export.xlsx", CODES, SET_UP):
        assert stranger.get(page)["Location"].startswith("/accounts/login/"), page
    stranger.post("/accounts/second-step/take-away/")
    assert Authenticator.objects.filter(user=lead, type=Authenticator.Type.TOTP).exists()
    assert owner.get(f"/o/{organisation.code}/partnerships/").status_code == 200
    assert [one.is_this for one in where_signed_in(person=lead, this_session=owner.session.session_key or "")] == [True]


def test_where_setting_it_up_fails_halfway_nobody_is_signed_out(
    people: tuple[Organisation, Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, lead, _ = people
    other, _ = give_password(lead)
    client, _ = give_password(lead)
    key = key_on(client.get(SET_UP))
    monkeypatch.setattr("partnerships.views.account.set_up_second_step.list_session", _fails)
    client.raise_request_exception = False
    assert client.post(SET_UP, {"code": code_for(key)}).status_code == 500
    assert not Authenticator.objects.filter(user=lead).exists()
    assert other.get(SET_UP).status_code == client.get(SET_UP).status_code == 200


def _fails(request: object) -> None:
    raise OSError(request)


def test_who_need_not_have_it_is_let_on_and_may(people: tuple[Organisation, Person, Person]) -> None:
    organisation, _, executive = people
    client, _ = give_password(executive)
    assert client.get(f"/o/{organisation.code}/partnerships/").status_code == 200
    assert "Set up<span" in client.get("/accounts/").content.decode()
    assert "somebody who learns your password still cannot sign in" in words(client.get(SET_UP))


def test_the_people_who_run_the_service_need_it(people: object) -> None:
    client, _ = give_password(PersonFactory.create(is_staff=True))
    assert client.get("/service/nights/")["Location"] == SET_UP


def test_where_no_role_is_named_nobody_needs_it(settings: Any) -> None:
    settings.MFA_REQUIRED_FOR = []
    organisation, lead, _ = organisation_with_people()
    client, _ = give_password(lead)
    assert client.get(f"/o/{organisation.code}/partnerships/").status_code == 200


def test_with_it_the_password_alone_opens_nothing(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, _ = people
    set_up(lead)
    client, answer = give_password(lead)
    assert answer["Location"] == CODE
    assert client.get(f"/o/{organisation.code}/")["Location"].startswith("/accounts/login/")
    assert client.get(SET_UP)["Location"].startswith("/accounts/login/")
    assert client.get(CODES)["Location"].startswith("/accounts/login/")


def test_the_code_of_now_signs_in_once(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, _ = people
    key, _ = set_up(lead)
    code = code_for(key)
    client, _ = give_password(lead)
    assert client.post(CODE, {"code": code}).status_code == 302
    assert client.get(f"/o/{organisation.code}/partnerships/").status_code == 200
    looking_over_the_shoulder, _ = give_password(lead)
    assert REFUSED in words(looking_over_the_shoulder.post(CODE, {"code": code}))


def test_every_wrong_code_leaves_a_line_and_what_was_typed_is_not_kept(
    people: tuple[Organisation, Person, Person],
) -> None:
    organisation, lead, _ = people
    set_up(lead)
    client, _ = give_password(lead)
    for code in ("7654321", "not-a-code"):
        assert REFUSED in words(client.post(CODE, {"code": code}))
    found = failures()
    assert [(deed.organisation, deed.person) for deed in found] == [(organisation, lead)] * 2
    assert not any(typed in str(vars(deed)) for typed in ("7654321", "not-a-code") for deed in found)


def test_the_right_code_leaves_no_failure_on_the_record(people: tuple[Organisation, Person, Person]) -> None:
    _, lead, _ = people
    key, codes = set_up(lead)
    for code in (code_for(key), codes[0]):
        client, _ = give_password(lead)
        assert client.post(CODE, {"code": code}).status_code == 302
    assert failures() == []


def failures() -> list[Deed]:
    return list(Deed.objects.filter(kind=DeedKind.SIGN_IN_FAILED))


def test_a_code_used_stays_used_as_long_as_the_clock_would_let_it_through(
    people: tuple[Organisation, Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library forgets a used code after thirty seconds, while the tolerance keeps it good for ninety."""
    _, lead, _ = people
    key, _ = set_up(lead)
    now = time.time() // 30 * 30 + 31
    monkeypatch.setattr(time, "time", lambda: now)
    code = code_for(key, at=now)
    client, _ = give_password(lead)
    assert client.post(CODE, {"code": code}).status_code == 302
    cache.delete(f"allauth.mfa.totp.used?user={lead.pk}&code={code}")
    monkeypatch.setattr(time, "time", lambda: now + 35)
    replaying, _ = give_password(lead)
    assert REFUSED in words(replaying.post(CODE, {"code": code}))
    assert [deed.person for deed in failures()] == [lead]


def test_the_code_of_the_set_up_is_not_taken_again(people: tuple[Organisation, Person, Person]) -> None:
    _, lead, _ = people
    client, _ = give_password(lead)
    page = client.get(SET_UP)
    code = code_for(key_on(page))
    client.post(SET_UP, {"code": code})
    other, _ = give_password(lead)
    assert REFUSED in words(other.post(CODE, {"code": code}))


@pytest.mark.parametrize("minutes", [-2, 2])
def test_a_code_of_another_time_is_refused(people: tuple[Organisation, Person, Person], minutes: int) -> None:
    _, lead, _ = people
    key, _ = set_up(lead)
    client, _ = give_password(lead)
    page = client.post(CODE, {"code": code_for(key, at=time.time() + 60 * minutes)})
    assert REFUSED in words(page)
    assert "Error: Enter your code" in words(page)


def test_a_recovery_code_signs_in_without_the_phone_once(people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, _ = people
    _, codes = set_up(lead)
    client, _ = give_password(lead)
    assert client.post(CODE, {"code": codes[3]}).status_code == 302
    assert client.get(f"/o/{organisation.code}/partnerships/").status_code == 200
    assert "9 left" in words(client.get("/accounts/"))
    again, _ = give_password(lead)
    assert REFUSED in words(again.post(CODE, {"code": codes[3]}))


def test_guesses_at_the_code_are_limited_and_then_the_right_one_is_refused(
    people: tuple[Organisation, Person, Person],
) -> None:
    _, lead, _ = people
    key, _ = set_up(lead)
    client, _ = give_password(lead)
    for guess in range(5):
        client.post(CODE, {"code": f"00000{guess}"})
    page = client.post(CODE, {"code": code_for(key)})
    assert "There were too many wrong tries. Wait five minutes, then try again." in words(page)


TOO_MANY = "There were too many wrong tries. Wait five minutes, then try again."


def guess_codes(client: Client, times: int = 5) -> Any:
    for guess in range(times):
        page = client.post(CODE, {"code": f"00000{guess}"})
    return page


def test_a_stranger_with_the_password_does_not_keep_the_owner_waiting_in_the_browser_they_use(
    people: tuple[Organisation, Person, Person],
) -> None:
    _, lead, _ = people
    _, codes = set_up(lead)
    own, _ = give_password(lead)
    own.post(CODE, {"code": codes[0]})
    own.post("/accounts/logout/")
    stranger, _ = give_password(lead)
    assert TOO_MANY in words(guess_codes(stranger, 6))
    give_password(lead, own)
    assert own.post(CODE, {"code": codes[1]}).status_code == 302
    elsewhere, _ = give_password(lead)
    assert TOO_MANY in words(elsewhere.post(CODE, {"code": codes[2]}))


def test_in_the_browser_they_use_guesses_at_the_code_are_limited_too(
    people: tuple[Organisation, Person, Person],
) -> None:
    _, lead, _ = people
    _, codes = set_up(lead)
    own, _ = give_password(lead)
    own.post(CODE, {"code": codes[0]})
    own.post("/accounts/logout/")
    give_password(lead, own)
    guess_codes(own)
    assert TOO_MANY in words(own.post(CODE, {"code": codes[1]}))


def test_a_browser_known_for_somebody_else_counts_as_a_strangers(people: tuple[Organisation, Person, Person]) -> None:
    _, lead, executive = people
    _, codes = set_up(lead)
    browser, _ = give_password(executive)
    browser.post("/accounts/logout/")
    guess_codes(give_password(lead)[0])
    give_password(lead, browser)
    assert TOO_MANY in words(browser.post(CODE, {"code": codes[0]}))


def test_the_right_code_has_them_counted_from_none_and_a_used_one_does_not(
    people: tuple[Organisation, Person, Person],
) -> None:
    _, lead, _ = people
    key, codes = set_up(lead)
    used = code_for(key)
    client, _ = give_password(lead)
    guess_codes(client, 4)
    assert client.post(CODE, {"code": used}).status_code == 302
    stranger, _ = give_password(lead)
    guess_codes(stranger, 4)
    assert REFUSED in words(stranger.post(CODE, {"code": used}))
    assert TOO_MANY in words(stranger.post(CODE, {"code": codes[0]}))


def test_the_right_code_has_nothing_forgotten_that_is_counted_of_its_address(
    people: tuple[Organisation, Person, Person], rf: RequestFactory
) -> None:
    """Else whoever has a second step of their own could try other people's passwords from there without end."""
    _, lead, _ = people
    key, _ = set_up(lead)
    for _ in range(4):
        Client().post("/accounts/login/", {"login": PersonFactory.create().email, "password": "not this one"})
    before = tries_of_this_address(rf)
    assert min(before) >= 4
    client, _ = give_password(lead)
    assert client.post(CODE, {"code": code_for(key)}).status_code == 302
    assert tries_of_this_address(rf) == before, "and a right one is no failed try of it"


def tries_of_this_address(rf: RequestFactory) -> list[int]:
    """How many failed tries each limit by address has counted."""
    request, rates = rf.get("/"), ratelimit.get_rates(app=APP, action=FAILED)
    by_address = [rate for rate in rates if rate.per == "ip"]
    assert by_address
    return [
        len(cache.get(ratelimit.get_cache_key(request, app=APP, action=FAILED, rate=rate), [])) for rate in by_address
    ]


def test_a_reset_at_the_server_has_them_counted_from_none(people: tuple[Organisation, Person, Person]) -> None:
    _, lead, _ = people
    set_up(lead)
    stranger, _ = give_password(lead)
    assert TOO_MANY in words(guess_codes(stranger, 6))
    call_command("reset_sign_in", lead.email)
    _, codes = set_up(lead)
    client, _ = give_password(lead)
    assert client.post(CODE, {"code": codes[0]}).status_code == 302


def test_an_empty_code_is_asked_for(people: tuple[Organisation, Person, Person]) -> None:
    _, lead, _ = people
    set_up(lead)
    client, _ = give_password(lead)
    assert "Enter the code." in words(client.post(CODE, {"code": ""}))


def test_taken_away_by_somebody_who_needs_it_it_is_asked_for_again_at_once(
    people: tuple[Organisation, Person, Person],
) -> None:
    organisation, lead, _ = people
    key, _ = set_up(lead)
    client, _ = give_password(lead)
    client.post(CODE, {"code": code_for(key)})
    done = client.post("/accounts/second-step/take-away/", follow=True)
    assert "Your second step is taken away." in words(done)
    assert client.get(f"/o/{organisation.code}/partnerships/")["Location"] == SET_UP
    assert not Authenticator.objects.filter(user=lead).exists()


def test_minutes_after_signing_in_it_asks_again_who_it_is(
    people: tuple[Organisation, Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, executive = people
    client, _ = give_password(executive)
    assert client.get(SET_UP).status_code == 200
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    asked = client.get(SET_UP)
    assert asked["Location"] == f"/accounts/reauthenticate/?next={SET_UP.replace('/', '%2F')}"
    page = client.get(asked["Location"])
    assert "Is it you?" in words(page)
    wrong = client.post(asked["Location"], {"password": "a guess"})
    assert "This is not your password." in words(wrong)
    right = client.post(asked["Location"], {"password": PASSWORD, "next": SET_UP})
    assert right["Location"] == SET_UP
    assert client.get(SET_UP).status_code == 200


def test_new_recovery_codes_end_the_old_ones(people: tuple[Organisation, Person, Person]) -> None:
    _, lead, _ = people
    key, old = set_up(lead)
    client, _ = give_password(lead)
    client.post(CODE, {"code": code_for(key)})
    new = recovery_codes_on(client.post(f"{CODES}new/", follow=True))
    assert len(new) == 10
    assert not set(new) & set(old)
    file = client.get(f"{CODES}codes.txt")
    assert file.status_code == 200, words(file)
    assert file["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert all(code in file.content.decode() for code in new)


def test_the_key_is_not_in_the_database_as_it_is(people: tuple[Organisation, Person, Person], settings: Any) -> None:
    _, lead, _ = people
    key, codes = set_up(lead)
    kept = str(list(Authenticator.objects.filter(user=lead).values_list("data", flat=True)))
    assert key not in kept
    assert not any(code in kept for code in codes)
    cipher = SecondStepAdapter().encrypt("word")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another " * 8
    assert SecondStepAdapter().decrypt(cipher) == "word"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken, match="SECRET_KEY_FALLBACKS"):
        SecondStepAdapter().decrypt(cipher)


@pytest.mark.django_db(transaction=True)
def test_a_letter_tells_of_every_change(people: tuple[Organisation, Person, Person]) -> None:
    _, lead, _ = people
    key, _ = set_up(lead)
    client, _ = give_password(lead)
    client.post(CODE, {"code": code_for(key)})
    client.post(f"{CODES}new/")
    client.post("/accounts/second-step/take-away/")
    assert [letter.subject for letter in mail.outbox] == [
        "Your second step is set up",
        "You have new recovery codes",
        "Your second step was taken away",
    ]
    assert all(letter.to == [lead.email] and "If it was not you" in str(letter.body) for letter in mail.outbox)
    assert not any(key in str(letter.body) for letter in mail.outbox)


def test_the_square_obeys_the_policy_of_what_a_page_may_hold(people: tuple[Organisation, Person, Person]) -> None:
    _, lead, _ = people
    client, _ = give_password(lead)
    page = client.get(SET_UP)
    square = re.search(r'src="data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)"', page.content.decode())
    assert square
    assert " style=" not in page.content.decode()
    assert "img-src 'self' data:" in page["Content-Security-Policy"]


def test_who_lost_every_way_starts_afresh_at_the_server(
    people: tuple[Organisation, Person, Person], capsys: pytest.CaptureFixture[str]
) -> None:
    _, lead, _ = people
    set_up(lead)
    SocialAccount.objects.create(user=lead, provider="oidc", uid="x")
    signed_in = Client()
    signed_in.force_login(lead)
    for _ in range(6):
        Client().post("/accounts/login/", {"login": lead.email, "password": "a guess"})
    call_command("reset_sign_in", lead.email.upper())
    assert f"{lead} is signed out everywhere" in capsys.readouterr().out
    assert signed_in.get("/accounts/").status_code == 302
    assert not SocialAccount.objects.exists()
    client, answer = give_password(lead)
    assert answer["Location"] == "/"
    assert client.get("/service/nights/")["Location"] == SET_UP
    with pytest.raises(CommandError, match="Nobody here has the address"):
        call_command("reset_sign_in", "nobody@example.org")


def test_no_password_or_code_is_logged(
    people: tuple[Organisation, Person, Person], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    _, lead, _ = people
    caplog.set_level("DEBUG")
    key, codes = set_up(lead)
    code = code_for(key)
    client, _ = give_password(lead)
    client.post(CODE, {"code": "000000"})
    client.post(CODE, {"code": code})
    Client().post("/accounts/login/", {"login": lead.email, "password": "a very wrong guess"})
    logged = caplog.text + capfd.readouterr().err
    assert "POST /accounts/second-step/code/" in logged
    for secret in (PASSWORD, "a very wrong guess", key, code, *codes):
        assert secret not in logged


def test_who_accepts_an_invitation_to_a_role_that_needs_it_is_led_to_the_set_up_at_once(
    people: tuple[Organisation, Person, Person],
) -> None:
    organisation, lead, _ = people
    AccessGrant.objects.create(organisation=organisation, person=lead, role=Role.ADMINISTRATOR)
    link = invite(
        organisation=organisation, email="new@example.org", roles=[Role.ADMINISTRATOR], last_day=None, by=lead
    )
    client = Client()
    client.get(f"/invitations/{link.secret}/", follow=True)
    client.post("/invitations/", {"name": "Nia New", "password": "three random words"})
    assert client.get(f"/o/{organisation.code}/people/")["Location"] == SET_UP
    assert client.get(SET_UP).status_code == 200
    assert "this browser" in words(client.get("/accounts/sessions/"))


def test_who_is_given_such_a_role_while_signed_in_is_led_to_the_set_up_with_the_next_click(
    people: tuple[Organisation, Person, Person],
) -> None:
    organisation, lead, executive = people
    AccessGrant.objects.create(organisation=organisation, person=lead, role=Role.ADMINISTRATOR)
    client, _ = give_password(executive)
    people_page = f"/o/{organisation.code}/people/"
    assert client.get(people_page).status_code == 403
    roles = {Role.EXECUTIVE: None, Role.ADMINISTRATOR: None}
    change_roles(organisation=organisation, person=executive, roles=roles, by=lead)
    assert client.get(people_page)["Location"] == SET_UP
    invited = client.post(f"{people_page}invite/", {"email": "x@example.org", "roles": ["administrator"]})
    assert invited["Location"] == SET_UP
    assert not organisation.access_invitations.exists()


def test_who_accepts_an_invitation_to_such_a_role_while_signed_in_is_led_there_too(
    people: tuple[Organisation, Person, Person],
) -> None:
    _, _, executive = people
    other, their_lead, _ = organisation_with_people()
    AccessGrant.objects.create(organisation=other, person=their_lead, role=Role.ADMINISTRATOR)
    link = invite(organisation=other, email=executive.email, roles=[Role.ADMINISTRATOR], last_day=None, by=their_lead)
    client, _ = give_password(executive)
    client.get(f"/invitations/{link.secret}/")
    client.post("/invitations/")
    assert client.get(f"/o/{other.code}/people/")["Location"] == SET_UP
