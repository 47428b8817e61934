"""What a run asks of the database: as much for a large portfolio as for a small one, and each thing once."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.actions.criteria import set_weights
from partnerships.actions.rules import RuleFacts, add_rule
from partnerships.models import Organisation, Person, RuleKind
from scoring import tasks
from scoring.actions import request_run
from scoring.models import RunState, RunTrigger
from scoring.runner import begin_night
from scoring.runner.carrying_out import recommendations_of
from tests.integration.diagnostics.survey_data import closed
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db(transaction=True)
MOST_QUERIES = 45  # a claim, one look at each table, the inputs, the result; and what begins and ends transactions


def well_filled(size: int) -> tuple[Organisation, Person]:
    """A portfolio in which every second partnership was surveyed, with points of two people and a rule over all."""
    organisation, lead, executive = portfolio(size)
    money = organisation.objectives.get(code="money").pk
    for person in (lead, executive):
        set_weights(organisation=organisation, by=person, objective_points={money: Decimal(50)}, way_points={})
    ours = list(organisation.participations.order_by("pk"))
    for participation in ours[::2]:
        closed(participation, lead, [3, 4, 4, 5, 2])
    level = organisation.engagement_levels.get(code="sustain").pk
    kept = RuleFacts(
        kind=RuleKind.AT_LEAST, at_least=1, level=level, source="An order", members=tuple(one.pk for one in ours)
    )
    add_rule(organisation=organisation, by=lead, facts=kept)
    return organisation, lead


def queries_of_a_run(organisation: Organisation, lead: Person) -> list[str]:
    """All but those that say how far it is, of which there is one a second."""
    run = request_run(organisation=organisation, by=lead)
    with CaptureQueriesContext(connection) as queries:
        tasks.score(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.DONE, run.failure
    return [one["sql"] for one in queries if 'SET "progress_done"' not in one["sql"]]


def test_a_run_asks_as_much_however_many_partnerships_there_are(empty_broker: None) -> None:
    few, many = (queries_of_a_run(*well_filled(size)) for size in (2, 12))
    assert len(few) == len(many) <= MOST_QUERIES
    asked = [one for one in many if one.startswith("SELECT")]
    assert len(asked) == len(set(asked))


def test_a_night_that_finds_nothing_changed_writes_only_that(empty_broker: None) -> None:
    organisation, lead = well_filled(4)
    queries_of_a_run(organisation, lead)
    begin_night(timezone.now())
    run = organisation.runs.get(trigger=RunTrigger.NIGHT)
    with CaptureQueriesContext(connection) as queries:
        tasks.score_by_night(run.pk)
    run.refresh_from_db()
    assert (run.state, run.document) == (RunState.SKIPPED, None)
    assert len(queries) <= MOST_QUERIES


def test_the_inputs_are_stored_as_the_very_text_that_was_hashed(empty_broker: None) -> None:
    organisation, lead, _ = portfolio(3)
    organisation.recorded_partnerships.update(name="Coöperative “Aber” \\ alliance")
    queries_of_a_run(organisation, lead)
    run = organisation.runs.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT document::text, result::text FROM scoring_run WHERE id = %s", [run.pk])
        document, result = cursor.fetchone()
    assert hashlib.sha256(document.encode()).hexdigest() == run.inputs_hash
    assert "Coöperative" in document
    assert "Coöperative" in result


def test_a_partnership_deleted_meanwhile_has_no_recommendation(empty_broker: None) -> None:
    organisation, lead, _ = portfolio(3)
    queries_of_a_run(organisation, lead)
    run = organisation.runs.get()
    gone = organisation.participations.order_by("pk")[0]
    gone.delete()
    rows = recommendations_of(run, organisation, run.frozen_inputs(), run.outcome())
    assert len(rows) == 2
    assert gone.pk not in {one.participation_id for one in rows}
