"""What every management command of ours has in common: it starts as nobody and names the organisation it acts for."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from partnerships.isolation import acting_for_nobody


class IsolatedCommand(BaseCommand):
    """A command finds nobody's rows until it says for which organisation it acts.

    That it does nothing at all where it could see across organisations, and that the record names it, is not said here:
    it holds for every command there is (``config.isolation_at_start``).
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        with acting_for_nobody():
            return super().execute(*args, **options)
