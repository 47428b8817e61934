"""What must hold for every portfolio (Hypothesis)."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.engine import DocumentError, solve
from tests.unit.scoring.engine.portfolios import Document, random_portfolio
from tests.unit.scoring.engine.referee import days_of, is_feasible, place, worth
from tests.unit.scoring.engine.test_document import CRITERIA, VALUES

PORTFOLIOS = st.builds(random_portfolio, st.integers(0, 10**6), st.integers(1, 9), draws=st.sampled_from([0, 3]))
RELAXED = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))

PIECES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10),
    st.floats(),
    st.text(max_size=4),
    st.sampled_from(["a", "b", "sustain", "decline", "exec", "triage/1", [], {}, [[]], 10**400, "prioritise"]),
    st.dictionaries(st.sampled_from(["exec", "low", "id", "level"]), st.integers(-1, 5), max_size=3),
)


def choice_only(document: Document) -> Document:
    return {**document, "outputs": ["choice"]}


@RELAXED
@given(PORTFOLIOS)
def test_what_is_recommended_is_feasible_and_worth_what_it_says(document: Document) -> None:
    result = solve(document)
    if result["status"] == "infeasible":
        assert result["shortfall"] or result["conflict"]
        return
    for levels in ("level", "advised_level"):
        chosen = {one["id"]: place(document, one["id"], one[levels]) for one in result["partnerships"]}
        assert is_feasible(document, chosen)
        side = result if levels == "level" else result["advised"]
        assert abs(float(worth(document, chosen)) - side["total_value"]) < 1e-7
        assert side["days"] == {pool: float(days) for pool, days in days_of(document, chosen).items()}
    json.dumps(result, allow_nan=False)


@RELAXED
@given(PORTFOLIOS, st.integers(0, 5000))
def test_more_capacity_is_never_worse(document: Document, more: int) -> None:
    wider = copy.deepcopy(document)
    wider["pools"][0]["days"] = round(wider["pools"][0]["days"] + more / 1000, 3)
    before, after = solve(choice_only(document)), solve(choice_only(wider))
    if before["status"] == "optimal":
        assert after["status"] == "optimal"
        assert after["total_value"] >= before["total_value"] - 1e-6


@RELAXED
@given(PORTFOLIOS, st.randoms(use_true_random=False))
def test_the_order_never_matters(document: Document, random: Any) -> None:
    shuffled = copy.deepcopy(document)
    for name in ("partnerships", "pools", "rules"):
        random.shuffle(shuffled[name])
    first, second = solve(document), solve(shuffled)
    for result in (first, second):
        for entry in result["conflict"]:
            entry.pop("index", None)
    assert sorted(map(str, first.pop("conflict"))) == sorted(map(str, second.pop("conflict")))
    assert json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)


@RELAXED
@given(PORTFOLIOS)
def test_shares_and_losses_are_in_range(document: Document) -> None:
    result = solve(document)
    for one in result["partnerships"] or ():
        assert abs(sum(one["acceptability"].values()) - 1) < 1e-7
        assert one["level"] not in one["flip"]
        assert all(loss is None or loss >= 0 for loss in one["flip"].values())
        assert one["reason"]
    for price in (result["price_of_a_day"] or {}).values():
        assert 0 <= price["p10"] <= price["p90"]


def spots(thing: Any) -> list[tuple[Any, Any]]:
    """Every container of a document with each of its keys."""
    found = []
    keys = list(thing) if isinstance(thing, dict) else list(range(len(thing))) if isinstance(thing, list) else []
    for key in keys:
        found.append((thing, key))
        found.extend(spots(thing[key]))
    return found


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from([VALUES, CRITERIA]), st.data())
def test_a_mutated_document_is_answered_or_refused_in_one_line(original: Document, data: Any) -> None:
    document = copy.deepcopy(original)
    for _ in range(data.draw(st.integers(1, 2))):
        container, key = data.draw(st.sampled_from(spots(document)))
        if data.draw(st.booleans()):
            container[key] = data.draw(PIECES)
        elif isinstance(container, dict):
            del container[key]
    refusal = result = None
    try:
        result = solve(document)
    except DocumentError as error:
        refusal = str(error)
    if result is None:
        assert len(str(refusal).splitlines()) == 1
    else:
        assert result["status"] in ("optimal", "infeasible")
        json.dumps(result, allow_nan=False)
