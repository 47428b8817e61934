"""The Celery application: workers that score, and the schedule that queues again what waits too long."""

import os
import sys
from logging.config import dictConfig
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def _have_servers_for_a_worker_of_its_own() -> None:
    """`celery --app=config …` by itself has the embedded servers, as any management command has."""
    program = Path(sys.argv[0])
    if program.name == "celery" or program.parts[-2:] == ("celery", "__main__.py"):
        from config import embedded

        embedded.hold()


_have_servers_for_a_worker_of_its_own()

app = Celery("triage", task_cls="partnerships.background:IsolatedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()


@setup_logging.connect
def use_our_logging(**_: Any) -> None:
    from django.conf import settings

    dictConfig(settings.LOGGING)


@worker_init.connect
@beat_init.connect
def only_where_organisations_are_kept_apart(**_: Any) -> None:
    """End before any task is taken or sent, where this process could see across organisations."""
    from config.isolation_at_start import refuse_to_start_unless_isolated

    refuse_to_start_unless_isolated()
