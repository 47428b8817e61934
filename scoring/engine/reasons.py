"""The reason for each recommendation, in plain English, made only from numbers that were computed.

A sentence stands only where its numbers support it: without draws nothing is said about how sure it is,
without flips nothing about what would change it. The first sentence is the reason for a list; the others
follow on a page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from scoring.engine.advice import ATTAINABLE_READINESS, Advice, Evidence
from scoring.engine.labels import LABEL_WORDS
from scoring.engine.reading import MILLIDAYS
from scoring.engine.study import Study

SMALL = 0.05  # value below which a difference is not worth a number


def reasons(study: Study, evidence: Evidence, advice: Advice, i: int) -> list[str]:
    """The sentences for one participation, the reason first."""
    sentences = [
        _first(study, evidence, advice, i),
        _cost_of_change(study, evidence, advice, i),
        _how_sure(study, evidence, advice, i),
        _what_would_flip(study, evidence, advice, i),
    ]
    return [sentence for sentence in sentences if sentence]


def _first(study: Study, evidence: Evidence, advice: Advice, i: int) -> str:
    label = advice.labels[i]
    option = int(advice.solution.choice[i])
    makers = {
        "step_down": _step_down,
        "say_no_kindly": _say_no,
        "do_the_minimum": _minimum,
        "build": _build,
        "find_out_first": _find_out,
    }
    maker = makers.get(label)
    if maker is not None:
        return maker(study, evidence, option, i)
    whole = points(study.best.value)
    return f"{LABEL_WORDS[label]}: {_adds(study, option)}, of {whole} for the whole portfolio."


def _adds(study: Study, option: int) -> str:
    """What an option adds and costs."""
    value = float(study.values.mean[option])
    worth = f"it adds {points(value)}" if value >= 0 else f"it takes away {points(-value)}"
    return f"{worth} for {_days(study, option)}"


def _days(study: Study, option: int) -> str:
    return _spoken_days(study, study.problem.days[option].tolist())


def _spoken_days(study: Study, days: Sequence[int]) -> str:
    parts = [
        f"{number(amount / MILLIDAYS, 3)} {pool.label.lower()} {'day' if amount == MILLIDAYS else 'days'}"
        for pool, amount in zip(study.portfolio.pools, days, strict=True)
        if amount > 0
    ]
    return f"{_and(parts)} a quarter" if parts else "no days"


def _step_down(study: Study, evidence: Evidence, option: int, i: int) -> str:
    participation = study.portfolio.participations[i]
    assert participation.today is not None  # noqa: S101 - below today's level, so there is one
    today = int(study.problem.start[i]) + participation.today
    freed = [max(0, before - after) for before, after in zip(*_both_days(study, today, option), strict=True)]
    saved = f", and frees {_spoken_days(study, freed)}" if any(freed) else ""
    step = f"Step down from {_level(study, today)} to {_level(study, option)}"
    if study.values.mean[option] == 0 and not any(study.problem.days[option]):
        return f"{step}: that frees {_spoken_days(study, freed)}." if any(freed) else f"{step}."
    return f"{step}: there {_adds(study, option)}{saved}."


def _both_days(study: Study, first: int, second: int) -> tuple[list[int], list[int]]:
    return study.problem.days[first].tolist(), study.problem.days[second].tolist()


def _say_no(study: Study, evidence: Evidence, option: int, i: int) -> str:
    other = _cheapest(study, evidence, i, above=True)
    if other is None:
        return f"Say no kindly: the best portfolio is worth {points(study.best.value)} without it."
    loss = evidence.flips[other].loss if evidence.flips else None
    assert loss is not None  # noqa: S101 - the cheapest has a loss
    value = float(study.values.mean[other])
    worth = f"add {points(value)}" if value >= 0 else f"take away {points(-value)}"
    what = f"at {_level(study, other)} it would {worth} for {_days(study, other)}"
    if loss < SMALL:
        return f"Say no kindly: {what}, no more than it would displace."
    if value < 0:
        return f"Say no kindly: {what}, so the whole portfolio would be worth {points(loss)} less."
    return f"Say no kindly: {what}, yet the whole portfolio would be worth {points(loss)} less."


def _minimum(study: Study, evidence: Evidence, option: int, i: int) -> str:
    gain = evidence.without_mandate[i]
    duty = study.portfolio.participations[i].mandate
    named = f" ({duty})" if duty else ""
    return (
        f"Do the minimum that the duty{named} needs, {_level(study, option)}: {_adds(study, option)}; "
        f"without the duty the portfolio would be worth {points(gain)} more."
    )


def _build(study: Study, evidence: Evidence, option: int, i: int) -> str:
    readiness, full = study.values.readiness, study.values.at_full_readiness
    assert readiness is not None  # noqa: S101 - build needs the criteria form
    assert full is not None  # noqa: S101
    top = int(study.problem.start[i + 1]) - 1
    return (
        f"Build: it could be worth {points(float(full[top]))} at {_level(study, top)}, but only "
        f"{percent(float(readiness.mean[i]))} of its potential is realised now; at "
        f"{percent(ATTAINABLE_READINESS)} it would come in at {_level(study, evidence.when_ready[i])}."
    )


def _find_out(study: Study, evidence: Evidence, option: int, i: int) -> str:
    best = int(study.best.choice[i])
    known = ""
    if evidence.information is not None and evidence.information[i] >= SMALL:
        known = f"; knowing its value better would be worth about {points(float(evidence.information[i]))}"
    if evidence.shares is None or not len(study.values.draws):
        return f"Find out first: there is no sure answer yet{known}."
    share = versions(float(evidence.shares[best]), len(study.values.draws))
    return f"Find out first: {_level(study, best)} is best in {share} plausible versions{known}."


def _cost_of_change(study: Study, evidence: Evidence, advice: Advice, i: int) -> str:
    """What the nearest other level would cost, and whom it would move down."""
    if advice.labels[i] == "say_no_kindly":
        other = _cheapest(study, evidence, i, above=True)
        moved = _displaced(study, evidence, other, i)
        return f"Keeping it would move {_and(moved)} down." if moved else ""
    other = _cheapest(study, evidence, i)
    if other is None or evidence.flips is None:
        return ""
    loss = evidence.flips[other].loss
    if loss is None:
        return ""
    best, level = _level(study, int(study.best.choice[i])), _level(study, other)
    if loss < SMALL:
        return f"{level} would be as good as {best}: the total would hardly change."
    moved = _displaced(study, evidence, other, i)
    because = f", and move {_and(moved)} down" if moved else ""
    return f"{level} instead of {best} would lower the total by {points(loss)}{because}."


def _displaced(study: Study, evidence: Evidence, option: int | None, i: int) -> list[str]:
    """Names of those that stand lower when an option is forced: at most three, then how many more."""
    if option is None or evidence.flips is None:
        return []
    choice = evidence.flips[option].choice
    if choice is None:
        return []
    lower = [j for j in range(study.problem.size) if j != i and choice[j] < study.best.choice[j]]
    names = study.names(lower)
    return names if len(names) <= 3 else [*names[:2], f"{len(names) - 2} others"]


def _cheapest(study: Study, evidence: Evidence, i: int, *, above: bool = False) -> int | None:
    """The other option that loses least; with `above` only among higher levels."""
    if evidence.flips is None:
        return None
    best = int(study.best.choice[i])
    losses = []
    for option in study.problem.options_of(i):
        loss = evidence.flips[option].loss if option != best else None
        if loss is not None and (not above or option > best):
            losses.append((loss, option))
    return min(losses)[1] if losses else None


def _how_sure(study: Study, evidence: Evidence, advice: Advice, i: int) -> str:
    if evidence.shares is None or not len(study.values.draws) or advice.labels[i] == "find_out_first":
        return ""  # "find out first" has said it already
    best = int(study.best.choice[i])
    share = versions(float(evidence.shares[best]), len(study.values.draws))
    return f"{_level(study, best)} is best in {share} plausible versions of the numbers."


def _what_would_flip(study: Study, evidence: Evidence, advice: Advice, i: int) -> str:
    other = _cheapest(study, evidence, i)
    if other is None or evidence.flips is None:
        return ""
    loss = evidence.flips[other].loss
    if loss is None or loss < SMALL:
        return ""
    best = int(study.best.choice[i])
    change = f"It would change to {_level(study, other)} if"
    if other > best:
        return f"{change} that were worth over {points(loss)} more than we think."
    return f"{change} {_level(study, best)} were worth over {points(loss)} less than we think."


def _level(study: Study, option: int) -> str:
    """The label of a flat option's level, as a word in a sentence."""
    participation = study.portfolio.participations[int(study.problem.owner[option])]
    level = participation.options[study.problem.position(int(study.problem.owner[option]), option)].level
    labels = {one.id: one.label for one in study.portfolio.levels}
    return f"“{labels.get(level, level)}”"


def points(value: float) -> str:
    """A value in words: one decimal; below that, said so."""
    if 0 < abs(value) < SMALL:
        return "less than 0.1 points"
    shown = number(value, 1)
    return f"{shown} point" if shown in ("1", "-1") else f"{shown} points"


def number(value: float, decimals: int) -> str:
    """A number with at most so many decimals and no trailing zeros."""
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def percent(share: float) -> str:
    """A share as a whole percentage."""
    return f"{share * 100:.0f}%"


def versions(share: float, draws: int) -> str:
    """An acceptability as people say it."""
    if share >= 1:
        return f"all {draws}"
    if share <= 0:
        return f"none of {draws}"
    if share < 0.05:
        return "fewer than 1 in 20"
    if share >= 0.95:
        return "at least 19 of 20"
    # Halves go up, as people round: 0.85 is the edge of "strong" and reads as 9 of 10.
    return f"about {max(1, min(9, math.floor(share * 10 + 0.5)))} of 10"


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
