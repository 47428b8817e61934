"""Real worker processes on the real broker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.celery import app
from scoring.models import Run

ROOT = Path(__file__).resolve().parents[3]
StartWorker = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def empty_broker() -> Iterator[None]:
    """No task of an earlier test waits in this test's part of the broker, and none of ours stays behind."""
    app.control.purge()
    yield
    app.control.purge()


@pytest.fixture
def start_worker(process_environment: dict[str, str], empty_broker: None, tmp_path: Path) -> Iterator[StartWorker]:
    """Start a worker, of some ``queues`` only where they are named, with ``schedule=True`` also the reconciler's
    schedule; settings by name in capitals.
    """
    workers: list[subprocess.Popen[bytes]] = []

    def start(*, schedule: bool = False, queues: str = "", **environment: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency=1", "-l", "WARNING"]
        command += ["-n", f"worker{len(workers)}@%h"]
        if queues:
            command += ["-Q", queues]
        if schedule:
            command += ["-B", "-s", str(tmp_path / "schedule")]
        worker = subprocess.Popen(command, cwd=ROOT, env=process_environment | environment, start_new_session=True)
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        if worker.poll() is None:
            kill(worker, signal.SIGTERM)
        worker.wait(timeout=30)


def kill(worker: subprocess.Popen[bytes], number: signal.Signals = signal.SIGKILL) -> None:
    """Signal a worker and its child processes at once."""
    os.killpg(worker.pid, number)


def wait_for(run: Run, *states: str, seconds: float = 60) -> Run:
    """Wait until a run is in one of ``states``; fails with what it is in instead."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        run.refresh_from_db()
        if run.state in states:
            return run
        time.sleep(0.1)
    raise AssertionError(f"after {seconds} s the run is {run.state} ({run.failure}), not {' or '.join(states)}")
