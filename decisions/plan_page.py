"""The page of the plan: how do we become a better partner? Everything on it, in a fixed number of queries."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from decisions.effect import Effect, effects_of
from decisions.models import PlanAction, Practice, PracticeState
from decisions.suggesting import AcrossAll, Suggestion, across_all, suggestions
from decisions.worth import AtThePrice, ValuedOption, at_the_price, valued_options, worth_building
from diagnostics.across import across
from partnerships.models import CapacityAdjustment, Organisation
from partnerships.people import who_can
from partnerships.roles import READ
from scoring.findings import Findings
from scoring.models import Run
from scoring.words import count_of, exact, in_sentence


@dataclass(frozen=True)
class ActionRow:
    action: PlanAction
    effect: Effect
    days: str
    is_overdue: bool


@dataclass(frozen=True)
class PracticeRow:
    practice: Practice
    days: str
    worth: AtThePrice | None
    is_overdue: bool


@dataclass(frozen=True)
class PlanPage:
    """``here`` are the ids of those who have access; ``run`` is the one whose numbers it speaks in, if any."""

    open: Sequence[ActionRow]
    ended: Sequence[ActionRow]
    practices: Sequence[PracticeRow]
    closed_practices: Sequence[PracticeRow]
    options: Sequence[ValuedOption]
    worth_building: str
    suggestions: Sequence[Suggestion]
    across: Sequence[AcrossAll]
    surveyed: int
    run: Run | None
    here: frozenset[int]

    @property
    def sentence(self) -> str:
        """The sentence that matters."""
        return f"{self._weakest()} {self._actions()}"

    def _weakest(self) -> str:
        if not self.across:
            return "No partnership has a survey with results yet, so nobody can say what is weakest."
        weakest = self.across[0]
        return (
            f"Weakest over {count_of(weakest.partnerships, 'surveyed partnership')}: {in_sentence(weakest.name)}, "
            f"{weakest.mean:.1f} on a scale of 1 to 5."
        )

    def _actions(self) -> str:
        if not self.open:
            return "No action is open."
        late = sum(row.is_overdue for row in self.open)
        said = f"We have {count_of(len(self.open), 'action')} open, {late or 'none'} overdue."
        return f"{said} {self._moved()}".rstrip()

    def _moved(self) -> str:
        """In how many partnerships, each counting once, however many actions are about it."""
        effects = [row.effect for row in (*self.open, *self.ended)]
        known, up, down = (
            len(frozenset[int]().union(*some))
            for some in ([one.known for one in effects], [one.up for one in effects], [one.down for one in effects])
        )
        if not known:
            return ""
        surveyed = (
            f"Of {count_of(known, 'partnership')} surveyed before the work began and since, what it is about moved"
        )
        where = f"up in {up or 'none'} and down in {down or 'none'}" if up or down else "in none"
        return f"{surveyed} {where} by more than chance would do."

    @property
    def has_values_to_work_out(self) -> bool:
        return self.run is not None and any(one.what_if is None and one.price is not None for one in self.options)

    @property
    def has_values_under_way(self) -> bool:
        return any(one.is_under_way for one in self.options)


def plan_of(organisation: Organisation, run: Run | None, *, day: datetime.date) -> PlanPage:
    """``run`` is the one whose recommendation is shown; None where there is none yet."""
    findings = None if run is None else Findings.of(run)
    actions = list(organisation.plan_actions.for_list())
    effects, beside = effects_of(organisation, actions), across(organisation)
    rows = [action_row(one, effects[one.pk], day) for one in actions]
    practices = [_practice(one, findings, day) for one in organisation.practices.for_list()]
    return PlanPage(
        open=[row for row in rows if row.action.is_open],
        ended=[row for row in rows if not row.action.is_open],
        practices=[row for row in practices if row.practice.state == PracticeState.PROPOSED],
        closed_practices=[row for row in practices if row.practice.state != PracticeState.PROPOSED],
        options=valued_options(organisation, findings),
        worth_building=worth_building(findings),
        suggestions=suggestions(beside, findings, actions),
        across=across_all(beside, actions),
        surveyed=len(beside.rows),
        run=run,
        here=frozenset(one.pk for one in who_can(organisation, READ)),
    )


def action_row(action: PlanAction, effect: Effect, day: datetime.date) -> ActionRow:
    return ActionRow(action, effect, days_in_words(action.adjustment), action.is_overdue_on(day))


def days_in_words(adjustment: CapacityAdjustment | None) -> str:
    """ "4 clinical and 2 executive days a quarter"; empty for none."""
    if adjustment is None:
        return ""
    return ", ".join(f"{exact(float(row.days))} {in_sentence(row.pool.name)}" for row in adjustment.amounts.all())


def _practice(practice: Practice, findings: Findings | None, day: datetime.date) -> PracticeRow:
    worth = at_the_price(practice.adjustment, findings)
    return PracticeRow(practice, days_in_words(practice.adjustment), worth, practice.is_overdue_on(day))
