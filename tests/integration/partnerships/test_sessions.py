"""Where somebody is signed in, how long, and ending it."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from asgiref.sync import async_to_sync
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from partnerships.actions.grants import remove_person
from partnerships.actions.sessions import end_sessions
from partnerships.models import AccessGrant, Deed, DeedKind, Person, Role
from partnerships.sign_in.session_ages import SIGNED_IN_AT
from partnerships.sign_in.session_store import SessionStore, kept_as
from tests.factories import PASSWORD, PersonFactory, organisation_with_people

pytestmark = pytest.mark.django_db
PAGE = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"


@pytest.fixture(autouse=True)
def nothing_counted(db: None) -> None:
    cache.clear()


@pytest.fixture
def person() -> Person:
    return PersonFactory.create()


@pytest.fixture
def colleague() -> Person:
    """Somebody of an organisation, in whose record their lines stand."""
    _, _, person = organisation_with_people()
    return person


def signed_in(person: Person, browser: str = FIREFOX, client: Client | None = None) -> Client:
    client = client or Client(headers={"User-Agent": browser})
    answer = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/").status_code == 200


def test_signing_in_begins_a_session_with_another_key(person: Person) -> None:
    client = Client()
    session = client.session
    session["before"] = "planted"
    session.save()
    planted = session.session_key
    signed_in(person, client=client)
    assert client.session.session_key != planted
    assert planted
    assert not SessionStore().exists(planted)


def key_of(client: Client) -> str:
    return client.cookies["sessionid"].value


def kept() -> str:
    """Everything that the tables of sessions and of where people are signed in hold."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(one)::text FROM django_session AS one")
        sessions = cursor.fetchall()
        cursor.execute("SELECT row_to_json(one)::text FROM usersessions_usersession AS one")
        return str([*sessions, *cursor.fetchall()])


def test_no_key_that_signs_in_stands_in_the_database(person: Person) -> None:
    desk, phone = signed_in(person), signed_in(person, SAFARI)
    desk.post(PAGE, {"others": "yes"})
    new = "four rather random words"
    desk.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    unlisted = Client()
    unlisted.force_login(person)
    keys = [key_of(client) for client in (desk, phone, unlisted)]
    assert all(len(key) == 32 for key in keys)
    there = kept()
    assert not [key for key in keys if key in there]
    assert is_signed_in(desk)
    assert kept_as(keys[0]) in there


def test_what_stands_in_the_database_signs_nobody_in(person: Person) -> None:
    signed_in(person)
    [there] = Session.objects.all()
    for key in (there.session_key, there.session_key[:32]):
        thief = Client()
        thief.cookies["sessionid"] = key
        assert not is_signed_in(thief)


def test_whoever_writes_to_the_table_puts_nobodys_session_under_their_own_key(person: Person) -> None:
    theirs = signed_in(person)
    thief = signed_in(PersonFactory.create())
    taken, own = (Session.objects.get(session_key=kept_as(key_of(client))) for client in (theirs, thief))
    Session.objects.filter(session_key=own.session_key).update(session_data=taken.session_data)
    assert not is_signed_in(thief)
    Session.objects.filter(session_key=own.session_key).delete()
    Session.objects.filter(session_key=taken.session_key).update(session_key=own.session_key)
    assert not is_signed_in(thief)
    Session.objects.filter(session_key=own.session_key).delete()
    taken.save(force_insert=True)
    assert is_signed_in(theirs)


def test_a_session_goes_on_after_the_secret_key_was_changed(person: Person, settings: Any) -> None:
    phone = signed_in(person, SAFARI)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    signed_in(person)
    assert {one.user_agent for one in UserSession.objects.filter(user=person)} == {SAFARI, FIREFOX}
    assert is_signed_in(phone)


def test_signing_in_again_takes_what_is_over_off_the_list(person: Person) -> None:
    over, living = signed_in(person), signed_in(person, SAFARI)
    Session.objects.filter(session_key=kept_as(key_of(over))).delete()
    signed_in(person)
    assert {one.user_agent for one in UserSession.objects.filter(user=person)} == {SAFARI, FIREFOX}
    assert UserSession.objects.filter(user=person).count() == 2
    person.set_password("four rather random words")
    person.save()
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": "four rather random words"})
    assert UserSession.objects.filter(user=person).count() == 1
    assert not is_signed_in(living)


def test_signing_out_leaves_no_row_of_the_session(person: Person) -> None:
    client = signed_in(person)
    key = client.session.session_key
    assert key
    client.post("/accounts/logout/")
    assert not SessionStore().exists(key)
    assert kept_as(key) not in str(list(Session.objects.values_list("session_key", flat=True)))


def test_the_framework_clears_away_what_has_ended(person: Person) -> None:
    client, over = signed_in(person), signed_in(person, SAFARI)
    ended = timezone.now() - timedelta(seconds=1)
    Session.objects.filter(session_key=kept_as(key_of(over))).update(expire_date=ended)
    call_command("clearsessions")
    assert [one.session_key for one in Session.objects.all()] == [kept_as(key_of(client))]


def test_without_waiting_it_is_kept_the_same() -> None:
    """As pages that are asynchronous would use it."""

    async def use() -> tuple[str, bool, dict[str, Any], bool]:
        made = SessionStore()
        await made.aset("word", "kept")
        await made.asave()
        first = str(made.session_key)
        await made.acycle_key()
        second = str(made.session_key)
        found = SessionStore(second)
        held = dict(await found.aitems())
        gone = await SessionStore().aexists(first)
        await found.aflush()
        return second, gone, held, await SessionStore().aexists(second)

    second, first_is_there, held, second_is_there = async_to_sync(use)()
    assert (first_is_there, held, second_is_there) == (False, {"word": "kept"}, False)
    assert second not in kept()


def test_a_session_used_all_week_ends_after_a_week_and_the_page_says_why(person: Person, settings: Any) -> None:
    client = signed_in(person)
    session = client.session
    session[SIGNED_IN_AT] = time.time() - settings.SESSION_ABSOLUTE_AGE + 60
    session.save()
    assert is_signed_in(client)
    session = client.session
    session[SIGNED_IN_AT] = time.time() - settings.SESSION_ABSOLUTE_AGE - 1
    session.save()
    page = client.get("/accounts/", follow=True)
    assert page.redirect_chain[0][0] == "/accounts/login/?next=/accounts/"
    assert "You have been signed in for long enough. Sign in again to go on." in page.content.decode()
    assert not is_signed_in(client)


def test_a_session_lasts_a_working_day_without_a_click(person: Person, settings: Any) -> None:
    assert settings.SESSION_COOKIE_AGE == 20 * 60 * 60
    client = signed_in(person)
    assert client.get("/accounts/").cookies["sessionid"]["max-age"] == 20 * 60 * 60


def test_the_list_names_each_browser_and_this_one(person: Person) -> None:
    phone = signed_in(person, SAFARI)
    words = " ".join(signed_in(person).get(PAGE).content.decode().split())
    assert "<strong>Firefox on Windows</strong> – this browser" in words
    assert "<strong>Safari on an iPhone</strong> <br>" in words
    assert "127.0.0.1" in words
    assert is_signed_in(phone)


def test_the_list_costs_the_same_however_many_browsers_there_are(
    person: Person, django_assert_num_queries: Any
) -> None:
    client = signed_in(person)
    for _ in range(3):
        signed_in(person, SAFARI)
    # session, person, then the two lists, and the session saved in its transaction
    with django_assert_num_queries(7):
        client.get(PAGE)


def test_one_other_browser_is_signed_out(person: Person) -> None:
    own, phone, desk = signed_in(person), signed_in(person, SAFARI), signed_in(person, FIREFOX)
    number = UserSession.objects.get(user_agent=SAFARI).pk
    page = own.post(PAGE, {"session": str(number)}, follow=True)
    assert "That browser is signed out." in page.content.decode()
    assert not is_signed_in(phone)
    assert is_signed_in(own)
    assert is_signed_in(desk)


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 40, "٣"])
def test_a_number_that_is_none_ends_nothing(person: Person, number: str) -> None:
    own, other = signed_in(person), signed_in(person)
    assert own.post(PAGE, {"session": number}).status_code == 302
    assert is_signed_in(other)


def test_nobody_ends_somebody_elses_session_or_leaves_a_line_of_it(colleague: Person) -> None:
    theirs = signed_in(PersonFactory.create(), SAFARI)
    own, phone = signed_in(colleague), signed_in(colleague, "another")
    number, ours = (UserSession.objects.get(user_agent=browser).pk for browser in (SAFARI, "another"))
    lines = Deed.objects.filter(kind=DeedKind.SESSIONS_ENDED)
    for none in (number, 10**9):
        own.post(PAGE, {"session": str(none)})
    assert is_signed_in(theirs)
    assert not lines.exists()
    own.post(PAGE, {"session": str(ours)})
    own.post(PAGE, {"session": str(ours)})
    assert not is_signed_in(phone)
    assert lines.count() == 1


def test_all_others_are_signed_out_and_this_one_goes_on(person: Person) -> None:
    own, phone = signed_in(person), signed_in(person, SAFARI)
    unlisted = Client()
    unlisted.force_login(person)
    page = own.post(PAGE, {"others": "yes"}, follow=True)
    assert "You are signed out everywhere else." in page.content.decode()
    assert "You are signed in nowhere else." in page.content.decode()
    assert is_signed_in(own)
    assert not is_signed_in(phone)
    assert not is_signed_in(unlisted)


def test_a_changed_password_ends_the_others(person: Person) -> None:
    own, phone = signed_in(person), signed_in(person, SAFARI)
    new = "four rather random words"
    page = own.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}, follow=True
    )
    assert page.redirect_chain == [("/accounts/", 302)]
    assert "Your password is changed, and you are signed out everywhere else." in page.content.decode()
    assert is_signed_in(own)
    assert not is_signed_in(phone)


def test_the_password_is_not_changed_without_the_one_there_is(person: Person) -> None:
    own = signed_in(person)
    new = "four rather random words"
    page = own.post("/accounts/password/change/", {"oldpassword": "a guess", "password1": new, "password2": new})
    assert "Enter the password that you sign in with now." in page.content.decode()
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_whoever_removes_somebody_ends_all_their_sessions_listed_or_not(person: Person) -> None:
    listed, unlisted, bystander = signed_in(person), Client(), signed_in(PersonFactory.create())
    unlisted.force_login(person)
    end_sessions(person)
    assert not is_signed_in(listed)
    assert not is_signed_in(unlisted)
    assert is_signed_in(bystander)
    assert not UserSession.objects.filter(user=person).exists()
    assert is_signed_in(signed_in(person))


def test_somebody_removed_from_an_organisation_stays_signed_in_and_is_told() -> None:
    organisation, administrator, person = organisation_with_people()
    AccessGrant.objects.create(organisation=organisation, person=administrator, role=Role.ADMINISTRATOR)
    client = signed_in(person)
    remove_person(organisation=organisation, person=person, by=administrator)
    assert is_signed_in(client)
    page = client.get(f"/o/{organisation.code}/")
    assert page.status_code == 403
    assert "has ended" in page.content.decode()


def test_a_session_ended_elsewhere_leads_to_sign_in_and_back(person: Person) -> None:
    client = signed_in(person)
    end_sessions(person)
    assert client.get(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"


def test_the_session_key_is_on_no_page(person: Person) -> None:
    client = signed_in(person)
    key = client.session.session_key
    assert key
    assert not re.search(key, client.get(PAGE).content.decode())


@pytest.mark.parametrize("address", ["/accounts/", PAGE, "/accounts/password/change/", "/accounts/second-step/set-up/"])
def test_signed_out_every_page_of_the_account_leads_to_sign_in(address: str) -> None:
    assert Client().get(address)["Location"].startswith("/accounts/login/")
