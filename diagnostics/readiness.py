"""What the floors above may know of a partnership's health: from closed rounds with enough answers, and no answer."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.crypto import salted_hmac

from diagnostics.across import ground_of, newest_first
from diagnostics.counting import groups_by_round
from diagnostics.instrument.readiness import RoundScores, assess
from diagnostics.instrument.scoring import Answers, Estimate, Groups, score_person
from diagnostics.instrument.shown import filled_in, only, summarise_shown, what_counts
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
    over_organisations: bool


@dataclass(frozen=True)
class _Latest:
    """A round that counts: everybody's scores on its own questions, and an overall mean over enough people."""

    round: Round
    answers: Sequence[Answers]
    overall: Estimate
    groups: Groups | None


@dataclass(frozen=True)
class Readiness:
    """The share of its potential that a partnership realises (0.2 to 1): the mean, and ``draws`` of what it may be.

    ``weakest`` is what it would be if all characteristics were as weak as the weakest that is shown; ``overall`` is the
    mean on 1 to 5 that the survey's own page shows. ``over_organisations`` says that each organisation counts once.
    """

    round_id: int
    closed_on: datetime.date
    invited: int
    answered: int
    overall: float
    mean: float
    draws: list[float]
    weakest: float
    over_organisations: bool


def health_of(organisation: Organisation) -> dict[int, Health]:
    """By participation id, the last closed round with enough answers. Two queries, however many there are."""
    return {
        one.round.participation_id: Health(
            round_id=one.round.pk,
            closed_on=_closed_on(one.round),
            invited=one.round.invited,
            answered=one.round.answered,
            overall=one.overall.mean,
            low=one.overall.low,
            high=one.overall.high,
            over_organisations=one.groups is not None,
        )
        for one in _latest(organisation)
    }


def readiness_of(*, organisation: Organisation, draws: int, seed: int) -> dict[int, Readiness]:
    """By participation id, from the last closed round with enough answers; a partnership without one is absent.

    The same answers, ``draws`` and ``seed`` give the same numbers under the same key of the settings. Two queries,
    however many rounds there are.
    """
    latest = _latest(organisation)
    assessed = assess(_scores(latest, draws=draws, seed=seed), draws=draws, seed=seed)
    return {
        one.round.participation_id: Readiness(
            round_id=one.round.pk,
            closed_on=_closed_on(one.round),
            invited=one.round.invited,
            answered=one.round.answered,
            overall=one.overall.mean,
            mean=assessed[one.round.participation_id].mean,
            draws=assessed[one.round.participation_id].draws,
            weakest=assessed[one.round.participation_id].weakest,
            over_organisations=one.groups is not None,
        )
        for one in latest
        if one.round.participation_id in assessed
    }


def _latest(organisation: Organisation) -> list[_Latest]:
    """The rounds that count, the newest first."""
    rounds = newest_first(organisation.survey_rounds.latest_with_enough_answers())
    people_of = sent_in(rounds)
    groups = groups_by_round(rounds, people_of)
    latest = []
    for found in rounds:
        answers = [one.answers for one in people_of.get(found.pk, [])]
        of = groups.get(found.pk)
        overall = summarise_shown(
            found.instrument, answers, found.invited, fewest=found.answers_needed, groups=of
        ).overall
        if overall is not None:
            latest.append(_Latest(found, answers, overall, of))
    return latest


def _scores(latest: Sequence[_Latest], *, draws: int, seed: int) -> dict[int, RoundScores]:
    """Everybody's scores over the items that the rounds share, so that partnerships stand beside each other alike.

    A partnership that was asked too little of that stays on its own questions: they ask about the same eight, and what
    is known of it, if less comparable, says more than the portfolio's mean.
    """
    ground = ground_of([one.round for one in latest])
    made = {}
    for one in latest:
        version = one.round.instrument_version
        scored = ground.between(version) if ground.standings[version].as_a_whole else one.round.instrument
        # What the survey's own page hides is not heard here either, over however few of the statements.
        needed = one.round.answers_needed
        page = only(scored, what_counts(one.round.instrument, one.answers, fewest=needed).item_by_code)
        people = [score_person(page, answers) for answers in filled_in(page, one.answers, one.groups)]
        made[one.round.participation_id] = RoundScores(
            _secret_number(one.round, draws, seed), scored, people, one.groups.of if one.groups else None
        )
    return made


def _secret_number(found: Round, draws: int, seed: int) -> int:
    """What a round's draws follow from: the same each night, and nothing that stands in the database or in a run.

    Whoever knows how each draw weighs the people can work out every single one of them from the draws.
    """
    said = f"{found.pk}.{draws}.{seed}"
    return int.from_bytes(salted_hmac("diagnostics.readiness", said, algorithm="sha256").digest())


def _closed_on(found: Round) -> datetime.date:
    if found.closed_at is None:
        raise ValueError("Only a closed round has results.")
    return timezone.localdate(found.closed_at)
