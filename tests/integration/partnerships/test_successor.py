"""Who took over from a closed organisation: the action, its page and the warning that leads there."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from partnerships.actions.successors import record_successor
from partnerships.models import Deed, DeedKind, Organisation, OrganisationKind
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PartnershipFactory,
    PersonFactory,
    active_participation,
    organisation_with_people,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture
def ours() -> dict[str, Any]:
    """Our organisation in a partnership that a closed one is still listed in, and the one that took over."""
    organisation, lead, executive = organisation_with_people(code="OURS")
    closed = OrganisationFactory.create(code="RA4", name="Yeovil District Hospital", closed_on=DAY(2023, 3, 31))
    heir = OrganisationFactory.create(code="RH5", name="Somerset")
    partnership = PartnershipFactory.create(
        slug="alliance", source="icb_partners", register_code="QSL", recorded_by=None
    )
    MembershipFactory.create(partnership=partnership, organisation=closed)
    active_participation(organisation, partnership=partnership)
    return {"organisation": organisation, "lead": lead, "executive": executive, "closed": closed, "heir": heir}


def by_lead(ours: dict[str, Any]) -> dict[str, Any]:
    return {"by": ours["lead"], "acting_for": ours["organisation"]}


PAGE = "/o/OURS/successors/RA4/"
ANSWER = {"successor": "rh5", "on-day": "1", "on-month": "4", "on-year": "2023"}


def test_the_warning_leads_to_the_page_and_back(client: Client, ours: dict[str, Any]) -> None:
    client.force_login(ours["lead"])
    words = client.get("/o/OURS/partnerships/alliance/").content.decode()
    assert "1 member has closed" in words
    assert "Yeovil District Hospital (RA4)" in words
    assert "31 March 2023" in words
    assert f"{PAGE}?partnership=alliance" in words
    done = client.post(f"{PAGE}?partnership=alliance", ANSWER)
    assert done["Location"] == "/o/OURS/partnerships/alliance/"
    words = client.get("/o/OURS/partnerships/alliance/").content.decode()
    assert "Somerset (RH5) took over on 1 April 2023." in " ".join(words.split())
    assert "Record who took over" not in words


def test_who_recorded_it_is_on_the_record_each_time(client: Client, ours: dict[str, Any]) -> None:
    client.force_login(ours["lead"])
    client.post(PAGE, ANSWER)
    client.post(PAGE, {**ANSWER, "on-day": "2"})
    client.post(PAGE, {**ANSWER, "on-day": "32"})
    found = Deed.objects.filter(kind=DeedKind.RECORDED_SUCCESSOR).order_by("done_at")
    assert [(deed.organisation, deed.person, deed.what) for deed in found] == [
        (ours["organisation"], ours["lead"], f"Somerset (RH5) took over from Yeovil District Hospital (RA4) on {day}")
        for day in ("1 April 2023", "2 April 2023")
    ]


def test_an_executive_reads_the_warning_without_the_link(client: Client, ours: dict[str, Any]) -> None:
    client.force_login(ours["executive"])
    words = client.get("/o/OURS/partnerships/alliance/").content.decode()
    assert "Who took over is not recorded." in words
    assert "Record who took over" not in words


def test_a_unit_is_listed_with_its_trust(client: Client, ours: dict[str, Any]) -> None:
    unit = OrganisationFactory.create(code="RA430", name="", kind=OrganisationKind.UNIT, parent=ours["closed"])
    MembershipFactory.create(partnership=ours["organisation"].participations.get().partnership, organisation=unit)
    client.force_login(ours["lead"])
    words = " ".join(client.get("/o/OURS/partnerships/alliance/").content.decode().split())
    assert "2 members have closed" in words
    assert "RA430, a unit of Yeovil District Hospital (RA4), which closed on 31 March 2023." in words


def test_what_is_recorded_can_be_put_right(client: Client, ours: dict[str, Any]) -> None:
    client.force_login(ours["lead"])
    client.post(PAGE, ANSWER)
    assert 'value="RH5"' in client.get(PAGE).content.decode()
    client.post(PAGE, {**ANSWER, "on-day": "2"})
    closed = Organisation.objects.get(code="RA4")
    assert (closed.successor, closed.succeeded_on) == (ours["heir"], DAY(2023, 4, 2))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"successor": "RZZ"}, "No organisation has the code RZZ."),
        ({"successor": "RA4"}, "An organisation cannot succeed itself."),
        ({"successor": ""}, "Enter the code of the organisation that took over."),
        ({"on-day": "31", "on-month": "2"}, "Enter a real date"),
        ({"on-day": "", "on-month": "", "on-year": ""}, "Enter the day it legally took over."),
        ({"on-year": "2199"}, "Enter a day that is not in the future."),
    ],
)
def test_a_wrong_answer_is_explained_and_kept(
    client: Client, ours: dict[str, Any], answer: dict[str, str], words: str
) -> None:
    client.force_login(ours["lead"])
    page = client.post(PAGE, {**ANSWER, **answer})
    assert page.status_code == 200
    assert words in page.content.decode()
    assert "Error: Record who took over" in page.content.decode()
    assert Organisation.objects.get(code="RA4").successor is None


def test_a_line_of_successors_never_comes_back(ours: dict[str, Any]) -> None:
    record_successor(organisation=ours["closed"], successor=ours["heir"], on=DAY(2023, 4, 1), **by_lead(ours))
    Organisation.objects.filter(code="RH5").update(closed_on=DAY(2024, 3, 31))
    ours["heir"].refresh_from_db()
    MembershipFactory.create(
        partnership=ours["organisation"].participations.get().partnership, organisation=ours["heir"]
    )
    with pytest.raises(ValidationError, match="took over from"):
        record_successor(
            organisation=ours["heir"],
            successor=Organisation.objects.get(code="RA4"),
            on=DAY(2024, 4, 1),
            **by_lead(ours),
        )


def test_the_day_is_not_before_it_opened(ours: dict[str, Any]) -> None:
    Organisation.objects.filter(code="RA4").update(opened_on=DAY(2006, 6, 1))
    with pytest.raises(ValidationError, match="opened on 1 June 2006"):
        record_successor(organisation=ours["closed"], successor=ours["heir"], on=DAY(2001, 4, 1), **by_lead(ours))


def test_only_a_strategy_lead_who_shares_a_partnership_may_record_it(client: Client, ours: dict[str, Any]) -> None:
    _, stranger, _ = organisation_with_people(code="ELSE")
    for person in (stranger, ours["executive"], PersonFactory.create()):
        with pytest.raises(PermissionDenied):
            record_successor(
                organisation=ours["closed"],
                successor=ours["heir"],
                on=DAY(2023, 4, 1),
                **by_lead(ours) | {"by": person},
            )
    client.force_login(stranger)
    assert client.get("/o/ELSE/successors/RA4/").status_code == 403
    assert client.post("/o/ELSE/successors/RA4/", ANSWER).status_code == 403


def test_who_reaches_the_page(client: Client, ours: dict[str, Any]) -> None:
    assert "/accounts/login/" in client.get(PAGE)["Location"]
    client.force_login(ours["lead"])
    assert client.get(PAGE).status_code == 200
    assert client.put(PAGE).status_code == 405
    assert client.get("/o/OURS/successors/RZZ/").status_code == 404
    client.force_login(ours["executive"])
    assert client.get(PAGE).status_code == 403
    client.force_login(PersonFactory.create())
    assert client.get(PAGE).status_code == 404


def test_nobody_closes_a_neighbour_that_is_open(client: Client, ours: dict[str, Any]) -> None:
    """Not by a partnership made for it, nor by one of the register: a neighbour speaks for itself."""
    neighbour, _, _ = organisation_with_people(code="NEXT")
    made_for_it = PartnershipFactory.create(recorded_by=ours["organisation"])
    active_participation(ours["organisation"], partnership=made_for_it)
    for partnership in (made_for_it, ours["closed"].memberships.get().partnership):
        MembershipFactory.create(partnership=partnership, organisation=neighbour)
        with pytest.raises(PermissionDenied):
            record_successor(organisation=neighbour, successor=ours["heir"], on=DAY(2023, 4, 1), **by_lead(ours))
    client.force_login(ours["lead"])
    assert client.post("/o/OURS/successors/NEXT/", ANSWER).status_code == 403
    neighbour.refresh_from_db()
    assert neighbour.successor is None


def test_a_partnership_recorded_by_hand_gives_no_say(ours: dict[str, Any]) -> None:
    gone = OrganisationFactory.create(code="RGONE", closed_on=DAY(2023, 3, 31))
    by_hand = PartnershipFactory.create(recorded_by=ours["organisation"])
    MembershipFactory.create(partnership=by_hand, organisation=gone)
    active_participation(ours["organisation"], partnership=by_hand)
    with pytest.raises(PermissionDenied):
        record_successor(organisation=gone, successor=ours["heir"], on=DAY(2023, 4, 1), **by_lead(ours))
