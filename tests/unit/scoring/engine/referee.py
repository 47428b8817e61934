"""Independent answers to a document of the value form, sharing no code with the engine.

`enumerated` tries every combination in exact fractions. `programmed` writes another integer programme than the
engine's: a variable says "at this level or above", days are days, and the penalty is the highest of its tangents.
"""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction
from typing import Any

import highspy

Document = dict[str, Any]


def exact(number: float) -> Fraction:
    """The number as it is written."""
    return Fraction(Decimal(str(number)))


def place(document: Document, name: str, level: str) -> int:
    """The place of a level among the options of a partnership."""
    options = next(one["options"] for one in document["partnerships"] if one["id"] == name)
    return [option["level"] for option in options].index(level)


def available(document: Document) -> dict[str, Fraction]:
    """Days by pool after the reserve, less those set aside, with those freed."""

    def left(pool: Document) -> Fraction:
        net = exact(pool["days"]) * (1 - exact(pool.get("reserve", 0)))
        return max(Fraction(0), net - exact(pool.get("set_aside", 0)) + exact(pool.get("freed", 0)))

    return {pool["id"]: left(pool) for pool in document["pools"]}


def is_feasible(document: Document, chosen: dict[str, int], *, days: bool = True) -> bool:
    """Whether places by partnership keep mandates, rules and (unless told otherwise) days."""
    for partnership in document["partnerships"]:
        level = partnership.get("at_least")
        if level is not None and chosen[partnership["id"]] < place(document, partnership["id"], level):
            return False
    if not all(_keeps(document, rule, chosen) for rule in document.get("rules", [])):
        return False
    return not days or all(used <= available(document)[pool] for pool, used in days_of(document, chosen).items())


def days_of(document: Document, chosen: dict[str, int]) -> dict[str, Fraction]:
    """Days by pool."""
    return {
        pool["id"]: sum(
            (
                exact(one["options"][chosen[one["id"]]].get("days", {}).get(pool["id"], 0))
                for one in document["partnerships"]
            ),
            Fraction(0),
        )
        for pool in document["pools"]
    }


def _met(document: Document, pair: list[str], chosen: dict[str, int]) -> bool:
    return bool(chosen[pair[0]] >= place(document, pair[0], pair[1]))


def _keeps(document: Document, rule: Document, chosen: dict[str, int]) -> bool:
    if "at_least" in rule:
        return bool(sum(_met(document, [name, rule["level"]], chosen) for name in rule["of"]) >= rule["at_least"])
    if "if" in rule:
        return not _met(document, rule["if"], chosen) or _met(document, rule["then"], chosen)
    if "not_both" in rule:
        return not all(_met(document, pair, chosen) for pair in rule["not_both"])
    return True


def worth(document: Document, chosen: dict[str, int], values: str | int = "value") -> Fraction:
    """Σ value + synergies − penalty; `values` a number means that draw."""
    total = Fraction(0)
    load = 0
    for partnership in document["partnerships"]:
        option = partnership["options"][chosen[partnership["id"]]]
        total += exact(option["value"] if values == "value" else option["value_draws"][values])
        load += option.get("load", 0)
    for rule in document.get("rules", []):
        if "synergy" in rule and all(_met(document, pair, chosen) for pair in rule["of"]):
            total += exact(rule["synergy"])
    return total - penalty(document, load)


def penalty(document: Document, load: int) -> Fraction:
    """The penalty of a total load."""
    if "load" not in document:
        return Fraction(0)
    over = max(Fraction(0), load - exact(document["load"]["knee"]))
    return exact(document["load"]["slope"]) * over * over / 2


def combinations(document: Document) -> list[dict[str, int]]:
    """Every combination of places, feasible or not."""
    names = [one["id"] for one in document["partnerships"]]
    ranges = [range(len(one["options"])) for one in document["partnerships"]]
    return [dict(zip(names, places, strict=True)) for places in itertools.product(*ranges)]


def enumerated(document: Document, values: str | int = "value") -> Fraction | None:
    """The best value over every feasible combination, or None."""
    feasible = [chosen for chosen in combinations(document) if is_feasible(document, chosen)]
    return max((worth(document, chosen, values) for chosen in feasible), default=None)


def programmed(document: Document) -> float | None:
    """The best value by integer programming, or None where nothing is feasible."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_rel_gap", 0)
    solver.setOptionValue("mip_feasibility_tolerance", 1e-9)
    solver.setOptionValue("primal_feasibility_tolerance", 1e-9)
    reached: dict[tuple[str, int], Any] = {}
    total: Any = 0.0
    load: Any = 0.0
    used: dict[str, Any] = {pool["id"]: 0.0 for pool in document["pools"]}
    for partnership in document["partnerships"]:
        name, options = partnership["id"], partnership["options"]
        total = total + options[0]["value"]
        load = load + options[0].get("load", 0)
        for pool in used:
            used[pool] = used[pool] + options[0].get("days", {}).get(pool, 0)
        for n, (below, option) in enumerate(itertools.pairwise(options), start=1):
            reached[name, n] = solver.addBinary()
            if n > 1:
                solver.addConstr(reached[name, n] <= reached[name, n - 1])
            total = total + (option["value"] - below["value"]) * reached[name, n]
            load = load + (option.get("load", 0) - below.get("load", 0)) * reached[name, n]
            for pool in used:
                more = option.get("days", {}).get(pool, 0) - below.get("days", {}).get(pool, 0)
                used[pool] = used[pool] + more * reached[name, n]
        if "at_least" in partnership and (least := place(document, name, partnership["at_least"])):
            solver.addConstr(reached[name, least] >= 1)
    for pool, days in available(document).items():
        if not isinstance(used[pool], float):
            solver.addConstr(used[pool] <= float(days))
        elif used[pool] > days:
            return None
    for rule in document.get("rules", []):
        total = total + _add_rule(solver, document, rule, reached)
    if "load" in document:
        total = total - _add_penalty(solver, document, load)
    solver.maximize(total)
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(solver.getObjectiveValue())


def _add_rule(solver: Any, document: Document, rule: Document, reached: dict[tuple[str, int], Any]) -> Any:
    def at(pair: list[str]) -> Any:
        where = place(document, pair[0], pair[1])
        return reached[pair[0], where] if where else solver.addVariable(1, 1)

    if "at_least" in rule:
        solver.addConstr(sum((at([name, rule["level"]]) for name in rule["of"]), 0.0) >= rule["at_least"])
    elif "if" in rule:
        solver.addConstr(at(rule["if"]) <= at(rule["then"]))
    elif "not_both" in rule:
        solver.addConstr(at(rule["not_both"][0]) + at(rule["not_both"][1]) <= 1)
    else:
        both = solver.addVariable(0, 1)
        for pair in rule["of"]:
            solver.addConstr(both <= at(pair))
        return rule["synergy"] * both
    return 0.0


def _add_penalty(solver: Any, document: Document, load: Any) -> Any:
    """The penalty as the highest of the lines through it at neighbouring whole loads."""
    most = sum(max(option.get("load", 0) for option in one["options"]) for one in document["partnerships"])
    cost = solver.addVariable(0)
    for step in range(most):
        low, high = float(penalty(document, step)), float(penalty(document, step + 1))
        if high > 0:
            solver.addConstr(cost - (high - low) * load >= low - (high - low) * step)
    return cost
