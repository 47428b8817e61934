"""Where somebody is signed in, how long, and ending it."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from partnerships.actions.grants import remove_person
from partnerships.actions.sessions import end_sessions
from partnerships.models import AccessGrant, Person, Role
from partnerships.sign_in.session_ages import SIGNED_IN_AT
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
    assert not Session.objects.filter(session_key=planted).exists()


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


def test_nobody_ends_somebody_elses_session(person: Person) -> None:
    theirs = signed_in(PersonFactory.create(), SAFARI)
    number = UserSession.objects.get(user_agent=SAFARI).pk
    signed_in(person).post(PAGE, {"session": str(number)})
    assert is_signed_in(theirs)


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
