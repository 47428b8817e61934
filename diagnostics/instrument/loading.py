"""From a JSON document to an instrument, checked whole: a fault is named before anybody is asked anything."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

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

FORMAT = "survey-instrument/1"
VERSIONS = Path(__file__).parent / "versions"
CURRENT = "eight-characteristics-1"
LONGEST_CODE = 20

Part = TypeVar("Part")


class Coded(Protocol):
    @property
    def code(self) -> str: ...


@cache
def instrument(version: str = CURRENT) -> Instrument:
    """The instrument of that version, as shipped. Raises InstrumentError where there is none."""
    return load(shipped(VERSIONS, version, "instrument"))


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
    fields = {name: value for name, value in document.items() if name != "format"}
    try:
        made = Instrument(
            **{
                **fields,
                "low_values": frozenset(fields["low_values"]),
                "scale": _parts(Choice, fields, "scale"),
                "bands": _parts(Band, fields, "bands"),
                "places": _parts(Place, fields, "places"),
                "groups": _parts(Group, fields, "groups"),
                "characteristics": _parts(Characteristic, fields, "characteristics"),
                "atoms": _parts(Atom, fields, "atoms"),
                "topics": _parts(Topic, fields, "topics"),
                "items": _parts(Item, fields, "items"),
                "pages": tuple(Page(page["code"], page["title"], tuple(page["items"])) for page in fields["pages"]),
            }
        )
    except (KeyError, TypeError) as problem:
        raise InstrumentError(f"A part is missing or not known: {problem}") from problem
    check(made)
    return made


def _parts(kind: type[Part], fields: dict[str, Any], name: str) -> tuple[Part, ...]:
    try:
        return tuple(kind(**part) for part in fields[name])
    except TypeError as problem:
        raise InstrumentError(f"{name}: {problem}") from problem


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
    _check_bands(made)
    _check_known("characteristics", (one.group for one in made.characteristics), made.groups)
    _check_known("atoms", (atom.characteristic for atom in made.atoms), made.characteristics)
    _check_items(made)
    shown = [item for page in made.pages for item in page.items]
    if sorted(shown) != sorted(made.item_by_code):
        raise InstrumentError("pages: every item stands on exactly one page.")


def _check_bands(made: Instrument) -> None:
    starts = [band.starts for band in made.bands]
    if starts[0] != LEAST or starts != sorted(set(starts)) or starts[-1] >= MOST:
        raise InstrumentError(f"bands: expected the first to start at {LEAST}, each above the last, all under {MOST}.")


def _check_codes(name: str, codes: list[str]) -> None:
    if not codes:
        raise InstrumentError(f"{name}: there are none.")
    twice = [code for code, times in Counter(codes).items() if times > 1]
    if twice:
        raise InstrumentError(f"{name}: {', '.join(twice)} stands there more than once.")
    wrong = [code for code in codes if not code or len(code) > LONGEST_CODE]
    if wrong:
        raise InstrumentError(f"{name}: a code has 1 to {LONGEST_CODE} characters, unlike {wrong[0]!r}.")


def _check_known(name: str, used: Iterable[str], defined: Sequence[Coded]) -> None:
    """Each ``used`` code is defined, and nothing is defined that nothing uses."""
    used, known = set(used), {part.code for part in defined}
    if used != known:
        raise InstrumentError(f"{name}: {', '.join(sorted(used ^ known))} is used or defined, but not both.")


def _check_items(made: Instrument) -> None:
    for item in made.items:
        if bool(item.atom) == bool(item.topic):
            raise InstrumentError(f"items: {item.code} needs an atom or a topic, and not both.")
        if not item.text.strip():
            raise InstrumentError(f"items: {item.code} has no words.")
    _check_known("items", (item.atom for item in made.items if item.atom), made.atoms)
    _check_known("items", (item.topic for item in made.items if item.topic), made.topics)
    for topic in made.topics:
        if bool(topic.behaviour) != bool(topic.question):
            raise InstrumentError(f"topics: {topic.code} has a behaviour or a question, and needs both or neither.")
    for atom in made.atoms:
        if len(made.items_of_atom(atom.code)) < LEAST_ITEMS_AN_ATOM:
            raise InstrumentError(f"atoms: {atom.code} needs at least {LEAST_ITEMS_AN_ATOM} items.")
