"""One world for all tests of a module; what a test does to it is rolled back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.integration.safety.filling_in import Found, every_form
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


@pytest.fixture(scope="module")
def found_forms(made: World) -> list[Found]:
    """Every form of every page of our house; looked for once, since nothing that a test does to it stays."""
    return every_form(made)


@pytest.fixture
def forms(found_forms: list[Found], world: World) -> list[Found]:
    """The same, for a test in the world that they are of."""
    return found_forms
