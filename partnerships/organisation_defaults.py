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


@dataclass(frozen=True)
class Weighed:
    """With what 100 means, as part of its name: people can only weigh a step whose ends they know."""

    code: str
    name: str
    top_of_range: str
    description: str = ""


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

OBJECTIVES = (
    Weighed("patients", "Better care for patients", "A lasting, measured gain for most of the patients we serve"),
    Weighed("equity", "Fairer access and outcomes", "The gap for our worst-served communities is halved"),
    Weighed("staff", "A better place to work", "Vacancies and sickness fall to the best tenth of the country"),
    Weighed("money", "Money well spent", "A saving of 1% of our income, every year"),
)

# Derived from the published sentence on four ways of creating value; the words are ours and the list may be edited.
WAYS = (
    Weighed(
        "join-up",
        "Join up care",
        "Everybody whose care we share has one plan, one record and one team to turn to",
        "People meet one service where they used to meet several",
    ),
    Weighed(
        "learn",
        "Learn and improve together",
        "What is proven in one of our places is everyday practice in all of them within a year",
        "What works in one place is known and used in the others",
    ),
    Weighed(
        "pool",
        "Pool strength",
        "No service of ours stops or waits because one of us alone lacks staff, space or money",
        "Sharing staff, buildings, buying or risk makes each of us more resilient",
    ),
    Weighed(
        "align",
        "Align for wider change",
        "All of us act on one plan, and something that none of us could move alone has moved",
        "Acting as one changes what none of us could change alone",
    ),
)
