"""What to call a recommendation: one ordered, total table, kept as data.

The first row whose conditions all hold gives the label; the last rows leave no case over. A row names only
the facts it looks at. Acceptability is never a probability: "clear" means that the level is best in at least
95 of 100 plausible versions of the numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scoring.engine.portfolio import Settings

HYSTERESIS = 0.05  # a word changes between runs only when its edge is passed by this much

LABEL_WORDS: dict[str, str] = {
    "prioritise": "Prioritise",
    "sustain": "Sustain",
    "step_down": "Step down",
    "say_no_kindly": "Say no kindly",
    "build": "Build",
    "find_out_first": "Find out first",
    "do_the_minimum": "Do the minimum",
}

CONFIDENCE_WORDS = ("clear", "strong", "leaning", "open")
UNTESTED = "untested"  # no draws were made, so nothing can be said
BAND_OF_WORD = {"clear": "high", "strong": "high", "leaning": "middling", "open": "low"}  # of a decline


@dataclass(frozen=True, slots=True)
class Facts:
    """What the table looks at, for one participation.

    `place`: out (the lowest level), middle or top. `change` against today: down, same, up or unknown.
    `declined`: how acceptable the lowest level is: high, middling or low. `minimum`: at the mandated level,
    and lower without the mandate. `find_out`: open, and knowing more is worth more than it costs. `build`:
    high potential, low readiness, and a rise to an attainable readiness brings it in. `needed`: something
    that is kept depends on it. `reviewed`: a person has reviewed the harm of declining.
    """

    place: str
    change: str
    declined: str
    minimum: bool = False
    find_out: bool = False
    build: bool = False
    needed: bool = False
    reviewed: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A label, the facts it needs (each with the values that do), and why, for the reader of the table."""

    label: str
    needs: Mapping[str, tuple[object, ...]]
    why: str


TABLE: tuple[Row, ...] = (
    Row("do_the_minimum", {"minimum": (True,)}, "a duty that would not be chosen for its value"),
    Row("find_out_first", {"find_out": (True,)}, "open, and information is worth more than it costs"),
    Row("build", {"build": (True,), "place": ("out",)}, "high potential, not ready yet"),
    Row("build", {"build": (True,), "change": ("down",)}, "high potential, not ready yet"),
    Row("prioritise", {"place": ("top",)}, "the highest level"),
    Row("step_down", {"place": ("middle",), "change": ("down",)}, "below today's level, not out"),
    Row("sustain", {"place": ("middle",)}, "kept, neither lowest nor highest"),
    Row(
        "say_no_kindly",
        {"place": ("out",), "declined": ("high",), "needed": (False,), "reviewed": (True,)},
        "out in nearly every version, nothing kept depends on it, harm reviewed",
    ),
    Row("step_down", {"place": ("out",), "change": ("down",)}, "out, but not surely enough to say no yet"),
    Row("find_out_first", {}, "out already, or not begun, and not surely enough to say no yet"),
)


def label_of(facts: Facts) -> str:
    """The label of the first row that holds."""
    return next(
        row.label for row in TABLE if all(getattr(facts, fact) in allowed for fact, allowed in row.needs.items())
    )


def confidence_of(share: float, settings: Settings, previous: str | None = None) -> str:
    """The word for an acceptability. `previous` is the last run's word, kept until its edge is passed by 5
    points.
    """
    word = _word(share, settings, 0.0)
    if previous is None or previous not in CONFIDENCE_WORDS or word == previous:
        return word
    rose = CONFIDENCE_WORDS.index(word) < CONFIDENCE_WORDS.index(previous)
    cautious = _word(share, settings, HYSTERESIS if rose else -HYSTERESIS)
    moved_on = CONFIDENCE_WORDS.index(cautious) - CONFIDENCE_WORDS.index(previous)
    return cautious if (moved_on < 0) == rose and moved_on != 0 else previous


def _word(share: float, settings: Settings, margin: float) -> str:
    """The word where every edge lies `margin` higher."""
    # Shares are counts over draws: 0.85 may be stored a hair below 0.85.
    share = share - margin + 1e-9
    if share >= settings.clear:
        return "clear"
    if share >= settings.strong:
        return "strong"
    return "leaning" if share >= settings.leaning else "open"


def declined_band(share: float, settings: Settings) -> str:
    """How acceptable the lowest level is, as the table wants it."""
    if share + 1e-9 >= settings.strong:
        return "high"
    return "middling" if share + 1e-9 >= settings.leaning else "low"
