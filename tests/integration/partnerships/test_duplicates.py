"""A partnership that may be there already is shown before another is added."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from partnerships.duplicates import Alike
from partnerships.models import Partnership, PartnershipKind, RegisterSource
from tests.factories import PartnershipFactory, organisation_with_people
from tests.integration.partnerships.conftest import Desk, Page, words_of


@pytest.fixture
def network(db: None) -> Partnership:
    kind = PartnershipKind.objects.get(code="primary-care-network")
    return PartnershipFactory.create(
        name="MOSSBURY CENTRAL PCN",
        kind=kind,
        source=RegisterSource.PRIMARY_CARE_NETWORKS,
        register_code="U12345",
        recorded_by=None,
    )


def typed(network: Partnership, **other: Any) -> dict[str, Any]:
    return {
        "name": "Mossbury Central Primary Care Network",
        "kind": network.kind_id,
        "purpose": "To plan together",
        "patient_benefit": "",
        "level": "",
        **other,
    }


def add(desk: Desk, data: dict[str, Any]) -> Page:
    return desk.post("partnerships/add/", data)


def another(page: Page) -> str:
    found = re.search(r'name="another"\s+value="(\w+)"', words_of(page))
    assert found
    return found[1]


def test_what_is_alike_is_shown_and_nothing_is_added_or_lost(desk: Desk, network: Partnership) -> None:
    page = add(desk, typed(network))
    words = words_of(page)
    assert "Do you mean this one?" in words
    assert "Mossbury Central PCN" in words
    assert "To plan together" in words
    assert not desk.organisation.participations.exists()


def test_it_is_used_with_what_was_typed(desk: Desk, network: Partnership) -> None:
    answer = add(desk, typed(network, use=network.pk))
    assert answer.url == desk.at(f"partnerships/{network.slug}/")
    participation = desk.organisation.participations.get()
    assert (participation.partnership, participation.purpose) == (network, "To plan together")
    assert Partnership.objects.filter(name__icontains="mossbury").count() == 1


def test_used_twice_it_is_there_once(desk: Desk, network: Partnership) -> None:
    add(desk, typed(network, use=network.pk))
    page = add(desk, typed(network, use=network.pk, purpose="Sent again"))
    assert "in your portfolio (draft)" in words_of(page)
    assert desk.organisation.participations.get().purpose == "To plan together"


def test_it_is_another_one(desk: Desk, network: Partnership) -> None:
    seen = another(add(desk, typed(network)))
    assert add(desk, typed(network, another=seen)).status_code == 302
    assert desk.organisation.participations.get().partnership != network


def test_whoever_has_seen_others_is_asked_again(desk: Desk, network: Partnership) -> None:
    """The name was changed after it was shown, or somebody added one meanwhile."""
    seen = another(add(desk, typed(network)))
    desk.participation(partnership=PartnershipFactory.create(name="Mossbury central", kind=network.kind))
    page = add(desk, typed(network, another=seen))
    assert "Do you mean one of these?" in words_of(page)
    assert desk.organisation.participations.count() == 1


def test_our_own_is_opened_and_not_added(desk: Desk) -> None:
    ours = desk.participation(partnership=PartnershipFactory.create(name="Frailty at Home"))
    page = add(desk, typed(ours.partnership, name="Frailty  at-home"))
    assert f'href="{desk.at(f"partnerships/{ours.partnership.slug}/")}"' in words_of(page)
    assert "in your portfolio (active)" in words_of(page)
    assert 'name="use"' not in words_of(page)


def test_what_another_organisation_recorded_is_its_own_business(desk: Desk) -> None:
    other, _, _ = organisation_with_people()
    theirs = PartnershipFactory.create(name="Frailty at Home", recorded_by=other)
    assert Alike(desk.organisation, "Frailty at home", theirs.kind).partnerships == []
    assert add(desk, typed(theirs, name="Frailty at home")).status_code == 302


def test_one_of_a_register_that_has_ended_is_not_offered(desk: Desk, network: Partnership) -> None:
    Partnership.objects.filter(pk=network.pk).update(ended_on=timezone.localdate())
    assert Alike(desk.organisation, "Mossbury Central PCN", network.kind).partnerships == []


@pytest.mark.parametrize("use", ["", "0", "nonsense", "999999999"])
def test_only_what_is_shown_can_be_used(desk: Desk, network: Partnership, use: str) -> None:
    elsewhere = PartnershipFactory.create(
        name="Saltmere PCN",
        kind=network.kind,
        source=RegisterSource.PRIMARY_CARE_NETWORKS,
        register_code="U54321",
        recorded_by=None,
    )
    for tried in (use, str(elsewhere.pk)):
        assert "Do you mean this one?" in words_of(add(desk, typed(network, use=tried)))
    assert not desk.organisation.participations.exists()
