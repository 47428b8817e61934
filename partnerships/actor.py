"""Who does what the record of changes tells of: a person's request, a task of the background, a command at the server.

The database writes the record itself (``partnerships.recording``), and reads who it was from a setting that goes in
front of every statement that writes, in the same message and for its transaction only, as the scope does
(``partnerships.isolation``). Survey respondents have no account: a request by nobody carries nothing, unless it is
said to be a visit (``visiting``).

Beside it stands whether a register is being loaded, which leaves no line for each row. Every statement that writes says
it anew, so that no later one of the transaction is taken for part of the loading.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import structlog
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve

PERSON, VISITOR, TASK, COMMAND = "person", "visitor", "task", "command"
READS = re.compile(r"\s*SELECT\b", re.IGNORECASE)
# What an address may name: codes, numbers and readable names. Whatever else stands in one may be a secret.
NAMED_IN_ADDRESSES = frozenset({"code", "slug", "number", "pk", "kind", "member", "run", "round"})
LONGEST_ADDRESS = 200
# A place in the pattern of an address, as Django spells it or in an expression; and what else expressions have.
PLACE = re.compile(r"\(\?P<(?P<named>\w+)>[^()]*\)|<(?:\w+:)?(?P<plain>\w+)>")
NOT_IN_ADDRESSES = str.maketrans("", "", "^$\\")


@dataclass(frozen=True)
class _Doing:
    """What is going on: its kind, the request it answers, or what the task or command is called."""

    kind: str
    name: str = ""
    request: HttpRequest | None = None


_loading: ContextVar[bool] = ContextVar("whether a register is being loaded", default=False)
_doing: ContextVar[_Doing | None] = ContextVar("what is being done", default=None)


@contextmanager
def _during(doing: _Doing) -> Iterator[None]:
    token = _doing.set(doing)
    try:
        yield
    finally:
        _doing.reset(token)


def answering(request: HttpRequest) -> Any:
    """A context manager, as all of these are: what is written is a request's doing."""
    return _during(_Doing(PERSON, request=request))


def visiting(request: HttpRequest) -> Any:
    """What is written is the doing of somebody who is not signed in yet, and whose request may be known."""
    return _during(_Doing(VISITOR, request=request))


def unproved() -> Any:
    """What is written is the doing of whoever sent the request that is being answered, whoever they say they are."""
    doing = _doing.get()
    return _during(_Doing(VISITOR, request=doing.request if doing else None))


def working_on(task: str) -> Any:
    """What is written is a background task's doing."""
    return _during(_Doing(TASK, name=task))


def commanding(command: str) -> Any:
    """What is written is the doing of a command at the server."""
    return _during(_Doing(COMMAND, name=command))


@contextmanager
def loading_register() -> Iterator[None]:
    """What is written to partnerships and their members comes from a public register; a deed tells of all of it."""
    token = _loading.set(True)
    try:
        yield
    finally:
        _loading.reset(token)


def who(*, person: int | None, organisations: tuple[int, ...]) -> dict[str, Any] | None:
    """Who does it, for whom and where; None for a request by nobody and where nothing has said what goes on.

    ``person`` and ``organisations`` are ids, as the scope has them.
    """
    doing = _doing.get()
    if doing is None or (doing.kind == PERSON and person is None):
        return None
    kind = PERSON if doing.kind == VISITOR and person is not None else doing.kind
    known: dict[str, Any] = {"kind": kind, "person": person}
    if len(organisations) == 1:
        known["organisation"] = organisations[0]
    running = structlog.contextvars.get_contextvars()
    known["request"] = running.get("task_id" if doing.kind == TASK else "request_id")
    known["at"] = doing.name or (address_of(doing.request) if doing.request else None)
    return {key: value for key, value in known.items() if value is not None}


def address_of(request: HttpRequest) -> str:
    """The path of a request without its query, and without any part that may be a secret, which shows as ``…``."""
    match: ResolverMatch | None = getattr(request, "resolver_match", None)
    if match is None:  # what is written on the way to the page
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return ""

    def part(found: re.Match[str]) -> str:
        name = found["named"] or found["plain"]
        return quote(str(match.kwargs.get(name, "…")), safe="") if name in NAMED_IN_ADDRESSES else "…"

    route = "/" + PLACE.sub(part, match.route).translate(NOT_IN_ADDRESSES)
    return route[:LONGEST_ADDRESS] if re.fullmatch(r"[\w/.%…~-]*", route) else ""


def said_before(statement: str, context: Mapping[str, Any] | None) -> str:
    """What goes in front of a statement so that the database knows who it is; nothing where the statement only reads.

    And whether it loads a register.

    JSON escapes stand for quotes and for the per cent sign, so that nothing in it means anything to SQL or the driver.
    """
    if READS.match(statement):
        return ""
    text = json.dumps(context) if context else ""
    harmless = text.replace("'", "\\u0027").replace("%", "\\u0025")
    loading = "on" if _loading.get() else ""
    return (
        f"SELECT set_config('pghistory.context_metadata', '{harmless}', true), "
        f"set_config('triage.loading_register', '{loading}', true); "
    )
