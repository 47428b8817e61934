"""The web server in processes of its own, for the benchmarks that visit it."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

from config import embedded

SECONDS_TO_START = 60


@contextlib.contextmanager
def web_server(application: str = "config.wsgi") -> Iterator[str]:
    """The web server as in the demonstration, on a port of its own; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "gunicorn", application, f"--bind={address}", "--workers=2", "--threads=4"]
    server = subprocess.Popen(
        command,
        cwd=embedded.ROOT,
        env=os.environ | {"LOG_LEVEL": "ERROR", "COLLECTED_STATIC": "false"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while not answers(address):
            assert time.monotonic() < deadline, "the web server does not start"
            time.sleep(0.2)
        yield f"http://{address}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def answers(address: str) -> bool:
    """Whether a web server at this host and port says that it is alive."""
    try:
        connection = http.client.HTTPConnection(address, timeout=2)
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
