"""A night through real workers on the real broker, for the benchmarks that time one."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
from django.db import connections
from django.utils import timezone

from config import embedded
from config.celery import app
from config.simulation import simulate
from scoring.models import Night, Recommendation, Run, RunChange, RunState
from scoring.runner import begin_night
from scoring.tasks import fill_the_window

logging.disable(logging.INFO)  # a line for every task that is sent would drown the figures

SECONDS_TO_START = 120
LONGEST_NIGHT = 3600


@contextlib.contextmanager
def workers(number: int) -> Iterator[Callable[[], float]]:
    """So many worker processes of their own, started and warm; yields what tells their processor seconds so far."""
    command = [sys.executable, "-m", "celery", "--app=config", "worker", "--concurrency=1", "--loglevel=ERROR"]
    started = [
        subprocess.Popen(
            [*command, f"--hostname=worker{n}@%h"],
            cwd=embedded.ROOT,
            env=os.environ | {"LOG_LEVEL": "ERROR", "PYTHONWARNINGS": "ignore"},
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        for n in range(number)
    ]
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while len(app.control.ping(timeout=1.0) or ()) < number:
            assert time.monotonic() < deadline, "the workers do not start"
        yield lambda: sum(_processor_seconds(worker.pid) for worker in started)
    finally:
        for worker in started:
            os.killpg(worker.pid, signal.SIGTERM)
        for worker in started:
            worker.wait(timeout=60)


def _processor_seconds(group: int) -> float:
    """Of all processes of a group, as the system counts them: other work on the machine does not add to it."""
    ticks = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            if int(fields[2]) == group:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def england(organisations: int) -> Iterator[None]:
    """So many organisations of the synthetic England in a database that holds nobody else, before and afterwards."""
    _empty()
    simulate(organisations, seed=1)
    try:
        yield
    finally:
        _empty()


def _empty() -> None:
    """As the owner of the tables, who alone may truncate them; what migrations wrote stays."""
    connections.close_all()
    owner = psycopg2.connect(os.environ["MIGRATION_DATABASE_URL"])
    try:
        with owner, owner.cursor() as cursor:
            cursor.execute(
                "TRUNCATE partnerships_organisation, partnerships_partnership, partnerships_person, scoring_night "
                "RESTART IDENTITY CASCADE"
            )
    finally:
        owner.close()


def forget_runs() -> None:
    """As before the first night, so that nothing is skipped and no word is remembered."""
    Recommendation.objects.all().delete()
    RunChange.objects.all().delete()
    Run.objects.all().delete()
    Night.objects.all().delete()
    app.control.purge()


def seconds_of_a_night() -> float:
    """Begin a night and wait for its end: from making its runs to the last one's end. Every run must be done."""
    begun = timezone.now()
    night = begin_night(begun)
    fill_the_window()
    deadline = time.monotonic() + LONGEST_NIGHT
    while (progress := night.progress()).ended < progress.total:
        assert time.monotonic() < deadline, f"the night does not end: {progress}"
        time.sleep(0.2)
    failed = list(night.runs.filter(state=RunState.FAILED).values_list("failure", flat=True))
    assert not failed, failed
    last = night.runs.order_by("-finished_at").values_list("finished_at", flat=True)[0]
    assert last is not None
    return (last - begun).total_seconds()
