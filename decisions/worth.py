"""What days are worth: at the price of a day, and, for more capacity, by scoring again with the larger pools.

The price of a day is what one more day adds, on average over the plausible versions of a run. It says too much or too
little of many days at once, since a pool may be short of a whole partnership and not of a day. So options for capacity
are valued by a what-if besides, which a worker solves as it solves any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from decisions.actions.plan import days_of
from decisions.models import CapacityOption
from partnerships.models import AdjustmentKind, CapacityAdjustment, Organisation
from scoring.findings import SAME_DAYS, Findings
from scoring.models import WhatIf, WhatIfState
from scoring.what_if import Days, Lever, fingerprint_of
from scoring.words import count_of, exact, in_sentence, listing, number

POUNDS = 10_000


@dataclass(frozen=True)
class AtThePrice:
    """Points of value a quarter: the mean, and from the tenth to the ninetieth of a hundred plausible versions."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        if self.high < 0.05:
            return "nothing at the price of a day"
        return f"{number(self.mean)} points of value a quarter ({number(self.low)} to {number(self.high)})"


def at_the_price(adjustment: CapacityAdjustment, findings: Findings | None) -> AtThePrice | None:
    """None without a run that knows the price of a day in each of the pools.

    The price is of a day that can be given, after the reserve. Days that an option would add come before it, so that
    the reserve is taken off first; days that are freed or set aside are after it already.
    """
    prices = None if findings is None else findings.result["price_of_a_day"]
    days = {row.pool.code: float(row.days) for row in adjustment.amounts.all()}
    if findings is None or prices is None or not days or not days.keys() <= prices.keys():
        return None
    if adjustment.kind == AdjustmentKind.CONSIDERED:
        days = after_the_reserve(days, findings)
    worth = (sum(prices[pool][key] * some for pool, some in days.items()) for key in ("mean", "p10", "p90"))
    return AtThePrice(*worth)


def after_the_reserve(days: Mapping[str, float], findings: Findings) -> dict[str, float]:
    """What can be given of more days, by the code of their pool, with the reserve that the run was scored with."""
    reserves = {pool["id"]: pool.get("reserve", 0.0) for pool in findings.document["pools"]}
    return {pool: some * (1 - reserves.get(pool, 0.0)) for pool, some in days.items()}


def worth_building(findings: Findings | None) -> str:
    """Where a run found that lack of days holds several partnerships down, as a sentence; empty where nowhere."""
    found = [] if findings is None else findings.result["build_capacity"] or []
    labels = {} if findings is None else {pool["id"]: in_sentence(pool["label"]) for pool in findings.document["pools"]}
    held = [f"{count_of(len(one['blocked']), 'partnership')} for want of {labels[one['pool']]} days" for one in found]
    return f"The recommendation holds back {listing(held)}: look there first." if held else ""


def levers_of(option: CapacityOption, findings: Findings) -> list[Lever]:
    """Its days on top of those that each pool was scored with; none where a pool was not part of that scoring."""
    had = {pool["id"]: pool["days"] for pool in findings.document["pools"]}
    more = {row.pool.code: float(row.days) for row in option.adjustment.amounts.all()}
    return [Days(pool, had[pool] + days) for pool, days in more.items()] if more.keys() <= had.keys() else []


@dataclass(frozen=True)
class ValuedOption:
    """An option with its worth at the price of a day, and the what-if that scores it again, if somebody asked.

    ``gain`` is what that what-if found, in points of value a quarter; None until it has. ``given`` are the days that
    can be given of it, by the code of a pool, which is what both are worth; None without a run that has these pools.
    ``by_scoring`` says which of the two it is compared with the others by: what a day costs on average and what a
    score finds are not the same measure, so all are compared by the one that all have.
    """

    option: CapacityOption
    price: AtThePrice | None
    what_if: WhatIf | None
    gain: float | None
    given: Mapping[str, float] | None = None
    by_scoring: bool = False

    @property
    def days(self) -> float:
        return float(sum(days_of(self.option.adjustment).values()))

    @property
    def in_words(self) -> str:
        rows = self.option.adjustment.amounts.all()
        return ", ".join(f"{exact(float(row.days))} {in_sentence(row.pool.name)}" for row in rows)

    @property
    def after_the_reserve(self) -> str:
        """The days that can be given of it, in words; empty where no reserve is kept of them, or nobody knows."""
        if self.given is None or sum(self.given.values()) >= self.days - SAME_DAYS:
            return ""
        rows = self.option.adjustment.amounts.all()
        return ", ".join(f"{exact(self.given[row.pool.code])} {in_sentence(row.pool.name)}" for row in rows)

    @property
    def worth(self) -> float | None:
        """What it is compared with the others by, in points of value a quarter; None where that is not known."""
        if self.by_scoring:
            return self.gain
        return None if self.price is None else self.price.mean

    @property
    def per_day(self) -> str:
        return "" if self.worth is None else exact(self.worth / self.days)

    @property
    def per_pounds(self) -> str:
        """Points a quarter for each £10,000 a year; empty where nobody knows the cost."""
        cost = self.option.yearly_cost
        return "" if cost is None or self.worth is None else exact(self.worth / float(cost) * POUNDS)

    @property
    def is_under_way(self) -> bool:
        return self.what_if is not None and self.what_if.state in {WhatIfState.QUEUED, WhatIfState.RUNNING}


def valued_options(organisation: Organisation, findings: Findings | None) -> list[ValuedOption]:
    """Those worth most for their price first: for each pound where all have one, else for each day."""
    options = list(organisation.capacity_options.for_list())
    tried = _tried(organisation, options, findings)
    rows = []
    for option in options:
        what_if = tried.get(option.pk)
        gain = None if what_if is None or findings is None else _gain(what_if, findings)
        price = at_the_price(option.adjustment, findings)
        rows.append(ValuedOption(option, price, what_if, gain, _given(option, findings)))
    by_scoring = all(one.gain is not None for one in rows)
    return sorted((replace(one, by_scoring=by_scoring) for one in rows), key=_for_the_price(rows))


def _tried(
    organisation: Organisation, options: Iterable[CapacityOption], findings: Findings | None
) -> Mapping[int, WhatIf]:
    """By the id of the option, the what-if on this run that scores just this: a finished one before any other."""
    if findings is None:
        return {}
    wanted = {one.pk: fingerprint_of(levers) for one in options if (levers := levers_of(one, findings))}
    rows = organisation.what_ifs.filter(base_run=findings.run_number, fingerprint__in=set(wanted.values()))
    found: dict[str, WhatIf] = {}
    for one in rows.order_by("pk") if wanted else ():
        if one.fingerprint not in found or one.state == WhatIfState.DONE:
            found[one.fingerprint] = one
    return {pk: found[fingerprint] for pk, fingerprint in wanted.items() if fingerprint in found}


def _given(option: CapacityOption, findings: Findings | None) -> dict[str, float] | None:
    if findings is None or not levers_of(option, findings):
        return None
    return after_the_reserve({row.pool.code: float(row.days) for row in option.adjustment.amounts.all()}, findings)


def _gain(what_if: WhatIf, findings: Findings) -> float | None:
    """More days measure value as before, so the two totals may be subtracted; None until there is an answer."""
    if what_if.state != WhatIfState.DONE:
        return None
    return max(0.0, round(float(what_if.outcome()["advised"]["total_value"]) - findings.recommended_value, 2))


def _for_the_price(rows: Sequence[ValuedOption]) -> Callable[[ValuedOption], tuple[float, str]]:
    all_cost = all(one.option.yearly_cost is not None for one in rows)

    def place(one: ValuedOption) -> tuple[float, str]:
        cost = float(one.option.yearly_cost or 1) if all_cost else one.days
        return -(one.worth or 0.0) / cost, one.option.name

    return place
