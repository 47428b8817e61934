"""Closing a survey: by whoever says so (``diagnostics.actions``), or by its date once its last day has passed."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from diagnostics.completion import mark_everybody
from diagnostics.keys import destroy_keys
from diagnostics.models import Round, RoundState, Subject
from diagnostics.seats import put_away_seats
from partnerships.models import Organisation, Person
from partnerships.signals import announce_change


def close(round: Round, *, by: Person | None, at: datetime.datetime | None = None) -> None:
    """Close an open round that this transaction holds; ``by`` is nobody where its date closes it.

    The database deletes answers that were not sent in, and writes the others once more without what told them apart,
    or deletes them too where they are too few to show anything (``diagnostics/migrations/0024``); its key is destroyed.
    How many it takes, to show anything and to break it down, is settled here, for good: what people were told, or more
    where the settings have been raised. What
    a recommendation rests on changes with one about the partnership itself, and that is announced.
    """
    round.refresh_from_db(fields=["threshold", "breakdown_threshold"])
    round.threshold, round.breakdown_threshold = round.answers_needed, round.breakdown_needed
    mark_everybody(round)
    put_away_seats(round)
    round.state, round.closed_at, round.closed_by = RoundState.CLOSED, at or timezone.now(), by
    round.save(update_fields=["state", "closed_at", "closed_by", "threshold", "breakdown_threshold"])
    round.refresh_from_db(fields=["sent_in"])
    transaction.on_commit(lambda: destroy_keys(round.organisation_id, round.pk))
    if round.subject == Subject.PARTNERSHIP:
        announce_change(organisation=round.organisation, by=by)


def close_past_their_last_day(organisation: Organisation) -> int:
    """Close an organisation's open rounds whose last day has passed; how many were. Safe to run twice, and at once."""
    return sum(map(_close_by_its_date, organisation.survey_rounds.filter(state=RoundState.OPEN).order_by("pk")))


@transaction.atomic
def _close_by_its_date(found: Round) -> bool:
    """Not where somebody closed it, or gave it more time, meanwhile."""
    held = Round.objects.select_for_update().get(pk=found.pk)
    if not held.is_past_its_last_day(timezone.localdate()):
        return False
    close(held, by=None)
    return True
