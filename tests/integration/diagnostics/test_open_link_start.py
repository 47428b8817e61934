"""Starting with an open link, over HTTP and at once; and what the database can tell of whoever did."""

from __future__ import annotations

import datetime
import re
from functools import partial

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from diagnostics import starting
from diagnostics.access import LinkRefusedError, Refusal, respondent_with
from diagnostics.actions import (
    PersonalLink,
    close_round,
    offer_open_link,
    open_round,
    read_answers_as,
    record_organisation,
    replace_open_link,
    withdraw_response,
)
from diagnostics.completion import mark_those_who_answered
from diagnostics.keys import keys_of
from diagnostics.models import Invitation, OpenLink, Round, RoundMode
from diagnostics.results import results_of
from diagnostics.starting import TooManyStartsError
from diagnostics.tasks import keep_up
from tests.factories import MembershipFactory, OrganisationFactory
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.hidden import every_answer, every_response, the_response
from tests.integration.diagnostics.open_links import (
    first_page,
    offered,
    press_start,
    secret_of,
    several_start,
    start,
    words,
)
from tests.integration.diagnostics.survey_data import answer, draft, opened
from tests.integration.diagnostics.test_answering import as_the_owner_of_the_tables, at_once, every_value


@pytest.fixture
def made(setting: Setting) -> Round:
    return opened(setting.participation, setting.lead)[0]


@pytest.fixture
def secret(setting: Setting, made: Round) -> str:
    return offered(made, setting.lead)


def taken() -> int:
    return OpenLink.objects.get().taken


def address_shown(client: Client, root: str) -> str:
    """The address of one's own, as the first page shows it."""
    found = re.search(r"http://testserver(/s/[^/<]+/)", client.get(root + "where-you-work/").content.decode())
    assert found is not None
    return found[1]


def test_the_link_is_exchanged_at_once_and_leaves_the_address(client: Client, secret: str) -> None:
    page = client.get(f"/s/{secret}/")
    assert secret not in page["Location"]
    [cookie] = page.cookies.values()
    assert secret not in cookie.value
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (
        page["Location"].removesuffix("open/"),
        True,
        "Lax",
    )


def test_the_first_page_says_who_sees_what_and_to_answer_once(client: Client, secret: str) -> None:
    said = words(client, first_page(client, secret))
    assert "sees everybody’s answers together, never yours alone" in said
    assert "Please answer once. If you have had a link of your own by email, use that one instead." in said
    assert "You give no name and no email address." in said
    assert "five minutes" in said
    assert secret not in said


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_it_makes_nothing(client: Client, made: Round, secret: str, method: str) -> None:
    """A preview in a chat and a crawler open every link they find, and follow it."""
    before = list(Invitation.objects.order_by("pk").values()), OpenLink.objects.values().get()
    for _ in range(3):
        crawler = Client()
        assert getattr(crawler, method)(f"/s/{secret}/", follow=True).status_code == 200
    assert (list(Invitation.objects.order_by("pk").values()), OpenLink.objects.values().get()) == before
    assert every_response() == []


def test_start_leads_to_the_questions_with_a_link_of_ones_own(client: Client, made: Round, secret: str) -> None:
    root = press_start(client, secret)
    assert client.get(root + "where-you-work/").status_code == 200
    client.post(root + "where-you-work/", {"place": "board"})
    client.post(root + "questions/purpose/", {"answer-PUR1": "4"})
    assert the_response().place == "board"
    assert [one.value for one in every_answer()] == [4]
    assert taken() == 1


@pytest.mark.django_db(transaction=True)
def test_the_own_address_is_shown_to_its_holder_and_leads_to_the_same_answers(client: Client, secret: str) -> None:
    root = press_start(client, secret)
    client.post(root + "questions/purpose/", {"answer-PUR1": "2"})
    own = address_shown(client, root)
    assert own != f"/s/{secret}/"
    assert '<svg class="qr-code"' in words(client, root + "welcome/")
    elsewhere = Client()
    page = elsewhere.get(own)
    assert page["Location"] == root + "where-you-work/"
    assert 'value="2" checked' in words(elsewhere, root + "questions/purpose/")
    assert (taken(), len(every_response())) == (1, 1)
    with as_the_owner_of_the_tables() as cursor:
        kept = every_value(cursor, "diagnostics_invitation") | every_value(cursor, "cache")
    assert len(kept) > 40
    assert not any(own.split("/")[2] in value for value in kept)


def test_who_was_asked_by_name_has_no_such_address(client: Client, setting: Setting, made: Round, secret: str) -> None:
    link = respondent_link(made)
    root = client.get(f"/s/{link.secret}/")["Location"].removesuffix("welcome/")
    assert "keep this address" not in words(client, root + "welcome/") + words(client, root + "where-you-work/")


def respondent_link(made: Round) -> PersonalLink:
    invitation = made.invitations.of_people().order_by("pk")[0]
    return PersonalLink(invitation, keys_of(made).secret_of(invitation))


def test_a_second_visit_goes_on_with_the_same_answers(client: Client, secret: str) -> None:
    root = press_start(client, secret)
    client.post(root + "questions/purpose/", {"answer-PUR1": "2"})
    at = first_page(client, secret)
    said = words(client, at)
    assert "Somebody has started on this device" in said
    assert "Please answer only once." in said
    page = client.post(at, {"deed": "go_on"})
    assert page["Location"] == root + "welcome/"
    assert "Carry on" in words(client, page["Location"])
    assert client.post(at, {"deed": "start", "form": "another form"})["Location"] == root + "welcome/"
    assert (taken(), len(every_response())) == (1, 1)


def test_who_has_sent_is_told_so_on_a_second_visit(client: Client, secret: str) -> None:
    root = press_start(client, secret)
    client.post(root + "questions/purpose/", {"answer-PUR1": "2"})
    client.post(root + "check/")
    page = client.post(first_page(client, secret), {"deed": "go_on"}, follow=True)
    assert "Your answers are already in" in page.content.decode()
    assert taken() == 1


def test_a_device_that_several_share(client: Client, secret: str) -> None:
    """The next person starts anew, and finds nothing of the one before in this browser."""
    first = press_start(client, secret)
    client.post(first + "questions/purpose/", {"answer-PUR1": "2"})
    at = first_page(client, secret)
    page = client.post(at, {"deed": "another"})
    assert page["Location"] == at
    assert client.get(first + "questions/purpose/").status_code == 403
    assert "Somebody has started" not in words(client, at)
    second = press_start(client, secret)
    assert second != first
    client.post(second + "questions/purpose/", {"answer-PUR1": "5"})
    assert (taken(), len(every_response())) == (2, 2)


def test_a_personal_link_s_holder_is_led_back_to_it(client: Client, made: Round, secret: str) -> None:
    link = respondent_link(made)
    root = client.get(f"/s/{link.secret}/")["Location"].removesuffix("welcome/")
    client.post(root + "questions/purpose/", {"answer-PUR1": "2"})
    at = first_page(client, secret)
    assert "Somebody has started on this device" in words(client, at)
    assert client.post(at, {"deed": "start"})["Location"] == root + "welcome/"
    assert (taken(), len(every_response())) == (0, 1)


def test_a_form_that_is_sent_twice_takes_one_seat(client: Client, secret: str) -> None:
    """Pressed twice before the first answer has come, so that no cookie tells it."""
    at = first_page(client, secret)
    form = {"deed": "start", "form": "drawn-once"}
    cookies = client.cookies.output(header="", sep=";")
    first = client.post(at, form)
    again = Client()
    again.cookies.load(cookies)
    assert again.post(at, form)["Location"] == first["Location"]
    assert taken() == 1
    other = Client()
    other.cookies.load(cookies)
    assert other.post(at, form | {"form": "of another page"})["Location"] != first["Location"]
    assert taken() == 2


@pytest.mark.parametrize("form", ["", "x" * 5000, "\udcff", "\0", "<b>"])
def test_a_form_as_no_browser_sends_it_is_no_fault(client: Client, secret: str, form: str) -> None:
    at = first_page(client, secret)
    body = b"deed=start&form=" + form.encode("utf-8", "surrogateescape")
    page = client.post(at, body, content_type="application/x-www-form-urlencoded")
    assert page.status_code == 302


def test_when_the_number_is_used_up_the_page_says_whom_to_ask(
    client: Client, setting: Setting, made: Round, secret: str
) -> None:
    waiting = Client()
    at = first_page(waiting, secret)
    several_start(made, secret, 40)
    for page in (client.get(f"/s/{secret}/", follow=True), waiting.post(at, {"deed": "start"})):
        said = " ".join(page.content.decode().split())
        assert page.status_code == 410
        assert "Nobody else can start with this link" in said
        assert "tell whoever gave you the link: Westmere Community Trust can let more people in" in said
    offer_open_link(round=made, people=41, by=setting.lead)
    assert waiting.post(at, {"deed": "start"}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_the_last_seat_goes_to_one_of_two(setting: Setting) -> None:
    made, _ = opened(setting.participation, setting.lead)
    secret = offered(made, setting.lead, 6)
    several_start(made, secret, 5)
    both = [partial(start, made, secret, form=f"form {one}", address=f"198.51.100.{one}") for one in range(2)]
    outcomes = at_once(*both)
    [refused] = [one for one in outcomes if isinstance(one, LinkRefusedError)]
    assert refused.refusal is Refusal.FULL
    assert sum(isinstance(one, PersonalLink) for one in outcomes) == 1
    assert taken() == 6


@pytest.mark.django_db(transaction=True)
def test_the_same_form_twice_at_once_takes_one_seat(setting: Setting) -> None:
    made, _ = opened(setting.participation, setting.lead)
    secret = offered(made, setting.lead)
    outcomes = at_once(*[partial(start, made, secret, form="the same")] * 3)
    assert len({one.secret for one in outcomes}) == 1
    assert taken() == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_starts_as_it_closes_is_in_or_is_told(setting: Setting) -> None:
    """They wait for each other in the same order, so that neither is ended for a deadlock."""
    made, _ = opened(setting.participation, setting.lead)
    secret = offered(made, setting.lead)
    starts = [partial(start, made, secret, address=f"198.51.100.{one}") for one in range(3)]
    *outcomes, closed = at_once(*starts, partial(close_round, round=made, by=setting.lead))
    assert isinstance(closed, Round)
    for one in outcomes:
        assert isinstance(one, PersonalLink | LinkRefusedError), one


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The seconds that the clock of the limit says."""
    now = [1_000_000]
    monkeypatch.setattr(starting, "which_ten_seconds", lambda: now[0] // starting.SECONDS)
    return now


def test_a_robot_cannot_use_it_up_in_a_second(setting: Setting, made: Round, moment: list[int]) -> None:
    secret = offered(made, setting.lead, 30)
    for _ in range(15):
        start(made, secret)
    with pytest.raises(TooManyStartsError):
        start(made, secret)
    assert taken() == 15
    assert start(made, secret, address="198.51.100.9")
    moment[0] += starting.SECONDS
    assert start(made, secret)


def test_a_room_of_thirty_is_through_within_seconds(setting: Setting, made: Round, moment: list[int]) -> None:
    """All share one address; each presses again when told to wait."""
    secret, waiting, seconds = offered(made, setting.lead, 30), 30, 0
    while waiting:
        try:
            start(made, secret)
        except TooManyStartsError:
            moment[0] += 1
            seconds += 1
        else:
            waiting -= 1
    assert seconds <= 10


def test_whoever_is_too_many_is_told_when_to_try_again(
    client: Client, setting: Setting, made: Round, moment: list[int]
) -> None:
    at = first_page(client, offered(made, setting.lead, 9))
    cookies = client.cookies.output(header="", sep=";")
    for _ in range(starting.LEAST_STARTS):
        somebody = Client()
        somebody.cookies.load(cookies)
        assert somebody.post(at, {"deed": "start"}).status_code == 302
    last = client.post(at, {"deed": "start"})
    assert (last.status_code, last["Retry-After"]) == (429, "10")
    assert "Wait 10 seconds, then press Start again." in " ".join(last.content.decode().split())
    assert "Error: " in last.content.decode()


@pytest.mark.django_db(transaction=True)
def test_nothing_in_the_cache_tells_an_address_or_a_link(made: Round, secret: str) -> None:
    start(made, secret, form="a form", address="192.0.2.77")
    with as_the_owner_of_the_tables() as cursor:
        kept = every_value(cursor, "cache")
    assert len(kept) > 6
    assert not any("192.0.2.77" in value or "a form" in value or secret in value for value in kept)


@pytest.mark.django_db(transaction=True)
def test_nothing_in_the_cache_tells_when_anybody_began(made: Round, secret: str) -> None:
    cache.clear()  # of other tests, which nothing takes back
    cache.set("of-another-thing", 1, 600)
    for one in range(9):
        start(made, secret, form=f"form {one}", address=f"192.0.2.{one}")
    midnight = timezone.make_aware(
        datetime.datetime.combine(timezone.localdate() + datetime.timedelta(days=2), datetime.time())
    )
    before = rows_of_starts()
    assert len(before) == 18
    assert {expires for _, expires, _, _ in before} == {midnight}
    assert len({xmin for _, _, xmin, _ in before}) >= 9
    orders = set()
    for _ in range(3):
        keep_up()
        stirred = rows_of_starts()
        assert {(key, expires) for key, expires, _, _ in stirred} == {(key, expires) for key, expires, _, _ in before}
        assert len({xmin for _, _, xmin, _ in stirred}) == 1
        orders.add(tuple(key for key, *_ in stirred))
    assert len(orders) == 3, "in another order each time"
    assert cache.get("of-another-thing") == 1
    assert start(made, secret, form="form 4", address="192.0.2.4").invitation.is_seat
    assert taken() == 9, "and the same form still leads to the same seat"


@pytest.mark.django_db(transaction=True)
def test_after_its_midnight_nothing_is_left_in_the_cache(made: Round, secret: str) -> None:
    cache.clear()
    start(made, secret, form="a form")
    with as_the_owner_of_the_tables() as cursor:
        cursor.execute("UPDATE cache SET expires = expires - interval '2 days'")
        cursor.connection.commit()
    keep_up()
    assert rows_of_starts() == []


@pytest.mark.django_db(transaction=True)
def test_somebody_who_starts_while_it_is_stirred_is_neither_lost_nor_counted_twice(made: Round, secret: str) -> None:
    deeds = [partial(start, made, secret, form=f"form {one % 4}", address=f"192.0.2.{one}") for one in range(8)]
    outcomes = at_once(*deeds, *[starting.stir_starts] * 4)
    links = {one.secret for one in outcomes if isinstance(one, PersonalLink)}
    assert [one for one in outcomes if isinstance(one, Exception)] == []
    assert (len(links), taken()) == (4, 4)


@pytest.mark.parametrize(("hours", "same"), [(0, True), (1, True), (2, False)])
def test_a_form_leads_to_its_seat_for_an_hour_or_two(
    made: Round, secret: str, monkeypatch: pytest.MonkeyPatch, hours: int, same: bool
) -> None:
    first = start(made, secret, form="a form")
    hour = starting.which_hour()
    monkeypatch.setattr(starting, "which_hour", lambda: hour + hours)
    assert (start(made, secret, form="a form").secret == first.secret) is same


def rows_of_starts() -> list[tuple[str, datetime.datetime, str, str]]:
    """What the cache has beside other things, in the order in which it lies: key, end, transaction and place."""
    with as_the_owner_of_the_tables() as cursor:
        cursor.execute("SELECT cache_key, expires, xmin::text, ctid::text FROM cache ORDER BY ctid")
        return [row for row in cursor.fetchall() if "another-thing" not in row[0]]


def test_a_link_that_was_tampered_with_leads_nowhere(client: Client, secret: str) -> None:
    other = ("A" if secret[0] != "A" else "B") + secret[1:]
    page = client.get(f"/s/{other}/")
    assert (page.status_code, "This link does not work" in page.content.decode()) == (404, True)


def test_a_session_of_a_link_that_was_replaced_starts_nothing(
    client: Client, setting: Setting, made: Round, secret: str
) -> None:
    at = first_page(client, secret)
    replace_open_link(round=made, by=setting.lead)
    assert client.get(at).status_code == 404
    assert client.post(at, {"deed": "start"}).status_code == 404
    assert taken() == 0


def test_without_a_session_nobody_starts(made: Round, secret: str) -> None:
    at = first_page(Client(), secret)
    stranger = Client()
    assert stranger.get(at).status_code == 403
    assert stranger.post(at, {"deed": "start"}).status_code == 403


def test_a_session_of_one_kind_opens_no_page_of_the_other(client: Client, made: Round, secret: str) -> None:
    openly = first_page(client, secret).removesuffix("open/")
    own = client.get(f"/s/{respondent_link(made).secret}/")["Location"].removesuffix("welcome/")
    assert client.get(openly + "welcome/").status_code == 404
    assert client.get(own + "open/").status_code == 404


def test_a_cookie_that_was_tampered_with_is_none(client: Client, secret: str) -> None:
    press_start(client, secret)
    [name] = [one for one in client.cookies if one.startswith("begun-")]
    client.cookies[name] = client.cookies[name].value.replace(":", "a:", 1)
    assert "Somebody has started" not in words(client, first_page(client, secret))


def test_when_the_survey_has_closed_its_page_says_so(
    client: Client, setting: Setting, made: Round, secret: str
) -> None:
    at = first_page(client, secret)
    Round.objects.filter(pk=made.pk).update(opens_on="2020-01-01", closes_on="2020-01-02")
    assert "The last day to answer has passed" in client.get(at).content.decode()
    assert client.post(at, {"deed": "start"}).status_code == 410
    close_round(round=made, by=setting.lead)
    page = client.get(f"/s/{secret}/")
    assert (page.status_code, "This link does not work" in page.content.decode()) == (404, True)


def test_answers_are_withdrawn_and_given_anew_with_the_same_seat(made: Round, secret: str) -> None:
    link = start(made, secret)
    respondent, _ = respondent_with(link.secret)
    answer(link, 4)
    withdraw_response(respondent=respondent)
    answer(link, 2)
    assert (taken(), len(every_response())) == (1, 1)


def test_people_are_counted_together_and_five_at_a_time(setting: Setting, made: Round, secret: str) -> None:
    links = several_start(made, secret, 9)
    for link in links[:8]:
        answer(link, 4)
    keep_up()
    assert not made.invitations.filter(completed=True)
    answer(links[8], 4)
    keep_up()
    assert made.invitations.filter(completed=True).count() == 5


# --- what the database can tell


@pytest.mark.django_db(transaction=True)
def test_no_value_joins_seats_to_who_started_or_to_what_was_answered(setting: Setting) -> None:
    made, _ = opened(setting.participation, setting.lead)
    secret = offered(made, setting.lead, 12)
    with as_the_owner_of_the_tables() as cursor:
        cursor.execute("SELECT id, ctid::text, xmin::text, * FROM diagnostics_invitation ORDER BY id")
        before = cursor.fetchall()
    links = several_start(made, secret, 9)
    for link in links:
        answer(link, 4)
    with as_the_owner_of_the_tables() as cursor:
        cursor.execute("SELECT id, ctid::text, xmin::text, * FROM diagnostics_invitation ORDER BY id")
        assert cursor.fetchall() == before, "starting and answering write nothing to a seat"
    assert mark_those_who_answered(made) == 5
    ordinary = {str(made.pk), str(setting.organisation.pk), "True", "False", "None", ""}
    with as_the_owner_of_the_tables() as cursor:
        seats = every_value(cursor, "diagnostics_invitation") | every_value(cursor, "diagnostics_openlink")
        answered = every_value(cursor, "diagnostics_response") | every_value(cursor, "diagnostics_answer")
    shared = {value for value in (seats - ordinary) & answered if not value.startswith("(")}
    assert shared - {str(number) for number in range(50)} == set()
    assert not {link.secret for link in links} & (seats | answered)
    assert secret not in seats


def test_the_order_of_starting_cannot_be_told_without_the_key(made: Round, secret: str) -> None:
    """Neither the numbers of the seats nor their hashes come in it."""
    seats = [one.invitation for one in several_start(made, secret, 30)]
    numbers, hashes = [one.pk for one in seats], [one.link_hash for one in seats]
    assert numbers != sorted(numbers)
    assert hashes != sorted(hashes, key=str)
    every = sorted(made.invitations.seats().values_list("pk", flat=True))
    assert sorted(numbers) != every[:30]


@pytest.mark.django_db(transaction=True)
def test_the_database_alone_does_not_give_the_open_link(setting: Setting, made: Round, secret: str) -> None:
    with as_the_owner_of_the_tables() as cursor:
        kept = every_value(cursor, "diagnostics_openlink") | every_value(cursor, "diagnostics_openlinkevent")
    assert not any(secret in value for value in kept)
    hashes = [value for value in kept if re.fullmatch(r"[0-9a-f]{64}", value)]
    assert [Client().get(f"/s/{one}/").status_code for one in hashes] == [404]


# --- in a survey that is read by organisation


@pytest.fixture
def named(setting: Setting) -> Round:
    """Asks people of two organisations by name, and others with the open link."""
    MembershipFactory.create(
        partnership=setting.participation.partnership, organisation=OrganisationFactory.create(name="Bexford Hospice")
    )
    made = draft(setting.participation, setting.lead)
    made.invitations.update(works_for="Aldercote Council")
    offer_open_link(round=made, people=12, by=setting.lead)
    read_answers_as(round=made, mode=RoundMode.NAMED, by=setting.lead)
    open_round(round=Round.objects.get(pk=made.pk), by=setting.lead)
    return Round.objects.get(pk=made.pk)


def test_where_organisations_are_named_people_say_for_which_they_work(client: Client, named: Round) -> None:
    at = first_page(client, secret_of(named))
    assert "your answers count as the view of the organisation you work for" in words(client, at)
    root = press_start(client, secret_of(named))
    page = client.get(root + "where-you-work/")
    assert page["Location"] == root + "whom-you-work-for/"
    said = words(client, page["Location"])
    for name in ("Aldercote Council", "Bexford Hospice", "Westmere Community Trust"):
        assert f'value="{name}"' in said
    refused = client.post(root + "whom-you-work-for/", {"organisation": "Nobody’s Trust"})
    assert "Choose the organisation you work for." in refused.content.decode()
    early = client.post(root + "questions/purpose/", {"answer-PUR1": "4"})
    assert early.status_code == 403
    assert "Say first for whom you work" in early.content.decode()
    page = client.post(root + "whom-you-work-for/", {"organisation": "Bexford Hospice"})
    assert page["Location"] == root + "where-you-work/"
    client.post(root + "where-you-work/", {"place": "board"})
    assert (the_response().works_for, the_response().place) == ("Bexford Hospice", "board")
    assert "the view of Bexford Hospice" in words(client, root + "welcome/")
    assert not named.invitations.seats().exclude(works_for=""), "and no invitation says it"


def test_somebody_asked_by_name_cannot_answer_for_another(client: Client, named: Round) -> None:
    root = client.get(f"/s/{respondent_link(named).secret}/")["Location"].removesuffix("welcome/")
    page = client.post(root + "whom-you-work-for/", {"organisation": "Bexford Hospice"})
    assert page["Location"] == root + "where-you-work/"
    client.post(root + "where-you-work/", {"place": "board"})
    assert the_response().works_for == "Aldercote Council"


def test_where_answers_are_read_together_it_is_not_asked_and_not_kept(client: Client, made: Round, secret: str) -> None:
    root = press_start(client, secret)
    assert client.get(root + "whom-you-work-for/")["Location"] == root + "where-you-work/"
    client.post(root + "whom-you-work-for/", {"organisation": "Westmere Community Trust"})
    client.post(root + "where-you-work/", {"place": "board"})
    assert the_response().works_for == ""


def test_results_by_organisation_say_that_nobody_knows_how_many_had_it(setting: Setting, named: Round) -> None:
    for link in [respondent_link(named), *several_start(named, secret_of(named), 6)]:
        if link.invitation.is_seat:
            record_organisation(respondent=respondent_with(link.secret)[0], works_for="Bexford Hospice")
        answer(link, 4)
    close_round(round=named, by=setting.lead)
    results = results_of(Round.objects.get(pk=named.pk))
    assert results is not None
    assert results.by_organisation is not None
    rows = {row.name: (row.answered, row.invited) for row in results.by_organisation.rows}
    assert rows == {"Aldercote Council": (1, None), "Bexford Hospice": (6, None)}
    overall = results.by_organisation.rows[1].cells[0].estimate
    assert overall is not None
    assert overall.low < overall.mean < overall.high, "six of the twelve, as far as anybody knows"
    client = Client()
    client.force_login(setting.executive)
    said = words(client, f"/o/{setting.code}/surveys/{named.pk}/")
    assert "How many of each had the open link is not known" in said
    assert "6 answered" in said
