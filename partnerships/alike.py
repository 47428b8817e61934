"""Whether two names are likely to mean the same partnership, however each was typed.

Capitals, punctuation, word order, abbreviations and small words make no difference, a slip of the keyboard little.
Words that many partnerships of a kind share ("network", "board") say nothing where both are of one kind, so that what
tells two networks of one town apart is the rest of their names.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

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


def _letters(ours: list[str], theirs: list[str]) -> float:
    # in one order, whichever name was typed first: the comparison is not the same both ways
    first, second = sorted((" ".join(ours), " ".join(theirs)))
    compared = SequenceMatcher(None, first, second, autojunk=False)
    # the two quick ones are never below the true one, and cost little
    if compared.real_quick_ratio() < SLIPS or compared.quick_ratio() < SLIPS:
        return 0
    return compared.ratio()
