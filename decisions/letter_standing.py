"""Where a letter stands, in words: when it leaves, and what is in the way."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from decisions.models import Letter, LetterState

# How long after its time a letter is still just about to leave.
PATIENCE = datetime.timedelta(seconds=60)


@dataclass(frozen=True)
class LetterStanding:
    letter: Letter
    now: datetime.datetime

    @classmethod
    def of(cls, letter: Letter | None) -> LetterStanding | None:
        return None if letter is None else cls(letter, timezone.now())

    @property
    def is_moving(self) -> bool:
        """Whether it goes on by itself, so that it is worth looking again."""
        return self.letter.state in {LetterState.WAITING, LetterState.TAKEN}

    @property
    def is_due(self) -> bool:
        return self.letter.send_after is not None and self.letter.send_after <= self.now

    @property
    def is_overdue(self) -> bool:
        """Whether it should have left by now: what sends letters, or the broker between, is down."""
        looks = datetime.timedelta(seconds=2 * settings.LETTERS_LOOK_EVERY_SECONDS)
        return self.letter.send_after is not None and self.letter.send_after + looks + PATIENCE < self.now
