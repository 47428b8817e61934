"""Figures of a measure as people paste them: a line each, the day and then the figure, as a spreadsheet copies them.

A month without a day stands for its first. Nothing is guessed: a line that is not understood is named, with what to do.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

MOST_AT_ONCE = 200
DAY_FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%B %Y", "%b %Y", "%b-%y")
PLACES, LARGEST = 4, Decimal(10) ** 10
SEPARATORS = ("\t", ";", ",")


@dataclass(frozen=True)
class Figure:
    """One line: on which day, which figure, and its number among the lines."""

    line: int
    day: datetime.date
    value: Decimal


@dataclass(frozen=True)
class Problem:
    """A line that cannot be taken, and what to do."""

    line: int
    words: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.words}"


def read_figures(text: str, *, today: datetime.date) -> tuple[list[Figure], list[Problem]]:
    """The figures of a text, and what is wrong with it; a line that says the same once more is left out."""
    found: dict[datetime.date, Figure] = {}
    problems: list[Problem] = []
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_AT_ONCE:
        return [], [Problem(MOST_AT_ONCE + 1, f"Paste at most {MOST_AT_ONCE} lines at once.")]
    for number, line in lines:
        one = _read(number, line, today)
        if isinstance(one, Problem):
            problems.append(one)
        elif found.setdefault(one.day, one).value != one.value:
            problems.append(Problem(number, f"{one.day:%-d %B %Y} has another figure in line {found[one.day].line}."))
    return sorted(found.values(), key=lambda one: one.day), problems


def _read(number: int, line: str, today: datetime.date) -> Figure | Problem:
    for day_text, value_text in _parts(line):
        day = _day(day_text)
        if day is None:
            continue
        value = _value(value_text)
        if value is None:
            return Problem(number, f"Enter the figure for {day:%-d %B %Y} as a number, such as 12.5.")
        if day > today:
            return Problem(number, f"{day:%-d %B %Y} has not come yet. Enter figures of days that have.")
        return Figure(number, day, value)
    return Problem(number, "Begin with a day, such as 1/4/2026 or April 2026, then a comma or a tab and the figure.")


def _parts(line: str) -> Iterator[tuple[str, str]]:
    """Where the day may end: at the first separator of each kind, or before the last word."""
    for separator in SEPARATORS:
        day, found, rest = line.partition(separator)
        if found:
            yield day, rest
    day, _, rest = line.rpartition(" ")
    yield day, rest


def _day(text: str) -> datetime.date | None:
    tidy = " ".join(text.split())
    for form in DAY_FORMATS:
        try:
            return datetime.datetime.strptime(tidy, form).replace(tzinfo=datetime.UTC).date()
        except ValueError:
            continue
    return None


def _value(text: str) -> Decimal | None:
    """A number with or without a sign of per cent or pounds, and commas between thousands."""
    bare = text.strip().strip("%£ ")
    whole, _, fraction = bare.lstrip("+-").partition(".")
    first, *thousands = whole.split(",")
    if thousands and (len(first) > 3 or any(len(one) != 3 for one in thousands)):
        return None
    digits = whole.replace(",", "") + fraction
    if not digits.isascii() or not digits.isdigit():
        return None
    try:
        value = Decimal(bare.replace(",", ""))
    except InvalidOperation:
        return None
    return value if abs(value) < LARGEST and len(fraction) <= PLACES else None
