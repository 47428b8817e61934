"""Merging two records of one partnership: the duplicate ends and leads on to the other, and both stay readable.

Nothing is moved but a duty, which the record that goes on has to keep. Surveys, decisions and scorings hang on the
record they were made of, some of them in lines to which the database only lets add; what they say was said of that
record. The other record's timeline shows both.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from partnerships.access import check_can_edit
from partnerships.actions.organisations import hold
from partnerships.actions.participations import change_state, locked
from partnerships.models import Participation, ParticipationState, Person
from partnerships.recording import RECORDED
from partnerships.saving import save_checked
from partnerships.signals import announce_change

LONGEST_SOURCE: int = Participation._meta.get_field("mandate_source").max_length or 0
LONGEST_MARK = 120


@transaction.atomic
def merge(*, duplicate: Participation, into: Participation, by: Person) -> Participation:
    """End ``duplicate`` and let it lead to ``into``. What was merged into it before leads there, too; once more changes
    nothing. Raises ValidationError, with what to do first.
    """
    check_can_edit(by, duplicate.organisation)
    hold(duplicate.organisation)  # one at a time: two that are merged into each other would lead nowhere
    current, goes_on = locked(duplicate), locked(into)
    if current.merged_into_id == goes_on.pk:
        return current
    _check_can_be_merged(current, goes_on)
    _take_over_duty(current, goes_on)
    change_state(participation=current, by=by, to=ParticipationState.ENDED)
    for one in [locked(duplicate), *current.merged.all()]:
        one.merged_into = goes_on
        save_checked(one)
    return locked(duplicate)


@transaction.atomic
def undo_merge(*, duplicate: Participation, by: Person) -> Participation:
    """Let it stand for itself again. It has ended, and may then be made active again."""
    check_can_edit(by, duplicate.organisation)
    hold(duplicate.organisation)  # before either record, as above: each would wait for the other's second one
    current = locked(duplicate)
    if current.merged_into is not None:
        goes_on = locked(current.merged_into)
        current.merged_into = None
        save_checked(current)
        _give_duty_back(current, goes_on)
        announce_change(organisation=current.organisation, by=by)
    return current


def _take_over_duty(duplicate: Participation, goes_on: Participation) -> None:
    """A duty does not end because its partnership was recorded twice: the stronger of the two goes on."""
    theirs, ours = duplicate.mandate_level, goes_on.mandate_level
    if theirs is None or (ours is not None and ours.position >= theirs.position):
        return
    mark = _taken_over_from(duplicate)
    goes_on.mandate_level = theirs
    goes_on.mandate_source = duplicate.mandate_source[: LONGEST_SOURCE - len(mark)] + mark
    save_checked(goes_on)


def _give_duty_back(duplicate: Participation, goes_on: Participation) -> None:
    """Let the other record have the duty again that it had before, as the record of changes knows it; one that
    somebody entered since stays.
    """
    mark = _taken_over_from(duplicate)
    if not goes_on.mandate_source.endswith(mark):
        return
    lines = RECORDED[Participation].events._default_manager.filter(pgh_obj=goes_on.pk)
    before = lines.exclude(mandate_source__endswith=mark).order_by("-pgh_id")
    level, source = before.values_list("mandate_level", "mandate_source").first() or (None, "")
    goes_on.mandate_level = goes_on.organisation.engagement_levels.filter(pk=level).first() if level else None
    goes_on.mandate_source = source if goes_on.mandate_level is not None else ""
    save_checked(goes_on)


def _taken_over_from(duplicate: Participation) -> str:
    """Says on the record where its duty comes from, and by which it is known again."""
    return f", taken over from {duplicate.partnership.display_name}"[:LONGEST_MARK]


def _check_can_be_merged(duplicate: Participation, into: Participation) -> None:
    name = into.partnership.display_name
    if into.organisation_id != duplicate.organisation_id or into.pk == duplicate.pk:
        raise ValidationError("Choose another partnership of your portfolio.")
    if duplicate.merged_into_id is not None:
        raise ValidationError("This record is merged into another one already. Undo that first.")
    if into.state == ParticipationState.ENDED:
        raise ValidationError(f"Your part in {name} has ended. Make it active again first, or choose another.")
    rules = duplicate.organisation.rules.in_full().naming(duplicate)
    if rules:
        words = "; ".join(f"“{rule.in_words()}”" for rule in rules)
        raise ValidationError(f"Rules name this record: {words}. Change them to name {name}, or remove them, first.")
