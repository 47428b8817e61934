"""Levers as JSON: there and back, and one name for the same levers."""

from __future__ import annotations

import json

import pytest

from scoring.what_if import (
    Attention,
    Days,
    Duty,
    Held,
    Lever,
    NoTippingPoint,
    Weights,
    fingerprint_of,
    lever_from,
    to_json,
)

LEVERS: list[Lever] = [
    Days("executive", 12.5),
    Weights((("care", 60.0), ("learning", 40.0)), (("join", 1.0), ("pool", 0.0))),
    Weights((("care", 60.0), ("learning", 40.0))),
    Weights(ways=(("join", 70.0), ("pool", 30.0))),
    Held("acute", "all"),
    Duty("breast", None),
    Duty("cancer", "some"),
    Attention(10, 30),
    NoTippingPoint(),
]


def test_there_and_back() -> None:
    stored = json.loads(json.dumps(to_json(LEVERS)))
    assert [lever_from(one) for one in stored] == LEVERS


def test_weights_stored_before_there_were_any_on_ways_are_what_they_were() -> None:
    stored = {"kind": "weights", "points": [["care", 60.0], ["learning", 40.0]]}
    lever = Weights((("care", 60.0), ("learning", 40.0)))
    assert lever_from(stored) == lever
    assert json.loads(json.dumps(to_json([lever]))) == [stored]
    assert fingerprint_of([lever]) != fingerprint_of([Weights(lever.points, (("join", 1.0),))])


def test_weights_come_apart_into_the_two_lists() -> None:
    on_both = Weights((("care", 1.0),), (("join", 1.0),))
    assert on_both.apart() == [Weights((("care", 1.0),)), Weights(ways=(("join", 1.0),))]
    assert Weights(ways=(("join", 1.0),)).apart() == [Weights(ways=(("join", 1.0),))]


def test_the_order_does_not_matter_and_everything_else_does() -> None:
    assert fingerprint_of(LEVERS) == fingerprint_of(list(reversed(LEVERS)))
    assert fingerprint_of([Days("executive", 12)]) != fingerprint_of([Days("executive", 13)])
    assert fingerprint_of([Held("acute", "all")]) != fingerprint_of([Duty("acute", "all")])


def test_shares_are_of_the_whole() -> None:
    assert Weights((("care", 30.0), ("learning", 10.0))).shares() == {"care": 0.75, "learning": 0.25}
    assert Weights(ways=(("join", 30.0), ("pool", 10.0))).way_shares() == {"join": 0.75, "pool": 0.25}
    assert Weights(ways=(("join", 30.0),)).shares() == {}


@pytest.mark.parametrize("wrong", [{"kind": "luck"}, {"kind": "days"}, {"kind": "held", "partnership": "a", "to": 1}])
def test_what_is_no_lever_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError)):
        lever_from(wrong)
