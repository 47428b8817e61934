"""For whom a test acts outside of requests, tasks and commands: for every organisation there is.

The application has no such scope, and code under test starts as nobody like everywhere: what forgets to say for whom it
acts finds nothing in a test as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from partnerships import isolation
from partnerships.isolation import Scope


class EveryOrganisation(Scope):
    """Reads the ids of all organisations, which are no secret, before each statement."""

    @cached_property
    def prefix(self) -> str:
        everybody = (
            "SELECT set_config('triage.organisations', coalesce((SELECT string_agg(id::text, ',') FROM "
            "partnerships_organisation), ''), true), set_config('triage.person', '', true), "
            "set_config('triage.link', '', true)"
        )
        return everybody + f", set_config('triage.response', '{self.response}', true); "


@contextmanager
def acting_for_everybody() -> Iterator[None]:
    """In every thread of this process, as long as the block lasts."""
    before, isolation.outside = isolation.outside, EveryOrganisation()
    try:
        yield
    finally:
        isolation.outside = before
