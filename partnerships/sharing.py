"""Who an organisation may share with, and where those who shared with a system pull apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import groupby

from partnerships.models import Organisation, OrganisationKind, Partnership, SharedLevel

# Half the ladder: one gives a partnership its all while another holds it at arm's length.
APART_FROM = Decimal("0.5")


def board_of(organisation: Organisation) -> Organisation | None:
    """The integrated care board that an organisation counts towards, by the register; a board has none above it."""
    if organisation.kind == OrganisationKind.ICB or not organisation.icb_code:
        return None
    return Organisation.objects.filter(code=organisation.icb_code, kind=OrganisationKind.ICB).first()


class Agreement(Enum):
    """How far apart organisations stand on one partnership; the order is the order of attention."""

    APART = "Pull apart"
    DIFFER = "Differ"
    AGREE = "Agree"
    ALONE = "One organisation"


@dataclass(frozen=True)
class SystemRow:
    """One partnership with the levels at which organisations of the system hold it, the highest first."""

    partnership: Partnership
    levels: tuple[SharedLevel, ...]

    @property
    def gap(self) -> Decimal:
        """How far the highest commitment stands above the lowest, 0 to 1."""
        return self.levels[0].commitment - self.levels[-1].commitment

    @property
    def agreement(self) -> Agreement:
        if len(self.levels) == 1:
            return Agreement.ALONE
        if self.gap > APART_FROM:
            return Agreement.APART
        return Agreement.DIFFER if self.gap else Agreement.AGREE


def system_rows(shared: Iterable[SharedLevel]) -> list[SystemRow]:
    """A row for each partnership, where organisations pull apart most first. ``shared`` comes by partnership."""
    rows = [
        SystemRow(levels[0].partnership, levels)
        for _, group in groupby(shared, key=lambda one: one.partnership_id)
        if (levels := tuple(sorted(group, key=lambda one: (-one.commitment, one.organisation.display_name))))
    ]
    order = list(Agreement)
    return sorted(rows, key=lambda row: (order.index(row.agreement), -row.gap, row.partnership.display_name))


@dataclass(frozen=True)
class SystemPicture:
    """What a system reader sees: every row, and the finding in a sentence."""

    rows: Sequence[SystemRow]

    @property
    def organisations(self) -> int:
        return len({level.organisation_id for row in self.rows for level in row.levels})

    @property
    def apart(self) -> int:
        return sum(row.agreement == Agreement.APART for row in self.rows)

    @property
    def compared(self) -> int:
        """Partnerships that two organisations or more have shared."""
        return sum(row.agreement != Agreement.ALONE for row in self.rows)
