"""What becomes of what is on a record once it is merged into another one, in sentences to read beforehand.

The floors above add theirs as they start: the ground floor knows nothing of what they keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from partnerships.models import Participation

Words = Callable[[Participation], Iterable[str]]
_WORDS: dict[str, Words] = {}


def add_words(name: str, words: Words) -> None:
    """Have more said before a record is merged; each by a name of its own."""
    if name in _WORDS:
        raise ValueError(f"What {name} say is added already.")
    _WORDS[name] = words


def what_becomes_of(duplicate: Participation) -> list[str]:
    return [*_of_its_duty(duplicate), *(sentence for words in _WORDS.values() for sentence in words(duplicate))]


def _of_its_duty(duplicate: Participation) -> Iterable[str]:
    if duplicate.mandate_level is not None:
        yield (
            f"A duty requires at least “{duplicate.mandate_level.name}” ({duplicate.mandate_source}). The record that "
            "goes on takes it over, unless its own duty requires as much or more."
        )
