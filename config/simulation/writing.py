"""Storing the synthetic England: each organisation whole and in one transaction, so that one that is there is complete.

Rows go in by the thousand and not through the actions that people use, which would take hours; the database holds them
to the same rules.
"""

from __future__ import annotations

import datetime
import hashlib
import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from config.demonstration.survey_answers import draw
from config.simulation.england import (
    LARGEST,
    TOP_LEVEL,
    DrawnOrganisation,
    DrawnPartnership,
    DrawnSurvey,
    code_of,
    draw_organisation,
)
from diagnostics.instrument import Instrument
from diagnostics.instrument import instrument as instrument_of
from diagnostics.models import Answer, Invitation, Response, Round, RoundState
from partnerships.actions.organisations import set_up_organisation
from partnerships.isolation import acting_for
from partnerships.models import (
    AccessGrant,
    CapacityQuarter,
    DaysNeeded,
    ObjectiveWeight,
    Organisation,
    Participation,
    ParticipationState,
    Partnership,
    PartnershipKind,
    PartnershipMembership,
    Person,
    Quarter,
    Role,
    ValueRating,
    WayWeight,
)

KEEPER = "SIMNET"  # records the invented networks, where the register has too few partnerships
DAYS_OPEN = 28
EVIDENCE = "Drawn at random for a benchmark"


class SimulationRefusedError(RuntimeError):
    """What is asked for would not be safe; the text says why."""


@dataclass(frozen=True)
class Simulated:
    """How many organisations were made and how many were there already; partnerships of the register and invented."""

    made: int
    there: int
    of_register: int
    invented: int


@dataclass(frozen=True)
class _Codes:
    """One organisation's own lists, by code."""

    levels: dict[str, int]
    pools: dict[str, int]
    objectives: dict[str, int]
    ways: dict[str, int]

    @classmethod
    def of(cls, organisation: Organisation) -> _Codes:
        return cls(
            dict(organisation.engagement_levels.values_list("code", "pk")),
            dict(organisation.capacity_pools.values_list("code", "pk")),
            dict(organisation.objectives.values_list("code", "pk")),
            dict(organisation.ways_of_creating_value.values_list("code", "pk")),
        )


def simulate(organisations: int, *, seed: int, on_progress: Callable[[int], None] = lambda _: None) -> Simulated:
    """Have organisations 1 to ``organisations`` of this seed's England; those already there are left alone.

    Raises SimulationRefusedError where a real organisation has one of the codes.
    """
    _refuse_real_ones(organisations)
    there = set(Organisation.objects.filter(code__startswith="SIM").values_list("code", flat=True))
    areas = _areas()
    invented = [] if sum(map(len, areas)) >= LARGEST else _invented_networks(LARGEST)
    made = 0
    for number in range(1, organisations + 1):
        if code_of(number) not in there:
            drawn = draw_organisation(number, seed=seed)
            _write(drawn, _chosen(drawn, areas or [invented], invented, seed=seed), seed=seed)
            made += 1
            on_progress(made)
    return Simulated(made, organisations - made, sum(map(len, areas)), len(invented))


def _refuse_real_ones(organisations: int) -> None:
    codes = [KEEPER, *map(code_of, range(1, organisations + 1))]
    real = Organisation.objects.filter(code__in=codes, is_invented=False).first()
    if real is not None:
        raise SimulationRefusedError(f"A real organisation has the code {real.code}: use a database of its own.")


def _areas() -> list[list[Partnership]]:
    """The register's live partnerships by the ICB they lie in, those of no ICB last."""
    live = Partnership.objects.of_registers().live_on(timezone.localdate())
    found = sorted(live, key=lambda one: (not one.icb_code, one.icb_code, one.slug))
    return [list(group) for _, group in groupby(found, key=lambda one: one.icb_code)]


@transaction.atomic
def _invented_networks(number: int) -> list[Partnership]:
    keeper, _ = Organisation.objects.get_or_create(
        code=KEEPER, defaults={"name": "Simulated networks", "is_invented": True}
    )
    kind = PartnershipKind.objects.get(code="provider-collaborative")
    networks = [
        Partnership(slug=f"simulated-network-{n:03d}", name=f"Simulated network {n}", kind=kind, recorded_by=keeper)
        for n in range(1, number + 1)
    ]
    with acting_for(keeper):
        Partnership.objects.bulk_create(networks, ignore_conflicts=True)
        theirs = Partnership.objects.filter(recorded_by=keeper, slug__startswith="simulated-network-")
        return list(theirs.order_by("slug"))


def _chosen(
    drawn: DrawnOrganisation, areas: list[list[Partnership]], invented: list[Partnership], *, seed: int
) -> list[Partnership]:
    """Partnerships for an organisation: of its own area first, then of those that follow, then invented ones."""
    chance = random.Random(f"{seed} {drawn.number} partnerships")  # noqa: S311 - no secret  # nosec B311
    size, chosen = len(drawn.partnerships), dict[int, Partnership]()
    for step in range(len(areas)):
        area = areas[(drawn.number + step) % len(areas)]
        wanted = min(size - len(chosen), len(area))
        chosen |= {one.pk: one for one in chance.sample(area, wanted)}
    chosen |= {one.pk: one for one in invented[: size - len(chosen)]} if len(chosen) < size else {}
    return list(chosen.values())


@transaction.atomic
def _write(drawn: DrawnOrganisation, partnerships: list[Partnership], *, seed: int) -> None:
    organisation = Organisation.objects.create(
        code=drawn.code, name=f"Simulated organisation {drawn.number}", is_invented=True
    )
    _make_member(organisation, [one for one in partnerships if one.recorded_by_id])
    with acting_for(organisation):
        _write_rows(organisation, drawn, partnerships, seed=seed)


def _make_member(organisation: Organisation, invented: list[Partnership]) -> None:
    """Of invented networks, which are shown to their members only, by whoever recorded them."""
    if not invented:
        return
    with acting_for(Organisation.objects.get(code=KEEPER)):
        PartnershipMembership.objects.bulk_create(
            PartnershipMembership(partnership=one, organisation=organisation) for one in invented
        )


def _write_rows(
    organisation: Organisation, drawn: DrawnOrganisation, partnerships: list[Partnership], *, seed: int
) -> None:
    people = _people(drawn)
    set_up_organisation(organisation=organisation, first_lead=people[0])
    AccessGrant.objects.bulk_create(
        AccessGrant(organisation=organisation, person=person, role=Role.EXECUTIVE) for person in people[1:]
    )
    codes = _Codes.of(organisation)
    _capacity_and_weights(organisation, drawn, codes, people)
    participations = Participation.objects.bulk_create(
        _participation(organisation, partnership, one, codes, people[0])
        for partnership, one in zip(partnerships, drawn.partnerships, strict=True)
    )
    pairs = list(zip(participations, drawn.partnerships, strict=True))
    _days_and_ratings(organisation, pairs, codes)
    _surveys(organisation, pairs, by=people[0], seed=seed)


def _people(drawn: DrawnOrganisation) -> list[Person]:
    nobody_signs_in = make_password(None)
    return Person.objects.bulk_create(
        Person(
            email=f"decision-maker-{n}@{drawn.code.lower()}.example",
            name=f"Simulated decision maker {n} of {drawn.number}",
            password=nobody_signs_in,
        )
        for n in range(1, len(drawn.objective_points) + 1)
    )


def _capacity_and_weights(
    organisation: Organisation, drawn: DrawnOrganisation, codes: _Codes, people: list[Person]
) -> None:
    quarter = Quarter.containing(timezone.localdate()).first_day
    CapacityQuarter.objects.bulk_create(
        CapacityQuarter(organisation=organisation, pool_id=codes.pools[pool], quarter=quarter, days=days)
        for pool, days in drawn.capacity.items()
    )
    ObjectiveWeight.objects.bulk_create(
        ObjectiveWeight(
            organisation=organisation, decision_maker=person, objective_id=codes.objectives[code], points=points
        )
        for person, given in zip(people, drawn.objective_points, strict=True)
        for code, points in given.items()
    )
    WayWeight.objects.bulk_create(
        WayWeight(organisation=organisation, decision_maker=person, way_id=codes.ways[code], points=points)
        for person, given in zip(people, drawn.way_points, strict=True)
        for code, points in given.items()
    )


def _participation(
    organisation: Organisation, partnership: Partnership, one: DrawnPartnership, codes: _Codes, lead: Person
) -> Participation:
    reviewed = {"harm_reviewed_by": lead, "harm_reviewed_at": timezone.now()} if one.harm else {}
    return Participation(
        organisation=organisation,
        partnership=partnership,
        state=ParticipationState.ACTIVE,
        level_id=codes.levels[one.level],
        mandate_level_id=codes.levels[one.mandate] if one.mandate else None,
        mandate_source="An invented duty" if one.mandate else "",
        purpose="Invented for a benchmark",
        patient_benefit="Invented for a benchmark",
        harm_of_declining=one.harm,
        **reviewed,
    )


Pairs = list[tuple[Participation, DrawnPartnership]]


def _days_and_ratings(organisation: Organisation, pairs: Pairs, codes: _Codes) -> None:
    DaysNeeded.objects.bulk_create(
        DaysNeeded(
            organisation=organisation,
            participation=participation,
            level_id=codes.levels[TOP_LEVEL],
            pool_id=codes.pools[pool],
            **dict(zip(("low", "likely", "high"), days, strict=True)),
        )
        for participation, one in pairs
        for pool, days in one.days.items()
    )
    ValueRating.objects.bulk_create(
        ValueRating(
            organisation=organisation,
            participation=participation,
            objective_id=codes.objectives[objective],
            way_id=codes.ways[way],
            evidence=EVIDENCE,
            **dict(zip(("low", "likely", "high"), numbers or (None, None, None), strict=True)),
        )
        for participation, one in pairs
        for (objective, way), numbers in one.ratings.items()
    )


def _surveys(organisation: Organisation, pairs: Pairs, *, by: Person, seed: int) -> None:
    """Closed rounds with their invitations and answers, drawn by the seed so that they come out the same again.

    They are written while the rounds are open, which is when the database takes answers, and closed afterwards.
    """
    instrument = instrument_of()
    surveyed = [(participation, one.survey) for participation, one in pairs if one.survey is not None]
    rounds = Round.objects.bulk_create(
        _open_round(organisation, participation, survey, instrument, by) for participation, survey in surveyed
    )
    invitations, responses, answers = list[Invitation](), list[Response](), list[Answer]()
    for asked, (participation, survey) in zip(rounds, surveyed, strict=True):
        name = f"{seed} {organisation.code} {participation.partnership.slug}"
        invitations += _invitations(asked, survey)
        for response, given in _responses(asked, survey, instrument, name):
            responses.append(response)
            answers += given
    Invitation.objects.bulk_create(invitations, batch_size=2000)
    Response.objects.bulk_create(responses, batch_size=2000)
    Answer.objects.bulk_create(answers, batch_size=5000)
    for asked, (_, survey) in zip(rounds, surveyed, strict=True):
        asked.state, asked.closed_by = RoundState.CLOSED, by
        asked.closed_at = timezone.now() - datetime.timedelta(days=survey.days_ago)
    Round.objects.bulk_update(rounds, ["state", "closed_at", "closed_by"], batch_size=500)


def _open_round(
    organisation: Organisation, participation: Participation, survey: DrawnSurvey, instrument: Instrument, by: Person
) -> Round:
    closed_at = timezone.now() - datetime.timedelta(days=survey.days_ago)
    opened_at = closed_at - datetime.timedelta(days=DAYS_OPEN)
    return Round(
        organisation=organisation,
        participation=participation,
        instrument_version=instrument.version,
        state=RoundState.OPEN,
        opens_on=timezone.localdate(opened_at),
        closes_on=timezone.localdate(closed_at),
        created_at=opened_at,
        created_by=by,
        opened_at=opened_at,
        opened_by=by,
    )


def _invitations(asked: Round, survey: DrawnSurvey) -> Iterator[Invitation]:
    for number in range(1, survey.invited + 1):
        yield Invitation(
            organisation_id=asked.organisation_id, round=asked, email=f"respondent-{number}@round-{asked.pk}.example"
        )


def _responses(
    asked: Round, survey: DrawnSurvey, instrument: Instrument, name: str
) -> Iterator[tuple[Response, list[Answer]]]:
    drawn = draw(instrument, survey.health, respondents=survey.answered, name=name)
    day = timezone.localdate() - datetime.timedelta(days=survey.days_ago + DAYS_OPEN)
    for number, person in enumerate(drawn):
        response = Response(
            key=hashlib.sha256(f"{name} {number}".encode()).hexdigest(),
            organisation_id=asked.organisation_id,
            round=asked,
            place=person.place,
            started_on=day,
            submitted_on=day,
        )
        yield (
            response,
            [
                Answer(
                    id=uuid.uuid4(),
                    organisation_id=asked.organisation_id,
                    response=response,
                    item=item,
                    value=one.value,
                    reason=one.reason,
                    answered_on=day,
                )
                for item, one in person.answers.items()
            ],
        )
