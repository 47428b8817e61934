"""What the floors above may know of a partnership's health: from closed rounds with enough answers, and no answer."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from diagnostics.instrument.readiness import RoundScores, assess
from diagnostics.instrument.scoring import Estimate, PersonScores, estimate_overall, score_person
from diagnostics.models import Round
from diagnostics.reading import sent_in
from partnerships.models import Organisation


@dataclass(frozen=True)
class Health:
    """A partnership's last result: the overall mean on 1 to 5 with its 95% interval, and what it rests on."""

    round_id: int
    closed_on: datetime.date
    invited: int
    answered: int
    overall: float
    low: float
    high: float


@dataclass(frozen=True)
class Readiness:
    """The share of its potential that a partnership realises (0.2 to 1): the mean, and ``draws`` of what it may be.

    ``weakest`` is what it would be if all characteristics were as weak as the weakest; ``overall`` is the mean on 1 to
    5 that the survey's own page shows.
    """

    round_id: int
    closed_on: datetime.date
    invited: int
    answered: int
    overall: float
    mean: float
    draws: list[float]
    weakest: float


def health_of(organisation: Organisation) -> dict[int, Health]:
    """By participation id, the last closed round with enough answers. Two queries, however many there are."""
    return {
        found.participation_id: Health(
            round_id=found.pk,
            closed_on=_closed_on(found),
            invited=found.invited,
            answered=found.answered,
            overall=overall.mean,
            low=overall.low,
            high=overall.high,
        )
        for found, _, overall in _latest(organisation)
    }


def readiness_of(*, organisation: Organisation, draws: int, seed: int) -> dict[int, Readiness]:
    """By participation id, from the last closed round with enough answers; a partnership without one is absent.

    The same answers, ``draws`` and ``seed`` give the same numbers. Two queries, however many rounds there are.
    """
    latest = _latest(organisation)
    assessed = assess(
        {found.participation_id: RoundScores(found.pk, found.instrument, people) for found, people, _ in latest},
        draws=draws,
        seed=seed,
    )
    return {
        found.participation_id: Readiness(
            round_id=found.pk,
            closed_on=_closed_on(found),
            invited=found.invited,
            answered=found.answered,
            overall=overall.mean,
            mean=assessed[found.participation_id].mean,
            draws=assessed[found.participation_id].draws,
            weakest=assessed[found.participation_id].weakest,
        )
        for found, _, overall in latest
        if found.participation_id in assessed
    }


def _latest(organisation: Organisation) -> list[tuple[Round, list[PersonScores], Estimate]]:
    """The rounds that count, everybody's scores, and an overall mean that as many people have a view on as must be."""
    rounds = list(organisation.survey_rounds.latest_with_enough_answers())
    people_of = sent_in(rounds)
    latest = []
    for found in rounds:
        people = [score_person(found.instrument, one.answers) for one in people_of.get(found.pk, [])]
        overall = estimate_overall(people, found.invited)
        if overall is not None and overall.people >= found.answers_needed:
            latest.append((found, people, overall))
    return latest


def _closed_on(found: Round) -> datetime.date:
    if found.closed_at is None:
        raise ValueError("Only a closed round has results.")
    return timezone.localdate(found.closed_at)
