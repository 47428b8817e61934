"""Whether two names are likely to mean the same partnership, however each was typed.

Capitals, punctuation, word order, abbreviations and small words make no difference, a slip of the keyboard little.
Words that many partnerships of a kind share ("network", "board") say nothing where both are of one kind, so that what
tells two networks of one town apart is the rest of their names.

The words of a name, in order of the alphabet, are compared letter by letter: of the letters of both, the share that
stays when the one is made into the other with the fewest letters struck out and put in (the normalised indel
similarity, that is twice their longest common subsequence over the letters of both: G. Navarro, "A guided tour to
approximate string matching", ACM Computing Surveys 33 (2001), 2.1). RapidFuzz reckons it, 64 letters at a time and no
further than the likeness asked for: rapidfuzz.github.io/RapidFuzz/Usage/distance/Indel.html.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any

import numpy as np
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

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
LONGEST = 300  # letters that count: a name has 200, but one may stand for many (ﷺ)
ALIKE = 0.9  # of the letters of both names
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
    plain = unicodedata.normalize("NFKD", name).casefold()[:LONGEST]
    letters = "".join(one if one.isalnum() or one == "&" else "" if one in "'’" else " " for one in plain)
    written = " ".join(WRITTEN_OUT.get(word, word) for word in letters.split())
    return sorted(set(written.split()) - SMALL_WORDS)


class Index:
    """Names to compare others with, prepared once for however many. No pair is compared in Python."""

    def __init__(self, among: Iterable[Named]) -> None:
        self._named = list(among)
        words = [words_of(one.name) for one in self._named]
        own = [_own(some) for some in words]
        self._kinds = np.array([one.kind for one in self._named], dtype=np.int64)
        self._whole, self._own = [" ".join(some) for some in words], [" ".join(some) for some in own]
        self._own_words = np.array([len(some) for some in own], dtype=np.int64)
        self._having: dict[str, list[int]] = defaultdict(list)
        for place, some in enumerate(own):
            for word in some:
                self._having[word].append(place)

    def most_alike(self, wanted: Named) -> list[Named]:
        """Those that may be the same, the likeliest first, a handful at most."""
        likeness = self._likeness(wanted)
        likely = np.flatnonzero(likeness).tolist()
        found = [(-likeness[place], self._named[place].name, self._named[place].key, place) for place in likely]
        return [self._named[place] for *_, place in nsmallest(MOST, found)]

    def _likeness(self, wanted: Named) -> Any:
        """Of each from 0 to 1; 0 where nobody would take the one for the other."""
        words = words_of(wanted.name)
        own = _own(words)
        whole = _letters(" ".join(words), self._whole, ALIKE)
        rest = np.maximum(_letters(" ".join(own), self._own, SLIPS), self._shared(own))
        may_count = (self._kinds == wanted.kind) & (self._own_words > 0) & (len(own) > 0)
        return np.where(whole > 0, whole, np.where(may_count, rest, 0))

    def _shared(self, own: Sequence[str]) -> Any:
        """The share of words in common of all that either has, 0 where it is too small to count."""
        both = np.zeros(len(self._named), dtype=np.int64)
        for word in own:
            both[self._having.get(word, [])] += 1
        share = both / np.maximum(len(own) + self._own_words - both, 1)
        return np.where(share >= SHARED, share, 0)


def _own(words: Sequence[str]) -> list[str]:
    return [word for word in words if word not in SHARED_WORDS]


def _letters(wanted: str, others: Sequence[str], least: float) -> Any:
    """How much of their letters each has in common with the one wanted, 0 where that is less than ``least``."""
    return cdist([wanted], others, scorer=Indel.normalized_similarity, score_cutoff=least, dtype=np.float64, workers=1)[
        0
    ]
