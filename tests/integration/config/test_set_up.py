"""Set-up, for real, in a folder with short lists of packages: nothing is fetched."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import embedded

LOCK = {
    "name": "small",
    "version": "1.0.0",
    "lockfileVersion": 3,
    "requires": True,
    "packages": {"": {"name": "small", "version": "1.0.0"}},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to set up: no Python packages, no front-end packages."""
    root = tmp_path / "a folder"
    for name in ("config/set_up.py", "requirements/node.txt", ".npmrc"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(embedded.ROOT / name, root / name)
    (root / "requirements" / "dev.txt").write_text("# none\n")
    (root / "package.json").write_text(json.dumps({"name": "small", "version": "1.0.0"}))
    (root / "package-lock.json").write_text(json.dumps(LOCK))
    # As `npm ci` would make it, so that these tests need no Node.
    (root / "node_modules").mkdir()
    set_up_stamp(root)
    return root


def set_up_stamp(root: Path) -> None:
    import hashlib

    digest = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    (root / "node_modules" / ".set-up").write_text(digest)


def set_up(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "config/set_up.py"],
        cwd=root,
        # Where the machine has no npm, set-up put one beside this Python.
        env=os.environ | {"PATH": f"{os.environ['PATH']}{os.pathsep}{Path(sys.executable).parent}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_second_set_up_does_nothing(folder):
    first = set_up(folder)
    assert first.returncode == 0, first.stderr
    assert "Making a virtual environment" in first.stdout
    python = folder / ".venv" / "bin" / "python"
    assert subprocess.run([python, "--version"], capture_output=True, check=False).returncode == 0
    second = set_up(folder)
    assert (second.returncode, second.stdout) == (0, "")


def test_an_interrupted_environment_is_made_afresh(folder):
    half = folder / ".venv" / "lib" / "half-copied.py"
    half.parent.mkdir(parents=True)
    half.write_text("def f(")
    assert set_up(folder).returncode == 0
    assert not half.exists()


def test_a_changed_list_is_installed_without_starting_over(folder):
    assert set_up(folder).returncode == 0
    (folder / "requirements" / "dev.txt").write_text("# still none\n")
    again = set_up(folder)
    assert again.returncode == 0
    assert "Installing Python packages" in again.stdout
    assert "Making a virtual environment" not in again.stdout


def test_an_environment_that_was_moved_is_made_afresh(folder):
    assert set_up(folder).returncode == 0
    moved = folder.with_name("moved")
    folder.rename(moved)
    assert "Making a virtual environment" in set_up(moved).stdout


def test_a_list_that_pip_refuses_is_reported_in_one_line(folder):
    (folder / "requirements" / "dev.txt").write_text("not a package !\n")
    refused = set_up(folder)
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert "pip could not install the Python packages" in refused.stderr
    assert not (folder / ".venv" / ".set-up").exists()


def test_front_end_packages_are_made_from_the_lock_file(folder):
    shutil.rmtree(folder / "node_modules")
    (folder / "node_modules").mkdir()
    (folder / "node_modules" / "half").write_text("")
    done = set_up(folder)
    assert done.returncode == 0, done.stderr
    assert "Installing front-end packages" in done.stdout
    assert not (folder / "node_modules" / "half").exists()


def test_a_list_that_npm_refuses_is_reported_in_one_line(folder):
    (folder / "package-lock.json").write_text("not a lock file")
    refused = set_up(folder)
    assert refused.returncode == 1
    assert "npm could not install the front-end packages" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
