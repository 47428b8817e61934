"""Every rule that the database keeps about runs, broken once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from scoring.models import OPEN_STATES, TRANSITIONS, Recommendation, Run, RunChange, RunState, RunTrigger
from tests.factories import active_participation, organisation_with_people

pytestmark = pytest.mark.django_db


def a_run(organisation: Any, **facts: Any) -> Run:
    return Run.objects.create(
        **{
            "organisation": organisation,
            "trigger": RunTrigger.CHANGE,
            "requested_at": timezone.now(),
            **facts,
        }
    )


CLAIMED = {"state": RunState.RUNNING, "claim": uuid.UUID(int=1), "claimed_by": "a", "started_at": timezone.now()}
ENDED = {"state": RunState.DONE, "finished_at": timezone.now()}
COMPLETE = {"document": {}, "result": {}, "inputs_hash": "x", "engine_version": "1"}


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        ("run_state_is_known", {"state": "lost"}),
        ("run_trigger_is_known", {"trigger": "whim"}),
        ("run_button_was_pressed_by_somebody", {"trigger": RunTrigger.BUTTON}),
        ("run_running_is_claimed", {**CLAIMED, "claim": None}),
        ("run_finished_has_an_end", {**ENDED, **COMPLETE, "finished_at": None}),
        ("run_finished_has_an_end", {"finished_at": timezone.now()}),
        ("run_done_has_inputs_and_result", {**ENDED, **COMPLETE, "result": None}),
        ("run_failed_has_a_reason", {"state": RunState.FAILED, "finished_at": timezone.now(), "failure": " "}),
        ("run_failed_has_a_reason", {"failure": "but it waits"}),
        ("run_progress_within_total", {"progress_done": 2, "progress_total": 1}),
    ],
)
def test_a_broken_rule_is_refused(rule: str, facts: dict[str, Any]) -> None:
    organisation, _, _ = organisation_with_people()
    with pytest.raises(IntegrityError, match=rule):
        a_run(organisation, **facts)


def test_one_queued_run_an_organisation() -> None:
    organisation, _, _ = organisation_with_people()
    other, _, _ = organisation_with_people()
    a_run(organisation)
    a_run(organisation, **CLAIMED)
    a_run(other)
    with pytest.raises(IntegrityError, match="run_one_queued_per_organisation"):
        a_run(organisation)


def a_recommendation(run: Run, **facts: Any) -> Recommendation:
    given = {
        "organisation": run.organisation,
        "label": "sustain",
        "confidence": "clear",
        "level_code": "sustain",
        "level_name": "Sustain",
        "reason": "Because.",
        "value": 1,
        "days": {},
        "total_days": 0,
        **facts,
    }
    return Recommendation.objects.create(run=run, **given)


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        ("recommendation_label_is_known", {"label": "reject"}),
        ("recommendation_confidence_is_known", {"confidence": "certain"}),
        ("recommendation_says_why", {"reason": " "}),
    ],
)
def test_a_recommendation_never_stands_without_its_reason(rule: str, facts: dict[str, Any]) -> None:
    organisation, _, _ = organisation_with_people()
    participation = active_participation(organisation)
    with pytest.raises(IntegrityError, match=rule):
        a_recommendation(a_run(organisation), participation=participation, **facts)


def test_one_recommendation_a_partnership_and_run() -> None:
    organisation, _, _ = organisation_with_people()
    participation, run = active_participation(organisation), a_run(organisation)
    a_recommendation(run, participation=participation)
    with pytest.raises(IntegrityError, match="recommendation_once_a_run"):
        a_recommendation(run, participation=participation)


def checked_at_once(write: Callable[[], object]) -> None:
    """Write, and have the rules that wait for the commit looked at now."""
    write()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_childs_organisation_is_its_parents() -> None:
    organisation, _, _ = organisation_with_people()
    other, _, _ = organisation_with_people()
    run = a_run(organisation)
    theirs = active_participation(other)
    for write in (
        lambda: RunChange.objects.create(organisation=other, run=run, state="queued", at=timezone.now()),
        lambda: a_recommendation(run, participation=theirs),
        lambda: a_recommendation(run, participation=theirs, organisation=other),
    ):
        with pytest.raises(IntegrityError, match="same_owner"), transaction.atomic():
            checked_at_once(write)


def test_the_table_of_transitions_is_total_and_ends() -> None:
    assert set(TRANSITIONS) == set(RunState)
    assert {RunState.QUEUED, RunState.RUNNING} == OPEN_STATES
    assert all(TRANSITIONS[state] == frozenset() for state in (RunState.DONE, RunState.FAILED))


def test_only_open_runs_can_be_claimed() -> None:
    organisation, _, _ = organisation_with_people()
    for facts in ({**ENDED, **COMPLETE}, {"state": RunState.FAILED, "finished_at": timezone.now(), "failure": "why"}):
        run = a_run(organisation, **facts)
        assert Run.objects.claim(run.pk, worker="a", now=timezone.now()) is None
    fresh = a_run(organisation, **CLAIMED, heartbeat_at=timezone.now())
    assert Run.objects.claim(fresh.pk, worker="b", now=timezone.now()) is None
