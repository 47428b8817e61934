"""Working out a claimed what-if: pull the levers on the inputs of its run, solve, store."""

from __future__ import annotations

from typing import Any

import structlog
from django.utils import timezone

from scoring.engine import DocumentError, solve
from scoring.models import WhatIf, WhatIfState
from scoring.what_if import Attention, NoTippingPoint, Weights, apply, keep_as_recommended

log = structlog.get_logger(__name__)


def work_out(what_if: WhatIf) -> None:
    """Answer a what-if that this worker has claimed; also that nothing fits is an answer."""
    run = what_if.base_run
    answers = run.assumptions["tipping_point"]
    levers = what_if.pulled
    try:
        document = apply(
            run.frozen_inputs(),
            levers,
            hurts_from=answers["hurts_from"],
            adds_nothing_at=answers["adds_nothing_at"],
        )
        result = solve(document)
        kept = None
        if any(isinstance(lever, Weights | Attention | NoTippingPoint) for lever in levers):
            # Points are measured otherwise than in the recommendation, so that is measured so too.
            levels = {one["id"]: one["advised_level"] for one in run.outcome()["partnerships"]}
            kept = solve(keep_as_recommended(document, levels))["total_value"]
    except DocumentError as error:
        end_without_an_answer(
            what_if,
            f"The recommendation that it starts from cannot be worked with any more: {error.field} {error.reason}. "
            "Have your partnerships scored again, then try this again.",
        )
        return
    _write(what_if, state=WhatIfState.DONE, result=result, kept_value=kept, finished_at=timezone.now())


def end_without_an_answer(what_if: WhatIf, reason: str) -> None:
    """End a what-if of ours with the reason in words."""
    _write(what_if, state=WhatIfState.FAILED, failure=reason, finished_at=timezone.now())


def leave_for_another(what_if: WhatIf) -> None:
    """Leave a what-if of ours for the next worker, after a fault that may pass."""
    _write(what_if, claimed_at=None)


def _write(what_if: WhatIf, **facts: Any) -> None:
    """Where another worker has taken it meanwhile, the answer is that worker's, and the same: nothing is lost."""
    if not WhatIf.objects.of_claim(what_if).update(**facts):
        log.warning("what_if_lost_to_another_worker", what_if=what_if.pk)
