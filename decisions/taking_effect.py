"""A decided level becomes today's on its day, once; what somebody changes on the partnership later stays."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from decisions.models import Decision, TakenEffect
from partnerships.actions.participations import locked, move_to_level
from partnerships.models import Organisation, ParticipationState


@transaction.atomic
def take_effect(decision: Decision) -> bool:
    """Put its level on the partnership; False where that was done before, or another line has taken its place. Safe to
    run twice, and at once.

    While a partnership has ended, or the level is not on the ladder, it waits.
    """
    participation = locked(decision.participation)
    if not Decision.objects.filter(pk=decision.pk).current().exists():  # any more, after we waited for the lock
        return False
    level = decision.organisation.engagement_levels.filter(code=decision.level_code).first()
    if level is None or participation.state != ParticipationState.ACTIVE:
        return False
    before = participation.level.code if participation.level else ""
    try:
        with transaction.atomic():
            TakenEffect.objects.create(
                organisation=decision.organisation,
                participation=participation,
                decision=decision,
                taken_at=timezone.now(),
                level_before=before,
            )
    except IntegrityError:
        return False
    move_to_level(participation=participation, level=level)
    return True


@transaction.atomic
def take_back(decision: Decision) -> None:
    """Put back the level that an undone decision replaced, where nobody has changed it since."""
    taken = TakenEffect.objects.filter(decision=decision).first()
    participation = locked(decision.participation)
    if taken is None or participation.state != ParticipationState.ACTIVE:
        return
    if participation.level is None or participation.level.code != decision.level_code:
        return
    before = decision.organisation.engagement_levels.filter(code=taken.level_before).first()
    if before is not None:
        move_to_level(participation=participation, level=before)


def take_effects_due(organisation: Organisation, *, day: datetime.date) -> int:
    """All of an organisation's whose day has come; how many there were."""
    due = organisation.decisions.not_in_effect_by(day).select_related(
        "organisation", "participation__level", "participation__partnership"
    )
    return sum(take_effect(decision) for decision in due.order_by("pk"))
