"""Small portfolios that can be worked out with pencil and paper."""

from __future__ import annotations

from typing import Any

import pytest

from scoring.engine import solve

Document = dict[str, Any]


def portfolio(days: float, *partnerships: Document, **more: Any) -> Document:
    return {
        "format": "triage/1",
        "pools": [{"id": "exec", "label": "executive", "days": days}],
        "partnerships": list(partnerships),
        **more,
    }


def partnership(name: str, *values: float, days: tuple[float, ...], **more: Any) -> Document:
    levels = ("decline", "sustain", "prioritise")
    options = [
        {"level": level, "value": value, "days": {"exec": used}, "load": load}
        for level, value, used, load in zip(levels, values, days, (0, 1, 3), strict=True)
    ]
    return {"id": name, "options": options, **more}


def levels(result: Document) -> dict[str, str]:
    return {one["id"]: one["level"] for one in result["partnerships"]}


ICB = partnership("icb", 0, 3, 5, days=(0, 4, 9))
PLACE = partnership("place", 0, 6, 8, days=(0, 5, 10))


def test_four_projects_and_one_budget() -> None:
    """PROBE (Lourenço, Morton and Bana e Costa 2012), table 1: the ratio rule would stop at projects 1 and 2."""
    projects = [
        {"id": str(n), "options": [{"level": "no", "value": 0}, {"level": "yes", "value": v, "days": {"exec": c}}]}
        for n, (v, c) in enumerate(((3, 4), (4, 8), (3, 10), (2, 8)), start=1)
    ]
    result = solve(portfolio(20, *projects))
    assert [name for name, level in levels(result).items() if level == "yes"] == ["1", "2", "4"]
    assert result["total_value"] == 9
    assert result["days"] == {"exec": 20}


def test_nine_days_for_two_partnerships() -> None:
    """Both at sustain take 9 days and are worth 9; either alone at prioritise is worth less."""
    result = solve(portfolio(9, ICB, PLACE))
    assert levels(result) == {"icb": "sustain", "place": "sustain"}
    assert result["total_value"] == 9
    flips = {one["id"]: one["flip"] for one in result["partnerships"]}
    assert flips["icb"] == {"decline": 3, "prioritise": 4}  # 6 alone; 5 alone
    assert flips["place"] == {"decline": 4, "prioritise": None}  # icb at prioritise is worth 5; ten days do not fit
    assert result["price_of_a_day"]["exec"]["mean"] == 0  # a tenth day buys nothing …
    assert result["price_of_a_day"]["exec"]["five_days"] == pytest.approx(0.4)  # … five buy place up to 8, for 2


def test_a_day_that_does_not_fit_by_a_thousandth_does_not_fit() -> None:
    assert solve(portfolio(9, ICB, PLACE))["total_value"] == 9
    assert solve(portfolio(8.999, ICB, PLACE))["total_value"] == 6


def test_a_mandate_holds_and_has_a_price() -> None:
    mandated = {**ICB, "at_least": "prioritise", "today": "prioritise", "mandate": "the Act"}
    result = solve(portfolio(10, mandated, PLACE))
    icb = result["partnerships"][0]
    assert levels(result) == {"icb": "prioritise", "place": "decline"}
    assert icb["flip"] == {"decline": None, "sustain": None}
    assert icb["price_of_mandate"] == 4  # both at sustain are worth 9 instead of 5
    assert icb["label"] == "do_the_minimum"
    assert "without the duty the best portfolio would be worth 4 points more" in icb["reason"]
    assert "the Act" in icb["reason"]


def test_pools_are_never_added_together() -> None:
    document = portfolio(10, {"id": "a", "options": [{"level": "no", "value": 0}, {"level": "yes", "value": 1}]})
    document["pools"].append({"id": "clinical", "days": 1})
    document["partnerships"][0]["options"][1]["days"] = {"exec": 1, "clinical": 2}
    assert levels(solve(document)) == {"a": "no"}


def test_the_reserve_is_kept_back() -> None:
    document = portfolio(10, ICB, PLACE)
    document["pools"][0]["reserve"] = 0.2
    assert solve(document)["total_value"] == 6
    assert solve(document)["available"] == {"exec": 8}


def test_days_set_aside_for_something_else_are_not_there() -> None:
    document = portfolio(12, ICB, PLACE)
    document["pools"][0] |= {"set_aside": 5, "freed": 1}
    assert solve(document)["total_value"] == 6
    assert solve(document)["available"] == {"exec": 8}
    assert solve(portfolio(8, ICB, PLACE))["partnerships"] == solve(document)["partnerships"]


def test_rules_are_kept() -> None:
    place = partnership("place", 0, 6, 8.5, days=(0, 5, 10))
    free = solve(portfolio(15, ICB, place))
    assert levels(free) == {"icb": "sustain", "place": "prioritise"}
    apart = solve(portfolio(15, ICB, place, rules=[{"not_both": [["icb", "sustain"], ["place", "sustain"]]}]))
    assert levels(apart) == {"icb": "decline", "place": "prioritise"}
    needs = solve(portfolio(15, ICB, place, rules=[{"if": ["place", "sustain"], "then": ["icb", "prioritise"]}]))
    assert levels(needs) == {"icb": "prioritise", "place": "sustain"}
    both = solve(portfolio(10, ICB, place, rules=[{"at_least": 1, "of": ["icb", "place"], "level": "prioritise"}]))
    assert levels(both) == {"icb": "decline", "place": "prioritise"}


def test_a_synergy_counts_when_every_member_is_there() -> None:
    synergy = {"synergy": 2.5, "of": [["icb", "sustain"], ["place", "sustain"]]}
    assert solve(portfolio(9, ICB, PLACE, rules=[synergy]))["total_value"] == 11.5
    assert solve(portfolio(8, ICB, PLACE, rules=[synergy]))["total_value"] == 6


def test_past_the_tipping_point_less_is_more() -> None:
    """Load 6 with everything prioritised. With knee 2 and slope 1.2 the penalty of load 4 is 2.4."""
    result = solve(portfolio(100, ICB, PLACE, load={"knee": 2, "slope": 1.2}))
    assert levels(result) == {"icb": "sustain", "place": "sustain"}  # 9 beats 11 − 2.4
    assert result["total_value"] == 9
    curve = {point["load"]: point["value"] for point in result["load_curve"]["points"]}
    assert curve == pytest.approx({0: 0, 1: 6, 2: 9, 3: 7.4, 4: 8.6, 6: 3.4})
    assert result["load_curve"]["highest"] == {"load": 2, "value": 9, "before_penalty": 9}


def test_today_promises_more_than_it_can_deliver() -> None:
    """Ten days, asked for twice over: every promise delivers half."""
    asked = [
        partnership("a", 0, 4, 12, days=(0, 4, 15), today="prioritise"),
        partnership("b", 0, 4, 8, days=(0, 5, 9), today="sustain"),
    ]
    today = solve(portfolio(10, *asked))["today"]
    assert today["promised"] == 16
    assert today["deliverable"] == 8
    assert today["days"] == {"exec": 20}
    assert today["load"] == 4


def test_a_shortfall_is_the_least_overrun() -> None:
    mandated = [{**ICB, "at_least": "sustain"}, {**PLACE, "at_least": "sustain"}]
    result = solve(portfolio(7.5, *mandated))
    assert (result["status"], result["shortfall"], result["conflict"]) == ("infeasible", {"exec": 1.5}, [])
    assert result["total_value"] is None
    assert result["partnerships"] is None


def test_leaving_may_cost_days_too() -> None:
    leaving = partnership("old", 0, 1, 2, days=(2, 3, 4))
    assert solve(portfolio(1, leaving))["shortfall"] == {"exec": 1}


def test_rules_that_contradict_each_other_are_named() -> None:
    rules = [
        {"if": ["icb", "sustain"], "then": ["place", "sustain"]},
        {"not_both": [["icb", "sustain"], ["place", "sustain"]]},
        {"at_least": 1, "of": ["icb", "place"], "level": "sustain"},
    ]
    result = solve(portfolio(50, {**ICB, "at_least": "sustain"}, PLACE, rules=rules))
    assert result["status"] == "infeasible"
    assert result["shortfall"] == {}
    assert result["conflict"] == [
        {"partnership": "icb", "at_least": "sustain"},
        {"rule": rules[0], "index": 0},
        {"rule": rules[1], "index": 1},
    ]


def test_two_contradicting_rules_are_found_among_a_thousand() -> None:
    duty = [{"at_least": 1, "of": ["icb"], "level": "prioritise"}] * 500
    never = {"not_both": [["icb", "prioritise"], ["place", "sustain"]]}
    also = {"if": ["icb", "sustain"], "then": ["place", "sustain"]}
    conflict = solve(portfolio(50, ICB, PLACE, rules=[*duty, never, *[also] * 498]))["conflict"]
    assert len(conflict) == 3
    assert [entry["rule"] for entry in sorted(conflict, key=lambda entry: entry["index"])] == [duty[0], never, also]


def test_a_rule_that_nobody_can_keep_is_a_conflict() -> None:
    rule = {"at_least": 3, "of": ["icb", "place"], "level": "sustain"}
    assert solve(portfolio(50, ICB, PLACE, rules=[rule]))["conflict"] == [{"rule": rule, "index": 0}]


def test_draws_say_how_sure() -> None:
    """Nine days hold one of the two at prioritise; the second wins in one draw of four, the first on average."""
    first = partnership("first", 0, 0, 10, days=(0, 9, 9))
    second = partnership("second", 0, 0, 9, days=(0, 9, 9))
    for one, draws in ((first, [10, 10, 10, 10]), (second, [8, 8, 8, 12])):
        for option in one["options"]:
            option["value_draws"] = draws if option["level"] == "prioritise" else [0, 0, 0, 0]
    result = solve(portfolio(9, first, second, draws=4))
    one, two = result["partnerships"]
    assert one["acceptability"]["prioritise"] == 0.75
    assert one["confidence"] == "leaning"
    assert one["close_call"] is False
    assert two["acceptability"]["prioritise"] == 0.25
    assert result["regret"] == {"mean": 0.5, "cvar95": 2.0, "of": 10.0}


def test_progress_ends_at_its_total() -> None:
    seen: list[tuple[int, int]] = []
    solve(portfolio(9, ICB, PLACE), on_progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1]
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert len({total for _, total in seen}) == 1


def test_levels_may_have_any_names() -> None:
    """The lowest level of all is out, the highest is the priority, whatever they are called."""
    options = [{"level": name, "value": value} for name, value in (("leave", 0), ("watch", 1), ("lead", 2))]
    result = solve(portfolio(1, {"id": "a", "options": options}, {"id": "b", "options": options[:2]}))
    assert {one["id"]: one["label"] for one in result["partnerships"]} == {"a": "prioritise", "b": "sustain"}
