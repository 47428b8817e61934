"""Everything a run has found out, before it is written down."""

from __future__ import annotations

from dataclasses import dataclass

from scoring.engine.advice import Advice, Evidence
from scoring.engine.build_capacity import Blocked
from scoring.engine.competitors import Competitor
from scoring.engine.frontier import Point
from scoring.engine.load_curve import LoadPoint
from scoring.engine.price_of_a_day import Price
from scoring.engine.regret import Regret
from scoring.engine.thresholds import Thresholds
from scoring.engine.today import Today
from scoring.engine.views import Views


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything a run has found out; None where it was not asked for."""

    evidence: Evidence
    advice: Advice
    views: Views | None
    thresholds: list[Thresholds] | None
    competitors: list[Competitor] | None
    capacity_to_build: list[Blocked] | None
    prices: list[Price] | None
    regret: Regret | None
    frontier: list[list[Point]] | None
    load_curve: list[LoadPoint] | None
    today: Today | None
