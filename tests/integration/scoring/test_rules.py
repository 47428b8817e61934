"""Rules between partnerships on their way into the document, and what the pages say of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from partnerships.actions.rules import RuleFacts, add_rule
from partnerships.models import Organisation, ParticipationState, PartnershipKind, Person, RuleKind
from scoring.caveats import caveats_of
from scoring.engine import solve
from scoring.runner import Frozen, freeze, why_nothing_fits
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db
Json = dict[str, Any]


def record(organisation: Organisation, lead: Person, kind: RuleKind, *numbers: int, **facts: Any) -> None:
    """A rule over the partnerships of these numbers, at sustain unless told otherwise."""
    ids = {int(one.partnership.slug.rsplit("-", 1)[1]): one.pk for one in organisation.participations.all()}
    codes = {name: facts.pop(name, "sustain" if name == "level" else None) for name in ("level", "other_level")}
    levels = {name: organisation.engagement_levels.get(code=code).pk for name, code in codes.items() if code}
    members = tuple(ids[number] for number in numbers)
    given = RuleFacts(**{"kind": kind, "source": "An order", "members": members, **levels, **facts})
    add_rule(organisation=organisation, by=lead, facts=given)


def frozen(organisation: Organisation) -> Frozen:
    return freeze(organisation, on=timezone.localdate(), draws=0)


def end(organisation: Organisation, number: int) -> None:
    ours = organisation.participations.filter(partnership__slug__endswith=f"-{number}")
    assert ours.update(state=ParticipationState.ENDED) == 1


def test_each_kind_of_rule_is_frozen_and_kept_by_the_engine() -> None:
    organisation, lead, _ = portfolio(5, days=14)
    first, second, third = (f"{organisation.code.lower()}-{number}" for number in (0, 1, 4))
    before = {one["id"]: one["level"] for one in solve(frozen(organisation).document)["partnerships"]}
    record(organisation, lead, RuleKind.AT_LEAST, 3, 4, at_least=2)
    record(organisation, lead, RuleKind.NEEDS, 0, 4, level="prioritise", other_level="prioritise")
    record(organisation, lead, RuleKind.NOT_BOTH, 0, 1, level="sustain")
    record(organisation, lead, RuleKind.SYNERGY, 1, 4, points=Decimal("3.5"))
    inputs = frozen(organisation)
    assert [{key: value for key, value in rule.items() if key != "note"} for rule in inputs.document["rules"]] == [
        {"at_least": 2, "of": [third.replace("-4", "-3"), third], "level": "sustain"},
        {"if": [first, "prioritise"], "then": [third, "prioritise"]},
        {"not_both": [[first, "sustain"], [second, "sustain"]]},
        {"synergy": 3.5, "of": [[second, "sustain"], [third, "sustain"]]},
    ]
    assert inputs.document["rules"][2]["note"] == "Not both Alliance 0 and Alliance 1 at Sustain or above"
    assert inputs.assumptions["rules_left_out"] == []
    after = {one["id"]: one["level"] for one in solve(inputs.document)["partnerships"]}
    high = {"sustain", "prioritise"}
    assert {before[first], before[second]} <= high
    assert not {after[first], after[second]} <= high
    assert after[third] in high


def test_a_rule_over_a_kind_is_resolved_at_freezing() -> None:
    organisation, lead, _ = portfolio(3)
    kind = PartnershipKind.objects.get(code="provider-collaborative").pk
    record(organisation, lead, RuleKind.AT_LEAST, at_least=1, partnership_kind=kind)
    end(organisation, 1)
    code = organisation.code.lower()
    assert frozen(organisation).document["rules"][0]["of"] == [f"{code}-0", f"{code}-2"]


def test_a_rule_with_too_few_active_members_is_left_out_and_says_so() -> None:
    organisation, lead, _ = portfolio(3)
    record(organisation, lead, RuleKind.AT_LEAST, 0, 1, at_least=2)
    record(organisation, lead, RuleKind.NOT_BOTH, 1, 2)
    end(organisation, 1)
    inputs = frozen(organisation)
    assert "rules" not in inputs.document
    assert inputs.assumptions["rules_left_out"] == [
        {
            "rule": "Keep at least 2 of Alliance 0 and Alliance 1 at Sustain or above",
            "why": "Only 1 of them is active, fewer than the 2 to keep.",
        },
        {
            "rule": "Not both Alliance 1 and Alliance 2 at Sustain or above",
            "why": "Your part in Alliance 1 has ended.",
        },
    ]
    caveats = caveats_of(inputs.assumptions, solve(inputs.document)["partnerships"])
    assert (
        "This rule did not count: “Not both Alliance 1 and Alliance 2 at Sustain or above”. "
        "Your part in Alliance 1 has ended." in caveats
    )


def test_what_contradicts_is_named_in_words() -> None:
    organisation, lead, _ = portfolio(2)
    record(organisation, lead, RuleKind.NOT_BOTH, 0, 1)
    sustain = organisation.engagement_levels.get(code="sustain")
    organisation.participations.update(mandate_level=sustain, mandate_source="An act")
    document = frozen(organisation).document
    assert why_nothing_fits(document, solve(document)) == (
        "These cannot all be kept: the duty to hold Alliance 0 at Sustain or above, the duty to hold Alliance 1 at "
        "Sustain or above and the rule “Not both Alliance 0 and Alliance 1 at Sustain or above”. Change one of them."
    )


def test_rules_that_ask_for_too_many_days_are_among_what_to_check() -> None:
    organisation, lead, _ = portfolio(3, days=10)
    record(organisation, lead, RuleKind.AT_LEAST, 0, 1, 2, at_least=3, level="prioritise")
    document = frozen(organisation).document
    words = why_nothing_fits(document, solve(document))
    assert "the least that your duties and rules need takes 9 executive days a quarter more" in words
    assert words.endswith("or check the duties and the rules.")
