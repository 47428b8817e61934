"""Freezing: an organisation's rows, read once in a fixed number of queries, become one ``triage/1`` document.

Whatever had to be filled in (days nobody estimated, equal weights, a pool without a limit, the tipping point) is noted
beside the document, so that the pages can say so.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from diagnostics.instrument.readiness_rule import readiness_rule
from diagnostics.readiness import Readiness, readiness_of
from partnerships.models import CapacityPool, CostOfChange, EngagementLevel, Organisation, Participation, Quarter
from scoring.models import Confidence, TippingPoint
from scoring.runner.days import Days, days_of, typical_days
from scoring.runner.rules import frozen_rules
from scoring.runner.steps import steps_to_a_score
from scoring.runner.tipping import penalty_of
from scoring.runner.weights import frozen_weights, objectives_ranked_late

SEED = 1  # the same for every run, so that a difference between two runs is never the luck of the draw

Json = dict[str, Any]


class NothingToScoreError(ValueError):
    """Something without which no score can mean anything is missing; the text says what to do."""


@dataclass(frozen=True)
class Frozen:
    """The inputs of one run: the engine's document, and what was filled in where nobody had said."""

    document: Json
    assumptions: Json

    @property
    def inputs_hash(self) -> str:
        """SHA-256 over the document's canonical JSON (sorted keys, no spaces), in hexadecimal."""
        return _hash(self.document)

    @property
    def entered_hash(self) -> str:
        """The same over what was entered and assumed, without the day and without the memory of the run before.

        Where it and the engine are those of the last run, so is the recommendation: with the same numbers a remembered
        word only ever confirms itself.
        """
        partnerships = [
            {key: value for key, value in one.items() if key != "previous_confidence"}
            for one in self.document["partnerships"]
        ]
        assumptions = {key: value for key, value in self.assumptions.items() if key != "on"}
        return _hash([{**self.document, "partnerships": partnerships}, assumptions])


def _hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class _Notes:
    """What was filled in, gathered on the way."""

    days_derived: dict[str, list[str]] = field(default_factory=dict)
    days_typical: list[str] = field(default_factory=list)
    unrated: list[str] = field(default_factory=list)
    without_claims: list[str] = field(default_factory=list)
    surveys: dict[str, Json] = field(default_factory=dict)


def freeze(organisation: Organisation, *, on: datetime.date, draws: int, seed: int = SEED) -> Frozen:
    """The document of an organisation's active portfolio as it stands. Raises NothingToScoreError."""
    missing = [step for step in steps_to_a_score(organisation) if not step.done]
    if missing:
        raise NothingToScoreError(" ".join(f"{step.title}." for step in missing))
    levels = list(organisation.engagement_levels.all())
    pools, limits, without_days = _pools(organisation, on)
    participations = list(
        organisation.participations.active()
        .select_related("partnership", "level", "mandate_level")
        .prefetch_related("days_needed__level", "days_needed__pool", "value_ratings__objective", "value_ratings__way")
        .order_by("partnership__slug")
    )
    notes = _Notes()
    weights, rule = frozen_weights(organisation), readiness_rule()
    rules, rules_left_out = frozen_rules(organisation)
    document: Json = {
        "format": "triage/1",
        "seed": seed,
        "draws": draws,
        "pools": limits,
        "levels": [
            {"id": level.code, "label": level.name, "share": float(level.share_of_value), "load": level.load}
            for level in levels
        ],
        "objectives": [{"id": one.code, "label": one.name} for one in organisation.objectives.all()],
        "ways": [{"id": one.code, "label": one.name} for one in organisation.ways_of_creating_value.all()],
        "weights": weights,
        "readiness": {"p_min": rule.least, "weights": dict(rule.weights)},
        "partnerships": _partnerships(
            organisation,
            participations,
            levels,
            pools,
            readiness_of(organisation=organisation, draws=draws, seed=seed),
            notes,
        ),
    }
    if rules:
        document["rules"] = rules
    cost = CostOfChange.objects.of(organisation)
    if cost:
        document["cost_of_change"] = {"up": float(cost.up), "down": float(cost.down)}
    tipping_point = TippingPoint.objects.filter(organisation=organisation).first() or TippingPoint()
    load, tipping_note = penalty_of(document, tipping_point)
    if load is not None:
        document["load"] = load
    return Frozen(
        document,
        {
            "on": on.isoformat(),
            "quarter": Quarter.containing(on).first_day.isoformat(),
            "pools_without_days": without_days,
            "equal_weights": not weights,
            "rules_left_out": rules_left_out,
            "objectives_ranked_late": objectives_ranked_late(organisation),
            "tipping_point": tipping_note,
            "readiness_rule": rule.version,
            **vars(notes),
        },
    )


def _pools(organisation: Organisation, on: datetime.date) -> tuple[list[CapacityPool], list[Json], list[str]]:
    """The pools with days in this quarter, else in the last one entered, else in the next; their limits; pools with
    none, by name.
    """
    this_quarter = Quarter.containing(on).first_day
    quarters = defaultdict(list)
    for one in organisation.capacity_quarters.all():
        quarters[one.pool_id].append(one)
    shares = defaultdict(list)
    for share in organisation.pool_shares.all():
        shares[share.pool_id].append(share)
    pools, limits, without = [], [], []
    for pool in organisation.capacity_pools.order_by("position", "code"):
        rows = quarters[pool.pk]
        past = [row for row in rows if row.quarter <= this_quarter]
        row = max(past, key=lambda one: one.quarter) if past else min(rows, key=lambda one: one.quarter, default=None)
        if row is None:
            without.append(pool.name)
            continue
        pools.append(pool)
        # Days may stand for a later quarter, the share never does: it is dated.
        held = next((one for one in shares[pool.pk] if one.holds_in(Quarter(max(row.quarter, this_quarter)))), None)
        limits.append(
            {
                "id": pool.code,
                "label": pool.name,
                "days": float(held.of(row.days) if held else row.days),
                "reserve": float(row.reserve_percent / 100),
            }
        )
    return pools, limits, without


def _partnerships(
    organisation: Organisation,
    participations: list[Participation],
    levels: list[EngagementLevel],
    pools: list[CapacityPool],
    readiness: Mapping[int, Readiness],
    notes: _Notes,
) -> list[Json]:
    days = {one.pk: days_of(one.days_needed.all(), levels, pools) for one in participations}
    typical = typical_days([one for one in days.values() if one is not None], levels, pools)
    previous = _previous_confidence(organisation)
    documents = []
    for one in participations:
        slug = one.partnership.slug
        known = days[one.pk]
        _note_days(slug, known, levels, notes)
        document: Json = {
            "id": slug,
            "name": one.partnership.display_name,
            "today": one.level.code if one.level else None,
            "harm": float(one.harm_of_declining),
            "harm_reviewed": one.harm_reviewed_at is not None,
            "ratings": _ratings(one, notes),
            "options": _options(levels, typical if known is None else known),
        }
        if one.pk in readiness:
            document["readiness"] = _readiness(slug, readiness[one.pk], notes)
        if one.mandate_level:
            document |= {"at_least": one.mandate_level.code, "mandate": one.mandate_source}
        if one.pk in previous:
            document["previous_confidence"] = previous[one.pk]
        documents.append(document)
    return documents


def _readiness(slug: str, surveyed: Readiness, notes: _Notes) -> Json:
    """The survey's draws of readiness; without any, its mean."""
    notes.surveys[slug] = {
        "closed_on": surveyed.closed_on.isoformat(),
        "invited": surveyed.invited,
        "answered": surveyed.answered,
    }
    weakest = {"weakest": round(surveyed.weakest, 4)}
    if not surveyed.draws:
        return {"mean": round(surveyed.mean, 6), **weakest}
    return {"draws": [round(float(draw), 4) for draw in surveyed.draws], **weakest}


def _note_days(slug: str, days: Days | None, levels: list[EngagementLevel], notes: _Notes) -> None:
    """Own up to the days that nobody estimated."""
    if days is None:
        notes.days_typical.append(slug)
        return
    worked_out = {code for by_level in days.values() for code, one in by_level.items() if one.is_suggested}
    if worked_out:
        notes.days_derived[slug] = [level.code for level in levels if level.code in worked_out]


def _options(levels: list[EngagementLevel], days: Days) -> list[Json]:
    return [
        {
            "level": level.code,
            "days": {
                pool: _triple((by_level[level.code].low, by_level[level.code].likely, by_level[level.code].high))
                for pool, by_level in days.items()
                if level.code in by_level
            },
        }
        for level in levels
    ]


def _triple(numbers: Iterable[Decimal]) -> Json:
    return {name: float(number) for name, number in zip(("low", "likely", "high"), numbers, strict=True)}


def _ratings(participation: Participation, notes: _Notes) -> list[Json]:
    """Claimed cells; one without numbers is claimed but not yet rated, which the engine takes as wide."""
    ratings, unrated = [], False
    for one in participation.value_ratings.all():
        rating: Json = {"objective": one.objective.code, "way": one.way.code}
        if one.low is None or one.likely is None or one.high is None:
            unrated = True
        else:
            rating |= _triple((one.low, one.likely, one.high))
        ratings.append(rating)
    if unrated:
        notes.unrated.append(participation.partnership.slug)
    if not ratings:
        notes.without_claims.append(participation.partnership.slug)
    return ratings


def _previous_confidence(organisation: Organisation) -> dict[int, str]:
    """The last run's word by participation: a word changes only when its edge is passed by five points."""
    last = organisation.runs.done().latest_first().values("pk")[:1]
    return dict(
        organisation.recommendations.filter(run__in=last)
        .exclude(confidence=Confidence.UNTESTED)
        .values_list("participation_id", "confidence")
    )
