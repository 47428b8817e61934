"""Typed readers for a document that may hold anything at all.

Every reader takes the name of the field beside the thing it reads, so that whatever is wrong is reported
once, as one line naming the field and what to do about it. Nothing here knows what a portfolio is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection
from decimal import Decimal
from typing import Any

MILLIDAYS = 1000  # days are exact to a thousandth, and are added up as whole thousandths
MAX_TEXT = 2000
# A thousandth typed as a decimal arrives as the nearest double; this much apart is the same number.
EXACTNESS = Decimal("0.000001")


class DocumentError(ValueError):
    """A document that is wrong: which `field`, and the `reason` in plain words. Its text is always one
    line.
    """

    def __init__(self, field: str, reason: str) -> None:
        self.field = one_line(field)
        self.reason = one_line(reason)
        super().__init__(f"{self.field}: {self.reason}")


def one_line(text: str, limit: int = 400) -> str:
    """The text without line breaks or control characters, cut to `limit` characters."""
    plain = "".join(character if character.isprintable() else " " for character in text[: limit + 1])
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def quoted(text: str) -> str:
    """The text in quotes, short enough for a message."""
    return json.dumps(text if len(text) <= 60 else text[:59] + "…", ensure_ascii=False)


def kind_of(thing: object) -> str:
    """What a thing is, in the words of JSON."""
    if thing is None:
        return "null"
    if isinstance(thing, bool):
        return "true or false"
    names = ((dict, "an object"), (list, "a list"), (str, "text"), (int, "a number"), (float, "a number"))
    return next((name for kind, name in names if isinstance(thing, kind)), "something that is not JSON")


def read_object(
    thing: object,
    field: str,
    *,
    required: Collection[str] = (),
    optional: Collection[str] | None = None,
    most: int = 5000,
) -> dict[str, Any]:
    """An object with every key in `required`; with `optional` given, no other key than those two allow."""
    if not isinstance(thing, dict):
        raise DocumentError(field, f"must be an object, not {kind_of(thing)}")
    if len(thing) > most:
        raise DocumentError(field, f"has {len(thing)} entries; at most {most} are allowed")
    for key in thing:
        if not isinstance(key, str):
            raise DocumentError(field, "has a key that is not text")
        if optional is not None and key not in required and key not in optional:
            known = ", ".join(sorted({*required, *optional}))
            raise DocumentError(f"{field}.{quoted(key)}", f"is not known here; known are {known}")
    for key in required:
        if key not in thing:
            raise DocumentError(f"{field}.{key}", "is missing")
    return thing


def read_list(thing: object, field: str, *, least: int = 0, most: int = 5000) -> list[Any]:
    """A list of `least` to `most` things."""
    if not isinstance(thing, list):
        raise DocumentError(field, f"must be a list, not {kind_of(thing)}")
    if len(thing) < least:
        raise DocumentError(field, f"has {len(thing)} entries; at least {least} needed")
    if len(thing) > most:
        raise DocumentError(field, f"has {len(thing)} entries; at most {most} are allowed")
    return thing


def read_text(thing: object, field: str, *, most: int = MAX_TEXT, empty: bool = False) -> str:
    """Text of at most `most` characters."""
    if not isinstance(thing, str):
        raise DocumentError(field, f"must be text, not {kind_of(thing)}")
    if not thing and not empty:
        raise DocumentError(field, "is empty")
    if len(thing) > most:
        raise DocumentError(field, f"has {len(thing)} characters; at most {most} are allowed")
    return thing


def read_id(thing: object, field: str) -> str:
    """An identifier: text of 1 to 200 characters."""
    return read_text(thing, field, most=200)


def read_known(thing: object, field: str, known: Collection[str], what: str) -> str:
    """An identifier that must be one of `known`."""
    identifier = read_id(thing, field)
    if identifier not in known:
        raise DocumentError(field, f"{quoted(identifier)} is not {what}")
    return identifier


def read_flag(thing: object, field: str) -> bool:
    """True or false."""
    if not isinstance(thing, bool):
        raise DocumentError(field, f"must be true or false, not {kind_of(thing)}")
    return thing


def read_number(thing: object, field: str, *, least: float, most: float) -> float:
    """A finite number from `least` to `most`."""
    if isinstance(thing, bool) or not isinstance(thing, int | float):
        raise DocumentError(field, f"must be a number, not {kind_of(thing)}")
    if isinstance(thing, float) and not math.isfinite(thing):
        raise DocumentError(field, "must be a finite number, not NaN or Infinity")
    if thing < least:
        worded = "is negative" if least == 0 else f"is below {least:g}"
        raise DocumentError(field, f"{worded}; it must be from {least:g} to {most:g}")
    if thing > most:
        raise DocumentError(field, f"is above {most:g}; it must be from {least:g} to {most:g}")
    return float(thing)


def read_integer(thing: object, field: str, *, least: int, most: int) -> int:
    """A whole number from `least` to `most`; 3.0 is 3."""
    number = read_number(thing, field, least=least, most=most)
    if number != int(number):
        raise DocumentError(field, "must be a whole number")
    return int(thing)  # type: ignore[call-overload, no-any-return]


def read_millidays(thing: object, field: str, *, most: float) -> int:
    """Days, not negative and exact to 0.001, as whole thousandths of a day."""
    days = Decimal(repr(read_number(thing, field, least=0, most=most)))
    thousandths = (days * MILLIDAYS).to_integral_value()
    if abs(days * MILLIDAYS - thousandths) > EXACTNESS:
        raise DocumentError(field, "must be exact to 0.001 of a day")
    return int(thousandths)


def read_triple(
    thing: object, field: str, *, least: float, most: float, optional: Collection[str] = ()
) -> tuple[float, float, float]:
    """A number, or `low`, `likely` and `high` in that order, as (low, likely, high)."""
    if not isinstance(thing, dict):
        number = read_number(thing, field, least=least, most=most)
        return number, number, number
    read_object(thing, field, required=("low", "likely", "high"), optional=optional)
    low, likely, high = (
        read_number(thing[key], f"{field}.{key}", least=least, most=most) for key in ("low", "likely", "high")
    )
    if not low <= likely <= high:
        raise DocumentError(field, "low, likely and high must be in that order")
    return low, likely, high


def check_distinct(identifiers: list[str], field: str, what: str) -> None:
    """Raise DocumentError where an identifier is given twice."""
    seen: set[str] = set()
    for position, identifier in enumerate(identifiers):
        if identifier in seen:
            raise DocumentError(f"{field}[{position}]", f"{what} {quoted(identifier)} is given twice")
        seen.add(identifier)
