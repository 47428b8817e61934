"""From the bytes of a file to the parts of an instrument, strictly.

A file may come from anybody, so every value is looked at before it is used: each part has the keys it must have and no
other, and each key a value of its kind. What is wrong is said by the part, its number in the list, the key and why.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from diagnostics.instrument.definition import LEAST, MOST, InstrumentError

MOST_BYTES = 200_000
MOST_PARTS = 100
LONGEST_CODE = 20
LONGEST_VERSION = 60
LONGEST_LABEL = 100
LONGEST_TEXT = 200
LONGEST_ORIGIN = 1_000
MOST_MINUTES = 10
WIDE_SPACES = "\u00a0\u202f"  # those that word processors put between words that belong together

# Agreeing is always the healthy side (docs/diagnostic.md says why), so whatever would turn an item round is refused.
TURNS_ROUND = frozenset({"direction", "keyed", "negative", "polarity", "reverse", "reverse_coded", "reversed", "sign"})

Reader = Callable[[str, Any], Any]


def read_text(content: bytes) -> Any:
    """The JSON of a file. Raises InstrumentError for one that is none, or too large."""
    if len(content) > MOST_BYTES:
        raise InstrumentError(f"file: larger than {MOST_BYTES // 1000} kB, which no set of questions needs.")
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError as problem:
        raise InstrumentError("file: it is not text in UTF-8. Save it as JSON in UTF-8.") from problem
    except json.JSONDecodeError as problem:
        why = f"it is not JSON: line {problem.lineno}, column {problem.colno}: {problem.msg}."
        raise InstrumentError(f"file: {why}") from problem
    except RecursionError as problem:
        raise InstrumentError("file: its lists stand too deep inside one another.") from problem
    except InstrumentError:
        raise
    except ValueError as problem:  # a number of thousands of digits
        raise InstrumentError("file: it holds a number that is too long.") from problem


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, in which no key stands twice: the second would silently win."""
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise InstrumentError(f"file: {_shown(key)} stands twice in one part.")
        made[key] = value
    return made


def _no_number(name: str) -> None:
    raise InstrumentError(f"file: {name} is not a number.")


def read_parts(document: Mapping[str, Any]) -> dict[str, Any]:
    """The values of ``document`` by key, lists of parts as lists of dicts. Raises InstrumentError."""
    return part(DOCUMENT, "", document)


def part(
    readers: Mapping[str, Reader], at: str, given: Any, *, optional: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The values of one part. ``at`` says which it is, empty for the whole document."""
    if not isinstance(given, dict):
        raise InstrumentError(f"{at}: expected a part with keys, not {_shown(given)}.")
    before = f"{at}, " if at else ""
    for key in given:
        if key in TURNS_ROUND:
            raise InstrumentError(
                f"{before}{key}: agreeing is always the healthy side, so no item is turned round. "
                "Say it the other way in its text."
            )
        if key not in readers:
            raise InstrumentError(f"{before}{_shown(key)}: not a key that is known here.")
    missing = [key for key in readers if key not in given and key not in optional]
    if missing:
        raise InstrumentError(f"{before}{missing[0]}: it is missing.")
    return {key: readers[key](f"{before}{key}", value) for key, value in given.items()}


def _list(reader: Reader, at: str, given: Any) -> tuple[Any, ...]:
    if not isinstance(given, list):
        raise InstrumentError(f"{at}: expected a list, not {_shown(given)}.")
    if len(given) > MOST_PARTS:
        raise InstrumentError(f"{at}: {len(given)} of them, and no list has more than {MOST_PARTS}.")
    return tuple(reader(f"{at} {number}", one) for number, one in enumerate(given, 1))


def _words(longest: int, at: str, given: Any) -> str:
    if not isinstance(given, str):
        raise InstrumentError(f"{at}: expected words, not {_shown(given)}.")
    # Also what is half of a pair of surrogates, which is no character and cannot be stored.
    odd = next((one for one in given if not one.isprintable() and one not in WIDE_SPACES), None)
    if odd is not None:
        raise InstrumentError(f"{at}: it has the character U+{ord(odd):04X} in it, which is not one to read.")
    if not given.strip():
        raise InstrumentError(f"{at}: there are no words.")
    if len(given) > longest:
        raise InstrumentError(f"{at}: {len(given)} characters, and it can have {longest}.")
    return given.strip()


def code(longest: int, at: str, given: Any) -> str:
    """A short name for machines: it stands in addresses and names of fields."""
    if not isinstance(given, str) or not 1 <= len(given) <= longest:
        raise InstrumentError(f"{at}: a code has 1 to {longest} characters, unlike {_shown(given)}.")
    if not all(one.isascii() and (one.isalnum() or one in "-_") for one in given):
        raise InstrumentError(f"{at}: a code has letters, digits, - and _ only, unlike {_shown(given)}.")
    return given


def _whole(least: int, most: int, at: str, given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
        raise InstrumentError(f"{at}: expected a whole number from {least} to {most}, not {_shown(given)}.")
    return given


def _number(at: str, given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise InstrumentError(f"{at}: expected a number, not {_shown(given)}.")
    return given


def _shown(given: Any) -> str:
    """What was given instead, cut short, and without characters that cannot be read or stored."""
    try:
        text = ascii(given) if isinstance(given, str) else json.dumps(given)
    except (RecursionError, ValueError):
        text = "something else"
    return text if len(text) <= 40 else f"{text[:39]}…"


def _parts_of(readers: Mapping[str, Reader], *optional: str) -> Reader:
    return partial(_list, partial(part, readers, optional=frozenset(optional)))


CODE, LABEL, TEXT = partial(code, LONGEST_CODE), partial(_words, LONGEST_LABEL), partial(_words, LONGEST_TEXT)
POINT = partial(_whole, LEAST, MOST)
DOCUMENT: Mapping[str, Reader] = {
    "version": partial(code, LONGEST_VERSION),
    "title": LABEL,
    "origin": partial(_words, LONGEST_ORIGIN),
    "minutes": partial(_whole, 1, MOST_MINUTES),
    "scale": _parts_of({"value": POINT, "label": LABEL}),
    "dont_know": LABEL,
    "low_values": partial(_list, POINT),
    "bands": _parts_of({"code": CODE, "name": LABEL, "starts": _number}),
    "places": _parts_of({"code": CODE, "label": LABEL}),
    "groups": _parts_of({"code": CODE, "name": LABEL}),
    "characteristics": _parts_of({"code": CODE, "name": LABEL, "group": CODE}),
    "atoms": _parts_of({"code": CODE, "name": LABEL, "characteristic": CODE}),
    "topics": _parts_of({"code": CODE, "name": LABEL, "behaviour": LABEL, "question": TEXT}, "behaviour", "question"),
    "items": _parts_of({"code": CODE, "text": TEXT, "atom": CODE, "topic": CODE}, "atom", "topic"),
    "pages": _parts_of({"code": CODE, "title": LABEL, "items": partial(_list, CODE)}),
}
