"""Reads the rules of a document: at least so many of these, a needs b, not both, and synergy.

A level in a rule means "at that level or above", in the order of that partnership's own options.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from scoring.engine.portfolio import Member, Participation, Rule
from scoring.engine.reading import (
    DocumentError,
    kind_of,
    quoted,
    read_id,
    read_integer,
    read_list,
    read_number,
    read_object,
    read_text,
)

MOST_SYNERGY = 1_000_000
MOST_NOTE = 10_000
NOTES = ("note", "name")


class _Register:
    """Finds members by partnership and level."""

    def __init__(self, participations: Sequence[Participation]) -> None:
        self.places = {participation.id: place for place, participation in enumerate(participations)}
        self.levels = [
            {option.level: position for position, option in enumerate(participation.options)}
            for participation in participations
        ]

    def member(self, identifier: object, level: object, field: str, level_field: str) -> Member:
        name = read_id(identifier, field)
        if name not in self.places:
            raise DocumentError(field, f"{quoted(name)} is not one of the partnerships")
        place = self.places[name]
        wanted = read_id(level, level_field)
        if wanted not in self.levels[place]:
            raise DocumentError(level_field, f"{quoted(wanted)} is not a level of partnership {quoted(name)}")
        return Member(place, self.levels[place][wanted])

    def pair(self, thing: object, field: str) -> Member:
        items = read_list(thing, field)
        if len(items) != 2:
            raise DocumentError(field, "must be a partnership and a level, as [partnership, level]")
        return self.member(items[0], items[1], f"{field}[0]", f"{field}[1]")


def read_rules(thing: object, participations: Sequence[Participation]) -> tuple[Rule, ...]:
    """The rules, sorted by content so that their order never matters. Raises DocumentError."""
    register = _Register(participations)
    rules = []
    for index, item in enumerate(read_list(thing, "rules", most=2000)):
        field = f"rules[{index}]"
        if not isinstance(item, dict):
            raise DocumentError(field, f"must be an object, not {kind_of(item)}")
        forms = [key for key in ("at_least", "if", "not_both", "synergy") if key in item]
        if len(forms) != 1:
            raise DocumentError(field, "must have exactly one of at_least, if, not_both or synergy")
        for note in NOTES:
            if note in item:
                read_text(item[note], f"{field}.{note}", most=MOST_NOTE, empty=True)
        rules.append(_READERS[forms[0]](item, field, index, register))
    return tuple(sorted(rules, key=_content))


def _content(rule: Rule) -> str:
    members = [(member.participation, member.option) for member in rule.members]
    return json.dumps([rule.kind, members, rule.amount, rule.source], sort_keys=True)


def _read_at_least(item: Mapping[str, Any], field: str, index: int, register: _Register) -> Rule:
    given = read_object(item, field, required=("at_least", "of", "level"), optional=NOTES)
    amount = read_integer(given["at_least"], f"{field}.at_least", least=0, most=100_000)
    names = read_list(given["of"], f"{field}.of")
    if not names:
        raise DocumentError(f"{field}.of", "names nobody")
    members = [
        register.member(name, given["level"], f"{field}.of[{n}]", f"{field}.level") for n, name in enumerate(names)
    ]
    _check_members_distinct(members, f"{field}.of")
    return Rule("at_least", _sorted(members), amount, index, dict(given))


def _read_if(item: Mapping[str, Any], field: str, index: int, register: _Register) -> Rule:
    given = read_object(item, field, required=("if", "then"), optional=NOTES)
    members = (register.pair(given["if"], f"{field}.if"), register.pair(given["then"], f"{field}.then"))
    return Rule("if_then", members, 0, index, dict(given))


def _read_not_both(item: Mapping[str, Any], field: str, index: int, register: _Register) -> Rule:
    given = read_object(item, field, required=("not_both",), optional=NOTES)
    pairs = read_list(given["not_both"], f"{field}.not_both")
    if len(pairs) != 2:
        raise DocumentError(f"{field}.not_both", f"takes exactly two, not {len(pairs)}")
    members = [register.pair(pair, f"{field}.not_both[{n}]") for n, pair in enumerate(pairs)]
    _check_members_distinct(members, f"{field}.not_both")
    return Rule("not_both", _sorted(members), 0, index, dict(given))


def _read_synergy(item: Mapping[str, Any], field: str, index: int, register: _Register) -> Rule:
    given = read_object(item, field, required=("synergy", "of"), optional=NOTES)
    amount = read_number(given["synergy"], f"{field}.synergy", least=0, most=MOST_SYNERGY)
    pairs = read_list(given["of"], f"{field}.of")
    if len(pairs) < 2:
        raise DocumentError(f"{field}.of", "needs two or more members" if pairs else "names nobody")
    members = [register.pair(pair, f"{field}.of[{n}]") for n, pair in enumerate(pairs)]
    _check_members_distinct(members, f"{field}.of")
    return Rule("synergy", _sorted(members), amount, index, dict(given))


_READERS = {"at_least": _read_at_least, "if": _read_if, "not_both": _read_not_both, "synergy": _read_synergy}


def _sorted(members: Sequence[Member]) -> tuple[Member, ...]:
    return tuple(sorted(members, key=lambda member: (member.participation, member.option)))


def _check_members_distinct(members: Sequence[Member], field: str) -> None:
    """Raise DocumentError where the same partnership stands twice at the same level."""
    seen: set[Member] = set()
    for position, member in enumerate(members):
        if member in seen:
            raise DocumentError(f"{field}[{position}]", "is given twice; members must be distinct")
        seen.add(member)
