"""What a new organisation starts with, so that a first answer needs few numbers; all of it can be edited."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class DefaultLevel:
    code: str
    name: str
    share_of_value: Decimal
    share_of_days: Decimal
    load: int


@dataclass(frozen=True)
class Named:
    code: str
    name: str
    description: str


LEVELS = (
    DefaultLevel("decline", "Decline", Decimal(0), Decimal(0), 0),
    DefaultLevel("keep-in-touch", "Keep in touch", Decimal("0.15"), Decimal("0.10"), 1),
    DefaultLevel("sustain", "Sustain", Decimal("0.50"), Decimal("0.35"), 1),
    DefaultLevel("prioritise", "Prioritise", Decimal(1), Decimal(1), 3),
)

POOLS = (
    Named("executive", "Executive", "Chief executive, directors and their deputies"),
    Named("clinical", "Clinical", "Clinical leads released from their clinics and wards"),
    Named("programme", "Programme", "Programme, improvement and analytical staff"),
)

# The top of each range is part of its name: people can only weigh a step whose ends they know.
OBJECTIVES = (
    Named("patients", "Better care for patients", "A lasting, measured gain for most of the patients we serve"),
    Named("equity", "Fairer access and outcomes", "The gap for our worst-served communities is halved"),
    Named("staff", "A better place to work", "Vacancies and sickness fall to the best tenth of the country"),
    Named("money", "Money well spent", "A saving of 1% of our income, every year"),
)

# Derived from the published sentence on four ways of creating value; the words are ours and the list may be edited.
WAYS = (
    Named("join-up", "Join up care", "People meet one service where they used to meet several"),
    Named("learn", "Learn and improve together", "What works in one place is known and used in the others"),
    Named("pool", "Pool strength", "Sharing staff, buildings, buying or risk makes each of us more resilient"),
    Named("align", "Align for wider change", "Acting as one changes what none of us could change alone"),
)
