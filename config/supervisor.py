"""Keep a few programs running as one, and leave nothing behind.

Each program leads a process group of its own, out of reach of the keyboard's Ctrl-C: only the supervisor
ends it. Where the system can, a program is told at once when its supervisor dies. Everywhere, what runs is
written to a file as process number and moment of start, so that after a kill the next supervisor ends what
the last one could not.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.processes import Identity, identify, is_alive, wait_until_gone

POLITE_SECONDS = 10.0
# A program that ends three times within a minute will not be better the fourth time.
RESTARTS, RESTART_WINDOW_SECONDS = 3, 60.0
PR_SET_PDEATHSIG = 1


class ProgramFailedError(RuntimeError):
    """A program does not stay up; the text is one line that says where to look."""


@dataclass
class Program:
    """A program to keep running: its command, and the file its output goes to."""

    name: str
    command: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)


class Supervisor:
    """Starts programs, starts them again when they end, and ends them all. ``file`` remembers them on disk."""

    def __init__(self, file: Path, environment: Mapping[str, str]) -> None:
        self.file = file
        self.environment = environment
        self.programs: list[Program] = []

    def start(self, program: Program) -> None:
        self.programs.append(program)
        self._launch(program)

    def check(self) -> None:
        """Start again what has ended. Raises ProgramFailedError where that does not help."""
        for program in self.programs:
            if program.process is None or program.process.poll() is None:
                continue
            _kill_group(program.process.pid)
            now = time.monotonic()
            program.starts = [start for start in program.starts if now - start < RESTART_WINDOW_SECONDS]
            if len(program.starts) >= RESTARTS:
                raise ProgramFailedError(f"The {program.name} keeps stopping: see {program.log}.")
            self._launch(program)

    def end(self) -> None:
        """End every program and everything it started."""
        running = [program.process for program in self.programs if program.process is not None]
        for process in running:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + POLITE_SECONDS
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            _kill_group(process.pid)
            process.wait()
        self.programs.clear()
        self.file.unlink(missing_ok=True)

    def _launch(self, program: Program) -> None:
        with program.log.open("ab") as log:
            program.process = subprocess.Popen(
                list(program.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.environment),
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        program.starts.append(time.monotonic())
        self._remember()

    def _remember(self) -> None:
        running = [identify(program.process.pid) for program in self.programs if program.process is not None]
        beside = self.file.with_suffix(".new")
        beside.write_text(json.dumps([identity.to_json() for identity in running if identity is not None]))
        beside.replace(self.file)


def end_left_behind(file: Path) -> None:
    """End what a supervisor that was killed left running, by the file it kept."""
    try:
        leaders = [Identity.from_json(entry) for entry in json.loads(file.read_text())]
    except (FileNotFoundError, ValueError, TypeError):
        return
    alive = [leader for leader in leaders if is_alive(leader)]
    for leader in alive:
        with contextlib.suppress(ProcessLookupError):
            os.kill(leader.pid, signal.SIGTERM)
    wait_until_gone(alive, POLITE_SECONDS)
    for leader in leaders:
        # A group outlives its leader. Its number is not given to another process while it has members;
        # where the number now belongs to a process that is not the leader we knew, the group was gone
        # before.
        if identify(leader.pid) is None or is_alive(leader):
            _kill_group(leader.pid)
    wait_until_gone(leaders, POLITE_SECONDS)
    file.unlink(missing_ok=True)


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def end_with_parent() -> None:
    """In the new process, before its program: be told to end when the supervisor dies (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
