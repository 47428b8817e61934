"""Undoing: the decision before stands again, with its level, its day to look again and all that hangs on it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from decisions.actions import DecidedMeanwhile, Found, begin_meeting, decide, end_meeting, record_review, undo
from decisions.actions.letters import send_all_the_same
from decisions.financial_years import FinancialYear
from decisions.models import Decision, LetterState, Outcome, ReviewOutcome, TakenEffect, WhyHeld
from decisions.saying_no import kind_of_no
from decisions.sending import send_due
from decisions.taking_effect import take_effect
from decisions.tasks import put_into_effect_for
from decisions.together import decided_levels
from decisions.year import year_of
from partnerships.models import Organisation, Participation, Person, Role
from partnerships.over_all_organisations import ids_of
from tests.factories import in_role
from tests.integration.decisions.kind_no_data import House, be_due, pack, sent, step_down
from tests.integration.decisions.scored import basis_of, decided, scored_portfolio, wanted
from tests.integration.decisions.test_pages import at, signed_in, words
from tests.integration.diagnostics.mail_server import MailServer

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


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


def at_level(one: Participation, by: Person, code: str, **facts: Any) -> Decision:
    return decided(one, by, level_code=code, reason=f"For {code}", **facts)


def current(one: Participation) -> list[Decision]:
    return list(one.decisions.all().current())


def level_of(one: Participation) -> str:
    stored = Participation.objects.select_related("level").get(pk=one.pk)
    return stored.level.code if stored.level else ""


def test_each_undoing_goes_one_back_until_none_is_left(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    _, _, executive = people
    before = level_of(one)
    first = at_level(one, executive, "keep-in-touch")
    second = at_level(one, executive, "decline")
    assert level_of(one) == "decline"
    undone = undo(decision=second, by=executive)
    assert (undone.stands_again, undone.in_place_of) == (first, second)
    assert current(one) == [first]
    assert level_of(one) == "keep-in-touch"
    assert undo(decision=second, by=executive) == undone  # sent twice
    assert current(one) == [first]
    with pytest.raises(DecidedMeanwhile):
        undo(decision=undone, by=executive)
    last = undo(decision=first, by=executive)
    assert (last.supersedes, last.stands_again, last.in_place_of) == (undone, None, first)
    assert current(one) == []
    assert level_of(one) == before
    assert undo(decision=first, by=executive) == last
    assert list(Decision.objects.order_by("pk")) == [first, second, undone, last]
    again = at_level(one, executive, "decline")
    assert again.supersedes == last
    assert current(one) == [again]


def test_what_was_decided_anew_after_undoing_is_undone_to_what_stood_again(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    _, _, executive = people
    first = at_level(one, executive, "keep-in-touch")
    undo(decision=at_level(one, executive, "decline"), by=executive)
    third = at_level(one, executive, "prioritise")
    assert third.in_place_of == first
    assert undo(decision=third, by=executive).stands_again == first
    assert current(one) == [first]
    assert level_of(one) == "keep-in-touch"


def test_what_stands_again_is_on_the_lists_and_can_be_reviewed(
    people: tuple[Organisation, Person, Person], one: Participation, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation, lead, executive = people
    today = timezone.localdate()
    first = at_level(one, executive, "keep-in-touch", review_on=today + 10 * DAY)
    undo(decision=at_level(one, executive, "decline", review_on=today + 400 * DAY), by=executive)
    assert decided_levels(organisation)[one.partnership.slug].code == "keep-in-touch"
    assert list(organisation.decisions.to_review_by(today + 10 * DAY)) == [first]
    assert ids_of("decisions_with_reminders_due", today + 10 * DAY) == [organisation.pk]
    found = Found("As we thought", ReviewOutcome.STAYS, today + 90 * DAY)
    review = record_review(decision=first, by=lead, found=found, seen="")
    assert review.decision == first
    basis = basis_of(one)
    assert basis.current == first
    assert basis.current is not None
    assert basis.current.look_again_on == today + 90 * DAY
    assert basis.last is not None
    assert basis.last.is_undone
    undo(decision=first, by=executive)
    assert ids_of("decisions_with_reminders_due", today + 400 * DAY) == []
    with pytest.raises(ValidationError, match="decided anew meanwhile"):
        record_review(decision=first, by=lead, found=found, seen=str(review.pk))


def test_a_form_filled_beside_the_one_that_was_undone_is_shown_what_stands(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    _, lead, executive = people
    at_level(one, executive, "keep-in-touch")
    second = at_level(one, executive, "decline")
    basis = basis_of(one)
    undo(decision=second, by=executive)
    with pytest.raises(DecidedMeanwhile):
        decide(
            participation=one, by=lead, wanted=wanted(basis, lead), run=basis.run.pk, seen=str(second.pk),
            accepts_out_of_date=True,
        )  # fmt: skip


def test_what_stands_again_takes_effect_where_its_day_came_meanwhile(
    people: tuple[Organisation, Person, Person], one: Participation, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation, _, executive = people
    today = timezone.localdate()
    first = at_level(one, executive, "keep-in-touch", applies_from=today + 5 * DAY)
    second = at_level(one, executive, "decline")
    assert not take_effect(first)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: today + 6 * DAY)
    undo(decision=second, by=executive)
    assert level_of(one) == "keep-in-touch"
    assert TakenEffect.objects.get(decision=first).level_before == "prioritise"
    put_into_effect_for(organisation.pk)
    assert level_of(one) == "keep-in-touch"


def test_the_schedule_finds_what_stands_again(people: tuple[Organisation, Person, Person], one: Participation) -> None:
    organisation, _, executive = people
    today = timezone.localdate()
    first = at_level(one, executive, "keep-in-touch", applies_from=today + 5 * DAY)
    second = at_level(one, executive, "decline", applies_from=today + 90 * DAY)
    assert ids_of("decisions_with_effects_due", today + 5 * DAY) == []
    undo(decision=second, by=executive)
    assert ids_of("decisions_with_effects_due", today + 5 * DAY) == [organisation.pk]
    assert list(organisation.decisions.not_in_effect_by(today + 5 * DAY)) == [first]


def test_the_pages_say_that_it_stands_again(people: tuple[Organisation, Person, Person], one: Participation) -> None:
    organisation, _, executive = people
    day = f"{timezone.localdate():%-d %B %Y}"
    first = at_level(one, executive, "keep-in-touch")
    second = at_level(one, executive, "decline")
    client, page = signed_in(executive), at(organisation, f"decisions/{one.partnership.slug}/")
    answer = client.post(page, {"undo": str(second.pk)}, follow=True)
    shown = words(answer)
    assert f"Undone. It stays on record, and the decision of {day} stands again: “{first.level_name}”." in shown
    assert f"The decision of {day} stands again, since the one after it was undone on {day}." in shown
    assert f"What was undone The decision of {day}, “{second.level_name}”." in shown
    assert f'name="undo" value="{first.pk}"' in " ".join(answer.content.decode().split())
    reader = signed_in(in_role(organisation, Role.READER))
    listed = words(reader.get(at(organisation, "decisions/")))
    assert "What we decided (1)" in listed
    assert first.level_name in listed
    shown = words(client.post(page, {"undo": str(first.pk)}, follow=True))
    assert "Undone. It stays on record, and the partnership has no decision now." in shown
    assert "Nothing is decided yet." in shown


def test_in_a_meeting_the_one_before_stands_again(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, _, executive = people
    before = at_level(one, executive, "sustain")
    day = timezone.localdate()
    meeting = begin_meeting(organisation=organisation, by=executive, name="Executive", held_on=day, agenda=[one])
    facts: dict[str, Any] = {"decided_by": None, "decided_in": "Executive", "meeting": meeting}
    first = at_level(one, executive, "keep-in-touch", **facts)
    second = at_level(one, executive, "decline", **facts)
    client, page = signed_in(executive), at(organisation, f"decide/?partnership={one.partnership.slug}")
    shown = words(client.post(page, {"meeting": str(meeting.pk), "undo": str(second.pk)}, follow=True))
    assert f"stands again: “{first.level_name}”. Decide again, or go on." in shown
    assert f"Decided in this meeting: {first.level_name}" in shown
    end_meeting(meeting=meeting, by=executive)
    past = at(organisation, f"decisions/meetings/{meeting.pk}/")
    shown = words(client.get(past))
    assert "Decided about 1 of 1 on the agenda." in shown
    assert first.level_name in shown
    assert "Since then" not in shown
    undo(decision=first, by=executive)
    assert current(one) == [before]
    assert f"the decision of {day:%-d %B %Y} stands again" in words(client.get(past))


def test_the_year_counts_what_stands_again_and_once_what_was_undone(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, _, executive = people
    first = at_level(one, executive, "keep-in-touch")
    second = at_level(one, executive, "decline")
    undo(decision=second, by=executive)
    today = timezone.localdate()
    found = year_of(organisation, FinancialYear.containing(today), today=today)
    assert (list(found.decided.lines), found.decided.changed, found.decided.undone) == ([first], 2, 0)
    assert "Decided anew since" not in words(signed_in(executive).get(at(organisation, "decisions/year/")))
    undo(decision=first, by=executive)
    found = year_of(organisation, FinancialYear.containing(today), today=today)
    assert (list(found.decided.lines), found.decided.changed, found.decided.undone) == ([], 0, 1)


def test_the_letter_of_what_stands_again_may_be_sent_again_and_does_not_leave_by_itself(
    house: House, post: MailServer
) -> None:
    letter = sent(house)
    pack(house)
    second = step_down(house.one, house.executive, level_code="decline")
    letter.refresh_from_db()
    assert (letter.state, letter.held_because) == (LetterState.HELD, WhyHeld.DECIDED_ANEW)
    undo(decision=second, by=house.executive)
    assert house.current() == house.decision
    assert kind_of_no(house.current()) is not None
    send_due(house.organisation)
    letter.refresh_from_db()
    assert letter.state == LetterState.HELD
    again = send_all_the_same(letter=letter, by=house.executive)
    assert again.last_word == house.one.decisions.last_words().get()  # held once more if somebody decides anew
    be_due(again)
    assert send_due(house.organisation) == 1


def test_only_a_line_that_undoes_lets_another_stand_again_and_of_the_same_partnership(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, _, executive = people
    first = at_level(one, executive, "keep-in-touch")
    copy = Decision.objects.get(pk=first.pk)
    copy.pk, copy.supersedes, copy.stands_again = None, first, first
    with pytest.raises(IntegrityError, match="decision_stands_again_by_undoing"), transaction.atomic():
        copy.save()
    other = organisation.participations.get(partnership__name="Alliance 1")
    elsewhere = decided(other, executive)
    undone = undo(decision=elsewhere, by=executive)
    copy = Decision.objects.get(pk=undone.pk)
    copy.pk, copy.supersedes, copy.stands_again = None, undone, first
    refused = pytest.raises(IntegrityError, match="decision_stands_again_same_partnership")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        copy.save()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert copy.outcome == Outcome.UNDONE
