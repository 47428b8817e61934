"""PgBouncer, which gives one connection to the database to many clients in turn, for the tests that go through it.

``python -m tests.integration.config.pgbouncer --install`` installs Debian's package for root where there is none.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from config.embedded.postgres import APP_ROLE, SYSTEM_USER
from config.processes import end, launch

SECONDS_TO_START = 30
CONFIGURATION = """[databases]
* = host={host} user={role}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 1
"""


def program() -> str | None:
    """The path of PgBouncer; None where it is not installed."""
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


def install() -> None:
    """Have PgBouncer where that takes no more than Debian's package; say so where it does."""
    if program():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing pgbouncer …", flush=True)
        # The package would start a service of its own.
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        for step in (["update"], ["install", "--yes", "--no-install-recommends", "pgbouncer"]):
            subprocess.run(["apt-get", *step], env=environment, stdout=subprocess.DEVNULL, check=False)
    if not program():
        print("PgBouncer is not installed: the tests that go through it are left out.")


@contextmanager
def one_server_connection(*, host: str) -> Iterator[int]:
    """A PgBouncer in front of the server whose socket is in ``host``: by transactions, with a single connection to it.

    Gives its port on this machine; whoever comes there is the role of the application.
    """
    path = program()
    assert path is not None, "install pgbouncer, as 'make test' does"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with TemporaryDirectory() as name:
        folder = Path(name)
        configuration = folder / "pgbouncer.ini"
        configuration.write_text(CONFIGURATION.format(host=host, role=APP_ROLE, port=port))
        # It does not run as root, and only this user may enter the directory of the socket.
        user = SYSTEM_USER if os.geteuid() == 0 else None
        folder.chmod(0o755)
        with (folder / "log").open("wb") as output:
            process = launch([path, str(configuration)], output=output, directory=Path("/"), user=user)
        try:
            _wait_until_it_answers(port, process, folder / "log")
            yield port
        finally:
            end(process.pid)


def _wait_until_it_answers(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("PgBouncer did not start: " + log.read_text())


if __name__ == "__main__":
    if sys.argv[1:] == ["--install"]:
        install()
    else:
        print(program() or "not installed")
