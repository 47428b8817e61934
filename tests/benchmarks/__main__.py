"""Run the benchmarks: ``python -m tests.benchmarks`` the quick ones, ``--full`` all, or those that are named.

Each runs in a process of its own, on an empty, migrated database that is thrown away afterwards. A benchmark that
breaks, or prints no figure, fails the run; a figure that falls short is reported and does not.
"""

from __future__ import annotations

import argparse
import ast
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

from config import embedded

HERE = Path(__file__).parent
HOME = embedded.HOME / "benchmarks"
FIGURE = re.compile(r"^\S+ measured=\S+ reference=\S+ ratio=\S+ required=\S+(?: lost=\d+)? (PASS|SHORT)$")
QUICK_SECONDS = 900.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--full", action="store_true", help="all of them, however long they take")
    parser.add_argument("names", nargs="*", help="only these")
    arguments = parser.parse_args()
    known = sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))
    unknown = sorted(set(arguments.names) - set(known))
    if unknown:
        sys.exit(f"There is no benchmark '{unknown[0]}': choose from {', '.join(known)}.")
    chosen = arguments.names or [name for name in known if arguments.full or is_quick(HERE / f"{name}.py")]
    limit = None if arguments.full or arguments.names else QUICK_SECONDS
    sys.exit(run(chosen, limit=limit))


def is_quick(module: Path) -> bool:
    """Whether a benchmark says ``QUICK = True``; read without running it."""
    for statement in ast.parse(module.read_text()).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement) == "QUICK = True":
            return True
    return False


def run(names: list[str], *, limit: float | None) -> int:
    """Run the benchmarks named, in ``limit`` seconds altogether; returns the exit code."""
    shutil.rmtree(HOME, ignore_errors=True)
    print(machine(), flush=True)
    results: list[str] = []
    broken: list[str] = []
    deadline = None if limit is None else time.monotonic() + limit
    try:
        with embedded.servers(HOME):
            environment = os.environ | embedded.local_settings(HOME) | {"DJANGO_SETTINGS_MODULE": "config.settings"}
            subprocess.run(
                [sys.executable, str(embedded.ROOT / "manage.py"), "migrate", "--no-input", "--verbosity=0"],
                env=environment,
                check=True,
            )
            for name in names:
                verdicts = _run_one(name, environment, deadline)
                results += verdicts
                if not verdicts:
                    broken.append(name)
    except embedded.EmbeddedServersError as error:
        sys.exit(str(error))
    finally:
        shutil.rmtree(HOME, ignore_errors=True)
    print(f"{len(results)} figures: {results.count('PASS')} PASS, {results.count('SHORT')} SHORT")
    for name in broken:
        print(f"The benchmark '{name}' broke: run 'python -m tests.benchmarks {name}' to see why.", file=sys.stderr)
    return 1 if broken or not results else 0


def machine() -> str:
    """What the figures were measured on."""
    versions = [f"{name} {version(name)}" for name in ("numpy", "numba", "highspy", "Django", "celery")]
    model = [line.split(":", 1)[1].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")]
    processor = model[0] if model else platform.processor() or platform.machine()
    return f"{os.cpu_count()} × {processor}, Python {platform.python_version()}, {', '.join(versions)}"


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def _run_one(name: str, environment: dict[str, str], deadline: float | None) -> list[str]:
    """The verdicts of one benchmark's figures; none where it broke or ran out of time."""
    script = f"""
import django
django.setup()
from tests.benchmarks import {name}
from tests.everyone import acting_for_everybody
with acting_for_everybody():
    {name}.main()
"""
    remaining = None if deadline is None else max(1.0, deadline - time.monotonic())
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=embedded.ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            output, _ = process.communicate(timeout=remaining)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
            print(f"{name} was stopped: the quick benchmarks together may take {QUICK_SECONDS:.0f} seconds.")
    print(output, end="", flush=True)
    if process.returncode != 0:
        return []
    return [match[1] for match in map(FIGURE.match, output.splitlines()) if match]


if __name__ == "__main__":
    main()
