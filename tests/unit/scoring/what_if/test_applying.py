"""Levers pulled on a document: only what they name changes, and the result is a document that the engine takes."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from scoring.engine import solve
from scoring.what_if import (
    Attention,
    Days,
    Duty,
    Held,
    Lever,
    NoTippingPoint,
    Weights,
    apply,
    keep_as_recommended,
    levers_that_apply,
)

Json = dict[str, Any]
LEVELS = (("out", 0.0, 0), ("some", 0.5, 1), ("all", 1.0, 3))


def document(**facts: Any) -> Json:
    """Three partnerships worth 90, 60 and 30 points on "care" and the other way round on "learning"."""
    partnerships = [
        {
            "id": name,
            "name": name.title(),
            "today": "some",
            "ratings": [
                {"objective": "care", "low": care, "likely": care, "high": care},
                {"objective": "learning", "low": 120 - care, "likely": 120 - care, "high": 120 - care},
            ],
            "readiness": {"mean": 1},
            "options": [{"level": level, "days": {"executive": round(10 * share, 1)}} for level, share, _ in LEVELS],
        }
        for name, care in (("acute", 90), ("breast", 60), ("cancer", 30))
    ]
    return {
        "format": "triage/1",
        "seed": 1,
        "draws": 20,
        "pools": [{"id": "executive", "label": "Executive", "days": 20, "reserve": 0}],
        "levels": [
            {"id": level, "label": level.title(), "share": share, "load": load} for level, share, load in LEVELS
        ],
        "objectives": [{"id": "care", "label": "Care"}, {"id": "learning", "label": "Learning"}],
        "weights": [
            {"who": "a@example.org", "objectives": {"care": 100}},
            {"who": "b@example.org", "objectives": {"care": 75, "learning": 25}},
        ],
        "partnerships": partnerships,
        **facts,
    }


def levels_of(result: Json) -> dict[str, str]:
    assert result["status"] == "optimal", result["conflict"]
    return {one["id"]: one["level"] for one in result["partnerships"]}


def pull(given: Json, *levers: Lever) -> Json:
    return apply(given, levers, hurts_from=2, adds_nothing_at=10)


def test_without_levers_only_the_outputs_change() -> None:
    given = document()
    assert pull(given) == {**given, "rules": [], "outputs": ["choice", "acceptability", "information"]}


def test_the_document_that_was_given_stays_as_it_was() -> None:
    given = document(rules=[{"at_least": 1, "of": ["acute", "breast"], "level": "some"}])
    before = copy.deepcopy(given)
    weights = Weights((("care", 1), ("learning", 1)))
    pull(given, Days("executive", 1), weights, Held("acute", "some"), Duty("breast", "some"))
    keep_as_recommended(given, {"acute": "all"})
    assert given == before


def test_days_are_those_of_the_pool_that_is_named() -> None:
    assert levels_of(solve(pull(document()))) == {"acute": "all", "breast": "all", "cancer": "out"}
    assert levels_of(solve(pull(document(), Days("executive", 30)))) == {
        "acute": "all",
        "breast": "all",
        "cancer": "all",
    }
    changed = pull(document(), Days("executive", 7.5))
    assert changed["pools"] == [{"id": "executive", "label": "Executive", "days": 7.5, "reserve": 0}]


def test_everybody_weighs_alike_and_keeps_their_own_weights_on_the_ways() -> None:
    given = document()
    given["weights"][0]["ways"] = {"value": 3}
    changed = pull(given, Weights((("care", 0.0), ("learning", 100.0))))
    assert changed["weights"] == [
        {"who": "a@example.org", "objectives": {"care": 0.0, "learning": 100.0}, "ways": {"value": 3}},
        {"who": "b@example.org", "objectives": {"care": 0.0, "learning": 100.0}},
    ]
    assert levels_of(solve(changed)) == {"acute": "out", "breast": "all", "cancer": "all"}


def test_who_ranked_the_ways_keeps_that_ranking() -> None:
    given = document()
    given["weights"][1] = {"who": "b@example.org", "ranking": {"objectives": ["learning", "care"], "ways": ["value"]}}
    changed = pull(given, Weights((("care", 1.0), ("learning", 3.0))))
    assert changed["weights"][1] == {
        "who": "b@example.org",
        "objectives": {"care": 1.0, "learning": 3.0},
        "ranking": {"ways": ["value"]},
    }
    assert solve(changed)["status"] == "optimal"


WAYS = [{"id": "join", "label": "Join"}, {"id": "pool", "label": "Pool"}]


def test_everybody_weighs_the_ways_alike_and_keeps_what_they_said_of_the_objectives() -> None:
    given = document(ways=WAYS)
    for one in given["partnerships"]:
        for rating in one["ratings"]:
            rating["way"] = "join" if rating["objective"] == "care" else "pool"
    given["weights"] = [
        {"who": "a@example.org", "objectives": {"care": 100}, "ways": {"pool": 3}},
        {"who": "b@example.org", "ranking": {"objectives": ["learning", "care"], "ways": ["pool", "join"]}},
    ]
    changed = pull(given, Weights(ways=(("join", 80.0), ("pool", 20.0))))
    assert changed["weights"] == [
        {"who": "a@example.org", "objectives": {"care": 100}, "ways": {"join": 80.0, "pool": 20.0}},
        {
            "who": "b@example.org",
            "ranking": {"objectives": ["learning", "care"]},
            "ways": {"join": 80.0, "pool": 20.0},
        },
    ]
    assert solve(changed)["status"] == "optimal"
    both = pull(given, Weights((("care", 1.0), ("learning", 3.0)), (("join", 1.0), ("pool", 0.0))))
    assert [(one["objectives"], one["ways"], "ranking" in one) for one in both["weights"]] == [
        ({"care": 1.0, "learning": 3.0}, {"join": 1.0, "pool": 0.0}, False)
    ] * 2


def test_ways_weighed_where_nobody_had_said_anything_leave_the_objectives_alike() -> None:
    changed = pull(document(weights=[], ways=WAYS, partnerships=[]), Weights(ways=(("join", 2.0), ("pool", 0.0))))
    assert changed["weights"] == [
        {"who": "what-if", "objectives": {"care": 1.0, "learning": 1.0}, "ways": {"join": 2.0, "pool": 0.0}}
    ]


def test_weights_on_ways_that_are_not_there_any_more_do_not_apply() -> None:
    given = document(ways=WAYS)
    whole = Weights(ways=(("join", 1.0), ("pool", 1.0)))
    assert levers_that_apply(given, [whole, Weights(ways=(("join", 1.0), ("gone", 1.0)))]) == [whole]


def test_weights_where_nobody_had_set_any() -> None:
    changed = pull(document(weights=[]), Weights((("care", 2.0), ("learning", 1.0))))
    assert [one["objectives"] for one in changed["weights"]] == [{"care": 2.0, "learning": 1.0}]
    assert solve(changed)["status"] == "optimal"


@pytest.mark.parametrize("level", ["out", "some", "all"])
@pytest.mark.parametrize("name", ["acute", "breast", "cancer"])
def test_a_partnership_is_held_at_exactly_one_level(name: str, level: str) -> None:
    """The value lost is the engine's own flip, which forces a level in another way."""
    base = solve({**document(), "outputs": ["choice", "flip"]})
    held = solve(pull(document(), Held(name, level)))
    assert levels_of(held)[name] == level
    one = next(one for one in base["partnerships"] if one["id"] == name)
    loss = 0.0 if one["level"] == level else one["flip"][level]
    assert held["total_value"] == pytest.approx(base["total_value"] - loss)


def test_holding_keeps_rules_that_name_other_levels() -> None:
    given = document(rules=[{"if": ["cancer", "all"], "then": ["acute", "all"]}])
    assert levels_of(solve(pull(given, Held("acute", "some"), Held("breast", "out"))))["cancer"] == "some"


def test_holding_below_a_duty_sets_it_aside() -> None:
    given = document()
    given["partnerships"][2] |= {"at_least": "some", "mandate": "Act"}
    assert levels_of(solve(pull(given)))["cancer"] == "some"
    held = pull(given, Held("cancer", "out"))
    assert "at_least" not in held["partnerships"][2]
    assert levels_of(solve(held))["cancer"] == "out"
    above = pull(given, Held("cancer", "all"))
    assert above["partnerships"][2]["at_least"] == "some"
    assert levels_of(solve(above))["cancer"] == "all"


def test_a_duty_is_lifted_or_added() -> None:
    given = document()
    given["partnerships"][2] |= {"at_least": "some", "mandate": "Act"}
    lifted = pull(given, Duty("cancer", None))
    assert "at_least" not in lifted["partnerships"][2]
    assert levels_of(solve(lifted))["cancer"] == "out"
    assert levels_of(solve(pull(given, Duty("cancer", "all"))))["cancer"] == "all"


def test_attention_takes_the_slope_of_the_new_answers() -> None:
    given = document(load={"knee": 2, "slope": 1.0})
    changed = pull(given, Attention(0, 4))
    # Today all are at "some", worth 41.25, 30 and 18.75 points for 1 point of attention each.
    assert changed["load"] == {"knee": 0, "slope": 30 / (1 * 4)}
    assert "load" not in pull(given, NoTippingPoint())


def test_other_weights_move_the_slope_as_a_new_run_would() -> None:
    given = document(load={"knee": 2, "slope": 1.0})
    assert pull(given, Weights((("care", 1.0), ("learning", 0.0))))["load"] == {"knee": 2, "slope": 30 / 8}
    assert pull(given, Days("executive", 3))["load"] == {"knee": 2, "slope": 1.0}


@pytest.mark.parametrize(
    "lever",
    [
        Days("nurses", 3),
        Weights((("wealth", 1.0),)),
        Weights(ways=(("hurry", 1.0),)),
        Held("dental", "all"),
        Held("acute", "most"),
        Duty("dental", None),
        Duty("acute", "most"),
    ],
)
def test_a_lever_that_names_what_is_not_there_is_refused_or_left_out(lever: Lever) -> None:
    with pytest.raises(KeyError):
        pull(document(), lever)
    assert levers_that_apply(document(), [lever, NoTippingPoint()]) == [NoTippingPoint()]


def test_levers_that_name_what_is_there_stay() -> None:
    levers: list[Lever] = [
        Days("executive", 3),
        Weights((("care", 1.0), ("learning", 2.0))),
        Held("acute", "all"),
        Duty("breast", None),
        Duty("breast", "some"),
        Attention(1, 2),
    ]
    assert levers_that_apply(document(), levers) == levers


def test_keeping_to_the_recommendation_counts_its_value_without_limits() -> None:
    given = document(rules=[{"synergy": 5.0, "of": [["acute", "all"], ["breast", "some"]]}])
    given["rules"].append({"not_both": [["acute", "all"], ["cancer", "some"]]})
    kept = solve(keep_as_recommended(given, {"acute": "all", "breast": "all", "cancer": "all"}))
    means = [0.875 * care + 0.125 * (120 - care) for care in (90, 60, 30)]
    assert kept["total_value"] == pytest.approx(sum(means) + 5)


def test_the_same_levers_give_the_same_answer() -> None:
    levers = (Days("executive", 12), Held("acute", "some"))
    assert solve(pull(document(), *levers)) == solve(pull(document(), *reversed(levers)))
