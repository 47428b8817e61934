"""Which partnerships a rule speaks of today, and why a rule cannot count just now.

Only active participations are scored. A rule that needs others is not bent to fit: it is left out, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from partnerships.models import Organisation, Participation, ParticipationState, PortfolioRule, RuleKind


@dataclass(frozen=True)
class ReachedRule:
    """A rule with its active members in order; ``left_out`` says why it does not count, empty where it does."""

    rule: PortfolioRule
    members: tuple[Participation, ...]
    left_out: str

    @property
    def counts(self) -> bool:
        return not self.left_out


def reached_rules(organisation: Organisation) -> list[ReachedRule]:
    """Every rule of an organisation, in a fixed number of queries."""
    active = list(organisation.participations.active().select_related("partnership").order_by("partnership__slug"))
    return [reach_of(rule, active) for rule in organisation.rules.in_full()]


def reach_of(rule: PortfolioRule, active: Sequence[Participation]) -> ReachedRule:
    """One rule, given the organisation's active participations with their partnerships."""
    if rule.partnership_kind_id is not None:
        members = tuple(one for one in active if one.partnership.kind_id == rule.partnership_kind_id)
        return ReachedRule(rule, members, _too_few(rule, members))
    named = [member.participation for member in rule.members.all()]
    members = tuple(one for one in named if one.state == ParticipationState.ACTIVE)
    if rule.kind == RuleKind.AT_LEAST:
        return ReachedRule(rule, members, _too_few(rule, members))
    absent = [one for one in named if one.state != ParticipationState.ACTIVE]
    return ReachedRule(rule, members, " ".join(_absence(one) for one in absent))


def _too_few(rule: PortfolioRule, members: Sequence[Participation]) -> str:
    wanted = rule.at_least or 0
    if len(members) >= wanted:
        return ""
    are = "is" if len(members) == 1 else "are"
    return f"Only {len(members)} of them {are} active, fewer than the {wanted} to keep."


def _absence(participation: Participation) -> str:
    name = participation.partnership.display_name
    if participation.state == ParticipationState.ENDED:
        return f"Your part in {name} has ended."
    return f"{name} is still a draft."
