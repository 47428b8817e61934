"""Which Chromium the end-to-end tests drive: the system's, else Debian's package, else Playwright's own.

``python -m tests.e2e.chromium --install`` sees to it that there is one; ``make test`` runs that first.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path() -> str | None:
    """The path of the system's browser; None where there is none that works, for Playwright's own."""
    for name in NAMES:
        path = shutil.which(name)
        # On some systems the name is there and only says how to install the rest.
        if path and _works(path):
            return path
    return None


def install() -> None:
    """Have a browser. Ends the program with one line that says what to do where that fails."""
    if chromium_path() or _playwrights_own().exists():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium …", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update"], ["install", "--yes", "chromium"]):
            subprocess.run(["apt-get", *step], env=environment, stdout=subprocess.DEVNULL, check=False)
        if chromium_path():
            return
    print("Fetching Playwright's Chromium …", flush=True)
    done = subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if done.returncode != 0 or not _playwrights_own().exists():
        sys.exit("No Chromium for the end-to-end tests: install the package 'chromium', then run make test again.")


def _works(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _playwrights_own() -> Path:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


if __name__ == "__main__":
    if sys.argv[1:] == ["--install"]:
        install()
    else:
        print(chromium_path() or _playwrights_own())
