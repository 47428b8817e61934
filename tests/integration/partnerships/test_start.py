"""Start from the register: what is offered, what is ticked, and what becomes of it."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from partnerships.actions.register_drafts import add_drafts_from_register
from partnerships.models import (
    AccessGrant,
    Organisation,
    OrganisationKind,
    Participation,
    ParticipationState,
    Partnership,
    PartnershipKind,
    PartnershipMembership,
    Person,
    RegisterSource,
    Role,
)
from partnerships.register_choices import register_choices
from tests.factories import OrganisationFactory, PartnershipFactory, PersonFactory, organisation_with_people

pytestmark = pytest.mark.django_db
DAY = datetime.date
PAGE = "/o/RH5/start/"
HTMX = {"HX-Request": "true"}


def of_register(source: RegisterSource, code: str, name: str, kind: str, **facts: Any) -> Partnership:
    facts.setdefault("slug", code.lower())
    facts |= {"kind": PartnershipKind.objects.get(code=kind), "as_of": DAY(2024, 12, 23)}
    return Partnership.objects.create(source=source, register_code=code, name=name, **facts)


def member(partnership: Partnership, organisation: Organisation, **facts: Any) -> PartnershipMembership:
    return PartnershipMembership.objects.create(
        partnership=partnership, organisation=organisation, source=partnership.source, as_of=partnership.as_of, **facts
    )


def network(number: int, name: str, postcode: str, icb: str = "QSL", **facts: Any) -> Partnership:
    source, kind = RegisterSource.PRIMARY_CARE_NETWORKS, "primary-care-network"
    return of_register(source, f"U{number:05d}", name, kind, postcode=postcode, icb_code=icb, **facts)


class Somerset:
    """A trust with a board, a network of its own, one through a unit, and three primary care networks near it."""

    def __init__(self) -> None:
        facts = {"postcode": "TA1 5DA", "icb_code": "QSL", "kind": "trust", "is_invented": False}
        people = organisation_with_people(code="RH5", name="SOMERSET NHS FOUNDATION TRUST", **facts)
        self.organisation, self.lead, self.executive = people
        icbs, epilepsies = RegisterSource.ICB_PARTNERS, RegisterSource.EPILEPSY_NETWORKS
        board = of_register(icbs, "QSL", "NHS SOMERSET ICB", "integrated-care-board", icb_code="QSL")
        epilepsy = of_register(epilepsies, "SWIPE", "Epilepsy South West", "clinical-network")
        diabetes = of_register(RegisterSource.DIABETES_NETWORKS, "PN02", "Diabetes South West", "clinical-network")
        unit = OrganisationFactory.create(code="RH5A8", name="", kind=OrganisationKind.UNIT, parent=self.organisation)
        member(board, self.organisation)
        member(epilepsy, self.organisation)
        member(diabetes, unit)
        self.memberships = [board, diabetes, epilepsy]
        self.frome = network(1, "FROME PCN", "BA11 2FH")
        self.bridgwater = network(2, "BRIDGWATER PCN", "TA6 7AS")
        self.taunton = network(3, "TAUNTON CENTRAL PCN", "TA1 1NW")
        network(4, "EXETER CITY PCN", "EX1 1SB", icb="QJK")
        network(5, "CLOSED PCN", "TA1 1NW", ended_on=DAY(2024, 3, 31))


@pytest.fixture
def somerset() -> Somerset:
    return Somerset()


def keys(partnerships: Collection[Partnership]) -> list[str]:
    return [str(one.pk) for one in partnerships]


def ticked(client: Client, address: str = PAGE) -> set[str]:
    form = client.get(address).context["form"]
    return set(form.ticked)


def test_what_the_registers_show(somerset: Somerset) -> None:
    offered = register_choices(somerset.organisation, timezone.localdate())
    assert [one.partnership for one in offered.memberships] == somerset.memberships
    assert [one.partnership for one in offered.near] == [somerset.taunton, somerset.bridgwater, somerset.frome]
    assert [one.place for one in offered.near] == [
        "In your postcode district",
        "In your postcode area",
        "In your board’s area",
    ]
    assert [[unit.code for unit in one.through] for one in offered.memberships] == [[], ["RH5A8"], []]


def test_each_is_shown_with_its_register_and_day_and_memberships_are_ticked(client: Client, somerset: Somerset) -> None:
    client.force_login(somerset.lead)
    words = " ".join(client.get(PAGE).content.decode().split())
    assert "NHS Somerset ICB" in words
    assert "ICB partner register, 23 December 2024" in words
    assert "Through unit RH5A8." in words
    assert "In your postcode district (TA1 1NW)." in words
    assert "3 networks" in words
    assert ticked(client) == set(keys(somerset.memberships))


def test_what_is_ticked_becomes_drafts_and_is_then_marked(client: Client, somerset: Somerset) -> None:
    client.force_login(somerset.lead)
    chosen = [somerset.memberships[0], somerset.taunton]
    done = client.post(PAGE, {"partnership": keys(chosen)}, follow=True)
    assert done.redirect_chain == [("/o/RH5/partnerships/", 302)]
    assert "2 partnerships are added in draft." in done.content.decode()
    drafts = somerset.organisation.participations.all()
    assert {draft.partnership for draft in drafts} == set(chosen)
    assert {draft.state for draft in drafts} == {ParticipationState.DRAFT}
    page = client.get(PAGE)
    assert page.content.decode().count("In your portfolio") == 2
    assert set(page.context["form"].ticked) == set(keys(somerset.memberships[1:]))


def test_the_same_form_sent_twice_adds_nothing_twice(client: Client, somerset: Somerset) -> None:
    client.force_login(somerset.lead)
    answer = {"partnership": keys(somerset.memberships)}
    client.post(PAGE, answer)
    again = client.post(PAGE, answer, follow=True)
    assert "All of these were in your portfolio already." in again.content.decode()
    assert somerset.organisation.participations.count() == 3


def test_nothing_ticked_is_explained(client: Client, somerset: Somerset) -> None:
    client.force_login(somerset.lead)
    page = client.post(PAGE, {})
    assert page.status_code == 200
    assert "Tick at least one partnership." in page.content.decode()
    assert "Error: Start from the register" in page.content.decode()


@pytest.mark.parametrize("key", ["0", "999999", "nonsense", ""])
def test_what_is_not_offered_is_not_added(client: Client, somerset: Somerset, key: str) -> None:
    client.force_login(somerset.lead)
    page = client.post(PAGE, {"partnership": [key, *keys(somerset.memberships)]})
    assert "no longer offered" in page.content.decode()
    assert set(page.context["form"].ticked) == set(keys(somerset.memberships))
    assert not Participation.objects.exists()


def test_looking_for_a_network_without_javascript_keeps_what_is_ticked(client: Client, somerset: Somerset) -> None:
    client.force_login(somerset.lead)
    sent = client.post(PAGE, {"partnership": keys([somerset.frome]), "find": "ta6", "board": "", "look": "found"})
    assert sent.status_code == 302
    page = client.get(sent["Location"])
    assert [one.partnership for one in page.context["form"].found] == [somerset.bridgwater]
    assert [one.partnership for one in page.context["form"].out_of_sight] == [somerset.frome]
    assert page.context["form"].ticked == keys([somerset.frome])
    assert "1 network" in page.content.decode()
    assert not Participation.objects.exists()


def test_looking_for_a_network_with_htmx_answers_with_the_list_alone(client: Client, somerset: Somerset) -> None:
    client.force_login(somerset.lead)
    page = client.post(PAGE, {"find": "bridgwater", "look": "found"}, headers=HTMX)
    words = page.content.decode()
    assert page.status_code == 200
    assert 'id="near-networks"' in words[:200]
    assert "Bridgwater PCN" in words
    assert "Frome PCN" not in words
    assert "<h1" not in words
    assert "HX-Request" in page["Vary"]
    assert "HX-Request" in client.get(PAGE)["Vary"]


def test_no_network_found_is_said(client: Client, somerset: Somerset) -> None:
    client.force_login(somerset.lead)
    words = client.post(PAGE, {"find": "penzance", "look": "found"}, headers=HTMX).content.decode()
    assert "No network has this name or postcode" in words


def test_a_long_list_shows_its_nearest_first_and_all_when_asked(client: Client, somerset: Somerset) -> None:
    for number in range(10, 40):
        network(number, f"NETWORK {number} PCN", "BS26 2BJ")
    client.force_login(somerset.lead)
    assert "20 of 33 networks" in client.get(PAGE).content.decode()
    words = client.post(PAGE, {"look": "all"}, headers=HTMX).content.decode()
    assert "33 networks" in words
    assert words.count('type="checkbox"') == 33
    sent = client.post(PAGE, {"look": "all"})
    assert client.get(sent["Location"]).content.decode().count('type="checkbox"') == 36


def test_several_boards_can_be_looked_at_one_by_one(client: Client, somerset: Somerset) -> None:
    devon = of_register(RegisterSource.ICB_PARTNERS, "QJK", "NHS DEVON ICB", "integrated-care-board", icb_code="QJK")
    member(devon, somerset.organisation)
    client.force_login(somerset.lead)
    words = client.get(PAGE).content.decode()
    assert "In the area of NHS Devon ICB" in words
    found = client.post(PAGE, {"board": "QJK", "look": "found"}, headers=HTMX).content.decode()
    assert "Exeter City PCN" in found
    assert "Frome PCN" not in found
    assert "Frome PCN" in client.post(PAGE, {"board": "nonsense", "look": "found"}, headers=HTMX).content.decode()


def test_what_a_predecessor_was_in_is_offered_to_its_successor(client: Client, somerset: Somerset) -> None:
    succeeded = {"successor": somerset.organisation, "succeeded_on": DAY(2023, 4, 1)}
    closed = OrganisationFactory.create(code="RA4", name="YEOVIL HOSPITAL", closed_on=DAY(2023, 3, 31), **succeeded)
    wessex = of_register(RegisterSource.EPILEPSY_NETWORKS, "WPNN", "Wessex", "clinical-network")
    member(wessex, closed)
    client.force_login(somerset.lead)
    assert "Through Yeovil Hospital (RA4)." in " ".join(client.get(PAGE).content.decode().split())
    member(wessex, somerset.organisation)
    assert "Through Yeovil Hospital" not in " ".join(client.get(PAGE).content.decode().split())


def test_memberships_and_partnerships_that_have_ended_are_not_offered(somerset: Somerset) -> None:
    PartnershipMembership.objects.filter(partnership=somerset.memberships[0]).update(left_on=DAY(2024, 1, 1))
    Partnership.objects.filter(pk=somerset.memberships[1].pk).update(ended_on=DAY(2024, 1, 1))
    person_made = PartnershipFactory.create()
    PartnershipMembership.objects.create(partnership=person_made, organisation=somerset.organisation)
    offered = register_choices(somerset.organisation, timezone.localdate())
    assert [one.partnership for one in offered.memberships] == [somerset.memberships[2]]


def close(organisation: Organisation, **facts: Any) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(closed_on=DAY(2023, 3, 31), **facts)


def test_a_closed_organisation_is_told_and_offered_nothing_to_tick(client: Client, somerset: Somerset) -> None:
    close(somerset.organisation)
    client.force_login(somerset.lead)
    words = " ".join(client.get(PAGE).content.decode().split())
    assert "closed on 31 March 2023" in words
    assert "Who took over is not recorded" in words
    assert 'href="/o/RH5/successors/RH5/"' in words
    assert "Epilepsy South West" in words
    assert 'type="checkbox"' not in words
    page = client.post(PAGE, {"partnership": keys(somerset.memberships)})
    assert "closed on 31 March 2023. Add these for the one that took over." in page.content.decode()
    assert not Participation.objects.exists()


@pytest.mark.parametrize(
    ("has_access", "words"), [(True, 'href="/o/RX9/start/"'), (False, "Ask its strategy lead for access.")]
)
def test_a_closed_organisation_leads_to_its_successor(
    client: Client, somerset: Somerset, has_access: bool, words: str
) -> None:
    heir = OrganisationFactory.create(code="RX9", name="The heir")
    close(somerset.organisation, successor=heir, succeeded_on=DAY(2023, 4, 1))
    if has_access:
        AccessGrant.objects.create(organisation=heir, person=somerset.lead, role=Role.STRATEGY_LEAD)
    client.force_login(somerset.lead)
    page = " ".join(client.get(PAGE).content.decode().split())
    assert "The heir (RX9) took over on 1 April 2023." in page
    assert words in page


def test_without_any_register_the_page_says_which_command_to_run(client: Client) -> None:
    _, lead, _ = organisation_with_people(code="RH5")
    client.force_login(lead)
    assert "manage.py import_register" in client.get(PAGE).content.decode()


def test_an_organisation_that_no_register_shows_is_told_so(client: Client, somerset: Somerset) -> None:
    _, lead, _ = organisation_with_people(code="DEMO", name="Demonstration Trust")
    client.force_login(lead)
    words = client.get("/o/DEMO/start/").content.decode()
    assert "The registers we hold show no partnership for Demonstration Trust (DEMO)." in words


def test_who_reaches_the_page(client: Client, somerset: Somerset) -> None:
    assert "/accounts/login/" in client.get(PAGE)["Location"]
    assert "/accounts/login/" in client.post(PAGE, {"partnership": keys(somerset.memberships)})["Location"]
    client.force_login(somerset.lead)
    assert client.get(PAGE).status_code == 200
    assert client.put(PAGE).status_code == 405
    assert client.delete(PAGE).status_code == 405
    _, stranger, _ = organisation_with_people(code="ELSE")
    for person, status in ((somerset.executive, 403), (stranger, 404), (PersonFactory.create(), 404)):
        client.force_login(person)
        assert client.get(PAGE).status_code == status
        assert client.post(PAGE, {"partnership": keys(somerset.memberships)}).status_code == status
    assert not Participation.objects.exists()


def test_however_long_the_list_the_queries_are_the_same(
    client: Client, somerset: Somerset, django_assert_num_queries: Any
) -> None:
    client.force_login(somerset.lead)
    client.get(PAGE)
    with django_assert_num_queries(QUERIES):
        client.get(PAGE)
    for number in range(10, 30):
        member(network(number, f"NETWORK {number} PCN", "TA1 1NW"), somerset.organisation)
    with django_assert_num_queries(QUERIES):
        client.get(PAGE)


QUERIES = 9


@pytest.mark.parametrize("refused", ["executive", "stranger"])
def test_the_action_checks_who_asks(somerset: Somerset, refused: str) -> None:
    person: Person = somerset.executive if refused == "executive" else PersonFactory.create()
    with pytest.raises(PermissionDenied):
        add_drafts_from_register(organisation=somerset.organisation, partnerships=somerset.memberships, by=person)


def test_the_action_takes_live_partnerships_of_registers_alone(somerset: Somerset) -> None:
    ended = network(6, "ENDED PCN", "TA1 1NW", ended_on=DAY(2024, 3, 31))
    for other in (PartnershipFactory.create(), ended):
        with pytest.raises(ValidationError, match="cannot be added from a register"):
            add_drafts_from_register(organisation=somerset.organisation, partnerships=[other], by=somerset.lead)


def test_an_ended_participation_stays_ended(somerset: Somerset) -> None:
    Participation.objects.create(
        organisation=somerset.organisation, partnership=somerset.taunton, state=ParticipationState.ENDED
    )
    assert (
        add_drafts_from_register(organisation=somerset.organisation, partnerships=[somerset.taunton], by=somerset.lead)
        == []
    )
    assert somerset.organisation.participations.get().state == ParticipationState.ENDED
