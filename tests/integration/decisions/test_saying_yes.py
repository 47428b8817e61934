"""A yes over capacity is said before it is recorded, with a sentence that a leader could use instead."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from decisions.models import Decision
from decisions.notice import fair_start
from decisions.saying_yes import YesOverCapacity, together_with
from partnerships.models import Organisation, Participation, Person, Quarter, Role
from tests.factories import in_role
from tests.integration.decisions.scored import basis_of, decided, score, scored_portfolio
from tests.integration.decisions.test_pages import filled, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SCORING_DRAWS = 4
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)


@pytest.fixture
def people() -> tuple[Organisation, Person, Person]:
    return scored_portfolio()


@pytest.fixture
def kept(people: tuple[Organisation, Person, Person]) -> Participation:
    """The last of five, all of them at the highest level today, of which the others have been given 24 of the 27 days
    that there are.
    """
    organisation, _, executive = people
    for other in organisation.participations.exclude(partnership__name="Alliance 4").select_related("partnership"):
        decided(other, executive, level_code="prioritise", reason="We want it")
    found: Participation = organisation.participations.select_related("partnership").get(partnership__name="Alliance 4")
    return found


@pytest.fixture
def one(kept: Participation) -> Participation:
    """The same, but in touch only: more of it would be a new yes."""
    kept.level = kept.organisation.engagement_levels.get(code="keep-in-touch")
    kept.save(update_fields=["level"])
    return kept


def yes(one: Participation, code: str, **facts: Any) -> YesOverCapacity | None:
    today = timezone.localdate()
    return YesOverCapacity.of(basis_of(one), code, **{"day": today, "today": today, **facts})


def more_days(organisation: Organisation, quarter: Quarter) -> None:
    """40 executive days in one quarter, of which 36 can be given."""
    pool = organisation.capacity_pools.get(code="executive")
    organisation.capacity_quarters.create(
        organisation=organisation, pool=pool, quarter=quarter.first_day, days=40, reserve_percent=10
    )


def test_what_is_left_is_said_with_when_it_could_start(one: Participation) -> None:
    after = Quarter.containing(timezone.localdate()).next()
    more_days(one.organisation, after)
    found = yes(one, "prioritise")
    assert found is not None
    assert found.sentence == (
        "We want to do this well. We have only 3 of the 6 executive days that it needs this quarter; "
        f"could we start in {after.first_day:%B %Y}, or take a smaller part?"
    )


def test_no_start_is_offered_that_is_over_capacity_too(one: Participation) -> None:
    third = Quarter.containing(timezone.localdate()).next().next().next()
    more_days(one.organisation, third)
    found = yes(one, "prioritise")
    assert found is not None
    assert f"could we start in {third.first_day:%B %Y}, or take a smaller part?" in found.sentence


def test_where_no_quarter_of_the_year_after_has_the_days_no_start_is_offered(one: Participation) -> None:
    found = yes(one, "prioritise")
    assert found is not None
    assert found.sentence == (
        "We want to do this well. We have only 3 of the 6 executive days that it needs this quarter, and not enough in "
        "the year after; could we take a smaller part, or talk again when we have more?"
    )


def test_where_nothing_is_left_it_says_so(people: tuple[Organisation, Person, Person], one: Participation) -> None:
    people[0].capacity_quarters.filter(pool__code="executive").update(days=20)
    score(people[0], people[1])
    found = yes(one, "prioritise")
    assert found is not None
    assert "We have no executive days left this quarter" in found.sentence


def test_a_later_quarter_is_named(one: Participation) -> None:
    after = Quarter.containing(timezone.localdate()).next()
    more_days(one.organisation, after.next())
    found = yes(one, "prioritise", day=after.first_day + datetime.timedelta(days=3))
    assert found is not None
    assert f"that it needs from {after}; could we start in {after.next().first_day:%B %Y}" in found.sentence


def test_a_level_that_holds_from_next_quarter_takes_nothing_of_this_one(one: Participation) -> None:
    """Four ask for 6 of 27 days each now; this one was stepped down, and is to come back in three months."""
    organisation = one.organisation
    lower = organisation.engagement_levels.get(code="decline")
    organisation.participations.filter(pk=one.pk).update(level=lower)
    executive = in_role(organisation, Role.EXECUTIVE)
    this = Quarter.containing(timezone.localdate())
    start = this.next().first_day
    decided(one, executive, level_code="prioritise", reason="They need us", applies_from=start)
    basis = basis_of(one)
    found = together_with(basis)
    asked = {pool.quarter: pool.asked for pool in found.pools if pool.pool == "executive"}
    assert asked == {this: pytest.approx(24.0), this.next(): pytest.approx(30.0)}
    assert [pool.in_words for pool in found.over] == [
        f"3 executive days too many in {this.next()}: 30 asked, 27 there."
    ]
    page = words(signed_in(executive).get(f"/o/{organisation.code}/decisions/"))
    assert f"3 executive days too many in {this.next()}" in page
    assert "too many this quarter" not in page
    said = yes(one, "prioritise", day=start)
    assert said is not None
    assert said.quarter == this.next()


def test_days_of_a_later_quarter_are_those_recorded_for_it(one: Participation) -> None:
    start = Quarter.containing(timezone.localdate()).next()
    more_days(one.organisation, start)
    assert yes(one, "prioritise", day=start.first_day) is None
    assert yes(one, "prioritise") is not None


def test_what_frees_days_later_frees_none_of_this_quarter(one: Participation) -> None:
    organisation = one.organisation
    executive = in_role(organisation, Role.EXECUTIVE)
    start = Quarter.containing(timezone.localdate()).next().first_day
    first = organisation.participations.get(partnership__name="Alliance 0")
    decided(first, executive, level_code="decline", reason="Enough", applies_from=start)
    said = yes(one, "prioritise")
    assert said is not None
    assert said.this_quarter
    assert yes(one, "prioritise", day=start) is None


@pytest.mark.parametrize("code", ["decline", "keep-in-touch", "sustain"])
def test_less_than_today_is_no_yes(kept: Participation, code: str) -> None:
    assert yes(kept, code) is None


def test_what_goes_on_is_looked_at_from_when_a_fair_notice_could_end_it(kept: Participation) -> None:
    fair = Quarter.containing(fair_start(timezone.localdate()))
    found = yes(kept, "prioritise")
    assert found is not None
    assert found.quarter == fair
    assert found.sentence == (
        "We want to go on doing this well. We have only 3 of the 6 executive days that it needs "
        f"from {fair}; could we take a smaller part from then, or agree now what we stop doing?"
    )
    more_days(kept.organisation, fair)
    assert yes(kept, "prioritise") is None


def test_who_follows_every_recommendation_is_not_asked_about_days_that_a_notice_frees(
    people: tuple[Organisation, Person, Person],
) -> None:
    """The last is stepped down with a fair notice; until then there are too few days, as there were before."""
    organisation, _, executive = people
    *others, last = organisation.participations.select_related("partnership").order_by("partnership__name")
    assert basis_of(last).advice.recommended.code == "sustain"
    decided(last, executive, applies_from=fair_start(timezone.localdate()))
    client = signed_in(executive)
    for other in others:
        basis = basis_of(other)
        client.post(f"/o/{organisation.code}/decisions/{other.partnership.slug}/", filled(basis, executive))
    assert Decision.objects.all().current().count() == len(others) + 1


def test_what_fits_needs_no_other_words(people: tuple[Organisation, Person, Person]) -> None:
    first = people[0].participations.get(partnership__name="Alliance 0")
    assert yes(first, "prioritise") is None


def test_what_is_wrong_is_said_before_anybody_is_asked_to_confirm(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    client, basis = signed_in(people[2]), basis_of(one)
    address = f"/o/{people[0].code}/decisions/{one.partnership.slug}/"
    last_year = {"review_on-year": str(timezone.localdate().year - 1), "decided_on-year": "2199"}
    sent = filled(basis, people[2], level="prioritise", reason="They asked", anyway="on", **last_year)
    shown = words(client.post(address, sent))
    assert "Enter a day to look again that is still to come." in shown
    assert "This day has not come yet. Enter the day on which it was decided." in shown
    assert "Nothing is recorded yet." not in shown


def test_it_is_read_before_it_is_recorded(people: tuple[Organisation, Person, Person], one: Participation) -> None:
    client, basis = signed_in(people[2]), basis_of(one)
    address = f"/o/{people[0].code}/decisions/{one.partnership.slug}/"
    sent = filled(basis, people[2], level="prioritise", reason="They asked", anyway="on")
    before = Decision.objects.count()
    page = client.post(address, sent)
    shown = words(page)
    assert "A yes that cannot be kept costs the partner more than a kind no." in shown
    assert "We want to do this well." in shown
    assert "Nothing is recorded yet." in shown
    assert Decision.objects.count() == before
    assert client.post(address, sent | {"confirmed": "prioritise"}).status_code == 302
    assert Decision.objects.count() == before + 1
