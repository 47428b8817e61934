"""Competitors, thresholds, views, rankings and the cost of change, against plain enumeration or by trying it out."""

from __future__ import annotations

import copy
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scoring.engine import DocumentError, solve
from scoring.engine.arithmetic import fits, keeps_rules, net_value
from scoring.engine.document import read_document
from scoring.engine.problem import problem_of
from scoring.engine.ranking import corners, drawn_weights, mean_weights, mixtures
from scoring.engine.value import option_values
from tests.unit.scoring.engine.portfolios import Document, random_portfolio

CONTRACT = Path(__file__).parents[4] / "docs" / "contract"
NUDGE = 1e-4


def example() -> Any:
    return json.loads((CONTRACT / "ranking.json").read_text(encoding="utf-8")) | {"draws": 0}


def two_rankings() -> Any:
    """Executives who ranked objectives and ways, clinicians who gave points on objectives and ranked the ways."""
    return json.loads((CONTRACT / "two-rankings.json").read_text(encoding="utf-8")) | {"draws": 0}


def levels(document: Document) -> dict[str, str]:
    return {one["id"]: one["level"] for one in solve(document)["partnerships"]}


def every_value(document: Document) -> list[float]:
    """The net value of every feasible portfolio, the best first."""
    portfolio = read_document(document)
    problem, values = problem_of(portfolio), option_values(portfolio).mean
    choices = (np.array(one) for one in itertools.product(*(problem.options_of(i) for i in range(problem.size))))
    feasible = [one for one in choices if np.all(problem.allowed[one]) and keeps_rules(problem, one)]
    return sorted((net_value(problem, values, one) for one in feasible if fits(problem, one)), reverse=True)


@pytest.mark.parametrize("seed", range(25))
def test_competitors_are_the_next_best_portfolios(seed: int) -> None:
    document = random_portfolio(seed, 2 + seed % 5)
    document["cost_of_change"] = {"up": seed % 3, "down": seed % 2}
    expected = every_value(document)
    result = solve({**document, "outputs": ["choice", "competitors"]})
    if not expected:
        assert result["competitors"] is None
        return
    found = [one["total_value"] for one in result["competitors"]]
    assert result["total_value"] == pytest.approx(expected[0], abs=1e-6)
    assert found == pytest.approx(expected[1:6], abs=1e-6)
    assert [one["gives_up"] for one in result["competitors"]] == pytest.approx(
        [expected[0] - value for value in expected[1:6]], abs=1e-6
    )
    assert all(one["swaps"] for one in result["competitors"])


def test_a_competitor_swaps_what_it_says() -> None:
    result = solve(random_portfolio(3, 12))
    best = {one["id"]: one["level"] for one in result["partnerships"]}
    for competitor in result["competitors"]:
        assert len({swap["id"] for swap in competitor["swaps"]}) == len(competitor["swaps"])
        for swap in competitor["swaps"]:
            assert swap["from"] == best[swap["id"]] != swap["to"]


def partnership(document: Document, identifier: str) -> Any:
    return next(one for one in document["partnerships"] if one["id"] == identifier)


def test_readiness_turns_where_it_says() -> None:
    document = example()
    before = levels(document)
    tried = 0
    for row in solve(document)["partnerships"]:
        for side, sign in (("below", -1), ("above", 1)):
            turn = row["turns"]["readiness"][side]
            if turn is None:
                continue
            tried += 1
            for beyond in (-1, 1):
                changed = copy.deepcopy(document)
                partnership(changed, row["id"])["readiness"] = {"mean": turn["at"] + sign * beyond * NUDGE}
                expected = turn["level"] if beyond > 0 else before[row["id"]]
                assert levels(changed)[row["id"]] == expected
    assert tried >= 2


def test_ratings_turn_where_they_say() -> None:
    document = example()
    before = levels(document)
    tried = 0
    for row in solve(document)["partnerships"]:
        for rated, rating in enumerate(row["turns"]["ratings"]):
            for side, sign in (("below", -1), ("above", 1)):
                turn = rating[side]
                if turn is None:
                    continue
                tried += 1
                for beyond in (-1, 1):
                    changed = copy.deepcopy(document)
                    at = turn["at"] + sign * beyond * NUDGE
                    given = partnership(changed, row["id"])["ratings"]
                    own = next(one for one in given if one["objective"] == rating["objective"])
                    own.update(low=at, likely=at, high=at)
                    expected = turn["level"] if beyond > 0 else before[row["id"]]
                    assert levels(changed)[row["id"]] == expected, (row["id"], rated, side, beyond)
    assert tried >= 4


def test_fewer_days_bring_the_level_above_in() -> None:
    document = example()
    before, total, tried = levels(document), solve(document)["total_value"], 0
    for row in solve(document)["partnerships"]:
        turn = row["turns"]["days"]
        if turn is None:
            continue
        tried += 1
        for share, comes_in in ((turn["at"], True), (min(1.0, turn["at"] + 1.01 / 128), False)):
            changed = copy.deepcopy(document)
            options = partnership(changed, row["id"])["options"]
            option = next(one for one in options if one["level"] == turn["level"])
            option["days"] = {pool: round(days * share, 3) for pool, days in option["days"].items()}
            result = solve(changed)
            loss = next(one for one in result["partnerships"] if one["id"] == row["id"])["flip"].get(turn["level"], 0)
            if comes_in:
                assert loss == pytest.approx(0, abs=1e-6)  # as good as the best, or part of it
            else:
                assert levels(changed)[row["id"]] == before[row["id"]]
                assert result["total_value"] == pytest.approx(total)
    assert tried


def test_each_group_has_the_portfolio_of_its_own_weights() -> None:
    document = example()
    rows = solve(document)["partnerships"]
    for group in ("executives", "clinicians"):
        alone = copy.deepcopy(document)
        alone["weights"] = [one for one in document["weights"] if one["group"] == group]
        assert {row["id"]: row["views"][group] for row in rows} == levels(alone)
    assert all(row["contested"] == (len(set(row["views"].values())) > 1) for row in rows)


def test_one_group_contests_nothing() -> None:
    document = example()
    document["weights"] = document["weights"][:1]
    assert [(row["views"], row["contested"]) for row in solve(document)["partnerships"]] == [(None, None)] * 3


def test_the_weights_of_a_ranking_fit_it_and_average_to_the_centroid() -> None:
    extreme = np.array(corners([[2], [0], [1]], 3))
    drawn = mixtures(extreme, 20_000, np.random.default_rng(4))
    assert np.all(drawn[:, 2] >= drawn[:, 0])
    assert np.all(drawn[:, 0] >= drawn[:, 1])
    assert drawn.sum(axis=1) == pytest.approx(np.ones(20_000))
    # the rank-order centroid of three, as published (Barron and Barrett 1996, table 1): .6111, .2778, .1111
    assert extreme.mean(axis=0) == pytest.approx([0.2778, 0.1111, 0.6111], abs=1e-4)
    assert drawn.mean(axis=0) == pytest.approx(extreme.mean(axis=0), abs=0.01)


def test_objectives_ranked_equal_weigh_the_same() -> None:
    drawn = mixtures(np.array(corners([[0, 2], [1]], 3)), 100, np.random.default_rng(1))
    assert drawn[:, 0] == pytest.approx(drawn[:, 2])
    assert np.all(drawn[:, 0] >= drawn[:, 1])


@pytest.mark.parametrize(
    ("ranking", "reason"),
    [
        (["money", "staff"], 'must rank "patients" once'),
        (["money", "staff", "patients", "money"], 'must rank "money" once'),
        (["money", "staff", "luck"], "is not one of the objectives"),
        ([], "ranking.objectives"),
        ([[], "money"], "ranking.objectives[0]"),
        ("money", "ranking.objectives"),
    ],
)
def test_a_ranking_that_does_not_rank_is_refused(ranking: Any, reason: str) -> None:
    document = example()
    document["weights"][0]["ranking"]["objectives"] = ranking
    with pytest.raises(DocumentError) as refused:
        solve(document)
    assert reason in str(refused.value)


def test_changing_costs_what_was_said_and_can_outweigh_a_small_gain() -> None:
    document = random_portfolio(11, 10)
    free = solve(document)
    dear = solve({**document, "cost_of_change": {"up": 1_000, "down": 1_000}})
    assert free["cost_of_change"] == 0
    kept = [row["level"] == row["today"] for row in dear["partnerships"]]
    assert sum(kept) > sum(row["level"] == row["today"] for row in free["partnerships"])
    some = solve({**document, "cost_of_change": {"up": 0.5, "down": 0.25}})
    values = sum(row["value"] for row in some["partnerships"])
    synergies = some["total_value"] - values + some["penalty"] + some["cost_of_change"]
    assert synergies >= -1e-6
    assert some["total_value"] <= free["total_value"] + 1e-6


def pool_bound_portfolio(clinical_days: float) -> Document:
    """Thirty partnerships of nearly the same worth, a clinical day each."""
    random = np.random.default_rng(5)
    partnerships = []
    for n in range(30):
        value = 10 + n / 100
        drawn = np.round(value + 3 * random.standard_normal(200), 3).tolist()
        sustain = {"level": "sustain", "value": value, "value_draws": drawn, "days": {"clin": 1, "exec": 1}}
        decline = {"level": "decline", "value": 0, "value_draws": [0] * 200}
        partnerships.append({"id": f"p{n:02d}", "options": [decline, sustain]})
    pools = [{"id": "clin", "days": clinical_days}, {"id": "exec", "days": 40}]
    return {"format": "triage/1", "draws": 200, "pools": pools, "partnerships": partnerships}


@pytest.mark.parametrize(("days", "waiting"), [(20, ["p08", "p09"]), (19, []), (10, []), (30, [])])
def test_capacity_is_built_where_a_day_is_dear_and_several_unsure_partnerships_wait(
    days: float, waiting: list[str]
) -> None:
    built = solve(pool_bound_portfolio(days))["build_capacity"]
    assert built == ([{"pool": "clin", "blocked": waiting}] if waiting else [])


def test_at_its_weakest_characteristic_it_is_where_the_engine_puts_it_then() -> None:
    document = example()
    partnership(document, "cancer")["readiness"] |= {"weakest": 0.4}
    # half agree and half disagree, but for one characteristic on which all disagree
    people = [[5, 5, 5, 5, 1, 5, 5, 5], [3, 3, 3, 3, 1, 3, 3, None]]
    partnership(document, "estates")["readiness"] = {"answers": people}
    rows = {row["id"]: row for row in solve(document)["partnerships"]}
    assert rows["estates"]["turns"]["weakest"]["at"] == pytest.approx(0.2)
    assert rows["workforce"]["turns"]["weakest"] is None
    for identifier in ("cancer", "estates"):
        turn = rows[identifier]["turns"]["weakest"]
        changed = copy.deepcopy(document)
        partnership(changed, "estates")["readiness"] = {"mean": rows["estates"]["readiness"]["mean"]}
        partnership(changed, identifier)["readiness"] = {"mean": turn["at"]}
        assert levels(changed)[identifier] == turn["level"]
    alone = example()
    partnership(alone, "cancer")["readiness"] |= {"weakest": 0.4}
    said = next(row["because"] for row in solve(alone)["partnerships"] if row["id"] == "cancer")
    assert "If it were only as ready as its weakest characteristic, 40%, it would be at “Sustain”." in said


def test_a_level_that_does_not_fit_now_says_how_many_fewer_days_would_do() -> None:
    options = [{"level": "no", "value": 0}, {"level": "yes", "value": 5, "days": {"exec": 11}}]
    document = {
        "format": "triage/1",
        "pools": [{"id": "exec", "days": 10}],
        "partnerships": [{"id": "a", "options": options}],
    }
    [row] = solve(document)["partnerships"]
    assert row["flip"] == {"yes": None}
    assert row["turns"]["days"]["at"] == pytest.approx(10 / 11, abs=0.01)
    assert row["turns"]["days"]["at"] <= 10 / 11


def test_a_mandate_has_a_price_also_where_more_than_it_asks_is_chosen() -> None:
    """Without the duty the days of "touch" would go to the other, and "sustain" is only the best of what is left."""
    duty = [
        {"level": "no", "value": 0},
        {"level": "touch", "value": 1, "days": {"exec": 6}},
        {"level": "sustain", "value": 2, "days": {"exec": 7}},
    ]
    other = [{"level": "no", "value": 0}, {"level": "yes", "value": 9, "days": {"exec": 10}}]
    document = {
        "format": "triage/1",
        "pools": [{"id": "exec", "days": 10}],
        "partnerships": [{"id": "a", "at_least": "touch", "options": duty}, {"id": "b", "options": other}],
    }
    row = solve(document)["partnerships"][0]
    assert (row["level"], row["price_of_mandate"]) == ("sustain", 7)
    assert row["label"] != "do_the_minimum"


def test_what_is_worth_the_same_to_all_is_not_contested() -> None:
    document = example()
    partnership(document, "workforce")["ratings"] = []
    rows = {row["id"]: row for row in solve(document)["partnerships"]}
    assert rows["workforce"]["contested"] is False
    assert not any("contested" in sentence for sentence in rows["workforce"]["because"])


def test_a_ranking_of_something_else_is_refused() -> None:
    document = example()
    document["weights"][0]["ranking"]["partnerships"] = ["cancer"]
    with pytest.raises(DocumentError, match="partnerships"):
        solve(document)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ranking": {"objectives": ["money", "staff", "patients"], "ways": ["pool", "learn"]}}, '"join-up" once'),
        ({"ranking": {"objectives": ["money", "staff", "patients"], "ways": ["luck"]}}, "is not one of the ways"),
        ({"ways": {"pool": 1}}, "must not have both ways (with weights) and ranking.ways"),
        ({"objectives": {"money": 1}}, "must have either objectives (with weights) or ranking.objectives"),
        ({"ranking": {"ways": ["pool", "join-up", "learn"]}}, "must have either objectives"),
        ({"ranking": {"note": "none yet"}}, "ranking: must rank the objectives, the ways or both"),
    ],
)
def test_points_and_rankings_that_do_not_go_together_are_refused(changes: Any, reason: str) -> None:
    document = two_rankings()
    document["weights"][0] |= changes
    with pytest.raises(DocumentError) as refused:
        solve(document)
    assert reason in str(refused.value)


def test_who_ranks_the_ways_weighs_them_by_their_centroid_within_every_objective() -> None:
    """Executives: money 2/3, the others 1/6 each; pool 11/18, join up 5/18, learn 2/18 (rank-order centroids)."""
    document = two_rankings()
    document["weights"] = document["weights"][:1]
    for row in document["partnerships"]:
        row["readiness"] = {"mean": 1}
    means = {row["id"]: row["values"] for row in solve(document)["partnerships"]}
    assert means["estates"]["prioritise"] == pytest.approx(70 * 2 / 3 * 11 / 18)
    assert means["cancer"]["prioritise"] == pytest.approx(60 * 1 / 6 * 5 / 18)
    assert means["workforce"]["prioritise"] == pytest.approx(50 * 1 / 6 * 2 / 18 + 50 / 3 * 2 / 3 * 11 / 18)


def test_every_draw_of_weights_fits_both_rankings_and_points_stay_as_they_are() -> None:
    criteria = read_document(two_rankings()).criteria
    assert criteria is not None
    executive, director = criteria.decision_makers
    drawn = drawn_weights(executive, 1, 2000).reshape(-1, 3, 3)  # objectives and ways as the example lists them
    on_objectives, on_ways = drawn.sum(axis=2), drawn.sum(axis=1)
    assert drawn.sum(axis=(1, 2)) == pytest.approx(np.ones(2000))
    assert np.all(on_objectives[:, 2] >= on_objectives[:, 0] - 1e-12)
    assert on_objectives[:, 0] == pytest.approx(on_objectives[:, 1])
    assert np.all(on_ways[:, 2] >= on_ways[:, 0] - 1e-12)
    assert np.all(on_ways[:, 0] >= on_ways[:, 1] - 1e-12)
    assert abs(np.corrcoef(on_objectives[:, 2], on_ways[:, 2])[0, 1]) < 0.1  # drawn apart
    assert drawn.mean(axis=0).ravel() == pytest.approx(mean_weights(executive), abs=0.01)
    points = drawn_weights(director, 1, 50).reshape(-1, 3, 3).sum(axis=2)
    assert points == pytest.approx(np.tile([0.8, 0.2, 0.0], (50, 1)))


def close_run(seed: int, size: int = 36) -> Document:
    """Values within a twentieth of the days, and rules over many: thousands of portfolios are nearly the best."""
    random = np.random.default_rng(seed)
    pools = ("a", "b", "c")
    names = [f"p{n:02}" for n in range(size)]
    days = random.integers(4, 81, (size, len(pools))) / 2

    def option(level: str, asked: Any) -> Document:
        return {
            "level": level,
            "value": round(float(asked.sum() * random.uniform(0.95, 1.05)), 3),
            "days": dict(zip(pools, asked.tolist(), strict=True)),
        }

    return {
        "format": "triage/1",
        "pools": [{"id": pool, "days": float(days[:, k].sum() * 0.45 // 1)} for k, pool in enumerate(pools)],
        "partnerships": [
            {
                "id": name,
                "options": [
                    {"level": "decline", "value": 0},
                    option("sustain", days[n] * 0.6 // 1 / 2),
                    option("prioritise", days[n]),
                ],
            }
            for n, name in enumerate(names)
        ],
        "rules": [
            {"at_least": 3, "of": names[first : first + 12], "level": "prioritise"} for first in range(0, size - 6, 6)
        ],
        "outputs": ["choice", "flip", "competitors", "frontier"],
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_hard_to_prove_never_contradicts_itself(seed: int) -> None:
    document = close_run(seed)
    result = solve(document)
    lost = [one["gives_up"] for one in result["competitors"]]
    assert lost == sorted(lost)
    assert len(lost) == 5
    flips = {one["id"]: one["flip"] for one in result["partnerships"]}
    for competitor in result["competitors"]:
        for swap in competitor["swaps"]:
            assert flips[swap["id"]][swap["to"]] <= competitor["gives_up"] + 1e-9
    assert min(loss for one in flips.values() for loss in one.values() if loss is not None) >= lost[0] - 1e-9
    for pool in document["pools"]:
        curve = result["frontier"][pool["id"]]
        worth = [point["value"] for point in curve if point["value"] is not None]
        assert worth == sorted(worth)
        assert all(point["value"] >= result["total_value"] for point in curve if point["days"] >= pool["days"])
