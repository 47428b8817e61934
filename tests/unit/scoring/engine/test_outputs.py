"""Each output of a run against every portfolio written out: what `docs/engine.md` says it means, in plain loops."""

from __future__ import annotations

import math
from itertools import islice
from typing import Any

import numpy as np
import pytest

from scoring.engine import solve
from tests.unit.scoring.engine.enumeration import Document, Everything, Whole, percentile
from tests.unit.scoring.engine.portfolios import random_portfolio

DRAWS = 41  # the worst twentieth of them is three
SHARES = (0.0, 0.25, 0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0)


def some(seed: int, **more: Any) -> Document:
    """Up to six partnerships of two to four levels, one or two pools, every kind of rule, mandates and load."""
    document = random_portfolio(seed, 3 + seed % 4, draws=DRAWS, most_pools=2)
    if seed % 3 == 0:
        document["cost_of_change"] = {"up": 0.5, "down": 0.25}
    return {**document, **more}


def fits(seed: int) -> bool:
    every = Everything(some(seed))
    return bool(every.within(every.room))


# No more are written out than are taken: each process of a parallel run does it, also one that runs none of them.
SEEDS = list(islice(filter(fits, range(60)), 24))


@pytest.fixture(scope="module", params=SEEDS)
def case(request: pytest.FixtureRequest) -> tuple[Document, Everything, Whole, Document]:
    """A document, its portfolios, the best of them, and the engine's result."""
    document = some(request.param)
    every = Everything(document)
    best = every.best(every.within(every.room))
    assert best is not None
    result = solve(document)
    assert result["total_value"] == pytest.approx(every.value(best), abs=1e-6)
    assert {one["id"]: one["level"] for one in result["partnerships"]} == {
        name: every.level(name, best) for name in best.places
    }
    return document, every, best, result


Case = tuple[Document, Everything, Whole, Document]


def test_the_price_of_a_day(case: Case) -> None:
    """By pool, the gain of one more day over the draws: mean, p10, p90; and of five at the mean values, divided by
    five.
    """
    _, every, best, result = case
    now = [every.best(every.within(every.room), draw) for draw in range(DRAWS)]
    for pool in every.room:
        wider = every.within({**every.room, pool: every.room[pool] + 1000})
        gains = []
        for draw, before in enumerate(now):
            assert before is not None
            gains.append(max(every.value(one, draw) for one in wider) - every.value(before, draw))
        five = every.within({**every.room, pool: every.room[pool] + 5000})
        price = result["price_of_a_day"][pool]
        assert price["mean"] == pytest.approx(sum(gains) / DRAWS, abs=2e-4)
        assert price["p10"] == pytest.approx(percentile(gains, 10), abs=2e-3)
        assert price["p90"] == pytest.approx(percentile(gains, 90), abs=2e-3)
        assert price["five_days"] == pytest.approx((max(map(every.value, five)) - every.value(best)) / 5, abs=1e-6)


def test_regret(case: Case) -> None:
    """What the best portfolio gives up in each draw against the best of that draw: the mean, and the mean of the
    worst twentieth.
    """
    _, every, best, result = case
    regrets = sorted(
        max(every.value(one, draw) for one in every.within(every.room)) - every.value(best, draw)
        for draw in range(DRAWS)
    )
    worst = regrets[-math.ceil(DRAWS / 20) :]
    assert len(worst) == 3
    assert result["regret"]["mean"] == pytest.approx(sum(regrets) / DRAWS, abs=2e-4)
    assert result["regret"]["cvar95"] == pytest.approx(sum(worst) / 3, abs=2e-3)
    assert result["regret"]["of"] == pytest.approx(every.value(best), abs=1e-6)


def test_information(case: Case) -> None:
    """What choosing the whole portfolio anew would add, on average over the draws, if one partnership's values were
    known to be those of the draw and all others had their means.
    """
    _, every, best, result = case
    fitting = every.within(every.room)
    for row in result["partnerships"]:
        name = row["id"]

        def known(whole: Whole, draw: int, name: str = name) -> float:
            n = whole.places[name]
            return every.value(whole) - every.of(name, n) + every.of(name, n, draw)

        gains = [max(known(one, draw) for one in fitting) - known(best, draw) for draw in range(DRAWS)]
        assert row["information"] == pytest.approx(sum(gains) / DRAWS, abs=1e-6), name


def test_the_frontier(case: Case) -> None:
    """By pool, the best value with so much of its days and the other pools as they are; null where nothing fits."""
    _, every, _, result = case
    for pool, room in every.room.items():
        for share, point in zip(SHARES, result["frontier"][pool], strict=True):
            assert point["days"] == pytest.approx(round(room * share) / 1000)
            fitting = every.within({**every.room, pool: round(room * share)})
            expected = max(map(every.value, fitting), default=None)
            assert point["value"] == (None if expected is None else pytest.approx(expected, abs=1e-4))


def test_the_load_curve(case: Case) -> None:
    """The best net value at exactly each total load, rules and mandates kept, days lifted; its highest point, of equals
    the one of least load; and today's load with what is promised today.
    """
    _, every, _, result = case
    by_load: dict[int, float] = {}
    for one in every.wholes:
        by_load[one.load] = max(by_load.get(one.load, -math.inf), every.value(one))
    points = {point["load"]: point["value"] for point in result["load_curve"]["points"]}
    assert points == {load: pytest.approx(value, abs=1e-6) for load, value in by_load.items()}
    highest = result["load_curve"]["highest"]
    assert highest["value"] == pytest.approx(max(by_load.values()), abs=1e-6)
    assert highest["load"] == min(load for load, value in by_load.items() if value > highest["value"] - 1e-9)
    assert result["load_curve"]["today"] == {"load": result["today"]["load"], "value": result["today"]["promised"]}


def test_today(case: Case) -> None:
    """Values of today's levels, promised; and deliverable, where each counts times the least share that a pool it uses
    has of what it is asked for, and a synergy times the least of its members'.
    """
    document, every, _, result = case
    today = every.today()
    asked, room = today.days, every.room
    shares = {}
    for name, n in today.places.items():
        uses = [pool for pool, days in every.options[name][n].get("days", {}).items() if days > 0]
        shares[name] = min([1.0, *(room[pool] / asked[pool] for pool in uses)])
    values = {name: every.of(name, n) for name, n in today.places.items()}
    promised, deliverable = sum(values.values()), sum(values[name] * shares[name] for name in values)
    for rule in document["rules"]:
        if "synergy" in rule and all(reaches(every, today, name, level) for name, level in rule["of"]):
            promised += rule["synergy"]
            deliverable += rule["synergy"] * min(shares[name] for name, _ in rule["of"])
    lost = result["today"]["penalty"]
    assert result["today"]["promised"] == pytest.approx(promised - lost, abs=1e-6)
    assert result["today"]["deliverable"] == pytest.approx(deliverable - lost, abs=1e-6)
    assert result["today"]["load"] == today.load
    assert result["today"]["days"] == {pool: pytest.approx(days / 1000) for pool, days in asked.items()}


def reaches(every: Everything, whole: Whole, name: str, level: str) -> bool:
    return whole.places[name] >= [one["level"] for one in every.options[name]].index(level)


def test_the_price_of_a_mandate(case: Case) -> None:
    """The value released if this one duty were none; null without a duty, 0 where it holds nothing back."""
    document, every, best, result = case
    for row in result["partnerships"]:
        one = next(one for one in document["partnerships"] if one["id"] == row["id"])
        if one.get("at_least") in (None, one["options"][0]["level"]):
            assert row["price_of_mandate"] is None
            continue
        freed = Everything(document, row["id"])
        released = max(map(freed.value, freed.within(freed.room))) - every.value(best)
        assert row["price_of_mandate"] == pytest.approx(released, abs=1e-6)


def worth_building(document: Document, every: Everything, best: Whole, result: Document) -> list[Document]:
    """A pool where a day adds, on average over the draws, at least half of what a day adds on average, and where with a
    tenth more days at least two partnerships that are leaning or open would stand higher, less those lower.
    """
    expected = []
    unsure = {row["id"] for row in result["partnerships"] if row["confidence"] in ("leaning", "open")}
    for pool, room in every.room.items():
        wider = every.best(every.within({**every.room, pool: room + math.ceil(room / 10)}))
        assert wider is not None
        higher = [name for name in sorted(unsure) if wider.places[name] > best.places[name]]
        lower = [name for name in best.places if wider.places[name] < best.places[name]]
        average = every.value(best) / (room / 1000) if room else math.inf
        if result["price_of_a_day"][pool]["mean"] >= average / 2 > 0 and len(higher) - len(lower) >= 2:
            expected.append({"pool": pool, "blocked": higher})
    return sorted(expected, key=lambda one: -float(result["price_of_a_day"][one["pool"]]["mean"]))


def test_where_to_build_capacity(case: Case) -> None:
    document, every, best, result = case
    assert result["build_capacity"] == worth_building(document, every, best, result)


def crowded(seed: int) -> Document:
    """Two large duties, and six that ask for half a day or so each in a pool with room for most of them."""
    random = np.random.default_rng(seed)

    def one(name: str, days: float, value: float, **more: Any) -> Document:
        drawn = np.round(value + 3 * random.standard_normal(DRAWS), 4).tolist()
        low = {"level": "decline", "value": 0, "value_draws": [0] * DRAWS}
        used = {"exec": days, "clin": float(random.integers(0, 3))}
        return {
            "id": name,
            "options": [low, {"level": "sustain", "value": value, "value_draws": drawn, "days": used}],
            **more,
        }

    duties = [one(f"duty{n}", 4, 4, at_least="sustain") for n in range(2)]
    small = [
        one(f"p{n}", 0.3 + 0.1 * float(random.integers(0, 4)), round(float(random.uniform(1, 4)), 3)) for n in range(6)
    ]
    pools = [{"id": "exec", "days": 10}, {"id": "clin", "days": float(random.integers(4, 12))}]
    return {"format": "triage/1", "draws": DRAWS, "pools": pools, "partnerships": duties + small}


def test_where_to_build_capacity_in_crowded_pools() -> None:
    built = []
    for seed in range(20):
        document = crowded(seed)
        every, result = Everything(document), solve(document)
        best = every.best(every.within(every.room))
        if best is None:
            assert result["status"] == "infeasible"
            continue
        assert result["build_capacity"] == worth_building(document, every, best, result), seed
        built += result["build_capacity"]
    assert len(built) >= 5


def test_how_often_each_level_is_best(case: Case) -> None:
    """The share of draws whose best portfolio has the partnership at the level."""
    _, every, _, result = case
    fitting = every.within(every.room)
    optima = [every.best(fitting, draw) for draw in range(DRAWS)]
    for row in result["partnerships"]:
        for level, share in row["acceptability"].items():
            count = sum(one is not None and every.level(row["id"], one) == level for one in optima)
            assert share == pytest.approx(count / DRAWS, abs=1.5 / DRAWS), (row["id"], level)
        own = row["acceptability"][row["level"]]
        assert row["close_call"] == (own < max(row["acceptability"].values()))


def test_the_advised_portfolio_is_the_best_that_has_what_was_softened(case: Case) -> None:
    """A softened decline stands just above the lowest level, and the rest is the best that then fits."""
    _, every, best, result = case
    softened = result["advised"]["softened"]
    fitting = [one for one in every.within(every.room) if all(one.places[name] == 1 for name in softened)]
    expected = every.best(fitting)
    assert expected is not None
    assert result["advised"]["total_value"] == pytest.approx(every.value(expected), abs=1e-6)
    assert result["advised"]["cost"] == pytest.approx(every.value(best) - every.value(expected), abs=1e-6)
    assert {row["id"]: row["advised_level"] for row in result["partnerships"]} == {
        name: every.level(name, expected) for name in expected.places
    }
    assert {row["id"] for row in result["partnerships"] if row["softened"]} == set(softened)


def test_fewer_days_that_bring_the_next_level_in(case: Case) -> None:
    """The largest share of its days at which the level above is as good as the best, to less than a hundredth."""
    _, every, best, result = case
    for row in result["partnerships"]:
        name, n = row["id"], best.places[row["id"]]
        above = every.options[name][n + 1] if n + 1 < len(every.options[name]) else None
        turn = row["turns"]["days"]
        if above is None or not any(above.get("days", {}).values()):
            assert turn is None
            continue

        def comes_in(share: float, name: str = name, n: int = n, above: Document = above) -> bool:
            less = {pool: math.floor(above["days"].get(pool, 0) * 1000 * (1 - share) + 1e-9) for pool in every.room}
            room = {pool: days + less[pool] for pool, days in every.room.items()}
            there = [one for one in every.within(room) if one.places[name] == n + 1]
            return max(map(every.value, there), default=-math.inf) >= every.value(best) - 1e-6

        if turn is None:
            assert not comes_in(0.0)
            continue
        assert turn["level"] == above["level"]
        assert comes_in(turn["at"])
        assert turn["at"] == 1.0 or not comes_in(min(1.0, turn["at"] + 0.0101))


# --- The criteria form: values from criteria, by hand, and then as above


def criteria(seed: int, draws: int = 0) -> Document:
    """Three to five partnerships at three levels, two pools, two people, four cells, readiness and harm."""
    random = np.random.default_rng(seed)

    def number(low: float, high: float, decimals: int = 2) -> float:
        return round(float(random.uniform(low, high)), decimals)

    def rating(objective: str, way: str) -> Document:
        low, likely, high = sorted(number(-20, 100) for _ in range(3))
        return {"objective": objective, "way": way, "low": low, "likely": likely, "high": high}

    def one(name: str) -> Document:
        cells = [(objective, way) for objective in ("patients", "staff") for way in ("join", "learn")]
        days = {pool: number(1, 12) for pool in ("exec", "clin")}
        return {
            "id": name,
            "today": str(random.choice(["decline", "sustain", "prioritise"])),
            "harm": number(0, 3),
            "readiness": {"mean": number(0.25, 0.9), "sd": 0.1},
            "ratings": [rating(*cell) for cell in cells if random.random() < 0.6],
            "options": [
                {"level": "decline"},
                {"level": "sustain", "days": {pool: round(0.4 * used, 3) for pool, used in days.items()}},
                {"level": "prioritise", "days": days},
            ],
        }

    partnerships = [one(f"p{n}") for n in range(3 + seed % 3)]
    asked = {pool: sum(one["options"][2]["days"][pool] for one in partnerships) for pool in ("exec", "clin")}
    return {
        "format": "triage/1",
        "seed": seed,
        "draws": draws,
        "pools": [{"id": pool, "days": round(days * number(0.4, 0.7), 3)} for pool, days in asked.items()],
        "levels": [
            {"id": "decline", "share": 0, "load": 0},
            {"id": "sustain", "share": 0.5, "load": 1},
            {"id": "prioritise", "share": 1, "load": 3},
        ],
        "objectives": [{"id": "patients"}, {"id": "staff"}],
        "ways": [{"id": "join"}, {"id": "learn"}],
        "weights": [
            {"who": "chief", "objectives": {"patients": 3, "staff": 1}, "ways": {"join": 1, "learn": 1}},
            {"who": "nurse", "objectives": {"patients": 1, "staff": 1}, "ways": {"join": 3, "learn": 2}},
        ],
        "partnerships": partnerships,
        "load": {"knee": 4, "slope": 0.8},
    }


# Means of the two people's products: chief 3/4 or 1/4 times 1/2; nurse 1/2 times 3/5 or 2/5.
WEIGHT = {
    ("patients", "join"): (0.375 + 0.3) / 2,
    ("patients", "learn"): (0.375 + 0.2) / 2,
    ("staff", "join"): (0.125 + 0.3) / 2,
    ("staff", "learn"): (0.125 + 0.2) / 2,
}


def valued(
    document: Document,
    readiness: dict[str, float] | None = None,
    ratings: dict[tuple[str, str, str], float] | None = None,
) -> Document:
    """The document in the value form, v = p · φ · Σ w s − h; some readiness or ratings may be other than given."""
    partnerships = []
    for one in document["partnerships"]:
        p = (readiness or {}).get(one["id"], one["readiness"]["mean"])
        potential = 0.0
        for cell in one["ratings"]:
            key = (one["id"], cell["objective"], cell["way"])
            mean = (cell["low"] + cell["likely"] + cell["high"]) / 3
            potential += WEIGHT[key[1:]] * (ratings or {}).get(key, mean)
        options = []
        for level, option in zip(document["levels"], one["options"], strict=True):
            value = p * level["share"] * potential - (one["harm"] if level["id"] == "decline" else 0)
            options.append({**option, "value": value, "load": level["load"]})
        partnerships.append({"id": one["id"], "today": one["today"], "options": options})
    return {"format": "triage/1", "pools": document["pools"], "load": document["load"], "partnerships": partnerships}


def level_of(name: str, document: Document) -> str:
    every = Everything(document)
    best = every.best(every.within(every.room))
    assert best is not None
    return every.level(name, best)


NUDGE = 1e-6


@pytest.mark.parametrize("seed", range(12))
def test_where_readiness_and_ratings_turn(seed: int) -> None:
    """`turns`: the nearest value above and below what it is now at which another level would be part of the best
    portfolio; null where there is none within the range. Each is tried on both sides, and on the way to it.
    """
    document = criteria(seed)
    result = solve({**document, "outputs": ["choice", "flip"]})
    turned = 0
    for row, one in zip(result["partnerships"], document["partnerships"], strict=True):
        name, now = one["id"], one["readiness"]["mean"]
        assert row["level"] == level_of(name, valued(document))

        def at_readiness(p: float, name: str = name) -> str:
            return level_of(name, valued(document, readiness={name: p}))

        turned += check_turns(row["turns"]["readiness"], row["level"], now, (0.2, 1.0), at_readiness)
        for cell, turns in zip(one["ratings"], row["turns"]["ratings"], strict=True):
            assert (turns["objective"], turns["way"]) == (cell["objective"], cell["way"])
            key = (name, cell["objective"], cell["way"])

            def at_rating(s: float, name: str = name, key: tuple[str, str, str] = key) -> str:
                return level_of(name, valued(document, ratings={key: s}))

            mean = (cell["low"] + cell["likely"] + cell["high"]) / 3
            turned += check_turns(turns, row["level"], mean, (-100.0, 100.0), at_rating)
    assert turned


def check_turns(turns: Document, level: str, now: float, within: tuple[float, float], at: Any) -> int:
    """How many turns there are, after each was tried."""
    found = 0
    for side, end, sign in (("below", within[0], -1), ("above", within[1], 1)):
        turn = turns[side]
        if turn is None:
            assert {at(now + (end - now) * part) for part in (0.3, 0.7, 1.0)} == {level}
            continue
        found += 1
        assert turn["now"] == pytest.approx(now, abs=1e-6)
        assert {at(now + (turn["at"] - now) * part) for part in (0.5, 0.999)} == {level}
        assert at(turn["at"] + sign * NUDGE * max(1.0, abs(turn["at"]))) == turn["level"] != level
    return found


@pytest.mark.parametrize("seed", range(12))
def test_value_and_potential_stand_apart(seed: int) -> None:
    """The value of each level, and what it would be at full readiness."""
    document = criteria(seed)
    full = valued(document, readiness={one["id"]: 1.0 for one in document["partnerships"]})
    for row, now, then in zip(
        solve(document)["partnerships"], valued(document)["partnerships"], full["partnerships"], strict=True
    ):
        assert row["values"] == {one["level"]: pytest.approx(one["value"], abs=1e-6) for one in now["options"]}
        assert row["values_at_full_readiness"] == {
            one["level"]: pytest.approx(one["value"], abs=1e-6) for one in then["options"]
        }


@pytest.mark.parametrize("seed", range(6))
def test_how_often_the_best_portfolio_is_over_its_days(seed: int) -> None:
    """`overload`: by pool, how often the best portfolio needs more than there is when each day range is triangular. A
    hundred thousand draws of our own; the engine's thousand lie within four standard errors of them.
    """
    document = criteria(seed)
    for one in document["partnerships"]:
        for option in one["options"]:
            for pool, days in option.get("days", {}).items():
                option["days"][pool] = {"low": round(0.5 * days, 3), "likely": days, "high": round(1.8 * days, 3)}
    result = solve({**document, "outputs": ["choice"]})
    random = np.random.default_rng(100 + seed)
    for pool in document["pools"]:
        used = np.zeros(100_000)
        for row, one in zip(result["partnerships"], document["partnerships"], strict=True):
            option = next(option for option in one["options"] if option["level"] == row["level"])
            days = option.get("days", {}).get(pool["id"])
            if days is not None:
                used += random.triangular(days["low"], days["likely"], days["high"], 100_000)
        expected = float(np.mean(used > pool["days"]))
        error = math.sqrt(max(expected * (1 - expected), 1e-4) / 1000)
        assert result["overload"][pool["id"]] == pytest.approx(expected, abs=4 * error)


def gain_of_knowing(document: Document, name: str, known: list[Document]) -> tuple[float, float]:
    """The mean over versions of one partnership of what choosing anew adds to the best portfolio, and its error."""
    every = Everything(valued(document))
    fitting = every.within(every.room)
    best = every.best(fitting)
    assert best is not None
    others = dict.fromkeys(range(3), -math.inf)  # the most that all others are worth with this one at a level
    for one in fitting:
        n = one.places[name]
        others[n] = max(others[n], every.value(one) - every.of(name, n))
    gains = []
    for version in known:
        own = next(one for one in version["partnerships"] if one["id"] == name)["options"]
        kept = every.value(best) - every.of(name, best.places[name]) + own[best.places[name]]["value"]
        gains.append(max(others[n] + own[n]["value"] for n in others) - kept)
    return float(np.mean(gains)), float(np.std(gains) / math.sqrt(len(known)))


@pytest.mark.parametrize("seed", range(8))
def test_information_on_readiness(seed: int) -> None:
    """What knowing one partnership's readiness would add, with its ratings and all else at their means."""
    document = criteria(seed, draws=40)
    random = np.random.default_rng(seed)
    for one in document["partnerships"]:
        drawn = np.round(random.beta(4, 3, 40), 4)
        one["readiness"] = {"draws": drawn.tolist()}
    plain = {**document, "partnerships": [dict(one) for one in document["partnerships"]]}
    for one in plain["partnerships"]:
        one["readiness"] = {"mean": float(np.mean(one["readiness"]["draws"]))}
    for row, one in zip(solve(document)["partnerships"], document["partnerships"], strict=True):
        known = [valued(plain, readiness={one["id"]: p}) for p in one["readiness"]["draws"]]
        gain, _ = gain_of_knowing(plain, one["id"], known)
        assert row["information_on"]["readiness"] == pytest.approx(gain, abs=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_information_on_value(seed: int) -> None:
    """What knowing its ratings would add, at its mean readiness and the mean weights: two thousand draws of our own
    from the same triangles; and of certain ratings there is nothing to know, however much people differ.
    """
    document = criteria(seed, draws=4000)
    random = np.random.default_rng(seed)
    rows = solve({**document, "outputs": ["choice", "information"]})["partnerships"]
    for row, one in zip(rows, document["partnerships"], strict=True):
        known = []
        for _ in range(500):
            drawn = {
                (one["id"], cell["objective"], cell["way"]): float(
                    random.triangular(cell["low"], cell["likely"], cell["high"])
                )
                for cell in one["ratings"]
            }
            known.append(valued(document, ratings=drawn))
        gain, error = gain_of_knowing(document, one["id"], known)
        assert row["information_on"]["value"] == pytest.approx(gain, abs=5 * error + 1e-3)
    for one in document["partnerships"]:
        for cell in one["ratings"]:
            cell["low"] = cell["high"] = cell["likely"]
        one["readiness"] = {"mean": 0.5, "sd": 0}
    for row in solve({**document, "outputs": ["choice", "information"]})["partnerships"]:
        assert row["information"] == 0
        assert row["information_on"] == {"value": 0, "readiness": 0}


def test_values_that_are_given_are_not_told_apart() -> None:
    assert all(row["information_on"] is None for row in solve(some(SEEDS[0]))["partnerships"])
