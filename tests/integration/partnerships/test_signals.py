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


@transaction.atomic
def announce_and_fail(organisation: Organisation) -> None:
    announce_change(organisation=organisation, by=None)
    raise ZeroDivisionError


@transaction.atomic
def announce(organisation: Organisation) -> None:
    announce_change(organisation=organisation, by=None)


def test_an_announcement_is_not_lost_with_an_inner_step_that_failed(heard: list[str]) -> None:
    ours = OrganisationFactory.create(code="OURS")
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError):
            announce_and_fail(ours)
        announce(ours)
    assert heard == ["OURS"]


def test_one_action_after_another_in_a_transaction_is_one_announcement(heard: list[str]) -> None:
    ours = OrganisationFactory.create(code="OURS")
    with transaction.atomic():
        for _ in range(3):
            announce(ours)
        with pytest.raises(ZeroDivisionError):
            announce_and_fail(ours)
    assert heard == ["OURS"]


def test_nothing_is_announced_where_all_is_undone(heard: list[str]) -> None:
    ours = OrganisationFactory.create(code="OURS")
    with pytest.raises(ZeroDivisionError):
        announce_and_fail(ours)
    assert heard == []
