"""Meetings: beginning one with its agenda, the notes made in it, and its end."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from decisions.models import AgendaItem, Meeting
from decisions.models.meetings import TRANSITIONS, MeetingState
from decisions.taking_effect import take_effects_due
from partnerships.access import check_can_decide
from partnerships.actions.organisations import hold
from partnerships.editing import check_version, version_of
from partnerships.models import Organisation, Participation, Person
from partnerships.saving import save_checked


@transaction.atomic
def begin_meeting(
    *, organisation: Organisation, by: Person, name: str, held_on: datetime.date, agenda: Sequence[Participation]
) -> Meeting:
    """Begin a meeting with these partnerships in this order. Raises ValidationError where one is under way, or the
    agenda is empty.
    """
    check_can_decide(by, organisation)
    hold(organisation)
    if not agenda:
        raise ValidationError("Choose at least one partnership to decide about.")
    meeting = Meeting(organisation=organisation, name=name, held_on=held_on, begun_by=by, begun_at=timezone.now())
    save_checked(meeting)
    for position, participation in enumerate(agenda):
        AgendaItem.objects.create(
            organisation=organisation, meeting=meeting, participation=participation, position=position
        )
    return meeting


@transaction.atomic
def put_on_agenda(*, meeting: Meeting, by: Person, participation: Participation) -> AgendaItem:
    """Put one more partnership at the end of the agenda; one that is on it stays where it is."""
    check_can_decide(by, meeting.organisation)
    check_under_way(meeting)
    found: AgendaItem | None = meeting.agenda.filter(participation=participation).first()
    if found is not None:
        return found
    last = meeting.agenda.order_by("-position").first()
    return AgendaItem.objects.create(
        organisation=meeting.organisation,
        meeting=meeting,
        participation=participation,
        position=last.position + 1 if last else 0,
    )


@transaction.atomic
def reorder_agenda(*, meeting: Meeting, by: Person, order: Sequence[int]) -> None:
    """Put the items, by id, in this order; what is not named follows in the order it had."""
    check_can_decide(by, meeting.organisation)
    check_under_way(meeting)
    items = {item.pk: item for item in meeting.agenda.order_by("position")}
    wanted = [pk for pk in dict.fromkeys(order) if pk in items]
    for position, pk in enumerate([*wanted, *(pk for pk in items if pk not in wanted)]):
        if items[pk].position != position:
            items[pk].position = position
            items[pk].save(update_fields=["position"])


def notes_version(item: AgendaItem) -> str:
    """A short name for exactly what is noted, which tells whether somebody changed it meanwhile."""
    return version_of([item.notes])


@transaction.atomic
def note_item(*, item: AgendaItem, by: Person, notes: str, expected_version: str) -> AgendaItem:
    """Keep what was said about one partnership. Raises ValidationError where the meeting has ended, or
    ChangedMeanwhile.
    """
    check_can_decide(by, item.organisation)
    check_under_way(item.meeting)
    current: AgendaItem = item.meeting.agenda.get(pk=item.pk)
    check_version(expected_version, notes_version(current))
    current.notes = notes
    save_checked(current)
    return current


@transaction.atomic
def end_meeting(*, meeting: Meeting, by: Person) -> Meeting:
    """End it; what was decided for now takes effect. One that has ended already stays as it is."""
    check_can_decide(by, meeting.organisation)
    held = _held(meeting)
    if MeetingState.ENDED not in TRANSITIONS[held.state]:
        return held
    held.ended_by, held.ended_at = by, timezone.now()
    save_checked(held)
    take_effects_due(held.organisation, day=timezone.localdate())
    return held


def _held(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=meeting.pk)


def check_under_way(meeting: Meeting) -> None:
    """Hold it until this transaction ends. Raises ValidationError where it has ended."""
    if _held(meeting).state is MeetingState.ENDED:
        raise ValidationError("This meeting has ended. Begin another, or decide on the partnership’s own page.")
