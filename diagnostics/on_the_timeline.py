"""What a partnership's timeline says of surveys: when one opened and closed, and what partners were told of one.

Nothing of the answers is on it. Of a survey that closed with too few of them it says that it closed, and no more.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.db.models import F
from django.db.models.functions import TruncDate

from diagnostics.models import PartnerReply, Round
from partnerships.models import Organisation
from partnerships.timeline import Kind, Moment, Page, Source, add_sources


def add_to_timeline() -> None:
    add_sources(
        survey_opened=Source(Kind.SURVEYS, _opened, _says_opened, ("opened_by",)),
        survey_closed=Source(Kind.SURVEYS, _closed, _says_closed, ("closed_by",)),
        reply_published=Source(Kind.TOLD_PARTNERS, _published, _says_published, ("published_by",)),
        reply_withdrawn=Source(Kind.TOLD_PARTNERS, _withdrawn, _says_withdrawn, ("withdrawn_by",)),
    )


def _opened(organisation: Organisation, participations: Collection[int]) -> Any:
    rows = organisation.survey_rounds.filter(participation__in=participations, opens_on__isnull=False)
    return rows.annotate(day=F("opens_on"))


def _closed(organisation: Organisation, participations: Collection[int]) -> Any:
    rows = organisation.survey_rounds.filter(participation__in=participations).closed()
    return rows.annotate(day=TruncDate("closed_at"))


def _published(organisation: Organisation, participations: Collection[int]) -> Any:
    """The last publishing of each; earlier words were replaced by it."""
    rows = organisation.partner_replies.filter(participation__in=participations, published_at__isnull=False)
    return rows.annotate(day=TruncDate("published_at"))


def _withdrawn(organisation: Organisation, participations: Collection[int]) -> Any:
    rows = organisation.partner_replies.filter(participation__in=participations, withdrawn_at__isnull=False)
    return rows.annotate(day=TruncDate("withdrawn_at"))


def _says_opened(row: Round, day: datetime.date) -> Moment:
    text, by = str(row.get_subject_display()), str(row.opened_by)
    return Moment(day, Kind.SURVEYS, "Survey opened", text, by, row.participation_id, _page(row), did="Opened")


def _says_closed(row: Round, day: datetime.date) -> Moment:
    """Nobody closed the one whose last day had passed."""
    text = str(row.get_subject_display())
    if row.shows_results:
        text += "\nIts page has the results."
    by = str(row.closed_by or "")
    return Moment(day, Kind.SURVEYS, "Survey closed", text, by, row.participation_id, _page(row), did="Closed")


def _says_published(row: PartnerReply, day: datetime.date) -> Moment:
    title, by = "Partners told what we heard and do", str(row.published_by)
    return Moment(day, Kind.TOLD_PARTNERS, title, "", by, row.participation_id, _replied(row), did="Published")


def _says_withdrawn(row: PartnerReply, day: datetime.date) -> Moment:
    title, by = "What we told partners withdrawn", str(row.withdrawn_by)
    return Moment(day, Kind.TOLD_PARTNERS, title, "", by, row.participation_id, _replied(row), did="Withdrawn")


def _page(row: Round) -> Page:
    return Page("diagnostics:round", row.pk)


def _replied(row: PartnerReply) -> Page:
    """The survey's page, since that of the reply is for those who write it."""
    return Page("diagnostics:round", row.round_id)
