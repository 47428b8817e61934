"""What stands in the broker: names of tasks and numbers of rows, so that whoever reads it learns next to nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from config.celery import app
from scoring.tasks import explain_moves, score_by_night
from tests.integration.scoring.portfolio import portfolio

ROOT = Path(__file__).resolve().parents[3]
# What the queue itself writes beside a task's arguments: its number, its tries, when, from which process.
OF_THE_QUEUE = {
    "argsrepr", "eta", "expires", "group", "group_index", "id", "ignore_result", "kwargsrepr", "lang", "origin",
    "parent_id", "replaced_task_nesting", "retries", "root_id", "shadow", "stamped_headers", "stamps", "task",
    "timelimit", "__django_structlog__",
}  # fmt: skip
# What goes along for the log: which request asked, by whose number, from where.
FOR_THE_LOG = {"request_id", "user_id", "ip", "parent_task_id"}


@pytest.fixture
def empty_broker() -> Iterator[None]:
    app.control.purge()
    yield
    app.control.purge()


def waiting() -> list[dict[str, Any]]:
    """Every message that waits in any queue, as the broker has it, its body unpacked."""
    found = []
    with app.connection_for_read() as connection:
        channel: Any = connection.default_channel  # of Redis, which has a client
        broker = channel.client
        for key in broker.scan_iter():
            if broker.type(key) == b"list":
                found += [json.loads(one) for one in broker.lrange(key, 0, -1)]
    return [{**one, "body": json.loads(base64.b64decode(one["body"]))} for one in found]


@pytest.mark.django_db
def test_a_message_has_the_number_of_a_row_and_nobodys_words(
    empty_broker: None, django_capture_on_commit_callbacks: Any
) -> None:
    organisation, lead, _ = portfolio(3)
    client = Client()
    client.force_login(lead)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/o/{organisation.code}/")
    run = organisation.runs.get()
    score_by_night.delay(run.pk)
    explain_moves.delay(7)
    messages = waiting()
    assert {one["headers"]["task"]: one["body"][:2] for one in messages} == {
        "scoring.score": [[run.pk], {}],
        "scoring.score_by_night": [[run.pk], {}],
        "scoring.explain_moves": [[7], {}],
    }
    for message in messages:
        assert set(message["headers"]) <= OF_THE_QUEUE
        assert set(message["headers"]["__django_structlog__"]) <= FOR_THE_LOG
        assert message["content-type"] == "application/json"
        for said in (lead.email, lead.name, organisation.name, client.session.session_key):
            assert said
            assert said not in json.dumps(message)


def test_every_task_of_ours_takes_one_number_or_nothing() -> None:
    """A later one too, in whichever app: all are loaded as a worker loads them."""
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}
    assert {name.partition(".")[0] for name in ours} >= {"partnerships", "diagnostics", "scoring"}
    for name, task in ours.items():
        code = task.run.__func__ if hasattr(task.run, "__func__") else task.run
        places = {one: kind for one, kind in code.__annotations__.items() if one not in {"return", "self"}}
        assert list(places.values()) in ([], ["int"], [int]), name


def test_messages_are_data_and_nothing_that_runs() -> None:
    assert set(app.conf.accept_content) == {"json"}
    assert app.conf.task_serializer == "json"


def test_as_deployed_it_asks_for_a_password_is_not_reached_from_outside_and_keeps_nothing() -> None:
    service = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["valkey"]
    command = " ".join(service["command"])
    assert '--requirepass "$$VALKEY_PASSWORD"' in command
    assert "--save ''" in command
    assert "--appendonly no" in command
    assert "ports" not in service
    assert "volumes" not in service
    assert service["environment"]["VALKEY_PASSWORD"].startswith("${VALKEY_PASSWORD:?")
