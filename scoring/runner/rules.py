"""Rules between partnerships as the engine reads them; those that cannot count are noted instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from partnerships.models import Organisation, Participation, RuleKind
from partnerships.rule_reach import ReachedRule, reach_of

Json = dict[str, Any]


def frozen_rules(organisation: Organisation, active: Sequence[Participation]) -> tuple[list[Json], list[Json]]:
    """The document's ``rules``, each with its words as ``note``; and those left out, as ``rule`` and ``why``.

    ``active`` are the organisation's active participations by slug, with their partnerships.
    """
    reached = [reach_of(rule, active) for rule in organisation.rules.in_full()]
    left_out = [{"rule": one.rule.in_words(), "why": one.left_out} for one in reached if not one.counts]
    return [_frozen(one) for one in reached if one.counts], left_out


def _frozen(reached: ReachedRule) -> Json:
    rule = reached.rule
    slugs = [one.partnership.slug for one in reached.members]
    pairs = [[slug, rule.level.code] for slug in slugs]
    note = {"note": rule.in_words()}
    if rule.kind == RuleKind.AT_LEAST:
        return {"at_least": rule.at_least, "of": slugs, "level": rule.level.code, **note}
    if rule.other_level is not None:
        return {"if": pairs[0], "then": [slugs[1], rule.other_level.code], **note}
    if rule.kind == RuleKind.NOT_BOTH:
        return {"not_both": pairs, **note}
    return {"synergy": float(rule.points or 0), "of": pairs, **note}
