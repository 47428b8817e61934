"""Readiness by hand, and what its draws must be."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from diagnostics.instrument import InstrumentError, instrument
from diagnostics.instrument.readiness import RoundScores, assess, realised
from diagnostics.instrument.readiness_rule import load_rule, readiness_rule
from diagnostics.instrument.scoring import Answers, PersonScores, score_person

INSTRUMENT = instrument()


def people(*values: int | None) -> list[Answers]:
    return [dict.fromkeys(INSTRUMENT.item_by_code, value) for value in values]


def of(number: int, *values: int | None) -> RoundScores:
    return scored(number, people(*values))


def scored(number: int, answers: Sequence[Answers]) -> RoundScores:
    return RoundScores(number, INSTRUMENT, [score_person(INSTRUMENT, one) for one in answers])


def test_the_ends_and_the_middle_of_the_scale() -> None:
    assert list(realised(np.array([1.0, 3.0, 5.0]))) == [0.0, 0.5, 1.0]


@pytest.mark.parametrize(("value", "share"), [(1, 0.2), (3, 0.6), (4, 0.8), (5, 1.0)])
def test_a_partnership_alone_is_not_pooled(value: int, share: float) -> None:
    # 0.2 + 0.8·(value − 1)/4
    made = assess({1: of(1, *[value] * 6)}, draws=0, seed=1)[1]
    assert made.own == pytest.approx(share)
    assert made.mean == pytest.approx(share)
    assert made.draws == []


def test_draws_lie_round_the_mean_and_within_bounds() -> None:
    made = assess({1: of(1, 2, 3, 3, 4, 5, 4)}, draws=4000, seed=7)[1]
    assert statistics.fmean(made.draws) == pytest.approx(made.mean, abs=0.005)
    assert min(made.draws) >= 0.2
    assert max(made.draws) <= 1


def test_the_bootstrap_has_the_variance_of_its_closed_form() -> None:
    # Shares 0.25, 0.5, 0.5, 0.75: variance over people 0.03125, over the weighted mean 0.03125/5, times 0.8².
    made = assess({1: of(1, 2, 3, 3, 4)}, draws=20000, seed=3, rule=replace(readiness_rule(), between_floor=10.0))[1]
    assert statistics.pstdev(made.draws) == pytest.approx(0.8 * (0.03125 / 5) ** 0.5, rel=0.03)


def test_over_groups_the_spread_is_that_of_their_mean_and_decides_how_far_it_is_pooled() -> None:
    """By hand, without floors. Shares 0.25 and 0.75 of one group, 0.5 and 1 of the other: the variance of each mean by
    the bootstrap is 0.0625/3, that of their mean the quarter of both, 0.125/12.

    The other two partnerships are as certain as can be, at 0 and at 1, and with the first the variance between
    partnerships is B by moments, which is worked out again here from the formula of DerSimonian and Laird (1986).
    """
    rule = replace(readiness_rule(), within_floor=0.01, between_floor=0.01)
    rounds = {
        1: replace(of(1, 2, 4, 3, 5), groups=["a", "a", "b", "b"]),
        2: replace(of(2, 1, 1, 1, 1), groups=["a", "a", "b", "b"]),
        3: replace(of(3, 5, 5, 5, 5), groups=["a", "a", "b", "b"]),
    }
    made = assess(rounds, draws=20000, seed=3, rule=rule)
    variances = [0.125 / 12, 0.01**2 * (1 / 2 + 1 / 2) / 4, 0.01**2 * (1 / 2 + 1 / 2) / 4]
    own, precision = [0.625, 0.0, 1.0], [1 / one for one in variances]
    fixed = sum(p * o for p, o in zip(precision, own, strict=True)) / sum(precision)
    surplus = sum(p * (o - fixed) ** 2 for p, o in zip(precision, own, strict=True)) - 2
    between = surplus / (sum(precision) - sum(p**2 for p in precision) / sum(precision))
    weights = [1 / (between + one) for one in variances]
    centre = sum(w * o for w, o in zip(weights, own, strict=True)) / sum(weights)
    keep = between / (between + variances[0])
    assert made[1].mean == pytest.approx(0.2 + 0.8 * (centre + keep * (0.625 - centre)), abs=1e-9)
    alone = assess({1: rounds[1]}, draws=20000, seed=3, rule=replace(rule, between_floor=10.0))[1]
    assert statistics.pstdev(alone.draws) == pytest.approx(0.8 * (0.125 / 12) ** 0.5, rel=0.03)


def test_three_who_agree_are_not_certainty() -> None:
    made = assess({1: of(1, 3, 3, 3)}, draws=20000, seed=3, rule=replace(readiness_rule(), between_floor=10.0))[1]
    assert statistics.pstdev(made.draws) == pytest.approx(0.8 * 0.125 / 3**0.5, rel=0.03)


def test_fewer_answers_are_wider() -> None:
    rounds = {1: of(1, 2, 3, 4, 3), 2: of(2, *[2, 3, 4, 3] * 5)}
    made = assess(rounds, draws=4000, seed=1)
    assert statistics.pstdev(made[1].draws) > 1.5 * statistics.pstdev(made[2].draws)


def test_each_is_pooled_towards_the_portfolio_and_the_thinner_the_more() -> None:
    rounds = {1: of(1, 4, 5, 3, 5), 2: of(2, *[4, 5, 3, 5] * 5), 3: of(3, *[2, 3] * 5), 4: of(4, *[3] * 10)}
    made = assess(rounds, draws=0, seed=1)
    centre = statistics.fmean(one.own for one in made.values())
    assert centre < made[1].mean < made[1].own
    assert made[2].own == pytest.approx(made[1].own)
    assert made[2].own - made[2].mean < made[1].own - made[1].mean


def test_a_seed_decides_and_the_order_of_rounds_does_not() -> None:
    rounds = {1: of(1, 2, 3, 4, 3), 2: of(2, 4, 4, 5, 3)}
    backwards = dict(reversed(rounds.items()))
    first = assess(rounds, draws=50, seed=1)
    assert assess(backwards, draws=50, seed=1) == first
    assert assess(rounds, draws=50, seed=2) != first


def test_the_order_of_people_does_not_matter() -> None:
    forwards = assess({1: of(1, 2, 3, 5, 4)}, draws=50, seed=1)
    assert assess({1: of(1, 5, 4, 2, 3)}, draws=50, seed=1) == forwards


def test_a_characteristic_nobody_has_a_view_on_is_left_out() -> None:
    answers = [{**dict.fromkeys(INSTRUMENT.item_by_code, 4), "FOC1": None, "FOC2": None} for _ in range(5)]
    made = assess({1: scored(1, answers)}, draws=20, seed=1)[1]
    assert made.own == pytest.approx(0.8)


def test_one_person_alone_on_a_characteristic_counts_for_it() -> None:
    answers = [*people(4, 4, 4, 4), {**dict.fromkeys(INSTRUMENT.item_by_code, None), "FOC1": 1, "FOC2": 1}]
    made = assess({1: scored(1, answers)}, draws=100, seed=1)[1]
    # Seven characteristics at 4, focus at (4·4 + 1)/5 = 3.4.
    assert made.own == pytest.approx(0.2 + 0.8 * (7 * 0.75 + 0.6) / 8)


def test_weights_are_the_rules() -> None:
    codes = [one.code for one in INSTRUMENT.characteristics]
    rule = replace(readiness_rule(), weights={code: 1.0 if code == "focus" else 0.0 for code in codes})
    answers = [{**dict.fromkeys(INSTRUMENT.item_by_code, 5), "FOC1": 1, "FOC2": 1} for _ in range(5)]
    made = assess({1: scored(1, answers)}, draws=0, seed=1, rule=rule)[1]
    assert made.own == pytest.approx(0.2)


def test_what_has_no_weight_is_neither_counted_nor_the_weakest() -> None:
    weights = {**dict.fromkeys(readiness_rule().weights, 0.0), "trust": 0.75, "skills": 0.25}
    rule = replace(readiness_rule(), weights=weights)
    given = {"TRU1": 5, "TRU2": 5, "SKI1": 3, "SKI2": 3, "FOC1": 1, "FOC2": 1}
    answers = [{**dict.fromkeys(INSTRUMENT.item_by_code, 2), **given} for _ in range(5)]
    made = assess({1: scored(1, answers)}, draws=400, seed=1, rule=rule)[1]
    assert made.own == pytest.approx(0.2 + 0.8 * (0.75 * 1 + 0.25 * 0.5))
    assert made.weakest == pytest.approx(0.2 + 0.8 * 0.5)
    assert statistics.fmean(made.draws) == pytest.approx(made.mean, abs=0.01)


def test_views_on_nothing_that_has_a_weight_are_no_readiness() -> None:
    weights = {**dict.fromkeys(readiness_rule().weights, 0.0), "trust": 1.0}
    unheard: Answers = {"FOC1": 4, "FOC2": 4, "TRU1": None}
    rounds = {1: scored(1, [unheard] * 5)}
    assert assess(rounds, draws=5, seed=1, rule=replace(readiness_rule(), weights=weights)) == {}


def test_the_rule_in_force_counts_all_eight_alike() -> None:
    rule = readiness_rule()
    assert (rule.version, rule.least) == ("readiness-1", 0.2)
    assert dict(rule.weights) == dict.fromkeys([one.code for one in INSTRUMENT.characteristics], 0.125)


def shipped() -> dict[str, Any]:
    rule = readiness_rule()
    return {"format": "readiness-rule/1", **vars(rule), "weights": dict(rule.weights)}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "readiness-rule/2"}, "format"),
        ({"leest": 0.2}, "leest is missing or not known"),
        ({"weights": {"purpose": 1}}, "weights: expected one for each of"),
        ({"weights": [1]}, "weights: expected one for each of"),
        ({"weights": {**readiness_rule().weights, "luck": 0}}, "weights: expected one for each of"),
        ({"weights": {**readiness_rule().weights, "trust": 0.25}}, "they sum to 1.125, and must sum to 1"),
        ({"weights": {**readiness_rule().weights, "trust": -0.125}}, "trust: expected a number from 0 to 1"),
        ({"weights": {**readiness_rule().weights, "trust": float("nan")}}, "trust: expected a number from 0 to 1"),
        ({"weights": {**readiness_rule().weights, "trust": True}}, "trust: expected a number from 0 to 1"),
        ({"least": 2}, "least: expected a number from 0 to 1"),
    ],
)
def test_a_rule_that_is_wrong_says_where(change: dict[str, Any], said: str) -> None:
    assert load_rule(json.loads(json.dumps(shipped()))) == readiness_rule()
    with pytest.raises(InstrumentError, match=said):
        load_rule(shipped() | change)


@pytest.mark.parametrize("version", ["readiness-0", "../versions/eight-characteristics-1", ""])
def test_a_rule_that_is_not_shipped_is_refused(version: str) -> None:
    with pytest.raises(InstrumentError, match="There is no readiness rule"):
        readiness_rule(version)


def test_no_views_no_readiness() -> None:
    assert assess({1: of(1, None, None)}, draws=5, seed=1) == {}
    assert assess({}, draws=5, seed=1) == {}


def test_where_organisations_count_each_does_once_in_every_draw() -> None:
    """Two that agree among themselves and not with each other: nothing but the floor is left open."""
    both = replace(of(1, *[1] * 5, *[5] * 15), groups=["council"] * 5 + ["trust"] * 15)
    wide = replace(readiness_rule(), between_floor=10.0)
    made = assess({1: both}, draws=20000, seed=3, rule=wide)[1]
    assert made.own == pytest.approx(0.6)  # over people it would be 0.8
    assert assess({1: replace(both, groups=None)}, draws=10, seed=3)[1].own == pytest.approx(0.8)
    floor = 0.8 * 0.125 * ((1 / 5 + 1 / 15) / 4) ** 0.5
    assert statistics.pstdev(made.draws) == pytest.approx(floor, rel=0.03)
    assert made.weakest == pytest.approx(0.6)


def test_the_bootstrap_within_organisations_has_its_closed_form() -> None:
    # Shares 0, 0, 1, 1 in each of two: variance 0.25 over people, 0.25/5 over a weighted mean, of two halves a half.
    both = replace(of(1, 1, 5, 1, 5, 1, 5, 1, 5), groups=["a", "a", "a", "a", "b", "b", "b", "b"])
    made = assess({1: both}, draws=20000, seed=3, rule=replace(readiness_rule(), between_floor=10.0))[1]
    assert statistics.pstdev(made.draws) == pytest.approx(0.8 * (0.25 / 5 / 2) ** 0.5, rel=0.03)


def test_an_organisation_counts_once_on_a_characteristic_whoever_of_it_has_a_view() -> None:
    """Of the trust half know nothing of all but three: the mean of two organisations is that of their means."""
    rule = replace(readiness_rule(), between_floor=10.0)
    whole = dict.fromkeys(rule.weights, 5.0)
    known = dict(list(whole.items())[:3])
    low = dict.fromkeys(rule.weights, 1.0)
    people = [PersonScores({}, one, {}, None) for one in (*[whole] * 5, *[known] * 5, *[low] * 6)]
    mixed = RoundScores(1, of(1, 3).instrument, people, groups=["trust"] * 10 + ["council"] * 6)
    made = assess({1: mixed}, draws=4000, seed=3, rule=rule)[1]
    assert made.own == pytest.approx(0.6)
    assert statistics.fmean(made.draws) == pytest.approx(0.6, abs=0.005)


def test_an_organisation_in_which_nobody_has_a_view_on_a_characteristic_is_left_out_of_that_one() -> None:
    rule = readiness_rule()
    first, *rest = rule.weights
    silent = [PersonScores({}, dict.fromkeys(rest, 3.0), {}, None) for _ in range(6)]
    others = [PersonScores({}, dict.fromkeys(rule.weights, 3.0) | {first: 5.0}, {}, None) for _ in range(6)]
    round_ = RoundScores(1, of(1, 3).instrument, [*silent, *others], groups=["a"] * 6 + ["b"] * 6)
    made = assess({1: round_}, draws=10, seed=3)[1]
    share = rule.weights[first] / sum(rule.weights.values())
    assert made.own == pytest.approx(rule.least + (1 - rule.least) * (share + (1 - share) / 2))
