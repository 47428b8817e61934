"""The log of PostgreSQL says that something was refused, and nothing of what people had entered."""

from __future__ import annotations

import pytest
import yaml
from django.db import IntegrityError, transaction

from config import embedded
from config.embedded.postgres import SILENT_ABOUT_VALUES
from partnerships.models import Person
from tests.factories import PersonFactory

WRITTEN = "quillwort.secret@example.org"


def test_a_value_that_a_constraint_refuses_is_not_in_the_log(db: None) -> None:
    log = embedded.TEST_HOME / "postgres.log"
    before = log.stat().st_size
    person = PersonFactory.create(email=WRITTEN)
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonFactory.build(email=WRITTEN).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(name=None)  # the whole row stands in the details of this error
    said = log.read_bytes()[before:].decode()
    assert "violates unique constraint" in said
    assert "violates not-null constraint" in said
    assert "quillwort" not in said


def test_the_servers_of_a_deployment_are_as_silent() -> None:
    services = yaml.safe_load((embedded.ROOT / "docker-compose.yml").read_text())["services"]
    command = services["postgres"]["command"]
    assert command == ["postgres", *(f"--{name}={value}" for name, value in SILENT_ABOUT_VALUES.items())]
