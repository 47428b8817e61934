"""Looking at decisions again: what has changed since, what was found, and when they come back."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from decisions.actions import Found, ReviewedMeanwhile, record_review, undo
from decisions.models import Decision, Review, ReviewOutcome
from decisions.since import since
from diagnostics.models import Subject
from partnerships.actions.participations import change_state
from partnerships.models import Organisation, Participation, ParticipationState, Person, Role
from scoring.situation import situation_of
from tests.factories import in_role
from tests.integration.decisions.scored import decided, score, scored_portfolio
from tests.integration.decisions.test_pages import at, leads_to, signed_in, words
from tests.integration.decisions.test_promises import DAY, closed, day_in, overdue, promise_in
from tests.integration.diagnostics.survey_data import closed as closed_survey

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SCORING_DRAWS = 4
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)


@pytest.fixture
def people() -> tuple[Organisation, Person, Person]:
    return scored_portfolio()


@pytest.fixture
def one(people: tuple[Organisation, Person, Person]) -> Participation:
    found: Participation = people[0].participations.select_related("partnership").get(partnership__name="Alliance 4")
    return found


def later(monkeypatch: pytest.MonkeyPatch, days: int) -> datetime.date:
    day = timezone.localdate() + days * DAY
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: day)
    return day


def reviewed(decision: Decision, by: Person, *, seen: str = "", **facts: Any) -> Review:
    given = {
        "found": "The council still asks for it",
        "outcome": ReviewOutcome.STAYS,
        "review_on": timezone.localdate() + 180 * DAY,
        **facts,
    }
    return record_review(decision=decision, by=by, found=Found(**given), seen=seen)


def again(decision: Decision, by: Person, **facts: Any) -> Review:
    return reviewed(decision, by, outcome=ReviewOutcome.DECIDE_AGAIN, review_on=None, **facts)


def sent(seen: str = "", **facts: str) -> dict[str, str]:
    return {
        "found": "The council still asks for it",
        "outcome": "stays",
        "seen": seen,
        **day_in("review_on", timezone.localdate() + 180 * DAY),
        **facts,
    }


def since_of(decision: Decision) -> Any:
    participation = Participation.objects.select_related("partnership", "level", "organisation").get(
        pk=decision.participation_id
    )
    return since(decision, participation, situation_of(participation.organisation).shown)


def test_a_decision_comes_back_on_its_day_and_stays_until_the_next(
    people: tuple[Organisation, Person, Person], one: Participation, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation, _, executive = people
    decision = decided(one, executive, review_on=timezone.localdate() + 30 * DAY)
    today = later(monkeypatch, 40)
    assert list(Decision.objects.all().to_review_by(today)) == [decision]
    client = signed_in(executive)
    shown = words(client.get(at(organisation, "decisions/")))
    assert "Time to look again (1)" in shown
    assert "Record a review of Alliance 4, the longest overdue" in shown
    page = at(organisation, f"decisions/{one.partnership.slug}/review/")
    assert "Time to look again" in words(client.get(page))
    assert leads_to(client.post(page, sent())) == at(organisation, f"decisions/{one.partnership.slug}/")
    review = Review.objects.get()
    assert (review.reviewed_on, review.review_on) == (today, today + 180 * DAY)
    assert not Decision.objects.all().to_review_by(today).exists()
    assert "Time to look again" not in words(client.get(at(organisation, "decisions/")))
    shown = words(client.get(at(organisation, f"decisions/{one.partnership.slug}/")))
    assert "The council still asks for it" in shown
    assert f"Look again {review.review_on:%-d %B %Y}" in shown
    assert list(Decision.objects.all().to_review_by(today + 180 * DAY)) == [decision]


def test_one_that_has_to_be_decided_again_stays_due_until_it_is(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, _, executive = people
    decision = decided(one, executive)
    today = timezone.localdate()
    again(decision, executive)
    assert list(Decision.objects.all().to_review_by(today)) == [decision]
    shown = words(signed_in(executive).get(at(organisation, "decisions/")))
    assert "To be decided again" in shown
    assert "It has to be decided again" in words(
        signed_in(executive).get(at(organisation, f"decisions/{one.partnership.slug}/"))
    )
    decided(one, executive, reason="Anew")
    assert not Decision.objects.all().to_review_by(today).exists()


def test_what_is_wrong_is_said_and_what_was_typed_stays(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, _, executive = people
    page = at(organisation, f"decisions/{one.partnership.slug}/review/")
    client = signed_in(executive)
    assert "there is nothing to look at again" in words(client.get(page, follow=True))
    decided(one, executive)
    past = client.post(page, sent() | day_in("review_on", timezone.localdate()))
    assert "Enter a day to look again that is still to come." in words(past)
    assert "The council still asks for it" in past.content.decode()
    assert "Error: " in past.content.decode()
    far = client.post(page, sent() | day_in("review_on", timezone.localdate() + 70 * 365 * DAY))
    assert "This is more than five years from today. Check the year." in words(far)
    nothing = {f"review_on-{part}": "" for part in ("day", "month", "year")}
    assert "Enter when to look again, or choose" in words(client.post(page, sent() | nothing))
    assert "Enter what you found." in words(client.post(page, sent(found="")))
    assert "Choose whether the decision stays" in words(client.post(page, sent(outcome="")))
    assert not Review.objects.exists()


def test_the_second_of_two_tabs_reads_the_first_review(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, lead, executive = people
    decision = decided(one, executive)
    page = at(organisation, f"decisions/{one.partnership.slug}/review/")
    first = again(decision, lead, found="Their board has gone")
    answer = signed_in(executive).post(page, sent())
    shown = words(answer)
    assert f"{lead} reviewed this while you were writing" in shown
    assert "Their board has gone" in shown
    assert "The council still asks for it" in shown
    assert Review.objects.count() == 1
    assert f'name="seen" value="{first.pk}"' in answer.content.decode()
    client = signed_in(executive)
    for _ in range(2):  # the second time it is the same
        assert client.post(page, sent(seen=str(first.pk))).status_code == 302
    assert Review.objects.count() == 2
    assert Review.objects.get(follows=first).reviewed_by == executive
    with pytest.raises(ReviewedMeanwhile):
        reviewed(decision, lead)


def test_only_the_decision_that_counts_is_reviewed_and_by_who_may_decide(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, lead, executive = people
    first = decided(one, executive)
    reader = in_role(organisation, Role.READER)
    with pytest.raises(PermissionDenied):
        reviewed(first, reader)
    page = at(organisation, f"decisions/{one.partnership.slug}/review/")
    shown = words(signed_in(reader).get(page))
    assert "Then and now" in shown
    assert "Record the review" not in shown
    second = decided(one, executive, reason="Anew")
    with pytest.raises(ValidationError, match="decided anew meanwhile"):
        reviewed(first, lead)
    undo(decision=second, by=executive)
    with pytest.raises(ValidationError, match="decided anew meanwhile"):
        reviewed(second, lead)


def test_nothing_has_changed_where_nothing_has(people: tuple[Organisation, Person, Person], one: Participation) -> None:
    _, _, executive = people
    decision = decided(one, executive)
    found = since_of(decision)
    assert found.sentence == "What was decided on stands as it stood."
    assert not any(fact.has_changed for fact in found.facts)
    assert found.in_text == ""


def test_what_has_changed_since_is_shown_and_kept_with_the_review(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, lead, executive = people
    decision = decided(one, executive)
    closed(promise_in(one, lead, what="Kept"), lead)
    overdue(promise_in(one, lead, what="Late"))
    rating = one.value_ratings.first()
    assert rating is not None
    one.value_ratings.filter(pk=rating.pk).update(low=1, likely=1, high=1)
    one.days_needed.update(low=40, likely=40, high=40)
    score(organisation, lead)
    found = since_of(decision)
    changed = {fact.fact for fact in found.facts if fact.has_changed}
    assert "Points of value at the level decided" in changed
    assert "Days a quarter at the level decided" in changed
    assert "Alliance 4 was rated anew." in found.news
    assert "The days of Alliance 4 changed." in found.news
    assert "1 promise was kept." in found.news
    assert "1 promise is overdue." in found.news
    assert "points of value at the level decided" in found.sentence
    shown = words(signed_in(lead).get(at(organisation, f"decisions/{one.partnership.slug}/review/")))
    assert "Alliance 4 was rated anew." in shown
    assert "Alliance 4 was rated anew." in reviewed(decision, lead).since


def test_how_sure_it_is_now_stands_beside_how_sure_it_was(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, lead, executive = people
    decision = decided(one, executive)
    before = decision.get_recommended_confidence_display()
    run = score(organisation, lead)
    result = run.result
    row = next(each for each in result["partnerships"] if each["id"] == one.partnership.slug)
    row["confidence"] = next(word for word in ("clear", "leaning", "open") if word != row["confidence"])
    type(run).objects.filter(pk=run.pk).update(result=result)
    found = since_of(decision)
    fact = next(each for each in found.facts if each.fact == "How sure")
    assert fact.then == before
    assert fact.has_changed
    assert "how sure" in found.sentence
    assert f"How sure: {before} → {fact.now}" in found.in_text


def test_surveys_that_closed_since_are_told_as_far_as_they_may_be_shown(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    _, lead, executive = people
    closed_survey(one, lead, [2] * 7)
    decision = decided(one, executive)
    assert not since_of(decision).news
    closed_survey(one, lead, [4] * 7)
    closed_survey(one, lead, [4] * 3, subject=Subject.BY_PARTNERS)
    today = timezone.localdate()
    assert set(since_of(decision).news) == {
        f"A survey of how well it works closed on {today:%-d %B %Y}: 4.0 of 5 overall.",
        f"A survey of partners about us closed on {today:%-d %B %Y}, with too few answers to show.",
    }


def test_an_ended_partnership_comes_back_as_well(
    people: tuple[Organisation, Person, Person], one: Participation, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation, lead, executive = people
    decision = decided(one, executive)
    change_state(participation=one, by=lead, to=ParticipationState.ENDED)
    score(organisation, lead)
    today = later(monkeypatch, 400)
    assert list(Decision.objects.all().to_review_by(today)) == [decision]
    assert "Time to look again (1)" in words(signed_in(executive).get(at(organisation, "decisions/")))
    page = at(organisation, f"decisions/{one.partnership.slug}/review/")
    shown = words(signed_in(executive).get(page))
    assert "It went from active to ended on" in shown
    assert "Its part has ended" in shown
    assert "Not scored now" in shown
    assert "bring it back on its own page first" in shown
    assert signed_in(executive).post(page, sent()).status_code == 302
    assert Review.objects.get().decision == decision


def test_the_first_page_tells_what_is_overdue(people: tuple[Organisation, Person, Person], one: Participation) -> None:
    organisation, lead, executive = people
    client, address = signed_in(executive), at(organisation, "promises/due/")
    assert f'hx-get="{address}"' in client.get(at(organisation, "")).content.decode()
    assert "Nothing is overdue." in words(client.get(address))
    again(decided(one, executive), executive)
    overdue(promise_in(one, lead))
    part = client.get(address, headers={"HX-Request": "true"})
    assert "1 decision to look at again , 1 promise overdue" in words(part)
    assert "<html" not in part.content.decode()
    whole = client.get(address)
    assert "<html" in whole.content.decode()
    assert "HX-Request" in whole["Vary"]
    assert "1 promise overdue" in words(whole)


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"outcome": "gone", "review_on": None}, "review_outcome_is_known"),
        ({"found": "  "}, "review_says_what_was_found"),
        ({"review_on": None}, "review_looks_again_where_it_stays"),
        ({"outcome": "decide_again"}, "review_looks_again_where_it_stays"),
        ({"review_on": datetime.date(2020, 1, 1)}, "review_looks_again_later"),
        ({}, "review_first_once"),
    ],
)
def test_every_rule_holds_in_the_database(
    people: tuple[Organisation, Person, Person], one: Participation, facts: dict[str, Any], rule: str
) -> None:
    review = reviewed(decided(one, people[2]), people[2])
    review.pk = None
    review._state.adding = True
    for name, value in facts.items():
        setattr(review, name, value)
    wanted = next(found for found in Review._meta.constraints if found.name == rule)
    with pytest.raises(ValidationError) as refused:
        review.validate_constraints()
    assert wanted.get_violation_error_message() in refused.value.messages
    with pytest.raises(Exception, match=rule), transaction.atomic():
        review.save(force_insert=True)


def test_reviews_are_only_added_and_follow_one_of_the_same_decision(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, lead, executive = people
    review = reviewed(decided(one, executive), executive)
    other = organisation.participations.exclude(pk=one.pk).first()
    assert other is not None
    second = reviewed(decided(other, executive), lead)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Review.objects.update(found="Otherwise")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Review.objects.all().delete()
    second.pk, second.follows = None, review
    with pytest.raises(Exception, match="violates foreign key constraint"), transaction.atomic():
        _add_at_once(second)


def _add_at_once(review: Review) -> None:
    review.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
