"""What it costs that every change is recorded: writing as it is, against the same writing without the triggers.

`record-cost-rating`: seconds to save one value rating and commit it, through the action that the page calls and as the
role of the application. `record-cost-import`: seconds to import a spreadsheet of 200 new partnerships with their days
and ratings into an organisation that has none, from its bytes to the commit. Reference for both: the same in the same
process and by turns with it, with the triggers of all recorded tables switched off by the tables' owner, who alone can;
what says who does it travels with each statement on both sides. Both are medians. That the record was written on one
side and not on the other is checked.
"""

from __future__ import annotations

import contextlib
import csv
import gc
import io
import itertools
import os
import statistics
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial

import psycopg2
from django.db.models import Count

from partnerships.actions.organisations import set_up_organisation
from partnerships.actions.ratings import Rating, record_ratings
from partnerships.actor import commanding
from partnerships.imports.portfolio.reading import read_table
from partnerships.imports.portfolio.writing import import_table
from partnerships.isolation import acting_for
from partnerships.models import Organisation, PartnershipKind, Person, Role, ValueRating
from partnerships.portfolio_columns import portfolio_columns
from partnerships.recording import RECORDED
from tests.benchmarks import report
from tests.benchmarks._night import england

ORGANISATIONS = 3
PARTNERSHIPS = 200
IMPORTS, TURNS, SAVES = 3, 15, 20
AT_MOST = 1.5

Prepare = Callable[[], Callable[[], None]]  # makes ready what is then timed, something else each time
NUMBERS = itertools.count(1)


def main() -> None:
    with england(ORGANISATIONS), commanding("record_cost"):
        compare("record-cost-rating", saves_of_a_rating(), turns=TURNS, times=SAVES)
        compare("record-cost-import", an_import, turns=IMPORTS, times=1)


def compare(name: str, prepare: Prepare, *, turns: int, times: int) -> None:
    """By turns, each first every other time. The first of each turn does not count: it reads the tables anew."""
    sides: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(turns):
        for is_recorded in (True, False) if turn % 2 else (False, True):
            deeds = [prepare() for _ in range(times + 1)]
            before = lines()
            with contextlib.nullcontext() if is_recorded else without_triggers():
                took = [seconds_of(deed) for deed in deeds]
            sides[is_recorded] += took[1:]
            assert (lines() > before) == is_recorded, "the record was not kept, or was kept without its triggers"
    measured, reference = statistics.median(sides[True]), statistics.median(sides[False])
    report(name, measured=measured, reference=reference, at_most=AT_MOST)


def seconds_of(deed: Callable[[], None]) -> float:
    gc.collect()
    started = time.perf_counter()
    deed()
    return time.perf_counter() - started


def lines() -> int:
    """On the whole record, as its owner counts them."""
    tables = [one.events._meta.db_table for one in RECORDED.values()]
    with owner() as cursor:
        cursor.execute(f"SELECT {' + '.join(f'(SELECT count(*) FROM {table})' for table in tables)}")  # noqa: S608  # ours
        return sum(int(row[0]) for row in cursor.fetchall())


@contextlib.contextmanager
def owner() -> Iterator[psycopg2.extensions.cursor]:
    connection = psycopg2.connect(os.environ["MIGRATION_DATABASE_URL"])
    try:
        with connection, connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


@contextlib.contextmanager
def without_triggers() -> Iterator[None]:
    _turn_triggers("DISABLE")
    try:
        yield
    finally:
        _turn_triggers("ENABLE")


def _turn_triggers(how: str) -> None:
    with owner() as cursor:
        for model in RECORDED:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} {how} TRIGGER USER")


def saves_of_a_rating() -> Prepare:
    """Of the largest organisation, another value each time."""
    organisation = Organisation.objects.annotate(size=Count("participations")).order_by("-size")[0]
    lead = organisation.access_grants.filter(role=Role.STRATEGY_LEAD)[0].person
    one = ValueRating.objects.filter(organisation=organisation)[0]

    def prepare() -> Callable[[], None]:
        likely = Decimal(next(NUMBERS) % 90)
        rating = Rating(likely - 1, likely, likely + 1, f"Judgement {likely}")
        return partial(save, rating)

    def save(rating: Rating) -> None:
        with acting_for(organisation, person=lead):
            record_ratings(participation=one.participation, by=lead, ratings={(one.objective_id, one.way_id): rating})

    return prepare


def an_import() -> Callable[[], None]:
    """The same file each time but for the names, into an organisation made before the clock starts."""
    number = next(NUMBERS)
    organisation = Organisation.objects.create(code=f"X{number}", name=f"Importers {number}")
    lead = Person.objects.create(email=f"lead{number}@example.org", name="Lead")
    set_up_organisation(organisation=organisation, first_lead=lead)
    content = spreadsheet(organisation)

    def bring_in() -> None:
        with acting_for(organisation, person=lead):
            done = import_table(organisation=organisation, by=lead, table=read_table(content))
        assert done.added == PARTNERSHIPS

    return bring_in


def spreadsheet(organisation: Organisation) -> bytes:
    """A row for each partnership, with days in one pool at two levels and the first rating of each objective."""
    columns = portfolio_columns(organisation)
    known = {
        "kind": PartnershipKind.objects.order_by("pk")[0].name,
        "purpose": "To work together",
        "patient_benefit": "They wait less",
    }
    days = [one.key for one in columns if one.key.startswith("days:") and one.key.endswith(":likely")]
    ratings = [one.key for one in columns if one.key.startswith("rating:")]
    known |= dict.fromkeys(days[:2], "6")
    for objective in organisation.objectives.all():
        low, likely, high, evidence = [key for key in ratings if key.startswith(f"rating:{objective.pk}:")][:4]
        known |= {low: "10", likely: "20", high: "30", evidence: "Judgement"}
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow([column.heading for column in columns])
    for number in range(PARTNERSHIPS):
        rows.writerow([f"Alliance {number}" if one.key == "name" else known.get(one.key, "") for one in columns])
    return file.getvalue().encode("utf-8-sig")
