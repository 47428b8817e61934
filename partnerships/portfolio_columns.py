"""The columns of a portfolio's spreadsheet: one row a partnership, made from the organisation's own lists.

The template, the export and the import all read this one list, so they cannot drift apart. A column is known by its
key; its heading is for people, and repeats the organisation's own names of levels, pools, objectives and ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils import timezone

from partnerships.headings import told_apart
from partnerships.models import (
    EngagementLevel,
    GovernanceForm,
    Organisation,
    Participation,
    ParticipationState,
    PartnershipKind,
    Stage,
)
from partnerships.portfolio_cells import NOT_RATED, Cell, Choice, Codes, Date, Number, Text, Value, tidy

BOUNDS = ("low", "likely", "high")
LONGEST_TEXT = 4000
LONGEST_EVIDENCE = 2000

# Keys of columns by where their value is stored.
ACCOUNT = ("purpose", "patient_benefit", "end_goal", "what_it_is_not", "stage", "governance_form", "sponsor", "lead")
SHARED = {"name": "name", "kind": "kind_id", "began_on": "started_on", "finished_on": "ended_on"}
DUTY = ("mandate_level", "mandate_source", "harm_of_declining")


@dataclass(frozen=True)
class Column:
    key: str
    heading: str
    note: str
    cell: Cell

    @property
    def choices(self) -> tuple[str, ...]:
        return tuple(self.cell.values) if isinstance(self.cell, Choice) else ()


def days_key(level_id: int, pool_id: int, bound: str) -> str:
    return f"days:{level_id}:{pool_id}:{bound}"


def rating_key(objective_id: int, way_id: int, part: str) -> str:
    return f"rating:{objective_id}:{way_id}:{part}"


def portfolio_columns(organisation: Organisation) -> list[Column]:
    """All columns in their order, in a fixed number of queries; no two have the same heading."""
    levels = list(organisation.engagement_levels.all())
    columns = [
        *_what_it_is(),
        *_our_part(levels),
        *_days(organisation),
        *_ratings(organisation),
    ]
    headings = told_apart(column.heading for column in columns)
    return [replace(column, heading=heading) for column, heading in zip(columns, headings, strict=True)]


def _what_it_is() -> Iterator[Column]:
    kinds = {kind.name: kind.pk for kind in PartnershipKind.objects.all()}
    text = Text(LONGEST_TEXT)
    yield Column("reference", "Reference", "Leave it as exported. Leave it empty for a new partnership.", Text(80))
    yield Column("name", "Name", "What people call it. Needed.", Text(200))
    yield Column("kind", "Kind", "One of the list. Needed for a new partnership.", Choice(kinds))
    yield Column("state", "State", "A new partnership is a draft unless you say active.", _choice(ParticipationState))
    yield Column("purpose", "What it is for", "A sentence or two. No details of patients.", text)
    yield Column(
        "patient_benefit", "How patients benefit", "Needed before it can be active. No details of patients.", text
    )
    yield Column("end_goal", "What success looks like", "How you will know that it has done its work.", text)
    yield Column("what_it_is_not", "What it is not", "What people may expect of it that it will not do.", text)
    yield Column("members", "Members", "ODS codes with commas between them. A member left out leaves.", Codes())
    yield Column("lead_organisation", "Lead organisation", "The ODS code of one member.", Codes(single=True))
    yield Column("began_on", "It began", "A date, such as 1 April 2026.", Date())
    yield Column("finished_on", "It ended", "A date, such as 1 April 2026.", Date())


def _our_part(ladder: list[EngagementLevel]) -> Iterator[Column]:
    levels = {level.name: level.pk for level in reversed(ladder)}
    duties = {level.name: level.pk for level in reversed(ladder) if level.position > 0}
    yield Column("level", "Level today", "How much you give it today. Needed before it can be active.", Choice(levels))
    yield Column("stage", "Stage", "One of the list.", _choice(Stage))
    yield Column("governance_form", "How it is governed", "One of the list.", _choice(GovernanceForm))
    yield Column("sponsor", "Executive sponsor", "Who answers for it on your board.", Text(120))
    yield Column("lead", "Lead in your organisation", "Who does the work of it.", Text(120))
    yield Column("started_on", "You joined", "A date, such as 1 April 2026.", Date())
    yield Column("left_on", "You left", "Only where its state is ended.", Date())
    required = "Only where law or contract requires one; say where in the next column."
    yield Column("mandate_level", "Least level required", required, Choice(duties))
    yield Column("mandate_source", "Where that is written", "The act, guidance or contract.", Text(250))
    yield Column("harm_of_declining", "Harm of leaving", "From 0 (no harm) to 100.", Number(0, 100))


def _days(organisation: Organisation) -> Iterator[Column]:
    levels = list(organisation.engagement_levels.all())
    for pool in organisation.capacity_pools.all():
        for level in reversed(levels):
            for bound in BOUNDS:
                note = "Days a quarter." if bound == "likely" else "Empty: 30% from the likely days."
                heading = f"{pool.name} days at {level.name}, {bound}"
                yield Column(days_key(level.pk, pool.pk, bound), heading, note, Number(0, 10_000))


def _ratings(organisation: Organisation) -> Iterator[Column]:
    ways = list(organisation.ways_of_creating_value.all())
    for objective in organisation.objectives.all():
        for way in ways:
            for bound in BOUNDS:
                note = "From -100 to 100, compared with no partnership."
                if bound == "likely":
                    note += f" “{NOT_RATED}” claims it without a number."
                heading = f"{objective.name}, {way.name}: {bound}"
                cell = Number(-100, 100, may_be_unrated=bound == "likely")
                yield Column(rating_key(objective.pk, way.pk, bound), heading, note, cell)
            heading = f"{objective.name}, {way.name}: evidence"
            note = "What the rating rests on. No details of patients."
            yield Column(rating_key(objective.pk, way.pk, "evidence"), heading, note, Text(LONGEST_EVIDENCE))


def _choice(choices: type[ParticipationState] | type[Stage] | type[GovernanceForm]) -> Choice:
    return Choice({str(label): str(value) for value, label in choices.choices})


def values_of(participation: Participation) -> dict[str, Value]:
    """What is recorded of a participation, by column key; nothing recorded is left out.

    Reads the partnership's memberships, the days and the ratings: prefetch them (``for_export``) where it is asked of
    many.
    """
    partnership = participation.partnership
    today = timezone.localdate()
    current = [one for one in partnership.memberships.all() if one.left_on is None or one.left_on > today]
    values: dict[str, Value] = {
        "reference": partnership.slug,
        "name": tidy(partnership.display_name),
        "kind": partnership.kind_id,
        "state": participation.state,
        "members": frozenset(one.organisation.code for one in current),
        "lead_organisation": frozenset(one.organisation.code for one in current if one.is_lead),
        "began_on": partnership.started_on,
        "finished_on": partnership.ended_on,
        "level": participation.level_id,
        "started_on": participation.started_on,
        "left_on": participation.ended_on,
        "mandate_level": participation.mandate_level_id,
        "mandate_source": tidy(participation.mandate_source),
        "harm_of_declining": participation.harm_of_declining,
        **{field: tidy(getattr(participation, field)) for field in ACCOUNT},
    }
    for days in participation.days_needed.all():
        for bound in BOUNDS:
            values[days_key(days.level_id, days.pool_id, bound)] = getattr(days, bound)
    for rating in participation.value_ratings.all():
        claim = (rating.objective_id, rating.way_id)
        for bound in BOUNDS:
            values[rating_key(*claim, bound)] = getattr(rating, bound)
        if rating.likely is None:
            values[rating_key(*claim, "likely")] = NOT_RATED
        values[rating_key(*claim, "evidence")] = tidy(rating.evidence)
    return {key: value for key, value in values.items() if value not in (None, "", frozenset())}
