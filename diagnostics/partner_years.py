"""What partners said of an organisation in a stretch of time, over all partnerships that it had, left ones too.

Each partnership counts once, with the last survey of its partners that closed in that time. As with the picture of
today, only what a survey's own page shows goes in (``diagnostics.partner_picture``).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from diagnostics.across import ground_of, newest_first
from diagnostics.instrument.beside import OVERALL
from diagnostics.instrument.change import Change, compare
from diagnostics.instrument.scoring import Estimate
from diagnostics.instrument.sides import difference_over_partnerships, over_partnerships
from diagnostics.models import Round, Subject
from diagnostics.partner_picture import FEWEST_QUARTERS, Asked, InQuarter
from diagnostics.reading import sent_in
from diagnostics.two_sided import closed_on
from partnerships.models import Organisation, Quarter

Span = tuple[datetime.date, datetime.date]


@dataclass(frozen=True)
class PartnersSaid:
    """``overall`` in the span and in the one ``before``, each over the partnerships asked in it; ``since`` is the
    change over those asked in both, and ``compared`` how many these are. ``quarters`` are of the span.
    """

    overall: Estimate | None
    before: Estimate | None
    since: Change | None
    compared: int
    quarters: Sequence[InQuarter]


def partners_said(organisation: Organisation, span: Span, before: Span) -> PartnersSaid:
    """Both spans with their first and last day. Two queries, however many surveys and people there are."""
    begins, ends = _midnight(before[0]), _midnight(span[1] + datetime.timedelta(days=1))
    rounds = organisation.survey_rounds.filter(subject=Subject.BY_PARTNERS).with_enough_answers().with_questions()
    within = rounds.filter(closed_at__gte=begins, closed_at__lt=ends)
    found = list(within.select_related("participation", "organisation").order_by("closed_at", "pk"))
    people = sent_in(found)
    asked = [Asked(one, [sent.answers for sent in people.get(one.pk, [])]) for one in found]
    now = [one for one in asked if span[0] <= closed_on(one.round) <= span[1]]
    earlier = [one for one in asked if before[0] <= closed_on(one.round) <= before[1]]
    pairs = _in_both(earlier, now)
    return PartnersSaid(
        overall=_overall(now),
        before=_overall(earlier),
        since=difference_over_partnerships(pairs, fewest=settings.SURVEY_THRESHOLD),
        compared=len(pairs),
        quarters=_quarters(now),
    )


def _last(asked: Sequence[Asked]) -> dict[int, Asked]:
    """The one that closed last of each partnership; a duplicate that was merged is the one that it leads to."""
    return {_whose(one.round): one for one in asked}


def _whose(round_: Round) -> int:
    return round_.participation.merged_into_id or round_.participation_id


def _overall(asked: Sequence[Asked]) -> Estimate | None:
    last = list(_last(asked).values())
    ground = ground_of(newest_first(one.round for one in last))
    means = [found.mean for one in last if (found := one.over(ground).get(OVERALL))]
    return over_partnerships(means, fewest=settings.SURVEY_THRESHOLD)


def _in_both(earlier: Sequence[Asked], now: Sequence[Asked]) -> list[tuple[float, float]]:
    first, second = _last(earlier), _last(now)
    changes = [_change(first[pk], second[pk]) for pk in first if pk in second]
    return [(one.before, one.after) for one in changes if one is not None]


def _change(first: Asked, second: Asked) -> Change | None:
    fewest = max(first.round.answers_needed, second.round.answers_needed)
    made = compare(first.round.instrument, first.answers, second.round.instrument, second.answers, fewest=fewest)
    return made.overall


def _quarters(asked: Sequence[Asked]) -> list[InQuarter]:
    """Oldest first; none where there is one alone."""
    by_quarter: dict[Quarter, list[Asked]] = {}
    for one in asked:
        by_quarter.setdefault(Quarter.containing(closed_on(one.round)), []).append(one)
    made = [(quarter, _overall(some)) for quarter, some in sorted(by_quarter.items(), key=lambda one: one[0].first_day)]
    shown = [InQuarter(quarter, mean) for quarter, mean in made if mean is not None]
    return shown if len(shown) >= FEWEST_QUARTERS else []


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
