"""The words that come with the service: a letter for each kind of no and for what follows
it, sentences that say why, and what to see to when we leave or hand over.

They are data: an organisation writes templates of its own, and a decision's copy of the list is its own from then on.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from decisions.models import KindOfLetter

FOLDER = Path(__file__).parent


@cache
def letter_words(kind: KindOfLetter) -> tuple[str, str]:
    """The subject and the text of the letter that comes with the service."""
    subject, _, body = (FOLDER / f"{kind.value}.txt").read_text(encoding="utf-8").partition("\n\n")
    return subject.strip(), body.strip()


@cache
def checklist_words() -> tuple[str, ...]:
    return tuple(
        line.strip() for line in (FOLDER / "checklist.txt").read_text(encoding="utf-8").splitlines() if line.strip()
    )


@cache
def reason_words() -> tuple[tuple[str, str], ...]:
    """Sentences to say why with, each after what would have to be true; nobody has to take one."""
    lines = (FOLDER / "reasons.txt").read_text(encoding="utf-8").splitlines()
    return tuple((truth.strip(), words.strip()) for truth, _, words in (line.partition(":") for line in lines if line))
