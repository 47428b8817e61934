"""From the best choice to advice: the facts behind each label, and a portfolio in which all labels fit
together.

A decline that is not sure enough (or whose harm nobody has reviewed) is softened to the level above it, where
there is one below today's. The portfolio is then solved again with those levels forced, so that the days
still fit, until nothing more needs softening. A decline that is sure stays one: it does not hang on what becomes of
others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.engine.flip import Flip
from scoring.engine.information import Information, information
from scoring.engine.labels import BAND_OF_WORD, UNTESTED, Facts, confidence_of, declined_band, label_of
from scoring.engine.problem import Floats, Integers
from scoring.engine.solver import Solution
from scoring.engine.study import Study

# Version 1 of the constants.
LOW_READINESS = 0.5
ATTAINABLE_READINESS = 0.8
LEAST_GAIN = 1e-6  # in value, what a choice is proven to: below it a gain is only what rounding leaves
INFORMATION_SHARE = 0.005  # finding out more costs this share of the portfolio's value, where the document does not say


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found out for the labels. Arrays hold one entry a participation; `without_mandate` and
    `when_ready` are sparse, by participation: the gain without the mandate, and the option that comes in
    at an attainable readiness.
    """

    shares: Floats | None
    flips: dict[int, Flip] | None
    information: Information | None
    minimum: frozenset[int]
    without_mandate: dict[int, float]
    when_ready: dict[int, int]


@dataclass(frozen=True, slots=True)
class Advice:
    """The advised choice (the best one, but for softened declines), with a label and a confidence for
    each.
    """

    solution: Solution
    softened: tuple[int, ...]
    labels: tuple[str, ...]
    confidence: tuple[str, ...]


def mandates_to_price(study: Study) -> list[int]:
    """Participations with a mandate; one that stands above its least level may still keep others down."""
    problem = study.problem
    return [i for i in range(problem.size) if problem.floor[i] > problem.start[i]]


def candidates_to_build(study: Study) -> list[int]:
    """Participations with high potential and low readiness that are out, or below today's level."""
    full, readiness = study.values.at_full_readiness, study.values.readiness
    if full is None or readiness is None:
        return []
    problem, choice = study.problem, study.best.choice
    potential = full[problem.start[1:] - 1]
    found = []
    for i, participation in enumerate(study.portfolio.participations):
        position = problem.position(i, int(choice[i]))
        lowered = participation.today is not None and position < participation.today
        high = potential[i] > 0 and potential[i] >= float(np.median(potential))
        if (_place(study, i, choice) == "out" or lowered) and high and readiness.mean[i] < LOW_READINESS:
            found.append(i)
    return found


def gather_evidence(study: Study, shares: Floats | None, flips: dict[int, Flip] | None) -> Evidence:
    """Solve what the labels ask for: each binding mandate left out, each candidate at an attainable
    readiness.
    """
    minimum, gains = set(), {}
    for i in mandates_to_price(study):
        floor = study.problem.floor.copy()
        floor[i] = study.problem.start[i]
        freed = study.solver.solve(study.values.mean, floor=floor)
        study.progress.step()
        assert freed is not None  # noqa: S101 - a choice with the mandate is a choice without it
        gains[i] = max(0.0, freed.value - study.best.value)
        at_least_level = study.best.choice[i] == study.problem.floor[i]
        if at_least_level and freed.choice[i] < study.problem.floor[i] and gains[i] > LEAST_GAIN:
            minimum.add(i)
    ready = {}
    for i in candidates_to_build(study):
        option = _option_when_ready(study, i)
        study.progress.step()
        if option > study.best.choice[i]:
            ready[i] = option
    worth = information(study, flips) if flips is not None else None
    return Evidence(shares, flips, worth, frozenset(minimum), gains, ready)


def _option_when_ready(study: Study, i: int) -> int:
    """The option of participation i in the best choice if its readiness were attainable."""
    slopes, readiness = study.values.per_readiness, study.values.readiness
    assert slopes is not None  # noqa: S101 - only candidates get here
    assert readiness is not None  # noqa: S101
    values, own = study.values.mean.copy(), study.problem.options_of(i)
    values[own.start : own.stop] += (ATTAINABLE_READINESS - readiness.mean[i]) * slopes[own.start : own.stop]
    solution = study.solver.solve(values)
    assert solution is not None  # noqa: S101 - values do not change what is feasible
    return int(solution.choice[i])


def advise(study: Study, evidence: Evidence) -> Advice:
    """Label every participation, softening declines until all labels fit together."""
    softened: dict[int, int] = {}
    refused: set[int] = set()
    solution = study.best
    labels = _labels(study, evidence, solution.choice)
    declined = {i: int(study.problem.start[i]) for i, label in enumerate(labels) if label == "say_no_kindly"}
    while True:
        more = {
            i: int(study.problem.start[i]) + 1
            for i, label in enumerate(labels)
            if label == "step_down"
            and i not in softened
            and i not in refused
            and _can_soften(study, i, solution.choice)
        }
        if not more:
            return Advice(solution, tuple(sorted(softened)), labels, _confidence(study, evidence))
        together = _softer(study, {**softened, **more}, declined)
        if together is not None:
            softened |= more
            solution = together
        else:
            for i, option in more.items():  # not all of them fit: keep those that do, in order of id
                one_more = _softer(study, {**softened, i: option}, declined)
                if one_more is None:
                    refused.add(i)
                else:
                    softened[i] = option
                    solution = one_more
        labels = _labels(study, evidence, solution.choice)


def _softer(study: Study, softened: dict[int, int], declined: dict[int, int]) -> Solution | None:
    """The best choice with these levels forced, and with those declined that a no was said to, where that fits too."""
    together = study.solver.solve(study.values.mean, forced={**declined, **softened})
    return together or study.solver.solve(study.values.mean, forced=softened)


def _can_soften(study: Study, i: int, choice: Integers) -> bool:
    """Whether a participation is out, and has a level between out and today's."""
    today = study.portfolio.participations[i].today
    return _place(study, i, choice) == "out" and today is not None and today > 1


def _labels(study: Study, evidence: Evidence, choice: Integers) -> tuple[str, ...]:
    return tuple(label_of(_facts(study, evidence, choice, i)) for i in range(study.problem.size))


def _facts(study: Study, evidence: Evidence, choice: Integers, i: int) -> Facts:
    problem = study.problem
    participation = study.portfolio.participations[i]
    position = problem.position(i, int(choice[i]))
    return Facts(
        place=_place(study, i, choice),
        change=_change(position, participation.today),
        declined=declined_of(study, evidence, i),
        minimum=i in evidence.minimum and int(choice[i]) == problem.floor[i],
        find_out=worth_finding_out(study, evidence, i),
        build=i in evidence.when_ready and int(choice[i]) < evidence.when_ready[i],
        needed=_needed(study, choice, i),
        reviewed=participation.harm_reviewed,
    )


def _place(study: Study, i: int, choice: Integers) -> str:
    """Out, middle or top, in the order of all levels; in the partnership's own where they have no common
    order.
    """
    options = study.portfolio.participations[i].options
    option = options[study.problem.position(i, int(choice[i]))].level
    order = [level.id for level in study.portfolio.levels] or [one.level for one in options]
    if option == order[-1]:
        return "top"
    return "out" if option == order[0] else "middle"


def _change(position: int, today: int | None) -> str:
    if today is None:
        return "unknown"
    if position == today:
        return "same"
    return "down" if position < today else "up"


def worth_finding_out(study: Study, evidence: Evidence, i: int) -> bool:
    """Whether it is open, and knowing more of it is worth more than that costs."""
    if evidence.information is None or _confidence_word(study, evidence, i) != "open":
        return False
    cost = study.portfolio.settings.information_cost
    if cost is None:
        cost = INFORMATION_SHARE * abs(study.best.value)
    return float(evidence.information.all[i]) > cost + LEAST_GAIN


def _confidence(study: Study, evidence: Evidence) -> tuple[str, ...]:
    return tuple(_confidence_word(study, evidence, i) for i in range(study.problem.size))


def _confidence_word(study: Study, evidence: Evidence, i: int) -> str:
    """The word for the acceptability of the best level; untested without draws."""
    if evidence.shares is None or not len(study.values.draws):
        return UNTESTED
    share = float(evidence.shares[study.best.choice[i]])
    return confidence_of(share, study.portfolio.settings, _previous_word(study, i))


def _previous_word(study: Study, i: int) -> str | None:
    """The last run's word, where it was said of the level that is best now."""
    participation = study.portfolio.participations[i]
    level = participation.options[study.problem.position(i, int(study.best.choice[i]))].level
    return participation.previous_confidence if participation.previous_level in (None, level) else None


def declined_of(study: Study, evidence: Evidence, i: int) -> str:
    """How acceptable the lowest level is: high, middling or low. Where it is the best level, its word of confidence
    says so, with what that word remembers; so a label never contradicts the word beside it, nor changes sooner.
    """
    if study.best.choice[i] == study.problem.start[i]:
        word = _confidence_word(study, evidence, i)
        if word != UNTESTED:
            return BAND_OF_WORD[word]
    lowest = 1.0 if evidence.shares is None else float(evidence.shares[study.problem.start[i]])
    return declined_band(lowest, study.portfolio.settings)


def _needed(study: Study, choice: Integers, i: int) -> bool:
    """Whether a partnership that is kept has a rule that leans on this one."""
    return any(
        rule.kind == "if_then"
        and rule.members[1].participation == i
        and rule.members[0].participation != i
        and _place(study, rule.members[0].participation, choice) != "out"
        for rule in study.problem.rules
    )
