"""``manage.py import_portfolio CODE FILE``: an organisation's spreadsheet becomes its portfolio, all or nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from partnerships.access import can_edit
from partnerships.addresses import person_with
from partnerships.commands import IsolatedCommand
from partnerships.imports.portfolio.plan import Fate, Plan
from partnerships.imports.portfolio.reading import SpreadsheetRefusedError, read_table
from partnerships.imports.portfolio.writing import RowsUnusableError, import_table, rehearse
from partnerships.isolation import acting_for
from partnerships.models import Organisation, Person
from partnerships.roles import EDIT


class Command(IsolatedCommand):
    help = "Add and change an organisation's partnerships from a CSV or XLSX file in the shape of the template."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="the organisation's code, such as RH5")
        parser.add_argument("file", type=Path, help="a CSV file or an XLSX workbook")
        parser.add_argument("--dry-run", action="store_true", help="show each row's fate and write nothing")
        parser.add_argument("--good-rows", action="store_true", help="import the rows that can be used, leave the rest")
        parser.add_argument(
            "--as", dest="person", metavar="EMAIL", help="the strategy lead who imports; needed where there are several"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(code=options["code"].upper()).first()
        if organisation is None:
            raise CommandError(f"No organisation has the code {options['code']}.")
        with acting_for(organisation):
            self._import(organisation, options)

    def _import(self, organisation: Organisation, options: dict[str, Any]) -> None:
        by = _person(organisation, options["person"])
        try:
            table = read_table(options["file"].read_bytes())
            plan = rehearse(organisation=organisation, by=by, table=table)
            self._show(plan)
            if options["dry_run"]:
                self.stdout.write("Nothing was written.")
                return
            done = import_table(organisation=organisation, by=by, table=table, good_rows_only=options["good_rows"])
        except OSError as problem:
            raise CommandError(f"{options['file']} cannot be read: {problem.strerror}.") from None
        except SpreadsheetRefusedError as refusal:
            raise CommandError(f"{options['file'].name}: {refusal}") from None
        except RowsUnusableError:
            raise CommandError(
                "Nothing was written. Correct the rows above, or add --good-rows to leave them out. "
                "Where a name may be there already, give the reference, or import the file on its page, which asks."
            ) from None
        self.stdout.write(f"{done.added} added, {done.changed} changed, {len(plan.unchanged)} unchanged.")

    def _show(self, plan: Plan) -> None:
        for row in plan.rows:
            self.stdout.write(f"Row {row.number}: {row.name or 'no name'}: {row.fate.value.lower()}")
            for change in row.changes if row.fate == Fate.CHANGED else ():
                self.stdout.write(f"    {change.heading}: {change.before or 'nothing'} becomes {change.after}")
            for one in row.alike if row.is_asked else ():
                self.stdout.write(f"    Perhaps {one.partnership.display_name}, {one.partnership.slug}")
            for problem in row.problems:
                where = f"{', '.join(filter(None, (problem.place, problem.heading)))}: " if problem.heading else ""
                self.stdout.write(f"    {where}{problem.text}")


def _person(organisation: Organisation, email: str | None) -> Person:
    leading = organisation.access_grants.current().of_roles(EDIT.roles)
    leads = Person.objects.filter(pk__in=leading.values("person"))
    if email:
        person = person_with(email)
        if person is None or not can_edit(person, organisation):
            raise CommandError(f"{email} is not a strategy lead of {organisation}.")
        return person
    if leads.count() != 1:
        raise CommandError(
            f"{organisation} has {leads.count()} strategy leads. Say which of them imports with --as EMAIL."
        )
    return leads.get()
