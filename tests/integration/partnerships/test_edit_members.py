import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from partnerships.actions.members import add_member, choose_lead, remove_member
from partnerships.models import Organisation, OrganisationName, Participation, RegisterSource
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory
from tests.integration.partnerships.conftest import Desk, words_of


def path_of(participation: Participation, query: str = "") -> str:
    return f"partnerships/{participation.partnership.slug}/edit/members/{query}"


def named(name: str, code: str, **facts: Any) -> Organisation:
    organisation: Organisation = OrganisationFactory.create(name=name, code=code, **facts)
    OrganisationName.objects.create(organisation=organisation, name=name)
    return organisation


def members(participation: Participation) -> set[str]:
    rows = participation.partnership.memberships.current_on(timezone.localdate())
    return set(rows.values_list("organisation__code", flat=True))


def test_found_by_code_or_name_and_only_what_is_open(desk: Desk) -> None:
    participation = desk.participation()
    named("SOMERSET NHS FOUNDATION TRUST", "RH5")
    named("SOMERSET PARTNERSHIP", "RH50", closed_on=datetime.date(2020, 4, 1))
    for words in ("rh5", "somerset trust"):
        page = words_of(desk.get(path_of(participation, f"?search={words}")))
        assert "Somerset NHS Foundation Trust (RH5)" in page
        assert "RH50" not in page
    assert "No open organisation matches “nobody”" in words_of(desk.get(path_of(participation, "?search=nobody")))


def test_htmx_gets_what_was_found_alone(desk: Desk) -> None:
    participation = desk.participation()
    named("SOMERSET NHS FOUNDATION TRUST", "RH5")
    fragment = desk.get(path_of(participation, "?search=rh5"), headers={"HX-Request": "true"})
    assert words_of(fragment).strip().startswith('<div id="found"')
    assert "RH5" in words_of(fragment)
    assert "HX-Request" in desk.get(path_of(participation))["Vary"]
    assert "<html" in words_of(desk.get(path_of(participation, "?search=rh5")))


def test_a_member_is_added_with_its_day(desk: Desk) -> None:
    participation = desk.participation()
    named("SOMERSET NHS FOUNDATION TRUST", "RH5")
    day = {"joined_on-day": "1", "joined_on-month": "4", "joined_on-year": "2023"}
    data = {"do": "add", "search": "somerset", "organisation": "RH5", **day}
    assert desk.post(path_of(participation), data).status_code == 302
    membership = participation.partnership.memberships.get(organisation__code="RH5")
    assert membership.joined_on == datetime.date(2023, 4, 1)
    desk.post(path_of(participation), data)
    assert participation.partnership.memberships.filter(organisation__code="RH5").count() == 1


def test_what_is_wrong_is_said_and_the_search_stays(desk: Desk) -> None:
    participation = desk.participation()
    named("SOMERSET NHS FOUNDATION TRUST", "RH5")
    page = words_of(desk.post(path_of(participation), {"do": "add", "search": "somerset"}))
    assert '<a href="#id_organisation">Choose an organisation.</a>' in page
    assert 'value="somerset"' in page
    page = words_of(desk.post(path_of(participation), {"do": "add", "search": "somerset", "organisation": "RYF"}))
    assert "Choose one of those found." in page
    assert members(participation) == set()


def test_a_member_leaves_on_a_day_and_stays_in_the_history(desk: Desk) -> None:
    participation = desk.participation()
    other = named("SOMERSET NHS FOUNDATION TRUST", "RH5")
    MembershipFactory.create(
        partnership=participation.partnership, organisation=other, joined_on=datetime.date(2020, 1, 1), is_lead=True
    )
    assert "Day it left" in words_of(desk.get(path_of(participation, "?remove=RH5")))
    day = {"left_on-day": "31", "left_on-month": "3", "left_on-year": "2024"}
    assert desk.post(path_of(participation, "?remove=RH5"), {"do": "remove", **day}).status_code == 302
    membership = participation.partnership.memberships.get()
    assert membership.left_on == datetime.date(2024, 3, 31)
    assert not membership.is_lead
    assert members(participation) == set()


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (("31", "12", "2019"), "The day they left is before the day they joined"),
        (("1", "1", "2190"), "Enter today or an earlier day"),
        (("31", "2", "2024"), "Enter a real date"),
        (("", "", ""), "Enter the day it left."),
    ],
)
def test_an_impossible_last_day_is_explained(desk: Desk, day: tuple[str, str, str], says: str) -> None:
    participation = desk.participation()
    other = named("SOMERSET NHS FOUNDATION TRUST", "RH5")
    MembershipFactory.create(
        partnership=participation.partnership, organisation=other, joined_on=datetime.date(2020, 1, 1)
    )
    parts = dict(zip(("left_on-day", "left_on-month", "left_on-year"), day, strict=True))
    page = words_of(desk.post(path_of(participation, "?remove=RH5"), {"do": "remove", **parts}))
    assert '<a href="#id_left_on-day">' in page
    assert says in page
    assert members(participation) == {"RH5"}


def test_the_lead_is_one_member(desk: Desk) -> None:
    participation = desk.participation()
    for code in ("RH5", "RYF"):
        MembershipFactory.create(partnership=participation.partnership, organisation=named(f"Trust {code}", code))
    for code in ("RH5", "RYF"):
        desk.post(path_of(participation), {"do": "lead", "organisation": code})
        assert participation.partnership.memberships.get(is_lead=True).organisation.code == code
    desk.post(path_of(participation), {"do": "lead", "organisation": ""})
    assert not participation.partnership.memberships.filter(is_lead=True).exists()
    with pytest.raises(ValidationError, match="is not a member"):
        choose_lead(participation=participation, by=desk.lead, organisation=desk.organisation)


def test_one_that_came_back_has_two_memberships(desk: Desk) -> None:
    participation = desk.participation()
    other = named("SOMERSET NHS FOUNDATION TRUST", "RH5")
    add_member(participation=participation, by=desk.lead, organisation=other)
    remove_member(participation=participation, by=desk.lead, organisation=other, left_on=datetime.date(2024, 1, 1))
    add_member(participation=participation, by=desk.lead, organisation=other)
    assert participation.partnership.memberships.count() == 2
    assert members(participation) == {"RH5"}


@pytest.mark.parametrize("button", [{"do": "add", "search": "RH5", "organisation": "RH5"}, {"do": "lead"}])
def test_a_registers_members_stay(desk: Desk, button: dict[str, str]) -> None:
    partnership = PartnershipFactory.create(
        recorded_by=None, source=RegisterSource.PRIMARY_CARE_NETWORKS, register_code="U00070"
    )
    participation = desk.participation(partnership=partnership)
    named("SOMERSET NHS FOUNDATION TRUST", "RH5")
    assert "stay as they are there" in words_of(desk.get(path_of(participation)))
    page = desk.client.post(desk.at(path_of(participation)), button, follow=True)
    assert "comes from a public register" in words_of(page)
    assert members(participation) == set()


def test_a_button_that_is_not_on_the_page_changes_nothing(desk: Desk) -> None:
    participation = desk.participation()
    page = desk.client.post(desk.at(path_of(participation)), {"do": "something"}, follow=True)
    assert "Choose what to do with the buttons" in words_of(page)
