"""``migrate`` as the owner of the tables; everything else connects as a role that owns nothing."""

from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.commands import migrate
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import connections

from config.isolation_at_start import check_role_of_migrations
from config.migration_states import Executor
from partnerships.isolation import NotIsolatedError

# Django's command knows its executor by this name alone.
migrate.MigrationExecutor = Executor  # type: ignore[attr-defined]


class Command(MigrateCommand):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        application_role = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
        connection.close()
        connection.settings_dict.update({key: settings.MIGRATION_DATABASE.get(key, "") for key in application_role})
        try:
            check_role_of_migrations()
            super().handle(*args, **options)
            call_command("createcachetable", database=options["database"], verbosity=0)
        except NotIsolatedError as reason:
            raise CommandError(str(reason)) from None
        finally:
            connection.close()
            connection.settings_dict.update(application_role)
