"""What migrations put into the database is there again for a test after one that truncated the tables."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import Value
from django.db.models.functions import Concat

from partnerships.models import PartnershipKind

pytestmark = pytest.mark.django_db(transaction=True)


def rows_of(model: type[models.Model]) -> list[tuple[object, ...]]:
    return list(model._base_manager.order_by("pk").values_list())


def test_rows_that_have_changed_and_gone_are_put_back_as_they_were() -> None:
    before = {model: rows_of(model) for model in (PartnershipKind, ContentType, Permission)}
    assert all(len(rows) > 10 for rows in before.values())
    Permission.objects.all().delete()
    PartnershipKind.objects.update(name=Concat("name", Value(" of another name")))
    PartnershipKind.objects.order_by("pk")[0].delete()
    database: Any = connection
    database.creation.deserialize_db_from_string(database._test_serialized_contents)
    assert {model: rows_of(model) for model in before} == before
