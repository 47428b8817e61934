"""COPY and UPDATE in bulk keep every character, and leave to the model what is not given."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from partnerships.actions.register.bulk_rows import (
    copy_rows,
    insert_rows,
    new_keys,
    rows_with,
    update_rows,
)
from partnerships.models import Organisation
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
NAMES = ["back\\slash", "tab\there", "new\nline", "return\r", "quote\"'", "\\N", "\\.", "Ŵyr é 😀", "", "%s"]


@pytest.mark.parametrize("add", [copy_rows, insert_rows])
def test_every_character_arrives(add: Callable[..., None]) -> None:
    add(Organisation, ("code", "name"), [(f"C{number}", name) for number, name in enumerate(NAMES)], kind="trust")
    held = dict(Organisation.objects.values_list("code", "name"))
    assert held == {f"C{number}": name for number, name in enumerate(NAMES)}
    assert set(Organisation.objects.values_list("kind", "source", "closed_on", "is_invented")) == {
        ("trust", "person", None, False)
    }


def test_rows_are_changed_by_their_key() -> None:
    one, other, third = (OrganisationFactory.create(code=code) for code in ("ONE", "OTHER", "THIRD"))
    day = datetime.date(2025, 4, 1)
    rows = [(one.pk, NAMES[0], None, None), (other.pk, "%s", day, one.pk)]
    update_rows(Organisation, "id", ("name", "closed_on", "parent_id"), rows)
    held = Organisation.objects.order_by("code").values_list("code", "name", "closed_on", "parent_id")
    assert list(held) == [
        ("ONE", NAMES[0], None, None),
        ("OTHER", "%s", day, one.pk),
        ("THIRD", third.name, None, None),
    ]


def test_nothing_to_write_asks_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        copy_rows(Organisation, ("code",), [])
        insert_rows(Organisation, ("code",), [])
        update_rows(Organisation, "id", ("name",), [])


def test_keys_given_out_are_free_and_never_given_again() -> None:
    keys = new_keys(Organisation, 3)
    copy_rows(Organisation, ("id", "code"), [(key, f"K{key}") for key in keys])
    assert OrganisationFactory.create().pk not in keys
    assert not set(new_keys(Organisation, 2)) & set(keys)


def test_rows_are_found_by_any_of_many_values() -> None:
    for code in ("ONE", "OTHER", "THIRD"):
        OrganisationFactory.create(code=code)
    assert sorted(rows_with(Organisation, "code", ["ONE", "THIRD", "NONE"], ("code",))) == [("ONE",), ("THIRD",)]
    assert rows_with(Organisation, "code", [], ("code",)) == []
