"""A table of text becomes a plan: each row matched, its cells read, and what it would change worked out.

A row is matched by its reference, else by its name. A cell left empty changes nothing, so that a file with two columns
changes no more than those two. What cells alone cannot tell (a rule in the database) is found by writing the rows and
taking everything back: see ``rehearsing``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from partnerships.duplicates import all_alike
from partnerships.imports.portfolio.capacity import plan_capacity
from partnerships.imports.portfolio.numbers import NumbersReader
from partnerships.imports.portfolio.plan import Plan, RowPlan
from partnerships.imports.portfolio.reading import SpreadsheetRefusedError, Table
from partnerships.imports.portfolio.tables import changes_of, columns_of, read_cells
from partnerships.models import Organisation, Participation, ParticipationState
from partnerships.naming import same_name
from partnerships.portfolio_columns import SHARED, Column, portfolio_columns, values_of

FROM_A_REGISTER = (*SHARED, "members", "lead_organisation")


def plan_rows(organisation: Organisation, table: Table, answers: Mapping[str, str] | None = None) -> Plan:
    """``answers`` says, by a row's number, which partnership it means of those that its name is alike to.

    Raises SpreadsheetRefusedError where the headings are not those of the template, or no row is below them.
    """
    known = portfolio_columns(organisation)
    headings = {column.key: column.heading for column in known}
    columns = columns_of(table, known, needed=("name", "reference"))
    recorded, numbers = _Recorded(organisation), NumbersReader(organisation)
    rows = tuple(
        _read_row(RowPlan(number, headings=headings), cells, columns, recorded) for number, cells in table.rows
    )
    _compare_names(organisation, rows, recorded, answers or {})
    for row in rows:
        _complete(row, columns, recorded)
        numbers.read(row)
    _refuse_unknown_codes(rows)
    _refuse_duplicates(rows)
    capacity = plan_capacity(organisation, table.capacity) if table.capacity else ()
    if not (rows or capacity):
        raise SpreadsheetRefusedError(
            "This file has headings and no rows below them. Enter a row for each partnership, save the file, and "
            "choose it again."
        )
    return Plan((*rows, *capacity))


class _Recorded:
    """The organisation's portfolio, found by reference or by name."""

    def __init__(self, organisation: Organisation) -> None:
        self.by_reference: dict[str, Participation] = {}
        self.by_name: dict[str, list[Participation]] = {}
        for participation in organisation.participations.for_export():
            partnership = participation.partnership
            self.by_reference[partnership.slug] = participation
            for name in {partnership.name.casefold(), partnership.display_name.casefold()}:
                self.by_name.setdefault(name, []).append(participation)


def _read_row(
    row: RowPlan, cells: Sequence[str], columns: Sequence[tuple[int, Column]], recorded: _Recorded
) -> RowPlan:
    read_cells(row, cells, columns)
    _match(row, recorded)
    row.name = str(row.given.get("name") or row.given.get("reference") or "")
    return row


def _compare_names(
    organisation: Organisation, rows: Sequence[RowPlan], recorded: _Recorded, answers: Mapping[str, str]
) -> None:
    """Find what the names of new rows are alike to, and take what somebody has said of them."""
    new = {
        row.number: row
        for row in rows
        if not (row.participation or row.problems) and row.given.get("name") and row.given.get("kind")
    }
    wanted = {number: (str(row.given["name"]), cast(int, row.given["kind"])) for number, row in new.items()}
    for number, found in all_alike(organisation, wanted).items():
        row = new[number]
        row.alike = tuple(found)
        answer = answers.get(str(number), "")
        row.answer = answer if answer in row.answers else ""
        _mean(row, recorded)


def _mean(row: RowPlan, recorded: _Recorded) -> None:
    """Have a row be about the partnership that somebody said it means, whose own name stays."""
    meant = next((one for one in row.alike if str(one.partnership.pk) == row.answer), None)
    if meant is None:
        return
    row.given.pop("name")
    if meant.held:
        row.participation = recorded.by_reference[meant.partnership.slug]
        return
    row.registered = meant.partnership
    for key in FROM_A_REGISTER:
        row.given.pop(key, None)


def _complete(row: RowPlan, columns: Sequence[tuple[int, Column]], recorded: _Recorded) -> None:
    if row.participation:
        row.before = values_of(row.participation)
        _leave_registers_alone(row)
        _check_new_name(row, recorded)
    elif not (row.problems or row.registered):
        _check_new(row)
    _check_together(row)
    row.name = row.name or str(row.before.get("name") or "")
    row.changes = changes_of(row, columns)


def _match(row: RowPlan, recorded: _Recorded) -> None:
    """Find the participation a row means; without one it is new."""
    reference, name = row.given.get("reference"), str(row.given.get("name", ""))
    if reference:
        row.participation = recorded.by_reference.get(str(reference))
        if row.participation is None:
            row.refuse("No partnership of yours has this reference. Leave it empty for a new one.", "reference")
        return
    found = recorded.by_name.get(name.casefold(), [])
    if len(found) == 1:
        row.participation = found[0]
    elif found:
        row.refuse("Several of your partnerships have this name. Give the reference of the one you mean.", "name")


def _check_new(row: RowPlan) -> None:
    for key, words in (("name", "a name"), ("kind", "one of the kinds")):
        if key not in row.given:
            row.refuse(f"Enter {words}: a new partnership needs it.", key)


def _check_together(row: RowPlan) -> None:
    """Rules between two cells, said at the cell that is to be filled in."""
    if row.after("state") == ParticipationState.ACTIVE and "state" in row.changed:
        for key in ("patient_benefit", "level"):
            if not row.after(key) and not row.has_problem_at(key):
                row.refuse("Fill this in: a partnership cannot be active without it.", key)
    if "left_on" in row.changed and row.after("state") != ParticipationState.ENDED:
        row.refuse("Leave this empty, or enter Ended as its state.", "left_on")
    for key, other in (("mandate_level", "mandate_source"), ("mandate_source", "mandate_level")):
        if row.after(key) and not row.after(other) and not row.has_problem_at(other):
            row.refuse("Fill this in too: a duty needs both its level and where it is written.", other)


def _check_new_name(row: RowPlan, recorded: _Recorded) -> None:
    others = recorded.by_name.get(str(row.changed.get("name", "")).casefold(), [])
    if any(one != row.participation for one in others):
        row.refuse("Another of your partnerships has this name. Choose a different one.", "name")


def _leave_registers_alone(row: RowPlan) -> None:
    """Shared facts of a register's partnership stay; a name in other capitals is no change."""
    partnership = row.participation.partnership if row.participation else None
    if partnership is None or partnership.recorded_by_id == (row.participation and row.participation.organisation_id):
        return
    if same_name(str(row.given.get("name", partnership.name)), partnership.display_name):
        row.given.pop("name", None)
    for key in FROM_A_REGISTER:
        if key in row.changed:
            row.refuse("This comes from a public register and stays as it is there. Leave the cell empty.", key)


def _refuse_unknown_codes(rows: Sequence[RowPlan]) -> None:
    """Members and leads must be organisations that are recorded; all the file's codes are looked up at once."""
    keys = ("members", "lead_organisation")
    named = {code for row in rows for key in keys for code in _codes(row, key)}
    known = set(Organisation.objects.filter(code__in=named).values_list("code", flat=True))
    for row in rows:
        for key in keys:
            unknown = sorted(_codes(row, key) - known)
            if unknown:
                row.refuse(f"No organisation has the code {unknown[0]}. Check it, or leave it out.", key)


def _codes(row: RowPlan, key: str) -> frozenset[str]:
    codes = row.given.get(key)
    return codes if isinstance(codes, frozenset) else frozenset()


def _refuse_duplicates(rows: Sequence[RowPlan]) -> None:
    """Two rows for one partnership would leave it to their order which one counts."""
    first: dict[object, int] = {}
    for row in rows:
        meant = _meant(row)
        if meant and meant in first:
            row.refuse(f"Row {first[meant]} is for the same partnership. Keep one of the two.", "name")
        elif meant:
            first[meant] = row.number


def _meant(row: RowPlan) -> object:
    if row.participation:
        return row.participation.partnership_id
    return row.registered.pk if row.registered else row.name.casefold()
