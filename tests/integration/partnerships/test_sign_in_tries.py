"""Guessing at passwords: how many tries there are, whom they stop, and whom they never lock out."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account import adapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory

from partnerships.models import Person
from partnerships.sign_in import tries
from partnerships.sign_in.account_adapter import AccountAdapter
from partnerships.sign_in.known_browsers import COOKIE
from tests.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/login/"


@pytest.fixture(autouse=True)
def nothing_counted(db: None) -> None:
    cache.clear()


@pytest.fixture
def person() -> Person:
    return PersonFactory.create(email="ada@example.org")


def attempt(client: Client, person: Person | str, password: str | None = None, **headers: Any) -> Any:
    email = person if isinstance(person, str) else person.email
    return client.post(SIGN_IN, {"login": email, "password": password or "a guess"}, **headers)


def test_after_five_wrong_tries_the_right_password_is_refused_too_and_the_page_says_when_to_try_again(
    person: Person,
) -> None:
    answers = [attempt(Client(), person).status_code for _ in range(5)]
    assert answers == [200] * 5
    refused = attempt(Client(), person, PASSWORD)
    words = " ".join(refused.content.decode().split())
    assert refused.status_code == 429
    assert "even the right password is not taken" in words
    assert "Try again in 5 minutes." in words
    assert 240 < int(refused["Retry-After"]) <= 300


def test_many_tries_from_many_addresses_get_five_looks_at_one_account(person: Person, settings: Any) -> None:
    """Through the page itself, each from an address of its own, so that the account's limit alone must hold."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answers = [
        attempt(
            Client(), person, f"guess {number}", headers={"X-Forwarded-For": f"10.0.{number // 250}.{number % 250}"}
        )
        for number in range(100)
    ]
    assert [page.status_code for page in answers] == [200] * 5 + [429] * 95
    assert attempt(Client(), person, PASSWORD, headers={"X-Forwarded-For": "10.9.9.9"}).status_code == 429


MANY = 10_000


@pytest.fixture
def guesses(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., int]]:
    """Makes ten thousand tries where the page does, and gives how many of them had their password looked at.

    They are counted in memory and refused without a page, so that they take seconds; the counting is the service's.
    What the table does in which they are counted as deployed, another test looks at.
    ``seconds`` is how long all of them take, by a clock of the test.
    """
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "guesses",
            "OPTIONS": {"MAX_ENTRIES": 5 * MANY},
        }
    }
    cache.clear()
    logging.disable(logging.CRITICAL)  # ten thousand refusals
    looked_at, clock, began = list[str](), {"now": time.time()}, time.time()
    monkeypatch.setattr(time, "time", lambda: clock["now"])
    monkeypatch.setattr(tries, "too_many_tries", lambda request, seconds: HttpResponse(status=429))
    look = adapter.authenticate

    def counted(request: Any, **given: Any) -> Any:
        looked_at.append(given["email"])
        return look(request, **given)

    monkeypatch.setattr(adapter, "authenticate", counted)

    def make(*, email: str, address: str, seconds: int) -> int:
        for number in range(MANY):
            clock["now"] = began + number * seconds / MANY
            there = address.format(number // 250, number % 250)
            request = RequestFactory().post(SIGN_IN, headers={"X-Forwarded-For": there})
            with contextlib.suppress(ImmediateHttpResponse):
                AccountAdapter(request).authenticate(request, email=email.format(number), password=f"guess {number}")
        return len(looked_at)

    yield make
    logging.disable(logging.NOTSET)


def test_ten_thousand_tries_at_one_account_from_as_many_addresses_get_five_looks(
    person: Person, guesses: Callable[..., int]
) -> None:
    assert guesses(email=person.email, address="10.0.{}.{}", seconds=60) == 5


def test_ten_thousand_tries_at_one_account_all_day_get_a_hundred_looks(
    person: Person, guesses: Callable[..., int]
) -> None:
    assert guesses(email=person.email, address="10.0.{}.{}", seconds=24 * 60 * 60 - 10) == 100


def test_ten_thousand_accounts_tried_from_one_address_get_thirty_looks(guesses: Callable[..., int]) -> None:
    assert guesses(email="person{}@example.org", address="198.51.100.7", seconds=59) == 30


def test_many_accounts_tried_from_one_address_are_stopped_by_the_address(person: Person) -> None:
    answers = [attempt(Client(), f"person{number}@example.org").status_code for number in range(40)]
    assert answers == [200] * 30 + [429] * 10
    assert attempt(Client(), person, PASSWORD).status_code == 429


def test_a_refused_try_makes_the_wait_no_longer(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    clock = {"at": now}
    monkeypatch.setattr(time, "time", lambda: clock["at"])
    for _ in range(5):
        attempt(Client(), person)
    clock["at"] = now + 200
    assert attempt(Client(), person).status_code == 429
    clock["at"] = now + 301
    assert attempt(Client(), person, PASSWORD).status_code == 302


def test_whoever_signs_in_well_is_not_counted(person: Person) -> None:
    for _ in range(8):
        assert attempt(Client(), person, PASSWORD).status_code == 302


def test_a_stranger_who_guesses_all_day_does_not_lock_the_owner_out_of_the_browser_they_use(person: Person) -> None:
    own = Client()
    assert attempt(own, person, PASSWORD).status_code == 302
    own.post("/accounts/logout/")
    for _ in range(6):
        attempt(Client(), person)
    assert attempt(Client(), person, PASSWORD).status_code == 429
    assert attempt(own, person, PASSWORD).status_code == 302


NEW = "four rather random words"


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}),
        ("/accounts/sessions/", {"others": "yes"}),
    ],
)
def test_whoever_once_had_the_account_is_a_stranger_after_a_change_and_its_owner_is_not(
    person: Person, address: str, form: dict[str, str]
) -> None:
    browsers, own = [Client() for _ in range(3)], Client()
    for browser in (*browsers, own):
        assert attempt(browser, person, PASSWORD).status_code == 302
    own.post(address, form)
    own.post("/accounts/logout/")
    answers = [attempt(browser, person).status_code for _ in range(4) for browser in browsers]
    assert answers == [200] * 5 + [429] * 7
    assert attempt(own, person, form.get("password1", PASSWORD)).status_code == 302


def test_who_signed_in_before_there_was_a_second_step_is_a_stranger_after_it(person: Person) -> None:
    browsers = [Client() for _ in range(3)]
    for browser in browsers:
        assert attempt(browser, person, PASSWORD).status_code == 302
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    for browser in browsers:
        browser.post("/accounts/logout/")
    answers = [attempt(browser, person).status_code for _ in range(4) for browser in browsers]
    assert answers == [200] * 5 + [429] * 7


def test_a_known_browser_stays_one_after_the_secret_key_was_changed(person: Person, settings: Any) -> None:
    own = Client()
    attempt(own, person, PASSWORD)
    own.post("/accounts/logout/")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    for _ in range(6):
        attempt(Client(), person)
    assert attempt(own, person, PASSWORD).status_code == 302


def test_in_a_known_browser_guesses_are_limited_too(person: Person) -> None:
    own = Client()
    attempt(own, person, PASSWORD)
    own.post("/accounts/logout/")
    assert [attempt(own, person).status_code for _ in range(6)] == [200] * 5 + [429]


def test_a_browser_known_for_one_person_counts_as_a_stranger_for_another(person: Person) -> None:
    other = PersonFactory.create(email="other@example.org")
    browser = Client()
    attempt(browser, other, PASSWORD)
    browser.post("/accounts/logout/")
    for _ in range(5):
        attempt(Client(), person)
    assert attempt(browser, person, PASSWORD).status_code == 429


def test_a_forged_cookie_makes_no_browser_known(person: Person) -> None:
    browser = Client()
    browser.cookies[COOKIE] = '[["1", "x"]]:forged:signature'
    for _ in range(5):
        attempt(Client(), person)
    assert attempt(browser, person, PASSWORD).status_code == 429


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites_and_says_nothing(person: Person) -> None:
    cookie = attempt(Client(), person, PASSWORD).cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/accounts/"
    assert "ada" not in cookie.value


def test_the_oldest_owner_of_a_shared_browser_makes_room() -> None:
    people = [PersonFactory.create() for _ in range(7)]
    browser = Client()
    for person in people:
        attempt(browser, person, PASSWORD)
        browser.post("/accounts/logout/")
    for person in (people[0], people[-1]):
        for _ in range(5):
            attempt(Client(), person)
    assert attempt(browser, people[0], PASSWORD).status_code == 429
    assert attempt(browser, people[-1], PASSWORD).status_code == 302


def test_a_letter_lets_a_locked_out_owner_in_with_a_new_password(person: Person) -> None:
    for _ in range(6):
        attempt(Client(), person)
    own = Client()
    own.post("/accounts/password/reset/", {"email": person.email})
    link = next(word for word in str(mail.outbox[0].body).split() if word.startswith("http://testserver/"))
    form = own.get(link, follow=True).redirect_chain[-1][0]
    own.post(form, {"password1": "three random words", "password2": "three random words"})
    for _ in range(6):
        attempt(Client(), person)
    assert attempt(own, person, "three random words").status_code == 302


def test_a_new_password_has_nothing_forgotten_that_is_counted_of_its_address(person: Person) -> None:
    """Else whoever has a mailbox of their own could try other people's passwords from there without end."""
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    own = Client()
    own.post("/accounts/password/reset/", {"email": person.email})
    link = next(word for word in str(mail.outbox[0].body).split() if word.startswith("http://testserver/"))
    answers = [attempt(Client(), f"person{number}@example.org").status_code for number in range(30)]
    assert answers == [200] * 30
    form = own.get(link, follow=True).redirect_chain[-1][0]
    assert own.post(form, {"password1": "three random words", "password2": "three random words"}).status_code == 302
    person.refresh_from_db()
    assert person.check_password("three random words")
    assert attempt(Client(), "another@example.org").status_code == 429


def test_a_visitor_does_not_choose_the_address_they_are_counted_under(person: Person, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answers = [
        attempt(Client(), f"p{number}@example.org", headers={"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.7"})
        for number in range(31)
    ]
    assert answers[-1].status_code == 429


def test_without_a_proxy_of_ours_the_header_counts_for_nothing(person: Person) -> None:
    answers = [
        attempt(Client(), f"p{number}@example.org", headers={"X-Forwarded-For": f"203.0.113.{number}"})
        for number in range(31)
    ]
    assert answers[-1].status_code == 429


def test_upper_case_and_blanks_make_no_other_account(person: Person) -> None:
    for spelt in ("ada@example.org", "ADA@example.org", " ada@example.org", "Ada@Example.ORG", "ada@example.org "):
        attempt(Client(), spelt)
    assert attempt(Client(), person, PASSWORD).status_code == 429


def test_asking_for_letters_is_limited_as_well(person: Person) -> None:
    answers = [Client().post("/accounts/password/reset/", {"email": person.email}) for _ in range(4)]
    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"] == "60"
    assert "Try again in one minute." in " ".join(answers[-1].content.decode().split())
    assert len(mail.outbox) == 3


@pytest.mark.parametrize("over", [0, 40_000])
def test_counts_survive_a_table_that_is_full(person: Person, settings: Any, over: int) -> None:
    """As deployed: of what still counts nothing is thrown away while there is room, and what is over makes room first.

    Those of a day are looked at, since their names are the smallest, and the smallest would go first.
    """
    for _ in range(5):
        attempt(Client(), person)
    counts = "SELECT cache_key FROM cache WHERE cache_key LIKE '%%:login_failed:100/86400/key:%%'"
    others = "INSERT INTO cache SELECT ':1:other ' || %s || n, '', now() + %s::interval FROM generate_series(1, %s) n"
    with connection.cursor() as cursor:
        cursor.execute(counts)
        [(own,)] = cursor.fetchall()
        room = settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] - 100
        cursor.execute(others, ["counts", "1 hour", room])
        cursor.execute(others, ["over", "-1 hour", over])
        attempt(Client(), "another@example.org")
        cursor.execute(counts)
        assert (own,) in cursor.fetchall()
        cursor.execute("SELECT count(*) FILTER (WHERE expires < now()), count(*) FROM cache")
        past, there = cursor.fetchone()
    assert past == 0
    assert there > room
    assert attempt(Client(), person, PASSWORD).status_code == 429


@pytest.mark.parametrize("prefix", ["::ffff:", "64:ff9b::", "::"])
def test_addresses_that_a_proxy_writes_as_ipv6_are_counted_apart(person: Person, settings: Any, prefix: str) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def refused(address: str, email: Person | str, password: str | None = None) -> bool:
        answer = attempt(Client(), email, password, headers={"X-Forwarded-For": address})
        return int(answer.status_code) == 429

    guesses = [refused(f"{prefix}203.0.113.9", f"nobody{number}@example.org") for number in range(31)]
    assert guesses == [False] * 30 + [True]
    assert refused("203.0.113.9", person, PASSWORD)
    assert not refused(f"{prefix}198.51.100.7", person, PASSWORD)
