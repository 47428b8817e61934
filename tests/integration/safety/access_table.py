"""The table of who gets what at which address (``access_table.txt``), read and written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.integration.safety.world import HTMX, OUTSIDERS, ROLES, Page, World

FILE = Path(__file__).with_suffix(".txt")
ACTORS = (*ROLES, *OUTSIDERS)
METHODS = ("get", "post")
COLUMNS = len(ACTORS)
NO_SUCH_METHOD = 405


@dataclass(frozen=True)
class Row:
    """What each actor gets at one address of our house, then what everybody with a role in it gets at the same address
    of the others' house; each for GET, then for POST with an empty form.
    """

    name: str
    ours: tuple[tuple[str, ...], tuple[str, ...]]
    theirs: tuple[str, str]

    def as_(self, who: str) -> tuple[str, str]:
        """What an actor gets at our house."""
        get, post = (cells[ACTORS.index(who)] for cells in self.ours)
        return get, post

    def __str__(self) -> str:
        parts = [" ".join(f"{cell:4}" for cell in cells) for cells in (*self.ours, self.theirs)]
        return f"{self.name:42} {' | '.join(parts)}".rstrip()


def rows() -> list[Row]:
    return [_row(line) for line in FILE.read_text().splitlines() if line.strip() and not line.startswith("#")]


def _row(line: str) -> Row:
    first, post, theirs = line.split("|")
    name, *get = first.split()
    get_theirs, post_theirs = theirs.split()
    assert len(get) == len(post.split()) == COLUMNS, line
    return Row(name, (tuple(get), tuple(post.split())), (get_theirs, post_theirs))


def cell(pages: Sequence[Page]) -> str:
    """One cell: the status of a plain request and of the same by htmx, once where they are the same; ``in`` for being
    sent to sign in.
    """
    plain, by_htmx = ("in" if _is_sent_to_sign_in(page) else str(page.status_code) for page in pages)
    return plain if plain == by_htmx else f"{plain}/{by_htmx}"


def _is_sent_to_sign_in(page: Page) -> bool:
    """By a redirect, or where htmx asked by the header that makes it leave the page."""
    to: str = page.headers.get("Location") or page.headers.get("HX-Redirect") or ""
    return to.startswith("/accounts/login/?next=")


def seen(world: World, who: str, method: str, address: str) -> str:
    plain = world.ask(who, method, address)
    if plain.status_code == NO_SUCH_METHOD:  # refused before anything is looked at, so also for htmx
        return str(NO_SUCH_METHOD)
    return cell([plain, world.ask(who, method, address, headers=HTMX)])


def seen_row(world: World, name: str, ours: str, theirs: str) -> Row:
    """What the pages really answer, as a row of the table."""
    at_ours = tuple(tuple(seen(world, who, method, ours) for who in ACTORS) for method in METHODS)
    at_theirs = tuple(_one_for_all(world, method, theirs) if theirs != ours else "-" for method in METHODS)
    return Row(name, at_ours, at_theirs)  # type: ignore[arg-type]  # of two methods


def _one_for_all(world: World, method: str, address: str) -> str:
    return ",".join(sorted({seen(world, who, method, address) for who in ROLES}))


def difference(expected: Iterable[Row], found: Iterable[Row]) -> list[str]:
    """Every row that is not as the table has it, as it is; to be looked at, and only then to be put into the table."""
    known = {row.name: row for row in expected}
    return [str(row) for row in found if known.get(row.name) != row]
