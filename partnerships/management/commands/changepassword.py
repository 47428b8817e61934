"""Django's own way of giving somebody a new password at the server, with a line on the record."""

from __future__ import annotations

import getpass
from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.db import transaction

from partnerships.audit import record_on_account
from partnerships.commands import IsolatedCommand
from partnerships.models import DeedKind, Person


class Command(IsolatedCommand, changepassword.Command):
    @transaction.atomic  # no new password without its line
    def handle(self, *args: Any, **options: Any) -> str | None:
        said = super().handle(*args, **options)
        person = Person.objects.get_by_natural_key(options["username"] or getpass.getuser())
        record_on_account(DeedKind.PASSWORD_CHANGED, person=person)
        return said
