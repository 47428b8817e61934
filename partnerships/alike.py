"""Whether two names are likely to mean the same partnership, however each was typed.

Capitals, punctuation, word order, abbreviations and small words make no difference, a slip of the keyboard little.
Words that many partnerships of a kind share ("network", "board") say nothing where both are of one kind, so that what
tells two networks of one town apart is the rest of their names.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import numpy as np

WRITTEN_OUT = {
    "&": "and",
    "hin": "health innovation network",
    "icb": "integrated care board",
    "icp": "integrated care partnership",
    "ics": "integrated care system",
    "pcn": "primary care network",
    "vcse": "voluntary sector",
}
SMALL_WORDS = frozenset({"a", "and", "at", "for", "in", "nhs", "of", "on", "the", "to", "with"})
SHARED_WORDS = frozenset(
    {
        "alliance", "board", "care", "clinical", "collaborative", "committee",
        "group", "health", "integrated", "network", "partnership", "place",
        "primary", "programme", "provider", "sector", "system",
    }
)  # fmt: skip
ALIKE = 0.9  # of the letters of both names, in the order of their words
SLIPS = 0.85  # the same of what is left without the words of their kind, which is shorter
SHARED = 2 / 3  # of the words that only one or both of them have
MOST = 5


@dataclass(frozen=True)
class Named:
    """A partnership as it is compared: its key, its name and its kind."""

    key: int
    name: str
    kind: int


def words_of(name: str) -> list[str]:
    """The words that count, written out and in order.

    >>> words_of("The Mossbury PCN"), words_of("Primary Care Network (Mossbury)")
    (['care', 'mossbury', 'network', 'primary'], ['care', 'mossbury', 'network', 'primary'])
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(one if one.isalnum() or one == "&" else "" if one in "'’" else " " for one in plain)
    written = " ".join(WRITTEN_OUT.get(word, word) for word in letters.split())
    return sorted(set(written.split()) - SMALL_WORDS)


def likeness(one: Named, other: Named) -> float:
    """From 0 to 1; 0 where nobody would take the one for the other."""
    ours, theirs = words_of(one.name), words_of(other.name)
    whole = _letters(ours, theirs)
    if whole >= ALIKE or ours == theirs:
        return whole
    if one.kind != other.kind:
        return 0
    own, their_own = set(ours) - SHARED_WORDS, set(theirs) - SHARED_WORDS
    if not own or not their_own:
        return 0
    slips = _letters(sorted(own), sorted(their_own))
    shared = len(own & their_own) / len(own | their_own)
    return max(slips if slips >= SLIPS else 0, shared if shared >= SHARED else 0)


def most_alike(wanted: Named, among: Iterable[Named]) -> list[Named]:
    """Those that may be the same, the likeliest first, a handful at most."""
    found = [(likeness(wanted, other), other) for other in among]
    likely = sorted((pair for pair in found if pair[0] > 0), key=lambda pair: (-pair[0], pair[1].name, pair[1].key))
    return [other for _, other in likely[:MOST]]


class Index:
    """Many names to compare others with, prepared once: finds what ``most_alike`` does, for a whole spreadsheet.

    Most pairs are ruled out by their letters alone: the letters that two names share, in whatever order, are at least
    as many as those that they share in one order. What is left is compared letter by letter.
    """

    def __init__(self, among: Iterable[Named]) -> None:
        self._named = list(among)
        words = [words_of(one.name) for one in self._named]
        own = [sorted(set(some) - SHARED_WORDS) for some in words]
        self._kinds = np.array([one.kind for one in self._named])
        self._whole, self._own = _counts(words), _counts(own)
        self._having: dict[str, list[int]] = defaultdict(list)
        for place, some in enumerate(own):
            for word in some:
                self._having[word].append(place)

    def most_alike(self, wanted: Named) -> list[Named]:
        if not self._named:
            return []
        words = words_of(wanted.name)
        own = sorted(set(words) - SHARED_WORDS)
        of_kind = self._kinds == wanted.kind
        possible = _at_most(_counts([words]), self._whole) >= ALIKE
        possible |= of_kind & (_at_most(_counts([own]), self._own) >= SLIPS)
        shares = np.zeros(len(self._named), dtype=bool)
        shares[[place for word in own for place in self._having.get(word, ())]] = True
        possible |= of_kind & shares
        return most_alike(wanted, (self._named[place] for place in np.flatnonzero(possible)))


BUCKETS = 64  # letters that fall into one are taken for the same, which rules out fewer


def _counts(names: Sequence[Sequence[str]]) -> Any:
    """How often each letter is in each name: a row a name."""
    counts = np.zeros((len(names), BUCKETS), dtype=np.int16)
    for place, words in enumerate(names):
        for letter in " ".join(words):
            counts[place, ord(letter) % BUCKETS] += 1
    return counts


def _at_most(wanted: Any, others: Any) -> Any:
    """For each of the others how alike it can be at most, by letters in whatever order; two without any are alike."""
    letters = wanted.sum() + others.sum(axis=1)
    shared = np.minimum(wanted, others).sum(axis=1)
    return np.where(letters == 0, 1.0, 2 * shared / np.maximum(letters, 1))


def _letters(ours: list[str], theirs: list[str]) -> float:
    # in one order, whichever name was typed first: the comparison is not the same both ways
    first, second = sorted((" ".join(ours), " ".join(theirs)))
    compared = SequenceMatcher(None, first, second, autojunk=False)
    # the two quick ones are never below the true one, and cost little
    if compared.real_quick_ratio() < SLIPS or compared.quick_ratio() < SLIPS:
        return 0
    return compared.ratio()
