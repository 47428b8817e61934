"""One world for all tests of a module; what a test does to it is rolled back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.integration.safety.world import World, two_houses


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Both houses, as long as the module lasts."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield two_houses()
        transaction.set_rollback(True)


@pytest.fixture
def world(made: World, db: None) -> World:
    """Both houses; what the test writes is gone after it."""
    return made
