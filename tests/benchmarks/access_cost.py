"""What it costs that organisations are kept apart: a page as it is, against the same page without that.

`access-cost`: seconds for the list of 60 partnerships, signed in, from the request to the answer in this process and
without a network, as the role of the application: each statement says for whom it is sent and is held to the policies,
and one that writes says besides who does what in which request, for the record of changes; the middleware that begins
as nobody runs, and the page is opened by its access checks. Reference: the same address, person, session and rows, in
the same process and by turns with the other, without these: statements go as they are, on a connection of PostgreSQL's
superuser, for whom no policy holds; that middleware is left out; and the page's function is called without its
decorators, with the organisation of the address and a fixed role. Signing in itself (the session, the account) is in
both. The database holds 24 organisations. `access-cost-dashboard` is the same for the page with the recommendation.
Both are medians, and both sides give the same page to the letter.
"""

from __future__ import annotations

import gc
import logging
import re
import statistics
import time
import warnings
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import override_settings

from partnerships.isolation import send_scope_in_front
from partnerships.models import Organisation, Person
from scoring import tasks
from scoring.actions import request_run
from tests.benchmarks import report, say
from tests.benchmarks._night import england
from tests.benchmarks._superuser import superuser_settings
from tests.benchmarks.what_if_in_a_browser import of_sixty

QUICK = True
ORGANISATIONS, ROUNDS, WARM = 24, 60, 10
AT_MOST = 1.3
KEPT_OUT = ("isolation", "audit", "pghistory")  # words in the names of the middlewares that the reference has not

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": *"[^"]*"')  # another each time

Visit = Callable[[str], tuple[float, str]]
Answer = Callable[[HttpRequest], HttpResponse]


def main() -> None:
    logging.disable(logging.WARNING)
    warnings.filterwarnings("ignore", message="No directory at")
    plain = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # none are collected
    with override_settings(ALLOWED_HOSTS=["testserver"], STORAGES=plain), england(ORGANISATIONS):
        organisation, lead = of_sixty()
        tasks.score(request_run(organisation=organisation, by=lead).pk)
        for table in ("partnerships_participation", "partnerships_accessgrant"):
            assert rows_of_others(table, organisation), "nobody is kept apart from anybody"
        as_it_is, without = visits(lead)
        for name, address in (("access-cost", "partnerships/"), ("access-cost-dashboard", "")):
            compare(name, f"/o/{organisation.code}/{address}", as_it_is, without)
        connections.close_all()


def rows_of_others(table: str, organisation: Organisation) -> int:
    with connections["default"].cursor() as cursor:
        # one of two names above
        cursor.execute(f"SELECT count(*) FROM {table} WHERE organisation_id <> %s", [organisation.pk])  # noqa: S608
        return int(cursor.fetchone()[0])


def compare(name: str, address: str, as_it_is: Visit, without: Visit) -> None:
    """By turns, each first every other time and with nothing for the collector of garbage left by the one before."""
    sides: list[tuple[Visit, list[float]]] = [(as_it_is, []), (without, [])]
    for number in range(WARM + ROUNDS):
        pages = set()
        for visit, seconds in sides if number % 2 else reversed(sides):
            gc.collect()
            took, page = visit(address)
            pages.add(page)
            if number >= WARM:
                seconds.append(took)
        assert len(pages) == 1, "not the same page"
    measured, reference = (statistics.median(seconds) for _, seconds in sides)
    report(name, measured=measured, reference=reference, at_most=AT_MOST)


def visits(lead: Person) -> tuple[Visit, Visit]:
    """How to open an address as it is, and without what keeps organisations apart; both give seconds and the page."""
    ours = connections["default"]
    without_policies = ours.copy()
    without_policies.settings_dict |= superuser_settings()
    with without_policies.cursor() as cursor:
        cursor.cursor.execute("ANALYZE")  # else either side may meet a bad plan on rows that have only just come
    without_policies.execute_wrappers.remove(send_scope_in_front)
    guarded, unguarded = Client(), Client()
    guarded.force_login(lead)
    unguarded.cookies = guarded.cookies
    left = [one for one in settings.MIDDLEWARE if not any(word in one for word in KEPT_OUT)]
    say("middlewares that the reference leaves out", len(settings.MIDDLEWARE) - len(left))
    with override_settings(MIDDLEWARE=[f"{__name__}.{lead_to_open_addresses.__name__}", *left]):
        unguarded.handler.load_middleware()

    def without(address: str) -> tuple[float, str]:
        connections["default"] = without_policies
        try:
            return timed(unguarded, address)
        finally:
            connections["default"] = ours

    return partial(timed, guarded), without


def lead_to_open_addresses(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware of the reference."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.urlconf = "tests.benchmarks._open_addresses"
        return get_response(request)

    return middleware


def timed(client: Client, address: str) -> tuple[float, str]:
    started = time.perf_counter()
    response = client.get(address)
    seconds = time.perf_counter() - started
    assert response.status_code == 200, response
    return seconds, TOKEN.sub("", response.content.decode())
