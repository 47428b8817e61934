"""The lists of pinned packages agree with pyproject.toml, and say nothing of where they were fetched."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LISTS = {
    "base": PROJECT["project"]["dependencies"],
    "dev": PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["dev"],
    "node": PROJECT["dependency-groups"]["node"],
}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(name: str) -> set[str]:
    lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
    return {plain(line.split("==")[0].split("[")[0]) for line in lines if "==" in line and not line.startswith(" ")}


@pytest.mark.parametrize("name", LISTS)
def test_every_dependency_is_pinned(name):
    wanted = {plain(re.split(r"[\[~<>=! ;]", one)[0]) for one in LISTS[name]}
    assert wanted - pinned(name) == set(), "run 'make requirements'"


def test_development_pins_what_production_pins():
    assert pinned("base") <= pinned("dev")


@pytest.mark.parametrize("name", LISTS)
def test_every_pin_has_a_hash_and_no_address(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    pins = re.split(r"\n(?=[a-zA-Z0-9])", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    assert len(pins) > 1
    assert all("--hash=sha256:" in pin for pin in pins)
    assert "://" not in text


def test_the_front_end_lock_has_hashes_and_no_addresses():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    installed = {name: package for name, package in packages.items() if name}
    assert installed
    assert all(package["integrity"].startswith("sha512-") for package in installed.values())
    assert not any("resolved" in package for package in installed.values())
