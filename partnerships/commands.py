"""What every management command of ours has in common: it starts as nobody and names the organisation it acts for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partnerships.actor import commanding
from partnerships.isolation import NotIsolatedError, acting_for_nobody

# What has to hold before a command does anything; each raises NotIsolatedError. The floor above puts its checks here.
checks_before_acting: list[Callable[[], None]] = []


class IsolatedCommand(BaseCommand):
    """A command finds nobody's rows until it says for which organisation it acts.

    It does nothing at all where it could see across organisations.
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        with acting_for_nobody(), commanding(type(self).__module__.rpartition(".")[2]):
            try:
                for check in checks_before_acting:
                    check()
            except NotIsolatedError as reason:
                raise CommandError(str(reason)) from None
            return super().execute(*args, **options)
