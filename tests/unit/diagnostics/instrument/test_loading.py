"""The instrument as shipped, and documents that are not one."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from diagnostics.instrument import CURRENT, InstrumentError, instrument, load
from diagnostics.instrument.loading import VERSIONS

DOCUMENT: dict[str, Any] = json.loads((VERSIONS / f"{CURRENT}.json").read_text(encoding="utf-8"))

# The published groups, characteristics and atoms; the codes are ours.
PUBLISHED = {
    "strategy": {"purpose": 2, "focus": 1},
    "culture": {"commitment": 2, "trust": 1, "connection": 2},
    "structure": {"learning": 1, "governance": 1, "skills": 1},
}


def test_eleven_atoms_in_eight_characteristics_in_three_groups() -> None:
    made = instrument()
    assert len(made.atoms) == 11
    assert {
        group.code: {code: len(made.atoms_of(code)) for code in made.characteristics_of(group.code)}
        for group in made.groups
    } == PUBLISHED


def test_at_least_two_items_an_atom_and_at_most_32_in_all() -> None:
    made = instrument()
    assert all(len(made.items_of_atom(atom.code)) >= 2 for atom in made.atoms)
    # Where people work is asked as well.
    assert len(made.items) + 1 <= 32


def test_the_three_behaviours_benefit_time_and_settling_stand_beside_the_eight() -> None:
    made = instrument()
    assert {topic.code for topic in made.topics} >= {"benefit", "time", "settling"}
    assert sum(bool(topic.behaviour) for topic in made.topics) == 3
    assert all(made.items_of_topic(topic.code) for topic in made.topics)


def test_every_item_is_one_short_statement_without_a_trap() -> None:
    for item in instrument().items:
        assert item.text.endswith(".")
        assert len(item.text.split()) <= 14
        assert not {"not", "never", "no-one", "nobody", "lack"} & set(
            item.text.lower().replace("would not", "").rstrip(".").split()
        )


def test_it_says_where_the_wording_comes_from() -> None:
    assert "derived from the published sentence" in instrument().origin


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(InstrumentError, match="no instrument"):
        instrument("../loading")


def test_moving_an_atom_moves_its_items() -> None:
    document = copy.deepcopy(DOCUMENT)
    atom = next(one for one in document["atoms"] if one["code"] == "realistic-goals")
    atom["characteristic"] = "focus"
    moved = load(document)
    assert moved.items_of("purpose") == ("PUR1", "PUR2")
    assert moved.items_of("focus") == ("GOA1", "GOA2", "FOC1", "FOC2")


def change(path: list[Any], value: Any) -> Callable[[dict[str, Any]], None]:
    def apply(document: dict[str, Any]) -> None:
        part: Any = document
        for step in path[:-1]:
            part = part[step]
        part[path[-1]] = value

    return apply


def without(path: list[Any]) -> Callable[[dict[str, Any]], None]:
    def apply(document: dict[str, Any]) -> None:
        part: Any = document
        for step in path[:-1]:
            part = part[step]
        del part[path[-1]]

    return apply


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (change(["format"], "survey-instrument/2"), "format"),
        (change(["scale", 0, "value"], 0), "scale"),
        (change(["low_values"], [0]), "low_values"),
        (change(["items", 0, "code"], "PUR2"), "PUR2 stands there more than once"),
        (change(["items", 0, "code"], ""), "1 to 20 characters"),
        (change(["items", 0, "atom"], "unheard-of"), "unheard-of"),
        (change(["items", 0, "topic"], "time"), "not both"),
        (change(["items", 0, "text"], " "), "no words"),
        (change(["items", 0, "hint"], "?"), "hint"),
        (change(["atoms", 0, "characteristic"], "unheard-of"), "unheard-of"),
        (change(["characteristics", 0, "group"], "unheard-of"), "unheard-of"),
        (without(["pages", 0, "items", 0]), "exactly one page"),
        (without(["items", 0]), "at least 2 items"),
        (without(["places"]), "places"),
        (change(["topics"], []), "topics: there are none"),
        (change(["surprise"], 1), "surprise"),
        (
            change(["items"], [*DOCUMENT["items"], *DOCUMENT["items"][:2]]),
            "no survey asks more than 32",
        ),
    ],
)
def test_a_document_with_a_fault_is_refused_and_the_part_named(
    spoil: Callable[[dict[str, Any]], None], message: str
) -> None:
    document = copy.deepcopy(DOCUMENT)
    spoil(document)
    with pytest.raises(InstrumentError, match=message):
        load(document)


def test_a_document_that_is_no_object_is_refused() -> None:
    with pytest.raises(InstrumentError, match="format"):
        load([])
