"""Every model is named: its changes are recorded, or it is said why they are not."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

from config.whats_recorded import ANONYMOUS, NOT_RECORDED, NOT_RECORDED_APPS, RECORDED
from partnerships import recording


def every_model() -> set[str]:
    events = {one.events for one in recording.RECORDED.values()}
    models = apps.get_models(include_auto_created=True)
    return {one._meta.label for one in models if one not in events}


def test_every_model_is_named_once_and_nothing_else_is() -> None:
    named = RECORDED | NOT_RECORDED.keys()
    unnamed = {label for label in every_model() - named if label.partition(".")[0] not in NOT_RECORDED_APPS}
    assert not unnamed, f"Say in config/whats_recorded.py whether changes of these are recorded: {sorted(unnamed)}"
    assert not named - every_model()
    assert not RECORDED & NOT_RECORDED.keys()
    assert all(reason.strip() for reason in [*NOT_RECORDED.values(), *NOT_RECORDED_APPS.values()])


def test_what_is_said_to_be_recorded_is() -> None:
    assert {model._meta.label for model in recording.RECORDED} == RECORDED


def test_the_database_has_the_triggers_of_what_is_recorded_and_of_nothing_else(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger "
            "WHERE tgname LIKE 'pgtrigger%' AND tgenabled = 'O' GROUP BY 1"
        )
        found = dict(cursor.fetchall())
    assert found == {
        model._meta.db_table: len(one.events.pgh_trackers)  # type: ignore[attr-defined]
        for model, one in recording.RECORDED.items()
    }


def test_nothing_is_recorded_of_who_answers() -> None:
    for label in ("diagnostics.Answer", "diagnostics.Response", "diagnostics.Invitation", "diagnostics.Reminder"):
        assert NOT_RECORDED[label] == ANONYMOUS
