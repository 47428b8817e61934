"""Merging a record loses neither a duty nor a review: they go on at the other one, and come back where it is undone."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from decisions.actions.kind_noes import record_telling
from decisions.models import Decision
from decisions.reminding import due_in
from partnerships.actions.merging import merge, undo_merge
from partnerships.models import Organisation, Participation, Person
from partnerships.over_all_organisations import ids_of
from tests.integration.decisions.scored import basis_of, decided, scored_portfolio
from tests.integration.decisions.test_due_days import events
from tests.integration.decisions.test_pages import at, signed_in, words
from tests.integration.decisions.test_plan import added
from tests.integration.decisions.test_promises import promise_in
from tests.integration.decisions.test_reviewing import later, reviewed

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
SOURCE = "Network agreement 2024"


@pytest.fixture(autouse=True)
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SCORING_DRAWS = 4
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)


@pytest.fixture
def people() -> tuple[Organisation, Person, Person]:
    return scored_portfolio(size=3)


@pytest.fixture
def kept(people: tuple[Organisation, Person, Person]) -> Participation:
    return named(people[0], 0)


@pytest.fixture
def duplicate(people: tuple[Organisation, Person, Person]) -> Participation:
    return named(people[0], 1)


def named(organisation: Organisation, number: int) -> Participation:
    found: Participation = organisation.participations.select_related("partnership", "organisation").get(
        partnership__name=f"Alliance {number}"
    )
    return found


def with_duty(participation: Participation, code: str, source: str = SOURCE) -> Participation:
    participation.mandate_level = participation.organisation.engagement_levels.get(code=code)
    participation.mandate_source = source
    participation.save()
    return participation


def duty_of(participation: Participation) -> tuple[str, str]:
    stored = Participation.objects.select_related("mandate_level").get(pk=participation.pk)
    return (stored.mandate_level.code if stored.mandate_level else "", stored.mandate_source)


def test_the_stronger_duty_goes_on_and_is_given_back(
    people: tuple[Organisation, Person, Person], kept: Participation, duplicate: Participation
) -> None:
    organisation, lead, _ = people
    with_duty(duplicate, "sustain")
    page = at(organisation, f"partnerships/{duplicate.partnership.slug}/merge/")
    assert f"A duty requires at least “Sustain” ({SOURCE}). The record that goes on takes it over" in words(
        signed_in(lead).get(page)
    )
    assert "decline" in [level.code for level in basis_of(kept).choices]
    merge(duplicate=duplicate, into=kept, by=lead)
    assert duty_of(kept) == ("sustain", f"{SOURCE}, taken over from Alliance 1")
    assert [level.code for level in basis_of(kept).choices] == ["prioritise", "sustain"]
    shown = words(signed_in(lead).get(at(organisation, f"partnerships/{kept.partnership.slug}/")))
    assert f"{SOURCE}, taken over from Alliance 1" in shown
    undo_merge(duplicate=duplicate, by=lead)
    assert duty_of(kept) == ("", "")
    assert duty_of(duplicate) == ("sustain", SOURCE)


def test_a_decision_that_the_duty_came_after_is_said_to_be_too_little(
    people: tuple[Organisation, Person, Person], kept: Participation, duplicate: Participation
) -> None:
    organisation, lead, executive = people
    decided(kept, executive, level_code="decline", reason="No days for it")
    with_duty(duplicate, "sustain")
    page = at(organisation, f"decisions/{kept.partnership.slug}/")
    too_little = (
        "What is decided is less than a duty asks that came afterwards. The least that can be decided is “Sustain”"
    )
    assert too_little not in words(signed_in(executive).get(page))
    merge(duplicate=duplicate, into=kept, by=lead)
    assert too_little in words(signed_in(executive).get(page))


def test_a_weaker_duty_is_given_back_and_a_stronger_one_stays(
    people: tuple[Organisation, Person, Person], kept: Participation, duplicate: Participation
) -> None:
    with_duty(kept, "sustain", "An order")
    with_duty(duplicate, "prioritise")
    merge(duplicate=duplicate, into=kept, by=people[1])
    assert duty_of(kept) == ("prioritise", f"{SOURCE}, taken over from Alliance 1")
    undo_merge(duplicate=duplicate, by=people[1])
    assert duty_of(kept) == ("sustain", "An order")
    with_duty(kept, "prioritise", "Another order")
    merge(duplicate=duplicate, into=kept, by=people[1])
    assert duty_of(kept) == ("prioritise", "Another order")
    undo_merge(duplicate=duplicate, by=people[1])
    assert duty_of(kept) == ("prioritise", "Another order")


def test_a_duty_that_somebody_entered_since_stays_as_a_merge_is_undone(
    people: tuple[Organisation, Person, Person], kept: Participation, duplicate: Participation
) -> None:
    with_duty(duplicate, "sustain", "A" * 250)
    merge(duplicate=duplicate, into=kept, by=people[1])
    level, source = duty_of(kept)
    assert (level, len(source)) == ("sustain", 250)
    kept.refresh_from_db()
    with_duty(kept, "prioritise", "A new order")
    undo_merge(duplicate=duplicate, by=people[1])
    assert duty_of(kept) == ("prioritise", "A new order")


def test_the_page_that_merges_says_that_partners_were_told_no(
    people: tuple[Organisation, Person, Person], duplicate: Participation
) -> None:
    organisation, lead, executive = people
    day = timezone.localdate() - 3 * DAY
    page = at(organisation, f"partnerships/{duplicate.partnership.slug}/merge/")
    decided(duplicate, executive, level_code="decline", reason="No days for it", decided_on=day)
    assert "told no" not in words(signed_in(lead).get(page))
    duplicate.refresh_from_db()
    record_telling(participation=duplicate, by=lead, who="Priya", whom="Asha Rao", how="call", told_on=day)
    assert f"Its partners were told no on {day:%-d %B %Y}, and nobody is reminded of that here." in words(
        signed_in(lead).get(page)
    )


def test_a_review_comes_back_at_the_record_that_goes_on(
    people: tuple[Organisation, Person, Person],
    kept: Participation,
    duplicate: Participation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    organisation, lead, executive = people
    review_on = timezone.localdate() + 30 * DAY
    decision = decided(duplicate, executive, review_on=review_on)
    promise_in(duplicate, lead, what="Send our bed plan")
    added(organisation, lead, participation=duplicate)
    client = signed_in(executive)
    page = words(signed_in(lead).get(at(organisation, f"partnerships/{duplicate.partnership.slug}/merge/")))
    assert f"to be looked at again on {review_on:%-d %B %Y}. Where nothing is decided about the record" in page
    assert "1 open promise stays due, and its owner is reminded as before." in page
    assert "1 action of the plan stays in the plan and goes on taking days" in page
    merge(duplicate=duplicate, into=kept, by=lead)
    event = events(lead, organisation, "all")[f"review-of-{duplicate.pk}"]
    assert event["summary"] == "Look again: Alliance 0"
    today = later(monkeypatch, 31)
    assert list(Decision.objects.all().to_review_by(today)) == [decision]
    assert ids_of("decisions_with_reminders_due", today) == [organisation.pk]
    assert [one.about for one in due_in(organisation, today) if one.about == decision]
    here, there = (at(organisation, f"decisions/{one.partnership.slug}/") for one in (kept, duplicate))
    shown = words(client.get(here))
    assert "Time to look again" in shown
    assert f"On the record of Alliance 1 , which was merged into it, “{decision.level_name}” was decided" in shown
    assert "Send our bed plan" in shown
    listed = client.get(at(organisation, "decisions/")).content.decode()
    assert f'href="{here}review/"' in listed
    assert "decided on the record of Alliance 1" in words(client.get(at(organisation, "decisions/")))
    assert "The decision is looked at again there." in words(client.get(there))
    assert "What has changed since" in words(client.get(f"{here}review/"))
    reviewed(decision, lead, review_on=today + 60 * DAY)
    assert not Decision.objects.all().to_review_by(today).exists()
    assert f"That is looked at again here on {today + 60 * DAY:%-d %B %Y}" in words(client.get(here))


def test_what_is_decided_on_the_record_that_goes_on_counts(
    people: tuple[Organisation, Person, Person],
    kept: Participation,
    duplicate: Participation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    organisation, lead, executive = people
    of_duplicate = decided(duplicate, executive, review_on=timezone.localdate() + 30 * DAY)
    merge(duplicate=duplicate, into=kept, by=lead)
    own = decided(kept, executive, review_on=timezone.localdate() + 300 * DAY)
    assert list(Decision.objects.all().that_go_on()) == [own]
    today = later(monkeypatch, 31)
    assert ids_of("decisions_with_reminders_due", today) == []
    shown = words(signed_in(executive).get(at(organisation, f"decisions/{duplicate.partnership.slug}/")))
    assert "What is decided there counts, and this decision is not looked at again." in shown
    assert "Time to look again" not in shown
    undo_merge(duplicate=duplicate, by=lead)
    assert set(Decision.objects.all().that_go_on()) == {own, of_duplicate}
    shown = words(signed_in(executive).get(at(organisation, f"decisions/{duplicate.partnership.slug}/")))
    assert "Time to look again" in shown


def test_of_several_that_were_merged_the_last_decision_comes_back(
    people: tuple[Organisation, Person, Person], kept: Participation, duplicate: Participation
) -> None:
    organisation, lead, executive = people
    third = named(organisation, 2)
    decided(duplicate, executive)
    last = decided(third, executive)
    for one in (third, duplicate):
        merge(duplicate=one, into=kept, by=lead)
    assert list(Decision.objects.all().that_go_on()) == [last]
