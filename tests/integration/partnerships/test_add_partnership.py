import re

import pytest

from partnerships.actions import participations
from partnerships.actions.participations import SIGNS, add_participation
from partnerships.models import ParticipationState, PartnershipKind
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
    participation = desk.organisation.participations.get()
    assert page["Location"] == desk.at(f"partnerships/{participation.partnership.slug}/")
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


def test_an_address_tells_nothing_of_the_same_name_elsewhere(desk: Desk) -> None:
    """Every address ends in signs drawn by chance, whether or not another organisation has one of this name."""
    PartnershipFactory.create(name="Mendip Together", slug="mendip-together")
    for name in ("Mendip Together", "Add"):
        desk.post("partnerships/add/", {"name": name, "kind": council().pk})
    named = dict(desk.organisation.participations.values_list("partnership__name", "partnership__slug"))
    assert re.fullmatch(f"mendip-together-[{SIGNS}]{{4}}", named["Mendip Together"])
    assert re.fullmatch(f"add-[{SIGNS}]{{4}}", named["Add"])
    assert desk.get(f"partnerships/{named['Add']}/").status_code == 200


def test_an_address_that_another_has_is_drawn_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two draws in six hundred thousand are alike, and nobody is told."""
    drawn = iter(["xxxx", "xxxx", "yyyy"])
    monkeypatch.setattr(participations, "get_random_string", lambda length, signs: next(drawn))
    PartnershipFactory.create(name="Mendip", slug="mendip-xxxx")
    participation = add_participation(organisation=desk.organisation, by=desk.lead, name="Mendip", kind=council())
    assert participation.partnership.slug == "mendip-yyyy"
