"""An organisation's own version of the questions: what it may ask otherwise, and what stays so that scores go on.

It may word items otherwise, add some, leave some out, and put them on other pages. The scale, the bands, where people
work, the eight characteristics with their parts and the topics beside them stay those of the version that comes with
the service: a score on another scale is another score, and what reads it (readiness, what to learn from whom) reads
the eight.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from diagnostics.instrument.definition import Instrument, InstrumentError, Item, Page
from diagnostics.instrument.loading import check
from diagnostics.instrument.reading import LONGEST_CODE

STAYS = {
    "scale": "the five answers",
    "dont_know": "the words for “don’t know”",
    "low_values": "which answers are low",
    "bands": "the bands",
    "places": "where people work",
    "groups": "the three groups",
    "characteristics": "the eight characteristics",
    "atoms": "the parts of the characteristics",
    "topics": "the topics beside the eight",
}


def check_own(made: Instrument, shipped: Instrument) -> None:
    """Raise InstrumentError where an organisation's own version changes more than it may."""
    for name, words in STAYS.items():
        if getattr(made, name) != getattr(shipped, name):
            raise InstrumentError(
                f"{name}: your own version keeps {words} as they are in {shipped.version}, so that scores go on."
            )


def reworded(made: Instrument, code: str, text: str) -> Instrument:
    """The same question in other words: it keeps its code."""
    return _checked(
        replace(made, items=tuple(replace(one, text=text) if one.code == code else one for one in made.items))
    )


def asked_otherwise(made: Instrument, code: str, text: str, *, taken: Collection[str]) -> Instrument:
    """Another question in the place of one: it has a code of its own, which no version has used (``taken``)."""
    old = made.item_by_code[code]
    new = replace(old, code=new_code(old.atom or old.topic, taken), text=text)
    items = tuple(new if one.code == code else one for one in made.items)
    pages = tuple(
        replace(page, items=tuple(new.code if one == code else one for one in page.items)) for page in made.pages
    )
    return _checked(replace(made, items=items, pages=pages))


def added(made: Instrument, about: str, text: str, *, taken: Collection[str], code: str = "") -> Instrument:
    """One more item about an atom or a topic, after the last one there is. Raises InstrumentError.

    It has a new code, or the ``code`` of a question that is asked elsewhere and that it asks too.
    """
    atom = about if about in made.items_by_atom else ""
    topic = about if about in made.items_by_topic else ""
    beside = made.items_by_atom.get(atom) or made.items_by_topic.get(topic)
    if not beside:
        raise InstrumentError(f"items: there is no part or topic {about!r} to ask about.")
    new = Item(code or new_code(about, taken), text, atom, topic)
    after = next(place for place, one in enumerate(made.items) if one.code == beside[-1])
    items = (*made.items[: after + 1], new, *made.items[after + 1 :])
    return _checked(replace(made, items=items, pages=tuple(_with(page, beside[-1], new.code) for page in made.pages)))


def left_out(made: Instrument, code: str) -> Instrument:
    """Without one item. Raises InstrumentError where too few would stay."""
    items = tuple(one for one in made.items if one.code != code)
    pages = (replace(page, items=tuple(one for one in page.items if one != code)) for page in made.pages)
    return _checked(replace(made, items=items, pages=tuple(page for page in pages if page.items)))


def new_code(about: str, taken: Collection[str]) -> str:
    """A code that is in none of ``taken``: the first letters of what it is about, and a number."""
    stem = "".join(one for one in about.upper() if one.isalnum())[: LONGEST_CODE - 5]
    number = next(number for number in range(1, len(taken) + 2) if f"{stem}-{number}" not in taken)
    return f"{stem}-{number}"


def _with(page: Page, after: str, code: str) -> Page:
    if after not in page.items:
        return page
    place = page.items.index(after) + 1
    return replace(page, items=(*page.items[:place], code, *page.items[place:]))


def _checked(made: Instrument) -> Instrument:
    check(made)
    return made
