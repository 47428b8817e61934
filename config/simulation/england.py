"""What one invented organisation looks like, drawn from a seed. Values in, values out: no database.

Portfolios hold 5 to 200 partnerships, as many small as large on a logarithmic scale (median 32). Surveys spread as the
published ones do: Valentijn and others (2015, 59 partnerships, second wave) give each group of characteristics its mean
and its standard deviation between partnerships, on 1 to 4; ``config.demonstration.survey_answers`` adds the spread
between and within people that it takes from the Dutch PSAT.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from decimal import Decimal

from config.demonstration.reading import Health
from partnerships.organisation_defaults import LEVELS, OBJECTIVES, POOLS, WAYS

SMALLEST, LARGEST = 5, 200
DECISION_MAKERS = 3
CLAIMED = 0.35  # of the cells of objectives and ways
NOT_YET_RATED = 0.05  # of the claimed cells
WITHOUT_DAYS = 0.08
SURVEYED = 0.2
MANDATED = 0.12
HARMFUL_TO_LEAVE = 0.3
# Mean and standard deviation between partnerships, 1 to 4: shared ambition, relationship dynamics, process management.
PUBLISHED = {"strategy": (3.49, 0.39), "culture": (3.27, 0.36), "structure": (3.11, 0.36)}
IN_COMMON = 0.5  # of that variance: a partnership that is well led is mostly well governed too
TODAY = {"decline": 0.05, "keep-in-touch": 0.35, "sustain": 0.4, "prioritise": 0.2}
# Least and most half days a quarter with all that a partnership asks for, and how often a pool is not asked at all.
HALF_DAYS = {"executive": (1, 12, 0.0), "clinical": (2, 40, 0.4), "programme": (4, 60, 0.1)}
TOP_LEVEL = LEVELS[-1].code

Triple = tuple[Decimal, Decimal, Decimal]


@dataclass(frozen=True)
class DrawnSurvey:
    """A closed round: how many were asked and answered, how long ago it closed, and what it is to find."""

    invited: int
    answered: int
    days_ago: int
    health: Health


@dataclass(frozen=True)
class DrawnPartnership:
    """One participation. ``ratings`` by objective and way, None where claimed and not yet rated; ``days`` by pool at
    the top level.
    """

    level: str
    mandate: str
    harm: Decimal
    ratings: dict[tuple[str, str], Triple | None]
    days: dict[str, Triple]
    survey: DrawnSurvey | None


@dataclass(frozen=True)
class DrawnOrganisation:
    """``capacity`` in days by pool; points by decision maker, then by the code of an objective or a way."""

    number: int
    capacity: dict[str, Decimal]
    objective_points: list[dict[str, int]]
    way_points: list[dict[str, int]]
    partnerships: list[DrawnPartnership]

    @property
    def code(self) -> str:
        return code_of(self.number)


def code_of(number: int) -> str:
    return f"SIM{number:05d}"


def draw_organisation(number: int, *, seed: int) -> DrawnOrganisation:
    """Organisation ``number`` of the England with this seed; the same every time and on every machine."""
    chance = random.Random(f"{seed} {number}")  # noqa: S311 - invented values, no secret  # nosec B311
    size = round(SMALLEST * (LARGEST / SMALLEST) ** chance.random())
    partnerships = [_partnership(chance) for _ in range(size)]
    tightness = chance.uniform(0.3, 0.6)
    asked = {
        pool.code: sum((one.days[pool.code][1] for one in partnerships if pool.code in one.days), Decimal(0))
        for pool in POOLS
    }
    return DrawnOrganisation(
        number=number,
        capacity={code: Decimal(max(3, math.ceil(float(days) * tightness))) for code, days in asked.items()},
        objective_points=[_points(chance, [one.code for one in OBJECTIVES]) for _ in range(DECISION_MAKERS)],
        way_points=[_points(chance, [one.code for one in WAYS]) for _ in range(DECISION_MAKERS)],
        partnerships=partnerships,
    )


def _points(chance: random.Random, codes: list[str]) -> dict[str, int]:
    """Swing weights: the most important has 100, the others so many of them."""
    points = {code: 5 * chance.randint(2, 19) for code in codes}
    return points | {chance.choice(codes): 100}


def _partnership(chance: random.Random) -> DrawnPartnership:
    quality = chance.uniform(0.4, 1.0)
    level = chance.choices(list(TODAY), weights=list(TODAY.values()))[0]
    return DrawnPartnership(
        level=level,
        mandate=chance.choice(("keep-in-touch", "keep-in-touch", "sustain")) if chance.random() < MANDATED else "",
        harm=Decimal(chance.randint(1, 16)) / 4 if chance.random() < HARMFUL_TO_LEAVE else Decimal(0),
        ratings=_ratings(chance, quality),
        days={} if chance.random() < WITHOUT_DAYS else _days(chance),
        survey=_survey(chance) if chance.random() < SURVEYED else None,
    )


def _ratings(chance: random.Random, quality: float) -> dict[tuple[str, str], Triple | None]:
    cells = [(objective.code, way.code) for objective in OBJECTIVES for way in WAYS]
    claimed = [cell for cell in cells if chance.random() < CLAIMED] or [chance.choice(cells)]
    return {cell: None if chance.random() < NOT_YET_RATED else _rating(chance, quality) for cell in claimed}


def _rating(chance: random.Random, quality: float) -> Triple:
    likely, spread = round(chance.uniform(5, 100) * quality), chance.randint(4, 15)
    return Decimal(max(-100, likely - spread)), Decimal(likely), Decimal(min(100, likely + spread))


def _days(chance: random.Random) -> dict[str, Triple]:
    days = {}
    for pool, (least, most, unasked) in HALF_DAYS.items():
        if chance.random() >= unasked:
            likely = Decimal(chance.randint(least, most)) / 2
            days[pool] = (likely * Decimal("0.8"), likely, likely * Decimal("1.3"))
    return days


def _survey(chance: random.Random) -> DrawnSurvey:
    common = chance.gauss(0, 1)
    found = {}
    for group, (mean, spread) in PUBLISHED.items():
        deviation = math.sqrt(IN_COMMON) * common + math.sqrt(1 - IN_COMMON) * chance.gauss(0, 1)
        found[group] = min(5.0, max(1.0, 1 + (mean - 1 + spread * deviation) * 4 / 3))
    invited = chance.randint(8, 16)
    return DrawnSurvey(
        invited=invited,
        answered=max(5, round(invited * chance.uniform(0.45, 0.9))),
        days_ago=chance.randint(20, 400),
        health=Health(**found),
    )
