"""Set-up, for real, in a folder with short lists of packages: nothing is fetched."""

from __future__ import annotations

import hashlib
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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that was set up, with no packages in its lists. Tests that spoil it leave it to the next to mend."""
    root = tmp_path_factory.mktemp("set-up") / "a folder"
    for name in ("config/set_up.py", "requirements/node.txt", ".npmrc"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(embedded.ROOT / name, root / name)
    (root / "package.json").write_text(json.dumps({"name": "small", "version": "1.0.0"}))
    return mend(root)


def mend(root: Path) -> Path:
    (root / "requirements" / "dev.txt").write_text("# none\n")
    lock = root / "package-lock.json"
    lock.write_text(json.dumps(LOCK))
    (root / "node_modules").mkdir(exist_ok=True)
    (root / "node_modules" / ".set-up").write_text(hashlib.sha256(lock.read_bytes()).hexdigest())
    done = set_up(root)
    assert done.returncode == 0, done.stderr
    return root


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
    mend(folder)
    second = set_up(folder)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    python = folder / ".venv" / "bin" / "python"
    assert subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def test_an_interrupted_environment_is_made_afresh(folder):
    mend(folder)
    (folder / ".venv" / ".set-up").unlink()
    half = folder / ".venv" / "half-copied.py"
    half.write_text("def f(")
    again = set_up(folder)
    assert again.returncode == 0
    assert "Making a virtual environment" in again.stdout
    assert not half.exists()


def test_a_changed_list_is_installed_without_starting_over(folder):
    mend(folder)
    (folder / "requirements" / "dev.txt").write_text("# still none\n")
    again = set_up(folder)
    assert again.returncode == 0
    assert "Installing Python packages" in again.stdout
    assert "Making a virtual environment" not in again.stdout


def test_an_environment_that_was_moved_is_made_afresh(folder, tmp_path):
    moved = tmp_path / "moved"
    shutil.copytree(mend(folder), moved, symlinks=True)
    again = set_up(moved)
    assert again.returncode == 0
    assert "Making a virtual environment" in again.stdout


def test_a_list_that_pip_refuses_is_reported_in_one_line(folder):
    mend(folder)
    (folder / "requirements" / "dev.txt").write_text("not a package !\n")
    refused = set_up(folder)
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert "pip could not install the Python packages" in refused.stderr
    assert not (folder / ".venv" / ".set-up").exists()


def test_front_end_packages_are_made_from_the_lock_file(folder):
    mend(folder)
    (folder / "node_modules" / ".set-up").unlink()
    (folder / "node_modules" / "half").write_text("")
    done = set_up(folder)
    assert done.returncode == 0, done.stderr
    assert "Installing front-end packages" in done.stdout
    assert not (folder / "node_modules" / "half").exists()


def test_a_list_that_npm_refuses_is_reported_in_one_line(folder):
    mend(folder)
    (folder / "package-lock.json").write_text("not a lock file")
    refused = set_up(folder)
    assert refused.returncode == 1
    assert "npm could not install the front-end packages" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
