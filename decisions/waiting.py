"""What waits for a decision, in the order in which a meeting would want it."""

from __future__ import annotations

from collections.abc import Container, Sequence

from scoring.advice import Advice
from scoring.findings import Findings


def waiting_for_a_decision(findings: Findings, decided: Container[str]) -> list[Advice]:
    """Partnerships that nobody has decided about and for which something else than today is recommended; those that
    free the most days first.
    """
    waiting = [one for one in findings.advice if one.id not in decided and changes(one)]
    return sorted(waiting, key=lambda one: (-days_freed(one), one.number))


def in_order_of_a_meeting(findings: Findings, decided: Container[str]) -> Sequence[Advice]:
    """All that can be decided about: what waits, then the rest in the order of the list."""
    first = waiting_for_a_decision(findings, decided)
    named = {one.id for one in first}
    return [*first, *(one for one in findings.advice if one.id not in named)]


def changes(advice: Advice) -> bool:
    """Whether it recommends another level than today's."""
    return advice.today is None or advice.today.code != advice.recommended.code


def days_freed(advice: Advice) -> float:
    """Days a quarter over all pools that the recommendation frees; negative where it asks for more."""
    today = sum(advice.today.days.values()) if advice.today else 0.0
    return today - sum(advice.recommended.days.values())
