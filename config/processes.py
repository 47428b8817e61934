"""Knowing a process again later.

A process number alone does not name a process: the system hands numbers out again, so a number in a file
may by now belong to somebody else's work. A number together with the moment its process started does name
it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

# The moment of start is worked out from the time of boot, which a clock correction can shift a little.
CLOCK_SHIFT_SECONDS = 5.0
POLITE_SECONDS = 30.0


@dataclass(frozen=True)
class Identity:
    """A process: its number and the moment it started, in seconds since 1970."""

    pid: int
    started: float

    def to_json(self) -> list[float]:
        return [self.pid, self.started]

    @classmethod
    def from_json(cls, value: Any) -> Identity:
        """Raises ValueError or TypeError where ``value`` is not what ``to_json`` gave."""
        pid, started = value
        return cls(int(pid), float(started))


def identify(pid: int | None = None) -> Identity | None:
    """The identity of process ``pid`` (this process by default); None where there is no such process any
    more.
    """
    import psutil

    try:
        process = psutil.Process(pid or os.getpid())
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return Identity(process.pid, process.create_time())
    except psutil.NoSuchProcess:
        return None


def is_alive(identity: Identity) -> bool:
    """True while exactly that process still runs, and not another under the same number."""
    now = identify(identity.pid)
    return now is not None and abs(now.started - identity.started) < CLOCK_SHIFT_SECONDS


def wait_until_gone(processes: Iterable[Identity], seconds: float) -> bool:
    """Wait for processes to end, whoever started them; returns whether all have gone."""
    processes = list(processes)
    deadline = time.monotonic() + seconds
    while any(is_alive(process) for process in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


# Servers that this process started: kept, so that the one that stops them can also take note of their end,
# which the system otherwise remembers as a dead entry in its list of processes.
_children: dict[int, subprocess.Popen[bytes]] = {}


def launch(
    command: Sequence[str], *, output: BinaryIO, directory: Path, user: str | None = None
) -> subprocess.Popen[bytes]:
    """Start a server that may outlive this process, out of reach of the keyboard's Ctrl-C."""
    # The dead entry of a server that was killed would keep the next one out: its number looks taken.
    for ended in [child for child in _children.values() if child.poll() is not None]:
        del _children[ended.pid]
    as_user: dict[str, Any] = {"user": user, "group": user, "extra_groups": []} if user else {}
    child = subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd=directory,
        start_new_session=True,
        **as_user,
    )
    _children[child.pid] = child
    return child


def end(pid: int, *, ask: signal.Signals = signal.SIGTERM, insist: signal.Signals = signal.SIGKILL) -> None:
    """End a process and wait until it is gone: first ``ask``, and after ``POLITE_SECONDS`` ``insist``."""
    process = identify(pid)
    if process is not None:
        for number in (ask, insist):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            if wait_until_gone([process], POLITE_SECONDS):
                break
    child = _children.pop(pid, None)
    if child is not None:
        child.wait()
