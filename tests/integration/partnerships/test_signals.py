"""A change is announced once a transaction, and never lost with somebody else's savepoint."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from partnerships.models import Organisation
from partnerships.signals import announce_change, inputs_changed
from tests.factories import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard() -> Iterator[list[str]]:
    codes: list[str] = []

    def hear(*, organisation: Organisation, **_: Any) -> None:
        codes.append(organisation.code)

    inputs_changed.connect(hear)
    yield codes
    inputs_changed.disconnect(hear)


def test_many_changes_in_one_transaction_are_announced_once(heard: list[str]) -> None:
    ours, theirs = OrganisationFactory.create(code="OURS"), OrganisationFactory.create(code="THEIRS")
    with transaction.atomic():
        announce_change(organisation=ours, by=PersonFactory.create())
        with transaction.atomic():
            announce_change(organisation=ours, by=PersonFactory.create())
        announce_change(organisation=theirs, by=None)
        announce_change(organisation=ours, by=None)
        assert heard == []
    assert heard == ["OURS", "THEIRS"]


def test_each_transaction_is_announced(heard: list[str]) -> None:
    ours = OrganisationFactory.create(code="OURS")
    announce_change(organisation=ours, by=None)
    announce_change(organisation=ours, by=None)
    assert heard == ["OURS", "OURS"]


def test_an_announcement_is_not_lost_with_an_inner_step_that_failed(heard: list[str]) -> None:
    ours = OrganisationFactory.create(code="OURS")
    with transaction.atomic():
        inner = transaction.savepoint()
        announce_change(organisation=ours, by=None)
        transaction.savepoint_rollback(inner)
        announce_change(organisation=ours, by=None)
    assert heard == ["OURS"]


def test_an_announcement_made_after_a_finished_inner_step_survives(heard: list[str]) -> None:
    ours = OrganisationFactory.create(code="OURS")
    with transaction.atomic():
        with transaction.atomic():
            announce_change(organisation=ours, by=None)
        announce_change(organisation=ours, by=None)
        announce_change(organisation=ours, by=None)
    assert set(heard) == {"OURS"}
    assert len(heard) <= 2
