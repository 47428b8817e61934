"""What adopting a what-if would change in the real inputs: what stands there now, and what would stand there then.

A level that was held is no input: the score chooses levels, and only a duty binds it. Nor is a tipping point that was
switched off. Both are named as what cannot be adopted.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from partnerships.editing import version_of, weights_version
from partnerships.models import CapacityQuarter, Organisation, Participation, Person, PoolShare, Quarter
from partnerships.numbers import plain_number
from partnerships.weighing import shares_of
from scoring.lever_words import words_of
from scoring.models import TippingPoint, WhatIf, WhatIfState
from scoring.what_if import Attention, Days, Duty, Held, Lever, NoTippingPoint, Weights
from scoring.words import exact, listing

WAYS_ALONE = (
    "You have said nothing of the objectives yet, and without that your weights on the ways do not count. "
    "Set your weights on the objectives first."
)


@dataclass(frozen=True)
class InputChange:
    """One lever that can be adopted: what it changes, from what to what, in words."""

    lever: Lever
    what: str
    now: str
    becomes: str


@dataclass(frozen=True)
class Adoption:
    """``refused`` says of each lever that cannot be adopted why; ``duties`` are new ones, whose source is asked for;
    ``weighed`` is the version of the adopter's own points and places where those change, else empty.
    """

    changes: list[InputChange]
    refused: list[str]
    duties: Mapping[str, str]
    weighed: str = ""

    @property
    def changes_weights(self) -> bool:
        return any(isinstance(one.lever, Weights) for one in self.changes)

    @cached_property
    def version(self) -> str:
        """Names what the page showed, so that nobody's change in between is overwritten unseen."""
        shown = [part for one in self.changes for part in (one.what, one.now, one.becomes)]
        return version_of([*shown, self.weighed])


def adoption_of(what_if: WhatIf, *, by: Person, on: datetime.date) -> Adoption:
    """What would change if this person adopted it on that day."""
    organisation, levers = what_if.organisation, list(_apart(what_if.pulled))
    participations = _participations(organisation, levers)
    changes, refused = [], []
    for lever in levers:
        change = _change(lever, organisation, participations, by, on)
        if change is None:
            words = words_of([lever], what_if.base_run.frozen_inputs(), what_if.base_run.assumptions)[0]
            refused.append(f"{words}. {_why_not(lever)}")
        else:
            changes.append(change)
    if not_counted := _ways_that_would_not_count(changes, organisation, by):
        changes.remove(not_counted)
        refused.append(f"{not_counted.what}: {not_counted.becomes}. {WAYS_ALONE}")
    duties = {
        one.lever.partnership: participations[one.lever.partnership].partnership.display_name
        for one in changes
        if isinstance(one.lever, Duty) and one.lever.level is not None
    }
    # The page says of a ranking only that there is one; its version sees every place.
    weighs = any(isinstance(one.lever, Weights) for one in changes)
    return Adoption(changes, refused, duties, weights_version(organisation, by) if weighs else "")


def why_not_adopted(what_if: WhatIf) -> str:
    """What keeps a what-if from being adopted now, in words with what to do; empty where nothing does."""
    if not what_if.name:
        return "Save this what-if under a name first, so that people can see later what was adopted."
    if what_if.is_open:
        return "This what-if is being worked out. Look at its answer first, then adopt it."
    if what_if.state == WhatIfState.FAILED:
        return "This what-if could not be worked out. Try it again, look at its answer, then adopt it."
    if what_if.outcome()["status"] != "optimal":
        return "This what-if does not fit, so it cannot be adopted. Its page says what stands in the way."
    return ""


def capacity_in_force(organisation: Organisation, pool: int, on: datetime.date) -> CapacityQuarter | None:
    """The days a run of this day takes for a pool: this quarter's, else the last recorded, else the next."""
    rows = organisation.capacity_quarters.filter(pool=pool).select_related("pool")
    this_quarter = Quarter.containing(on).first_day
    past = rows.filter(quarter__lte=this_quarter).order_by("-quarter").first()
    return past or rows.order_by("quarter").first()


def share_in_force(organisation: Organisation, pool: int, on: datetime.date) -> PoolShare | None:
    """Our agreed share of a pool in the quarter of a day; None where all its days are ours."""
    return organisation.pool_shares.filter(pool=pool).in_quarter(Quarter.containing(on)).first()


def _participations(organisation: Organisation, levers: Iterable[Lever]) -> dict[str, Participation]:
    slugs = [lever.partnership for lever in levers if isinstance(lever, Duty)]
    found = organisation.participations.active().select_related("partnership", "mandate_level")
    return {one.partnership.slug: one for one in found.filter(partnership__slug__in=slugs)}


def _change(
    lever: Lever,
    organisation: Organisation,
    participations: Mapping[str, Participation],
    by: Person,
    on: datetime.date,
) -> InputChange | None:
    """None for a lever that cannot be adopted."""
    if isinstance(lever, Days):
        return _days(lever, organisation, on)
    if isinstance(lever, Weights):
        return _weights(lever, organisation, by)
    if isinstance(lever, Attention):
        return _attention(lever, organisation)
    if isinstance(lever, Duty):
        return _duty(lever, organisation, participations.get(lever.partnership))
    return None


def _days(lever: Days, organisation: Organisation, on: datetime.date) -> InputChange | None:
    pool = organisation.capacity_pools.filter(code=lever.pool).first()
    if pool is None:
        return None
    row = capacity_in_force(organisation, pool.pk, on)
    share = share_in_force(organisation, pool.pk, on)
    now = f"{exact(float(share.of(row.days) if share else row.days))} days" if row else "Nobody has said"
    becomes = f"{exact(lever.days)} days"
    if share:
        whole = share.whole_of(Decimal(str(lever.days)))
        becomes += f": {plain_number(share.percent)}% of {exact(float(whole))} in the whole shared pool"
    return InputChange(lever, f"{pool.name} days, {Quarter.containing(on)}", now, becomes)


def _weights(lever: Weights, organisation: Organisation, by: Person) -> InputChange | None:
    """Of a lever on one of the lists."""
    if lever.ways:
        return _weights_on_ways(lever, organisation, by)
    names = {one.code: one.name for one in organisation.objectives.all()}
    mine = organisation.objective_weights.filter(decision_maker=by).select_related("objective")
    given = {one.objective.code: one.points for one in mine}
    ranked = organisation.objective_ranks.filter(decision_maker=by)
    now = _now(given, names, is_ranked=ranked.exists())
    return _weighed(lever, "Your own weights on the objectives", names, now, lever.shares())


def _weights_on_ways(lever: Weights, organisation: Organisation, by: Person) -> InputChange | None:
    names = {one.code: one.name for one in organisation.ways_of_creating_value.all()}
    mine = organisation.way_weights.filter(decision_maker=by).select_related("way")
    given = {one.way.code: one.points for one in mine}
    now = _now(given, names, is_ranked=organisation.way_ranks.filter(decision_maker=by).exists())
    return _weighed(lever, "Your own weights on the ways of creating value", names, now, lever.way_shares())


def _now(given: Mapping[str, Decimal], names: Mapping[str, str], *, is_ranked: bool) -> str:
    shares = listing([f"{names[code]} {share}%" for code, share in shares_of(given).items()])
    return shares or ("Your ranking, which the points replace" if is_ranked else "Not set")


def _weighed(
    lever: Weights, what: str, names: Mapping[str, str], now: str, shares: Mapping[str, float]
) -> InputChange | None:
    if set(names) != set(shares):
        return None
    return InputChange(lever, what, now, listing([f"{names[code]} {share:.0%}" for code, share in shares.items()]))


def _apart(levers: Iterable[Lever]) -> Iterator[Lever]:
    """Weights on the objectives and on the ways are two entries, each adopted or refused by itself."""
    for lever in levers:
        yield from lever.apart() if isinstance(lever, Weights) else [lever]


def _ways_that_would_not_count(
    changes: Iterable[InputChange], organisation: Organisation, by: Person
) -> InputChange | None:
    """Points on ways of somebody who has said nothing of the objectives, which no score would take."""
    weighed = {bool(one.lever.ways): one for one in changes if isinstance(one.lever, Weights)}
    mine = {"decision_maker": by}
    said = (
        organisation.objective_weights.filter(**mine).exists() or organisation.objective_ranks.filter(**mine).exists()
    )
    return None if said or False in weighed else weighed.get(True)


def _attention(lever: Attention, organisation: Organisation) -> InputChange:
    stored = TippingPoint.objects.filter(organisation=organisation).first() or TippingPoint()
    return InputChange(
        lever,
        "How much attention is too much",
        f"From {stored.hurts_from} to {stored.adds_nothing_at} points",
        f"From {lever.hurts_from} to {lever.adds_nothing_at} points",
    )


def _duty(lever: Duty, organisation: Organisation, one: Participation | None) -> InputChange | None:
    level = organisation.engagement_levels.filter(code=lever.level).first() if lever.level else None
    if one is None or (lever.level is not None and level is None):
        return None
    now = f"At least “{one.mandate_level.name}” ({one.mandate_source})" if one.mandate_level else "No duty"
    becomes = f"At least “{level.name}”" if level else "No duty"
    return InputChange(lever, f"Duty: {one.partnership.display_name}", now, becomes)


def _why_not(lever: Lever) -> str:
    if isinstance(lever, Held):
        return (
            "A level is not something you enter: the score chooses it, and only a duty binds it. "
            "If there is a duty, record it on the partnership’s page; if not, this is a decision for people to take."
        )
    if isinstance(lever, NoTippingPoint):
        return "Attention always has a limit, and no setting switches it off. You can move the point where it hurts."
    if isinstance(lever, Days):
        return "This pool is no longer there."
    return "It is no longer part of what you entered."
