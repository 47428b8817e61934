from __future__ import annotations

import pytest

from scoring.words import count_of, growth, how_sure, listing, number, signed


@pytest.mark.parametrize(
    ("value", "said"),
    [(129.6, "130"), (10, "10"), (9.96, "10"), (4.25, "4.2"), (3.0, "3"), (0.04, "0"), (-0.01, "0"), (-2.5, "-2.5")],
)
def test_numbers_lose_needless_decimals(value: float, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize(("value", "said"), [(2.5, "+2.5"), (-2.5, "−2.5"), (0.001, "0")])
def test_a_change_has_its_sign(value: float, said: str) -> None:
    assert signed(value) == said


@pytest.mark.parametrize(
    ("parts", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_listing(parts: list[str], said: str) -> None:
    assert listing(parts) == said


def test_counting() -> None:
    assert [count_of(many, "partnership") for many in (0, 1, 2)] == [
        "0 partnerships",
        "1 partnership",
        "2 partnerships",
    ]
    assert count_of(2, "body", "bodies") == "2 bodies"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (30, 40, "rises by a third"),
        (40, 60, "rises by half"),
        (40, 50, "rises by a quarter"),
        (40, 46, "rises by 15%"),
        (40, 77, "nearly doubles"),
        (40, 80, "doubles"),
        (40, 100, "more than doubles"),
        (40, 160, "rises to 4 times as much"),
        (40, 40.2, "hardly changes"),
        (40, 39.8, "hardly changes"),
        (40, 40, "stays the same"),
        (40, 53, "rises by about a third"),
        (40, 79, "about doubles"),
        (40, -5, "falls from 40 to -5 points"),
        (0, -5, "falls from 0 to -5 points"),
        (-5, -6, "falls from -5 to -6 points"),
        (0.01, 12, "rises from 0.01 to 12 points"),
        (40, 36, "falls by a tenth"),
        (0, 12, "rises from 0 to 12 points"),
        (-3, 4, "rises from -3 to 4 points"),
        (0, 0, "stays the same"),
    ],
)
def test_growth(before: float, after: float, said: str) -> None:
    assert growth(before, after) == said


def test_how_sure_never_speaks_of_probability() -> None:
    assert how_sure("strong", 0.9, 100) == "Strong: best in about 9 of 10 plausible versions"
    assert how_sure("clear", 1.0, 100) == "Clear: best in all 100 plausible versions"
    assert how_sure("untested", None, 0) == "Not tested"
    softened = how_sure("leaning", 0.8, 100, level="Decline")
    assert softened == "Leaning: “Decline” is best in about 8 of 10 plausible versions"


def test_the_number_beside_a_word_does_not_contradict_it() -> None:
    assert how_sure("clear", 0.95, 100) == "Clear: best in at least 19 of 20 plausible versions"
    assert how_sure("strong", 0.94, 100) == "Strong: best in about 9 of 10 plausible versions"
    assert how_sure("strong", 0.85, 100) == "Strong: best in about 9 of 10 plausible versions"
    assert how_sure("leaning", 0.84, 100) == "Leaning: best in about 8 of 10 plausible versions"
