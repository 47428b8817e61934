"""The synthetic England: the same for the same seed, made once, and never under a real organisation's name."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO
from statistics import mean, stdev
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from config.simulation.england import LARGEST, PUBLISHED, SMALLEST, draw_organisation
from diagnostics.models import Answer
from diagnostics.reading import sent_in
from partnerships.models import Organisation, Participation, Partnership, PartnershipKind, RegisterSource
from scoring.runner import freeze
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def simulated(*arguments: str) -> str:
    out = StringIO()
    call_command("simulate_england", *arguments, stdout=out)
    return out.getvalue()


def entered(organisation: Organisation) -> dict[str, Any]:
    """What a score rests on, but for the readiness draws, which go with the number of a survey."""
    document = freeze(organisation, on=timezone.localdate(), draws=0).document
    rounds = organisation.survey_rounds.order_by("participation__partnership__slug")
    people = sent_in(rounds)
    return {"document": document, "answers": [people[one.pk] for one in rounds]}


def test_the_same_seed_gives_the_same_england_and_a_second_time_changes_nothing() -> None:
    made = Organisation.objects.filter(code__startswith="SIM0").order_by("code")
    with transaction.atomic():
        assert simulated("--organisations", "2").startswith("2 invented organisations made, 0 were there already")
        first = {one.code: entered(one) for one in made}
        assert list(first) == ["SIM00001", "SIM00002"]
        assert all(one.is_invented for one in Organisation.objects.all())
        rows = Participation.objects.count(), Answer.objects.count()
        assert simulated("--organisations", "2").startswith("0 invented organisations made, 2 were there already")
        assert rows == (Participation.objects.count(), Answer.objects.count())
        transaction.set_rollback(True)
    simulated("--organisations", "3")
    again = {one.code: entered(one) for one in made.all()}
    assert {code: again[code] for code in first} == first
    assert len(again) == 3


def test_partnerships_are_those_of_the_register() -> None:
    kind = PartnershipKind.objects.get(code="primary-care-network")
    Partnership.objects.bulk_create(
        Partnership(
            slug=f"network-{n}",
            name=f"Network {n}",
            kind=kind,
            source=RegisterSource.PRIMARY_CARE_NETWORKS,
            register_code=f"U{n:05d}",
            icb_code=f"Q{n % 7}",
        )
        for n in range(LARGEST)
    )
    assert f"on {LARGEST} partnerships of the register." in simulated("--organisations", "1")
    used = Partnership.objects.filter(participations__organisation__code="SIM00001")
    assert used.count() == len(draw_organisation(1, seed=1).partnerships)
    assert set(used.values_list("source", flat=True)) == {RegisterSource.PRIMARY_CARE_NETWORKS}


def test_a_real_organisation_keeps_its_code() -> None:
    OrganisationFactory.create(code="SIM00002", name="A real one", is_invented=False)
    with pytest.raises(CommandError, match="A real organisation has the code SIM00002"):
        simulated("--organisations", "2")
    assert not Participation.objects.exists()


@pytest.mark.parametrize("wrong", ["0", "-3", "many", "100000"])
def test_a_number_that_makes_no_sense_is_explained(wrong: str) -> None:
    with pytest.raises(CommandError, match="give a whole number from 1 to 99999"):
        simulated(f"--organisations={wrong}")


def test_sizes_and_surveys_spread_as_said() -> None:
    drawn = [draw_organisation(number, seed=1) for number in range(1, 201)]
    sizes = [len(one.partnerships) for one in drawn]
    assert min(sizes) >= SMALLEST
    assert max(sizes) <= LARGEST
    assert sum(size < 32 for size in sizes) == pytest.approx(100, abs=20)
    surveys = [one.survey.health.culture for each in drawn for one in each.partnerships if one.survey]
    published_mean, published_spread = PUBLISHED["culture"]
    assert mean(surveys) == pytest.approx(1 + (published_mean - 1) * 4 / 3, abs=0.05)
    assert stdev(surveys) == pytest.approx(published_spread * 4 / 3, abs=0.06)
    assert all(min(each.capacity.values()) > Decimal(0) for each in drawn)
