"""What a decision about one partnership rests on: the recommendation as it stands, and the levels one may choose."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from decisions.class_duties import ClassDuty, class_duty_of
from decisions.models import Decision
from partnerships.models import EngagementLevel, Participation, ParticipationState
from scoring.advice import Advice, LevelOutlook
from scoring.engine.wording import SMALL
from scoring.findings import Findings
from scoring.models import Label, Run
from scoring.situation import Situation
from scoring.words import number


class NothingToDecideError(Exception):
    """There is nothing to decide yet, in words with what to do."""


@dataclass(frozen=True)
class Basis:
    """``last`` is the last word on the partnership so far, also where it undid a decision; ``current`` is the decision
    that counts. ``out_of_date`` says why the recommendation is not of today, empty where it is.
    """

    participation: Participation
    run: Run
    findings: Findings
    advice: Advice
    last: Decision | None
    current: Decision | None
    out_of_date: str

    @classmethod
    def of(cls, participation: Participation, situation: Situation) -> Basis:
        """Raises NothingToDecideError."""
        name = participation.partnership.display_name
        if participation.state == ParticipationState.ENDED:
            raise NothingToDecideError(
                f"Your part in {name} has ended, so there is nothing to decide. Its decisions are kept below."
            )
        if participation.state != ParticipationState.ACTIVE:
            raise NothingToDecideError(f"{name} is a draft. Make it active and have it scored, then decide.")
        run = situation.shown
        if run is None:
            raise NothingToDecideError("There is no recommendation yet. Your partnerships have to be scored first.")
        findings = Findings.of(run)
        advice = findings.advice_for(participation.partnership.slug)
        if advice is None:
            raise NothingToDecideError(f"{name} came after the last scoring. Score again, then decide.")
        lines = participation.decisions.with_look_again().select_related("decided_by", "recorded_by", "taken_effect")
        last = lines.last_words().first()
        current = lines.filter(pk=last.stands_again_id or 0).first() if last is not None and last.is_undone else last
        return cls(participation, run, findings, advice, last, current, situation.why_stale)

    @property
    def seen(self) -> str:
        """Names the last word that a form was filled beside, so that nobody decides past somebody else's."""
        return str(self.last.pk) if self.last else ""

    @cached_property
    def choices(self) -> Sequence[LevelOutlook]:
        """The levels that may be decided, highest first: none below what its own duty or one over a class asks."""
        own, of_class = self.participation.mandate_level, self.class_duty
        least = max(self._place(own), self._place(of_class.level if of_class else None))
        return tuple(reversed(self.advice.levels[least:]))

    @property
    def duty(self) -> str:
        """Which duty sets the least level, in words; empty where none does."""
        own, of_class = self.participation.mandate_level, self.class_duty
        if of_class is not None and self._place(of_class.level) > self._place(own):
            return of_class.in_words
        if own is None:
            return ""
        return f"The least that can be decided is “{own.name}”, because of a duty: {self.participation.mandate_source}."

    @cached_property
    def class_duty(self) -> ClassDuty | None:
        """The duty over a class that binds it, once all that is decided about the others holds."""
        return class_duty_of(self.participation, self.findings)

    @property
    def below_its_duty(self) -> str:
        """That what is decided is less than a duty asks that came afterwards, as by merging; empty where it is not."""
        codes = {level.code for level in self.advice.levels}
        if self.current is None or self.current.level_code not in codes or self.level(self.current.level_code):
            return ""
        return f"What is decided is less than a duty asks that came afterwards. {self.duty} Decide anew."

    def missed_duty(self, code: str, day: datetime.date) -> str:
        """Which duty over a class a level misses that begins to hold on a day, in words; empty where it misses none.
        Levels of the others may begin later, or end.
        """
        of_class = class_duty_of(self.participation, self.findings, day)
        codes = [level.code for level in self.advice.levels]
        if of_class is None or code not in codes or codes.index(code) >= self._place(of_class.level):
            return ""
        return of_class.in_words

    def _place(self, level: EngagementLevel | None) -> int:
        """Where a level stands among those it may have; 0, the lowest, where it is none of them."""
        codes = [one.code for one in self.advice.levels]
        return codes.index(level.code) if level is not None and level.code in codes else 0

    def level(self, code: str) -> LevelOutlook | None:
        return next((level for level in self.choices if level.code == code), None)

    def overrules(self, code: str) -> bool:
        return code != self.advice.recommended.code

    def loss(self, level: LevelOutlook) -> float | None:
        """Points that the portfolio loses with this level, against the one that is recommended; None where no portfolio
        has it. Negative where it gains, as it may where a decline was not sure enough, and so another level than the
        best is recommended.
        """
        instead = self.advice.recommended.loss
        return None if level.loss is None or instead is None else level.loss - instead

    def cost(self, code: str) -> Decimal | None:
        """The same as a decision keeps it."""
        level = self.level(code)
        loss = None if level is None else self.loss(level)
        return None if loss is None else Decimal(str(round(loss, 3)))

    def cost_in_words(self, code: str) -> str:
        """What overruling costs, as a sentence to read before it is confirmed."""
        level = self.level(code)
        if level is None:
            return ""
        instead = f"“{level.name}” instead of “{self.advice.recommended.name}”"
        loss = self.loss(level)
        if loss is None:
            return (
                f"No portfolio within your days, duties and rules has {self.advice.name} at “{level.name}”. "
                "Something else would have to give, and the engine does not say what."
            )
        if abs(loss) < SMALL:
            return f"{instead} costs nothing that the numbers can tell: both are as good, to a tenth of a point."
        whole = number(self.findings.recommended_value)
        points = number(abs(loss))
        return (
            f"{instead} makes all your partnerships together worth {points} {'point' if points == '1' else 'points'} "
            f"{'more' if loss < 0 else 'less'}, of {whole}, with everything else arranged as well as it can be around "
            "it."
        )

    @property
    def review_soon(self) -> bool:
        """Whether the usual day to look again comes sooner: where it is stepped down, declined or not sure."""
        return self.advice.label in {Label.STEP_DOWN, Label.SAY_NO_KINDLY, Label.FIND_OUT_FIRST}
