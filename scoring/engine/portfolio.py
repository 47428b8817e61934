"""The portfolio as the engine holds it once a document has been read: frozen, ordered and free of doubt.

Participations are sorted by id, pools by id and rules by their content, so that the order of a document never
changes an answer. Days are whole thousandths, so that a portfolio that fits exactly is known to fit exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from scoring.engine.reading import MILLIDAYS

Triple = tuple[float, float, float]
Matrix = tuple[tuple[float, ...], ...]

OUTPUTS = (
    "choice",
    "acceptability",
    "flip",
    "price_of_a_day",
    "regret",
    "frontier",
    "load_curve",
    "competitors",
    "information",
)


@dataclass(frozen=True, slots=True)
class Pool:
    """A capacity pool. `net` is days a quarter after the reserve and what is set aside, exact."""

    id: str
    label: str
    net: Fraction

    @property
    def capacity(self) -> int:
        """Whole thousandths of a day that fit."""
        return int(self.net * MILLIDAYS)  # towards zero, and never negative


@dataclass(frozen=True, slots=True)
class Level:
    """An engagement level: `share` of the value it obtains (0 to 1) and its coordination `load` by
    default.
    """

    id: str
    label: str
    share: float | None = None
    load: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """One level of one participation. `days` and `day_ranges` are thousandths, a pool each, in the order of
    the pools.
    """

    level: str
    days: tuple[int, ...]
    day_ranges: tuple[tuple[int, int, int], ...]
    load: int
    share: float = 0.0
    value: float | None = None
    value_draws: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """What one way is worth under one objective, −100 to 100; `triple` None where claimed but not rated."""

    objective: int
    way: int
    triple: Triple | None


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is known of the share of the potential that is realised. All None: nothing, so a wide default is
    used.

    `draws` are given values of p; `mean` and `sd` describe p; `answers` are survey answers on the eight
    characteristics, a row a respondent, each 1 to 5 or None. `weakest` is p if all characteristics were as weak as the
    weakest, where that is known.
    """

    draws: tuple[float, ...] | None = None
    mean: float | None = None
    sd: float | None = None
    answers: tuple[tuple[float | None, ...], ...] | None = None
    weakest: float | None = None

    @property
    def source(self) -> str:
        """Where it comes from, in a word."""
        if self.draws is not None:
            return "draws"
        if self.answers is not None:
            return "survey"
        return "default" if self.mean is None else "estimate"


@dataclass(frozen=True, slots=True)
class Participation:
    """One organisation's part in one partnership. `floor` and `today` are positions in `options`, lowest
    level first.
    """

    id: str
    name: str
    options: tuple[Option, ...]
    floor: int = 0
    today: int | None = None
    mandate: str = ""
    harm: Triple = (0.0, 0.0, 0.0)
    harm_reviewed: bool = True
    ratings: tuple[Rating, ...] = ()
    readiness: Readiness = Readiness()
    previous_confidence: str | None = None
    previous_level: str | None = None

    @property
    def mandated(self) -> bool:
        """True where the lowest level may not be chosen."""
        return self.floor > 0

    def position_of(self, level: str) -> int:
        """The place of a level among the options; ValueError where it is not there."""
        return [option.level for option in self.options].index(level)


@dataclass(frozen=True, slots=True)
class Member:
    """A participation (by its place) at an option or above (by its place among the options)."""

    participation: int
    option: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule over members. `kind` is at_least, if_then, not_both or synergy.

    `amount` is the least number of members for at_least and the value added for synergy. `index` is the
    rule's place in the document and `source` its text there.
    """

    kind: str
    members: tuple[Member, ...]
    amount: float
    index: int
    source: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Load:
    """The convex coordination penalty: slope·max(0, load − knee)²/2."""

    knee: float = 0.0
    slope: float = 0.0

    def penalty(self, load: float) -> float:
        """What a total load costs, in value."""
        over = max(0.0, load - self.knee)
        return self.slope * over * over / 2


@dataclass(frozen=True, slots=True)
class CostOfChange:
    """What each level up or down from today's loses, in value."""

    up: float = 0.0
    down: float = 0.0


@dataclass(frozen=True, slots=True)
class DecisionMaker:
    """One person's weights on the objectives and, within each, on the ways.

    Both are the corners of all the weights that fit what the person said: `objectives` a row of w_o a corner, `ways` a
    matrix of w_(j given o) (objectives × ways) a corner. Who gave points has one corner, who ranked has one for each
    place; whatever lies between the corners fits too. `group` is whose view it is.
    """

    who: str
    objectives: Matrix
    ways: tuple[Matrix, ...]
    group: str


@dataclass(frozen=True, slots=True)
class Criteria:
    """The criteria form: what matters, and how much to whom. No decision makers means equal weights.

    `least_readiness` is p_min, `characteristic_weights` q of the eight characteristics, summing to 1.
    """

    objectives: tuple[str, ...]
    ways: tuple[str, ...]
    way_labels: tuple[str, ...]
    decision_makers: tuple[DecisionMaker, ...]
    least_readiness: float
    characteristic_weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may set about the words: confidence thresholds, and what finding out more costs in
    value.
    """

    clear: float = 0.95
    strong: float = 0.85
    leaning: float = 0.65
    information_cost: float | None = None


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Everything a run needs, checked."""

    seed: int
    draws: int
    pools: tuple[Pool, ...]
    levels: tuple[Level, ...]
    participations: tuple[Participation, ...]
    rules: tuple[Rule, ...]
    load: Load | None
    outputs: frozenset[str]
    criteria: Criteria | None = None
    settings: Settings = Settings()
    cost_of_change: CostOfChange = CostOfChange()
