"""Practices to remove and options for more capacity: what they free or add, what that is worth, and what is refused."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from decisions.actions import (
    Considered,
    Proposed,
    change_practice,
    close_practice,
    consider_option,
    practice_version,
    propose_practice,
    remove_option,
)
from decisions.models import CapacityOption, Practice, PracticeState
from decisions.suggesting import suggestions
from decisions.worth import at_the_price, levers_of, valued_options, worth_building
from diagnostics.across import across
from diagnostics.models import MeanOver
from partnerships.actions.adjustments import MOST_DAYS
from partnerships.editing import ChangedMeanwhile
from partnerships.models import CapacityAdjustment, Organisation, Person, Role
from scoring.findings import Findings
from scoring.models import WhatIf
from scoring.readiness_gain import readiness_gains
from scoring.runner.working_out import work_out
from scoring.what_if import Days
from scoring.words import number
from tests.factories import in_role
from tests.integration.decisions.scored import score, scored_portfolio
from tests.integration.decisions.test_pages import at, signed_in, words
from tests.integration.decisions.test_plan import DAY, People, added, available, one_of, people, pool_of, quick
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.survey_data import closed
from tests.integration.diagnostics.test_mean_over import counting

__all__ = ["people", "quick"]
pytestmark = pytest.mark.django_db


def proposed(owner: Person, organisation: Organisation, **facts: Any) -> Proposed:
    given: dict[str, Any] = {
        "what": "Three reports of the same",
        "why_it_costs": "Nobody reads two of them",
        "owner": owner,
        "stop_by": timezone.localdate() + 60 * DAY,
        "days": {pool_of(organisation): Decimal(3)},
        **facts,
    }
    return Proposed(**given)


def practice_of(organisation: Organisation, by: Person, **facts: Any) -> Practice:
    what = proposed(facts.pop("owner", by), organisation, **facts)
    return propose_practice(organisation=organisation, by=by, proposed=what)


def ended(practice: Practice, by: Person, state: PracticeState, **facts: Any) -> Practice:
    said = "It came back" if state == PracticeState.KEPT else ""
    given = {"came_of_it": said, "expected_version": practice_version(practice), **facts}
    return close_practice(practice=practice, by=by, state=state, **given)


def option_of(organisation: Organisation, by: Person, **facts: Any) -> CapacityOption:
    given: dict[str, Any] = {
        "name": "A partnership office",
        "days": {pool_of(organisation): Decimal(20)},
        "yearly_cost": Decimal(50000),
        **facts,
    }
    return consider_option(organisation=organisation, by=by, considered=Considered(**given))


def test_days_are_free_once_a_practice_has_stopped_and_taken_back_where_it_is_kept(people: People) -> None:
    organisation, lead, _ = people
    practice = practice_of(organisation, lead)
    assert practice_of(organisation, lead) == practice
    assert available(organisation) == Decimal(27)
    stopped = ended(practice, lead, PracticeState.STOPPED)
    assert available(organisation) == Decimal(30)
    same = ended(stopped, lead, PracticeState.STOPPED, expected_version="an older one")
    assert same.closed_on == timezone.localdate()
    kept = ended(stopped, lead, PracticeState.KEPT)
    assert available(organisation) == Decimal(27)
    with pytest.raises(ValidationError, match="kept already"):
        ended(kept, lead, PracticeState.STOPPED)


def test_a_practice_on_its_page(people: People) -> None:
    organisation, lead, executive = people
    practice = practice_of(organisation, lead)
    client, address = signed_in(executive), at(organisation, f"plan/practices/{practice.pk}/")
    page = words(client.get(address))
    assert "3 executive days a quarter, once it has stopped" in page
    assert "Not known: nothing has been scored yet" in page
    version = practice_version(practice)
    sent = {"end": "yes", "end-state": "kept", "end-came_of_it": "", "end-version": version}
    assert "Say why it is kept after all" in words(client.post(address, sent))
    changed = change_practice(
        practice=practice, by=lead, proposed=proposed(lead, organisation, what="Two"), expected_version=version
    )
    told = client.post(address, sent | {"end-came_of_it": "They need it"})
    assert "Somebody else saved this page" in words(told)
    assert "They need it" in told.content.decode()
    with pytest.raises(ChangedMeanwhile):
        ended(changed, lead, PracticeState.STOPPED, expected_version=version)
    again = sent | {"end-came_of_it": "They need it", "end-version": practice_version(changed)}
    assert client.post(address, again).status_code == 302
    assert "Kept after all on" in words(client.get(address))
    current, more = Practice.objects.get(), proposed(lead, organisation)
    with pytest.raises(ValidationError, match="stopped or kept"):
        change_practice(practice=current, by=lead, proposed=more, expected_version=practice_version(current))


def test_what_is_wrong_with_a_practice_is_said(people: People) -> None:
    organisation, lead, _ = people
    other = in_role(organisation, Role.CONTRIBUTOR)
    with pytest.raises(PermissionDenied):
        practice_of(organisation, other)
    with pytest.raises(ValidationError, match="This day has passed"):
        practice_of(organisation, lead, stop_by=timezone.localdate() - DAY)
    for day in (datetime.date.max, timezone.localdate() + 3000 * DAY):
        with pytest.raises(ValidationError, match="more than five years from today"):
            practice_of(organisation, lead, stop_by=day)
    with pytest.raises(ValidationError, match="in at least one pool"):
        practice_of(organisation, lead, days={})
    with pytest.raises(ValidationError, match="10000 days a quarter or less"):
        practice_of(organisation, lead, days={pool_of(organisation): MOST_DAYS + 1})
    practice_of(organisation, lead)
    with pytest.raises(ValidationError, match="on the list already"):
        practice_of(organisation, lead, why_it_costs="Another reason")
    assert CapacityAdjustment.objects.count() == 1
    answer = signed_in(lead).post(at(organisation, "plan/practices/add/"), {"what": "A meeting"})
    assert "Enter why it gets in the way" in words(answer)
    assert "Enter the days that stopping it would free" in words(answer)
    assert "A meeting" in answer.content.decode()


PRACTICE_RULES: dict[str, dict[str, Any]] = {
    "practice_state_is_known": {"state": "gone", "closed_on": datetime.date(2027, 1, 1)},
    "practice_says_what": {"what": " "},
    "practice_says_why_it_costs": {"why_it_costs": " "},
    "practice_closed_by_and_on": {"closed_on": datetime.date(2027, 1, 1)},
    "practice_kept_for_a_reason": {"came_of_it": "All well"},
}


@pytest.mark.parametrize("rule", PRACTICE_RULES)
def test_rules_of_the_database_on_practices(people: People, rule: str) -> None:
    organisation, lead, _ = people
    practice = practice_of(organisation, lead)
    assert set(PRACTICE_RULES) | {"practice_once"} == {found.name for found in Practice._meta.constraints}
    facts = PRACTICE_RULES[rule] | ({"closed_by": lead} if "state" in PRACTICE_RULES[rule] else {})
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Practice.objects.filter(pk=practice.pk).update(**facts)


OPTION_RULES: dict[str, dict[str, Any]] = {
    "capacity_option_has_a_name": {"name": " "},
    "capacity_option_costs_something": {"yearly_cost": 0},
}


@pytest.mark.parametrize("rule", OPTION_RULES)
def test_rules_of_the_database_on_options(people: People, rule: str) -> None:
    organisation, lead, _ = people
    option = option_of(organisation, lead)
    with pytest.raises(ValidationError, match="has this name already"):
        option_of(organisation, lead, name="a partnership OFFICE")
    assert set(OPTION_RULES) | {"capacity_option_once"} == {found.name for found in CapacityOption._meta.constraints}
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        CapacityOption.objects.filter(pk=option.pk).update(**OPTION_RULES[rule])


def test_what_is_wrong_with_an_option_is_said(people: People) -> None:
    organisation, lead, _ = people
    with pytest.raises(PermissionDenied):
        option_of(organisation, in_role(organisation, Role.CONTRIBUTOR))
    client, address = signed_in(lead), at(organisation, "plan/options/add/")
    answer = client.post(address, {"name": "An office", "yearly_cost": "0"})
    assert "Enter the cost as more than £0" in words(answer)
    assert "Enter the days that it would add" in words(answer)
    assert "An office" in answer.content.decode()
    answer = client.post(address, {"name": "An office", f"days-{pool_of(organisation)}": "10001"})
    assert "days a quarter as 10000 or less" in words(answer)
    assert not CapacityAdjustment.objects.exists()


def test_an_option_counts_nowhere_and_goes_with_its_days(people: People) -> None:
    organisation, lead, _ = people
    option = option_of(organisation, lead)
    assert option_of(organisation, lead) == option
    assert available(organisation) == Decimal(27)
    remove_option(option=option, by=lead)
    remove_option(option=option, by=lead)
    assert not CapacityOption.objects.exists()
    assert not CapacityAdjustment.objects.exists()


def test_what_days_are_worth_at_the_price_of_a_day() -> None:
    organisation, lead, _ = scored_portfolio()
    findings = Findings.of(score(organisation, lead))
    practice = practice_of(organisation, lead)
    worth, price = at_the_price(practice.adjustment, findings), findings.result["price_of_a_day"]["executive"]
    assert worth is not None
    assert worth.mean == pytest.approx(3 * price["mean"])
    assert (worth.low, worth.high) == pytest.approx((3 * price["p10"], 3 * price["p90"]))
    assert at_the_price(practice.adjustment, None) is None
    assert str(worth) in words(signed_in(lead).get(at(organisation, f"plan/practices/{practice.pk}/")))


def test_the_reserve_is_taken_off_the_days_of_an_option_and_not_off_those_that_are_freed() -> None:
    organisation, lead, _ = scored_portfolio()
    findings = Findings.of(score(organisation, lead))
    prices = {"executive": {"mean": 0.5, "p10": 0.25, "p90": 1.0}, "clinical": {"mean": 0.1, "p10": 0.0, "p90": 0.2}}
    priced = Findings(findings.document, {**findings.result, "price_of_a_day": prices}, findings.assumptions, "")
    both = {pool_of(organisation): Decimal(20), pool_of(organisation, "clinical"): Decimal(10)}
    option = option_of(organisation, lead, days=both)
    # A tenth of each is kept: 18 executive days at 0.5 and 9 clinical days at 0.1, as scoring again counts them too.
    worth = at_the_price(option.adjustment, priced)
    assert worth is not None
    assert (worth.mean, worth.low, worth.high) == pytest.approx((9.9, 4.5, 19.8))
    scored = {lever.pool: lever.days for lever in levers_of(option, findings) if isinstance(lever, Days)}
    assert scored == {"executive": 50.0, "clinical": 210.0}  # before the reserve, as they are entered
    freed = at_the_price(practice_of(organisation, lead).adjustment, priced)
    assert freed is not None
    assert freed.mean == pytest.approx(1.5)
    page = words(signed_in(lead).get(at(organisation, "plan/")))
    assert "days a quarter, before the reserve: " in page
    assert "18 executive" in page
    assert "it counts the days of an option after the reserve" in page


def test_options_are_valued_by_scoring_again_and_those_worth_most_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.tasks.send_what_if", lambda number: None)
    organisation, lead, _ = scored_portfolio()
    findings = Findings.of(score(organisation, lead))
    office = option_of(organisation, lead)
    spare = option_of(
        organisation, lead, name="100 more clinical days", days={pool_of(organisation, "clinical"): Decimal(100)}
    )
    client = signed_in(lead)
    assert "not worked out yet" in words(client.get(at(organisation, "plan/")))
    assert client.post(at(organisation, "plan/"), {"value": "yes"}).status_code == 302
    assert client.post(at(organisation, "plan/"), {"value": "yes"}).status_code == 302
    assert organisation.what_ifs.count() == 2
    assert "being worked out; open this page again" in words(client.get(at(organisation, "plan/")))
    for one in organisation.what_ifs.all():
        claimed = WhatIf.objects.claim(one.pk, now=timezone.now())
        assert claimed is not None
        work_out(claimed)
    rows = valued_options(organisation, findings)
    assert [row.option for row in rows] == [office, spare]
    first = rows[0]
    assert first.gain is not None
    assert first.what_if is not None
    more = float(first.what_if.outcome()["advised"]["total_value"])
    assert first.gain == pytest.approx(more - findings.recommended_value, abs=0.01)
    assert first.gain > 0
    assert (rows[1].gain, rows[1].per_day) == (0.0, "0")
    page = words(client.get(at(organisation, "plan/")))
    assert "for £10,000 a year" in page
    assert "Work out what they would add" not in page
    remove_option(option=office, by=lead)
    assert valued_options(organisation, None)[0].price is None


def test_two_options_of_the_same_days_are_worth_the_same_and_all_are_compared_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scoring.tasks.send_what_if", lambda number: None)
    organisation, lead, _ = scored_portfolio()
    findings = Findings.of(score(organisation, lead))
    dear = option_of(organisation, lead, yearly_cost=Decimal(90_000))
    cheap = option_of(organisation, lead, name="The same days from a partner", yearly_cost=Decimal(30_000))
    client = signed_in(lead)
    client.post(at(organisation, "plan/"), {"value": "yes"})
    for one in organisation.what_ifs.all():
        claimed = WhatIf.objects.claim(one.pk, now=timezone.now())
        assert claimed is not None
        work_out(claimed)
    rows = valued_options(organisation, findings)
    assert [row.option for row in rows] == [cheap, dear]
    assert rows[0].gain == rows[1].gain is not None
    assert "as scored again" in words(client.get(at(organisation, "plan/")))
    third = option_of(organisation, lead, name="Half of it", days={pool_of(organisation): Decimal(10)})
    rows = valued_options(organisation, findings)
    assert {row.option.pk: row.gain is None for row in rows} == {cheap.pk: False, dear.pk: False, third.pk: True}
    assert [row.worth for row in rows] == [row.price.mean for row in rows if row.price]
    assert "at the price of a day until all have been scored again" in words(client.get(at(organisation, "plan/")))


def test_pools_that_hold_several_partnerships_back_are_named() -> None:
    organisation, lead, _ = scored_portfolio()
    findings = Findings.of(score(organisation, lead))
    blocked = [{"pool": "executive", "blocked": ["a", "b"]}, {"pool": "clinical", "blocked": ["a", "b", "c"]}]
    result = {**findings.result, "build_capacity": blocked}
    assert worth_building(Findings(findings.document, result, findings.assumptions, "")) == (
        "The recommendation holds back 2 partnerships for want of executive days and 3 partnerships for want of "
        "clinical days: look there first."
    )
    nothing = Findings(findings.document, {**findings.result, "build_capacity": None}, findings.assumptions, "")
    assert (worth_building(nothing), worth_building(None)) == ("", "")


def test_an_option_of_a_pool_that_was_not_scored_has_no_levers() -> None:
    organisation, lead, _ = scored_portfolio()
    findings = Findings.of(score(organisation, lead))
    option = option_of(organisation, lead)
    assert levers_of(option, findings)
    without = {**findings.document, "pools": [one for one in findings.document["pools"] if one["id"] != "executive"]}
    assert levers_of(option, Findings(without, findings.result, findings.assumptions, "")) == []


def test_nobody_values_anything_before_there_is_a_score(people: People) -> None:
    organisation, lead, _ = people
    option_of(organisation, lead)
    client = signed_in(lead)
    assert "once your partnerships have been scored" in words(client.get(at(organisation, "plan/")))
    answer = client.post(at(organisation, "plan/"), {"value": "yes"}, follow=True)
    assert "Your partnerships have to be scored first" in words(answer)


def test_suggestions_name_the_weakest_and_what_it_is_worth_and_leave_out_what_is_planned() -> None:
    organisation, lead, _ = scored_portfolio()
    first, *others = organisation.participations.order_by("partnership__name")
    low = [{item: 1 if item.startswith("TRU") else 3 for item in _items()} for _ in range(7)]
    closed(first, lead, low)
    for one in others[:2]:
        closed(one, lead, [4, 4, 4, 3, 4, 4, 5])
    findings = Findings.of(score(organisation, lead))
    found = suggestions(across(organisation), findings, [])
    suggested = next(one for one in found if one.slug == first.partnership.slug)
    assert suggested.characteristic == "trust"
    assert "“Trust and generosity” is the lowest of the eight here: 1.0 on 1 to 5" in suggested.reason
    assert "your portfolio would gain" in suggested.reason
    everywhere = next(one for one in found if one.slug == "")
    assert everywhere.characteristic == "trust"
    planned = [added(organisation, lead, participation=first), added(organisation, lead, participation=None, what="Us")]
    left = suggestions(across(organisation), findings, planned)
    assert not [one for one in left if one.characteristic == "trust" and one.slug in {"", first.partnership.slug}]
    without_a_run = suggestions(across(organisation), None, [])
    assert [one.slug for one in without_a_run] == [""]
    assert one_of(organisation).partnership.slug not in {one.slug for one in found}, "it was never surveyed"


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ((MeanOver.PEOPLE, MeanOver.PEOPLE, MeanOver.PEOPLE), "on 1 to 5 on average. What"),
        (
            (MeanOver.PEOPLE, MeanOver.ORGANISATIONS, MeanOver.PEOPLE),
            "on average (each organisation counts once in 1 of them, each person in the others). What",
        ),
        (
            (MeanOver.ORGANISATIONS,) * 3,
            "on average (each organisation counts once in its partnership). What",
        ),
    ],
)
def test_whom_the_surveys_behind_a_suggestion_count_is_said(kinds: Sequence[MeanOver], said: str) -> None:
    organisation, lead, executive = scored_portfolio()
    answers = {"Trust": [2, 2, 3, 2, 2, 3], "Council": [3, 3, 2, 3, 2, 3]}
    for one, kind in zip(organisation.participations.order_by("partnership__name"), kinds, strict=False):
        counting(Setting(organisation, lead, executive, one), answers, kind)
    (everywhere,) = suggestions(across(organisation), None, [])
    assert said in everywhere.reason
    of_one = [
        one
        for one in suggestions(across(organisation), Findings.of(score(organisation, lead)), [])
        if one.slug == organisation.participations.order_by("partnership__name")[1].partnership.slug
    ]
    assert of_one
    counts_once = ["see it, each organisation counting once." in one.reason for one in of_one]
    assert counts_once == [kinds[1] == MeanOver.ORGANISATIONS] * len(of_one)
    plan = words(signed_in(lead).get(at(organisation, "plan/")))
    assert ("each organisation counts once in" in plan) == (MeanOver.ORGANISATIONS in kinds)


def _items() -> tuple[str, ...]:
    from tests.integration.diagnostics.survey_data import ITEMS

    return ITEMS


def test_what_would_come_in_at_a_higher_level_comes_before_what_would_gain_more() -> None:
    organisation, lead, _ = scored_portfolio()
    first, second, *_ = organisation.participations.order_by("partnership__name")
    for one in (first, second):
        closed(one, lead, [{item: 1 if item.startswith("TRU") else 3 for item in _items()} for _ in range(7)])
    findings = Findings.of(score(organisation, lead))
    rows = {one["id"]: dict(one) for one in findings.partnerships}
    stays, rises = rows[first.partnership.slug], rows[second.partnership.slug]
    top, low = "prioritise", "sustain"
    for row in (stays, rises):
        row["values"] = dict.fromkeys(row["values"], 10.0)
        row["values_at_full_readiness"] = dict.fromkeys(row["values"], 10.0)
        row["flip"] = dict.fromkeys(row["values"], None)
    stays["level"], stays["values_at_full_readiness"] = top, {**stays["values"], top: 60.0}
    rises["level"], rises["values_at_full_readiness"] = low, {**rises["values"], top: 30.0}
    rises["flip"] = {**rises["flip"], top: 0.5}
    result = {**findings.result, "partnerships": list(rows.values())}
    other = Findings(findings.document, result, findings.assumptions, "")
    gains = {gain.id: gain for gain in readiness_gains(other)}
    assert gains[stays["id"]].gain > gains[rises["id"]].gain
    assert gains[stays["id"]].level is None
    assert gains[rises["id"]].level == top
    found = [found.slug for found in suggestions(across(organisation), other, []) if found.slug]
    assert found[:2] == [rises["id"], stays["id"]]


def test_the_one_with_the_largest_effect_comes_first_and_more_where_more_would_help() -> None:
    """By hand: what is attainable is 4 on 1 to 5, so that each step up to it counts 0.8 × weight × (4 − mean) ÷ 4."""
    organisation, lead, _ = scored_portfolio()
    first = organisation.participations.order_by("partnership__name")[0]
    low = {"TRU": 1, "GOV": 2, "LEA": 3}
    closed(first, lead, [{item: low.get(item[:3], 4) for item in _items()} for _ in range(7)])
    findings = Findings.of(score(organisation, lead))
    table, slug = across(organisation), first.partnership.slug
    means = {code: cell.estimate.mean for code, cell in table.rows[0].cells.items()}
    lowest = sorted(means, key=lambda code: means[code])[:3]
    assert lowest[0] == "trust"
    assert [means[code] for code in lowest] == [1.0, 2.0, 3.0]
    found = [one for one in suggestions(table, findings, []) if one.slug == slug]
    assert [one.characteristic for one in found] == lowest
    assert "“Trust and generosity” is the lowest of the eight here" in found[0].reason
    assert "With those named before it" not in found[0].reason
    assert "With those named before it" in found[1].reason
    row = next(one for one in findings.partnerships if one["id"] == slug)
    now = row["readiness"]["mean"]
    per_unit = (row["values_at_full_readiness"][row["level"]] - row["values"][row["level"]]) / (1 - now)
    rise = 0.8 * 0.125 * 3 / 4
    assert f"readiness would be about {now + rise:.0%}, worth {number(per_unit * rise)} points a quarter" in (
        found[0].reason
    )

    # The lowest counts for little, and the second for half of all: 0.8 × 0.02 × 3 ÷ 4 against 0.8 × 0.5 × 2 ÷ 4.
    weights = dict.fromkeys(means, 0.08) | {lowest[0]: 0.02, lowest[1]: 0.5}
    weighed = {**findings.document, "readiness": {"p_min": 0.2, "weights": weights}}
    other = Findings(weighed, findings.result, findings.assumptions, "")
    again = [one for one in suggestions(table, other, []) if one.slug == slug]
    assert again[0].characteristic == lowest[1]
    assert "holds readiness here down most, more than lower ones that count for less" in again[0].reason
