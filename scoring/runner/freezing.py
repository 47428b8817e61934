"""Freezing: what an organisation has entered, read in a fixed number of queries, becomes one ``triage/1`` document.

Whatever had to be filled in (days nobody estimated, equal weights, a pool without a limit, the tipping point) is noted
beside the document, so that the pages can say so.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
from django.db import connection, transaction

from diagnostics.instrument.readiness_rule import readiness_rule
from diagnostics.readiness import Readiness, readiness_of
from partnerships.balance import adjusted_in
from partnerships.models import CapacityPool, CostOfChange, EngagementLevel, Organisation, Quarter
from scoring.models import Confidence, JsonText, TippingPoint
from scoring.runner.days import Days, days_of, typical_days
from scoring.runner.entered import Entered, Rating, entered_by
from scoring.runner.rules import frozen_rules
from scoring.runner.steps import steps_to_a_score
from scoring.runner.tipping import penalty_of
from scoring.runner.weights import frozen_weights

SEED = 1  # the same for every run, so that a difference between two runs is never the luck of the draw
# The two keys of the canonical text that come from the run before. A quote inside text is written \", so nothing that
# somebody typed looks like them.
REMEMBERED = re.compile(r'"previous_confidence":"[a-z]+",(?:"previous_level":"[^"]*",)?')

Json = dict[str, Any]


class NothingToScoreError(ValueError):
    """Something without which no score can mean anything is missing; the text says what to do."""


@dataclass(frozen=True)
class Frozen:
    """The inputs of one run: the engine's document, and what was filled in where nobody had said."""

    document: Json
    assumptions: Json

    @cached_property
    def text(self) -> JsonText:
        """The document's canonical JSON: sorted keys, no spaces."""
        return _canonical(self.document)

    @property
    def inputs_hash(self) -> str:
        """SHA-256 over ``text``, in hexadecimal."""
        return _hash(self.text)

    @cached_property
    def entered_hash(self) -> str:
        """The same over what was entered and assumed, without the day and without the memory of the run before.

        Where it and the engine are those of the last run, so is the recommendation: with the same numbers a remembered
        word only ever confirms itself.
        """
        assumptions = {key: value for key, value in self.assumptions.items() if key != "on"}
        return _hash(f"[{REMEMBERED.sub('', self.text)},{_canonical(assumptions)}]")


def _canonical(value: Json) -> JsonText:
    return JsonText(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class _Notes:
    """What was filled in, gathered on the way."""

    days_derived: dict[str, list[str]] = field(default_factory=dict)
    days_typical: list[str] = field(default_factory=list)
    unrated: list[str] = field(default_factory=list)
    without_claims: list[str] = field(default_factory=list)
    surveys: dict[str, Json] = field(default_factory=dict)


@contextmanager
def _at_one_moment() -> Iterator[None]:
    """All that is read inside is as it was at the first look, whatever others commit meanwhile; within a transaction of
    the caller's, as that one sees it.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@_at_one_moment()
def freeze(organisation: Organisation, *, on: datetime.date, draws: int, seed: int = SEED) -> Frozen:
    """The document of an organisation's active portfolio as it stands. Raises NothingToScoreError."""
    entered = entered_by(organisation)
    if not entered.is_enough:
        missing = [step for step in steps_to_a_score(organisation) if not step.done]
        raise NothingToScoreError(" ".join(f"{step.title}." for step in missing))
    pools, limits, without_days = _pools(entered, on)
    notes = _Notes()
    weights, ranked_late = frozen_weights(organisation, entered.objectives, entered.ways)
    rules, rules_left_out = frozen_rules(organisation, entered.participations)
    rule, readiness = readiness_rule(), readiness_of(organisation=organisation, draws=draws, seed=seed)
    document: Json = {
        "format": "triage/1",
        "seed": seed,
        "draws": draws,
        "pools": limits,
        "levels": [
            {"id": level.code, "label": level.name, "share": float(level.share_of_value), "load": level.load}
            for level in entered.levels
        ],
        "objectives": [{"id": one.code, "label": one.name} for one in entered.objectives],
        "ways": [{"id": one.code, "label": one.name} for one in entered.ways],
        "weights": weights,
        "readiness": {"p_min": rule.least, "weights": dict(rule.weights)},
        "partnerships": _partnerships(entered, pools, readiness, _last_words(organisation), notes),
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
            "ranked_late": ranked_late,
            "tipping_point": tipping_note,
            "readiness_rule": rule.version,
            **vars(notes),
        },
    )


def _pools(entered: Entered, on: datetime.date) -> tuple[list[CapacityPool], list[Json], list[str]]:
    """The pools with days in this quarter, else in the last one entered, else in the next; their limits; pools with
    none, by name.
    """
    this_quarter = Quarter.containing(on).first_day
    quarters = defaultdict(list)
    for one in entered.quarters:
        quarters[one.pool_id].append(one)
    shares = defaultdict(list)
    for share in entered.shares:
        shares[share.pool_id].append(share)
    pools, limits, without = [], [], []
    for pool in entered.pools:
        rows = quarters[pool.pk]
        past = [row for row in rows if row.quarter <= this_quarter]
        row = max(past, key=lambda one: one.quarter) if past else min(rows, key=lambda one: one.quarter, default=None)
        if row is None:
            without.append(pool.name)
            continue
        pools.append(pool)
        # Days may stand for a later quarter, the share never does: it is dated, and so are days set aside.
        quarter = Quarter(max(row.quarter, this_quarter))
        held = next((one for one in shares[pool.pk] if one.holds_in(quarter)), None)
        limit: Json = {
            "id": pool.code,
            "label": pool.name,
            "days": float(held.of(row.days) if held else row.days),
            "reserve": float(row.reserve_percent / 100),
        }
        if adjusted := adjusted_in(entered.adjusted, quarter, on).get(pool.pk):
            # Named only where there are any, so that a document without them is what it was before there were.
            given = {"set_aside": float(adjusted.set_aside), "freed": float(adjusted.freed)}
            limit |= {name: days for name, days in given.items() if days}
        limits.append(limit)
    return pools, limits, without


def _partnerships(
    entered: Entered,
    pools: list[CapacityPool],
    readiness: Mapping[int, Readiness],
    previous: Mapping[int, Json],
    notes: _Notes,
) -> list[Json]:
    levels = entered.levels
    days = {one.pk: days_of(entered.days.get(one.pk, {}), levels, pools) for one in entered.participations}
    typical = typical_days([one for one in days.values() if one is not None], levels, pools)
    codes = {level.pk: level.code for level in levels}
    documents = []
    for one in entered.participations:
        slug = one.partnership.slug
        known = days[one.pk]
        _note_days(slug, known, levels, notes)
        document: Json = {
            "id": slug,
            "name": one.partnership.display_name,
            "today": codes[one.level_id] if one.level_id else None,
            "harm": float(one.harm_of_declining),
            "harm_reviewed": one.harm_reviewed_at is not None,
            "ratings": _ratings(slug, entered.ratings.get(one.pk, ()), notes),
            "options": _options(levels, typical if known is None else known),
        }
        if one.pk in readiness:
            document["readiness"] = _readiness(slug, readiness[one.pk], notes)
        if one.mandate_level_id:
            document |= {"at_least": codes[one.mandate_level_id], "mandate": one.mandate_source}
        if one.pk in previous:
            document |= previous[one.pk]
        documents.append(document)
    return documents


def _readiness(slug: str, surveyed: Readiness, notes: _Notes) -> Json:
    """The survey's draws of readiness; without any, its mean."""
    notes.surveys[slug] = {
        "closed_on": surveyed.closed_on.isoformat(),
        "invited": surveyed.invited,
        "answered": surveyed.answered,
    }
    if surveyed.over_organisations:
        # Only where it is so: what was noted of a survey that counts people stays what it was, and so does its hash.
        notes.surveys[slug]["over_organisations"] = True
    weakest = {"weakest": round(surveyed.weakest, 4)}
    if not surveyed.draws:
        return {"mean": round(surveyed.mean, 6), **weakest}
    return {"draws": np.round(surveyed.draws, 4).tolist(), **weakest}


def _note_days(slug: str, days: Days | None, levels: Sequence[EngagementLevel], notes: _Notes) -> None:
    """Own up to the days that nobody estimated."""
    if days is None:
        notes.days_typical.append(slug)
        return
    worked_out = {code for by_level in days.values() for code, one in by_level.items() if one.is_suggested}
    if worked_out:
        notes.days_derived[slug] = [level.code for level in levels if level.code in worked_out]


def _options(levels: Sequence[EngagementLevel], days: Days) -> list[Json]:
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


def _ratings(slug: str, claimed: Sequence[Rating], notes: _Notes) -> list[Json]:
    """Claimed cells; one without numbers is claimed but not yet rated, which the engine takes as wide."""
    if any(one.numbers is None for one in claimed):
        notes.unrated.append(slug)
    if not claimed:
        notes.without_claims.append(slug)
    return [
        {"objective": one.objective, "way": one.way, **(_triple(one.numbers) if one.numbers else {})} for one in claimed
    ]


def _last_words(organisation: Organisation) -> dict[int, Json]:
    """The last run's word by participation, and the level of which it was said: a word of the same level changes only
    when its edge is passed by five points.
    """
    last = organisation.runs.done().latest_first().values("pk")[:1]
    words = organisation.recommendations.filter(run__in=last).exclude(confidence=Confidence.UNTESTED)
    return {
        participation: {"previous_confidence": word} | ({"previous_level": level} if level else {})
        for participation, word, level in words.values_list("participation_id", "confidence", "best_code")
    }
