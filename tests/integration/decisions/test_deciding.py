"""Deciding: what a line keeps, what is refused with what to do, and what two people at once meet."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, OperationalError, ProgrammingError, connection, transaction
from django.utils import timezone

from decisions.actions import DecidedMeanwhile, OutOfDateError, begin_meeting, decide, put_on_agenda, undo
from decisions.models import Decision, Outcome, TakenEffect
from decisions.taking_effect import take_effect
from decisions.tasks import put_into_effect_for
from decisions.together import Together, decided_levels
from partnerships.actions.participations import change_state
from partnerships.isolation import acting_for
from partnerships.models import Organisation, Participation, ParticipationState, Person, Role
from partnerships.over_all_organisations import ids_of
from tests.factories import in_role
from tests.integration.decisions.scored import another_level, basis_of, decided, score, scored_portfolio, wanted

pytestmark = pytest.mark.django_db
TOMORROW = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def few_draws(settings: object) -> None:
    settings.SCORING_DRAWS = 4  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def no_scoring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody works on the runs that a new level asks for."""
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)


@pytest.fixture
def people() -> tuple[Organisation, Person, Person]:
    return scored_portfolio()


@pytest.fixture
def one(people: tuple[Organisation, Person, Person]) -> Participation:
    return people[0].participations.get(partnership__name="Alliance 4")


def level_of(participation: Participation) -> str:
    """Today's level as it is stored."""
    stored = Participation.objects.select_related("level").get(pk=participation.pk)
    return stored.level.code if stored.level else ""


def test_an_accepted_recommendation_is_kept_as_it_stood(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, lead, executive = people
    basis = basis_of(one)
    decision = decided(one, executive)
    assert decision.outcome == Outcome.ACCEPTED
    assert (decision.level_code, decision.level_name) == (basis.advice.recommended.code, basis.advice.recommended.name)
    assert decision.cost is None
    score(organisation, lead)
    decision.refresh_from_db()
    assert decision.run_id == basis.run.pk
    assert decision.recommended_reason == basis.advice.reason
    assert decision.recommended_label == basis.advice.label
    assert decision.recommended_confidence == basis.advice.confidence


def test_overruling_keeps_what_it_costs_and_why(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    basis = basis_of(one)
    code = another_level(basis)
    loss = next(level.loss for level in basis.choices if level.code == code)
    decision = decided(one, people[2], level_code=code, reason="The council asks for it")
    assert decision.outcome == Outcome.OVERRULED
    assert loss is not None
    assert decision.cost == Decimal(str(round(loss, 3)))
    assert loss > 0
    assert decision.reason == "The council asks for it"


def test_nobody_overrules_without_a_reason(people: tuple[Organisation, Person, Person], one: Participation) -> None:
    with pytest.raises(ValidationError) as refused:
        decided(one, people[2], level_code=another_level(basis_of(one)), reason=" \n ")
    assert refused.value.message_dict == {"reason": ["Say why you decide otherwise than recommended."]}


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CONTRIBUTOR, Role.READER, Role.SYSTEM_READER])
def test_only_who_may_decide_does(people: tuple[Organisation, Person, Person], one: Participation, role: Role) -> None:
    other = in_role(people[0], role)
    with pytest.raises(PermissionDenied):
        decided(one, other)
    decision = decided(one, people[2])
    with pytest.raises(PermissionDenied):
        undo(decision=decision, by=other)


def test_who_decided_may_decide(people: tuple[Organisation, Person, Person], one: Participation) -> None:
    contributor = in_role(people[0], Role.CONTRIBUTOR)
    with pytest.raises(ValidationError) as refused:
        decided(one, people[1], decided_by=contributor)
    assert "may not decide here" in refused.value.message_dict["decided_by"][0]


@pytest.mark.parametrize(
    ("field", "shift", "words"),
    [
        ("decided_on", 1, "has not come yet"),
        ("review_on", 0, "still to come"),
        ("review_on", -30, "still to come"),
        ("applies_from", -1, "before it was decided"),
        ("applies_from", 2000, "more than five years from today"),
        ("review_on", 70 * 365, "more than five years from today"),
    ],
)
def test_days_that_cannot_be_say_what_to_do(
    people: tuple[Organisation, Person, Person], one: Participation, field: str, shift: int, words: str
) -> None:
    day = timezone.localdate() + datetime.timedelta(days=shift)
    with pytest.raises(ValidationError) as refused:
        decided(one, people[2], **{field: day})
    assert words in refused.value.message_dict[field][0]
    assert not Decision.objects.exists()


def test_a_duty_cannot_be_declined(people: tuple[Organisation, Person, Person], one: Participation) -> None:
    organisation, lead, executive = people
    one.mandate_level = organisation.engagement_levels.get(code="sustain")
    one.mandate_source = "Health and Care Act 2022, section 26"
    one.save()
    score(organisation, lead)
    basis = basis_of(one)
    assert [level.code for level in basis.choices] == ["prioritise", "sustain"]
    lowest = organisation.engagement_levels.order_by("position").first()
    assert lowest is not None
    with pytest.raises(ValidationError) as refused:
        decided(one, executive, level_code=lowest.code, reason="We have no time")
    words = refused.value.message_dict["level"][0]
    assert "“Sustain”" in words
    assert "Health and Care Act 2022, section 26" in words


def test_a_partner_who_has_left_is_not_decided_about(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    basis = basis_of(one)
    change_state(participation=one, by=people[1], to=ParticipationState.ENDED)
    with pytest.raises(ValidationError, match="has ended"):
        decide(participation=one, by=people[2], wanted=wanted(basis, people[2]), run=basis.run.pk, seen="")


def test_a_recommendation_that_is_out_of_date_asks_first(
    people: tuple[Organisation, Person, Person],
    one: Participation,
    django_capture_on_commit_callbacks: object,
) -> None:
    organisation, lead, executive = people
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        change_state(
            participation=organisation.participations.get(partnership__name="Alliance 0"),
            by=lead,
            to=ParticipationState.ENDED,
        )
    basis = basis_of(one)
    assert "Something changed" in basis.out_of_date
    facts: dict[str, Any] = {
        "participation": one,
        "by": executive,
        "wanted": wanted(basis, executive),
        "run": basis.run.pk,
        "seen": "",
    }
    with pytest.raises(OutOfDateError, match="Something changed"):
        decide(**facts)
    assert decide(**facts, accepts_out_of_date=True).was_out_of_date


def test_a_newer_recommendation_is_read_first(people: tuple[Organisation, Person, Person], one: Participation) -> None:
    organisation, lead, executive = people
    basis = basis_of(one)
    score(organisation, lead)
    with pytest.raises(OutOfDateError, match="scored again"):
        decide(
            participation=one,
            by=executive,
            wanted=wanted(basis, executive),
            run=basis.run.pk,
            seen="",
            accepts_out_of_date=True,
        )


def test_the_second_of_two_is_shown_the_first(people: tuple[Organisation, Person, Person], one: Participation) -> None:
    _, lead, executive = people
    basis = basis_of(one)
    first = decided(one, executive)
    with pytest.raises(DecidedMeanwhile) as met:
        decide(
            participation=one, by=lead, wanted=wanted(basis, lead), run=basis.run.pk, seen="", accepts_out_of_date=True
        )
    assert met.value.decision == first
    again = decide(
        participation=one,
        by=lead,
        wanted=wanted(basis, lead),
        run=basis.run.pk,
        seen=str(first.pk),
        accepts_out_of_date=True,
    )
    assert again.supersedes == first
    assert list(Decision.objects.all().current()) == [again]


def test_the_same_form_sent_twice_decides_once(people: tuple[Organisation, Person, Person], one: Participation) -> None:
    _, _, executive = people
    basis = basis_of(one)
    facts: dict[str, Any] = {
        "participation": one,
        "by": executive,
        "wanted": wanted(basis, executive),
        "run": basis.run.pk,
        "seen": "",
    }
    first = decide(**facts)
    assert decide(**facts, accepts_out_of_date=True) == first
    assert Decision.objects.count() == 1


def test_undoing_leaves_both_lines_and_puts_the_level_back(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    _, _, executive = people
    before = one.level
    code = next(level.code for level in basis_of(one).choices if before and level.code != before.code)
    decision = decided(one, executive, level_code=code, reason="To try it")
    one.refresh_from_db()
    assert one.level is not None
    assert one.level.code == code
    undone = undo(decision=decision, by=executive)
    assert undo(decision=decision, by=executive) == undone
    one.refresh_from_db()
    assert one.level == before
    assert list(Decision.objects.order_by("pk")) == [decision, undone]
    assert not Decision.objects.all().current().exists()
    assert decided(one, executive).supersedes == undone


def test_undoing_leaves_a_level_that_somebody_changed_since(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, _, executive = people
    decision = decided(one, executive, level_code="decline", reason="No days for it")
    one.level = organisation.engagement_levels.get(code="prioritise")
    one.save()
    undo(decision=decision, by=executive)
    assert level_of(one) == "prioritise"


def test_what_was_superseded_is_not_undone(people: tuple[Organisation, Person, Person], one: Participation) -> None:
    first = decided(one, people[2])
    second = decided(one, people[1], reason="Again")
    with pytest.raises(DecidedMeanwhile) as met:
        undo(decision=first, by=people[2])
    assert met.value.decision == second


def test_a_decision_takes_effect_on_its_day_and_once(
    people: tuple[Organisation, Person, Person], one: Participation, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation, _, executive = people
    day = timezone.localdate() + TOMORROW
    decided(one, executive, level_code="decline", reason="No days for it", applies_from=day)
    assert level_of(one) == "prioritise"
    assert ids_of("decisions_with_effects_due", day - TOMORROW) == []
    assert ids_of("decisions_with_effects_due", day) == [organisation.pk]
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: day)
    put_into_effect_for(organisation.pk)
    assert level_of(one) == "decline"
    assert ids_of("decisions_with_effects_due", day) == []
    one.level = organisation.engagement_levels.get(code="sustain")
    one.save()
    put_into_effect_for(organisation.pk)
    assert level_of(one) == "sustain"
    assert TakenEffect.objects.count() == 1


def test_a_level_waits_while_its_partnership_has_ended(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    """Else the record would say that it was put into effect where nothing was."""
    _, lead, executive = people
    day = timezone.localdate() + TOMORROW
    waiting = decided(one, executive, level_code="decline", reason="No days for it", applies_from=day)
    change_state(participation=one, by=lead, to=ParticipationState.ENDED)
    assert not take_effect(waiting)
    assert not TakenEffect.objects.exists()
    change_state(participation=one, by=lead, to=ParticipationState.ACTIVE)
    assert take_effect(waiting)
    assert level_of(one) == "decline"


def test_what_was_undone_while_its_level_waited_for_the_lock_takes_no_effect(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    """The schedule has read it already when somebody undoes it, or decides anew."""
    day = timezone.localdate() + TOMORROW
    read = decided(one, people[2], level_code="decline", reason="No days for it", applies_from=day)
    undo(decision=read, by=people[2])
    assert not take_effect(read)
    anew = decided(one, people[2], level_code="decline", reason="Still none", applies_from=day)
    decided(one, people[2], applies_from=day)
    assert not take_effect(anew)
    assert level_of(one) == "prioritise"
    assert not TakenEffect.objects.exists()


def test_decisions_are_added_and_never_edited(people: tuple[Organisation, Person, Person], one: Participation) -> None:
    decision = decided(one, people[2])
    for statement in (
        "UPDATE decisions_decision SET reason = 'otherwise' WHERE id = %s",
        "DELETE FROM decisions_decision WHERE id = %s",
        "UPDATE decisions_takeneffect SET level_before = 'x' WHERE decision_id = %s",
    ):
        refused = pytest.raises(ProgrammingError, match="permission denied")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [decision.pk])


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"outcome": "perhaps"}, "decision_outcome_is_known"),
        ({"level_code": "", "outcome": Outcome.OVERRULED, "reason": "So"}, "decision_undone_has_no_level"),
        ({"review_on": None}, "decision_undone_has_no_level"),
        ({"level_code": "other"}, "decision_accepted_is_what_was_recommended"),
        ({"outcome": Outcome.OVERRULED}, "decision_overruled_is_something_else"),
        ({"outcome": Outcome.OVERRULED, "level_code": "other", "reason": " "}, "decision_overruled_is_something_else"),
        ({"decided_in": "Board"}, "decision_by_somebody_or_in_a_meeting"),
        ({"decided_by": None}, "decision_by_somebody_or_in_a_meeting"),
        ({"review_on": datetime.date(2020, 1, 1)}, "decision_reviewed_after_it_was_taken"),
        ({"applies_from": datetime.date(2020, 1, 1)}, "decision_applies_once_it_is_taken"),
    ],
)
def test_the_database_keeps_the_rules(
    people: tuple[Organisation, Person, Person], one: Participation, facts: dict[str, object], rule: str
) -> None:
    decision = decided(one, people[2])
    copy = Decision.objects.get(pk=decision.pk)
    copy.pk, copy.supersedes = None, decision
    for name, value in facts.items():
        setattr(copy, name, value)
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        copy.save(force_insert=True)


def test_the_first_decision_is_taken_once(people: tuple[Organisation, Person, Person], one: Participation) -> None:
    decision = decided(one, people[2])
    decision.pk = None
    with pytest.raises(IntegrityError, match="decision_first_once"), transaction.atomic():
        decision.save(force_insert=True)


def test_a_decision_follows_one_about_the_same_partnership(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    other = people[0].participations.get(partnership__name="Alliance 1")
    decision, elsewhere = decided(one, people[2]), decided(other, people[2])
    decision.pk, decision.supersedes = None, elsewhere
    decision.save(force_insert=True)
    with pytest.raises(IntegrityError, match="decision_supersedes_same_partnership"):
        connection.check_constraints()


def test_decisions_that_exceed_a_pool_say_so_by_pool(people: tuple[Organisation, Person, Person]) -> None:
    organisation, _, executive = people
    everything = list(organisation.participations.select_related("partnership"))
    findings = basis_of(everything[0]).findings
    assert Together.of(findings, {}, organisation=organisation).fits
    for participation in everything:
        decided(participation, executive, level_code="prioritise", reason="We want all")
    together = Together.of(findings, decided_levels(organisation), organisation=organisation)
    asked = 6.0 * len(everything)
    assert (together.decided, together.others) == (len(everything), 0)
    assert [(pool.label, round(pool.asked, 1), pool.available) for pool in together.over] == [
        ("Executive", asked, 27.0)
    ]
    assert together.over[0].in_words == "3 executive days too many this quarter: 30 asked, 27 there."


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_who_decide_at_once_leave_one_decision(self) -> None:
        organisation, lead, executive = scored_portfolio()
        one = organisation.participations.get(partnership__name="Alliance 4")
        basis = basis_of(one)
        together, outcomes = threading.Barrier(2), []

        def run(person: Person) -> None:
            try:
                with acting_for(organisation, person=person):
                    together.wait(timeout=20)
                    decide(participation=one, by=person, wanted=wanted(basis, person), run=basis.run.pk, seen="")
                    outcomes.append("decided")
            except (DecidedMeanwhile, OutOfDateError) as met:
                outcomes.append(type(met).__name__)
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=(person,)) for person in (lead, executive)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert sorted(outcomes) == ["DecidedMeanwhile", "decided"]
        assert Decision.objects.filter(participation=one).count() == 1

    def test_who_decides_and_who_changes_the_meeting_wait_for_each_other_and_both_go_through(self) -> None:
        """The one holds the meeting and adds a row of the organisation; the other holds the organisation and waits for
        the meeting.
        """
        organisation, _, executive = scored_portfolio()
        one, other = organisation.participations.order_by("pk")[:2]
        basis, today = basis_of(one), timezone.localdate()
        meeting = begin_meeting(organisation=organisation, by=executive, name="Board", held_on=today, agenda=[one])
        added, outcomes = threading.Event(), []

        def run(act: Callable[[], Any]) -> None:
            try:
                with acting_for(organisation, person=executive), transaction.atomic():
                    act()
                outcomes.append("done")
            except (OperationalError, ValidationError) as trouble:
                outcomes.append(str(trouble))
            finally:
                connection.close()

        def put_on() -> None:
            put_on_agenda(meeting=meeting, by=executive, participation=other)
            added.set()
            _wait_until_somebody_waits()

        def decide_in_it() -> None:
            added.wait(timeout=20)
            facts = wanted(basis, executive, decided_by=None, decided_in="Board")
            decide(participation=one, by=executive, wanted=facts, run=basis.run.pk, seen="", meeting=meeting)

        threads = [threading.Thread(target=run, args=(act,)) for act in (put_on, decide_in_it)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert outcomes == ["done", "done"]
        assert meeting.agenda.count() == 2
        assert Decision.objects.filter(participation=one, meeting=meeting).count() == 1


def _wait_until_somebody_waits() -> None:
    """Until another connection waits for a lock that this one holds."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
