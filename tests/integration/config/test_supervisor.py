"""Programs kept running together, with real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from config import embedded
from config.processes import identify, is_alive, wait_until_gone
from config.supervisor import Program, ProgramFailedError, Supervisor, end_left_behind

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
# A program with a child of its own, as the web server and the worker have.
PARENT = [
    sys.executable,
    "-c",
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(600)",
]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('deaf', flush=True)\ntime.sleep(600)",
]


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    one = Supervisor(tmp_path / "programs.json", os.environ)
    yield one
    one.end()


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_ending_takes_the_children_of_a_program_too(supervisor, tmp_path):
    log = tmp_path / "parent.log"
    supervisor.start(Program("parent", PARENT, log))
    assert eventually(lambda: log.read_text().endswith("\n"))
    child = identify(int(log.read_text()))
    assert child is not None
    supervisor.end()
    assert wait_until_gone([child], 5)
    assert not supervisor.file.exists()


def test_a_program_that_will_not_end_is_ended(supervisor, tmp_path, monkeypatch):
    monkeypatch.setattr("config.supervisor.POLITE_SECONDS", 0.5)
    log = tmp_path / "deaf.log"
    program = Program("deaf", DEAF, log)
    supervisor.start(program)
    assert eventually(lambda: log.read_text() == "deaf\n")
    supervisor.end()
    assert program.process is not None
    assert program.process.returncode == -signal.SIGKILL


def test_a_program_that_was_killed_is_started_again(supervisor, tmp_path):
    program = Program("sleeper", SLEEP, tmp_path / "log")
    supervisor.start(program)
    first = program.process
    assert first is not None
    first.kill()
    first.wait()
    supervisor.check()
    assert program.process is not None
    assert program.process.pid != first.pid
    assert program.process.poll() is None


def test_a_program_that_keeps_stopping_is_given_up_with_where_to_look(supervisor, tmp_path):
    supervisor.start(Program("faulty", [sys.executable, "-c", "raise SystemExit('no')"], tmp_path / "faulty.log"))

    def keep_checking() -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            supervisor.check()
            time.sleep(0.02)

    with pytest.raises(ProgramFailedError, match=r"The faulty keeps stopping: see .*faulty\.log"):
        keep_checking()


# A supervisor that starts a program with a child and waits; with "told" the programs hear of its death at once.
KILLED = """
    import os, sys, time
    from pathlib import Path
    from config import supervisor
    if sys.argv[2] == "untold":
        supervisor.end_with_parent = lambda: None
    one = supervisor.Supervisor(Path(sys.argv[1]), os.environ)
    one.start(supervisor.Program("parent", eval(sys.argv[3]), Path(sys.argv[1]).with_name("parent.log")))
    print("started", flush=True)
    time.sleep(600)
"""


def start_and_kill_a_supervisor(file: Path, told: str) -> list[psutil.Process]:
    """The program and its child that a killed supervisor had."""
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(file), told, repr(PARENT)],
        stdout=subprocess.PIPE,
        cwd=embedded.ROOT,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"started\n"
        log = file.with_name("parent.log")
        assert eventually(lambda: log.read_text().endswith("\n"))
        below = psutil.Process(process.pid).children(recursive=True)
        assert len(below) == 2
        process.kill()
    return below


def test_a_program_ends_with_a_killed_supervisor(tmp_path):
    program, _ = start_and_kill_a_supervisor(tmp_path / "programs.json", "told")
    if sys.platform == "linux":  # elsewhere no process is told of its parent's death, and the next start ends it
        assert eventually(lambda: identify(program.pid) is None)
    end_left_behind(tmp_path / "programs.json")
    assert identify(program.pid) is None


def test_the_next_start_ends_what_a_killed_supervisor_left(tmp_path):
    file = tmp_path / "programs.json"
    left = [identify(process.pid) for process in start_and_kill_a_supervisor(file, "untold")]
    assert all(identity is not None and is_alive(identity) for identity in left)
    end_left_behind(file)
    assert wait_until_gone([identity for identity in left if identity], 5)
    assert not file.exists()


def test_the_next_start_ends_a_child_whose_program_is_gone(tmp_path):
    file = tmp_path / "programs.json"
    program, child = start_and_kill_a_supervisor(file, "untold")
    child_identity = identify(child.pid)
    assert child_identity is not None
    program.kill()
    assert eventually(lambda: identify(program.pid) is None)
    end_left_behind(file)
    assert wait_until_gone([child_identity], 5)


@pytest.mark.parametrize("content", ["", "[[1", '{"a": 1}', "[[1, 2, 3]]"])
def test_a_file_that_a_crash_cut_short_is_nobodys(tmp_path, content):
    file = tmp_path / "programs.json"
    file.write_text(content)
    end_left_behind(file)
    assert file.read_text() == content


def test_a_number_that_is_somebody_elses_now_is_left_alone(tmp_path):
    file = tmp_path / "programs.json"
    with subprocess.Popen(SLEEP, start_new_session=True) as other:
        file.write_text(f"[[{other.pid}, 1000000000.0]]")
        end_left_behind(file)
        assert other.poll() is None
        other.kill()
