"""What an import would do, row by row, in values and in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from partnerships.actions.ratings import Claim, Rating
from partnerships.duplicates import Counterpart
from partnerships.editing import version_of
from partnerships.estimates import Cell, Estimate
from partnerships.models import Participation, Partnership
from partnerships.portfolio_cells import Value

ANOTHER = "another"  # the answer that a row means none of those that it is alike to


class Fate(StrEnum):
    ASKED = "Is it there already?"
    NEW = "New"
    CHANGED = "Changes"
    UNCHANGED = "No change"
    UNUSABLE = "Cannot be used"


@dataclass(frozen=True)
class Problem:
    """What is wrong in one cell; ``place`` (such as C4) is empty where the file has no such column, ``heading`` too
    where it is about the row as a whole.
    """

    place: str
    heading: str
    text: str


@dataclass(frozen=True)
class CellChange:
    heading: str
    before: str
    after: str


@dataclass
class RowPlan:
    """One row: what it says by column key (``given``), what is recorded (``before``), and what is wrong with it.

    ``is_capacity`` marks a row about a pool's days instead of a partnership. ``places`` holds the cell's place and
    heading by column key, ``headings`` those of every column the template has, ``days`` and ``ratings`` what is to be
    recorded. ``alike`` are partnerships that a new name may mean, ``answer`` which of them it does: the key of one,
    ANOTHER, or empty until somebody says; ``registered`` is the one of a register that is taken.
    """

    number: int
    name: str = ""
    participation: Participation | None = None
    given: dict[str, Value] = field(default_factory=dict)
    before: dict[str, Value] = field(default_factory=dict)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    days: dict[Cell, Estimate | None] = field(default_factory=dict)
    ratings: dict[Claim, Rating | None] = field(default_factory=dict)
    is_capacity: bool = False
    headings: dict[str, str] = field(default_factory=dict, repr=False)
    changes: tuple[CellChange, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    alike: tuple[Counterpart, ...] = ()
    answer: str = ""
    registered: Partnership | None = None

    @property
    def answers(self) -> set[str]:
        """What may be answered."""
        return {ANOTHER, *(str(one.partnership.pk) for one in self.alike)} if self.alike else set()

    @property
    def is_asked(self) -> bool:
        return bool(self.alike) and not self.answer

    @property
    def changed(self) -> dict[str, Value]:
        return {key: value for key, value in self.given.items() if self.before.get(key) != value}

    @property
    def is_new(self) -> bool:
        """Nothing is recorded of what it is about."""
        return not self.before

    def after(self, key: str) -> Value:
        """The value once the row is written: what it gives, else what is recorded."""
        return self.given.get(key, self.before.get(key))

    @property
    def fate(self) -> Fate:
        if self.is_asked:
            return Fate.ASKED
        if self.problems:
            return Fate.UNUSABLE
        if self.is_new:
            return Fate.NEW
        return Fate.CHANGED if self.changed else Fate.UNCHANGED

    def has_problem_at(self, key: str) -> bool:
        return any(problem.place and problem.place == self.places.get(key, ("",))[0] for problem in self.problems)

    def refuse(self, text: str, key: str = "") -> None:
        """Note what is wrong, at the cell of ``key``; where the file lacks that column, at the column's name."""
        place, heading = self.places.get(key, ("", self.headings.get(key, "")))
        self.problems.append(Problem(place, heading, text))


@dataclass(frozen=True)
class Plan:
    rows: tuple[RowPlan, ...]

    def of_fate(self, fate: Fate) -> list[RowPlan]:
        return [row for row in self.rows if row.fate == fate]

    @property
    def new(self) -> list[RowPlan]:
        return self.of_fate(Fate.NEW)

    @property
    def changed(self) -> list[RowPlan]:
        return self.of_fate(Fate.CHANGED)

    @property
    def unchanged(self) -> list[RowPlan]:
        return self.of_fate(Fate.UNCHANGED)

    @property
    def unusable(self) -> list[RowPlan]:
        return self.of_fate(Fate.UNUSABLE)

    @property
    def asked(self) -> list[RowPlan]:
        """Rows of which somebody has to say whether they mean a partnership that is there already."""
        return self.of_fate(Fate.ASKED)

    @property
    def alike(self) -> list[RowPlan]:
        """The same with those that somebody has said it of."""
        return [row for row in self.rows if row.alike]

    @property
    def is_whole(self) -> bool:
        """Every row can be used."""
        return not (self.unusable or self.asked)

    @property
    def good(self) -> list[RowPlan]:
        """Rows that would write something, and can."""
        return [row for row in self.rows if row.fate in (Fate.NEW, Fate.CHANGED)]

    @property
    def version(self) -> str:
        """Stands for exactly what was shown: an import compares it with the plan it is about to carry out."""
        return version_of(
            [
                row.number,
                row.fate,
                row.answer,
                sorted(row.answers),
                [vars(one) for one in row.changes],
                [vars(one) for one in row.problems],
            ]
            for row in self.rows
        )
