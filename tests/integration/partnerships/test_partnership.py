import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from partnerships.actions.participations import change_state
from partnerships.models import (
    DaysNeeded,
    Organisation,
    Participation,
    ParticipationState,
    PartnershipMembership,
    RegisterSource,
    ValueRating,
)
from partnerships.models.participations import TRANSITIONS
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory
from tests.integration.partnerships.conftest import Desk, words_of


def page_of(desk: Desk, participation: Participation) -> str:
    return words_of(desk.get(f"partnerships/{participation.partnership.slug}/"))


def press(desk: Desk, participation: Participation, state: str) -> str:
    address = f"partnerships/{participation.partnership.slug}/"
    return words_of(desk.client.post(desk.at(address), {"state": state}, follow=True))


def test_purpose_and_benefit_first_then_tiles_then_sections(desk: Desk) -> None:
    participation = desk.participation(purpose="To run services together", patient_benefit="Fewer journeys")
    page = page_of(desk, participation)
    places = [
        page.index(words) for words in ("To run services together", "Fewer journeys", 'class="tiles"', 'id="about"')
    ]
    assert places == sorted(places)
    assert page.count('class="nhsuk-button"') == 1
    here = desk.at(f"partnerships/{participation.partnership.slug}/")
    for fragment in ("health/", "recommendation/"):
        assert f'hx-get="{here}{fragment}"' in page
        assert f'href="{here}{fragment}"' in page


def test_an_executive_sees_no_buttons_that_change_anything(desk: Desk) -> None:
    page = page_of(desk.as_(desk.executive), desk.participation())
    assert "End our part" not in page
    assert "/edit/" not in page


def test_days_suggested_and_recorded_are_told_apart(desk: Desk) -> None:
    participation = desk.participation()
    DaysNeeded.objects.create(
        organisation=desk.organisation,
        participation=participation,
        level=desk.organisation.engagement_levels.get(code="prioritise"),
        pool=desk.organisation.capacity_pools.get(code="executive"),
        low=Decimal(8),
        likely=Decimal(10),
        high=Decimal(12),
    )
    page = page_of(desk, participation)
    assert "8 to 12<" in page.replace("\n", "")
    assert "suggested" in page
    assert "executive days a quarter (suggested)" in page


def test_ratings_are_shown_with_their_evidence_escaped(desk: Desk) -> None:
    participation = desk.participation()
    ValueRating.objects.create(
        organisation=desk.organisation,
        participation=participation,
        objective=desk.organisation.objectives.all()[0],
        way=desk.organisation.ways_of_creating_value.all()[0],
        low=Decimal(10),
        likely=Decimal(60),
        high=Decimal(80),
        evidence="<b onmouseover=x>Audit</b>\nof 2025",
        rated_by=desk.lead,
    )
    page = page_of(desk, participation)
    assert "&lt;b onmouseover=x&gt;Audit&lt;/b&gt;<br>of 2025" in page
    assert "of 100 at its strongest" in page
    assert f"Rated by {desk.lead}" in page


def test_a_member_that_has_closed_is_warned_about(desk: Desk) -> None:
    participation = desk.participation()
    gone = OrganisationFactory.create(name="Gone Trust", closed_on=datetime.date(2024, 4, 1))
    MembershipFactory.create(partnership=participation.partnership, organisation=gone)
    page = page_of(desk, participation)
    assert "1 member has closed" in page
    assert "Gone Trust" in page


def test_a_partnership_of_a_register_names_its_source(desk: Desk) -> None:
    partnership = PartnershipFactory.create(
        recorded_by=None,
        source=RegisterSource.PRIMARY_CARE_NETWORKS,
        register_code="U00070",
        as_of=datetime.date(2024, 10, 1),
    )
    page = page_of(desk, desk.participation(partnership=partnership))
    assert "Primary care networks (ePCN), 1 October 2024" in page
    assert "Change members and lead" not in page


def test_a_draft_says_what_it_needs_and_cannot_be_active_without(desk: Desk) -> None:
    draft = desk.participation(state=ParticipationState.DRAFT, patient_benefit="", level=None)
    page = page_of(desk, draft)
    assert "benefit to patients" in page
    assert "Make active" not in page
    assert "Before it can be active, add: benefit to patients, today’s level." in press(desk, draft, "active")
    draft.refresh_from_db()
    assert draft.state == ParticipationState.DRAFT


def test_a_complete_draft_becomes_active_and_that_is_kept(desk: Desk) -> None:
    draft = desk.participation(state=ParticipationState.DRAFT)
    assert "Make active" in page_of(desk, draft)
    assert "is active" in press(desk, draft, "active")
    draft.refresh_from_db()
    assert draft.state == ParticipationState.ACTIVE
    change = draft.state_changes.get()
    assert (change.was, change.became, change.changed_by) == ("draft", "active", desk.lead)


def test_ending_gives_a_last_day_and_returning_takes_it_away(desk: Desk) -> None:
    participation = desk.participation()
    press(desk, participation, "ended")
    participation.refresh_from_db()
    assert participation.ended_on == timezone.localdate()
    assert "It counts in no recommendation" in page_of(desk, participation)
    press(desk, participation, "active")
    participation.refresh_from_db()
    assert participation.ended_on is None
    assert participation.state_changes.count() == 2


def test_a_button_pressed_twice_does_it_once(desk: Desk) -> None:
    participation = desk.participation()
    press(desk, participation, "ended")
    press(desk, participation, "ended")
    assert participation.state_changes.count() == 1


@pytest.mark.parametrize("state", ["", "draft", "nonsense"])
def test_a_button_that_is_not_on_the_page_changes_nothing(desk: Desk, state: str) -> None:
    participation = desk.participation()
    assert "Choose what to do with the buttons" in press(desk, participation, state)
    participation.refresh_from_db()
    assert participation.state == ParticipationState.ACTIVE


@pytest.mark.parametrize("was", ParticipationState)
@pytest.mark.parametrize("to", ParticipationState)
def test_only_the_transitions_of_the_table_happen(desk: Desk, was: ParticipationState, to: ParticipationState) -> None:
    participation = desk.participation(state=was)
    if was == to or to in TRANSITIONS[was]:
        assert change_state(participation=participation, by=desk.lead, to=to).state == to
    else:
        with pytest.raises(ValidationError, match="cannot become"):
            change_state(participation=participation, by=desk.lead, to=to)


def test_an_executive_cannot_call_the_action_either(desk: Desk) -> None:
    with pytest.raises(PermissionDenied):
        change_state(participation=desk.participation(), by=desk.executive, to=ParticipationState.ENDED)


def test_only_present_members_are_listed(desk: Desk) -> None:
    participation = desk.participation()
    left: Organisation = OrganisationFactory.create(name="Left Long Ago")
    PartnershipMembership.objects.create(
        partnership=participation.partnership, organisation=left, left_on=datetime.date(2020, 1, 1)
    )
    assert "Left Long Ago" not in page_of(desk, participation)
