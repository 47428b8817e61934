"""How numbers, levels and days are put into words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scoring.engine.reading import MILLIDAYS
from scoring.engine.study import Study

SMALL = 0.05  # value below which a difference is not worth a number
NOTHING = 1e-9  # value that is only what rounding leaves
MANY_DRAWS = 20  # fewer are counted instead of rounded: "about 7 of 10" is more than three draws can say
MOST_NAMES = 3


def option_days(study: Study, option: int) -> str:
    """The days of a flat option."""
    return spoken_days(study, study.problem.days[option].tolist())


def spoken_days(study: Study, days: Sequence[int]) -> str:
    """Days by pool, given in thousandths."""
    parts = [
        f"{number(amount / MILLIDAYS, 3)} {in_sentence(pool.label)} {'day' if amount == MILLIDAYS else 'days'}"
        for pool, amount in zip(study.portfolio.pools, days, strict=True)
        if amount > 0
    ]
    return f"{listing(parts)} a quarter" if parts else "no days"


def level_name(study: Study, option: int) -> str:
    """The label of a flat option's level, as a word in a sentence."""
    participation = study.portfolio.participations[int(study.problem.owner[option])]
    level = participation.options[study.problem.position(int(study.problem.owner[option]), option)].level
    labels = {one.id: one.label for one in study.portfolio.levels}
    return f"“{labels.get(level, level)}”"


def in_sentence(label: str) -> str:
    """A label in the middle of a sentence: a plain first word loses its capital; "IT" or "NaN" keep theirs."""
    first = label.split(" ", 1)[0]
    return label[:1].lower() + label[1:] if first[1:].islower() else label


def points(value: float) -> str:
    """A value in words: one decimal; below that, said so."""
    if NOTHING < abs(value) < SMALL:
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
    """An acceptability as people say it: how many of how many."""
    if draws < MANY_DRAWS:
        best = round(share * draws)
        return f"all {draws}" if best == draws > 1 else f"{best or 'none'} of {draws}"
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


def listing(parts: Sequence[str]) -> str:
    """One, two and three."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def few(names: Sequence[str]) -> list[str]:
    """Names to list: at most three, else the first two and how many more."""
    return list(names) if len(names) <= MOST_NAMES else [*names[:2], f"{len(names) - 2} others"]
