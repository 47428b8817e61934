"""Merging two records of one partnership: the duplicate ends and leads on to the other, and both stay readable.

Nothing is moved. Surveys, decisions and scorings hang on the record they were made of, some of them in lines to which
the database only lets add; what they say was said of that record. The other record's timeline shows both.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from partnerships.access import check_can_edit
from partnerships.actions.organisations import hold
from partnerships.actions.participations import change_state, locked
from partnerships.models import Participation, ParticipationState, Person
from partnerships.saving import save_checked


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
    change_state(participation=current, by=by, to=ParticipationState.ENDED)
    for one in [locked(duplicate), *current.merged.all()]:
        one.merged_into = goes_on
        save_checked(one)
    return locked(duplicate)


@transaction.atomic
def undo_merge(*, duplicate: Participation, by: Person) -> Participation:
    """Let it stand for itself again. It has ended, and may then be made active again."""
    check_can_edit(by, duplicate.organisation)
    current = locked(duplicate)
    if current.merged_into_id is not None:
        current.merged_into = None
        save_checked(current)
    return current


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
