"""Which living processes hold the embedded servers."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.processes import Identity, identify, is_alive


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Be the only process inside such a block on ``path``; the system frees the lock when its holder dies."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Holders:
    """A file of process identities. Every method is to be called inside ``exclusive``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def alive(self) -> list[Identity]:
        """The holders that still run. A file cut short by a crash counts as nobody's."""
        try:
            entries = [Identity.from_json(entry) for entry in json.loads(self.path.read_text())]
        except (FileNotFoundError, ValueError, TypeError):
            return []
        return [entry for entry in entries if is_alive(entry)]

    def add(self) -> None:
        """This process holds the servers (once more)."""
        me = identify()
        self._write([*self.alive(), me] if me else self.alive())

    def remove(self) -> bool:
        """This process gives up one hold; returns whether anybody still holds the servers."""
        entries = self.alive()
        mine = next((entry for entry in entries if entry.pid == os.getpid()), None)
        if mine is not None:
            entries.remove(mine)
        self._write(entries)
        return bool(entries)

    def clear(self) -> None:
        """Nobody holds the servers."""
        self._write([])

    def _write(self, entries: list[Identity]) -> None:
        # Written beside and moved into place, so that a kill in between leaves the old list, not half of one.
        beside = self.path.with_suffix(".new")
        beside.write_text(json.dumps([entry.to_json() for entry in entries]))
        beside.replace(self.path)
