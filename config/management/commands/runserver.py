"""``runserver``, where organisations are kept apart; else one line that says what to do."""

from typing import Any

from django.core.management import CommandError
from whitenoise.runserver_nostatic.management.commands.runserver import Command as ServerCommand

from config.isolation_at_start import check_isolation
from partnerships.isolation import NotIsolatedError


class Command(ServerCommand):  # type: ignore[misc]  # the library has no types
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            check_isolation()
        except NotIsolatedError as reason:
            raise CommandError(str(reason)) from None
        super().handle(*args, **options)
