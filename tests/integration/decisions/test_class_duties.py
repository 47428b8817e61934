"""A duty over several partnerships is not declined by declining them one after the other."""

from __future__ import annotations

import datetime
import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from decisions.actions import decide, undo
from decisions.models import Decision
from partnerships.actions.rules import RuleFacts, add_rule, remove_rule
from partnerships.isolation import acting_for
from partnerships.models import Organisation, Participation, Person, RuleKind
from tests.integration.decisions.scored import basis_of, decided, score, wanted
from tests.integration.decisions.test_pages import at, filled, signed_in, words
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db
SOURCE = "Delivery plan 2025, section 4"


@pytest.fixture(autouse=True)
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SCORING_DRAWS = 4
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)


def with_a_rule(
    kind: RuleKind = RuleKind.AT_LEAST, *, members_of: int = 2, **facts: Any
) -> tuple[Organisation, Person, Person]:
    """Three partnerships, of which two, or ``members_of``, stand in a rule."""
    organisation, lead, executive = portfolio(3)
    level = organisation.engagement_levels.get(code="sustain").pk
    given: dict[str, Any] = {
        "level": level,
        "source": SOURCE,
        "members": tuple(named(organisation, number).pk for number in range(members_of)),
    }
    more: dict[str, Any] = {"at_least": 1} if kind == RuleKind.AT_LEAST else {}
    add_rule(organisation=organisation, by=lead, facts=RuleFacts(kind=kind, **given, **more, **facts))
    score(organisation, lead)
    return organisation, lead, executive


def named(organisation: Organisation, number: int) -> Participation:
    found: Participation = organisation.participations.select_related("partnership", "organisation").get(
        partnership__name=f"Alliance {number}"
    )
    return found


def declined(participation: Participation, by: Person, **facts: Any) -> Decision:
    return decided(participation, by, level_code="decline", reason="No days for it", **facts)


def test_the_last_that_a_duty_needs_is_kept_at_its_level_and_the_page_says_which_and_where_it_is_written() -> None:
    organisation, _, executive = with_a_rule()
    first, second = named(organisation, 0), named(organisation, 1)
    assert "decline" in [level.code for level in basis_of(second).choices]
    declined(first, executive)
    basis = basis_of(second)
    assert [level.code for level in basis.choices] == ["prioritise", "sustain"]
    address = at(organisation, f"decisions/{second.partnership.slug}/")
    client = signed_in(executive)
    shown = words(client.get(address))
    assert "The least that can be decided is “Sustain”" in shown
    assert "“Keep at least 1 of Alliance 0 and Alliance 1 at Sustain or above” (Delivery plan 2025, section 4)" in shown
    sent = filled(basis, executive, level="decline", reason="No days", confirmed="decline", anyway="on")
    assert "The least that can be decided is “Sustain”" in words(client.post(address, sent))
    with pytest.raises(ValidationError) as refused:
        declined(second, executive)
    assert SOURCE in refused.value.message_dict["level"][0]
    assert Decision.objects.count() == 1
    assert decided(second, executive, level_code="sustain", reason="The duty").level_code == "sustain"


def test_once_another_is_kept_or_the_rule_is_gone_it_may_be_declined() -> None:
    organisation, lead, executive = with_a_rule()
    first, second = named(organisation, 0), named(organisation, 1)
    declined(first, executive)
    decided(first, executive, level_code="sustain", reason="Kept after all")
    assert declined(second, executive).level_code == "decline"
    with pytest.raises(ValidationError, match="The least that can be decided"):
        declined(first, executive)
    remove_rule(rule=organisation.rules.get(), by=lead)
    assert declined(first, executive).level_code == "decline"


def test_a_level_that_begins_too_late_does_not_keep_a_duty_until_then() -> None:
    organisation, _, executive = with_a_rule()
    first, second = named(organisation, 0), named(organisation, 1)
    declined(first, executive)
    later = timezone.localdate() + datetime.timedelta(days=40)
    decided(first, executive, level_code="sustain", reason="From then on", applies_from=later)
    with pytest.raises(ValidationError) as refused:
        declined(second, executive)
    said = refused.value.message_dict["level"][0]
    assert "Too few of the others are kept at that level. " in said
    assert f"From {later:%-d %B %Y} on enough are, and less can be decided from then. To begin earlier, decide" in said
    assert declined(second, executive, applies_from=later).applies_from == later


def test_no_day_is_named_from_which_less_can_be_decided_where_the_duty_binds_again_after_it() -> None:
    """Kept from one day on, and let go on another: a level that begins between the two breaks the duty later."""
    organisation, _, executive = with_a_rule(members_of=3)
    first, second, third = (named(organisation, number) for number in range(3))
    days = [timezone.localdate() + datetime.timedelta(days=many) for many in (40, 80)]
    decided(third, executive, level_code="sustain", reason="Until then", applies_from=days[0])
    declined(first, executive)
    declined(third, executive, applies_from=days[1])
    with pytest.raises(ValidationError) as refused:
        declined(second, executive, applies_from=days[0])
    said = refused.value.message_dict["level"][0]
    assert f"Too few of the others are kept at that level on {days[1]:%-d %B %Y}. Decide on a higher level" in said


def test_a_decision_is_not_undone_where_a_duty_rests_on_it() -> None:
    organisation, _, executive = with_a_rule()
    first, second = named(organisation, 0), named(organisation, 1)
    declined(first, executive)
    kept = decided(first, executive, level_code="sustain", reason="Kept after all")
    declined(second, executive)
    with pytest.raises(ValidationError, match="would break a duty over several partnerships") as refused:
        undo(decision=kept, by=executive)
    assert SOURCE in str(refused.value)
    address = at(organisation, f"decisions/{first.partnership.slug}/")
    answer = signed_in(executive).post(address, {"undo": kept.pk}, follow=True)
    assert "would break a duty over several partnerships" in words(answer)
    assert list(first.decisions.current()) == [kept]


def test_a_wish_may_be_broken_once_that_is_read_with_its_source() -> None:
    organisation, _, executive = with_a_rule(RuleKind.NOT_BOTH)
    first, second = named(organisation, 0), named(organisation, 1)
    decided(first, executive, level_code="prioritise", reason="So")
    basis = basis_of(second)
    assert next(level.code for level in basis.choices) == "prioritise"
    address = at(organisation, f"decisions/{second.partnership.slug}/")
    sent = filled(basis, executive, level="prioritise", reason="Both", anyway="on")
    asked = words(signed_in(executive).post(address, sent))
    broken = (
        "This rule is broken: Not both Alliance 0 and Alliance 1 at Sustain or above (Delivery plan 2025, section 4)"
    )
    assert broken in asked
    assert decided(second, executive, level_code="prioritise", reason="Both").level_code == "prioritise"


@pytest.mark.django_db(transaction=True)
def test_two_who_decline_the_last_two_at_once_leave_one() -> None:
    organisation, lead, executive = with_a_rule()
    runs = [(named(organisation, 0), lead), (named(organisation, 1), executive)]
    prepared = [(one, by, basis_of(one)) for one, by in runs]
    together, outcomes = threading.Barrier(2), []

    def run(one: Participation, by: Person, basis: Any) -> None:
        try:
            with acting_for(organisation, person=by):
                together.wait(timeout=20)
                facts = wanted(basis, by, level_code="decline", reason="No days for it")
                decide(participation=one, by=by, wanted=facts, run=basis.run.pk, seen="", accepts_out_of_date=True)
                outcomes.append("declined")
        except ValidationError as refused:
            outcomes.append("refused" if SOURCE in str(refused) else str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=facts) for facts in prepared]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["declined", "refused"]
    assert Decision.objects.filter(level_code="decline").count() == 1
