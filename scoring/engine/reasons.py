"""The reason for each recommendation, in plain English, made only from numbers that were computed.

A sentence stands only where its numbers support it: without draws nothing is said about how sure it is,
without flips nothing about what would change it. The first sentence is the reason for a list; the others
follow on a page.

Two portfolios are spoken of. The *best* one is best by the numbers alone; flips, shares and thresholds are its own. The
*advised* one softens declines that are not sure enough. Where they hold a partnership at different levels, it says so.
"""

from __future__ import annotations

import math

from scoring.engine.advice import ATTAINABLE_READINESS, Advice, Evidence, declined_of, worth_finding_out
from scoring.engine.feasibility import obstacles
from scoring.engine.findings import Findings
from scoring.engine.labels import LABEL_WORDS
from scoring.engine.reading import MILLIDAYS
from scoring.engine.study import Study
from scoring.engine.thresholds import option_at
from scoring.engine.value import mean_ratings
from scoring.engine.wording import (
    SMALL,
    few,
    level_name,
    listing,
    number,
    option_days,
    percent,
    points,
    spoken_days,
    versions,
)

A_PERCENT = 0.01
AS_GOOD = 0.001  # of the total: a smaller loss is none, where it is also too small for a number


def reasons(study: Study, findings: Findings, i: int) -> list[str]:
    """The sentences for one participation, the reason first."""
    evidence, advice = findings.evidence, findings.advice
    sentences = [
        _first(study, evidence, advice, i),
        _by_which_way(study, advice, i),
        _not_the_best(study, evidence, advice, i),
        _cost_of_change(study, evidence, advice, i),
        _how_sure(study, evidence, advice, i),
        _contested(study, findings, i),
        _what_would_flip(study, evidence, advice, i),
        _readiness_that_would_flip(study, findings, i),
        _at_the_weakest(study, findings, i),
        _days_that_would_flip(study, findings, i),
    ]
    return [sentence for sentence in sentences if sentence]


def _first(study: Study, evidence: Evidence, advice: Advice, i: int) -> str:
    label = advice.labels[i]
    option = int(advice.solution.choice[i])
    if label == "say_no_kindly":
        return _say_no(study, evidence, advice, i)
    makers = {
        "step_down": _step_down,
        "do_the_minimum": _minimum,
        "build": _build,
        "find_out_first": _find_out,
    }
    maker = makers.get(label)
    if maker is not None:
        return maker(study, evidence, option, i)
    value, whole = float(study.values.mean[option]), advice.solution.value
    if 0 <= value <= whole:
        return f"{LABEL_WORDS[label]}: {_adds(study, option)}, of {points(whole)} for the whole portfolio."
    return f"{LABEL_WORDS[label]}: {_adds(study, option)}; the whole portfolio is worth {_total(whole)}."


def _adds(study: Study, option: int) -> str:
    """What an option adds and costs."""
    return f"it {_worth(float(study.values.mean[option]), 's')} for {option_days(study, option)}"


def _worth(value: float, ending: str = "") -> str:
    """What a value does, as a verb; `ending` for who does it now, none for who would."""
    shown = points(abs(value))
    if shown == points(0):
        return f"add{ending} nothing"
    return f"add{ending} {shown}" if value > 0 else f"take{ending} away {shown}"


def _step_down(study: Study, evidence: Evidence, option: int, i: int) -> str:
    participation = study.portfolio.participations[i]
    assert participation.today is not None  # noqa: S101 - below today's level, so there is one
    today = int(study.problem.start[i]) + participation.today
    step = f"Step down from {level_name(study, today)} to {level_name(study, option)}"
    deeds = _days_moved(study, today, option)
    if study.values.mean[option] == 0 and not any(study.problem.days[option]):
        return f"{step}: that {listing(deeds)}." if deeds else f"{step}."
    return f"{step}: there {', and '.join([_adds(study, option), *deeds])}."


def _days_moved(study: Study, before: int, after: int) -> list[str]:
    """What a change of level frees, and what it takes more: a lower level may ask more of one pool."""
    change = (study.problem.days[after] - study.problem.days[before]).tolist()
    freed, taken = [max(0, -one) for one in change], [max(0, one) for one in change]
    return [
        *([f"frees {spoken_days(study, freed)}"] if any(freed) else []),
        *([f"takes {spoken_days(study, taken)} more"] if any(taken) else []),
    ]


def _say_no(study: Study, evidence: Evidence, advice: Advice, i: int) -> str:
    best = int(study.best.choice[i])
    if best != int(advice.solution.choice[i]):
        names = listing(few(_softened_beside(study, advice, i)))
        return (
            f"Say no kindly: by the numbers alone {level_name(study, best)} would be best, "
            f"but it does not pay beside the softer steps of {names}."
        )
    if evidence.flips is None:
        return f"Say no kindly: the best portfolio is worth {_total(study.best.value)} without it."
    other = _cheapest(study, evidence, i, above=True)
    if other is None:
        return _does_not_fit(study, i)
    loss = evidence.flips[other].loss
    assert loss is not None  # noqa: S101 - the cheapest has a loss
    value = float(study.values.mean[other])
    what = f"at {level_name(study, other)} it would {_worth(value)} for {option_days(study, other)}"
    if _is_none(study, loss):
        return f"Say no kindly: {what}, and the best portfolio with it would be worth no more than the one without."
    joined = "yet" if value >= SMALL else "and"
    return f"Say no kindly: {what}, {joined} the best portfolio with it would be worth {_lost(study, loss)} less."


def _total(value: float) -> str:
    """A total, which may be below that of doing nothing."""
    return points(value) if value >= 0 else f"{points(-value)} less than nothing"


def _does_not_fit(study: Study, i: int) -> str:
    """Why no feasible portfolio holds a participation above its lowest level."""
    problem = study.problem
    first, *above = problem.options_of(i)
    if not above:
        return f"Say no kindly: {level_name(study, first)} is its only level."
    if all((problem.days[option] > problem.capacity).any() for option in above):
        short = int((problem.days[above[0]] > problem.capacity).argmax())
        asked = [int(days) if pool == short else 0 for pool, days in enumerate(problem.days[above[0]])]
        there = number(int(problem.capacity[short]) / MILLIDAYS, 3)
        return (
            f"Say no kindly: it does not fit into the days there are: {level_name(study, above[0])} "
            f"alone would take {spoken_days(study, asked)}, and there are {'none' if there == '0' else there}."
        )
    found = obstacles(problem, i)
    what = [
        *(["the duties"] if found.duties else []),
        *(["the rules between partnerships"] if found.rules else []),
    ]
    if not found.days:
        return f"Say no kindly: {listing(what)} leave no room for it at any level."
    beside = listing(what) if what else "what the others take even at their lowest levels"
    return f"Say no kindly: it does not fit at any level into the days there are beside {beside}."


def _minimum(study: Study, evidence: Evidence, option: int, i: int) -> str:
    gain = evidence.without_mandate[i]
    duty = study.portfolio.participations[i].mandate
    named = f" ({duty})" if duty else ""
    return (
        f"Do the minimum that the duty{named} needs, {level_name(study, option)}: {_adds(study, option)}; "
        f"without the duty the best portfolio would be worth {points(gain)} more."
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
    known = _worth_knowing(evidence, i)
    # Something that is best left out is also found out about where only that keeps a no from being said.
    out = best == int(study.problem.start[i]) and not worth_finding_out(study, evidence, i)
    but = f", but {_why_no_is_not_said(study, evidence, i)}" if out else ""
    if evidence.shares is None or not len(study.values.draws):
        return f"Find out first: {level_name(study, best)} is best by the likely numbers{but}{known}."
    share = versions(float(evidence.shares[best]), len(study.values.draws))
    return f"Find out first: {level_name(study, best)} is best in {share} plausible versions{but}{known}."


def _worth_knowing(evidence: Evidence, i: int) -> str:
    """What finding out is worth, and about what: whichever of value and readiness would tell more."""
    found = evidence.information
    if found is None or found.all[i] < SMALL:
        return ""
    what, worth = "value", float(found.all[i])
    if found.value is not None and found.readiness is not None:
        worth, what = max((float(found.value[i]), "value"), (float(found.readiness[i]), "readiness"))
    if worth < SMALL:  # neither by itself, both together
        what, worth = "value and readiness", float(found.all[i])
    return f"; knowing its {what} better would be worth about {points(worth)}"


def _not_the_best(study: Study, evidence: Evidence, advice: Advice, i: int) -> str:
    """Why the advised level is not the best one by the numbers alone."""
    best, advised = int(study.best.choice[i]), int(advice.solution.choice[i])
    if best == advised or advice.labels[i] == "say_no_kindly":
        return ""
    alone = f"By the numbers alone {level_name(study, best)} would be best"
    if i in advice.softened and best == int(study.problem.start[i]):
        return f"{alone}, but {_why_no_is_not_said(study, evidence, i)}; so it steps down only part of the way."
    names = listing(few(_softened_beside(study, advice, i)))
    return f"{alone}; beside the softer steps of {names}, {level_name(study, advised)} is better."


def _why_no_is_not_said(study: Study, evidence: Evidence, i: int) -> str:
    """What keeps a decline from being said, in the order of the table of labels."""
    if not study.portfolio.participations[i].harm_reviewed:
        return "nobody has reviewed what harm it would do"
    if declined_of(study, evidence, i) != "high":
        return "that is not sure enough to say no"
    return "a partnership that is kept depends on it"


def _softened_beside(study: Study, advice: Advice, i: int) -> list[str]:
    """Names of those whose declines are softened, without participation i itself."""
    return study.names([j for j in advice.softened if j != i])


def _cost_of_change(study: Study, evidence: Evidence, advice: Advice, i: int) -> str:
    """What the nearest other level would cost, and whom it would move down."""
    best = int(study.best.choice[i])
    if advice.labels[i] == "say_no_kindly":
        other = _cheapest(study, evidence, i, above=True) if best == int(advice.solution.choice[i]) else None
        moved = _displaced(study, evidence, other, i)
        return f"Keeping it would move {listing(moved)} down." if moved else ""
    other = _cheapest(study, evidence, i)
    if other is None or evidence.flips is None:
        return ""
    loss = evidence.flips[other].loss
    if loss is None:
        return ""
    level = level_name(study, other)
    if _is_none(study, loss):
        return f"{level} would be as good as {level_name(study, best)}: the total would hardly change."
    moved = _displaced(study, evidence, other, i)
    because = f", and move {listing(moved)} down" if moved else ""
    total = "the total" if best == int(advice.solution.choice[i]) else "the total of the best portfolio"
    return f"{level} instead of {level_name(study, best)} would lower {total} by {_lost(study, loss)}{because}."


def _is_none(study: Study, loss: float) -> bool:
    """Whether a loss is none to speak of: too small for a number, and beside the total too."""
    return loss < SMALL and loss <= AS_GOOD * abs(study.best.value)


def _lost(study: Study, loss: float) -> str:
    """A loss in words. Where a search was stopped, a forced portfolio may be better than the one that was found."""
    doubt = study.solver.largest_gap * max(1.0, abs(study.best.value))
    return f"up to {points(loss)}" if doubt >= SMALL else points(loss)


def _displaced(study: Study, evidence: Evidence, option: int | None, i: int) -> list[str]:
    """Names of those that stand lower when an option is forced: at most three, then how many more."""
    if option is None or evidence.flips is None:
        return []
    choice = evidence.flips[option].choice
    if choice is None:
        return []
    return few(study.names([j for j in range(study.problem.size) if j != i and choice[j] < study.best.choice[j]]))


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


def _would_be(study: Study, advice: Advice, i: int, option: int) -> str:
    """That another option would be the best. "Change" would be wrong where the advice has left the best already."""
    if int(study.best.choice[i]) == int(advice.solution.choice[i]):
        return f"It would change to {level_name(study, option)}"
    return f"By the numbers alone {level_name(study, option)} would be best"


def _what_would_flip(study: Study, evidence: Evidence, advice: Advice, i: int) -> str:
    other = _cheapest(study, evidence, i)
    if other is None or evidence.flips is None:
        return ""
    loss = evidence.flips[other].loss
    if loss is None or loss < SMALL:
        return ""
    best = int(study.best.choice[i])
    change = f"{_would_be(study, advice, i, other)} if"
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
    (option, groups), *others = sorted(by_level.items())
    parts = [f"the weights of {listing(few(groups))} put it at {level_name(study, option)}"]
    parts += [f"those of {listing(few(groups))} at {level_name(study, option)}" for option, groups in others]
    return f"It is contested: {listing(parts)}."


def _readiness_that_would_flip(study: Study, findings: Findings, i: int) -> str:
    """The nearer of the two turns of its readiness, in whole percent past it, and what is best there."""
    if findings.thresholds is None or findings.evidence.flips is None:
        return ""
    below, above = findings.thresholds[i].readiness
    turns = [turn for turn in (below, above) if turn is not None and abs(turn.at - turn.now) >= A_PERCENT]
    if not turns:
        return ""
    turn = min(turns, key=lambda one: abs(one.at - one.now))
    rises, at = turn.at > turn.now, round(100 * turn.at, 6)
    share = (math.ceil(at) if rises else math.floor(at)) / 100
    option = option_at(study, findings.evidence.flips, i, share)
    if option == int(study.best.choice[i]):  # just as good as what comes in
        option = turn.option
    change, to, now = _would_be(study, findings.advice, i, option), percent(share), percent(turn.now)
    if study.portfolio.participations[i].readiness.source == "default":
        return f"{change} if its readiness, which nobody has surveyed, proved to be {to} and not {now}."
    return f"{change} if its readiness {'rose' if rises else 'fell'} from {now} to {to}."


def _at_the_weakest(study: Study, findings: Findings, i: int) -> str:
    """What would be best if the partnership were only as ready as its weakest characteristic, where that is another."""
    turn = findings.thresholds[i].weakest if findings.thresholds is not None else None
    if turn is None or turn.option == int(study.best.choice[i]) or turn.at >= turn.now:
        return ""
    as_advised = int(study.best.choice[i]) == int(findings.advice.solution.choice[i])
    change = "it would be at" if as_advised else "by the numbers alone the best would be"
    return (
        f"If it were only as ready as its weakest characteristic, {percent(turn.at)}, {change} "
        f"{level_name(study, turn.option)}."
    )


def _days_that_would_flip(study: Study, findings: Findings, i: int) -> str:
    turn = findings.thresholds[i].days if findings.thresholds is not None else None
    if turn is None or turn.at > 1 - A_PERCENT:
        return ""
    fewer = math.ceil(round(100 * (1 - turn.at), 6))
    asked = "no days at all" if fewer >= 100 else f"{fewer}% fewer days than we think"
    if int(study.best.choice[i]) == int(findings.advice.solution.choice[i]):
        return f"{level_name(study, turn.option)} would come in if it asked for {asked}."
    return f"By the numbers alone {level_name(study, turn.option)} would be best if it asked for {asked}."
