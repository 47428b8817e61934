"""From a JSON document to an instrument, checked whole: a fault is named before anybody is asked anything."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from diagnostics.instrument.definition import (
    LEAST,
    LEAST_ITEMS_AN_ATOM,
    MOST,
    MOST_ITEMS,
    Atom,
    Band,
    Characteristic,
    Choice,
    Group,
    Instrument,
    InstrumentError,
    Item,
    Page,
    Place,
    Topic,
)
from diagnostics.instrument.reading import read_parts

FORMAT = "survey-instrument/1"
VERSIONS = Path(__file__).parent / "versions"
CURRENT = "eight-characteristics-3"
# How good a partner an organisation is: the same items as partners read them, and as its own people do.
BY_PARTNERS, BY_US = "good-partner-by-partners-2", "good-partner-by-us-2"
# What of an instrument is no list of parts.
PLAIN = frozenset({"version", "title", "origin", "minutes", "dont_know", "low_values"})


class Coded(Protocol):
    @property
    def code(self) -> str: ...


@cache
def instrument(version: str = CURRENT) -> Instrument:
    """The instrument of that version, as shipped. Raises InstrumentError where there is none."""
    return load(shipped(VERSIONS, version, "instrument"))


@cache
def shipped_versions() -> tuple[str, ...]:
    """The versions that come with the service, oldest first."""
    return tuple(sorted((file.stem for file in VERSIONS.glob("*.json")), key=_place))


def versions_like(version: str) -> tuple[str, ...]:
    """Those of them that ask about the same as this one."""
    return tuple(one for one in shipped_versions() if _place(one)[0] == _place(version)[0])


def _place(version: str) -> tuple[str, int]:
    name, _, number = version.rpartition("-")
    return name, int(number)


def shipped(folder: Path, version: str, what: str) -> Any:
    """The document of that version in a folder of ours. Raises InstrumentError where there is none."""
    file = folder / f"{version}.json"
    if file.parent != folder or not file.is_file():
        raise InstrumentError(f"There is no {what} with the version {version!r}.")
    return json.loads(file.read_text(encoding="utf-8"))


def load(document: Any) -> Instrument:
    """The instrument that ``document`` (parsed JSON) describes. Raises InstrumentError, naming the part at fault."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InstrumentError(f"format: expected {FORMAT!r}.")
    given = read_parts({name: value for name, value in document.items() if name != "format"})
    kinds: dict[str, type[Any]] = {
        "scale": Choice,
        "bands": Band,
        "places": Place,
        "groups": Group,
        "characteristics": Characteristic,
        "atoms": Atom,
        "topics": Topic,
        "items": Item,
        "pages": Page,
    }
    parts = {name: tuple(kind(**part) for part in given[name]) for name, kind in kinds.items()}
    made = Instrument(**{**given, **parts, "low_values": frozenset(given["low_values"])})
    check(made)
    return made


def as_document(made: Instrument) -> dict[str, Any]:
    """The document of an instrument, as ``load`` reads it."""
    parts = {
        field.name: [_without_what_is_empty(part) for part in getattr(made, field.name)]
        if field.name not in PLAIN
        else getattr(made, field.name)
        for field in fields(made)
    }
    return {"format": FORMAT, **parts, "low_values": sorted(made.low_values)}


def as_text(made: Instrument) -> str:
    """The document as the text of a file, which people can read and change."""
    return json.dumps(as_document(made), ensure_ascii=False, indent=2) + "\n"


def _without_what_is_empty(part: Any) -> dict[str, Any]:
    given = asdict(part)
    return {key: list(value) if isinstance(value, tuple) else value for key, value in given.items() if value != ""}


def check(made: Instrument) -> None:
    """Raise InstrumentError unless every code is known and used as it must be."""
    if [choice.value for choice in made.scale] != list(range(LEAST, MOST + 1)):
        raise InstrumentError(f"scale: expected the values {LEAST} to {MOST}, in order.")
    if not made.low_values <= {choice.value for choice in made.scale}:
        raise InstrumentError("low_values: expected values of the scale.")
    if len(made.items) > MOST_ITEMS:
        raise InstrumentError(f"items: {len(made.items)}, and no survey asks more than {MOST_ITEMS}.")
    coded: dict[str, Sequence[Coded]] = {
        "bands": made.bands,
        "places": made.places,
        "groups": made.groups,
        "characteristics": made.characteristics,
        "atoms": made.atoms,
        "topics": made.topics,
        "items": made.items,
        "pages": made.pages,
    }
    for name, parts in coded.items():
        _check_codes(name, [part.code for part in parts])
    if not made.low_values:
        raise InstrumentError("low_values: there are none.")
    _check_bands(made)
    _check_known("characteristics", (one.group for one in made.characteristics), made.groups)
    _check_known("atoms", (atom.characteristic for atom in made.atoms), made.characteristics)
    _check_items(made)
    _check_pages(made)


def _check_bands(made: Instrument) -> None:
    starts = [band.starts for band in made.bands]
    if starts[0] != LEAST or starts != sorted(set(starts)) or starts[-1] >= MOST:
        raise InstrumentError(f"bands: expected the first to start at {LEAST}, each above the last, all under {MOST}.")


def _check_pages(made: Instrument) -> None:
    times = Counter(item for page in made.pages for item in page.items)
    wrong = sorted(
        code for code in times.keys() | made.item_by_code.keys() if times[code] != 1 or code not in made.item_by_code
    )
    if wrong:
        raise InstrumentError(f"pages: every item stands on exactly one page, unlike {', '.join(wrong)}.")
    empty = [page.code for page in made.pages if not page.items]
    if empty:
        raise InstrumentError(f"pages: {empty[0]} has no items.")


def _check_codes(name: str, codes: list[str]) -> None:
    if not codes:
        raise InstrumentError(f"{name}: there are none.")
    twice = [code for code, times in Counter(codes).items() if times > 1]
    if twice:
        raise InstrumentError(f"{name}: {', '.join(twice)} stands there more than once.")


def _check_known(name: str, used: Iterable[str], defined: Sequence[Coded]) -> None:
    """Each ``used`` code is defined, and nothing is defined that nothing uses."""
    used, known = set(used), {part.code for part in defined}
    if used != known:
        raise InstrumentError(f"{name}: {', '.join(sorted(used ^ known))} is used or defined, but not both.")


def _check_items(made: Instrument) -> None:
    for item in made.items:
        if bool(item.atom) == bool(item.topic):
            raise InstrumentError(f"items: {item.code} needs an atom or a topic, and not both.")
    _check_known("items", (item.atom for item in made.items if item.atom), made.atoms)
    _check_known("items", (item.topic for item in made.items if item.topic), made.topics)
    for topic in made.topics:
        if bool(topic.behaviour) != bool(topic.question):
            raise InstrumentError(f"topics: {topic.code} has a behaviour or a question, and needs both or neither.")
    for atom in made.atoms:
        if len(made.items_of_atom(atom.code)) < LEAST_ITEMS_AN_ATOM:
            raise InstrumentError(f"atoms: {atom.code} needs at least {LEAST_ITEMS_AN_ATOM} items.")
