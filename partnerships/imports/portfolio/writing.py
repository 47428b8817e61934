"""Rows of a plan written through the same actions that the pages use."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction

from partnerships.actions.capacity import USUAL_RESERVE, PoolCapacity, set_capacity
from partnerships.actions.days import record_days
from partnerships.actions.import_previews import claim_preview
from partnerships.actions.members import add_member, choose_lead, remove_member
from partnerships.actions.participations import add_participation, change_account, change_state, set_duty
from partnerships.actions.ratings import record_ratings
from partnerships.actions.register_drafts import use_registered
from partnerships.editing import ChangedMeanwhile
from partnerships.imports.portfolio.capacity import amount_of
from partnerships.imports.portfolio.plan import Plan, RowPlan
from partnerships.imports.portfolio.planning import plan_rows
from partnerships.imports.portfolio.reading import Table
from partnerships.models import ImportPreview, Organisation, Participation, ParticipationState, PartnershipKind, Person
from partnerships.portfolio_cells import Value
from partnerships.portfolio_columns import ACCOUNT, DUTY, SHARED


class RowsUnusableError(Exception):
    """Some rows cannot be used, and nobody chose to import the others."""


@dataclass(frozen=True)
class Imported:
    added: int
    changed: int


def rehearse(*, organisation: Organisation, by: Person, table: Table, answers: Mapping[str, str] | None = None) -> Plan:
    """The plan for ``table``, with what only writing it can tell; everything written is taken back. ``answers`` says
    which partnerships its rows mean, by their numbers.

    Raises SpreadsheetRefusedError.
    """
    with transaction.atomic():
        plan = plan_rows(organisation, table, answers)
        for row in plan.good:
            _try(organisation, by, row)
        transaction.set_rollback(True)
    return plan


def _try(organisation: Organisation, by: Person, row: RowPlan) -> None:
    try:
        with transaction.atomic():
            write_row(organisation=organisation, by=by, row=row)
    except ValidationError as problem:
        for key, text in _in_words(problem):
            row.refuse(text, key)


def _in_words(problem: ValidationError) -> Iterable[tuple[str, str]]:
    if not hasattr(problem, "error_dict"):
        return [("", text) for text in problem.messages]
    return [(field.removesuffix("_id"), text) for field, texts in problem.message_dict.items() for text in texts]


@transaction.atomic
def import_table(
    *,
    organisation: Organisation,
    by: Person,
    table: Table,
    good_rows_only: bool = False,
    answers: Mapping[str, str] | None = None,
) -> Imported:
    """Write every row, or with ``good_rows_only`` those that can be used; ``answers`` as in ``rehearse``. Raises
    RowsUnusableError.
    """
    plan = rehearse(organisation=organisation, by=by, table=table, answers=answers)
    if not (plan.is_whole or good_rows_only):
        raise RowsUnusableError
    return _write(organisation, by, plan)


@transaction.atomic
def use_preview(*, preview: ImportPreview, by: Person, shown: str, good_rows_only: bool = False) -> Imported | None:
    """Import an uploaded file as its preview showed it; None where that was done already, so that it is done once.

    ``shown`` is the version of the plan that the person saw. Raises ChangedMeanwhile where the portfolio has changed
    so that the plan is another now, and RowsUnusableError.
    """
    if not claim_preview(preview=preview, by=by):
        return None
    plan = plan_of(preview, by=by)
    if plan.version != shown:
        raise ChangedMeanwhile
    if not (plan.is_whole or good_rows_only):
        raise RowsUnusableError
    return _write(preview.organisation, by, plan)


def plan_of(preview: ImportPreview, *, by: Person) -> Plan:
    """What importing an uploaded file would do, with what was answered. Raises SpreadsheetRefusedError."""
    return rehearse(organisation=preview.organisation, by=by, table=table_of(preview), answers=preview.answers)


def table_of(preview: ImportPreview) -> Table:
    """The uploaded tables as they were read."""
    capacity = _table(preview.capacity_headers, preview.capacity_rows) if preview.capacity_headers else None
    return replace(_table(preview.headers, preview.rows), capacity=capacity)


def _table(headers: list[str], rows: list[tuple[int, list[str]]]) -> Table:
    return Table(tuple(headers), tuple((number, tuple(cells)) for number, cells in rows))


def _write(organisation: Organisation, by: Person, plan: Plan) -> Imported:
    imported = Imported(len(plan.new), len(plan.changed))
    for row in plan.good:
        write_row(organisation=organisation, by=by, row=row)
    return imported


@transaction.atomic
def write_row(*, organisation: Organisation, by: Person, row: RowPlan) -> None:
    """Write what a row changes. Raises ValidationError, with the field where one is to blame."""
    if row.is_capacity:
        _write_capacity(organisation, by, row)
        return
    changed = row.changed
    participation = row.participation or _add(organisation, by, row)
    if row.participation:
        _change_account(participation, by, changed)
    if any(key in changed for key in DUTY):
        _write_duty(participation, by, row)
    _write_members(participation, by, row, changed)
    if row.days:
        record_days(participation=participation, by=by, estimates=row.days)
    if row.ratings:
        record_ratings(participation=participation, by=by, ratings=row.ratings)
    if "state" in changed and changed["state"] != participation.state:
        left_on = cast("datetime.date | None", changed.get("left_on"))
        change_state(participation=participation, by=by, to=ParticipationState(str(changed["state"])), on=left_on)


def _write_capacity(organisation: Organisation, by: Person, row: RowPlan) -> None:
    pool_id, quarter, days, reserve = amount_of(row)
    amount = PoolCapacity(days, USUAL_RESERVE if reserve is None else reserve)
    set_capacity(organisation=organisation, by=by, quarter=quarter, amounts={pool_id: amount})


def _add(organisation: Organisation, by: Person, row: RowPlan) -> Participation:
    if row.registered:
        return use_registered(organisation=organisation, by=by, partnership=row.registered, account=_account(row.given))
    return add_participation(
        organisation=organisation,
        by=by,
        name=str(row.given["name"]),
        kind=PartnershipKind.objects.get(pk=cast(int, row.given["kind"])),
        began_on=cast("datetime.date | None", row.given.get("began_on")),
        finished_on=cast("datetime.date | None", row.given.get("finished_on")),
        **_account(row.given),
    )


def _account(values: dict[str, Value]) -> dict[str, Any]:
    account: dict[str, Any] = {key: values[key] for key in (*ACCOUNT, "started_on") if key in values}
    return account | ({"level_id": values["level"]} if "level" in values else {})


def _change_account(participation: Participation, by: Person, changed: dict[str, Value]) -> None:
    account = _account(changed)
    if "left_on" in changed and participation.state == ParticipationState.ENDED:
        account["ended_on"] = changed["left_on"]
    shared = {field: changed[key] for key, field in SHARED.items() if key in changed}
    if account or shared:
        change_account(participation=participation, by=by, account=account, shared=shared)


def _write_duty(participation: Participation, by: Person, row: RowPlan) -> None:
    level = cast("int | None", row.after("mandate_level"))
    set_duty(
        participation=participation,
        by=by,
        mandate_level=participation.organisation.engagement_levels.filter(pk=level).first() if level else None,
        mandate_source=str(row.after("mandate_source") or ""),
        harm_of_declining=cast(Decimal, row.after("harm_of_declining") or Decimal(0)),
        harm_is_reviewed=False,
    )


def _write_members(participation: Participation, by: Person, row: RowPlan, changed: dict[str, Value]) -> None:
    """A row's list of members is the whole list; an organisation that adds a partnership is always in it."""
    wanted = changed.get("members")
    if isinstance(wanted, frozenset):
        present = row.before.get("members") or frozenset({participation.organisation.code})
        organisations = {one.code: one for one in Organisation.objects.filter(code__in=wanted | _as_codes(present))}
        for code in sorted(wanted - _as_codes(present)):
            add_member(participation=participation, by=by, organisation=organisations[code])
        for code in sorted(_as_codes(present) - wanted) if row.participation else ():
            remove_member(participation=participation, by=by, organisation=organisations[code])
    lead = changed.get("lead_organisation")
    if isinstance(lead, frozenset):
        choose_lead(participation=participation, by=by, organisation=Organisation.objects.get(code__in=lead))


def _as_codes(value: Value) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset()
