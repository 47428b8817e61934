"""The reason for each recommendation, in plain English, made only from numbers that were computed.

A sentence stands only where its numbers support it: without draws nothing is said about how sure it is,
without flips nothing about what would change it. The first sentence is the reason for a list; the others
follow on a page.
"""

from __future__ import annotations

import math

from scoring.engine.advice import ATTAINABLE_READINESS, Advice, Evidence
from scoring.engine.findings import Findings
from scoring.engine.labels import LABEL_WORDS
from scoring.engine.study import Study
from scoring.engine.value import mean_ratings
from scoring.engine.wording import SMALL, level_name, listing, option_days, percent, points, spoken_days, versions

A_PERCENT = 0.01


def reasons(study: Study, findings: Findings, i: int) -> list[str]:
    """The sentences for one participation, the reason first."""
    evidence, advice = findings.evidence, findings.advice
    sentences = [
        _first(study, evidence, advice, i),
        _by_which_way(study, advice, i),
        _cost_of_change(study, evidence, advice, i),
        _how_sure(study, evidence, advice, i),
        _contested(study, findings, i),
        _what_would_flip(study, evidence, i),
        _readiness_that_would_flip(study, findings, i),
        _at_the_weakest(study, findings, i),
        _days_that_would_flip(study, findings, i),
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
    whole = points(advice.solution.value)
    return f"{LABEL_WORDS[label]}: {_adds(study, option)}, of {whole} for the whole portfolio."


def _adds(study: Study, option: int) -> str:
    """What an option adds and costs."""
    value = float(study.values.mean[option])
    worth = f"it adds {points(value)}" if value >= 0 else f"it takes away {points(-value)}"
    return f"{worth} for {option_days(study, option)}"


def _step_down(study: Study, evidence: Evidence, option: int, i: int) -> str:
    participation = study.portfolio.participations[i]
    assert participation.today is not None  # noqa: S101 - below today's level, so there is one
    today = int(study.problem.start[i]) + participation.today
    freed = [max(0, before - after) for before, after in zip(*_both_days(study, today, option), strict=True)]
    saved = f", and frees {spoken_days(study, freed)}" if any(freed) else ""
    step = f"Step down from {level_name(study, today)} to {level_name(study, option)}"
    if study.values.mean[option] == 0 and not any(study.problem.days[option]):
        return f"{step}: that frees {spoken_days(study, freed)}." if any(freed) else f"{step}."
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
    what = f"at {level_name(study, other)} it would {worth} for {option_days(study, other)}"
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
        f"Do the minimum that the duty{named} needs, {level_name(study, option)}: {_adds(study, option)}; "
        f"without the duty the portfolio would be worth {points(gain)} more."
    )


def _build(study: Study, evidence: Evidence, option: int, i: int) -> str:
    readiness, full = study.values.readiness, study.values.at_full_readiness
    assert readiness is not None  # noqa: S101 - build needs the criteria form
    assert full is not None  # noqa: S101
    top = int(study.problem.start[i + 1]) - 1
    return (
        f"Build: it could be worth {points(float(full[top]))} at {level_name(study, top)}, but only "
        f"{percent(float(readiness.mean[i]))} of its potential is realised now; at "
        f"{percent(ATTAINABLE_READINESS)} it would come in at {level_name(study, evidence.when_ready[i])}."
    )


def _find_out(study: Study, evidence: Evidence, option: int, i: int) -> str:
    best = int(study.best.choice[i])
    known = ""
    if evidence.information is not None and evidence.information[i] >= SMALL:
        known = f"; knowing its value better would be worth about {points(float(evidence.information[i]))}"
    if evidence.shares is None or not len(study.values.draws):
        return f"Find out first: there is no sure answer yet{known}."
    share = versions(float(evidence.shares[best]), len(study.values.draws))
    return f"Find out first: {level_name(study, best)} is best in {share} plausible versions{known}."


def _cost_of_change(study: Study, evidence: Evidence, advice: Advice, i: int) -> str:
    """What the nearest other level would cost, and whom it would move down."""
    if advice.labels[i] == "say_no_kindly":
        other = _cheapest(study, evidence, i, above=True)
        moved = _displaced(study, evidence, other, i)
        return f"Keeping it would move {listing(moved)} down." if moved else ""
    other = _cheapest(study, evidence, i)
    if other is None or evidence.flips is None:
        return ""
    loss = evidence.flips[other].loss
    if loss is None:
        return ""
    best, level = level_name(study, int(study.best.choice[i])), level_name(study, other)
    if loss < SMALL:
        return f"{level} would be as good as {best}: the total would hardly change."
    moved = _displaced(study, evidence, other, i)
    because = f", and move {listing(moved)} down" if moved else ""
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
    return f"{level_name(study, best)} is best in {share} plausible versions of the numbers."


def _what_would_flip(study: Study, evidence: Evidence, i: int) -> str:
    other = _cheapest(study, evidence, i)
    if other is None or evidence.flips is None:
        return ""
    loss = evidence.flips[other].loss
    if loss is None or loss < SMALL:
        return ""
    best = int(study.best.choice[i])
    change = f"It would change to {level_name(study, other)} if"
    if other > best:
        return f"{change} that were worth over {points(loss)} more than we think."
    return f"{change} {level_name(study, best)} were worth over {points(loss)} less than we think."


def _by_which_way(study: Study, advice: Advice, i: int) -> str:
    """The way that makes most of the value, where one makes more than half of it and there are others."""
    criteria, option = study.portfolio.criteria, int(advice.solution.choice[i])
    if criteria is None or len(criteria.ways) < 2 or study.values.mean[option] < SMALL:
        return ""
    participation = study.portfolio.participations[i]
    weights = study.values.mean_weights.reshape(len(criteria.objectives), len(criteria.ways))
    gained = [0.0] * len(criteria.ways)
    for rating, mean in zip(participation.ratings, mean_ratings(participation), strict=True):
        gained[rating.way] += float(weights[rating.objective, rating.way]) * mean
    most = max(gained)
    if len([one for one in gained if one]) < 2 or min(gained) < 0 or most <= sum(gained) / 2:
        return ""
    return f"Most of what it adds comes by one way: {criteria.way_labels[gained.index(most)]}."


def _contested(study: Study, findings: Findings, i: int) -> str:
    """At which level each group would have it, where they differ."""
    if findings.views is None or not findings.views.contested(i):
        return ""
    by_level: dict[int, list[str]] = {}
    for group, choice in zip(findings.views.groups, findings.views.choices, strict=True):
        by_level.setdefault(int(choice[i]), []).append(group)
    parts = [f"{level_name(study, option)} by {listing(groups)}" for option, groups in sorted(by_level.items())]
    return f"It is contested: weighed {listing(parts)}."


def _readiness_that_would_flip(study: Study, findings: Findings, i: int) -> str:
    """The nearer of the two turns of its readiness."""
    if findings.thresholds is None:
        return ""
    below, above = findings.thresholds[i].readiness
    turns = [turn for turn in (below, above) if turn is not None and abs(turn.at - turn.now) >= A_PERCENT]
    if not turns:
        return ""
    turn = min(turns, key=lambda one: abs(one.at - one.now))
    way = "rose" if turn.at > turn.now else "fell"
    return (
        f"It would change to {level_name(study, turn.option)} if its readiness {way} from {percent(turn.now)} "
        f"to {percent(turn.at)}."
    )


def _at_the_weakest(study: Study, findings: Findings, i: int) -> str:
    """What would be best if the partnership were only as ready as its weakest characteristic, where that is another."""
    turn = findings.thresholds[i].weakest if findings.thresholds is not None else None
    if turn is None or turn.option == int(study.best.choice[i]):
        return ""
    return (
        f"If it were only as ready as its weakest characteristic, {percent(turn.at)}, it would be at "
        f"{level_name(study, turn.option)}."
    )


def _days_that_would_flip(study: Study, findings: Findings, i: int) -> str:
    turn = findings.thresholds[i].days if findings.thresholds is not None else None
    if turn is None or turn.at > 1 - A_PERCENT:
        return ""
    fewer = math.ceil(round(100 * (1 - turn.at), 6))
    return f"{level_name(study, turn.option)} would come in if it asked for {fewer}% fewer days than we think."
