"""500 organisations of the synthetic England end to end: what one costs, and what 5,000 would need.

`many-organisations-500`: organisations a second of a whole night with two worker processes, against the engine alone on
every tenth of the very documents that the night froze, in this process, once for each worker. Beside it stand the unit
costs from which docs/performance.md reckons: seconds to make an organisation, of one worker for a run and for one that
is skipped, the bytes that a run adds, and the database as a whole.
"""

from __future__ import annotations

import time

from django.db import connection

from diagnostics.models import Answer
from partnerships.models import Participation
from scoring.engine.warm import warm
from scoring.models import Recommendation, Run
from tests.benchmarks import report, say
from tests.benchmarks._night import england, seconds_of_a_night, workers
from tests.benchmarks.run_throughput import LEAST_SHARE, seconds_alone

ORGANISATIONS = 500
WORKERS = 2
SAMPLE = 50
OF_RUNS = ("scoring_run", "scoring_recommendation", "scoring_runchange")


def main() -> None:
    started = time.perf_counter()
    with england(ORGANISATIONS):
        say("making one organisation", (time.perf_counter() - started) / ORGANISATIONS, "s")
        say("partnerships in an organisation", Participation.objects.count() / ORGANISATIONS)
        say("answers to surveys in an organisation", Answer.objects.count() / ORGANISATIONS)
        nights()


def nights() -> None:
    """A night that scores everybody and one that finds nothing changed; then the engine alone."""
    before = database_bytes()
    warm()
    with workers(WORKERS) as processor:
        started = processor()
        night = seconds_of_a_night()
        used = processor() - started
        runs = Run.objects.done().count()
        after = database_bytes()
        unchanged = seconds_of_a_night()
        used_to_skip = processor() - started - used
    say("recommendations in a run", Recommendation.objects.count() / runs)
    say("a night of all", night, "s")
    say("one worker's time for a run", night * WORKERS / runs, "s")
    say("of which its processor worked", used / runs, "s")
    say("a night in which nothing had changed", unchanged, "s")
    say("one worker's time to skip one", unchanged * WORKERS / runs, "s")
    say("of which its processor worked", used_to_skip / runs, "s")
    say("the database before any run, an organisation", before / ORGANISATIONS / 1e6, "MB")
    say("the database, what a run adds", (after - before) / runs / 1e6, "MB")
    for table in OF_RUNS:
        say(f"of which {table}", table_bytes(table) / runs / 1e6, "MB")
    sample = list(Run.objects.done().order_by("pk")[:: max(1, runs // SAMPLE)])
    alone, worked = (seconds / len(sample) for seconds in seconds_alone(sample))
    say("the engine alone for a run", alone, "s")
    say("of which its processor worked", worked, "s")
    report("many-organisations-500", measured=runs / night, reference=WORKERS / alone, at_least=LEAST_SHARE)


def database_bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def table_bytes(table: str) -> int:
    """With its indexes and what lies out of line."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size(%s)", [table])
        return int(cursor.fetchone()[0])
