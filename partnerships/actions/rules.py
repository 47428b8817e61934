"""Rules between partnerships: recorded, changed and removed, and refused where they could never be kept."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnerships.access import check_can_edit
from partnerships.actions.organisations import hold
from partnerships.contradictions import Demand, contradiction
from partnerships.editing import check_version, rule_version
from partnerships.models import (
    Organisation,
    Participation,
    ParticipationState,
    PastRule,
    Person,
    PortfolioRule,
    RuleKind,
    RuleMember,
)
from partnerships.rule_reach import ReachedRule, reached_rules
from partnerships.saving import save_checked
from partnerships.signals import announce_change

MOST_RULES = 200


@dataclass(frozen=True)
class RuleFacts:
    """What a rule says, by ids of the organisation's own levels and participations; see PortfolioRule."""

    kind: RuleKind
    level: int
    source: str
    members: tuple[int, ...] = ()
    at_least: int | None = None
    partnership_kind: int | None = None
    other_level: int | None = None
    points: Decimal | None = None


@transaction.atomic
def add_rule(*, organisation: Organisation, by: Person, facts: RuleFacts) -> PortfolioRule:
    """Record a rule. Raises ValidationError, with what to do, where it could never be kept or is there already."""
    check_can_edit(by, organisation)
    hold(organisation)
    if organisation.rules.count() >= MOST_RULES:
        raise ValidationError(f"Keep at most {MOST_RULES} rules. Remove one that no longer holds.")
    return _write(PortfolioRule(organisation=organisation), by, facts)


@transaction.atomic
def change_rule(
    *, rule: PortfolioRule, by: Person, facts: RuleFacts, expected_version: str | None = None
) -> PortfolioRule:
    """Change what a rule says, but not of which kind it is; what it said stays on record.

    Raises ValidationError or ChangedMeanwhile.
    """
    check_can_edit(by, rule.organisation)
    hold(rule.organisation)
    present = PortfolioRule.objects.in_full().filter(pk=rule.pk).first()
    if present is None:
        raise ValidationError("Somebody else removed this rule meanwhile. Add it again if it still holds.")
    if expected_version is not None:
        check_version(expected_version, rule_version(present))
    if facts.kind != present.kind:
        raise ValidationError("A rule stays of its kind. Remove it and add one of another kind.")
    past = _past(present, by)
    changed = _write(present, by, facts)
    past.became = PortfolioRule.objects.in_full().get(pk=changed.pk).in_words()
    if (past.words, past.source) != (past.became, changed.source):
        past.save()
    return changed


@transaction.atomic
def remove_rule(*, rule: PortfolioRule, by: Person) -> PastRule | None:
    """Take a rule away, and keep on record what it said; None for one that somebody removed before."""
    check_can_edit(by, rule.organisation)
    hold(rule.organisation)
    present = PortfolioRule.objects.in_full().filter(pk=rule.pk).first()
    if present is None:
        return None
    past = _past(present, by)
    past.save()
    present.delete()
    announce_change(organisation=rule.organisation, by=by)
    return past


def _past(rule: PortfolioRule, by: Person) -> PastRule:
    """Unsaved: what a rule says now, ended by somebody at this moment."""
    return PastRule(
        organisation=rule.organisation,
        words=rule.in_words(),
        source=rule.source,
        recorded_by=rule.recorded_by,
        recorded_at=rule.recorded_at,
        ended_by=by,
        ended_at=timezone.now(),
    )


def _write(rule: PortfolioRule, by: Person, facts: RuleFacts) -> PortfolioRule:
    _check_members(rule.organisation, facts)
    _check_levels(rule.organisation, facts)
    _check_is_new(rule, facts)
    for name in ("kind", "at_least", "points", "source"):
        setattr(rule, name, getattr(facts, name))
    rule.level_id, rule.other_level_id = facts.level, facts.other_level
    rule.partnership_kind_id = facts.partnership_kind
    rule.recorded_by, rule.recorded_at = by, timezone.now()
    save_checked(rule)
    rule.members.all().delete()
    RuleMember.objects.bulk_create(
        RuleMember(organisation=rule.organisation, rule=rule, participation_id=one, position=position)
        for position, one in enumerate(facts.members)
    )
    _check_can_be_kept(rule.organisation)
    announce_change(organisation=rule.organisation, by=by)
    return rule


def _check_members(organisation: Organisation, facts: RuleFacts) -> None:
    ours = {
        one.pk: one for one in organisation.participations.filter(pk__in=facts.members).select_related("partnership")
    }
    if set(facts.members) - set(ours):
        raise ValidationError({"members": "Choose partnerships of your own portfolio."})
    for one in ours.values():
        if one.state == ParticipationState.ENDED:
            text = f"Your part in {one.partnership.display_name} has ended. Choose another, or make it active again."
            raise ValidationError({"members": text})
    if facts.kind == RuleKind.AT_LEAST:
        _check_enough(organisation, facts)
    elif len(facts.members) != 2 or len(ours) != 2:
        raise ValidationError({"members": "Choose two different partnerships."})


def _check_enough(organisation: Organisation, facts: RuleFacts) -> None:
    """Among those a class rule is over there are as many as it wants to keep."""
    if facts.partnership_kind is None:
        if not facts.members:
            raise ValidationError({"members": "Tick the partnerships that the rule is over, or choose a kind."})
        there = len(set(facts.members))
    elif facts.members:
        raise ValidationError({"members": "Choose a kind or tick partnerships, not both: clear one of the two."})
    else:
        there = organisation.participations.live().filter(partnership__kind=facts.partnership_kind).count()
    if there < (facts.at_least or 0):
        of_kind = " of this kind" if facts.partnership_kind else ""
        text = f"At least {facts.at_least} of {there} can never be kept{of_kind}. Enter {there} or less, or name more."
        raise ValidationError({"at_least": text if there else "You have no partnership of this kind. Choose another."})


def _check_levels(organisation: Organisation, facts: RuleFacts) -> None:
    """At the lowest level or above is everybody, so that a rule about it would say nothing."""
    rungs = dict(organisation.engagement_levels.values_list("pk", "position"))
    for field in ("level", "other_level"):
        level = getattr(facts, field)
        if level is not None and rungs.get(level, 0) == 0:
            raise ValidationError({field: "Choose a level above taking no part: the rule would say nothing there."})


def _check_is_new(rule: PortfolioRule, facts: RuleFacts) -> None:
    """The same rule twice is a form sent twice."""
    alike = rule.organisation.rules.filter(
        kind=facts.kind,
        level=facts.level,
        other_level=facts.other_level,
        at_least=facts.at_least,
        partnership_kind=facts.partnership_kind,
    ).exclude(pk=rule.pk)
    wanted = _compared(facts.kind, facts.members)
    for other in alike.prefetch_related("members"):
        if _compared(facts.kind, tuple(member.participation_id for member in other.members.all())) == wanted:
            raise ValidationError("This rule is recorded already.")


def _compared(kind: RuleKind, members: tuple[int, ...]) -> tuple[int, ...]:
    return members if kind == RuleKind.NEEDS else tuple(sorted(members))


def _check_can_be_kept(organisation: Organisation) -> None:
    """Raises ValidationError where duties and rules, the one just written among them, contradict each other."""
    broken = broken_demand(organisation, reached_rules(organisation))
    if broken:
        raise ValidationError(
            f"With this, duties and rules contradict each other: “{broken.words}” could never be kept. "
            "Change this rule, the other one, or a duty."
        )


def broken_demand(organisation: Organisation, rules: list[ReachedRule]) -> Demand | None:
    """A rule that the duties and the other rules make impossible, as far as levels alone tell."""
    held: dict[int, Participation] = {
        one.pk: one for one in organisation.participations.active().select_related("mandate_level")
    }
    duties = {pk: one.mandate_level.position for pk, one in held.items() if one.mandate_level}
    top = max(organisation.engagement_levels.values_list("position", flat=True), default=0)
    return contradiction(duties, top, [_demand_of(one) for one in rules if one.counts])


def _demand_of(reached: ReachedRule) -> Demand:
    rule = reached.rule
    return Demand(
        words=rule.in_words(),
        kind=RuleKind(rule.kind),
        members=tuple(one.pk for one in reached.members),
        level=rule.level.position,
        other_level=rule.other_level.position if rule.other_level else 0,
        at_least=rule.at_least or 0,
    )
