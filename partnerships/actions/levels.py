"""An organisation's ladder of engagement: what each level obtains, takes and adds to the load."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from partnerships.access import check_can_edit
from partnerships.actions.organisations import hold
from partnerships.editing import check_version, levels_version
from partnerships.models import EngagementLevel, Organisation, Person
from partnerships.naming import free_code
from partnerships.saving import save_checked
from partnerships.signals import announce_change

FEWEST_LEVELS, MOST_LEVELS = 2, 6
FACTS = ("name", "share_of_value", "share_of_days", "load")


@transaction.atomic
def change_levels(
    *,
    organisation: Organisation,
    by: Person,
    changes: Mapping[int, Mapping[str, Any]],
    added: Mapping[str, Any] | None = None,
    removed: frozenset[int] = frozenset(),
    expected_version: str | None = None,
) -> None:
    """Change levels, by id, add one, remove those that nothing uses; the ladder is then ordered by share of value.

    Taking no part stays the lowest. Raises ValidationError with what to do, or ChangedMeanwhile.
    """
    check_can_edit(by, organisation)
    hold(organisation)
    if expected_version is not None:
        check_version(expected_version, levels_version(organisation))
    levels = {level.pk: level for level in organisation.engagement_levels.all()}
    for level_id in removed:
        try:
            levels.pop(level_id).delete()
        except ProtectedError as problem:
            raise ValidationError("A level that partnerships or rules use cannot be removed.") from problem
    ladder = list(levels.values())
    for level in ladder:
        for fact, value in changes.get(level.pk, {}).items():
            setattr(level, fact, value)
    if added:
        code = free_code(added["name"], {level.code for level in ladder}, longest=30)
        ladder.append(
            EngagementLevel(organisation=organisation, code=code, position=len(ladder), **{f: added[f] for f in FACTS})
        )
    _check_and_save(ladder)
    announce_change(organisation=organisation, by=by)


def _check_and_save(ladder: list[EngagementLevel]) -> None:
    if not FEWEST_LEVELS <= len(ladder) <= MOST_LEVELS:
        raise ValidationError(f"Keep at least {FEWEST_LEVELS} levels and at most {MOST_LEVELS}.")
    lowest, *others = sorted(ladder, key=lambda level: level.position)
    others.sort(key=lambda level: (level.share_of_value, level.position))
    shares = [level.share_of_days for level in others]
    if shares != sorted(shares):
        raise ValidationError("A level that obtains more of the value must not need fewer days than a lower one.")
    for position, level in enumerate([lowest, *others]):
        level.position = position
        # that no two share a position is checked at the end of the transaction: on the way they may
        save_checked(level)
