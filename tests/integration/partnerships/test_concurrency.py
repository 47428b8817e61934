"""Two people at once, on a real database with real locks: nothing is done twice, and nothing is overwritten unseen."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier, Thread
from time import monotonic, sleep
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from partnerships.actions import merging
from partnerships.actions.import_previews import keep_preview
from partnerships.actions.participations import add_participation, change_account, locked
from partnerships.actions.pool_shares import record_share
from partnerships.actions.rules import RuleFacts, add_rule
from partnerships.editing import ChangedMeanwhile, account_version
from partnerships.imports.portfolio.reading import read_table
from partnerships.imports.portfolio.writing import rehearse, use_preview
from partnerships.models import ImportPreview, Participation, PartnershipKind, Quarter, RuleKind
from tests.factories import active_participation, organisation_with_people

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """The outcome of each call, or what it raised, with all of them let go at the same moment."""
    gate = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        gate.wait(30)
        try:
            return call()
        except Exception as problem:  # the outcome to look at, whatever it is
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_an_import_confirmed_in_two_tabs_at_once_is_done_once() -> None:
    organisation, lead, _ = organisation_with_people()
    table = read_table(b"Name,Kind\r\nMendip Voices,Council partnership\r\n")
    preview = keep_preview(
        organisation=organisation, by=lead, file_name="a.csv", headers=table.headers, rows=table.rows
    )
    shown = rehearse(organisation=organisation, by=lead, table=table).version

    def confirm() -> Any:
        return use_preview(preview=ImportPreview.objects.get(pk=preview.pk), by=lead, shown=shown)

    outcomes = at_once(confirm, confirm)
    assert sorted(outcome is None for outcome in outcomes) == [False, True], outcomes
    assert organisation.participations.count() == 1


def test_two_people_adding_one_name_at_once_get_two_addresses() -> None:
    kind = PartnershipKind.objects.get(code="council")
    sides = [organisation_with_people() for _ in range(2)]
    outcomes = at_once(
        *(
            lambda side=side: add_participation(organisation=side[0], by=side[1], name="Mendip Together", kind=kind)
            for side in sides
        )
    )
    one, other = (outcome.partnership.slug for outcome in outcomes)
    assert one != other
    assert one[:-4] == other[:-4] == "mendip-together-"


def test_a_form_sent_twice_at_once_adds_one_partnership() -> None:
    kind = PartnershipKind.objects.get(code="council")
    organisation, lead, _ = organisation_with_people()

    def send() -> Any:
        return add_participation(organisation=organisation, by=lead, name="Mendip Together", kind=kind)

    outcomes = at_once(send, send)
    assert sum(isinstance(outcome, ValidationError) for outcome in outcomes) == 1, outcomes
    assert organisation.participations.count() == 1


def test_of_two_saves_at_once_one_is_told() -> None:
    organisation, lead, _ = organisation_with_people()
    participation = active_participation(organisation)
    version = account_version(participation)

    def save(purpose: str) -> Callable[[], Any]:
        return lambda: change_account(
            participation=participation, by=lead, account={"purpose": purpose}, expected_version=version
        )

    outcomes = at_once(save("one"), save("two"))
    assert sum(isinstance(outcome, ChangedMeanwhile) for outcome in outcomes) == 1, outcomes
    saved = next(outcome for outcome in outcomes if isinstance(outcome, Participation))
    participation.refresh_from_db()
    assert participation.purpose == saved.purpose


def test_a_rule_sent_twice_at_once_is_recorded_once() -> None:
    organisation, lead, _ = organisation_with_people()
    members = (active_participation(organisation).pk, active_participation(organisation).pk)
    sustain = organisation.engagement_levels.get(code="sustain").pk
    facts = RuleFacts(kind=RuleKind.NOT_BOTH, level=sustain, source="An order", members=members)

    def send() -> Any:
        return add_rule(organisation=organisation, by=lead, facts=facts)

    outcomes = at_once(send, send)
    assert sum(isinstance(outcome, ValidationError) for outcome in outcomes) == 1, outcomes
    assert organisation.rules.count() == 1


def test_two_shares_agreed_at_once_never_hold_in_one_quarter() -> None:
    organisation, lead, _ = organisation_with_people()
    spring = Quarter(datetime.date(2026, 4, 1))
    agreed: dict[str, Any] = {"pool": organisation.capacity_pools.all()[0], "shared_with": "A trust"}

    def agree(percent: int) -> Callable[[], Any]:
        return lambda: record_share(
            organisation=organisation,
            by=lead,
            percent=Decimal(percent),
            from_quarter=spring,
            until_quarter=spring.next(),
            **agreed,
        )

    outcomes = at_once(agree(40), agree(60))
    assert sum(isinstance(outcome, ValidationError) for outcome in outcomes) == 1, outcomes
    assert organisation.pool_shares.in_quarter(spring).count() == 1


def wait_for_one_that_waits() -> None:
    """Until some other connection to this database waits for a lock."""
    until = monotonic() + 30
    with connection.cursor() as cursor:
        while monotonic() < until:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction reads what it has read before
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone() != (0,):
                return
            sleep(0.02)
    raise AssertionError("nobody waits")


def test_a_merge_is_undone_while_the_other_way_round_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    organisation, lead, _ = organisation_with_people()
    kept, duplicate = active_participation(organisation), active_participation(organisation)
    merging.merge(duplicate=duplicate, into=kept, by=lead)
    undone: list[Any] = []

    def undo() -> None:
        undone.extend(at_once(lambda: merging.undo_merge(duplicate=duplicate, by=lead)))

    other = Thread(target=undo)

    def locked_with_the_other_at_it(participation: Participation) -> Participation:
        """The merge has its first record when the other one begins."""
        row = locked(participation)
        if other.ident is None:
            other.start()
            wait_for_one_that_waits()
        return row

    monkeypatch.setattr(merging, "locked", locked_with_the_other_at_it)
    with pytest.raises(ValidationError, match="Make it active again first"):
        merging.merge(duplicate=kept, into=duplicate, by=lead)
    other.join(30)
    assert [type(one) for one in undone] == [Participation], undone
    duplicate.refresh_from_db()
    assert duplicate.merged_into is None
