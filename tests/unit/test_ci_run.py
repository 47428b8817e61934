"""What lets a change in (``.ci/run``): it is red whenever something failed or was left out.

``make`` is a stand-in here, which writes a report and ends as it is told: the real one takes half an hour.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import GROUPS

ROOT = Path(__file__).resolve().parents[2]
CLOSING = "=========== 3 passed in 1.00s ==========="
MAKE = """#!/bin/sh
report=$(printf '%s' "$*" | sed -n 's/.*--junitxml=//p')
[ -z "$REPORT" ] || printf '%s' "$REPORT" >"$report"
echo "$CLOSING"
exit "$STATUS"
"""


def report(*groups: str, more: str = "") -> str:
    cases = [
        f'<testcase classname="tests.a" name="test_{group}"><properties><property name="needs" value="{group}"/>'
        "</properties></testcase>"
        for group in groups
    ]
    return f"<testsuites><testsuite>{''.join(cases)}{more}</testsuite></testsuites>"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """As much of a clone as the script needs, in a folder whose name has a blank."""
    root = tmp_path / "a clone"
    for folder in (".ci", ".venv/bin", "tests", "bin"):
        (root / folder).mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "run", root / ".ci")
    for name in ("__init__.py", "nothing_left_out.py"):
        shutil.copy(ROOT / "tests" / name, root / "tests")
    (root / ".venv" / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    make = root / "bin" / "make"
    make.write_text(MAKE)
    make.chmod(0o755)
    return root


def run(clone: Path, told: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{clone / 'bin'}:{os.environ['PATH']}", "CLOSING": CLOSING, "STATUS": str(status)}
    return subprocess.run(
        [clone / ".ci" / "run"],
        cwd=clone.parent,
        env=environment | {"REPORT": told},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_where_everything_ran_and_passed_it_is_green_and_ends_with_pytests_own_line(clone: Path) -> None:
    done = run(clone, report(*GROUPS))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == CLOSING


@pytest.mark.parametrize("group", GROUPS)
def test_where_a_group_of_tests_did_not_run_it_is_red(clone: Path, group: str) -> None:
    done = run(clone, report(*(one for one in GROUPS if one != group)))
    assert done.returncode != 0
    assert f"No test of the group '{group}' was run." in done.stderr


def test_where_a_test_was_skipped_it_is_red(clone: Path) -> None:
    skipped = '<testcase classname="tests.a" name="test_skipped"><skipped message="no"/></testcase>'
    assert run(clone, report(*GROUPS, more=skipped)).returncode != 0


@pytest.mark.parametrize("told", [report(*GROUPS), ""])
def test_where_a_check_or_a_test_fails_it_is_red(clone: Path, told: str) -> None:
    assert run(clone, told, status=2).returncode != 0


def test_where_no_report_was_written_it_is_red(clone: Path) -> None:
    """And a report of an earlier run is not taken for this one's."""
    (clone / ".local").mkdir()
    (clone / ".local" / "ci-report.xml").write_text(report(*GROUPS))
    assert run(clone, "").returncode != 0
