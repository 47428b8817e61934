"""The two answers behind the tipping point: who may give them, what is refused, and that they count."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from scoring.actions import set_tipping_point
from scoring.models import TippingPoint
from scoring.runner import freeze
from tests.factories import organisation_with_people
from tests.integration.scoring.portfolio import portfolio
from tests.integration.scoring.test_pages import signed_in, words_of

pytestmark = pytest.mark.django_db


def test_a_strategy_lead_answers_and_the_score_uses_it(django_capture_on_commit_callbacks: object) -> None:
    organisation, lead, _ = portfolio(4, days=100)
    address = f"/o/{organisation.code}/tipping-point/"
    client = signed_in(lead)
    words = words_of(client, address)
    assert 'value="20"' in words
    assert "Prioritise: 3 points" in words
    assert "Keep in touch: 1 point<" in words
    answer = client.post(address, {"hurts_from": "4", "adds_nothing_at": "10"})
    assert answer["Location"] == f"/o/{organisation.code}/"
    kept = TippingPoint.objects.get(organisation=organisation)
    assert (kept.hurts_from, kept.adds_nothing_at, kept.set_by) == (4, 10, lead)
    frozen = freeze(organisation, on=timezone.localdate(), draws=2)
    assert frozen.document["load"]["knee"] == 4
    assert frozen.assumptions["tipping_point"]["is_default"] is False


def test_the_slope_is_the_typical_value_over_the_typical_load_and_the_room_between() -> None:
    organisation, _, _ = portfolio(3, days=100)
    frozen = freeze(organisation, on=timezone.localdate(), draws=0)
    # Ratings 80, 73 and 66 of 1 cell in 16, at the default readiness of 0.6; all prioritised, with a load of 3.
    assert frozen.document["load"] == {"knee": 20, "slope": pytest.approx(0.6 * 73 / 16 / (3 * 20), abs=1e-6)}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"hurts_from": "20", "adds_nothing_at": "20"}, "must come after the point where it starts to hurt"),
        ({"hurts_from": "", "adds_nothing_at": "20"}, "Enter the points at which one more partnership starts to hurt"),
        ({"hurts_from": "many", "adds_nothing_at": "20"}, "as a number"),
    ],
)
def test_wrong_answers_are_explained_and_kept(answers: dict[str, str], said: str) -> None:
    organisation, lead, _ = organisation_with_people()
    page = signed_in(lead).post(f"/o/{organisation.code}/tipping-point/", answers)
    words = " ".join(page.content.decode().split())
    assert page.status_code == 200
    assert said in words
    assert "Error: How much" in words
    assert f'value="{answers["hurts_from"]}"' in words or not answers["hurts_from"]
    assert not TippingPoint.objects.exists()


def test_who_may_answer() -> None:
    organisation, _, executive = organisation_with_people()
    _, stranger, _ = organisation_with_people()
    address = f"/o/{organisation.code}/tipping-point/"
    assert signed_in(executive).get(address).status_code == 403
    assert signed_in(stranger).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    with pytest.raises(PermissionDenied):
        set_tipping_point(organisation=organisation, by=executive, hurts_from=1, adds_nothing_at=2)


def test_the_database_refuses_what_makes_no_sense() -> None:
    organisation, lead, _ = organisation_with_people()
    with pytest.raises(ValidationError, match="must come after"):
        set_tipping_point(organisation=organisation, by=lead, hurts_from=9, adds_nothing_at=9)
    for wrong in ({"hurts_from": 9, "adds_nothing_at": 9}, {"set_by": lead}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TippingPoint.objects.create(organisation=organisation, **wrong)
