"""What readiness would be worth, from a stored run: the same as solving the whole portfolio again."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from scoring.engine import solve
from scoring.engine.advice import ATTAINABLE_READINESS
from scoring.findings import Findings
from scoring.readiness_gain import readiness_gains
from tests.integration.decisions.scored import score
from tests.integration.diagnostics.survey_data import closed
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db
LOW, FAIR = [2, 2, 3, 2, 2, 2, 1], [4, 4, 3, 4, 5, 4, 4]


@pytest.fixture
def findings(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Findings:
    """A portfolio with days for few, of which the best rated is hardly ready."""
    settings.SCORING_DRAWS = 8
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)
    organisation, lead, _ = portfolio(days=20)
    for place, one in enumerate(organisation.participations.order_by("partnership__name")):
        if place < 4:
            closed(one, lead, LOW if place in {0, 3} else FAIR)
    return Findings.of(score(organisation, lead))


def test_each_gain_is_what_solving_again_finds(findings: Findings) -> None:
    gains = readiness_gains(findings)
    assert len(gains) >= 3
    assert [one.gain for one in gains] == sorted((one.gain for one in gains), reverse=True)
    for gain in gains:
        document = again(findings, gain.id, ATTAINABLE_READINESS)
        result = solve(document)
        assert result["total_value"] - findings.result["total_value"] == pytest.approx(gain.gain, abs=1e-6)
        level = next(one["level"] for one in result["partnerships"] if one["id"] == gain.id)
        now = next(one["level"] for one in findings.partnerships if one["id"] == gain.id)
        assert level == (gain.level or now)


def test_one_of_them_turns_and_it_turns_where_that_is_said(findings: Findings) -> None:
    turning = [one for one in readiness_gains(findings) if one.turns_at is not None]
    assert turning, "the portfolio is to have one that readiness brings in"
    for gain in turning:
        assert gain.turns_at is not None
        for readiness, comes_in in ((gain.turns_at - 0.005, False), (gain.turns_at + 0.005, True)):
            result = solve(again(findings, gain.id, readiness))
            level = next(one["level"] for one in result["partnerships"] if one["id"] == gain.id)
            assert (level == gain.level) == comes_in, readiness


def test_what_is_as_ready_as_can_be_expected_or_was_scored_without_readiness_gains_nothing(findings: Findings) -> None:
    ready = copy.deepcopy(dict(findings.result))
    for one in ready["partnerships"]:
        one["readiness"]["mean"] = ATTAINABLE_READINESS
    assert readiness_gains(Findings(findings.document, ready, findings.assumptions, "")) == []
    for one in ready["partnerships"]:
        one["readiness"] = None
    assert readiness_gains(Findings(findings.document, ready, findings.assumptions, "")) == []


def again(findings: Findings, identifier: str, readiness: float) -> dict[str, Any]:
    """The inputs with one partnership so ready; without draws, since a mean is asked for."""
    document = {**copy.deepcopy(dict(findings.document)), "draws": 0, "outputs": ["choice"]}
    for one in document["partnerships"]:
        known = next(row for row in findings.partnerships if row["id"] == one["id"])
        mean = readiness if one["id"] == identifier else known["readiness"]["mean"]
        one["readiness"] = {"mean": mean}
    return document
