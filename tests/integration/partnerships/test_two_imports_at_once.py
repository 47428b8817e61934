"""Two people import, or press the same button, at one moment: one waits for the other, and nothing is there twice."""

from __future__ import annotations

import datetime
import hashlib
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from partnerships.actions.register import apply_register
from partnerships.actions.register_drafts import add_drafts_from_register
from partnerships.imports.register import read_register
from partnerships.models import Organisation, Partnership, PartnershipMembership
from partnerships.register_facts import Outcome
from tests.factories import organisation_with_people
from tests.register_files import epcn, pcn, practice

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(deed: Callable[[], Any], times: int = 4) -> list[Any]:
    """What each of several threads, started together, returns or raises."""
    results: list[Any] = []
    ready = threading.Barrier(times)

    def run() -> None:
        ready.wait()
        try:
            results.append(deed())
        except Exception as problem:
            results.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def import_once() -> Outcome:
    rows = [practice(f"L{number:05d}", f"SURGERY {number}") for number in range(200)]
    content = epcn([pcn()], rows)
    return apply_register(
        facts=read_register(content, latest=datetime.date(2030, 1, 1)),
        file_name="ePCN.xlsx",
        sha256=hashlib.sha256(content).hexdigest(),
        as_of=datetime.date(2024, 10, 31),
        by=None,
    )


def test_imports_wait_for_each_other() -> None:
    outcomes = at_once(import_once)
    assert sorted(outcome.total("created") for outcome in outcomes) == [0, 0, 0, 402]
    assert Organisation.objects.count() == 201
    assert PartnershipMembership.objects.count() == 200


def test_a_button_pressed_many_times_adds_one_draft() -> None:
    organisation, lead, _ = organisation_with_people()
    import_once()
    partnership = Partnership.objects.get(register_code="U00001")
    added = at_once(lambda: add_drafts_from_register(organisation=organisation, partnerships=[partnership], by=lead))
    assert sorted(len(one) for one in added) == [0, 0, 0, 1]
    assert organisation.participations.count() == 1
