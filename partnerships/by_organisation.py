"""Work that the schedule finds waiting over all organisations, and has each of them done by itself.

What is lost on the way, with the broker or a worker, is found waiting by the next look.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import structlog
from celery import Task
from kombu.exceptions import OperationalError as BrokerError

log = structlog.get_logger(__name__)


def send_to_each(task: Task[..., Any], organisations: Iterable[int], *, look_again_in: float | None = None) -> None:
    """Queue the task for each of these organisations, by number. Where there is a next look, in so many seconds, it is
    worth nothing after that, which sends it anew; and the rest, where the broker is down.
    """
    lasts: dict[str, Any] = {} if look_again_in is None else {"expires": look_again_in}
    for organisation_id in organisations:
        try:
            task.apply_async((organisation_id,), **lasts)
        except (BrokerError, OSError) as problem:
            log.warning("broker_unreachable", task=task.name, problem=str(problem))
            return
