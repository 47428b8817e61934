"""Set up this folder: Python packages in ``.venv``, front-end packages in ``node_modules``, the engine compiled.

Run as a file by whatever Python the machine has (``python3 config/set_up.py``), so it uses the standard
library only. Each part leaves a stamp with a hash of the list it was made from. The stamp is taken away
first and written last: a part that was interrupted has none and is made afresh, and a part whose list is
unchanged costs nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
LOG = LOCAL / "set-up.log"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST_NODE = 18


class SetUpError(RuntimeError):
    """Set-up cannot go on; the text is one line that says what to do."""


def main() -> None:
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "set-up.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        LOG.write_text("")
        try:
            python_packages()
            front_end_packages()
            compiled_loops()
        except SetUpError as error:
            sys.exit(str(error))
        except KeyboardInterrupt:
            sys.exit("Interrupted: run make again and set-up goes on.")


def python_packages() -> None:
    """The virtual environment with every package at its pinned version and hash."""
    wanted = ROOT / "requirements" / "dev.txt"
    stamp = VENV / ".set-up"
    # A moved folder or another Python makes an environment that only looks whole.
    made_for = f"{ROOT} {sys.version_info.major}.{sys.version_info.minor}"
    before = _read(stamp).split("\n")
    if before == [made_for, _digest(wanted)] and _works(PYTHON):
        return
    if before[0] != made_for or not _works(PYTHON):
        _say("Making a virtual environment in .venv")
        shutil.rmtree(VENV, ignore_errors=True)
        _run(
            [sys.executable, "-m", "venv", str(VENV)],
            "Python's venv module does not work: install it (on Debian and Ubuntu: apt-get install python3-venv), "
            "then run make again.",
        )
    stamp.unlink(missing_ok=True)
    _say("Installing Python packages (a few minutes the first time)")
    _pip_install(wanted)
    stamp.write_text(f"{made_for}\n{_digest(wanted)}")


def front_end_packages() -> None:
    """The NHS design system, the chart library and the accessibility checker, by integrity hash."""
    lock = ROOT / "package-lock.json"
    stamp = ROOT / "node_modules" / ".set-up"
    if _read(stamp) == _digest(lock):
        return
    stamp.unlink(missing_ok=True)
    npm, environment = _npm()
    _say("Installing front-end packages")
    _run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        "npm could not install the front-end packages: check the network, then run make again.",
        environment=environment,
    )
    stamp.write_text(_digest(lock))


def compiled_loops() -> None:
    """The engine's inner loops, compiled now so that neither the first run nor a test waits for the compiler."""
    sources = sorted((ROOT / "scoring" / "engine").glob("*.py"))
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    stamp = VENV / ".set-up-compiled"
    if not sources or _read(stamp) == digest:
        return
    _say("Compiling the engine's inner loops")
    _run([str(PYTHON), "-m", "scoring.engine.warm"], "The engine's inner loops could not be compiled.")
    stamp.write_text(digest)


def _npm() -> tuple[str, Mapping[str, str]]:
    """The machine's npm where it has a recent one, else the one that comes with Node's own Python package."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node and _node_version(node) >= OLDEST_NODE and _works(npm):
        return npm, os.environ
    stamp = VENV / ".set-up-node"
    wanted = ROOT / "requirements" / "node.txt"
    if _read(stamp) != _digest(wanted):
        _say("Installing Node, which this machine has not, in .venv")
        _pip_install(wanted)
        stamp.write_text(_digest(wanted))
    environment = {**os.environ, "PATH": f"{PYTHON.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    # This Node trusts only the authorities it was built with; on a network that inspects its traffic, as
    # many in the NHS do, the machine's own list has one more.
    authorities = _certificate_authorities()
    if authorities:
        environment.setdefault("NODE_EXTRA_CA_CERTS", authorities)
    return str(PYTHON.parent / "npm"), environment


def _certificate_authorities() -> str | None:
    """The machine's own list of certificate authorities, where it is found."""
    paths = ssl.get_default_verify_paths()
    candidates = [
        paths.cafile,
        f"{paths.capath or '/etc/ssl/certs'}/ca-certificates.crt",
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
    ]
    return next((path for path in candidates if path and Path(path).is_file()), None)


def _node_version(node: str) -> int:
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
        return int(answer.stdout.strip().lstrip("v").split(".")[0])
    except (OSError, subprocess.SubprocessError, ValueError):
        return 0


def _pip_install(requirements: Path) -> None:
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    _run(
        [*pip, "--require-hashes", "-r", str(requirements)],
        "pip could not install the Python packages: check the network, then run make again.",
    )


def _run(command: Sequence[str], advice: str, environment: Mapping[str, str] | None = None) -> None:
    """Run ``command`` in this folder, its output to the log. Raises SetUpError with the advice where it
    fails.
    """
    with LOG.open("a") as log:
        try:
            done = subprocess.run(
                command, cwd=ROOT, check=False, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment
            )
            if done.returncode == 0:
                return
        except OSError as error:
            log.write(f"{error}\n")
    lines = [line.strip() for line in _read(LOG).splitlines() if line.strip()]
    reason = f" (It said: {lines[-1]} More in {LOG.relative_to(ROOT)}.)" if lines else ""
    raise SetUpError(advice + reason)


def _works(program: str | Path) -> bool:
    try:
        return subprocess.run([str(program), "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _say(text: str) -> None:
    print(f"{text} …", flush=True)


if __name__ == "__main__":
    main()
