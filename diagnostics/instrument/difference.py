"""What one version of the questions asks otherwise than another.

An item is known by its code. The same code is the same question, in whatever words: whoever makes a version says so,
by keeping the code where the words only became clearer, and by giving another one where something else is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diagnostics.instrument.definition import Instrument, Item


@dataclass(frozen=True)
class Reworded:
    """One question in the words of both versions."""

    was: Item
    now: Item


@dataclass(frozen=True)
class Difference:
    """``moved`` asks the same about another part of the picture; ``on_pages`` says that pages or their order differ."""

    added: Sequence[Item]
    dropped: Sequence[Item]
    reworded: Sequence[Reworded]
    moved: Sequence[Reworded]
    on_pages: bool
    titles: bool

    def __bool__(self) -> bool:
        return bool(self.added or self.dropped or self.reworded or self.moved or self.on_pages or self.titles)


def difference(before: Instrument, after: Instrument) -> Difference:
    """What ``after`` asks otherwise than ``before``, in the order of each."""
    both = [Reworded(before.item_by_code[item.code], item) for item in after.items if item.code in before.item_by_code]
    return Difference(
        added=[item for item in after.items if item.code not in before.item_by_code],
        dropped=[item for item in before.items if item.code not in after.item_by_code],
        reworded=[one for one in both if one.was.text != one.now.text],
        moved=[one for one in both if (one.was.atom, one.was.topic) != (one.now.atom, one.now.topic)],
        on_pages=_on_pages(before, after),
        titles=(before.title, before.minutes) != (after.title, after.minutes),
    )


def differs_beyond_words(before: Instrument, after: Instrument) -> bool:
    """Whether one of them asks a question that the other does not, or for another part of the picture."""
    found = difference(before, after)
    return bool(found.added or found.dropped or found.moved)


def _on_pages(before: Instrument, after: Instrument) -> bool:
    """Whether what both ask stands on other pages or in another order."""
    return _pages(before, after) != _pages(after, before)


def _pages(of: Instrument, beside: Instrument) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (page.code, page.title, tuple(code for code in page.items if code in beside.item_by_code)) for page in of.pages
    ]
