"""The night's re-scoring of everybody through real workers: what is skipped, what fails, what goes first."""

from __future__ import annotations

import datetime
import json
import time
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from config.celery import app
from partnerships.models import Organisation
from partnerships.over_all_organisations import ids_of
from partnerships.signals import announce_change
from scoring import tasks
from scoring.actions import request_run
from scoring.models import Night, Run, RunState, RunTrigger
from scoring.runner import NightUnderWayError, begin_night, steps_to_a_score
from scoring.runner.entered import entered_by
from scoring.situation import situation_of
from tests.factories import organisation_with_people
from tests.integration.scoring.conftest import StartWorker, kill, wait_for
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db(transaction=True)


def printed(command: str, **options: Any) -> str:
    out = StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


def run_everything() -> None:
    """Take every queued run of the night in this process, in order."""
    for run in Run.objects.for_the_night():
        tasks.score_by_night(run.pk)


def waiting_in(queue: str) -> int:
    with app.connection_for_write() as connection:
        channel: Any = connection.default_channel
        return int(channel.queue_declare(queue).message_count)


def test_a_night_scores_everybody_and_a_failure_stops_no_other(start_worker: StartWorker) -> None:
    well = [portfolio(3)[0] for _ in range(4)]
    ill, _, _ = portfolio(6, days=10)
    top = ill.engagement_levels.get(code="prioritise")
    ill.participations.update(mandate_level=top, mandate_source="Health and Care Act 2022")
    unready, _, _ = organisation_with_people()
    assert printed("score_all").startswith("5 organisations queued for scoring; 0 had a run waiting already.")
    start_worker(SCORING_DRAWS="5")
    report = json.loads(printed("night_report", json=True, wait=True, seconds=60))
    assert {key: report[key] for key in ("organisations", "done", "failed", "skipped", "waiting", "running")} == {
        "organisations": 5,
        "done": 4,
        "failed": 1,
        "skipped": 0,
        "waiting": 0,
        "running": 0,
    }
    [failure] = report["failures"]
    assert failure["organisation"] == ill.code
    assert "27 executive days" in failure["reason"]
    assert failure["reason"] in printed("night_report")
    assert all(one.runs.get().trigger == RunTrigger.NIGHT for one in well)
    assert not unready.runs.exists()
    night = Night.objects.get()
    assert night.ended_at == max(run.finished_at for run in Run.objects.all() if run.finished_at)


def test_what_has_not_changed_is_skipped_and_what_has_is_scored(empty_broker: None) -> None:
    same, _, _ = portfolio(3)
    changed, _, _ = portfolio(3)
    begin_night(timezone.now())
    run_everything()
    changed.capacity_quarters.filter(pool__code="executive").update(days=4)
    second = begin_night(timezone.now())
    run_everything()
    assert [run.state for run in same.runs.latest_first()] == [RunState.SKIPPED, RunState.DONE]
    assert [run.state for run in changed.runs.latest_first()] == [RunState.DONE, RunState.DONE]
    assert (second.progress().done, second.progress().skipped, second.progress().total) == (1, 1, 2)
    assert situation_of(same).shown == same.runs.done().get()
    assert situation_of(same).why_stale == ""
    assert "1 scored, 1 unchanged, 0 failed" in printed("night_report")


@pytest.mark.parametrize("facts", [{"engine_version": "0.1"}, {"entered_hash": "of other inputs"}])
def test_an_earlier_engine_or_other_inputs_are_no_reason_to_skip(empty_broker: None, facts: dict[str, str]) -> None:
    organisation, _, _ = portfolio(2)
    begin_night(timezone.now())
    run_everything()
    organisation.runs.update(**facts)
    begin_night(timezone.now())
    run_everything()
    assert [run.state for run in organisation.runs.all()] == [RunState.DONE, RunState.DONE]


def test_what_somebody_asks_for_is_never_skipped(empty_broker: None) -> None:
    organisation, lead, _ = portfolio(2)
    for _ in range(2):
        tasks.score(request_run(organisation=organisation, by=lead).pk)
    assert [run.state for run in organisation.runs.all()] == [RunState.DONE, RunState.DONE]
    results = [run.outcome()["partnerships"] for run in organisation.runs.all()]
    assert results[0] == results[1]


def test_the_same_inputs_give_the_same_answer_by_night_and_by_day(empty_broker: None) -> None:
    organisation, lead, _ = portfolio(4)
    by_day = request_run(organisation=organisation, by=lead)
    tasks.score(by_day.pk)
    Run.objects.update(entered_hash="")
    organisation.recommendations.all().delete()  # without the memory, so that the inputs are the same to the letter
    night = begin_night(timezone.now())
    run_everything()
    by_day.refresh_from_db()
    by_night = night.runs.get()
    assert by_night.inputs_hash == by_day.inputs_hash
    assert by_night.result == by_day.result


def test_a_button_pressed_in_the_night_is_served_before_the_night(start_worker: StartWorker) -> None:
    others = [portfolio(3)[0] for _ in range(12)]
    mine, lead, _ = portfolio(3)
    night = begin_night(timezone.now())
    tasks.fill_the_window()
    assert waiting_in(settings.SCORING_NIGHT_QUEUE) == 13
    run = request_run(organisation=mine, by=lead)
    assert (run.trigger, run.requested_by, run.night) == (RunTrigger.BUTTON, lead, night)
    start_worker(SCORING_DRAWS="400")
    wait_for(run, RunState.DONE)
    ended_before = Run.objects.filter(organisation__in=others, finished_at__lt=run.finished_at).count()
    assert ended_before <= 1  # at most what the worker held when the button's task came
    assert run.attempts == 1
    printed("night_report", wait=True, seconds=60)
    assert night.progress().done == 13
    assert Run.objects.count() == 13


def test_a_worker_of_the_day_leaves_the_night_alone(start_worker: StartWorker) -> None:
    other, _, _ = portfolio(2)
    begin_night(timezone.now())
    tasks.fill_the_window()
    mine, lead, _ = portfolio(2)
    run = request_run(organisation=mine, by=lead)
    start_worker(queues="scoring", SCORING_DRAWS="5")
    wait_for(run, RunState.DONE)
    assert other.runs.get().state == RunState.QUEUED
    assert waiting_in(settings.SCORING_NIGHT_QUEUE) == 1


def test_a_change_takes_a_waiting_run_over_from_the_night(empty_broker: None) -> None:
    organisation, lead, _ = portfolio(2)
    night = begin_night(timezone.now())
    tasks.fill_the_window()
    with transaction.atomic():
        announce_change(organisation=organisation, by=lead)
    run = organisation.runs.get()
    assert (run.trigger, run.requested_by, run.night) == (RunTrigger.CHANGE, lead, night)
    assert waiting_in(settings.CELERY_TASK_DEFAULT_QUEUE) == 1
    assert "Wanted before the night" in str(run.changes.values_list("note", flat=True).last())
    tasks.score(run.pk)
    tasks.score_by_night(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == (RunState.DONE, 1)
    night.refresh_from_db()
    assert night.ended_at is not None


def test_a_worker_killed_in_the_night_leaves_nothing_undone(start_worker: StartWorker) -> None:
    for _ in range(6):
        portfolio(12)
    printed("score_all")
    first = start_worker(SCORING_DRAWS="3000", SCORING_NIGHT_WINDOW="2")
    deadline = time.monotonic() + 60
    while not Run.objects.filter(state=RunState.RUNNING).exists():
        assert time.monotonic() < deadline, "the first worker takes nothing"
        time.sleep(0.05)
    kill(first)
    assert Run.objects.exclude(state=RunState.DONE).exists()
    start_worker(schedule=True, SCORING_DRAWS="5", SCORING_LOST_AFTER_SECONDS="2", SCORING_RECONCILE_EVERY_SECONDS="1")
    report = json.loads(printed("night_report", json=True, wait=True, seconds=60))
    assert (report["done"], report["failed"]) == (6, 0)
    assert Run.objects.filter(attempts=2).count() >= 1


def test_the_broker_holds_a_window_of_the_night_and_each_task_sends_the_next(empty_broker: None, settings: Any) -> None:
    settings.SCORING_NIGHT_WINDOW = 2
    for _ in range(5):
        portfolio(1)
    begin_night(timezone.now())
    tasks.fill_the_window()
    tasks.fill_the_window()
    sent = list(Run.objects.exclude(sent_at=None).order_by("pk"))
    assert (len(sent), waiting_in("night")) == (2, 2)
    tasks.score_by_night(sent[0].pk)
    assert (Run.objects.exclude(sent_at=None).count(), waiting_in("night")) == (3, 3)  # nobody took the message itself
    tasks.queue_again()
    assert waiting_in("night") == 3


def test_what_the_broker_lost_of_the_night_is_sent_again(empty_broker: None, settings: Any) -> None:
    for _ in range(3):
        portfolio(1)
    begin_night(timezone.now())
    tasks.fill_the_window()
    app.control.purge()
    tasks.queue_again()
    assert waiting_in("night") == 0  # sent a moment ago: a worker may hold it
    settings.SCORING_REQUEUE_AFTER_SECONDS = 0
    tasks.queue_again()
    assert waiting_in("night") == 3
    assert waiting_in("scoring") == 0
    tasks.queue_again()
    assert waiting_in("night") == 3  # nothing is lost, so nothing is sent twice


def test_what_a_dead_worker_left_of_the_night_goes_back_to_the_night(empty_broker: None) -> None:
    portfolio(1)
    begin_night(timezone.now())
    long_ago = timezone.now() - datetime.timedelta(hours=1)
    assert Run.objects.claim(Run.objects.get().pk, worker="killed", now=long_ago)
    tasks.queue_again()
    assert (waiting_in("night"), waiting_in("scoring")) == (1, 0)


def test_the_largest_portfolios_go_first(empty_broker: None) -> None:
    for size in (1, 3, 2):
        portfolio(size)
    begin_night(timezone.now())
    assert [run.organisation.participations.count() for run in Run.objects.for_the_night()] == [3, 2, 1]


def test_no_second_night_begins_before_the_first_has_ended(empty_broker: None) -> None:
    portfolio(1)
    night = begin_night(timezone.now())
    with pytest.raises(NightUnderWayError, match="with 1 to go"):
        begin_night(timezone.now())
    with pytest.raises(CommandError, match=r"still under way, with 1 to go\. See how far it is with night_report"):
        printed("score_all")
    tasks.score_everybody()
    assert list(Night.objects.all()) == [night]
    run_everything()
    tasks.score_everybody()
    assert Night.objects.count() == 2


def test_an_organisation_whose_run_waits_already_has_no_second(empty_broker: None) -> None:
    organisation, lead, _ = portfolio(1)
    run = request_run(organisation=organisation, by=lead)
    night = begin_night(timezone.now())
    assert (night.organisations, night.already_waiting) == (1, 1)
    assert list(organisation.runs.all()) == [run]
    assert run.night is None
    Night.objects.end_what_is_over()
    night.refresh_from_db()
    assert night.ended_at == night.started_at


def test_a_night_without_a_broker_is_sent_later(empty_broker: None, monkeypatch: pytest.MonkeyPatch) -> None:
    portfolio(1)
    with monkeypatch.context() as down:
        down.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
        assert "The broker does not answer" in printed("score_all")
    assert Run.objects.get().sent_at is None
    tasks.queue_again()
    assert waiting_in("night") == 1


def test_the_night_is_no_news_on_a_page(empty_broker: None) -> None:
    organisation, lead, _ = portfolio(2)
    tasks.score(request_run(organisation=organisation, by=lead).pk)
    begin_night(timezone.now())
    situation = situation_of(organisation)
    assert (situation.under_way, situation.why_stale, situation.is_delayed) == (None, "", False)
    new, _, _ = portfolio(2)
    run = Run.objects.create(
        organisation=new, trigger=RunTrigger.NIGHT, night=Night.objects.get(), requested_at=timezone.now()
    )
    assert situation_of(new).under_way == run
    assert not situation_of(new).is_delayed


def test_ready_in_one_query_and_by_its_rows_is_ready_step_by_step(empty_broker: None) -> None:
    portfolio(1)
    organisation_with_people()
    for name in ("value_ratings", "days_needed", "capacity_quarters"):
        one, _, _ = portfolio(1)
        getattr(one, name).all().delete()
    drafts, _, _ = portfolio(1)
    drafts.participations.update(state="draft")
    ready_ones = ids_of("scoring_ready_for_the_night")
    for one in Organisation.objects.all():
        ready = all(step.done for step in steps_to_a_score(one))
        assert (one.pk in ready_ones) == entered_by(one).is_enough == ready
    assert len(ready_ones) == 1


def test_a_report_before_the_first_night_says_so() -> None:
    with pytest.raises(CommandError, match=r"There has been no night yet\. Start one with score_all"):
        printed("night_report")


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        ("night_ends_after_it_starts", {"ended_at": timezone.now() - datetime.timedelta(days=1)}),
        ("night_waiting_are_some_of_all", {"organisations": 1, "already_waiting": 2}),
    ],
)
def test_a_broken_rule_of_a_night_is_refused(rule: str, facts: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=rule):
        Night.objects.create(started_at=timezone.now(), **facts)


def test_one_night_at_a_time() -> None:
    Night.objects.create(started_at=timezone.now())
    with pytest.raises(IntegrityError, match="night_one_under_way"):
        Night.objects.create(started_at=timezone.now())


@pytest.mark.parametrize("facts", [{"trigger": RunTrigger.NIGHT}, {"state": "skipped", "finished_at": timezone.now()}])
def test_a_run_by_night_is_of_a_night(facts: dict[str, Any]) -> None:
    organisation, _, _ = organisation_with_people()
    with pytest.raises(IntegrityError, match="run_by_night_is_of_a_night"):
        Run.objects.create(
            **{"organisation": organisation, "trigger": RunTrigger.CHANGE, "requested_at": timezone.now(), **facts}
        )
