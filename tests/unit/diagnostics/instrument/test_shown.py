"""What is hidden counts nowhere: no figure that is shown changes with what one to four people said of it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.instrument import instrument
from diagnostics.instrument.beside import OVERALL
from diagnostics.instrument.change import compare
from diagnostics.instrument.scoring import Answers, Estimate
from diagnostics.instrument.shown import asked_about, shown_scores, summarise_shown, what_counts, wholes

INSTRUMENT = instrument()
ITEMS = [item for one in INSTRUMENT.characteristics for item in INSTRUMENT.items_of(one.code)]
CODES = [one.code for one in INSTRUMENT.characteristics]
NEEDED = 5


def answers(value: int | None, **of: int | None) -> dict[str, int | None]:
    """Everything answered with ``value``, and all of a characteristic as ``of`` says."""
    return dict.fromkeys(ITEMS, value) | {item: of[code] for code in of for item in INSTRUMENT.items_of(code)}


def shown(responses: list[dict[str, int | None]]) -> Mapping[str, Estimate]:
    made = summarise_shown(INSTRUMENT, responses, 20, fewest=NEEDED)
    return {**made.characteristics, **made.groups, **({} if made.overall is None else {OVERALL: made.overall})}


@pytest.mark.parametrize("value", [1, 3, 5])
def test_one_view_does_not_follow_from_its_group(value: int) -> None:
    people = [answers(4, focus=None) for _ in range(9)] + [answers(4, focus=value)]
    found = shown(people)
    assert "focus" not in found
    assert found["strategy"].mean == found["purpose"].mean == found[OVERALL].mean == 4
    assert all("focus" not in one.characteristics for one in shown_scores(INSTRUMENT, people, fewest=NEEDED))


some = st.lists(st.lists(st.sampled_from([None, None, 1, 2, 3, 4, 5]), min_size=8, max_size=8), min_size=5, max_size=12)


@given(some, st.lists(st.integers(1, 5), min_size=8 * 12, max_size=8 * 12))
def test_what_is_shown_does_not_change_with_what_is_hidden(views: list[list[int | None]], other: list[int]) -> None:
    people = [answers(None, **dict(zip(CODES, one, strict=True))) for one in views]
    found = shown(people)
    instead: list[dict[str, int | None]] = [
        answers(
            None,
            **{
                code: value if value is None or code in found else other[8 * at + place]
                for place, (code, value) in enumerate(zip(CODES, one, strict=True))
            },
        )
        for at, one in enumerate(views)
    ]
    assert shown(instead) == found
    assert shown_scores(INSTRUMENT, instead, fewest=NEEDED) == shown_scores(INSTRUMENT, people, fewest=NEEDED)


def test_a_whole_of_under_half_of_its_statements_is_hidden() -> None:
    # Strategy has six statements, four of them about purpose, and Structure the same three times two.
    without_purpose = [answers(4, purpose=None) for _ in range(6)]
    assert "strategy" not in shown(without_purpose)
    assert {"focus", "structure", OVERALL} <= shown(without_purpose).keys()
    little: list[Answers] = [answers(None, focus=5, learning=5) for _ in range(6)]
    counted = what_counts(INSTRUMENT, little, fewest=NEEDED)
    assert asked_about(counted) == {"focus", "learning"}
    assert wholes(INSTRUMENT, counted) == frozenset()
    assert wholes(INSTRUMENT, INSTRUMENT) == {OVERALL, "strategy", "culture", "structure"}


def test_a_change_over_what_one_of_two_hides_does_not_count_it() -> None:
    now = [answers(4) for _ in range(10)]
    for value in (1, 5):
        before = [answers(3, focus=None) for _ in range(9)] + [answers(3, focus=value)]
        made = compare(INSTRUMENT, before, INSTRUMENT, now, fewest=NEEDED)
        assert "focus" not in made.characteristics
        assert made.overall is not None
        assert (made.overall.before, made.overall.after) == (3, 4)
        assert made.groups["strategy"].before == 3
