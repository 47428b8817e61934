"""What background tasks have in common: each starts as nobody, whatever the worker did before, and ends in time."""

from __future__ import annotations

from typing import Any

from celery import Task
from django.conf import settings
from django.db import InterfaceError, OperationalError

from partnerships.actor import working_on
from partnerships.isolation import acting_for_nobody

# How a task is carried out that may run twice: once more where the database was away for a moment.
LIMITS: dict[str, Any] = {
    "autoretry_for": (OperationalError, InterfaceError),
    "max_retries": 3,
    "retry_backoff": 2,
    "time_limit": settings.CELERY_TASK_TIME_LIMIT,
    "soft_time_limit": settings.CELERY_TASK_SOFT_TIME_LIMIT,
}


class IsolatedTask(Task):  # type: ignore[type-arg]  # generic only in the stubs
    """A task finds nobody's rows until it enters the organisation of its own row."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with acting_for_nobody(), working_on(self.name):
            return super().__call__(*args, **kwargs)
