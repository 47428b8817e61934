"""How much of the engine's throughput is left through Celery and PostgreSQL, and what a second worker process adds.

`engine-through-celery`: organisations a second of a night with one worker process (sending, claiming, reading the rows,
freezing, scoring, storing the result and its rows), against the engine alone on the very documents that this night
froze, one after the other in this process; the processor seconds of both stand beside it, for a machine that has other
work too. `second-worker`: organisations a second with two worker processes, against one.
The organisations are the first of the synthetic England, portfolios of 5 to 200 partnerships.
"""

from __future__ import annotations

import time

from scoring.engine import solve
from scoring.engine.warm import warm
from scoring.models import Run
from tests.benchmarks import report, say
from tests.benchmarks._night import england, forget_runs, seconds_of_a_night, workers

QUICK = True
ORGANISATIONS = 24
LEAST_SHARE = 0.6
LEAST_GAIN = 1.6


def main() -> None:
    with england(ORGANISATIONS):
        through_celery_against_the_engine_alone()


def through_celery_against_the_engine_alone() -> None:
    """Print both figures."""
    warm()
    with workers(1) as processor:
        started = processor()
        with_one = seconds_of_a_night()
        worked = processor() - started
    runs = list(Run.objects.done().order_by("pk"))
    alone, worked_alone = seconds_alone(runs)
    forget_runs()
    with workers(2):
        with_two = seconds_of_a_night()
    number = len(runs)
    say("processor time of the engine alone for a run", worked_alone / number, "s")
    say("processor time of a worker for a run", worked / number, "s")
    say("the first as a share of the second", worked_alone / worked)
    report("engine-through-celery", measured=number / with_one, reference=number / alone, at_least=LEAST_SHARE)
    report("second-worker", measured=number / with_two, reference=number / with_one, at_least=LEAST_GAIN)


def seconds_alone(runs: list[Run]) -> tuple[float, float]:
    """The engine on the documents of ``runs``, which must give their results again: by the clock, and of processor."""
    documents = [run.frozen_inputs() for run in runs]
    started, worked = time.perf_counter(), time.process_time()
    results = [solve(document) for document in documents]
    seconds = time.perf_counter() - started, time.process_time() - worked
    assert all(run.outcome() == result for run, result in zip(runs, results, strict=True)), "another answer"
    return seconds
