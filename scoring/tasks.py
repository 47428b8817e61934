"""Background scoring: a task carries the number of a run or of a what-if, and its row holds everything else.

There are two queues. What somebody's deed asks for goes by ``scoring``; the night's re-scoring of everybody goes by
``night``, whose tasks have the least priority, so that a worker of both takes from it only when nobody waits. The
broker holds only a window of a night's runs: each task that ends sends the next one, and the reconciler fills the
window again after losses.

A task may come twice, late or never. Twice: only one claim succeeds. Late: the row says whether it is still wanted.
Never: the reconciler, which the schedule starts every few seconds, sends again what waits too long and what a dead
worker left behind.

Every task starts as nobody. One that carries a number acts for the organisation of that row; the reconciler and the
night learn the ids of those that have something waiting, and act for one at a time.
"""

from __future__ import annotations

import datetime
import gc
import os
import socket
from typing import Any

import structlog
from celery import current_app, shared_task
from celery.exceptions import SoftTimeLimitExceeded
from celery.signals import worker_init, worker_process_init
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from partnerships.background import LIMITS
from partnerships.isolation import acting_for
from partnerships.over_all_organisations import ids_of, rows_of
from scoring.models import Explanation, Night, Run, RunTrigger, WhatIf
from scoring.models.explanations import FORGOTTEN_AFTER as EXPLANATION_FORGOTTEN_AFTER
from scoring.models.what_ifs import FORGOTTEN_AFTER as WHAT_IF_FORGOTTEN_AFTER
from scoring.runner import (
    NightUnderWayError,
    begin_night,
    carry_out,
    end_without_an_answer,
    explain,
    give_back,
    give_up,
    leave_for_another,
    leave_unexplained,
    work_out,
)
from scoring.runner.carrying_out import ClaimLostError
from scoring.words import count_of

MOST_ATTEMPTS = 3

log = structlog.get_logger(__name__)


def send(run_id: int) -> bool:
    """Hand a run's number to the broker; False where the broker is down, and then the reconciler sends it later."""
    return _send(score, run_id)


def _send(task: Any, number: int, model: type[Run | WhatIf | Explanation] = Run) -> bool:
    """Hand the number of a row over, and write down when."""
    if not _hand_over(task, number):
        return False
    model.objects.filter(pk=number).update(sent_at=timezone.now())
    return True


def _hand_over(task: Any, number: int) -> bool:
    """Give a task the number of its row; False where the broker is down."""
    try:
        task.delay(number)
    except (BrokerError, OSError) as problem:
        log.warning("broker_unreachable", task=task.name, number=number, problem=str(problem))
        return False
    return True


@shared_task(name="scoring.score", **LIMITS)
def score(run_id: int) -> None:
    """Score one run, if it is there to be taken. Safe to run twice: the second finds nothing to take."""
    _score(run_id)


@shared_task(name="scoring.score_by_night", **LIMITS)
def score_by_night(run_id: int) -> None:
    """The same by the night's queue; whatever becomes of the run, the next one is sent."""
    try:
        _score(run_id)
    finally:
        _send_the_next()


def _owner_of(model: type[Run | WhatIf | Explanation], number: int) -> int:
    """The organisation of a row; 0, which is nobody's, where there is no such row any more."""
    return next(iter(ids_of("scoring_owner_of", model._meta.model_name, number)), 0)


def _score(run_id: int) -> None:
    with acting_for(_owner_of(Run, run_id)):
        _take_and_score(run_id)


def _take_and_score(run_id: int) -> None:
    run = Run.objects.claim(run_id, worker=f"{socket.gethostname()} {os.getpid()}", now=timezone.now())
    if run is None:
        return
    log.info("run_claimed", run=run.pk, attempt=run.attempts)
    try:
        carry_out(run)
    except ClaimLostError:
        log.warning("run_lost_to_another_worker", run=run.pk)
    except (OperationalError, InterfaceError):
        raise  # the database went away: the task tries again, and after that the reconciler does
    except Exception as problem:
        if _was_stopped(problem):
            allowed = count_of(max(1, settings.CELERY_TASK_SOFT_TIME_LIMIT // 60), "minute")
            give_up(run, f"Scoring took longer than {allowed} and was stopped. Try again when less is being scored.")
            return
        log.exception("run_failed", run=run.pk, attempt=run.attempts)
        _after_a_fault(run)


def _was_stopped(problem: BaseException | None) -> bool:
    """Whether the time limit is behind a problem. The limit is a signal, and one that comes while compiled code hands
    its answer over surfaces as a SystemError that the limit's own exception has caused.
    """
    while problem is not None:
        if isinstance(problem, SoftTimeLimitExceeded):
            return True
        problem = problem.__cause__ or problem.__context__
    return False


def _after_a_fault(run: Run) -> None:
    """A fault of ours: leave the run for another try, and after the last one say so."""
    if run.attempts < MOST_ATTEMPTS:
        give_back(run, "something went wrong on our side")
    else:
        give_up(run, _gave_up_after(run.attempts))


def _gave_up_after(attempts: int) -> str:
    return (
        f"Something went wrong on our side, {attempts} times. What you entered is safe. Try again, and if it fails "
        "again tell whoever runs this service."
    )


def _took_too_long() -> str:
    return (
        f"It took longer than {settings.WHAT_IF_SOFT_TIME_LIMIT} seconds and was stopped. Try again when less is "
        "being scored, and if it is stopped again tell whoever runs this service."
    )


@shared_task(name="scoring.score_everybody", ignore_result=True)
def score_everybody() -> None:
    """Begin a night, where the last one has ended, and fill its window."""
    try:
        night = begin_night(timezone.now())
    except NightUnderWayError as problem:
        log.warning("night_still_under_way", problem=str(problem))
        return
    log.info("night_begun", night=night.pk, organisations=night.organisations, already_waiting=night.already_waiting)
    fill_the_window()


def fill_the_window() -> bool:
    """Send runs of the night until the broker holds a window of them: first those never sent, then what it lost.

    False where the broker is down.
    """
    in_broker = _in_the_nights_queue()
    if in_broker is None:
        return False
    room = max(0, settings.SCORING_NIGHT_WINDOW - in_broker)
    chosen = rows_of("scoring_night_unsent", room)
    patience = datetime.timedelta(seconds=settings.SCORING_REQUEUE_AFTER_SECONDS)
    [sent] = ids_of("scoring_night_sent")
    lost = min(room - len(chosen), sent - in_broker)
    if lost > 0:
        chosen += rows_of("scoring_night_sent_before", timezone.now() - patience, lost)
    return all(_send_for(organisation, score_by_night, run_id) for organisation, run_id in chosen)


def _send_for(organisation: int, task: Any, number: int) -> bool:
    with acting_for(organisation):
        return _send(task, number)


def _in_the_nights_queue() -> int | None:
    """How many tasks wait in the night's queue; None where the broker is down."""
    try:
        with current_app.connection_for_write() as connection:
            channel: Any = connection.default_channel
            return int(channel.queue_declare(settings.SCORING_NIGHT_QUEUE).message_count)
    except (BrokerError, OSError) as problem:
        log.warning("broker_unreachable", problem=str(problem))
        return None


def _send_the_next() -> None:
    """Replace the task that ends by the next of its night; the last one to end, ends the night."""
    with transaction.atomic():
        following = next(iter(rows_of("scoring_night_next")), None)
        if following is not None:
            organisation, run_id = following
            with acting_for(organisation):
                Run.objects.filter(pk=run_id).update(sent_at=timezone.now())
    if following is not None:
        _hand_over(score_by_night, following[1])
    else:
        Night.objects.end_what_is_over()


def send_what_if(what_if_id: int) -> bool:
    """Hand a what-if's number to the broker; False where the broker is down, and then the reconciler sends it later."""
    return _send(answer_what_if, what_if_id, WhatIf)


@shared_task(
    bind=True,
    name="scoring.answer_what_if",
    **LIMITS | {"time_limit": settings.WHAT_IF_TIME_LIMIT, "soft_time_limit": settings.WHAT_IF_SOFT_TIME_LIMIT},
)
def answer_what_if(self: Any, what_if_id: int) -> None:
    """Work out one what-if, if it is there to be taken. Safe to run twice: the second finds nothing to take.

    A task that the broker brings a second time is one whose worker process died in the middle of it.
    """
    brought_again = bool((self.request.delivery_info or {}).get("redelivered"))
    with acting_for(_owner_of(WhatIf, what_if_id)):
        _take_and_answer(what_if_id, brought_again=brought_again)


def _take_and_answer(what_if_id: int, *, brought_again: bool) -> None:
    what_if = WhatIf.objects.claim(what_if_id, now=timezone.now(), worker_died=brought_again)
    if what_if is None:
        return
    if what_if.attempts > MOST_ATTEMPTS:
        end_without_an_answer(what_if, _gave_up_after(MOST_ATTEMPTS))
        return
    try:
        work_out(what_if)
    except (OperationalError, InterfaceError):
        raise  # the database went away: the task tries again, and after that the reconciler does
    except Exception as problem:
        if _was_stopped(problem):
            end_without_an_answer(what_if, _took_too_long())
            return
        log.exception("what_if_failed", what_if=what_if.pk, attempt=what_if.attempts)
        if what_if.attempts < MOST_ATTEMPTS:
            leave_for_another(what_if)
        else:
            end_without_an_answer(what_if, _gave_up_after(what_if.attempts))


def send_explanation(explanation_id: int) -> bool:
    """Hand an explanation's number to the broker; False where the broker is down: the reconciler sends it later."""
    return _send(explain_moves, explanation_id, Explanation)


@shared_task(
    name="scoring.explain_moves",
    **LIMITS | {"time_limit": settings.WHAT_IF_TIME_LIMIT, "soft_time_limit": settings.WHAT_IF_SOFT_TIME_LIMIT},
)
def explain_moves(explanation_id: int) -> None:
    """Work out what moved between two runs, if nobody has. Safe to run twice: both would write the same."""
    with acting_for(_owner_of(Explanation, explanation_id)):
        _begin_and_explain(explanation_id)


def _begin_and_explain(explanation_id: int) -> None:
    explanation = Explanation.objects.begin(explanation_id)
    if explanation is None:
        return
    if explanation.attempts > MOST_ATTEMPTS:
        leave_unexplained(explanation, _gave_up_after(MOST_ATTEMPTS))
        return
    try:
        explain(explanation)
    except (OperationalError, InterfaceError):
        raise  # the database went away: the task tries again, and after that the reconciler does
    except Exception as problem:
        if _was_stopped(problem):
            leave_unexplained(explanation, _took_too_long())
            return
        log.exception("explanation_failed", explanation=explanation.pk, attempt=explanation.attempts)
        if explanation.attempts == MOST_ATTEMPTS:
            leave_unexplained(explanation, _gave_up_after(explanation.attempts))


@shared_task(name="scoring.queue_again", ignore_result=True)
def queue_again() -> None:
    """The reconciler: send what waits too long, and what a dead worker left; give up what has killed too many."""
    now = timezone.now()
    if not (_queue_runs_again(now) and _queue_what_ifs_again(now) and _queue_explanations_again(now)):
        return
    if Night.objects.under_way().exists():
        fill_the_window()
        Night.objects.end_what_is_over()


def _queue_runs_again(now: datetime.datetime) -> bool:
    """False where the broker is down; what is left waits for the next time."""
    silent_since = now - datetime.timedelta(seconds=settings.SCORING_LOST_AFTER_SECONDS)
    for organisation in ids_of("scoring_with_runs_left", silent_since, _patience_ends(now)):
        with acting_for(organisation):
            for run in Run.objects.abandoned(now).without_documents():
                if run.attempts < MOST_ATTEMPTS:
                    _send(score_by_night if run.trigger == RunTrigger.NIGHT else score, run.pk)
                    continue
                taken = Run.objects.claim(run.pk, worker="the reconciler", now=now)
                if taken is not None:
                    give_up(taken, _gave_up_after(MOST_ATTEMPTS))
            if not all(send(run.pk) for run in Run.objects.waiting_too_long(now).without_documents()):
                return False
    return True


def _patience_ends(now: datetime.datetime) -> datetime.datetime:
    """What was sent, or asked for, before this moment and waits still has waited too long."""
    return now - datetime.timedelta(seconds=settings.SCORING_REQUEUE_AFTER_SECONDS)


def _queue_what_ifs_again(now: datetime.datetime) -> bool:
    """The same for what-ifs; and forget the tries that nobody saved."""
    claimed_before = now - datetime.timedelta(seconds=settings.WHAT_IF_TIME_LIMIT)
    moments = (claimed_before, _patience_ends(now), now - WHAT_IF_FORGOTTEN_AFTER)
    for organisation in ids_of("scoring_with_what_ifs_left", *moments):
        with acting_for(organisation):
            WhatIf.objects.forgotten(now).delete()
            for what_if in WhatIf.objects.abandoned(now).filter(attempts__gte=MOST_ATTEMPTS):
                taken = WhatIf.objects.claim(what_if.pk, now=now)
                if taken is not None:
                    end_without_an_answer(taken, _gave_up_after(MOST_ATTEMPTS))
            waiting = WhatIf.objects.waiting().filter(pk__in=WhatIf.objects.waiting_too_long(now).values("pk"))
            if not all(send_what_if(what_if.pk) for what_if in WhatIf.objects.abandoned(now) | waiting):
                return False
    return True


def _queue_explanations_again(now: datetime.datetime) -> bool:
    """The same for explanations; and forget the old ones, which can be worked out again."""
    sent_before = now - datetime.timedelta(seconds=settings.WHAT_IF_TIME_LIMIT)
    moments = (_patience_ends(now), sent_before, now - EXPLANATION_FORGOTTEN_AFTER)
    for organisation in ids_of("scoring_with_explanations_left", *moments):
        with acting_for(organisation):
            Explanation.objects.forgotten(now).delete()
            if not all(send_explanation(one.pk) for one in Explanation.objects.waiting_too_long(now)):
                return False
    return True


@worker_init.connect
@worker_process_init.connect
def warm_up(**_: Any) -> None:
    """Load and compile the engine before the first task, so that nobody waits for the compiler.

    What is loaded by then stays for the worker's life: the collector of garbage need not look through it during tasks.
    """
    from scoring.engine.warm import warm

    warm()
    gc.collect()
    gc.freeze()
