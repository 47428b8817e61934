"""The command that loads the demonstration: once, all or nothing, and never among real people unasked."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from partnerships.models import Organisation, Participation
from scoring.models import Run, RunState
from tests.factories import OrganisationFactory, organisation_with_people

pytestmark = pytest.mark.django_db

CaptureOnCommit = Callable[..., AbstractContextManager[list[Any]]]


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("load_demonstration", *arguments, stdout=out)
    return out.getvalue()


def rows() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_it_is_loaded_once_and_beside_real_organisations_only_when_told_to(
    django_capture_on_commit_callbacks: CaptureOnCommit,
) -> None:
    """One test for all of it, because loading takes seconds."""
    organisation_with_people(code="RXX", name="A real trust", is_invented=False)
    with pytest.raises(CommandError, match=r"A real trust use this database.*--yes"):
        printed()
    assert not Organisation.objects.filter(code="DEMO").exists()

    with django_capture_on_commit_callbacks(execute=True):
        first = printed("--yes", "--address=http://127.0.0.1:8000/")
    assert list(Run.objects.order_by("pk").values_list("state", flat=True)) == [
        RunState.DONE,
        RunState.DONE,
        RunState.QUEUED,
    ]
    assert "priya.nambiar@fernshire.example" in first
    assert "  http://127.0.0.1:8000/s/" in first

    before = rows()
    assert printed("--address=http://127.0.0.1:8000") == first
    assert rows() == before


def test_a_real_organisation_keeps_its_code() -> None:
    OrganisationFactory.create(code="DEMO", name="Delivering Excellent Medicine", is_invented=False)
    with pytest.raises(CommandError, match="real organisation has the code DEMO"):
        printed()


def test_all_or_nothing() -> None:
    OrganisationFactory.create(code="DEMOICB", name="Somebody else")
    before = rows()
    with pytest.raises(CommandError, match="Somebody else already has the code DEMOICB"):
        printed()
    assert rows() == before
    assert not Participation.objects.exists()
