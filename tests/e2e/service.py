"""The whole service in processes of its own, so that a test can end any of them: site, broker, workers.

Only the database is the test's. A broker that was killed comes back at its old address, as one does that an operator
starts again.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from config.embedded import valkey
from config.processes import wait_until_gone

ROOT = Path(__file__).resolve().parents[2]
# What takes minutes in earnest takes seconds here.
IMPATIENT = {
    "SCORING_REQUEUE_AFTER_SECONDS": "2",
    "SCORING_RECONCILE_EVERY_SECONDS": "1",
    "WHAT_IF_TIME_LIMIT": "6",
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "LOG_LEVEL": "WARNING",
}


@dataclass
class Service:
    """``environment`` is that of a process which sees the test's rows; the broker and the schedule have ``folder``."""

    environment: dict[str, str]
    folder: Path
    port: int = 0
    site: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    log: Path | None = None  # where site and workers write what they say, if not to the terminal

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start_broker(self) -> None:
        self.environment |= IMPATIENT | valkey.start(self.folder / "broker")

    def kill_broker(self) -> None:
        server = valkey.running(self.folder / "broker")
        assert server is not None
        os.kill(server.process.pid, signal.SIGKILL)
        assert wait_until_gone([server.process], 10)

    def hang_broker(self) -> None:
        """It still takes connections, and answers nobody."""
        server = valkey.running(self.folder / "broker")
        assert server is not None
        os.kill(server.process.pid, signal.SIGSTOP)

    def wake_broker(self) -> None:
        server = valkey.running(self.folder / "broker")
        assert server is not None
        os.kill(server.process.pid, signal.SIGCONT)

    def start_site(self) -> None:
        """Start it, again at its old address, and wait until it answers."""
        self.port = self.port or _free_port()
        command = ["gunicorn", "config.wsgi", f"--bind=127.0.0.1:{self.port}", "--threads=4", "--log-level=error"]
        self.site = self._start(*command)
        deadline = time.monotonic() + 60
        while not _answers(self.port):
            assert self.site.poll() is None, "the site did not start"
            assert time.monotonic() < deadline, "the site took longer than a minute to start"
            time.sleep(0.1)

    def kill_site(self) -> None:
        assert self.site is not None
        _kill(self.site)

    def start_worker(self) -> subprocess.Popen[bytes]:
        """A worker with the reconciler's schedule; a test that asks it something waits for the answer, not for it."""
        name = f"faults{len(self.workers)}@%h"
        schedule = str(self.folder / f"schedule{len(self.workers)}")
        command = ["celery", "--app=config", "worker", "--concurrency=1", "--beat", "--loglevel=WARNING"]
        worker = self._start(*command, f"--hostname={name}", f"--schedule={schedule}")
        self.workers.append(worker)
        return worker

    def kill_worker(self, worker: subprocess.Popen[bytes]) -> None:
        _kill(worker)

    def kill_children(self, worker: subprocess.Popen[bytes]) -> None:
        """Kill the processes that do the work; the one that hands it out lives on."""
        children = psutil.Process(worker.pid).children(recursive=True)
        assert children
        for child in children:
            child.kill()

    def end(self) -> None:
        for process in (self.site, *self.workers):
            if process is not None and process.poll() is None:
                _kill(process)
        server = valkey.running(self.folder / "broker")
        if server is not None:
            os.kill(server.process.pid, signal.SIGCONT)
            valkey.stop(self.folder / "broker")

    def _start(self, *module: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", *module]
        with self.log.open("ab") if self.log else contextlib.nullcontext() as log:
            return subprocess.Popen(
                command, cwd=ROOT, env=self.environment, start_new_session=True, stdout=log, stderr=log
            )


def _kill(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
