"""Carrying a claimed run out: freeze, solve, store; or give it up with a reason a person can act on."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from partnerships.models import Organisation
from scoring.advice import Advice, advice_of
from scoring.engine import ENGINE_VERSION, DocumentError, solve
from scoring.models import Recommendation, Run, RunState, RunTrigger
from scoring.runner.freezing import NothingToScoreError, freeze
from scoring.words import in_sentence, listing, number

SECONDS_BETWEEN_HEARTBEATS = 1.0

Json = dict[str, Any]


class ClaimLostError(RuntimeError):
    """Another worker has taken this run: whatever we still compute is not ours to store."""


def carry_out(run: Run) -> None:
    """Score a run that this worker has claimed; it ends done, or failed where its inputs are at fault.

    A night's run whose inputs are those of the last one is skipped: it would say the same again.

    Raises ClaimLostError where another worker has taken it meanwhile, and whatever else goes wrong on our side.
    """
    try:
        frozen = freeze(run.organisation, on=timezone.localdate(), draws=settings.SCORING_DRAWS, seed=run.seed)
        if run.trigger == RunTrigger.NIGHT and _says_the_same(run, frozen.entered_hash):
            _skip(run)
            return
        facts = {
            "document": frozen.text,
            "assumptions": frozen.assumptions,
            "inputs_hash": frozen.inputs_hash,
            "entered_hash": frozen.entered_hash,
            "engine_version": ENGINE_VERSION,
        }
        _write(run, **facts, heartbeat_at=timezone.now())
        heartbeat = _Heartbeat(run)
        result = solve(frozen.document, on_progress=heartbeat)
    except NothingToScoreError as missing:
        give_up(run, f"Something is missing before this can be scored. {missing}")
    except DocumentError as error:
        give_up(run, f"Check what was entered: {error.field} {error.reason}.")
    else:
        _store(run, frozen.document, result, units=heartbeat.total)


def _says_the_same(run: Run, entered_hash: str) -> bool:
    """Whether the recommendation that the organisation has is from these very inputs and this engine."""
    last = run.organisation.runs.done().latest_first().values_list("entered_hash", "engine_version").first()
    return last == (entered_hash, ENGINE_VERSION)


def _skip(run: Run) -> None:
    now = timezone.now()
    with transaction.atomic():
        _write(run, state=RunState.SKIPPED, finished_at=now, heartbeat_at=None)
        run.note(RunState.SKIPPED, now)


def give_up(run: Run, reason: str) -> None:
    """End a run of ours as failed, with the reason in words. Raises ClaimLostError where it is no longer ours."""
    now = timezone.now()
    with transaction.atomic():
        _write(run, state=RunState.FAILED, failure=reason, finished_at=now, heartbeat_at=None)
        run.note(RunState.FAILED, now, reason)


def give_back(run: Run, why: str) -> None:
    """Leave a run of ours for the next worker, after a fault that may pass."""
    with transaction.atomic():
        _write(run, heartbeat_at=None)
        run.note(RunState.RUNNING, timezone.now(), f"Given back: {why}")


class _Heartbeat:
    """Writes progress as the engine works, a second after the inputs were stored and each second from then on, and so
    shows that the worker lives. ``total`` is how many units of work the engine said there are.
    """

    def __init__(self, run: Run) -> None:
        self.run, self.last, self.total = run, time.monotonic(), 0

    def __call__(self, done: int, total: int) -> None:
        self.total = total
        if time.monotonic() - self.last < SECONDS_BETWEEN_HEARTBEATS:
            return
        self.last = time.monotonic()
        _write(self.run, progress_done=done, progress_total=total, heartbeat_at=timezone.now())


def _write(run: Run, **facts: Any) -> None:
    if not Run.objects.of_claim(run).update(**facts):
        raise ClaimLostError(f"Run {run.pk} was taken by another worker.")


@transaction.atomic
def _store(run: Run, document: Json, result: Json, *, units: int) -> None:
    """The result and its rows, or nothing: a reader never sees half a recommendation."""
    now = timezone.now()
    if result["status"] != "optimal":
        _write(run, result=result)
        give_up(run, why_nothing_fits(document, result))
        return
    ended = {"state": RunState.DONE, "finished_at": now, "heartbeat_at": None}
    _write(run, **ended, result=result, progress_done=units, progress_total=units)
    run.note(RunState.DONE, now)
    Recommendation.objects.bulk_create(recommendations_of(run, run.organisation, document, result))


def why_nothing_fits(document: Json, result: Json) -> str:
    """Why there is no portfolio at all, in words: too many days asked by duties, or duties that contradict."""
    labels = {pool["id"]: pool["label"] for pool in document["pools"]}
    names = {one["id"]: one["name"] for one in document["partnerships"]}
    short = [
        f"{number(days, 2)} {in_sentence(labels[pool])} days" for pool, days in result["shortfall"].items() if days > 0
    ]
    if short:
        ask, check = (
            ("duties and rules", "the duties and the rules") if document.get("rules") else ("duties", "the duties")
        )
        return (
            f"What you must do does not fit into the days you have: the least that your {ask} need takes "
            f"{listing(short)} a quarter more than there are. Enter more days under Capacity, or check {check}."
        )
    levels = {level["id"]: level["label"] for level in document["levels"]}
    clashing = [
        _clashing_rule(one["rule"])
        if "rule" in one
        else f"the duty to hold {names[one['partnership']]} at {levels[one['at_least']]} or above"
        for one in result["conflict"]
    ]
    if not clashing:
        return "Duties and rules contradict each other. Check every duty and every rule between partnerships."
    return f"These cannot all be kept: {listing(clashing)}. Change one of them."


def _clashing_rule(rule: Json) -> str:
    """A frozen rule carries its own words as a note."""
    return f"the rule “{rule['note']}”" if rule.get("note") else "a rule between partnerships"


def recommendations_of(run: Run, organisation: Organisation, document: Json, result: Json) -> list[Recommendation]:
    """Unsaved rows, one for each partnership of the result that is still in the organisation's portfolio."""
    ids = dict(organisation.participations.values_list("partnership__slug", "pk"))
    return [
        Recommendation(organisation=organisation, run=run, participation_id=ids[one.id], **_facts(one))
        for one in advice_of(document, result)
        if one.id in ids
    ]


def _facts(one: Advice) -> Json:
    level, today = one.recommended, one.today
    return {
        "label": one.label,
        "level_code": level.code,
        "level_name": level.name,
        "best_code": one.best.code,
        "today_code": today.code if today else "",
        "today_name": today.name if today else "",
        "confidence": one.confidence,
        "is_close_call": one.is_close_call,
        "is_mandated": one.is_mandated,
        "reason": one.reason,
        "because": list(one.because),
        "acceptability": {each.code: each.share for each in one.levels if each.share is not None},
        "flip": {each.code: each.loss for each in one.levels if not each.is_recommended},
        "value": _decimal(level.value),
        "value_at_full_readiness": None
        if one.value_at_full_readiness is None
        else _decimal(one.value_at_full_readiness),
        "value_today": _decimal(today.value) if today else None,
        "readiness": None if one.readiness is None else _decimal(one.readiness),
        "days": dict(level.days),
        "days_today": dict(today.days) if today else None,
        "total_days": _decimal(sum(level.days.values())),
    }


def _decimal(number: float) -> Decimal:
    return Decimal(str(round(number, 3)))
