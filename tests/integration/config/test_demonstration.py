"""The demonstration, loaded into a real database: whole, invented through and through, and shaped as it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from config.demonstration import load, sign_ins
from decisions.actions.kind_noes import TEXTS
from decisions.letter_fields import says
from decisions.models import Decision, KindOfNo, LetterState, Outcome, PromiseState
from decisions.saying_no import kind_of_no
from decisions.year import year_of, years_of
from diagnostics.actions import issue_link
from diagnostics.completion import kept_back
from diagnostics.models import PartnerReply, ReplyLine, Response, Round, RoundState
from partnerships.isolation import acting_for_nobody
from partnerships.models import Organisation, Person, RegisterSource
from partnerships.rule_reach import reached_rules
from scoring.engine import solve
from scoring.runner import freeze
from tests.integration.diagnostics.hidden import every_response


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Organisation]:
    """Loaded once for this module and rolled back after it: loading takes seconds."""
    with django_db_blocker.unblock(), transaction.atomic():
        with acting_for_nobody():  # as the command does
            load()
        yield Organisation.objects.get(code="DEMO")
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_whole_portfolio_is_active_and_complete(demo: Organisation) -> None:
    portfolio = demo.participations.active().select_related("partnership__kind")
    assert portfolio.count() == demo.participations.count() == 24
    assert len({one.partnership.kind.code for one in portfolio}) >= 15
    for one in portfolio:
        assert one.patient_benefit, one
        assert one.sponsor, one
        assert one.lead, one
        assert one.days_needed.count() == 9, one
        assert one.value_ratings.exists(), one
        assert one.harm_reviewed_by is not None, one
        lead = one.partnership.memberships.get(is_lead=True)
        assert one.partnership.started_on is not None, one
        assert lead.left_on is None
    assert demo.objective_weights.values("decision_maker").distinct().count() == 3
    assert portfolio.exclude(mandate_source="").count() >= 3


@pytest.mark.django_db
def test_it_shows_rules_a_ranking_a_shared_pool_and_a_cost_of_change_in_use(demo: Organisation, client: Client) -> None:
    client.force_login(Person.objects.get(name="Priya Nambiar"))
    said = {
        "rules/": [
            "Keep at least 1 of the kind “Provider collaborative” at Sustain or above",
            "Frailty at Home at Prioritise or above needs Mossbury Place Partnership at Sustain or above",
            "together add 1.5 points when both are at Sustain or above",
        ],
        "criteria/": ["Dr Tomos Hale"],
        "capacity/sharing/": ["Fernshire Community Care NHS Trust", "50%"],
        "criteria/cost-of-change/": ['value="0.2"', 'value="0.1"'],
    }
    for path, words in said.items():
        page = client.get(f"/o/DEMO/{path}").content.decode()
        assert [one for one in words if one not in page] == [], path
    assert all(rule.counts for rule in reached_rules(demo))
    document = freeze(demo, on=timezone.localdate(), draws=0).document
    assert len(document["rules"]) == 3
    assert [one["ranking"] for one in document["weights"] if "ranking" in one] == [
        {"objectives": ["patients", ["equity", "staff"], "money"], "ways": ["join-up", "learn", ["pool", "align"]]}
    ]
    assert {one["id"]: one["days"] for one in document["pools"]}["programme"] == 230
    assert solve({**document, "outputs": ["choice"]})["cost_of_change"] > 0


@pytest.mark.django_db
def test_everything_it_names_is_invented_and_in_no_register(demo: Organisation) -> None:
    organisations = Organisation.objects.all()
    assert organisations.count() > 20
    assert not organisations.filter(is_invented=False).exists()
    assert not organisations.exclude(source=RegisterSource.PERSON).exists()
    # ODS codes have three to six characters; ours all begin with a word that none has
    assert all(one.code.startswith("DEMO") for one in organisations)


@pytest.mark.django_db
def test_it_stands_past_its_tipping_point_and_the_engine_says_so(demo: Organisation) -> None:
    document = freeze(demo, on=timezone.localdate(), draws=0).document | {"outputs": ["choice", "load_curve"]}
    result = solve(document)
    asked, available = result["today"]["days"]["executive"], result["available"]["executive"]
    assert 125 <= asked <= 135
    assert 78 <= available <= 82
    assert result["load_curve"]["highest"]["load"] < result["today"]["load"]
    assert result["total_value"] > 1.2 * result["today"]["deliverable"]
    assert result["days"]["executive"] <= available


@pytest.mark.django_db
def test_surveys_stand_in_every_state(demo: Organisation) -> None:
    rounds = Round.objects.filter(organisation=demo)
    answered = Counter(one.round_id for one in every_response() if one.submitted_on)
    closed = [one for one in rounds if one.state == RoundState.CLOSED]
    assert sum(5 <= answered[one.pk] <= 15 for one in closed) >= 12
    too_few = [one.subject for one in closed if answered[one.pk] < 5]
    assert sorted(too_few) == ["by_us", "partnership"]
    still_open = rounds.get(state=RoundState.OPEN)
    marked = still_open.invitations.filter(completed=True).count()
    assert marked >= 5
    assert answered[still_open.pk] == marked + kept_back(still_open)
    assert still_open.takes_answers_on(timezone.localdate())
    assert demo.participations.filter(survey_rounds__isnull=True).count() >= 3


@pytest.mark.django_db
def test_closed_rounds_lie_in_the_past_with_their_answers(demo: Organisation) -> None:
    for one in Round.objects.filter(organisation=demo, state=RoundState.CLOSED):
        assert one.opened_at is not None
        assert one.closed_at is not None
        assert one.opens_on is not None
        assert one.opened_at < one.closed_at < timezone.now()
        days = Response.objects.filter(round=one).values_list("submitted_on", flat=True)
        assert all(day is not None and one.opens_on <= day <= one.closes_on for day in days), one


@pytest.mark.django_db
def test_partners_are_told_of_days_that_are_still_to_come(demo: Organisation) -> None:
    """Whenever it is loaded: as the days on which it was asked, they are counted from that day."""
    days = ReplyLine.objects.filter(reply__organisation=demo, on_day__isnull=False).values_list("on_day", flat=True)
    assert sorted((day - timezone.localdate()).days for day in days if day) == [60, 120]
    told = PartnerReply.objects.get(organisation=demo).published
    assert told is not None
    assert [str(day) for day in sorted(day for day in days if day)] == sorted(
        line["on_day"] for line in told["lines"] if line["on_day"]
    )


@pytest.mark.django_db
def test_each_kind_of_person_can_sign_in(demo: Organisation) -> None:
    people = sign_ins()
    assert [one.kind for one in people] == [
        "Strategy lead", "Administrator", "Contributor", "Executive", "Strategy lead of a neighbour", "System reader",
        "Respondent",
    ]  # fmt: skip
    *with_passwords, respondent = people
    for one in with_passwords:
        assert Client().login(username=one.email, password=one.password), one
    page = Client().get(respondent.path, follow=True)
    assert page.status_code == 200
    assert "Practice and Hospital Liaison Group" in page.content.decode()


@pytest.mark.django_db
def test_nobody_else_has_a_password(demo: Organisation) -> None:
    known = {one.email for one in sign_ins()}
    others = [person for person in Person.objects.all() if person.email not in known]
    assert others
    assert not any(person.has_usable_password() for person in others)


@pytest.mark.django_db
def test_the_respondent_that_is_offered_has_the_newest_link(demo: Organisation, settings: Any, tmp_path: Path) -> None:
    before = sign_ins()[-1].path
    under_way = Round.objects.get(state=RoundState.OPEN)
    waiting = under_way.invitations.of_people().waiting()
    fresh = [issue_link(invitation=one, by=Person.objects.get(name="Priya Nambiar")) for one in waiting]
    assert sign_ins()[-1].path in {f"/s/{link.secret}/" for link in fresh} - {before}
    settings.SURVEY_KEYS = str(tmp_path)  # as where the folder was lost
    assert [one.kind for one in sign_ins()][-1] == "System reader"


@pytest.mark.django_db
def test_the_neighbour_sees_nothing_of_it(demo: Organisation, client: Client) -> None:
    neighbour = Person.objects.get(name="Elin Pryce")
    client.force_login(neighbour)
    assert [one.code for one in neighbour.organisations] == ["DEMOTHORN"]
    assert client.get("/o/DEMO/partnerships/").status_code == 404
    assert client.get("/o/DEMOTHORN/partnerships/").status_code == 200


@pytest.mark.django_db
def test_the_system_reader_sees_where_the_two_trusts_pull_apart_and_only_what_they_share(
    demo: Organisation, client: Client
) -> None:
    client.force_login(Person.objects.get(name="Hannah Beckett"))
    page = client.get("/system/DEMOICB/").content.decode()
    assert (
        "2 organisations have shared 7 partnerships. In 1 of the 4 that two or more have shared, they pull apart."
        in page
    )
    assert page.index("Fernshire Acute Provider Collaborative") < page.index("Fernshire People Board")
    assert "Mossbury Clinical School" not in page
    slugs = dict(demo.participations.values_list("partnership__name", "partnership__slug"))
    assert client.get(f"/system/DEMOICB/partnerships/{slugs['Frailty at Home']}/").status_code == 200
    assert client.get(f"/system/DEMOICB/partnerships/{slugs['Mossbury Clinical School']}/").status_code == 404


@pytest.mark.django_db
def test_promises_stand_in_every_stage_on_the_days_that_the_files_say(demo: Organisation) -> None:
    today = timezone.localdate()
    promises = list(demo.promises.all())
    assert Counter(one.state for one in promises) == {"open": 5, "kept": 2, "not_kept": 1}
    assert sorted((today - one.due_on).days for one in promises if one.is_overdue_on(today)) == [6, 12]
    assert all(one.made_on < today for one in promises)
    assert all(one.closed_on is not None and one.closed_on < today for one in promises if not one.is_open)
    assert {one.owner.name for one in promises} >= {"Ravi Menon", "Priya Nambiar", "Maureen Okafor"}


def decided_about(demo: Organisation, name: str) -> Decision:
    found: Decision = demo.decisions.current().get(participation__partnership__name=name)
    return found


@pytest.mark.django_db
def test_a_meeting_was_held_that_followed_most_recommendations_and_overruled_one_for_a_reason(
    demo: Organisation,
) -> None:
    meeting = demo.decision_meetings.get()
    assert meeting.ended_at is not None
    assert (timezone.localdate() - meeting.held_on).days == 12
    assert meeting.begun_at < meeting.ended_at < timezone.now()
    assert timezone.localdate(meeting.begun_at) == meeting.held_on
    decisions = list(meeting.decisions.all())
    assert Counter(one.outcome for one in decisions) == {"accepted": 5, "overruled": 1}
    assert {timezone.localdate(one.recorded_at) for one in decisions} == {meeting.held_on}
    overruled = decided_about(demo, "Saltmere Regeneration Board")
    assert overruled.outcome == Outcome.OVERRULED
    assert "Until then we listen" in overruled.reason
    assert overruled.cost is not None
    assert overruled.cost > 0
    items = list(meeting.agenda.all())
    assert len(items) == len(decisions) + 1
    assert all(item.notes for item in items)
    assert all(one.reason or one.outcome == Outcome.ACCEPTED for one in decisions)


@pytest.mark.django_db
def test_a_no_was_carried_through_and_its_review_has_come_due(demo: Organisation) -> None:
    decision = decided_about(demo, "Rural Health Research Consortium")
    assert kind_of_no(decision) == KindOfNo.LEAVE
    assert decision.outcome == Outcome.ACCEPTED
    assert decision.participation.level == demo.engagement_levels.get(position=0)
    assert decision.was_out_of_date is False
    kind_no = decision.kind_no
    assert all(getattr(kind_no, name) for name in TEXTS)
    letter = kind_no.letters.get()
    assert letter.state == LetterState.SENT
    assert letter.asked_at is not None
    assert letter.sent_at is not None
    assert decision.recorded_at < letter.asked_at < letter.sent_at < timezone.now()
    assert "Dear Professor Ifor Lathom" in letter.body
    assert "{" not in letter.body
    assert says(letter.body, kind_no.reason)
    assert "Hand over the interviews of the second bid" in letter.body
    assert len(mail.outbox) == 0
    assert kind_no.tellings.count() == 2
    assert "sorry" in kind_no.replies.get().answer
    items = list(kind_no.checklist.all())
    assert Counter(one.is_open for one in items) == {True: 3, False: 5}
    assert [one.not_needed_because for one in items if one.not_needed_because] == [
        "Nothing was shared: no bid was funded."
    ]
    assert Counter(one.state for one in decision.promises.all()) == {"open": 2, "kept": 1}
    assert "receipt" in decision.promises.get(state=PromiseState.KEPT).evidence
    assert list(demo.decisions.to_review_by(timezone.localdate())) == [decision]


@pytest.mark.django_db
def test_what_was_scored_in_the_past_is_in_the_past_and_today_waits_for_a_worker(demo: Organisation) -> None:
    today = timezone.localdate()
    done = demo.runs.done().order_by("pk")
    assert [(today - timezone.localdate(run.finished_at)).days for run in done] == [101, 13]
    assert all(set(run.changes.values_list("at", flat=True)) == {run.finished_at} for run in done)
    assert demo.runs.queued().count() == 1


@pytest.mark.django_db
def test_the_executives_year_tells_something(demo: Organisation) -> None:
    """Near the first of April it is told in two years."""
    today = timezone.localdate()
    years = [year_of(demo, one, today=today) for one in years_of(demo, today=today)]
    assert sum(len(year.decided.lines) for year in years) == 7
    assert sum(len(year.said_no) for year in years) == 1
    assert sum(len(year.stepped_down) for year in years) == 3
    assert {one.pk for year in years for one in year.promised.overdue} == {
        one.pk for one in demo.promises.all() if one.is_overdue_on(today)
    }
    delivers = [one.delivers or 0 for year in reversed(years) for one in year.value.measured]
    assert delivers[-1] > delivers[0]  # a partnership less, past the tipping point


@pytest.mark.django_db
def test_what_it_decided_reads_as_a_person_would_say_it(demo: Organisation, client: Client) -> None:
    client.force_login(Person.objects.get(name="Maureen Okafor"))
    slug = decided_about(demo, "Rural Health Research Consortium").participation.partnership.slug
    review = client.get(f"/o/DEMO/decisions/{slug}/review/").content.decode()
    assert "Time to look again" in review
    assert "It went from" not in review  # it was active long before anything was decided
    assert "invented for demonstration" in review
    for address in ("decisions/", f"decisions/{slug}/kind-no/", f"decisions/{slug}/letter/", "decisions/year/"):
        assert client.get(f"/o/DEMO/{address}").status_code == 200, address
