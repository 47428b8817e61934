import pytest

from partnerships.actions.participations import add_participation, free_slug
from partnerships.models import ParticipationState, Partnership, PartnershipKind
from tests.factories import PartnershipFactory
from tests.integration.partnerships.conftest import Desk, words_of


def council() -> PartnershipKind:
    return PartnershipKind.objects.get(code="council")


def test_a_new_partnership_is_a_draft_with_us_as_a_member(desk: Desk) -> None:
    level = desk.organisation.engagement_levels.get(code="sustain")
    data = {
        "name": "Mendip Together",
        "kind": council().pk,
        "purpose": "To plan",
        "patient_benefit": "Sooner seen",
        "level": level.pk,
    }
    page = desk.post("partnerships/add/", data)
    assert page["Location"] == desk.at("partnerships/mendip-together/")
    participation = desk.organisation.participations.get()
    assert participation.state == ParticipationState.DRAFT
    assert participation.patient_benefit == "Sooner seen"
    assert participation.level == level
    assert participation.partnership.recorded_by == desk.organisation
    assert participation.partnership.memberships.get().organisation == desk.organisation


def test_what_is_missing_is_said_and_nothing_typed_is_lost(desk: Desk) -> None:
    page = words_of(desk.post("partnerships/add/", {"name": "", "kind": "", "purpose": "Words kept\nin two lines"}))
    assert "Error: Add a partnership" in page
    assert '<a href="#id_name">Enter the name.</a>' in page
    assert '<a href="#id_kind">Choose the kind of partnership.</a>' in page
    assert "Words kept\nin two lines</textarea>" in page
    assert not desk.organisation.participations.exists()


def test_a_name_already_in_the_portfolio_is_refused(desk: Desk) -> None:
    name = desk.participation().partnership.name
    page = words_of(desk.post("partnerships/add/", {"name": name.upper(), "kind": council().pk}))
    assert "You already have a partnership with this name" in page
    assert desk.organisation.participations.count() == 1


def test_the_same_name_elsewhere_gets_another_address(desk: Desk) -> None:
    PartnershipFactory.create(name="Mendip Together", slug="mendip-together")
    desk.post("partnerships/add/", {"name": "Mendip Together", "kind": council().pk})
    assert desk.organisation.participations.get().partnership.slug == "mendip-together-2"


@pytest.mark.parametrize("name", ["Add", "Import", "Export"])
def test_no_partnership_takes_the_address_of_a_page(desk: Desk, name: str) -> None:
    participation = add_participation(organisation=desk.organisation, by=desk.lead, name=name, kind=council())
    assert participation.partnership.slug == f"{name.lower()}-2"
    assert desk.get(f"partnerships/{participation.partnership.slug}/").status_code == 200


def test_addresses_never_run_out(db: None) -> None:
    for number in ("", "-2", "-3"):
        PartnershipFactory.create(slug=f"mendip{number}")
    assert free_slug("Mendip") == "mendip-4"
    assert not Partnership.objects.filter(slug="mendip-4").exists()
