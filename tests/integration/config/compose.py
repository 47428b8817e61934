"""Which Docker Compose reads ``docker-compose.yml`` here; to read the file it needs no Docker engine.

``python -m tests.integration.config.compose --install`` installs Debian's package for root where there is none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def command() -> list[str] | None:
    """How Docker Compose is called on this machine; None where it is not installed."""
    for candidate in (["docker-compose"], ["docker", "compose"]):
        if shutil.which(candidate[0]) is None:
            continue
        if subprocess.run([*candidate, "version"], capture_output=True, check=False).returncode == 0:
            return candidate
    return None


def install() -> None:
    """Have Docker Compose where that takes no more than Debian's package; say so where it does."""
    if command():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing docker-compose …", flush=True)
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update"], ["install", "--yes", "--no-install-recommends", "docker-compose"]):
            subprocess.run(["apt-get", *step], env=environment, stdout=subprocess.DEVNULL, check=False)
    if not command():
        print("Docker Compose is not installed: its own reading of docker-compose.yml is left out of the tests.")


if __name__ == "__main__":
    if sys.argv[1:] == ["--install"]:
        install()
    else:
        print(" ".join(command() or ["not installed"]))
