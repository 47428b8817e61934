"""Reads the demonstration's files. Values in, values out: no database."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


class DataError(ValueError):
    """A file says something that cannot be loaded; the message names the file and what is wrong."""


# From the first place down; those that share a place together.
Ranking = tuple[tuple[str, ...], ...]
# What is known about working together, by kind of entry, each with the words that stand in the file.
Record = Mapping[str, Sequence[Mapping[str, Any]]]
RECORD_WORDS = {
    "note": {"kind", "text", "days_ago"},
    "difference": {"what", "days_ago", "state", "how", "settled_days_ago"},
    "give_and_take": {"kind", "side", "partner", "what", "days_ago", "done_about_it", "done_days_ago"},
    "measure": {"name", "unit", "better", "baseline", "target", "figures_from", "figures"},
    "link": {"title", "address"},
}


@dataclass(frozen=True)
class Somebody:
    """A person of the organisation. ``sign_in`` names the kind of person whose sign-in is printed, or is blank."""

    name: str
    email: str
    role: str
    title: str
    sign_in: str
    objective_weights: Mapping[str, Decimal]
    way_weights: Mapping[str, Decimal]
    objective_ranking: Ranking = ()
    way_ranking: Ranking = ()


@dataclass(frozen=True)
class SharedPool:
    """Our share of a pool for so many quarters, this one the first."""

    pool: str
    shared_with: str
    percent: Decimal
    quarters: int


@dataclass(frozen=True)
class RuleFacts:
    """A rule between partnerships, which are named by their slugs."""

    kind: str
    level: str
    source: str
    members: tuple[str, ...]
    at_least: int | None
    partnership_kind: str
    other_level: str
    points: Decimal | None


@dataclass(frozen=True)
class Partner:
    code: str
    name: str
    kind: str


@dataclass(frozen=True)
class Rated:
    """A claimed cell; the three numbers are None where it is claimed and nobody has rated it."""

    objective: str
    way: str
    low: Decimal | None
    likely: Decimal | None
    high: Decimal | None
    evidence: str


@dataclass(frozen=True)
class Health:
    """What a round found: means of the three groups on 1 to 5, and how far the front line lies from the others."""

    strategy: float
    culture: float
    structure: float
    front_line: float = 0.0


@dataclass(frozen=True)
class Survey:
    """A round: closed ``days_ago`` days ago, or still open where that is None. ``mean_over`` says whose views a mean
    counts; where organisations, they are named.
    """

    invited: int
    answered: int
    days_ago: int | None
    health: Health
    mean_over: str


@dataclass(frozen=True)
class PartnerSurvey:
    """How good a partner the organisation was found to be: by partners, and by its own people; closed on one day."""

    partners: Survey
    ours: Survey


@dataclass(frozen=True)
class ReplyLineFacts:
    """What partners are told of one characteristic; to be done ``in_days`` days, where that is said."""

    characteristic: str
    heard: str
    doing: str
    progress: str
    in_days: int | None


@dataclass(frozen=True)
class ReplyFacts:
    """What partners were told after they were last asked how good a partner the organisation is."""

    opening: str
    lines: tuple[ReplyLineFacts, ...]


@dataclass(frozen=True)
class PromiseFacts:
    """Something promised so many days ago, due in so many days (fewer than none where that has passed), and what became
    of it: open where ``state`` is empty.
    """

    what: str
    made_to: str
    owner: str
    made_days_ago: int
    due_in_days: int
    state: str = ""
    said: str = ""
    closed_days_ago: int = 0


@dataclass(frozen=True)
class PartnershipFacts:
    """Everything about one partnership. ``account`` is what the organisation says of it, in words."""

    slug: str
    name: str
    kind: str
    members: tuple[str, ...]
    lead: str
    started_on: datetime.date
    today: str
    account: Mapping[str, str]
    mandate_level: str
    mandate_source: str
    harm: Decimal
    days: Mapping[tuple[str, str], tuple[Decimal, Decimal, Decimal]]
    ratings: tuple[Rated, ...]
    surveys: tuple[Survey, ...]
    partner_surveys: tuple[PartnerSurvey, ...] = ()
    reply: ReplyFacts | None = None
    promises: tuple[PromiseFacts, ...] = ()
    record: Record = field(default_factory=dict)


@dataclass(frozen=True)
class System:
    """The board that the organisation and its neighbour count towards, its people, and what both share.

    ``neighbours_levels`` has a level for each partnership that the neighbour takes part in, by slug.
    """

    board: str
    people: tuple[Somebody, ...]
    shared_with_board: tuple[str, ...]
    shared_with_members: tuple[str, ...]
    neighbours_levels: Mapping[str, str]


@dataclass(frozen=True)
class Demonstration:
    code: str
    name: str
    kind: str
    reserve_percent: Decimal
    days_available: Mapping[str, Decimal]
    shared_pools: tuple[SharedPool, ...]
    change_up: Decimal
    change_down: Decimal
    rules: tuple[RuleFacts, ...]
    hurts_from: int
    adds_nothing_at: int
    people: tuple[Somebody, ...]
    neighbour_code: str
    neighbour: Somebody
    system: System
    partners: tuple[Partner, ...]
    partnerships: tuple[PartnershipFacts, ...]


ACCOUNT = ("purpose", "patient_benefit", "end_goal", "what_it_is_not", "stage", "governance_form", "sponsor")


def read(folder: Path = DATA) -> Demonstration:
    """The demonstration as its files describe it. Raises DataError."""
    with said_of(folder / "organisation.toml") as given:
        capacity = dict(given["capacity"])
        reserve = Decimal(capacity.pop("reserve_percent"))
        top: dict[str, Any] = {
            "code": given["code"],
            "name": given["name"],
            "kind": given["kind"],
            "reserve_percent": reserve,
            "days_available": {pool: Decimal(days) for pool, days in capacity.items()},
            "shared_pools": tuple(_shared_pool(one) for one in given["shared_pools"]),
            "change_up": Decimal(given["cost_of_change"]["up"]),
            "change_down": Decimal(given["cost_of_change"]["down"]),
            "rules": tuple(_rule(one) for one in given["rules"]),
            "hurts_from": given["tipping_point"]["hurts_from"],
            "adds_nothing_at": given["tipping_point"]["adds_nothing_at"],
            "people": tuple(_somebody(one) for one in given["people"]),
            "neighbour_code": given["neighbour"]["code"],
            "neighbour": _somebody(given["neighbour"]["person"]),
            "system": _system(given["system"], given["neighbour"]["levels"]),
        }
    with said_of(folder / "partners.toml") as given:
        partners = tuple(Partner(code, one["name"], one["kind"]) for code, one in given["partners"].items())
    partnerships = []
    for file in sorted((folder / "partnerships").glob("*.toml")):
        with said_of(file) as given:
            partnerships.append(_partnership(file.stem, given))
    _check_rules(top["rules"], {one.slug for one in partnerships})
    return Demonstration(partners=partners, partnerships=tuple(partnerships), **top)


@contextmanager
def said_of(file: Path) -> Iterator[dict[str, Any]]:
    """The file's content; a slip in it is named with the file."""
    try:
        yield tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, ArithmeticError) as slip:
        raise DataError(f"{file.name}: {type(slip).__name__}: {slip}") from slip


def _somebody(given: Mapping[str, Any]) -> Somebody:
    weights = given.get("weights", {})
    return Somebody(
        name=given["name"],
        email=given["email"],
        role=given["role"],
        title=given["title"],
        sign_in=given.get("sign_in", ""),
        objective_weights={code: Decimal(points) for code, points in weights.get("objectives", {}).items()},
        way_weights={code: Decimal(points) for code, points in weights.get("ways", {}).items()},
        objective_ranking=_ranking(given, "objectives"),
        way_ranking=_ranking(given, "ways"),
    )


def _ranking(given: Mapping[str, Any], of: str) -> Ranking:
    return tuple(tuple(alike) for alike in given.get("ranking", {}).get(of, []))


def _system(given: Mapping[str, Any], neighbours_levels: Mapping[str, str]) -> System:
    return System(
        board=given["board"],
        people=tuple(_somebody(one) for one in given["people"]),
        shared_with_board=tuple(given["shared_with_board"]),
        shared_with_members=tuple(given["shared_with_members"]),
        neighbours_levels=neighbours_levels,
    )


def _shared_pool(given: Mapping[str, Any]) -> SharedPool:
    return SharedPool(given["pool"], given["shared_with"], Decimal(given["percent"]), given["quarters"])


def _rule(given: Mapping[str, Any]) -> RuleFacts:
    return RuleFacts(
        kind=given["kind"],
        level=given["level"],
        source=given["source"],
        members=tuple(given.get("members", [])),
        at_least=given.get("at_least"),
        partnership_kind=given.get("partnership_kind", ""),
        other_level=given.get("other_level", ""),
        points=Decimal(given["points"]) if "points" in given else None,
    )


def _check_rules(rules: Sequence[RuleFacts], slugs: set[str]) -> None:
    unknown = sorted({member for rule in rules for member in rule.members} - slugs)
    if unknown:
        raise DataError(f"organisation.toml: a rule names {unknown[0]}, and there is no such partnership")


def _partnership(slug: str, given: dict[str, Any]) -> PartnershipFacts:
    return PartnershipFacts(
        slug=slug,
        name=given["name"],
        kind=given["kind"],
        members=tuple(given["members"]),
        lead=given["lead"],
        started_on=given["started_on"],
        today=given["today"],
        account={field: given[field] for field in ACCOUNT} | {"lead": given["lead_person"]},
        mandate_level=given.get("mandate_level", ""),
        mandate_source=given.get("mandate_source", ""),
        harm=Decimal(given["harm"]),
        days={
            (level, pool): _triple(days) for level, by_pool in given["days"].items() for pool, days in by_pool.items()
        },
        ratings=tuple(_rated(row) for row in given["value"]["ratings"]),
        surveys=tuple(_survey(one) for one in given.get("survey", [])),
        partner_surveys=tuple(
            PartnerSurvey(*(_survey({"days_ago": one["days_ago"], **one[side]}) for side in ("partners", "ours")))
            for one in given.get("partner_survey", [])
        ),
        reply=_reply(given["partner_reply"]) if "partner_reply" in given else None,
        promises=tuple(PromiseFacts(**one) for one in given.get("promise", [])),
        record=_record(given.get("record", {})),
    )


def _triple(numbers: list[float]) -> tuple[Decimal, Decimal, Decimal]:
    low, likely, high = (Decimal(str(number)) for number in numbers)
    if not 0 <= low <= likely <= high:
        raise ValueError(f"days {numbers} are not low, likely and high in order")
    return low, likely, high


def _rated(row: list[Any]) -> Rated:
    """A row of two names, or of two names, three numbers and the evidence."""
    if len(row) == 2:
        return Rated(row[0], row[1], None, None, None, "")
    objective, way, low, likely, high, evidence = row
    if not -100 <= low <= likely <= high <= 100:
        raise ValueError(f"rating {row} is not low, likely and high in order, from -100 to 100")
    return Rated(objective, way, Decimal(low), Decimal(likely), Decimal(high), evidence)


def _reply(given: Mapping[str, Any]) -> ReplyFacts:
    lines = (
        ReplyLineFacts(one["characteristic"], one["heard"], one["doing"], one["progress"], one.get("in_days"))
        for one in given["line"]
    )
    return ReplyFacts(given["opening"], tuple(lines))


def _record(given: Mapping[str, Any]) -> Record:
    """The record of one partnership as its file has it. Raises ValueError for a word that means nothing."""
    for kind, entries in given.items():
        unknown = {word for entry in entries for word in entry} - RECORD_WORDS[kind]
        if unknown:
            raise ValueError(f"record.{kind} has no {sorted(unknown)[0]}")
    return given


def _survey(given: Mapping[str, Any]) -> Survey:
    if given["answered"] > given["invited"]:
        raise ValueError(f"{given['answered']} cannot have answered where {given['invited']} were invited")
    return Survey(
        invited=given["invited"],
        answered=given["answered"],
        days_ago=given.get("days_ago"),
        health=Health(
            float(given["strategy"]),
            float(given["culture"]),
            float(given["structure"]),
            float(given.get("front_line", 0)),
        ),
        mean_over=given.get("mean_over", "people"),
    )
