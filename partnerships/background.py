"""What every background task has in common: it starts as nobody, whatever the worker did before."""

from __future__ import annotations

from typing import Any

from celery import Task

from partnerships.actor import working_on
from partnerships.isolation import acting_for_nobody


class IsolatedTask(Task):  # type: ignore[type-arg]  # generic only in the stubs
    """A task finds nobody's rows until it enters the organisation of its own row."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with acting_for_nobody(), working_on(self.name):
            return super().__call__(*args, **kwargs)
