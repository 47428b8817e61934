from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.actions.levels import change_levels
from partnerships.actions.rules import RuleFacts, add_rule, change_rule, remove_rule
from partnerships.models import (
    AccessGrant,
    Participation,
    ParticipationState,
    PartnershipKind,
    PortfolioRule,
    Role,
    RuleKind,
)
from partnerships.rule_reach import reached_rules
from tests.factories import PartnershipFactory, PersonFactory, organisation_with_people
from tests.integration.partnerships.conftest import Desk, form_on, words_of

WHY = "NHS England guidance on provider collaboratives, 2021"


@pytest.fixture
def three(desk: Desk) -> tuple[Participation, Participation, Participation]:
    """Alpha and Beta are provider collaboratives, Gamma is a council partnership."""
    made = [named(desk, name) for name in ("Alpha", "Beta")]
    council = PartnershipKind.objects.get(code="council")
    return made[0], made[1], named(desk, "Gamma", kind=council)


def named(desk: Desk, name: str, state: str = ParticipationState.ACTIVE, **facts: Any) -> Participation:
    partnership = PartnershipFactory.create(name=name, slug=name.lower(), recorded_by=desk.organisation, **facts)
    return desk.participation(partnership=partnership, state=state)


def level(desk: Desk, code: str = "sustain") -> int:
    return desk.organisation.engagement_levels.get(code=code).pk


def facts(desk: Desk, kind: RuleKind, *members: Participation, **given: Any) -> RuleFacts:
    ids = tuple(one.pk for one in members)
    return RuleFacts(**{"kind": kind, "level": level(desk), "source": WHY, "members": ids, **given})


def record(desk: Desk, kind: RuleKind, *members: Participation, **given: Any) -> PortfolioRule:
    return add_rule(organisation=desk.organisation, by=desk.lead, facts=facts(desk, kind, *members, **given))


def refused(desk: Desk, kind: RuleKind, *members: Participation, **given: Any) -> str:
    with pytest.raises(ValidationError) as problem:
        record(desk, kind, *members, **given)
    return " ".join(problem.value.messages)


Three = tuple[Participation, Participation, Participation]


def test_each_kind_of_rule_is_entered_on_its_page_and_read_back_in_words(desk: Desk, three: Three) -> None:
    alpha, beta, gamma = three
    sustain, top = str(level(desk)), str(level(desk, "prioritise"))
    entered = {
        "at-least": {"at_least": "1", "level": sustain, "partnership_kind": str(alpha.partnership.kind_id)},
        "needs": {"first": str(alpha.pk), "level": top, "second": str(gamma.pk), "other_level": sustain},
        "not-both": {"first": str(alpha.pk), "second": str(beta.pk), "level": top},
        "synergy": {"first": str(beta.pk), "second": str(gamma.pk), "level": sustain, "points": "2.5"},
    }
    for kind, given in entered.items():
        path = f"rules/add/{kind}/"
        answer = desk.post(path, form_on(desk.get(path)) | given | {"source": WHY})
        assert answer.status_code == 302, words_of(answer)
    page = words_of(desk.get("rules/"))
    for words in (
        "Keep at least 1 of the kind “Provider collaborative” at Sustain or above",
        "Alpha at Prioritise or above needs Gamma at Sustain or above",
        "Not both Alpha and Beta at Prioritise or above",
        "Beta and Gamma together add 2.5 points when both are at Sustain or above",
    ):
        assert words in page
    assert "Today: Alpha, Beta" in page
    assert page.count(WHY) == 4
    assert f"{desk.lead}, " in page
    assert desk.organisation.rules.filter(recorded_by=desk.lead).count() == 4


def test_without_rules_the_page_says_what_that_means(desk: Desk) -> None:
    assert "No rules are recorded, so each partnership is decided by itself." in words_of(desk.get("rules/"))
    executive = words_of(desk.as_(desk.executive).get("rules/"))
    assert "Your strategy lead records them." in executive
    assert "Add a rule" not in executive


def test_the_rules_are_found_from_where_people_look(desk: Desk, three: Three) -> None:
    link = f'href="{desk.at("rules/")}"'
    for path in ("criteria/", "partnerships/"):
        assert link in words_of(desk.get(path))
        assert link in words_of(desk.as_(desk.executive).get(path))


def test_a_rule_over_chosen_ones_is_changed_and_removed(desk: Desk, three: Three) -> None:
    _, beta, gamma = three
    path = "rules/add/at-least/"
    given = {"at_least": "2", "level": str(level(desk)), "members": [str(one.pk) for one in three], "source": WHY}
    desk.post(path, form_on(desk.get(path)) | given)
    rule = desk.organisation.rules.get()
    assert rule.in_words() == "Keep at least 2 of Alpha, Beta and Gamma at Sustain or above"
    change = f"rules/{rule.pk}/"
    data = form_on(desk.get(change)) | {"members": [str(beta.pk), str(gamma.pk)], "at_least": "1"}
    assert desk.post(change, data).status_code == 302
    rule = desk.organisation.rules.get()
    assert rule.in_words() == "Keep at least 1 of Beta and Gamma at Sustain or above"
    page = desk.post(change, {"remove": "yes"}, follow=True)
    assert "Removed: Keep at least 1 of Beta and Gamma" in words_of(page)
    assert not desk.organisation.rules.exists()
    assert desk.get(change).status_code == 404


def test_a_partnerships_page_shows_the_rules_that_name_it(desk: Desk, three: Three) -> None:
    alpha, beta, gamma = three
    record(desk, RuleKind.AT_LEAST, at_least=1, partnership_kind=alpha.partnership.kind_id)
    record(desk, RuleKind.NOT_BOTH, beta, gamma)
    shown = {one.partnership.name: words_of(desk.get(f"partnerships/{one.partnership.slug}/")) for one in three}
    over_kind, pair = "Keep at least 1 of the kind", "Not both Beta and Gamma"
    assert [over_kind in shown[name] for name in ("Alpha", "Beta", "Gamma")] == [True, True, False]
    assert [pair in shown[name] for name in ("Alpha", "Beta", "Gamma")] == [False, True, True]


def test_what_can_never_be_kept_is_refused_with_what_to_do(desk: Desk, three: Three) -> None:
    alpha, beta, _ = three
    kind = alpha.partnership.kind_id
    assert "At least 3 of 2 can never be kept. Enter 2 or less, or name more." in refused(
        desk, RuleKind.AT_LEAST, alpha, beta, at_least=3
    )
    assert "At least 3 of 2 can never be kept of this kind." in refused(
        desk, RuleKind.AT_LEAST, at_least=3, partnership_kind=kind
    )
    trust_group = PartnershipKind.objects.get(code="hospital-group").pk
    assert "You have no partnership of this kind" in refused(
        desk, RuleKind.AT_LEAST, at_least=1, partnership_kind=trust_group
    )
    assert "Tick the partnerships" in refused(desk, RuleKind.AT_LEAST, at_least=1)
    assert "not both" in refused(desk, RuleKind.AT_LEAST, alpha, at_least=1, partnership_kind=kind)
    assert "Choose two different partnerships." in refused(desk, RuleKind.NOT_BOTH, alpha, alpha)
    assert "Choose two different partnerships." in refused(desk, RuleKind.NOT_BOTH, alpha)
    lowest = level(desk, "decline")
    assert "above taking no part" in refused(desk, RuleKind.NOT_BOTH, alpha, beta, level=lowest)
    assert "above taking no part" in refused(desk, RuleKind.NEEDS, alpha, beta, other_level=lowest)
    assert "more than 0" in refused(desk, RuleKind.SYNERGY, alpha, beta, points=Decimal(0))
    assert "or why it holds" in refused(desk, RuleKind.NOT_BOTH, alpha, beta, source="  ")
    assert not desk.organisation.rules.exists()


def test_a_partnership_that_has_ended_cannot_be_named(desk: Desk, three: Three) -> None:
    over = named(desk, "Over", ParticipationState.ENDED)
    assert "Your part in Over has ended. Choose another" in refused(desk, RuleKind.NOT_BOTH, three[0], over)
    assert str(over.pk) not in form_on(desk.get("rules/add/not-both/"))
    page = desk.get("rules/add/not-both/")
    assert over.pk not in [key for key, _ in page.context["form"].fields["first"].choices]


def test_another_organisations_partnerships_and_levels_are_not_taken(desk: Desk, three: Three) -> None:
    other, other_lead, _ = organisation_with_people()
    theirs = Desk(other, other_lead, other_lead, desk.client)
    stranger = named(theirs, "Theirs")
    assert "your own portfolio" in refused(desk, RuleKind.NOT_BOTH, three[0], stranger)
    assert "above taking no part" in refused(desk, RuleKind.NOT_BOTH, *three[:2], level=level(theirs))


def test_rules_and_duties_that_contradict_each_other_are_refused(desk: Desk, three: Three) -> None:
    alpha, beta, _ = three
    sustain = desk.organisation.engagement_levels.get(code="sustain")
    record(desk, RuleKind.AT_LEAST, alpha, beta, at_least=2)
    words = refused(desk, RuleKind.NOT_BOTH, alpha, beta)
    assert "duties and rules contradict each other" in words
    assert "“Not both Alpha and Beta at Sustain or above” could never be kept" in words
    desk.organisation.rules.all().delete()
    record(desk, RuleKind.NOT_BOTH, alpha, beta)
    desk.organisation.participations.filter(pk__in=[alpha.pk, beta.pk]).update(
        mandate_level=sustain, mandate_source="Act"
    )
    page = words_of(desk.get("rules/"))
    assert "Duties and rules contradict each other." in page
    assert "Nothing can be recommended until one of them is changed." in page


def test_the_same_rule_twice_is_a_form_sent_twice(desk: Desk, three: Three) -> None:
    alpha, beta, _ = three
    record(desk, RuleKind.NOT_BOTH, alpha, beta)
    assert "recorded already" in refused(desk, RuleKind.NOT_BOTH, beta, alpha)
    record(desk, RuleKind.NEEDS, alpha, beta, other_level=level(desk))
    record(desk, RuleKind.NEEDS, beta, alpha, other_level=level(desk))
    assert desk.organisation.rules.count() == 3


def test_a_form_says_what_is_missing_and_keeps_what_was_typed(desk: Desk, three: Three) -> None:
    page = words_of(desk.post("rules/add/synergy/", {"first": str(three[0].pk), "points": "lots"}))
    assert "Error: Add a rule" in page
    assert "Choose the other partnership." in page
    assert "Enter the points that they add together as a number, such as 2." in page
    assert "Enter where the rule is written, or why it holds." in page
    assert 'value="lots"' in page
    assert f'value="{three[0].pk}" selected' in page


def test_a_rule_stays_of_its_kind_and_an_unknown_kind_is_no_page(desk: Desk, three: Three) -> None:
    rule = record(desk, RuleKind.NOT_BOTH, *three[:2])
    with pytest.raises(ValidationError, match="stays of its kind"):
        change_rule(rule=rule, by=desk.lead, facts=facts(desk, RuleKind.SYNERGY, *three[:2], points=Decimal(1)))
    assert desk.get("rules/add/nonsense/").status_code == 404


def test_two_tabs_the_second_sees_both(desk: Desk, three: Three) -> None:
    rule = record(desk, RuleKind.NOT_BOTH, *three[:2])
    path = f"rules/{rule.pk}/"
    data = form_on(desk.get(path))
    desk.post(path, data | {"source": "The first"})
    page = desk.post(path, data | {"source": "The second"})
    assert [(one.stored, one.typed) for one in page.context["form"].differences] == [("The first", "The second")]
    assert desk.organisation.rules.get().source == "The first"


def test_a_rule_removed_meanwhile_stays_removed(desk: Desk, three: Three) -> None:
    rule = record(desk, RuleKind.NOT_BOTH, *three[:2])
    remove_rule(rule=rule, by=desk.lead)
    remove_rule(rule=rule, by=desk.lead)
    with pytest.raises(ValidationError, match="removed this rule meanwhile"):
        change_rule(rule=rule, by=desk.lead, facts=facts(desk, RuleKind.NOT_BOTH, *three[:2]))


def test_what_a_removed_rule_said_stays_on_record_with_who_and_when(desk: Desk, three: Three) -> None:
    alpha, beta, _ = three
    rule = record(desk, RuleKind.NOT_BOTH, alpha, beta)
    colleague = PersonFactory.create(name="Priya Removes")
    AccessGrant.objects.create(organisation=desk.organisation, person=colleague, role=Role.STRATEGY_LEAD)
    page = words_of(desk.as_(colleague).post(f"rules/{rule.pk}/", {"remove": "yes"}, follow=True))
    assert "It stays on record under removed rules." in page
    past = desk.organisation.past_rules.get()
    assert (past.words, past.source, past.recorded_by, past.recorded_at, past.ended_by, past.became) == (
        "Not both Alpha and Beta at Sustain or above",
        WHY,
        desk.lead,
        rule.recorded_at,
        colleague,
        "",
    )
    alpha.partnership.name = "Alpha under another name"
    alpha.partnership.save()
    shown = re.sub(r"\s+", " ", words_of(desk.as_(desk.executive).get("rules/")))
    assert "No rules are recorded" in shown
    assert "Removed and changed rules" in shown
    assert "Not both Alpha and Beta at Sustain or above" in shown
    today = timezone.localdate()
    assert f"<strong>Removed</strong> by Priya Removes, {today.day} {today:%B %Y}" in shown
    assert f"{desk.lead}, {today.day} {today:%B %Y}" in shown


def test_what_a_rule_said_before_it_was_changed_stays_on_record(desk: Desk, three: Three) -> None:
    alpha, beta, gamma = three
    rule = record(desk, RuleKind.NOT_BOTH, alpha, beta)
    change_rule(rule=rule, by=desk.lead, facts=facts(desk, RuleKind.NOT_BOTH, alpha, beta))
    assert not desk.organisation.past_rules.exists(), "nothing was changed"
    change_rule(rule=rule, by=desk.lead, facts=facts(desk, RuleKind.NOT_BOTH, alpha, gamma))
    change_rule(rule=rule, by=desk.lead, facts=facts(desk, RuleKind.NOT_BOTH, alpha, gamma, source="Another order"))
    before = "Not both Alpha and {} at Sustain or above"
    assert [(one.words, one.became) for one in desk.organisation.past_rules.all()] == [
        (before.format("Gamma"), before.format("Gamma")),
        (before.format("Beta"), before.format("Gamma")),
    ]
    page = words_of(desk.get("rules/"))
    assert "It became: Not both Alpha and Gamma" in page
    assert "It says the same for another reason" in page
    with pytest.raises(ValidationError):
        change_rule(rule=rule, by=desk.lead, facts=facts(desk, RuleKind.NOT_BOTH, alpha, alpha))
    assert desk.organisation.past_rules.count() == 2, "a change that was refused is no change"


def test_a_rule_removed_twice_at_once_leaves_one_trace(desk: Desk, three: Three) -> None:
    rule = record(desk, RuleKind.NOT_BOTH, *three[:2])
    assert remove_rule(rule=rule, by=desk.lead) is not None
    assert remove_rule(rule=rule, by=desk.lead) is None
    assert desk.organisation.past_rules.count() == 1


def test_a_level_that_only_a_removed_rule_spoke_of_can_be_removed(desk: Desk, three: Three) -> None:
    keep_in_touch = level(desk, "keep-in-touch")
    rule = record(desk, RuleKind.NOT_BOTH, *three[:2], level=keep_in_touch)
    remove_rule(rule=rule, by=desk.lead)
    change_levels(organisation=desk.organisation, by=desk.lead, changes={}, removed=frozenset({keep_in_touch}))
    assert "Not both Alpha and Beta at Keep in touch or above" in words_of(desk.get("rules/"))


def test_another_organisations_removed_rules_are_not_shown(desk: Desk, three: Three) -> None:
    remove_rule(rule=record(desk, RuleKind.NOT_BOTH, *three[:2]), by=desk.lead)
    other, other_lead, _ = organisation_with_people()
    theirs = Desk(other, other_lead, other_lead, desk.client).as_(other_lead)
    assert "Alpha" not in words_of(theirs.get("rules/"))


def test_only_who_may_edit_records_rules(desk: Desk, three: Three) -> None:
    rule = record(desk, RuleKind.NOT_BOTH, *three[:2])
    other = facts(desk, RuleKind.NOT_BOTH, *three[1:])
    for call in (
        lambda: add_rule(organisation=desk.organisation, by=desk.executive, facts=other),
        lambda: change_rule(rule=rule, by=desk.executive, facts=other),
        lambda: remove_rule(rule=rule, by=desk.executive),
    ):
        with pytest.raises(PermissionDenied):
            call()


def test_rules_that_do_not_count_now_say_why(desk: Desk, three: Three) -> None:
    alpha, beta, gamma = three
    record(desk, RuleKind.AT_LEAST, alpha, beta, at_least=2)
    record(desk, RuleKind.NEEDS, alpha, gamma, other_level=level(desk))
    record(desk, RuleKind.SYNERGY, alpha, beta, points=Decimal(1))
    draft = named(desk, "Delta", ParticipationState.DRAFT)
    record(desk, RuleKind.NOT_BOTH, alpha, draft)
    desk.organisation.participations.filter(pk=beta.pk).update(state=ParticipationState.ENDED)
    assert [one.left_out for one in reached_rules(desk.organisation)] == [
        "Only 1 of them is active, fewer than the 2 to keep.",
        "",
        "Your part in Beta has ended.",
        "Delta is still a draft.",
    ]
    page = words_of(desk.get("rules/"))
    assert page.count("Does not count now.") == 3
    rule = desk.organisation.rules.get(kind=RuleKind.SYNERGY)
    assert "Beta (ended)" in words_of(desk.get(f"rules/{rule.pk}/"))


def test_a_level_that_a_rule_speaks_of_is_not_removed(desk: Desk, three: Three) -> None:
    keep_in_touch = level(desk, "keep-in-touch")
    assert f"row-{keep_in_touch}-remove" in words_of(desk.get("capacity/levels/"))
    record(desk, RuleKind.NOT_BOTH, *three[:2], level=keep_in_touch)
    assert f"row-{keep_in_touch}-remove" not in words_of(desk.get("capacity/levels/"))
    with pytest.raises(ValidationError, match="partnerships or rules use"):
        change_levels(organisation=desk.organisation, by=desk.lead, changes={}, removed=frozenset({keep_in_touch}))


def test_the_page_asks_as_often_for_many_rules_as_for_few(desk: Desk, three: Three) -> None:
    record(desk, RuleKind.NOT_BOTH, *three[:2])
    remove_rule(rule=record(desk, RuleKind.NOT_BOTH, three[0], three[2]), by=desk.lead)
    with CaptureQueriesContext(connection) as few:
        desk.get("rules/")
    record(desk, RuleKind.NOT_BOTH, *three[1:])
    record(desk, RuleKind.AT_LEAST, *three, at_least=1)
    for _ in range(3):
        remove_rule(rule=record(desk, RuleKind.NOT_BOTH, three[0], three[2]), by=desk.lead)
    with CaptureQueriesContext(connection) as many:
        desk.get("rules/")
    assert len(few) == len(many)
