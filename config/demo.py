"""The demonstration: database, broker, web server and worker, from one command to one line with an address.

``python -m config.demo`` runs it until it is told to stop (Ctrl-C, SIGTERM or SIGHUP) and then leaves no
process; ``--reset`` stops one that runs and deletes its data. Whatever goes wrong is said in one line.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from config import embedded
from config.given_servers import GivenServerError, check_servers_answer
from config.processes import Identity, identify, is_alive, wait_until_gone
from config.supervisor import Program, ProgramFailedError, Supervisor, end_left_behind, end_with_parent

LOCAL = embedded.HOME
LOGS = LOCAL / "log"
LETTERS = LOCAL / "letters"
LOCK = LOCAL / "demo.lock"
RUNNING = LOCAL / "demo.json"
COLLECTED = LOCAL / "static-files"
PROGRAMS = LOCAL / "programs.json"
HOST = "127.0.0.1"
READY_SECONDS = 120
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class DemoError(RuntimeError):
    """The demonstration cannot go on; the text is one line that says what to do."""


class Told(BaseException):
    """Somebody told the demonstration to stop."""


class Listener:
    """Hears that the demonstration should stop. ``check`` is called where stopping is safe, and raises
    Told.
    """

    def __init__(self) -> None:
        self.told = False
        self.parent = os.getppid()
        self.caught_by_make = _signals_caught_by_make(self.parent)
        for number in STOP_SIGNALS:
            signal.signal(number, self._hear)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.told = True

    def check(self) -> None:
        if self.told or self._make_was_told():
            raise Told

    def _make_was_told(self) -> bool:
        """make passes on SIGTERM only. Told by another signal it stops listening to it and waits for us."""
        if self.caught_by_make is None:
            return False
        if os.getppid() != self.parent:
            return True
        now = _signals_caught_by_make(self.parent)
        return now is not None and any(
            self.caught_by_make & 1 << number - 1 and not now & 1 << number - 1 for number in STOP_SIGNALS
        )


def _signals_caught_by_make(parent: int) -> int | None:
    """The set of signals that our parent handles, as bits; None where the parent is not make or cannot be
    asked.
    """
    if "MAKELEVEL" not in os.environ:
        return None
    try:
        lines = Path(f"/proc/{parent}/status").read_text().splitlines()
    except OSError:
        return None
    fields = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    return int(fields["SigCgt"], 16) if "make" in fields["Name"] else None


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m config.demo", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="stop the demonstration and delete its data")
    arguments = parser.parse_args()
    try:
        if arguments.reset:
            reset()
        else:
            run(_port())
    except (DemoError, ProgramFailedError, GivenServerError, embedded.EmbeddedServersError) as error:
        sys.exit(str(error))


def run(port: int) -> None:
    """Start everything, say where it is, and keep it running until told to stop."""
    listener = Listener()
    LOGS.mkdir(parents=True, exist_ok=True)
    with _only_one(port):
        end_left_behind(PROGRAMS)
        _check_port_is_free(port)
        _say("Starting the database and the broker")
        with embedded.servers() as revive:
            os.environ.update(embedded.local_settings())
            os.environ.setdefault("DEBUG", "false")
            _write_letters_into_files(port)
            check_servers_answer()
            supervisor = Supervisor(PROGRAMS, os.environ)
            try:
                signs = _start(supervisor, listener, port)
                _print(f"\nThe demonstration is ready: http://{HOST}:{port}/\n\n{signs}\n\nPress Ctrl-C to stop it.")
                while True:
                    listener.check()
                    revive()
                    supervisor.check()
                    time.sleep(0.2)
            except Told:
                _say("Stopping")
            finally:
                supervisor.end()


def _write_letters_into_files(port: int) -> None:
    """Letters of the demonstration are files in its folder: nobody is written to, and everybody can look at them."""
    os.environ.setdefault("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
    os.environ.setdefault("EMAIL_FILE_PATH", str(LETTERS))
    os.environ.setdefault("SITE_ADDRESS", f"http://{HOST}:{port}")


def reset() -> None:
    """Stop what runs and delete what it kept."""
    running = _running()
    if running is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(running[0].pid, signal.SIGTERM)
        if not wait_until_gone([running[0]], 60):
            with contextlib.suppress(ProcessLookupError):
                os.kill(running[0].pid, signal.SIGKILL)
            wait_until_gone([running[0]], 10)
    end_left_behind(PROGRAMS)
    embedded.stop(embedded.TEST_HOME)
    embedded.stop(embedded.HOME)
    shutil.rmtree(LOCAL, ignore_errors=True)
    _print("The demonstration's data is deleted; 'make demo' starts afresh.")


def _start(supervisor: Supervisor, listener: Listener, port: int) -> str:
    """Bring everything up in order; returns the sign-ins, for people to read."""
    _say("Preparing the database and the pages")
    with contextlib.ExitStack() as stack:
        steps = [stack.enter_context(_step("migrate", "migrate", "--no-input", "--verbosity=0"))]
        if not COLLECTED.exists() or COLLECTED.read_text() != _fingerprint_of_static_files():
            collect = _step("static files", "collectstatic", "--no-input", "--clear", "--verbosity=0")
            steps.append(stack.enter_context(collect))
        for step in steps:
            step.wait(listener)
    COLLECTED.write_text(_fingerprint_of_static_files())
    supervisor.start(
        Program(
            "worker",
            _module(
                "celery", "--app=config", "worker", "--beat", "--concurrency=1", f"--schedule={LOCAL / 'schedule'}"
            ),
            _new_log("worker"),
        )
    )
    supervisor.start(
        Program(
            "web server",
            _module("gunicorn", "config.wsgi", f"--bind={HOST}:{port}", "--preload", "--workers=2", "--threads=4"),
            _new_log("web"),
        )
    )
    _say("Loading the demonstration")
    with _step("demonstration", "load_demonstration", f"--address=http://{HOST}:{port}") as load:
        signs = load.wait(listener, supervisor)
    _wait_for_pages(supervisor, listener, port)
    _say("Waiting for the first score")
    with _step("score", "await_score", "DEMO", "--seconds=300") as score:
        score.wait(listener, supervisor)
    return signs


@dataclass
class _Step:
    """A management command on the way, beside this process so that a signal can end it."""

    name: str
    process: subprocess.Popen[bytes]
    answer: Path
    log: Path

    def wait(self, listener: Listener, supervisor: Supervisor | None = None) -> str:
        """What the command printed. Raises DemoError where it failed, Told where it is no longer wanted."""
        while self.process.poll() is None:
            listener.check()
            if supervisor is not None:
                supervisor.check()
            time.sleep(0.05)
        if self.process.returncode != 0:
            reason = _reason(self.log.read_text(errors="replace")) or f"it ended with {self.process.returncode}"
            raise DemoError(f"Start-up stopped at the step '{self.name}': {reason} (more in {_short(self.log)})")
        return self.answer.read_text().strip()


def _reason(log: str) -> str:
    """The line of a log that says why: the last that names an error, else the last."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"[\w.]*(Error|Exception|Denied|InsufficientPrivilege)\b.*: ", line)]
    return (errors or lines or [""])[-1]


@contextlib.contextmanager
def _step(name: str, *arguments: str) -> Iterator[_Step]:
    """Run a management command; where the block is left early, it is ended."""
    log = _new_log(name.replace(" ", "-"))
    answer = log.with_suffix(".out")
    with log.open("wb") as errors, answer.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, str(embedded.ROOT / "manage.py"), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
    try:
        yield _Step(name, process, answer, log)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def _fingerprint_of_static_files() -> str:
    """Changes with everything that the collected static files are made from, and with their being deleted."""
    root = embedded.ROOT
    files = [*root.glob("*/static/**/*"), *root.glob("static/**/*"), *root.glob("requirements/*.txt")]
    files += [root / "package-lock.json", root / "config" / "settings.py", root / "staticfiles" / "staticfiles.json"]
    digest = hashlib.sha256()
    for file in sorted(file for file in files if file.is_file()):
        status = file.stat()
        digest.update(f"{file.relative_to(root)} {status.st_size} ".encode())
        if file.name != "staticfiles.json":
            digest.update(f"{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _wait_for_pages(supervisor: Supervisor, listener: Listener, port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        listener.check()
        supervisor.check()
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/readyz", timeout=5) as answer:  # nosec B310
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise DemoError(f"The pages did not become ready within {READY_SECONDS} seconds: see {_short(LOGS / 'web.log')}.")


@contextlib.contextmanager
def _only_one(port: int) -> Iterator[None]:
    """One demonstration a folder. The system takes the lock back when its holder dies, however it dies."""
    with LOCK.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            running = _running()
            where = f" at http://{HOST}:{running[1]}/" if running else ""
            raise DemoError(
                f"The demonstration already runs{where}: use that one, or stop it (Ctrl-C where it runs) first."
            ) from None
        me = identify()
        RUNNING.write_text(json.dumps([*(me.to_json() if me else [0, 0]), port]))
        yield
        RUNNING.unlink(missing_ok=True)


def _running() -> tuple[Identity, int] | None:
    """The demonstration that runs in this folder and its port."""
    try:
        pid, started, port = json.loads(RUNNING.read_text())
        identity = Identity.from_json([pid, started])
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return (identity, int(port)) if is_alive(identity) else None


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise DemoError(f"PORT is '{text}': give a number from 1 to 65535, as in 'make demo PORT=8001'.")
    return int(text)


def _check_port_is_free(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the web server does: a connection that is just closing does not keep the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen()
        except PermissionError:
            raise DemoError(
                f"Port {port} is not open to you: choose one above 1023, as in 'make demo PORT=8001'."
            ) from None
        except OSError:
            other = port + 1 if port < 65535 else 8000
            raise DemoError(
                f"Port {port} is in use: stop what uses it, or choose another, as in 'make demo PORT={other}'."
            ) from None


def _module(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", name, *arguments]


def _new_log(name: str) -> Path:
    log = LOGS / f"{name}.log"
    log.write_bytes(b"")
    return log


def _short(path: Path) -> str:
    return str(path.relative_to(embedded.ROOT))


def _say(text: str) -> None:
    _print(f"{text} …")


def _print(text: str) -> None:
    # The terminal may be gone, which is why we may have been told to stop.
    with contextlib.suppress(OSError):
        print(text, flush=True)


if __name__ == "__main__":
    main()
