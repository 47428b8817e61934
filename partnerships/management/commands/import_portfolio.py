"""``manage.py import_portfolio CODE FILE``: an organisation's spreadsheet becomes its portfolio, all or nothing.

Where a new name is like a partnership that is there already, somebody has to say whether it is that one: with
``--same NAME=SLUG`` or ``--new NAME``, which the command writes out, ready to be added, for each row that asks; or with
``--answers FILE``, which says the same of many in the columns Name, Answer and Slug.
"""

from __future__ import annotations

import shlex
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from partnerships.access import can_edit
from partnerships.addresses import person_with
from partnerships.commands import IsolatedCommand
from partnerships.imports.portfolio.answers_file import Said, read_answers
from partnerships.imports.portfolio.plan import ANOTHER, Fate, Plan, RowPlan
from partnerships.imports.portfolio.planning import plan_rows
from partnerships.imports.portfolio.reading import SpreadsheetRefusedError, Table, read_table
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
            "--same",
            action="append",
            default=[],
            metavar="NAME=SLUG",
            help="the row of this name means that partnership, which is there already; may be given again",
        )
        parser.add_argument(
            "--new",
            action="append",
            default=[],
            metavar="NAME",
            help="the row of this name means another one than those that it is like; may be given again",
        )
        parser.add_argument(
            "--answers",
            type=Path,
            metavar="FILE",
            help="the same for many rows: a CSV or XLSX file with the columns Name, Answer (same or new) and, for the "
            "same, Slug; what --same and --new say besides has to agree with it",
        )
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
            said = [*_in_file(options["answers"]), *_in_options(options["same"], options["new"])]
            answers = _answers(organisation, table, said)
            plan = rehearse(organisation=organisation, by=by, table=table, answers=answers)
            self._show(plan)
            if options["dry_run"]:
                self.stdout.write("Nothing was written.")
                return
            done = import_table(
                organisation=organisation,
                by=by,
                table=table,
                good_rows_only=options["good_rows"],
                answers=answers,
            )
        except OSError as problem:
            raise CommandError(f"{problem.filename} cannot be read: {problem.strerror}.") from None
        except SpreadsheetRefusedError as refusal:
            raise CommandError(f"{options['file'].name}: {refusal}") from None
        except RowsUnusableError:
            raise CommandError(_what_to_do(plan)) from None
        self.stdout.write(f"{done.added} added, {done.changed} changed, {len(plan.unchanged)} unchanged.")

    def _show(self, plan: Plan) -> None:
        for row in plan.rows:
            self.stdout.write(f"Row {row.number}: {row.name or 'no name'}: {row.fate.value.lower()}")
            for change in row.changes if row.fate == Fate.CHANGED else ():
                self.stdout.write(f"    {change.heading}: {change.before or 'nothing'} becomes {change.after}")
            for line in _asks(row) if row.is_asked else ():
                self.stdout.write(f"    {line}")
            for problem in row.problems:
                where = f"{', '.join(filter(None, (problem.place, problem.heading)))}: " if problem.heading else ""
                self.stdout.write(f"    {where}{problem.text}")


def _asks(row: RowPlan) -> Iterable[str]:
    """What a row may mean, each with what to add to the command."""
    for one in row.alike:
        typed = shlex.quote(f"{row.name}={one.partnership.slug}")
        yield f"If it is {one.partnership.display_name}, add: --same {typed}"
    yield f"If it is another one, add: --new {shlex.quote(row.name)}"


def _what_to_do(plan: Plan) -> str:
    said = ["Nothing was written."]
    if plan.asked:
        said.append(
            "Say what each row that may be there already means: add --same or --new as written above, "
            "or --answers with a file that says it."
        )
    if plan.unusable:
        said.append("Correct the rows that cannot be used.")
    return " ".join([*said, "Or add --good-rows to import the others alone."])


def _in_file(file: Path | None) -> Iterable[Said]:
    try:
        return list(read_answers(file.read_bytes())) if file else ()
    except SpreadsheetRefusedError as refusal:
        raise CommandError(f"{file.name if file else ''}: {refusal}") from None


def _in_options(same: Iterable[str], new: Iterable[str]) -> Iterator[Said]:
    for one in same:
        name, _, slug = one.rpartition("=")
        if not name:
            raise CommandError(f"--same {one}: write the name in the file, an equals sign, and the slug, NAME=SLUG.")
        yield Said(name, slug)
    for name in new:
        yield Said(name, None)


def _answers(organisation: Organisation, table: Table, answers: Iterable[Said]) -> dict[str, str]:
    """By the number of a row, what was said that it means. Raises CommandError, with what can be said."""
    said: dict[str, Said] = {}
    for one in answers:
        _say(said, one)
    rows = plan_rows(organisation, table).rows if said else ()
    found: dict[str, str] = {}
    for plain, meant in said.items():
        named = [row for row in rows if _plain(row.name) == plain]
        if not named:
            asked = ", ".join(f"“{row.name}”" for row in rows if row.alike) or "none"
            raise CommandError(f"The file has no row named “{meant.name}”. Those that may be there already: {asked}.")
        # A row that asks nothing any more needs no answer, so that the same command can be given again.
        found |= {str(row.number): _answer(row, meant.slug) for row in named if row.alike}
    return found


def _say(said: dict[str, Said], one: Said) -> None:
    if said.setdefault(_plain(one.name), one).slug != one.slug:
        raise CommandError(f"“{one.name}” is given twice, with different meanings. Give it once.")


def _answer(row: RowPlan, slug: str | None) -> str:
    if slug is None:
        return ANOTHER
    by_slug = {one.partnership.slug: str(one.partnership.pk) for one in row.alike}
    if slug not in by_slug:
        raise CommandError(f"“{row.name}” is not like {slug or 'nothing'}. It may mean: {', '.join(by_slug)}.")
    return by_slug[slug]


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


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
