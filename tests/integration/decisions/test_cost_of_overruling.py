"""What overruling costs is measured against the level that is recommended, also where that is not the best one."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.db.models import F

from partnerships.models import Organisation, Participation, Person
from scoring.findings import Findings
from tests.integration.decisions.scored import basis_of, decided, score
from tests.integration.decisions.test_pages import at, filled, signed_in, words
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SCORING_DRAWS = 4
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)


DAYS = 18.0  # executive days, of 20, after a reserve of a tenth


@pytest.fixture
def house() -> tuple[Organisation, Person, Participation]:
    """Days for three of four; nobody has looked at the harm of saying no to the one that is best left out."""
    # The draws of partnerships with this code leave nothing to find out first.
    organisation, lead, executive = portfolio(size=4, days=20, reviewed=False, code="QQ5")
    organisation.value_ratings.update(low=F("likely"), high=F("likely"))
    organisation.days_needed.update(low=F("likely"), high=F("likely"))
    score(organisation, lead)
    return organisation, executive, organisation.participations.get(partnership__name="Alliance 3")


def best_with(findings: Findings, slug: str, code: str) -> float:
    """The most that all are worth with one at a level, by looking at every portfolio that fits the days."""
    others = [one.levels for one in findings.advice if one.id != slug]
    forced = [level for one in findings.advice if one.id == slug for level in one.levels if level.code == code]
    worth = [
        sum(level.value for level in choice)
        for choice in product(forced, *others)
        if sum(level.days.get("executive", 0.0) for level in choice) <= DAYS + 1e-9
    ]
    return max(worth)


def test_a_softened_decline_is_the_measure_and_not_the_best_level(
    house: tuple[Organisation, Person, Participation],
) -> None:
    basis = basis_of(house[2])
    findings, slug = basis.findings, basis.advice.id
    assert (basis.advice.best.code, basis.advice.recommended.code) == ("decline", "keep-in-touch")
    recommended = best_with(findings, slug, "keep-in-touch")
    found = {code: basis.cost(code) for code in ("decline", "sustain", "prioritise", "keep-in-touch")}
    for code, cost in found.items():
        assert cost is not None
        assert float(cost) == pytest.approx(recommended - best_with(findings, slug, code), abs=0.002), code
    # 6, 6 and 6 days for the other three are worth 8.2125; beside 0.6 days for this one they are 6, 6 and 2.1.
    assert found == {
        "decline": Decimal("-0.906"),
        "sustain": Decimal("-0.774"),
        "prioritise": Decimal("-0.643"),
        "keep-in-touch": Decimal(0),
    }


def test_the_page_says_what_it_gains(house: tuple[Organisation, Person, Participation]) -> None:
    organisation, executive, one = house
    basis, client = basis_of(one), signed_in(executive)
    address = at(organisation, f"decisions/{one.partnership.slug}/")
    sent = filled(basis, executive, level="decline", reason="They have others", anyway="on")
    shown = words(client.post(address, sent))
    assert "makes all your partnerships together worth 0.9 points more, of 7.3" in shown
    assert "0.9 points more for all together" in shown
    assert "less for all together" not in shown
    decision = decided(one, executive, level_code="decline", reason="They have others")
    assert (decision.cost, decision.gain) == (Decimal("-0.906"), Decimal("0.906"))
    assert "Nothing: all your partnerships together gain 0.9 points" in words(client.get(address))


def test_what_costs_nothing_gains_nothing(house: tuple[Organisation, Person, Participation]) -> None:
    organisation, executive, _ = house
    first = organisation.participations.get(partnership__name="Alliance 0")
    decision = decided(first, executive, level_code="decline", reason="They have others")
    loss = best_with(basis_of(first).findings, first.partnership.slug, "prioritise") - best_with(
        basis_of(first).findings, first.partnership.slug, "decline"
    )
    assert decision.cost is not None
    assert float(decision.cost) == pytest.approx(loss, abs=0.002)
    assert decision.gain == 0
