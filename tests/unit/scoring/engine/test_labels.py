"""The table of labels is total, ordered, and says what the model says."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from scoring.engine.labels import (
    CONFIDENCE_WORDS,
    LABEL_WORDS,
    TABLE,
    Facts,
    Row,
    confidence_of,
    declined_band,
    label_of,
)
from scoring.engine.portfolio import Settings

EVERY = [
    Facts(place, change, declined, *flags)
    for place, change, declined in itertools.product(
        ("out", "middle", "top"), ("down", "same", "up", "unknown"), ("high", "middling", "low")
    )
    for flags in itertools.product((False, True), repeat=5)
]


def test_every_case_has_a_label() -> None:
    assert {label_of(facts) for facts in EVERY} == set(LABEL_WORDS)


def holds(row: Row, facts: Facts) -> bool:
    return all(getattr(facts, fact) in allowed for fact, allowed in row.needs.items())


def test_every_row_is_reached() -> None:
    first = [next(n for n, row in enumerate(TABLE) if holds(row, facts)) for facts in EVERY]
    assert set(first) == set(range(len(TABLE)))


def test_no_is_only_said_kindly_where_all_that_the_model_asks_for_holds() -> None:
    """Section 3: the best level is decline, surely so, nothing kept depends on it, and a person reviewed the harm."""
    said = [facts for facts in EVERY if label_of(facts) == "say_no_kindly"]
    assert {(one.place, one.declined, one.needed, one.reviewed) for one in said} == {("out", "high", False, True)}
    assert not any(one.minimum for one in said)
    assert {one.change for one in said} == {"down", "same", "up", "unknown"}


@pytest.mark.parametrize(
    ("facts", "label"),
    [
        (Facts("top", "up", "low"), "prioritise"),
        (Facts("top", "same", "low", find_out=True), "find_out_first"),
        (Facts("middle", "same", "low"), "sustain"),
        (Facts("middle", "unknown", "low"), "sustain"),
        (Facts("middle", "down", "low"), "step_down"),
        (Facts("middle", "down", "low", build=True), "build"),
        (Facts("middle", "same", "low", minimum=True), "do_the_minimum"),
        (Facts("out", "down", "high"), "say_no_kindly"),
        (Facts("out", "down", "high", reviewed=False), "step_down"),
        (Facts("out", "down", "high", needed=True), "step_down"),
        (Facts("out", "down", "middling"), "step_down"),
        (Facts("out", "down", "high", build=True), "build"),
        (Facts("out", "same", "high"), "say_no_kindly"),
        (Facts("out", "unknown", "high"), "say_no_kindly"),
        (Facts("out", "same", "high", reviewed=False), "find_out_first"),
        (Facts("out", "same", "middling"), "find_out_first"),
        (Facts("out", "unknown", "middling"), "find_out_first"),
        (Facts("out", "unknown", "low"), "find_out_first"),
    ],
)
def test_labels_of_the_model(facts: Facts, label: str) -> None:
    assert label_of(facts) == label


@pytest.mark.parametrize(
    ("share", "word"),
    [
        (1, "clear"),
        (0.95, "clear"),
        (0.94, "strong"),
        (0.85, "strong"),
        (0.84, "leaning"),
        (0.65, "leaning"),
        (0.64, "open"),
    ],
)
def test_words_of_confidence(share: float, word: str) -> None:
    assert confidence_of(share, Settings()) == word


@pytest.mark.parametrize(
    ("share", "previous", "word"),
    [
        (0.82, "strong", "strong"),  # within five points below .85
        (0.79, "strong", "leaning"),
        (0.88, "leaning", "leaning"),  # within five points above .85
        (0.91, "leaning", "strong"),
        (0.96, "leaning", "strong"),  # past .90, not past 1.00
        (0.30, "clear", "open"),
        (0.97, "open", "strong"),
        (0.70, "open", "leaning"),
        (0.69, "open", "open"),
    ],
)
def test_a_word_changes_between_runs_only_past_its_edge(share: float, previous: str, word: str) -> None:
    assert confidence_of(share, Settings(), previous) == word


@pytest.mark.parametrize("previous", CONFIDENCE_WORDS)
def test_hysteresis_never_overshoots(previous: str) -> None:
    for hundredths in range(101):
        share = hundredths / 100
        plain, kept = confidence_of(share, Settings()), confidence_of(share, Settings(), previous)
        between = sorted((CONFIDENCE_WORDS.index(plain), CONFIDENCE_WORDS.index(previous)))
        assert between[0] <= CONFIDENCE_WORDS.index(kept) <= between[1]


@pytest.mark.parametrize("previous", CONFIDENCE_WORDS)
def test_a_word_rises_past_a_higher_edge_plus_five_points_and_falls_past_its_own_less_five(previous: str) -> None:
    """The rule of `docs/engine.md`, counted out in thousandths."""
    least = {"clear": 950, "strong": 850, "leaning": 650, "open": -100}
    words = list(CONFIDENCE_WORDS)
    for share in range(1001):
        better = [word for word in words[: words.index(previous)] if share >= least[word] + 50]
        if better:
            expected = better[0]
        elif share >= least[previous] - 50:
            expected = previous
        else:
            expected = next(word for word in words if share >= least[word] - 50)
        assert confidence_of(share / 1000, Settings(), previous) == expected, share


def test_bands_of_a_decline() -> None:
    assert [declined_band(share, Settings()) for share in (0.85, 0.849, 0.65, 0.649)] == [
        "high",
        "middling",
        "middling",
        "low",
    ]


def test_the_documentation_draws_this_table() -> None:
    lines = (Path(__file__).parents[4] / "docs" / "engine.md").read_text(encoding="utf-8").splitlines()
    drawn = [line.strip("|").split("|") for line in lines if line.startswith("| ") and line[2].isdigit()]
    words = {"True": "yes", "False": "no"}
    assert [[cell.strip() for cell in row[1:]] for row in drawn] == [
        [
            ", ".join(
                f"{fact} {' or '.join(words.get(str(one), str(one)) for one in ones)}"
                for fact, ones in row.needs.items()
            )
            or "otherwise",
            LABEL_WORDS[row.label],
            row.why,
        ]
        for row in TABLE
    ]
