"""Showing others the level of a participation and what was decided about it, and withdrawing that again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnerships.access import check_can_share
from partnerships.actions.organisations import hold
from partnerships.editing import check_version, sharing_version
from partnerships.models import Audience, Organisation, Person, Sharing
from partnerships.saving import save_checked
from partnerships.sharing import board_of


@transaction.atomic
def set_sharing(
    *,
    organisation: Organisation,
    by: Person,
    wanted: Mapping[int, frozenset[Audience]],
    decisions: Mapping[int, frozenset[Audience]] | None = None,
    expected_version: str | None = None,
) -> None:
    """Share each participation (by id) with just these audiences from now on: what is new is shared, what is missing is
    withdrawn, and what stays as it is keeps its date. ``decisions`` says of those to whom what is decided is shown as
    well. A participation that is not named stays as it is, except that nothing stays shared with a board that is no
    longer this organisation's.

    Raises ValidationError with what to do, or ChangedMeanwhile.
    """
    check_can_share(by, organisation)
    hold(organisation)
    if expected_version is not None:
        check_version(expected_version, sharing_version(organisation))
    ours = {one.pk: one for one in organisation.participations.active().filter(pk__in=wanted)}
    if set(wanted) - set(ours):
        raise ValidationError("Only active partnerships of your own can be shared. Load the page again.")
    board, now = board_of(organisation), timezone.now()
    withdraw(organisation.sharings.with_another_board_than(board), by=by)
    for participation in ours.values():
        also = (decisions or {}).get(participation.pk, frozenset())
        shown = {(audience, audience in also) for audience in wanted[participation.pk]}
        in_force = {(Audience(one.audience), one.with_decisions): one for one in participation.sharings.in_force()}
        withdraw([one for what, one in in_force.items() if what not in shown], by=by)
        for audience, with_decisions in sorted(shown - set(in_force)):
            if audience == Audience.SYSTEM and board is None:
                raise ValidationError("No integrated care board is recorded for your organisation.")
            save_checked(
                Sharing(
                    organisation=organisation,
                    participation=participation,
                    audience=audience,
                    system=board if audience == Audience.SYSTEM else None,
                    with_decisions=with_decisions,
                    shared_at=now,
                    shared_by=by,
                )
            )


def withdraw(sharings: Iterable[Sharing], *, by: Person) -> None:
    """Show these no more, from now on, by whoever may do what they follow from."""
    now = timezone.now()
    for sharing in sharings:
        sharing.withdrawn_at, sharing.withdrawn_by = now, by
        save_checked(sharing)
