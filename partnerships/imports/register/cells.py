"""Cells of a register, whatever a spreadsheet made of them: codes, names, dates and postcodes.

Each function returns the value or raises ``UnusableCellError`` with the reason, in words for the person who has the
file open.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache

Cell = object  # text, a number, a truth value, a date or nothing, as the reader gives it

LONGEST_NAME = 200
LONGEST_SHOWN = 60
EARLIEST = datetime.date(1850, 1, 1)
FIVE_CHARACTER_CODE = "[A-Z][0-9][A-Z][0-9][A-Z]"  # the pattern of every code given out since 2020
FORMULA_STARTS = ("=", "+", "@", "-")
# control characters, and those that turn the direction of what follows, so that a name would not read as it is stored
NOT_PRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069\ufffd\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class CodePattern:
    """What a code of one kind looks like; ``example`` is shown to somebody whose code does not."""

    what: str
    pattern: re.Pattern[str]
    example: str

    def matches(self, code: str) -> bool:
        return self.pattern.fullmatch(code) is not None


def _codes(what: str, pattern: str, example: str) -> CodePattern:
    return CodePattern(what, re.compile(pattern), example)


TRUST = _codes("an NHS trust", f"[RT][A-Z0-9]{{2}}|{FIVE_CHARACTER_CODE}", "RH5")
TRUST_OR_BOARD = _codes("a trust or health board", f"[A-Z0-9]{{3}}|{FIVE_CHARACTER_CODE}", "RH5")
COMMISSIONER = _codes("a sub-ICB location or CCG", f"[0-9][A-Z0-9]{{2}}|{FIVE_CHARACTER_CODE}", "11X")
ICB = _codes("an integrated care board", "Q[A-Z0-9]{2}", "QSL")
COUNCIL = _codes("a council", f"[0-9]{{3}}|{FIVE_CHARACTER_CODE}", "905")
PRACTICE = _codes("a GP practice", f"[A-Z][0-9]{{5}}|{FIVE_CHARACTER_CODE}", "L85001")
PCN = _codes("a primary care network", f"U[0-9]{{5}}|{FIVE_CHARACTER_CODE}", "U00070")
UNIT = _codes("a hospital site", "[A-Z0-9]{5}|[A-Z0-9]{3}", "RVY02")
AREA = _codes("a region or board", "[A-Z0-9]{3}", "Y58")
EPILEPSY_NETWORK = _codes("an epilepsy network", "[A-Z]{2,12}", "SWIPE")
DIABETES_NETWORK = _codes("a diabetes network", "PN[0-9]{2}", "PN02")


class UnusableCellError(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def shown(value: Cell) -> str:
    """A value cut to a length that fits in a message, without characters that would break a terminal."""
    text = NOT_PRINTABLE.sub("?", str(value)).replace("\n", " ")
    return f"“{text[:LONGEST_SHOWN]}…”" if len(text) > LONGEST_SHOWN else f"“{text}”"


def text_of(value: Cell) -> str:
    """A cell as text on one line: 106.0 is 106, and spaces and line breaks count as one space."""
    if isinstance(value, str):
        return " ".join(value.split())
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def code_of(value: Cell, column: str, codes: CodePattern) -> str:
    """A code in capitals. Numbers that Excel made of codes come back as codes (106.0 is 106)."""
    if isinstance(value, str) and codes.pattern.fullmatch(value):
        return value
    code = text_of(value).upper()
    if codes.pattern.fullmatch(code):
        return code
    if not code:
        raise UnusableCellError(column, f"there is no code of {codes.what}. Codes look like {codes.example}.")
    raise UnusableCellError(column, f"{shown(code)} is not the code of {codes.what}. Codes look like {codes.example}.")


def optional_code(value: Cell, column: str, codes: CodePattern) -> str:
    return code_of(value, column, codes) if text_of(value) else ""


def name_of(value: Cell, column: str) -> str:
    """A name of at most 200 characters; a formula or a control character is not one."""
    if not isinstance(value, str):
        value = text_of(value)
    if not (value.isascii() and value.isprintable()) and NOT_PRINTABLE.search(value):
        raise UnusableCellError(column, f"{shown(value)} holds characters that no name has.")
    name = text_of(value)
    if not name:
        raise UnusableCellError(column, "there is no name.")
    if len(name) > LONGEST_NAME:
        raise UnusableCellError(column, f"{shown(name)} is longer than {LONGEST_NAME} characters.")
    if name.startswith(FORMULA_STARTS):
        raise UnusableCellError(column, f"{shown(name)} is a formula, not a name.")
    if not any(character.isalpha() for character in name):
        raise UnusableCellError(column, f"{shown(name)} is a number, not a name.")
    return name


def postcode_of(value: Cell) -> str:
    """A postcode in capitals with one space, or blank where the cell holds none: a wrong one stops nothing."""
    code = text_of(value).upper()
    return code if re.fullmatch(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}", code) else ""


def day_of(value: Cell, column: str, latest: datetime.date) -> datetime.date | None:
    """A day written yyyymmdd (as text, a number or a date), or None where the cell is empty.

    A day later than ``latest`` is a slip: registers announce changes some months ahead, not decades.
    """
    if isinstance(value, datetime.datetime):
        day: datetime.date | None = value.date()
    elif isinstance(value, datetime.date):
        day = value
    else:
        written = text_of(value)
        if not written:
            return None
        day = _day(written)
    if day is None:
        raise UnusableCellError(column, f"{shown(value)} is not a date. Dates look like 20250401.")
    if day > latest:
        raise UnusableCellError(column, f"{day:%-d %B %Y} is too far ahead.")
    if day < EARLIEST:
        raise UnusableCellError(column, f"{day:%-d %B %Y} is too long ago.")
    return day


@lru_cache(maxsize=4096)
def _day(written: str) -> datetime.date | None:
    if re.fullmatch(r"[0-9]{8}", written):
        written = f"{written[:4]}-{written[4:6]}-{written[6:]}"
    elif not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        return None
    try:
        return datetime.date.fromisoformat(written)
    except ValueError:
        return None


def check_order(
    first: datetime.date | None, last: datetime.date | None, column: str, first_is: str, last_is: str
) -> None:
    if first and last and last < first:
        raise UnusableCellError(column, f"the {last_is} {last:%-d %B %Y} is before the {first_is} {first:%-d %B %Y}.")
