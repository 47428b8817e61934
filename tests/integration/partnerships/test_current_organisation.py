"""Several organisations for one person: choosing, switching, being offered the switch; and access that has ended."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from partnerships.actions.grants import change_roles, remove_person
from partnerships.models import AccessGrant, Organisation, Person, Role
from tests.factories import PersonFactory, in_role, organisation_with_people
from tests.integration.partnerships.conftest import Desk, words_of

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
HTMX = {"HX-Request": "true"}


class Both:
    """Somebody who leads one organisation and reads another, signed in; ``client`` has opened nothing yet."""

    def __init__(self) -> None:
        self.one, self.person, _ = organisation_with_people(name="First Trust")
        self.other, self.lead, _ = organisation_with_people(name="Second Trust")
        AccessGrant.objects.create(organisation=self.other, person=self.person, role=Role.READER)
        self.client = Client()
        self.client.force_login(self.person)

    def at(self, organisation: Organisation, path: str = "partnerships/") -> str:
        return f"/o/{organisation.code}/{path}"

    def open(self, address: str, **how: Any) -> Any:
        return self.client.get(address, **how)

    def from_page(self, address: str, came_from: str, host: str = "testserver") -> Any:
        return self.client.get(address, headers={"Referer": f"http://{host}{came_from}"})


@pytest.fixture
def both() -> Both:
    return Both()


def offers_the_switch(answer: Any) -> bool:
    return answer.status_code == 200 and "Switch and open the page" in words_of(answer)


def test_signing_in_leads_to_the_choice_and_the_choice_is_remembered(both: Both) -> None:
    page = both.client.get("/", follow=True)
    assert page.redirect_chain == [("/your-organisations/", 302)]
    assert "First Trust" in words_of(page)
    assert "Second Trust" in words_of(page)
    answer = both.client.post("/your-organisations/", {"organisation": both.other.code})
    assert answer["Location"] == f"/o/{both.other.code}/"
    assert both.client.get("/")["Location"] == f"/o/{both.other.code}/"
    assert ">Now<" in words_of(both.client.get("/your-organisations/")).replace("\n", "").replace(" ", "")


def test_the_page_opened_last_says_where_somebody_works(both: Both) -> None:
    both.open(both.at(both.one))
    assert both.client.get("/")["Location"] == f"/o/{both.one.code}/"


def test_a_link_to_the_other_organisation_is_offered_the_switch_and_keeps_its_address(both: Both) -> None:
    both.open(both.at(both.one))
    wanted = both.at(both.other, "partnerships/?stage=forming&kind=a%26b")
    page = both.open(wanted)
    assert offers_the_switch(page)
    assert "This page belongs to Second Trust. At the moment you work for First Trust." in words_of(page)
    sent = {"organisation": both.other.code, "next": page.context["address"]}
    assert both.client.post("/your-organisations/", sent)["Location"] == wanted
    assert both.open(wanted).status_code == 200
    assert not offers_the_switch(both.open(wanted))
    assert offers_the_switch(both.open(both.at(both.one)))


def test_a_first_link_is_simply_followed(both: Both) -> None:
    assert not offers_the_switch(both.open(both.at(both.other)))


def test_going_on_from_a_page_of_the_other_organisation_switches(both: Both) -> None:
    """Two tabs: a link on a page of an organisation stays in that organisation."""
    both.open(both.at(both.one))
    assert not offers_the_switch(both.from_page(both.at(both.other), both.at(both.other, "capacity/")))
    both.open(both.at(both.one))
    assert not offers_the_switch(both.from_page(both.at(both.other), f"/system/{both.other.code}/"))


@pytest.mark.parametrize(
    ("came_from", "host"), [("/o/ONE/", "testserver"), ("/o/OTHER/", "elsewhere.example"), ("/", "testserver")]
)
def test_any_other_origin_is_offered_the_switch(both: Both, came_from: str, host: str) -> None:
    both.open(both.at(both.one))
    page = came_from.replace("ONE", both.one.code).replace("OTHER", both.other.code)
    if page != both.at(both.one, ""):
        assert offers_the_switch(both.from_page(both.at(both.other), page, host))


def test_a_form_that_is_sent_is_never_held_up(both: Both) -> None:
    both.open(both.at(both.other))
    answer = both.client.post(both.at(both.one, "capacity/pools/"), {})
    assert answer.status_code == 200
    assert not offers_the_switch(answer)
    assert both.client.get("/")["Location"] == f"/o/{both.one.code}/"


def test_a_part_of_an_open_page_is_never_held_up(both: Both) -> None:
    both.open(both.at(both.one))
    answer = both.open(both.at(both.other), headers=HTMX)
    assert not offers_the_switch(answer)
    assert both.client.get("/")["Location"] == f"/o/{both.one.code}/"
    assert offers_the_switch(both.open(both.at(both.other), headers={**HTMX, "HX-Boosted": "true"}))


def test_a_page_that_a_role_does_not_open_switches_nothing(both: Both) -> None:
    both.open(both.at(both.one))
    refused = both.from_page(both.at(both.other, "people/"), both.at(both.other))
    assert refused.status_code == 403
    assert both.client.get("/")["Location"] == f"/o/{both.one.code}/"


def test_the_header_offers_the_switch_to_who_has_several(both: Both, desk: Desk) -> None:
    assert 'href="/your-organisations/"' in words_of(both.open(both.at(both.one)))
    assert 'href="/your-organisations/"' not in words_of(desk.get("partnerships/"))


@pytest.mark.parametrize("code", ["", "NOWHERE", "THIRD"])
def test_a_switch_to_what_is_not_ones_own_is_refused(both: Both, code: str) -> None:
    third, _, _ = organisation_with_people()
    both.open(both.at(both.one))
    answer = both.client.post("/your-organisations/", {"organisation": third.code if code == "THIRD" else code})
    assert answer.status_code == 404
    assert both.client.get("/")["Location"] == f"/o/{both.one.code}/"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example/o/OTHER/", "//elsewhere.example/o/OTHER/", "/o/ONE/", "javascript:alert(1)",
        "/accounts/logout/", "/o/OTHER", "http:///elsewhere.example/o/OTHER/", "\\\\elsewhere.example/o/OTHER/", "",
    ],
)  # fmt: skip
def test_the_wanted_page_is_one_of_that_organisation(both: Both, wanted: str) -> None:
    wanted = wanted.replace("ONE", both.one.code).replace("OTHER", both.other.code)
    answer = both.client.post("/your-organisations/", {"organisation": both.other.code, "next": wanted})
    assert answer["Location"] == f"/o/{both.other.code}/"


def test_choosing_needs_signing_in_and_a_token(both: Both) -> None:
    assert Client().get("/your-organisations/")["Location"] == "/accounts/login/?next=/your-organisations/"
    assert Client().post("/your-organisations/", {"organisation": both.one.code}).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(both.person)
    assert strict.post("/your-organisations/", {"organisation": both.one.code}).status_code == 403
    assert both.client.put("/your-organisations/").status_code == 405


def test_an_organisation_that_is_neither_does_not_exist(both: Both) -> None:
    third, _, _ = organisation_with_people()
    both.open(both.at(both.one))
    assert both.open(both.at(third)).status_code == 404


def test_somebody_with_one_organisation_starts_there_whatever_was_opened(both: Both) -> None:
    both.open(both.at(both.other))
    both.person.access_grants.filter(organisation=both.other).update(
        granted_at=timezone.now() - DAY, expires_at=timezone.now()
    )
    assert both.client.get("/")["Location"] == f"/o/{both.one.code}/"
    assert not offers_the_switch(both.open(both.at(both.one)))


# Access that has ended


@pytest.fixture
def administrator(desk: Desk) -> Person:
    return in_role(desk.organisation, Role.ADMINISTRATOR)


def test_a_role_removed_while_signed_in_is_told_at_the_next_click(desk: Desk, administrator: Person) -> None:
    assert desk.get("partnerships/").status_code == 200
    remove_person(organisation=desk.organisation, person=desk.lead, by=administrator)
    for method, path in (("get", "partnerships/"), ("post", "partnerships/add/"), ("get", "people/roles/")):
        page = getattr(desk.client, method)(desk.at(path))
        assert page.status_code == 403
        words = words_of(page)
        assert f"Your access to {desk.organisation.display_name} has ended" in words
        assert f"You were strategy lead there until {timezone.localdate():%-d %B %Y}" in words
        assert "ask an administrator" in words
        assert "/people/" not in words
    assert desk.get("partnerships/", headers=HTMX).status_code == 403
    assert not desk.organisation.participations.exists()


def test_so_is_one_whose_last_day_has_passed(desk: Desk) -> None:
    desk.lead.access_grants.update(granted_at=timezone.now() - 9 * DAY, expires_at=timezone.now() - DAY)
    assert "has ended" in words_of(desk.get("partnerships/"))


def test_who_lost_one_role_of_several_is_told_which(desk: Desk, administrator: Person) -> None:
    change_roles(organisation=desk.organisation, person=desk.lead, roles={Role.READER: None}, by=administrator)
    assert desk.get("partnerships/").status_code == 200
    page = desk.get("capacity/change/")
    assert page.status_code == 403
    assert f"Your role as strategy lead ended on {timezone.localdate():%-d %B %Y} at " in words_of(page)
    assert "Only a strategy lead can change this." in words_of(page)


def test_who_never_could_is_not_told_of_other_roles(desk: Desk, administrator: Person) -> None:
    change_roles(organisation=desk.organisation, person=desk.executive, roles={Role.READER: None}, by=administrator)
    page = words_of(desk.as_(desk.executive).get("capacity/change/"))
    assert "Your role as" not in page


def test_somebody_who_never_belonged_learns_nothing(desk: Desk) -> None:
    assert desk.as_(PersonFactory.create()).get("partnerships/").status_code == 404


def test_the_other_organisations_are_offered_where_one_has_ended(both: Both) -> None:
    both.person.access_grants.filter(organisation=both.other).update(
        granted_at=timezone.now() - DAY, expires_at=timezone.now()
    )
    assert "Go to your other organisation<" in words_of(both.open(both.at(both.other)))
    assert "Your access to Second Trust ended on" in words_of(both.open("/your-organisations/"))


def test_without_any_role_left_the_start_page_says_so(desk: Desk, administrator: Person) -> None:
    remove_person(organisation=desk.organisation, person=desk.lead, by=administrator)
    page = words_of(desk.client.get("/", follow=True))
    assert "you have no role at an organisation now" in page
    assert f"Your access to {desk.organisation.display_name} ended on" in page


def test_a_system_reader_starts_at_the_system_and_sees_no_portfolio(desk: Desk) -> None:
    guest = desk.as_(in_role(desk.organisation, Role.SYSTEM_READER))
    assert guest.client.get("/")["Location"] == f"/system/{desk.organisation.code}/"
    assert guest.client.get(f"/system/{desk.organisation.code}/").status_code == 200
    page = guest.get("partnerships/")
    assert page.status_code == 403
    assert f'href="/system/{desk.organisation.code}/"' in words_of(page)


def test_accepting_an_invitation_makes_that_organisation_the_one_of_now(both: Both) -> None:
    from partnerships.actions.invitations import invite

    third, _, _ = organisation_with_people()
    link = invite(
        organisation=third,
        email=both.person.email,
        roles=[Role.READER],
        last_day=None,
        by=in_role(third, Role.ADMINISTRATOR),
    )
    both.open(both.at(both.one))
    both.client.get(f"/invitations/{link.secret}/")
    both.client.post("/invitations/")
    assert both.client.get("/")["Location"] == f"/o/{third.code}/"


def test_a_page_costs_one_query_for_who_somebody_is(both: Both, django_assert_num_queries: Any) -> None:
    both.open(both.at(both.other, "people/roles/"))
    with django_assert_num_queries(6):  # session, person, standing, and three to save the session
        both.open(both.at(both.other, "people/roles/"))
