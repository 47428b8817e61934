"""``make demo`` for real, in a copy of this folder, with every way to end it."""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config import embedded
from config.embedded import postgres, valkey
from config.processes import Identity, identify, wait_until_gone

LEFT_BEHIND = (".git", ".venv", ".local", "node_modules", "staticfiles", "tests", "docs", ".*_cache")
SET_FOR_TESTS = ("DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "COLLECTED_STATIC", "MAKELEVEL")
MAKEFILE = "demo:\n\t@exec {python} -m config.demo\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy to start in: a demonstration that somebody runs in this folder is not disturbed."""
    root = tmp_path_factory.mktemp("demo") / "copy"
    shutil.copytree(embedded.ROOT, root, ignore=shutil.ignore_patterns(*LEFT_BEHIND), symlinks=True)
    (root / "node_modules").symlink_to(embedded.ROOT / "node_modules")
    (root / "Makefile").write_text(MAKEFILE.format(python=sys.executable))
    yield root
    reset(root)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(port: int) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if name not in SET_FOR_TESTS}
    # Fewer versions of the inputs than a demonstration tries: what is tested is the coming and going.
    return ours | {"PORT": str(port), "SCORING_DRAWS": "20"}


class Demo:
    """A started demonstration: its output, its processes and how it ended."""

    def __init__(self, root: Path, port: int, *, through_make: bool = False) -> None:
        self.port = port
        self.process = subprocess.Popen(
            ["make", "demo"] if through_make else [sys.executable, "-m", "config.demo"],
            cwd=root,
            env=environment(port),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            # A shell that runs the tests in the background has them ignore Ctrl-C, and what they start with them.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self.said: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.processes: list[Identity] = []

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            for line in output:
                self._lines.put(line)
        self._lines.put(None)

    def clear(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join(10)

    def wait_for(self, text: str, seconds: float = 300) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(queue.Empty):
                line = self._lines.get(timeout=0.2)
                assert line is not None, f"It ended before it said '{text}': {self.said}"
                self.said.append(line)
                if text in line:
                    return
        raise AssertionError(f"It did not say '{text}' within {seconds} seconds: {self.said}")

    def wait_until_ready(self) -> None:
        self.wait_for("Press Ctrl-C")
        self._note_processes()
        assert len(self.processes) >= 5, "the database, the broker, the web server, the worker and their children"

    def wait_until_started(self) -> None:
        """Under way: the servers run, the pages do not yet."""
        self.wait_for("Preparing the database")
        self._note_processes()

    def _note_processes(self) -> None:
        below = psutil.Process(self.process.pid).children(recursive=True)
        self.processes = [one for one in map(identify, (process.pid for process in below)) if one]

    def tell(self, number: signal.Signals) -> int:
        os.kill(self.process.pid, number)
        return self.process.wait(60)

    def left_nothing(self) -> bool:
        return wait_until_gone(self.processes, 10)


@pytest.fixture
def start(folder: Path, port: int) -> Iterator[type[Demo]]:
    started: list[Demo] = []

    def start_one(**options: bool) -> Demo:
        started.append(Demo(folder, port, **options))
        return started[-1]

    yield start_one  # type: ignore[misc]
    for demo in started:
        demo.clear()


def reset(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "config.demo", "--reset"], cwd=root, env=environment(8000), check=False, timeout=300
    )
    assert done.returncode == 0


def refused(root: Path, port: object, **given: str) -> str:
    """The one line that a start is refused with; ``given`` are further variables of its environment."""
    done = subprocess.run(
        [sys.executable, "-m", "config.demo"],
        cwd=root,
        env=environment(8000) | {"PORT": str(port)} | given,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def answer(port: int, path: str) -> tuple[int, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as page:
        return page.status, page.read().decode()


def kept(root: Path) -> set[str]:
    """What a start must find again: the cluster's own number, which a new one would not have."""
    control = root / ".local" / "postgres" / "global" / "pg_control"
    return {control.read_bytes()[:8].hex(), (root / ".local" / "secret-key").read_text()}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_it_starts_says_where_it_is_keeps_its_data_and_ends_without_a_trace(folder, start, number):
    before = kept(folder) if (folder / ".local" / "secret-key").exists() else None
    demo = start()
    demo.wait_until_ready()
    said = "".join(demo.said)
    assert f"http://127.0.0.1:{demo.port}/" in said
    assert "password" in said
    assert answer(demo.port, "/readyz")[0] == 200
    status, page = answer(demo.port, "/")
    assert status == 200
    assert "<h1" in page
    assert before is None or kept(folder) == before
    assert demo.tell(number) == 0
    assert demo.left_nothing()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGKILL])
def test_telling_only_make_ends_all(start, number):
    demo = start(through_make=True)
    demo.wait_until_started()
    demo.tell(number)
    assert demo.left_nothing()


def test_the_next_start_after_a_kill_takes_over(start):
    killed = start()
    killed.wait_until_ready()
    killed.tell(signal.SIGKILL)
    following = start()
    following.wait_until_ready()
    assert answer(following.port, "/readyz")[0] == 200
    assert following.tell(signal.SIGTERM) == 0
    assert following.left_nothing()
    assert killed.left_nothing()


def test_a_killed_worker_is_replaced(folder, start):
    demo = start()
    demo.wait_until_ready()
    worker = next(
        process
        for process in psutil.Process(demo.process.pid).children()
        if "celery" in process.cmdline() and "worker" in process.cmdline()
    )
    worker.kill()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        workers = [
            process.pid
            for process in psutil.Process(demo.process.pid).children()
            if process.status() != psutil.STATUS_ZOMBIE and "celery" in process.cmdline()
        ]
        if workers and worker.pid not in workers:
            break
        time.sleep(0.1)
    else:
        raise AssertionError("no other worker was started")
    assert demo.tell(signal.SIGTERM) == 0
    assert demo.left_nothing()


def test_a_killed_database_and_a_killed_broker_are_started_again(folder, start):
    demo = start()
    demo.wait_until_ready()
    database = postgres.running(folder / ".local" / "postgres")
    broker = valkey.running(folder / ".local" / "valkey")
    assert database is not None
    assert broker is not None
    os.kill(database.pid, signal.SIGKILL)
    os.kill(broker.process.pid, signal.SIGKILL)
    wait_until_gone([broker.process], 10)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if answer(demo.port, "/readyz")[0] == 200:
                break
        time.sleep(0.2)
    else:
        raise AssertionError("the demonstration did not recover")
    after = postgres.running(folder / ".local" / "postgres")
    assert after is not None
    assert after.pid != database.pid
    assert demo.tell(signal.SIGTERM) == 0
    assert demo.left_nothing()
    assert postgres.running(folder / ".local" / "postgres") is None
    assert valkey.running(folder / ".local" / "valkey") is None


def test_told_in_the_middle_of_its_start_it_ends_too(start):
    demo = start()
    demo.wait_until_started()
    assert demo.tell(signal.SIGINT) == 0
    assert demo.left_nothing()


def test_a_port_in_use_is_one_line_with_what_to_do(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        said = refused(folder, number)
    assert f"Port {number} is in use" in said
    assert f"make demo PORT={number + 1}" in said


@pytest.mark.parametrize("wrong", ["abc", "0", "70000", "80 80"])
def test_a_port_that_is_none_is_one_line_with_what_to_do(folder, wrong):
    assert f"PORT is '{wrong}': give a number from 1 to 65535" in refused(folder, wrong)


@pytest.mark.parametrize(
    ("name", "address", "said"),
    [
        ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", "DATABASE_URL does not lead to a database"),
        ("DATABASE_URL", "garbage", "DATABASE_URL does not lead to a database"),
        ("REDIS_URL", "redis://127.0.0.1:1/0", "REDIS_URL does not lead to a Redis or Valkey server"),
        ("REDIS_URL", "garbage", "REDIS_URL does not lead to a Redis or Valkey server"),
    ],
)
def test_a_given_server_that_does_not_answer_is_one_line_that_names_it(folder, port, name, address, said):
    assert said in refused(folder, port, **{name: address})


def test_a_role_that_may_not_make_tables_is_one_line_with_what_to_set(folder, port, tmp_path):
    with embedded.servers(tmp_path / "other", durable=False):
        given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
        said = refused(folder, port, **given)
    embedded.stop(tmp_path / "other")
    assert "may not make tables: set MIGRATION_DATABASE_URL" in said


def test_a_second_one_in_the_same_folder_says_where_the_first_is(folder, start, port):
    demo = start()
    demo.wait_until_started()
    said = refused(folder, 8000)
    assert f"The demonstration already runs at http://127.0.0.1:{port}/" in said
    assert demo.tell(signal.SIGTERM) == 0


def test_a_step_that_fails_is_one_line_with_where_to_look(folder, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken, ignore=shutil.ignore_patterns(".local", "staticfiles"), symlinks=True)
    shutil.rmtree(broken / "static")
    (broken / "config" / "urls.py").write_text("raise RuntimeError('this page is torn')\n")
    try:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            free = probe.getsockname()[1]
        said = refused(broken, free)
        assert "Start-up stopped at the step" in said
        assert ".local/log/" in said
    finally:
        reset(broken)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["manage.py", "migrate", "--no-input"], "Operations to perform"),
        (["-m", "celery", "--app=config", "inspect", "ping", "--timeout=1"], "No nodes replied"),
    ],
)
def test_a_command_by_itself_has_the_servers_for_as_long_as_it_runs(folder, command, said):
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment(8000),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert said in done.stdout + done.stderr
    assert postgres.running(folder / ".local" / "postgres") is None
    assert valkey.running(folder / ".local" / "valkey") is None


def test_reset_stops_what_runs_and_deletes_what_it_kept(folder, start):
    demo = start()
    demo.wait_until_ready()
    reset(folder)
    assert demo.process.wait(10) == 0
    assert demo.left_nothing()
    assert not (folder / ".local").exists()
    reset(folder)
