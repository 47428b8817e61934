"""For whom the code acts, and how the database is told: the second layer of isolation.

Code reaches rows through their owner; should it ever forget, PostgreSQL's row-level security shows it nothing of
anybody else's. The policies (``partnerships.row_security``) read four settings: whose rows may be seen, which person's
own grants, the hash of a personal link, and the key of one response to a survey. Where a setting is missing, nothing is
shown.

For whom the code acts is a context variable of this process and never a property of a connection. Every statement that
Django sends carries it in front, in the same message: in autocommit mode the two are one implicit transaction, inside a
transaction the setting is local to it, and so nothing is left behind in a connection that somebody else has next. That
is what makes it safe where PgBouncer pools by transaction, and it costs no further trip to the database.

Requests, tasks and commands start as nobody (``start_as_nobody``, ``partnerships.background``,
``partnerships.commands``) and say whom they act for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.backends.base.base import NO_DB_ALIAS
from django.http import HttpRequest, HttpResponse
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from partnerships import actor

if TYPE_CHECKING:
    from partnerships.models import Organisation, Person

HASH = re.compile(r"[0-9a-f]{64}")
# What ends or shapes a transaction, or may not stand in one. None of it reads a row.
LEFT_ALONE = re.compile(
    r"\s*(?:SAVEPOINT|RELEASE|ROLLBACK|COMMIT|BEGIN|START|SET|RESET|VACUUM|REINDEX|(?:CREATE|DROP)\s+DATABASE"
    r"|(?:CREATE|DROP)\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY)\b",
    re.IGNORECASE,
)


class NotIsolatedError(RuntimeError):
    """This process could see across organisations; the text is one line that says what to do."""


@dataclass(frozen=True)
class Scope:
    """Whose rows may be seen: those of organisations (by id), one person's own grants, one link's invitation, and of
    the answers to a survey that is open those of one response.
    """

    organisations: tuple[int, ...] = ()
    person: int | None = None
    link: str = ""
    response: str = ""

    @cached_property
    def prefix(self) -> str:
        """What goes in front of a statement. Only digits, commas and the letters of a hash go into it."""
        organisations = ",".join(str(int(pk)) for pk in self.organisations)
        person = "" if self.person is None else str(int(self.person))
        return (
            f"SELECT set_config('triage.organisations', '{organisations}', true), "
            f"set_config('triage.person', '{person}', true), set_config('triage.link', '{self.link}', true), "
            f"set_config('triage.response', '{self.response}', true); "
        )


NOBODY = Scope()
# For whom code acts that has not said so. Only tests put something else here.
outside: Scope = NOBODY
_scope: ContextVar[Scope | None] = ContextVar("for whom we act", default=None)


def current_scope() -> Scope:
    return _scope.get() or outside


@contextmanager
def _within(scope: Scope) -> Iterator[None]:
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)


def acting_for(organisation: Organisation | int, *, person: Person | None = None) -> Any:
    """See and write the rows of one organisation and of no other; ``person`` stays who it was unless given.

    A context manager, as all of these are.
    """
    return acting_for_several([_key(organisation)], person=person)


def acting_for_several(organisations: Iterable[int], *, person: Person | None = None) -> Any:
    """The same for some organisations at once, by id: for work over all of them that shows nobody's rows to another."""
    who = current_scope().person if person is None else _key(person)
    return _within(Scope(tuple(int(pk) for pk in organisations), who))


def acting_as(person: Any) -> Any:
    """See a person's own grants, and nobody's rows; as nobody where the person has not signed in."""
    return _within(NOBODY if person is None or not person.is_authenticated else Scope(person=_key(person)))


def acting_with_link(link_hash: str) -> Any:
    """See the one invitation that a personal link leads to, and nothing else. Raises ValueError for what is no hash."""
    if not HASH.fullmatch(link_hash):
        raise ValueError("A link is known by the 64 hexadecimal digits of its hash.")
    return _within(Scope(link=link_hash))


def acting_on_response(key: str) -> Any:
    """See and write one response to a survey, besides what is seen anyway. Raises ValueError for what is no key."""
    if not HASH.fullmatch(key):
        raise ValueError("A response is known by the 64 hexadecimal digits of its key.")
    return _within(replace(current_scope(), response=key))


def acting_for_nobody() -> Any:
    """See nothing that is owned."""
    return _within(NOBODY)


def _key(row: Any) -> int:
    key = getattr(row, "pk", row)
    if key is None:
        raise ValueError(f"{row!r} is not saved, so nobody can act for it.")
    return int(key)


def send_scope_in_front(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Django's hook around each statement: say for whom we act, and where it writes who we are, in the same message.

    A transaction that has failed takes nothing but its own end, so there it is left out.
    """
    connection = context["connection"].connection
    text = sql if isinstance(sql, str) else sql.as_string(connection)
    if not LEFT_ALONE.match(text) and connection.get_transaction_status() != TRANSACTION_STATUS_INERROR:
        scope = current_scope()
        doer = actor.who(person=scope.person, organisations=scope.organisations)
        text = scope.prefix + actor.said_before(text, doer) + text
    return execute(text, params, many, context)


def prepare_connection(connection: Any, **_: Any) -> None:
    """Have every statement of a new connection carry the scope; not where databases themselves are made."""
    if connection.alias != NO_DB_ALIAS and send_scope_in_front not in connection.execute_wrappers:
        connection.execute_wrappers.append(send_scope_in_front)


def start_as_nobody(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a request begins as nobody, and once signed in sees the grants of its person."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with acting_for_nobody(), actor.answering(request), acting_as(request.user):
            return get_response(request)

    return middleware
