"""Numbers as people say them: plain, warm and exact."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.engine.wording import NOTHING, SMALL, in_sentence, versions
from scoring.models import Confidence

__all__ = ["count_of", "growth", "how_sure", "in_sentence", "listing", "number", "signed"]

# How much more, in words, where a fraction says it better than a percentage: least, exactly, most, words.
FRACTIONS = (
    (0.09, 1 / 10, 0.11, "a tenth"),
    (0.19, 1 / 5, 0.21, "a fifth"),
    (0.235, 1 / 4, 0.265, "a quarter"),
    (0.315, 1 / 3, 0.35, "a third"),
    (0.39, 2 / 5, 0.41, "two fifths"),
    (0.475, 1 / 2, 0.525, "half"),
    (0.64, 2 / 3, 0.69, "two thirds"),
    (0.735, 3 / 4, 0.765, "three quarters"),
)
EXACTLY = 0.005  # within half a percentage point nobody needs "about"
SAME = 0.01  # a change below this share is hardly one


def number(value: float, places: int = 1) -> str:
    """A number without needless decimals: whole from 10 up, else at most ``places``.

    >>> number(129.6), number(4.25), number(3.0)
    ('130', '4.2', '3')
    """
    if abs(value) >= 10:
        return f"{value:.0f}"
    text = f"{value:.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def exact(value: float) -> str:
    """A number as somebody entered it or would add it up: up to two decimals, and no needless zeros.

    >>> exact(41.5), exact(200.0), exact(1.125)
    ('41.5', '200', '1.12')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def exact_change(value: float) -> str:
    """A change to two decimals, with its sign; a true minus, which screen readers say."""
    text = exact(abs(value))
    if text == "0":
        return "0"
    return f"+{text}" if value > 0 else f"−{text}"


def signed(value: float) -> str:
    """A change, with its sign; a true minus, which screen readers say."""
    text = number(abs(value))
    if text == "0":
        return "0"
    return f"+{text}" if value > 0 else f"−{text}"


def count_of(count: int, thing: str, things: str | None = None) -> str:
    """``1 partnership``, ``24 partnerships``."""
    return f"{count} {thing if count == 1 else things or thing + 's'}"


def listing(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``; empty for nothing."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def growth(before: float, after: float) -> str:
    """How what can be delivered changes, as the end of a sentence: ``rises by a third``, ``stays the same``."""
    if abs(after - before) < NOTHING:
        return "stays the same"
    if before < SMALL or after < 0:  # there is nothing to take a share of
        return f"{'rises' if after > before else 'falls'} from {number(before, 2)} to {number(after, 2)} points"
    change = after / before - 1
    if abs(change) < SAME:
        return "hardly changes"
    if change < 0:
        return f"falls by {_share(-change)}"
    if change < 0.9:
        return f"rises by {_share(change)}"
    if change < 0.95:
        return "nearly doubles"
    if change < 1.05:
        return "doubles" if abs(change - 1) < EXACTLY else "about doubles"
    if change < 1.95:
        return "more than doubles"
    return f"rises to {number(after / before)} times as much"


def _share(change: float) -> str:
    for least, exact_share, most, words in FRACTIONS:
        if least <= change <= most:
            return words if abs(change - exact_share) < EXACTLY else f"about {words}"
    return f"{change * 100:.0f}%"


def how_sure(confidence: str, share: float | None, draws: int, *, level: str = "") -> str:
    """A word of confidence with what it rests on; never a probability of success.

    ``level`` names the level it speaks of, where that is not the one recommended.
    """
    word = Confidence(confidence).label
    if share is None or confidence == Confidence.UNTESTED:
        return word
    subject = f"“{level}” is best" if level else "best"
    return f"{word}: {subject} in {versions(share, draws)} plausible versions"
