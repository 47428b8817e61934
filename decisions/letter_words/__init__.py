"""The words that come with the service: a letter for each kind of no, and what to see to when we leave or hand over.

They are data: an organisation writes templates of its own, and a decision's copy of the list is its own from then on.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from decisions.models import KindOfNo

FOLDER = Path(__file__).parent


@cache
def letter_words(kind: KindOfNo) -> tuple[str, str]:
    """The subject and the text of the letter that comes with the service."""
    subject, _, body = (FOLDER / f"{kind.value}.txt").read_text(encoding="utf-8").partition("\n\n")
    return subject.strip(), body.strip()


@cache
def checklist_words() -> tuple[str, ...]:
    return tuple(
        line.strip() for line in (FOLDER / "checklist.txt").read_text(encoding="utf-8").splitlines() if line.strip()
    )
