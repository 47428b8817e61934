"""What an instrument is made of.

An *atom* is the smallest thing the published sentence says of an effective collaboration; a *characteristic* is one of
the eight it is grouped into; a *group* is strategy, culture or structure. Items ask about an atom, or about a *topic*
that stands beside the eight (benefit, time, three behaviours, settling disagreements) and never enters their scores.
Which atom counts towards which characteristic is data: a correction is a re-map of answers already given.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

LEAST, MOST = 1, 5
MOST_ITEMS = 32
LEAST_ITEMS_AN_ATOM = 2


class InstrumentError(ValueError):
    """The document is not an instrument; the message says which part and why."""


@dataclass(frozen=True)
class Choice:
    """A point of the scale (``value`` 1 to 5) and its words."""

    value: int
    label: str


@dataclass(frozen=True)
class Place:
    """Where a respondent works: the front line, leading a service, the board."""

    code: str
    label: str


@dataclass(frozen=True)
class Band:
    """A stretch of the scale with a word for it, from ``starts`` up to where the next one starts."""

    code: str
    name: str
    starts: float


@dataclass(frozen=True)
class Group:
    code: str
    name: str


@dataclass(frozen=True)
class Characteristic:
    code: str
    name: str
    group: str


@dataclass(frozen=True)
class Atom:
    code: str
    name: str
    characteristic: str


@dataclass(frozen=True)
class Topic:
    """Something asked beside the eight; ``behaviour`` names the pattern of seed 003 whose absence it looks for, and
    ``question`` is what can fairly be asked where answers read like it.
    """

    code: str
    name: str
    behaviour: str = ""
    question: str = ""


@dataclass(frozen=True)
class Item:
    """One statement; agreeing is always the healthy side. Exactly one of ``atom`` and ``topic`` is filled."""

    code: str
    text: str
    atom: str = ""
    topic: str = ""


@dataclass(frozen=True)
class Page:
    code: str
    title: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Instrument:
    version: str
    title: str
    origin: str
    minutes: int
    scale: tuple[Choice, ...]
    dont_know: str
    low_values: frozenset[int]
    bands: tuple[Band, ...]
    places: tuple[Place, ...]
    groups: tuple[Group, ...]
    characteristics: tuple[Characteristic, ...]
    atoms: tuple[Atom, ...]
    topics: tuple[Topic, ...]
    items: tuple[Item, ...]
    pages: tuple[Page, ...]

    @cached_property
    def item_by_code(self) -> dict[str, Item]:
        return {item.code: item for item in self.items}

    # Every respondent is scored along these, so what belongs to what is looked up once.
    @cached_property
    def items_by_atom(self) -> dict[str, tuple[str, ...]]:
        return {atom.code: self.items_of_atom(atom.code) for atom in self.atoms}

    @cached_property
    def items_by_topic(self) -> dict[str, tuple[str, ...]]:
        return {topic.code: self.items_of_topic(topic.code) for topic in self.topics}

    @cached_property
    def atoms_by_characteristic(self) -> dict[str, tuple[str, ...]]:
        return {one.code: self.atoms_of(one.code) for one in self.characteristics}

    @cached_property
    def characteristics_by_group(self) -> dict[str, tuple[str, ...]]:
        return {group.code: self.characteristics_of(group.code) for group in self.groups}

    @cached_property
    def items_by_characteristic(self) -> dict[str, tuple[str, ...]]:
        return {one.code: self.items_of(one.code) for one in self.characteristics}

    @cached_property
    def items_by_group(self) -> dict[str, tuple[str, ...]]:
        return {group.code: self.items_of_group(group.code) for group in self.groups}

    @cached_property
    def items_on_the_eight(self) -> tuple[str, ...]:
        return tuple(item.code for item in self.items if item.atom)

    def items_of_atom(self, atom: str) -> tuple[str, ...]:
        return tuple(item.code for item in self.items if item.atom == atom)

    def items_of_topic(self, topic: str) -> tuple[str, ...]:
        return tuple(item.code for item in self.items if item.topic == topic)

    def atoms_of(self, characteristic: str) -> tuple[str, ...]:
        return tuple(atom.code for atom in self.atoms if atom.characteristic == characteristic)

    def items_of(self, characteristic: str) -> tuple[str, ...]:
        return tuple(item for atom in self.atoms_of(characteristic) for item in self.items_of_atom(atom))

    def items_of_group(self, group: str) -> tuple[str, ...]:
        return tuple(item for one in self.characteristics_of(group) for item in self.items_of(one))

    def characteristics_of(self, group: str) -> tuple[str, ...]:
        return tuple(one.code for one in self.characteristics if one.group == group)
