"""Two records of one partnership become one, with what was known under both."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from partnerships.actions.merging import merge, undo_merge
from partnerships.actions.participations import change_state
from partnerships.actions.relationship_record import add_entry
from partnerships.actions.rules import RuleFacts, add_rule
from partnerships.models import (
    Audience,
    Participation,
    ParticipationState,
    RecordNote,
    Role,
    RuleKind,
    Sharing,
)
from tests.factories import PartnershipFactory, active_participation, in_role, organisation_with_people
from tests.integration.partnerships.conftest import Desk, words_of

DAY = datetime.date(2026, 3, 27)


@pytest.fixture
def kept(desk: Desk) -> Participation:
    return desk.participation(partnership=PartnershipFactory.create(name="Frailty at Home"))


@pytest.fixture
def duplicate(desk: Desk) -> Participation:
    return desk.participation(partnership=PartnershipFactory.create(name="Frailty@Home"))


def page_of(participation: Participation, more: str = "") -> str:
    return f"partnerships/{participation.partnership.slug}/{more}"


def note(desk: Desk, participation: Participation, text: str) -> None:
    facts: dict[str, Any] = {"kind": "success", "text": text, "on_day": DAY}
    add_entry(participation=participation, by=desk.lead, model=RecordNote, facts=facts)


def test_a_duplicate_ends_leads_on_and_its_history_is_told(
    desk: Desk, kept: Participation, duplicate: Participation
) -> None:
    note(desk, kept, "Under one name")
    note(desk, duplicate, "Under the other")
    answer = desk.post(page_of(duplicate, "merge/"), {"into": kept.pk, "sure": "on"})
    assert answer.url == desk.at(page_of(kept))
    duplicate.refresh_from_db()
    assert (duplicate.state, duplicate.merged_into) == (ParticipationState.ENDED, kept)
    assert duplicate.ended_on is not None
    assert "Frailty@Home</a>" in words_of(desk.get(page_of(kept)))
    assert f'merged into <a href="{desk.at(page_of(kept))}"' in words_of(desk.get(page_of(duplicate)))
    timeline = words_of(desk.get(page_of(kept, "record/timeline/")))
    assert "Under one name" in timeline
    assert "Under the other" in timeline
    assert "From the record of" in timeline
    assert "Under the other" in words_of(desk.get(page_of(duplicate, "record/")))
    assert "Under one name" not in words_of(desk.get(page_of(duplicate, "record/timeline/")))


def test_merging_twice_changes_nothing(desk: Desk, kept: Participation, duplicate: Participation) -> None:
    for _ in range(2):
        merge(duplicate=duplicate, into=kept, by=desk.lead)
    assert duplicate.state_changes.count() == 1


def test_what_was_merged_before_leads_to_the_last(desk: Desk, kept: Participation, duplicate: Participation) -> None:
    first = desk.participation()
    merge(duplicate=first, into=duplicate, by=desk.lead)
    merge(duplicate=duplicate, into=kept, by=desk.lead)
    first.refresh_from_db()
    assert first.merged_into == kept


def test_a_merge_is_undone_and_only_then_it_is_active_again(
    desk: Desk, kept: Participation, duplicate: Participation
) -> None:
    merge(duplicate=duplicate, into=kept, by=desk.lead)
    with pytest.raises(ValidationError, match="Undo the merge first"):
        change_state(participation=duplicate, by=desk.lead, to=ParticipationState.ACTIVE)
    assert "Undo the merge" in words_of(desk.get(page_of(duplicate, "merge/")))
    assert desk.post(page_of(duplicate, "merge/"), {"undo": "yes"}).status_code == 302
    change_state(participation=duplicate, by=desk.lead, to=ParticipationState.ACTIVE)
    duplicate.refresh_from_db()
    assert (duplicate.state, duplicate.merged_into) == (ParticipationState.ACTIVE, None)


def test_what_was_shared_is_withdrawn(desk: Desk, kept: Participation, duplicate: Participation) -> None:
    shared = Sharing.objects.create(
        organisation=desk.organisation,
        participation=duplicate,
        audience=Audience.MEMBERS,
        shared_at=duplicate.updated_at,
        shared_by=desk.lead,
    )
    merge(duplicate=duplicate, into=kept, by=desk.lead)
    shared.refresh_from_db()
    assert shared.withdrawn_at is not None


def refused(desk: Desk, duplicate: Participation, into: Participation) -> str:
    with pytest.raises(ValidationError) as problem:
        merge(duplicate=duplicate, into=into, by=desk.lead)
    duplicate.refresh_from_db()
    assert duplicate.merged_into is None
    return " ".join(problem.value.messages)


def test_rules_are_changed_first(desk: Desk, kept: Participation, duplicate: Participation) -> None:
    level = desk.organisation.engagement_levels.get(code="sustain")
    third = desk.participation()
    members = (duplicate.pk, third.pk)
    add_rule(
        organisation=desk.organisation,
        by=desk.lead,
        facts=RuleFacts(kind=RuleKind.NOT_BOTH, level=level.pk, source="An order", members=members),
    )
    answer = desk.post(page_of(duplicate, "merge/"), {"into": kept.pk, "sure": "on"})
    assert "Rules name this record:" in words_of(answer)
    duplicate.refresh_from_db()
    assert duplicate.state == ParticipationState.ACTIVE


def test_one_that_has_ended_does_not_go_on(desk: Desk, kept: Participation, duplicate: Participation) -> None:
    change_state(participation=kept, by=desk.lead, to=ParticipationState.ENDED)
    assert "Make it active again first" in refused(desk, duplicate, kept)


def test_neither_itself_nor_anothers(desk: Desk, duplicate: Participation) -> None:
    other, _, _ = organisation_with_people()
    assert "Choose another partnership" in refused(desk, duplicate, duplicate)
    theirs = active_participation(other)
    assert "Choose another partnership" in refused(desk, duplicate, theirs)
    answer = desk.post(page_of(duplicate, "merge/"), {"into": theirs.pk, "sure": "on"})
    assert answer.context["form"].errors["into"]


def test_nobody_merges_by_accident(desk: Desk, kept: Participation, duplicate: Participation) -> None:
    answer = desk.post(page_of(duplicate, "merge/"), {"into": kept.pk})
    assert "Tick that both are the same." in words_of(answer)
    assert answer.context["form"]["into"].value() == str(kept.pk)


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.EXECUTIVE, Role.READER])
def test_only_who_edits_merges(desk: Desk, kept: Participation, duplicate: Participation, role: Role) -> None:
    person = in_role(desk.organisation, role)
    with pytest.raises(PermissionDenied):
        merge(duplicate=duplicate, into=kept, by=person)
    with pytest.raises(PermissionDenied):
        undo_merge(duplicate=duplicate, by=person)
    assert "Merge it, where" not in words_of(desk.as_(person).get(page_of(duplicate)))
