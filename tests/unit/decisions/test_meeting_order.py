"""Places that somebody typed, among places that were only offered."""

from __future__ import annotations

import pytest

from decisions.forms.meetings import in_places


@pytest.mark.parametrize(
    ("asked", "order"),
    [
        ({"a": 1, "b": 2, "c": 3}, "abc"),
        ({"a": 1, "b": 2, "c": 1}, "cab"),  # what was typed goes before what was only offered
        ({"a": 1, "b": 1, "c": 1}, "bca"),  # of two that were typed, the one that stood first
        ({"a": 3, "b": 2, "c": 3, "d": 4}, "bcad"),  # down, to the place that was typed
        ({"a": 2, "b": 1, "c": 3}, "bac"),
        ({"a": 4, "b": 2, "c": 3, "d": 2}, "bdca"),
        ({"a": 9999, "b": 2, "c": 3}, "bca"),
        ({"a": 7, "b": 5}, "ba"),
        ({"a": None, "b": None, "c": 1}, "cab"),
        ({}, ""),
    ],
)
def test_a_place_that_was_typed_is_the_place_it_gets(asked: dict[str, int | None], order: str) -> None:
    assert "".join(in_places(asked)) == order
