"""What one cell of a portfolio's spreadsheet can hold, read from text and written back as the same.

Reading raises ``CellProblemError``, whose text tells the person who has the file open what to do. Whatever ``write``
gives, ``read`` takes back as the same value: a portfolio that is exported and imported again changes nothing.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from partnerships.numbers import plain_number

Value = str | int | Decimal | datetime.date | frozenset[str] | None

NOT_RATED = "not rated"
TWO_PLACES = Decimal("0.01")
DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class CellProblemError(ValueError):
    """The text of one cell cannot be used; the message says what to enter."""


def tidy(text: str) -> str:
    """Line ends as one character, and no space around: what a form would store."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


@dataclass(frozen=True)
class Text:
    longest: int

    def read(self, text: str) -> Value:
        text = tidy(text)
        if len(text) > self.longest:
            raise CellProblemError(f"Shorten this to {self.longest} characters or fewer. It has {len(text)}.")
        if CONTROL.search(text):
            raise CellProblemError("Retype this: it holds characters that cannot be shown.")
        return text

    def write(self, value: Value) -> str:
        return "" if value is None else str(value)


@dataclass(frozen=True)
class Number:
    least: int
    most: int
    may_be_unrated: bool = False

    def read(self, text: str) -> Value:
        text = tidy(text)
        if self.may_be_unrated and text.casefold() == NOT_RATED:
            return NOT_RATED
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            unrated = f", or the words “{NOT_RATED}”" if self.may_be_unrated else ""
            raise CellProblemError(f"Enter a number{unrated}. “{text[:40]}” is not one.")
        if not self.least <= number <= self.most:
            raise CellProblemError(f"Enter a number from {self.least} to {self.most}.")
        if number != number.quantize(TWO_PLACES):
            raise CellProblemError("Enter a number with at most 2 decimal places.")
        return number

    def write(self, value: Value) -> str:
        return plain_number(value) if isinstance(value, Decimal) else str(value or "")


@dataclass(frozen=True)
class Date:
    def read(self, text: str) -> Value:
        text = " ".join(text.split())
        for pattern in DATE_FORMATS:
            try:
                day = datetime.datetime.strptime(text, pattern).date()  # noqa: DTZ007  (a day has no time zone)
            except ValueError:
                continue
            if 1850 <= day.year <= 2200:
                return day
        raise CellProblemError(f"Enter a date such as 1 April 2026 or 01/04/2026. “{text[:40]}” is not one.")

    def write(self, value: Value) -> str:
        return value.isoformat() if isinstance(value, datetime.date) else ""


@dataclass(frozen=True)
class Choice:
    """One of a list of words; ``values`` holds what each stands for, in the list's order."""

    values: Mapping[str, str | int]
    _folded: dict[str, str | int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_folded", {_fold(words): value for words, value in self.values.items()})

    def read(self, text: str) -> Value:
        value = self._folded.get(_fold(text))
        if value is None:
            raise CellProblemError(f"“{tidy(text)[:40]}” is not on the list. {self._offer(text)}")
        return value

    def _offer(self, text: str) -> str:
        """What to enter instead: the nearest few of a long list, else all of it."""
        nearest = get_close_matches(_fold(text), self._folded, n=2, cutoff=0.5) if len(self.values) > 6 else []
        offered = [words for words in self.values if not nearest or _fold(words) in nearest]
        return f"Enter {' or '.join(offered)}." if nearest else f"Enter one of: {', '.join(offered)}."

    def write(self, value: Value) -> str:
        return next((words for words, stands_for in self.values.items() if stands_for == value), "")


@dataclass(frozen=True)
class Codes:
    """Organisations' codes, separated by commas, semicolons or spaces; ``single`` takes exactly one."""

    single: bool = False

    def read(self, text: str) -> Value:
        codes = frozenset(re.split(r"[\s,;]+", tidy(text).upper())) - {""}
        wrong = sorted(code for code in codes if not re.fullmatch("[A-Z0-9]{1,12}", code))
        if wrong:
            raise CellProblemError(f"“{wrong[0][:40]}” is not an organisation’s code. Codes look like RH5.")
        if self.single and len(codes) != 1:
            raise CellProblemError("Enter one organisation’s code, such as RH5.")
        return codes

    def write(self, value: Value) -> str:
        return ", ".join(sorted(value)) if isinstance(value, frozenset) else ""


Cell = Text | Number | Date | Choice | Codes


def _fold(words: str) -> str:
    return " ".join(words.split()).casefold()
