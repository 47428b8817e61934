"""Runs through real workers on the real broker, some of which are killed."""

from __future__ import annotations

import datetime
import time
from decimal import Decimal
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.signals import announce_change
from scoring import tasks
from scoring.actions import request_run
from scoring.engine import ENGINE_VERSION
from scoring.models import Run, RunState, RunTrigger
from scoring.runner import carry_out, carrying_out
from scoring.runner.carrying_out import ClaimLostError
from tests.integration.scoring.conftest import StartWorker, kill, wait_for
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db(transaction=True)


def long_ago(seconds: int = 3600) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(seconds=seconds)


def test_a_change_is_scored_by_a_worker(start_worker: StartWorker) -> None:
    organisation, lead, _ = portfolio(4)
    with transaction.atomic():
        announce_change(organisation=organisation, by=lead)
    run = organisation.runs.get()
    assert (run.state, run.trigger, run.requested_by) == (RunState.QUEUED, RunTrigger.CHANGE, lead)
    assert run.sent_at is not None
    start_worker(SCORING_DRAWS="10")
    wait_for(run, RunState.DONE)
    assert run.engine_version == ENGINE_VERSION
    assert run.outcome()["status"] == "optimal"
    assert run.progress_done == run.progress_total > 0
    assert organisation.recommendations.filter(run=run).count() == 4
    assert [change.state for change in run.changes.all()] == ["queued", "running", "done"]


def test_another_worker_takes_over_from_a_killed_one(start_worker: StartWorker) -> None:
    organisation, lead, _ = portfolio(20)
    first = start_worker(SCORING_DRAWS="9000")
    run = request_run(organisation=organisation, by=lead)
    deadline = time.monotonic() + 60
    while not Run.objects.filter(pk=run.pk, document__isnull=False).exists():
        assert time.monotonic() < deadline, "the first worker stores no inputs"
        time.sleep(0.05)
    kill(first)
    run.refresh_from_db()
    assert run.state == RunState.RUNNING
    start_worker(schedule=True, SCORING_DRAWS="5", SCORING_LOST_AFTER_SECONDS="2", SCORING_RECONCILE_EVERY_SECONDS="1")
    wait_for(run, RunState.DONE)
    assert run.attempts == 2
    assert run.frozen_inputs()["draws"] == 5
    assert organisation.recommendations.filter(run=run).count() == 20


def test_duties_that_do_not_fit_fail_with_what_to_do(start_worker: StartWorker) -> None:
    organisation, lead, _ = portfolio(6, days=10)
    top = organisation.engagement_levels.get(code="prioritise")
    organisation.participations.update(mandate_level=top, mandate_source="Health and Care Act 2022")
    run = request_run(organisation=organisation, by=lead)
    start_worker(SCORING_DRAWS="5")
    wait_for(run, RunState.FAILED)
    assert "27 executive days" in run.failure
    assert "Enter more days under Capacity" in run.failure
    assert not organisation.recommendations.exists()


def test_a_run_that_takes_too_long_is_stopped_and_says_so(
    start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation, lead, _ = portfolio(60)
    # The sender's limit travels with the task, so it is set here; the message names the worker's own. It leaves a busy
    # machine the time to claim the run, and is over long before so many draws are.
    task: Any = tasks.score
    monkeypatch.setitem(task._get_exec_options(), "soft_time_limit", 0.5)
    run = request_run(organisation=organisation, by=lead)
    start_worker(SCORING_DRAWS="9000", TASK_TIME_LIMIT="120")
    wait_for(run, RunState.FAILED)
    assert "took longer than 1 minute and was stopped" in run.failure


def test_the_time_limit_is_known_behind_another_error(empty_broker: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(run: Run) -> None:
        try:
            raise SoftTimeLimitExceeded
        except SoftTimeLimitExceeded as limit:  # as where the signal comes while compiled code returns
            raise SystemError("returned a result with an exception set") from limit

    organisation, lead, _ = portfolio(2)
    run = request_run(organisation=organisation, by=lead)
    monkeypatch.setattr(tasks, "carry_out", interrupted)
    tasks.score(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == (RunState.FAILED, 1)
    assert "took longer than 14 minutes and was stopped" in run.failure


def test_a_request_the_broker_lost_is_sent_again(start_worker: StartWorker) -> None:
    organisation, lead, _ = portfolio(3)
    run = Run.objects.create(
        organisation=organisation, trigger=RunTrigger.BUTTON, requested_by=lead, requested_at=long_ago()
    )
    start_worker(schedule=True, SCORING_DRAWS="5", SCORING_RECONCILE_EVERY_SECONDS="1")
    assert wait_for(run, RunState.DONE).sent_at is not None
    assert organisation.recommendations.filter(run=run).count() == 3


def test_a_task_that_comes_twice_runs_once(empty_broker: None) -> None:
    organisation, lead, _ = portfolio(3)
    run = request_run(organisation=organisation, by=lead)
    tasks.score(run.pk)
    tasks.score(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == (RunState.DONE, 1)
    assert organisation.recommendations.count() == 3


def test_a_long_run_shows_how_far_it_is_and_a_short_one_only_its_end(
    empty_broker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation, lead, _ = portfolio(3)
    told = []
    for seconds in (1.0, 0.0):
        monkeypatch.setattr(carrying_out, "SECONDS_BETWEEN_HEARTBEATS", seconds)
        run = request_run(organisation=organisation, by=lead)
        with CaptureQueriesContext(connection) as queries:
            tasks.score(run.pk)
        told.append([one["sql"] for one in queries if 'UPDATE "scoring_run" SET "progress_done"' in one["sql"]])
        run.refresh_from_db()
        assert run.progress_done == run.progress_total > 0
    assert told[0] == []
    assert len(told[1]) > 2


def test_requests_fold_into_the_waiting_run(empty_broker: None) -> None:
    organisation, lead, executive = portfolio(3)
    first = request_run(organisation=organisation, by=lead)
    assert request_run(organisation=organisation, by=executive) == first
    with transaction.atomic():
        announce_change(organisation=organisation, by=lead)
    assert organisation.runs.count() == 1


def test_a_change_during_a_running_run_queues_one_more(empty_broker: None) -> None:
    organisation, lead, _ = portfolio(3)
    first = request_run(organisation=organisation, by=lead)
    assert Run.objects.claim(first.pk, worker="a", now=timezone.now())
    for _ in range(3):
        with transaction.atomic():
            announce_change(organisation=organisation, by=lead)
    assert organisation.runs.count() == 2
    assert organisation.runs.queued().count() == 1


def test_a_worker_that_lost_its_run_stores_nothing(empty_broker: None) -> None:
    organisation, lead, _ = portfolio(3)
    run = request_run(organisation=organisation, by=lead)
    slow = Run.objects.claim(run.pk, worker="slow", now=long_ago())
    quick = Run.objects.claim(run.pk, worker="quick", now=timezone.now())
    assert slow is not None
    assert quick is not None
    carry_out(quick)
    with pytest.raises(ClaimLostError):
        carry_out(slow)
    run.refresh_from_db()
    assert (run.state, run.claimed_by) == (RunState.DONE, "quick")
    assert organisation.recommendations.count() == 3


def test_a_run_that_has_killed_three_workers_is_given_up(empty_broker: None) -> None:
    organisation, lead, _ = portfolio(3)
    run = request_run(organisation=organisation, by=lead)
    for attempt in range(tasks.MOST_ATTEMPTS):
        assert Run.objects.claim(run.pk, worker=f"worker {attempt}", now=long_ago(7200 - 1000 * attempt))
    tasks.queue_again()
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "What you entered is safe" in run.failure


def test_a_fault_of_ours_is_tried_three_times(empty_broker: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(run: Run) -> None:
        raise ZeroDivisionError("a fault put in by the test")

    monkeypatch.setattr(tasks, "carry_out", broken)
    organisation, lead, _ = portfolio(3)
    run = request_run(organisation=organisation, by=lead)
    states = []
    for _ in range(tasks.MOST_ATTEMPTS):
        tasks.score(run.pk)
        run.refresh_from_db()
        states.append(run.state)
    assert states == [RunState.RUNNING, RunState.RUNNING, RunState.FAILED]
    assert "on our side, 3 times" in run.failure


def test_a_later_run_remembers_the_earlier_words(empty_broker: None) -> None:
    organisation, lead, _ = portfolio(3)
    words = []
    for _ in range(2):
        run = request_run(organisation=organisation, by=lead)
        tasks.score(run.pk)
        run.refresh_from_db()
        remembered = run.frozen_inputs()["partnerships"]
        words.append([(one.get("previous_confidence"), one.get("previous_level")) for one in remembered])
    assert words[0] == [(None, None)] * 3
    first = organisation.runs.latest_first()[1].outcome()["partnerships"]
    assert words[1] == [(one["confidence"], one["level"]) for one in first]


def test_a_word_of_before_levels_were_kept_counts_for_any_level(empty_broker: None) -> None:
    organisation, lead, _ = portfolio(2)
    for _ in range(2):
        run = request_run(organisation=organisation, by=lead)
        tasks.score(run.pk)
        organisation.recommendations.update(best_code="")
    run.refresh_from_db()
    assert all("previous_level" in one for one in run.frozen_inputs()["partnerships"]) is False
    assert all(one["previous_confidence"] for one in run.frozen_inputs()["partnerships"])


def test_a_portfolio_that_is_not_ready_asks_for_no_run(empty_broker: None) -> None:
    organisation, lead, _ = portfolio(2)
    organisation.value_ratings.all().delete()
    with transaction.atomic():
        announce_change(organisation=organisation, by=lead)
    assert not organisation.runs.exists()


def test_a_run_whose_inputs_have_gone_says_what_is_missing(empty_broker: None) -> None:
    organisation, lead, _ = portfolio(2)
    run = request_run(organisation=organisation, by=lead)
    organisation.value_ratings.all().delete()
    tasks.score(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "Rate what each partnership is worth to you" in run.failure


def test_days_and_ratings_arrive_exactly(empty_broker: None) -> None:
    organisation, lead, _ = portfolio(1)
    organisation.days_needed.update(low=Decimal("0.35"), likely=Decimal("0.70"), high=Decimal("1.10"))
    run = request_run(organisation=organisation, by=lead)
    tasks.score(run.pk)
    run.refresh_from_db()
    options = {one["level"]: one["days"] for one in run.frozen_inputs()["partnerships"][0]["options"]}
    assert options["prioritise"]["executive"] == {"low": 0.35, "likely": 0.7, "high": 1.1}
    assert options["sustain"]["executive"] == {"low": 0.17, "likely": 0.24, "high": 0.31}
    assert options["decline"] == {}
