"""What a reason claims, checked against the result and by solving again: every sentence must be one of these.

It shares no code with what writes the sentences. A number in a sentence must be that of the field it speaks of, as far
as it is rounded; a claim of what would change is tried on a document in which just that is changed.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

from scoring.engine import solve

Document = dict[str, Any]

POINTS = r"(less than 0\.1 points|nothing|-?[\d.]+ points?)"
LEVEL = "“([^”]+)”"
DAYS = r"(no days|[^,;:]+? a quarter)"
NO_IS_NOT_SAID = (
    r"(nobody has reviewed what harm it would do|that is not sure enough to say no|a partnership that is kept depends "
    r"on it)"
)
SHARE = r"(all \d+|none of \d+|\d+ of \d+|about \d of 10|at least 19 of 20|fewer than 1 in 20)"


class Sayings:
    """One document, its result, and what may be said of one partnership."""

    def __init__(self, document: Document, result: Document, row: Document) -> None:
        self.document, self.result, self.row = document, result, row
        self.given = next(one for one in document["partnerships"] if one["id"] == row["id"])
        self.ids = {one["label"]: one["id"] for one in result["levels"]}
        self.names = {one["name"]: one["id"] for one in result["partnerships"]}
        self.places = {option["level"]: n for n, option in enumerate(self.given["options"])}
        self.softened = set(result["advised"]["softened"])

    def check(self) -> list[str]:
        """Check every sentence; the names of the claims that were met. AssertionError for one that does not hold."""
        met = []
        for place, sentence in enumerate([self.row["reason"], *self.row["because"]]):
            found = [
                (name, match)
                for name, (pattern, _) in CLAIMS.items()
                if (name in FIRST) == (place == 0) and (match := re.fullmatch(pattern, sentence))
            ]
            assert len(found) == 1, (sentence, [name for name, _ in found])
            name, match = found[0]
            CLAIMS[name][1](self, *match.groups())
            met.append(name)
        return met

    # What fields hold

    def is_level(self, said: str, field: str) -> None:
        assert self.ids[said] == self.row[field], (said, self.row[field])

    def loss(self, level: str) -> float:
        loss = self.row["flip"][self.ids[level]]
        assert loss is not None
        return float(loss)

    def cheapest(self, *, above: bool = False) -> float:
        best = self.places[self.row["level"]]
        losses: list[float] = [
            loss
            for level, loss in self.row["flip"].items()
            if loss is not None and (not above or self.places[level] > best)
        ]
        return min(losses)

    def days(self, level: str) -> dict[str, float]:
        asked = self.given["options"][self.places[level]].get("days", {})
        likely = {pool: one["likely"] if isinstance(one, dict) else one for pool, one in asked.items()}
        return {pool: days for pool, days in likely.items() if days}

    def are_days(self, said: str, days: dict[str, float]) -> None:
        labels = {pool.get("label", pool["id"]): pool["id"] for pool in self.document["pools"]}
        parts = re.findall(r"([\d.]+) (\S+) days?", said)
        assert {labels[pool]: float(number) for number, pool in parts} == {
            pool: round(amount, 3) for pool, amount in days.items()
        }, (said, days)
        assert said == "no days" or parts

    @property
    def as_advised(self) -> bool:
        return bool(self.row["level"] == self.row["advised_level"])

    # Solving again

    def again(self, change: Callable[[Document], None]) -> Document:
        """The result of the document with something changed, at the mean values; readiness as it was found."""
        changed = copy.deepcopy(self.document)
        changed["outputs"] = ["choice", "flip"]
        changed.pop("draws", None)
        means = {one["id"]: one["readiness"] for one in self.result["partnerships"]}
        for one in changed["partnerships"]:
            for option in one["options"]:
                option.pop("value_draws", None)
            if means[one["id"]] is not None:
                one["readiness"] = {"mean": means[one["id"]]["mean"]}
        if "objectives" in changed:
            changed["draws"] = 0
        change(changed)
        return solve(changed)

    def own(self, document: Document) -> Document:
        return next(one for one in document["partnerships"] if one["id"] == self.row["id"])

    def is_as_good_there(self, result: Document, level: str) -> None:
        """Whether a level is the best one of this partnership in another result, or as good as that."""
        row = self.own(result)
        assert row["level"] == level or row["flip"][level] <= 1e-4 * max(1, abs(result["total_value"])), row


def as_points(said: str, value: float) -> None:
    if said in ("nothing", "0 points"):
        assert abs(value) < 1e-6, value
    elif said.startswith("less"):
        assert 0 < abs(value) < 0.05 + 1e-9, value
    else:
        assert abs(float(said.split()[0]) - value) <= 0.05 + 1e-6, (said, value)
        assert said.endswith("point") == (said.split()[0] in ("1", "-1"))


def as_share(said: str, share: float, draws: int) -> None:
    assert draws > 0
    numbers = [int(one) for one in re.findall(r"\d+", said)]
    if said.startswith("about"):
        assert abs(share - numbers[0] / 10) <= 0.05 + 1e-9
    elif said.startswith("at least"):
        assert 0.95 <= share < 1
    elif said.startswith("fewer"):
        assert 0 < share < 0.05
    else:
        assert numbers[-1] == draws
        best = draws if said.startswith("all") else 0 if said.startswith("none") else numbers[0]
        assert abs(share - best / draws) < 1e-9


def listed(said: str) -> list[str]:
    """The names of a list, without "and so many others"."""
    names = re.split(r", | and ", said)
    assert len(names) <= 3
    return [one for one in names if not re.fullmatch(r"\d+ others", one)]


# The claims, one function each


def adds(it: Sayings, verb: str, said: str, days: str) -> None:
    value = it.row["values"][it.row["advised_level"]]
    as_points(said, value if verb == "adds" else -value)
    it.are_days(days, it.days(it.row["advised_level"]))


def prioritise_or_sustain(it: Sayings, label: str, verb: str, said: str, days: str, whole: str) -> None:
    assert it.row["label"] == label.lower()
    adds(it, verb, said, days)
    as_points(whole, it.result["advised"]["total_value"])
    assert 0 <= it.row["values"][it.row["advised_level"]] <= it.result["advised"]["total_value"]


def beside_the_whole(it: Sayings, label: str, verb: str, said: str, days: str, whole: str, below: str | None) -> None:
    assert it.row["label"] == label.lower()
    adds(it, verb, said, days)
    total = it.result["advised"]["total_value"]
    as_points(whole, -total if below else total)
    assert not 0 <= it.row["values"][it.row["advised_level"]] <= total


def step_down(it: Sayings, today: str, level: str, rest: str) -> None:
    assert it.row["label"] == "step_down"
    it.is_level(today, "today")
    it.is_level(level, "advised_level")
    assert it.places[it.ids[level]] < it.places[it.ids[today]]
    before, after = it.days(it.ids[today]), it.days(it.ids[level])
    moved = {pool["id"]: after.get(pool["id"], 0) - before.get(pool["id"], 0) for pool in it.document["pools"]}
    freed = re.search(r"frees (.+? a quarter)", rest)
    taken = re.search(r"takes (?!away)(.+? a quarter) more", rest)
    it.are_days(freed[1] if freed else "no days", {pool: -days for pool, days in moved.items() if days < 0})
    it.are_days(taken[1] if taken else "no days", {pool: days for pool, days in moved.items() if days > 0})
    there = re.match(rf": there it (adds|takes away) {POINTS} for {DAYS}[,.]", rest + ".")
    if there:
        adds(it, *there.groups())
    else:
        assert it.row["values"][it.ids[level]] == 0
        assert not after


def no_for_less(it: Sayings, level: str, verb: str, said: str, days: str, loss: str, upto: str = "") -> None:
    assert it.row["label"] == "say_no_kindly"
    assert it.as_advised
    value = it.row["values"][it.ids[level]]
    as_points(said, value if verb == "add" else -value)
    it.are_days(days, it.days(it.ids[level]))
    as_points(loss, it.loss(level))
    assert it.loss(level) == it.cheapest(above=True)


def no_for_no_more(it: Sayings, level: str, verb: str, said: str, days: str) -> None:
    assert it.loss(level) < 0.05 + 1e-9  # a result is rounded to nine decimals
    assert it.loss(level) <= 0.001 * abs(it.result["total_value"]) + 1e-9
    value = it.row["values"][it.ids[level]]
    as_points(said, value if verb == "add" else -value)
    it.are_days(days, it.days(it.ids[level]))


def no_without_flips(it: Sayings, total: str, below: str | None) -> None:
    assert it.row["flip"] is None
    assert it.as_advised
    as_points(total, -it.result["total_value"] if below else it.result["total_value"])


def no_room_alone(it: Sayings, level: str, days: str, there: str) -> None:
    available = it.result["available"]
    above = [one["level"] for one in it.given["options"][1:]]
    assert all(it.row["flip"][one] is None for one in above)
    assert all(any(asked > available[pool] for pool, asked in it.days(one).items()) for one in above)
    number, pool = re.findall(r"([\d.]+) (\S+) days?", days)[0]
    pools = {one.get("label", one["id"]): one["id"] for one in it.document["pools"]}
    assert it.days(it.ids[level])[pools[pool]] == float(number)
    assert (0 if there == "none" else float(there)) == round(int(1000 * available[pools[pool]] + 1e-6) / 1000, 3)


def _above_lowest(it: Sayings, *, duties: bool = True, rules: bool = True, days: bool = True) -> str:
    """Whether something fits with this partnership above its lowest level, and these lifted where False."""

    def change(document: Document) -> None:
        for one in document["partnerships"]:
            if not duties:
                one.pop("at_least", None)
        it.own(document)["at_least"] = it.given["options"][1]["level"]
        if not rules:
            document["rules"] = []
        if not days:
            for pool in document["pools"]:
                pool["days"] = 100000

    return str(it.again(change)["status"])


def no_room_beside(it: Sayings, duties: str | None, both: str | None, rules: str | None, others: str | None) -> None:
    above = [one["level"] for one in it.given["options"][1:]]
    assert all(it.row["flip"][one] is None for one in above)
    assert _above_lowest(it) == "infeasible"
    assert _above_lowest(it, days=False) == "optimal"
    lifted = _above_lowest(it, duties=not (duties or both), rules=not (rules or both))
    assert lifted == ("infeasible" if others else "optimal")


def ruled_out(it: Sayings, duties: str | None, rules: str) -> None:
    assert _above_lowest(it, days=False) == "infeasible"
    assert _above_lowest(it, days=False, rules=False, duties=not duties) == "optimal"
    if duties:
        assert _above_lowest(it, days=False, duties=False) == "optimal"


def only_level(it: Sayings, level: str) -> None:
    assert [it.ids[level]] == [one["level"] for one in it.given["options"]]


def no_beside_softer(it: Sayings, level: str, names: str) -> None:
    it.is_level(level, "level")
    assert not it.as_advised
    assert {it.names[one] for one in listed(names)} <= it.softened - {it.row["id"]}


def minimum(it: Sayings, duty: str | None, level: str, verb: str, said: str, days: str, gain: str) -> None:
    assert it.row["label"] == "do_the_minimum"
    assert it.ids[level] == it.given["at_least"] == it.row["advised_level"]
    assert (duty or "") == it.given.get("mandate", "")
    adds(it, verb, said, days)
    as_points(gain, it.row["price_of_mandate"])
    assert it.row["price_of_mandate"] > 0
    freed = it.again(lambda document: it.own(document).pop("at_least", None) and None)
    assert it.places[it.own(freed)["level"]] < it.places[it.ids[level]]


def build(it: Sayings, full: str, top: str, realised: str, level: str) -> None:
    assert it.row["label"] == "build"
    assert it.ids[top] == it.given["options"][-1]["level"]
    as_points(full, it.row["values_at_full_readiness"][it.ids[top]])
    assert abs(it.row["readiness"]["mean"] - int(realised) / 100) <= 0.005 + 1e-9
    ready = it.again(lambda document: it.own(document).update(readiness={"mean": 0.8}))
    it.is_as_good_there(ready, it.ids[level])


def find_out(it: Sayings, level: str, share: str, cause: str | None, what: str | None, worth: str | None) -> None:
    assert it.row["label"] == "find_out_first"
    it.is_level(level, "level")
    as_share(share, it.row["acceptability"][it.row["level"]], it.result["draws"])
    no_is_not_said(it, cause)
    known(it, what, worth)


def find_out_untested(it: Sayings, level: str, cause: str | None, what: str | None, worth: str | None) -> None:
    assert it.row["confidence"] == "untested"
    it.is_level(level, "level")
    no_is_not_said(it, cause)
    known(it, what, worth)


def no_is_not_said(it: Sayings, cause: str | None) -> None:
    """What keeps a no from being said is said of what would else be out, and is so; nothing of what is kept."""
    is_out = it.row["level"] == it.given["options"][0]["level"]
    if cause is None:
        assert it.row["confidence"] == "open" or not is_out
        return
    assert is_out
    if cause.startswith("nobody"):
        assert not it.given.get("harm_reviewed", "harm" in it.given)
    elif cause.startswith("that"):
        assert it.row["acceptability"][it.row["level"]] < 0.85
    else:
        leaning = [rule for rule in it.document["rules"] if rule.get("then", [None])[0] == it.row["id"]]
        assert any(rule["if"][0] != it.row["id"] for rule in leaning)


def known(it: Sayings, what: str | None, worth: str | None) -> None:
    """Of value and readiness the one that would tell more is named; both only where neither alone tells anything."""
    if what is None or worth is None or it.row["information"] is None:
        return
    apart = it.row["information_on"] or {"value": it.row["information"]}
    if what == "value and readiness":
        assert max(apart.values()) < 0.05 <= it.row["information"]
        as_points(worth, it.row["information"])
    else:
        assert apart[what] == max(apart.values())
        as_points(worth, apart[what])


def one_way(it: Sayings, way: str) -> None:
    weights = _mean_weights(it.document)
    gained: dict[str, float] = dict.fromkeys([one["id"] for one in it.document["ways"]], 0.0)
    for rating in it.given["ratings"]:
        mean = (rating.get("low", 0) + rating.get("likely", 30) + rating.get("high", 90)) / 3
        gained[rating["way"]] += weights[rating["objective"], rating["way"]] * mean
    said = next(one["id"] for one in it.document["ways"] if one.get("label", one["id"]) == way)
    assert gained[said] > sum(gained.values()) / 2
    assert min(gained.values()) >= 0
    assert len([one for one in gained.values() if one]) > 1


def _mean_weights(document: Document) -> dict[tuple[str, str], float]:
    """Of people who give objectives points, and leave the ways equal."""
    people, ways = document["weights"], document["ways"]
    each = {(objective["id"], way["id"]): 0.0 for objective in document["objectives"] for way in ways}
    for person in people or [{"objectives": {one["id"]: 1 for one in document["objectives"]}}]:
        total = sum(person["objectives"].values())
        for objective, points in person["objectives"].items():
            for way in ways:
                each[objective, way["id"]] += points / total / len(ways) / max(1, len(people))
    return each


def softened(it: Sayings, level: str, cause: str) -> None:
    it.is_level(level, "level")
    assert it.row["softened"]
    assert it.row["advised_level"] == it.given["options"][1]["level"]
    no_is_not_said(it, cause)


def beside_softer(it: Sayings, level: str, names: str, advised: str) -> None:
    it.is_level(level, "level")
    it.is_level(advised, "advised_level")
    assert not it.as_advised
    assert {it.names[one] for one in listed(names)} <= it.softened - {it.row["id"]}


def would_move(it: Sayings, names: str) -> None:
    moved(it, {level: loss for level, loss in it.row["flip"].items() if loss == it.cheapest(above=True)}, names)


def costs(it: Sayings, level: str, best: str, best_portfolio: str | None, loss: str, names: str | None) -> None:
    it.is_level(best, "level")
    assert bool(best_portfolio) != it.as_advised
    as_points(loss, it.loss(level))
    assert it.loss(level) == it.cheapest()
    if names:
        moved(it, {it.ids[level]: it.loss(level)}, names)


def moved(it: Sayings, forced: dict[str, float], names: str) -> None:
    """A portfolio that is best with a level forced has all of these lower than the best one has them."""
    best = {one["id"]: one["level"] for one in it.result["partnerships"]}

    def total(level: str) -> float | None:
        def change(document: Document) -> None:
            for one in document["partnerships"]:
                if one["id"] == it.row["id"]:
                    _hold(document, one, {level})
                elif one["name"] in listed(names):
                    order = [option["level"] for option in one["options"]]
                    _hold(document, one, set(order[: order.index(best[one["id"]])]))

        found: float | None = it.again(change)["total_value"]
        return found

    totals = [(total(level), it.result["total_value"] - loss) for level, loss in forced.items()]
    assert any(one is not None and abs(one - wanted) < 1e-5 for one, wanted in totals), (it.row["id"], names)


def _hold(document: Document, one: Document, levels: set[str]) -> None:
    """Make every other level unaffordable."""
    if not any(pool["id"] == "held" for pool in document["pools"]):
        document["pools"].append({"id": "held", "days": 0})
    for option in one["options"]:
        if option["level"] not in levels:
            option["days"] = {**option.get("days", {}), "held": 1}


def as_good(it: Sayings, level: str, best: str) -> None:
    it.is_level(best, "level")
    assert it.loss(level) < 0.05 + 1e-9  # a result is rounded to nine decimals
    assert it.loss(level) <= 0.001 * abs(it.result["total_value"]) + 1e-9


def how_sure(it: Sayings, level: str, share: str) -> None:
    it.is_level(level, "level")
    as_share(share, it.row["acceptability"][it.row["level"]], it.result["draws"])


def contested(it: Sayings, rest: str) -> None:
    assert it.row["contested"]
    said = re.findall(rf"(?:the weights|those) of (.+?)(?: put it)? at {LEVEL}", rest)
    for groups, level in said:
        assert all(it.row["views"][group] == it.ids[level] for group in listed(groups))
    assert {it.ids[level] for _, level in said} == set(it.row["views"].values())


def is_advised(it: Sayings, change: str) -> str:
    """The level named in "It would change to …" or in "By the numbers alone … would be best"."""
    assert change.startswith("It would change") == it.as_advised
    return str(it.ids[re.findall(LEVEL, change)[0]])


def worth_more(it: Sayings, change: str, loss: str) -> None:
    level = is_advised(it, change)
    as_points(loss, it.row["flip"][level])
    assert it.row["flip"][level] == it.cheapest()
    assert it.places[level] > it.places[it.row["level"]]
    _try_value(it, level, it.row["flip"][level] + 0.01, becomes=level)


def worth_less(it: Sayings, change: str, best: str, loss: str) -> None:
    level = is_advised(it, change)
    it.is_level(best, "level")
    as_points(loss, it.row["flip"][level])
    assert it.row["flip"][level] == it.cheapest()
    assert it.places[level] < it.places[it.row["level"]]
    _try_value(it, it.row["level"], -it.row["flip"][level] - 0.01, becomes=None)


def _try_value(it: Sayings, level: str, change: float, *, becomes: str | None) -> None:
    if "objectives" in it.document:
        return

    def make(document: Document) -> None:
        it.own(document)["options"][it.places[level]]["value"] += change

    found = it.own(it.again(make))["level"]
    assert found == becomes if becomes else found != level


def readiness(it: Sayings, change: str, way: str, now: str, to: str) -> None:
    level = is_advised(it, change)
    assert it.row["readiness"]["source"] != "default"
    assert (int(to) > int(now)) == (way == "rose")
    _at_readiness(it, level, now, to)


def readiness_unknown(it: Sayings, change: str, to: str, now: str) -> None:
    level = is_advised(it, change)
    assert it.row["readiness"]["source"] == "default"
    _at_readiness(it, level, now, to)


def _at_readiness(it: Sayings, level: str, now: str, to: str) -> None:
    assert now != to
    assert abs(it.row["readiness"]["mean"] - int(now) / 100) <= 0.005 + 1e-9
    it.is_as_good_there(it.again(lambda document: it.own(document).update(readiness={"mean": int(to) / 100})), level)


def weakest(it: Sayings, at: str, change: str, level: str) -> None:
    assert change.startswith("it would be at") == it.as_advised
    turn = it.row["turns"]["weakest"]
    assert turn["level"] == it.ids[level] != it.row["level"]
    assert turn["at"] < turn["now"] == it.row["readiness"]["mean"]
    assert abs(turn["at"] - int(at) / 100) <= 0.005 + 1e-9
    again = it.again(lambda document: it.own(document).update(readiness={"mean": turn["at"]}))
    it.is_as_good_there(again, it.ids[level])


def fewer_days(it: Sayings, level: str, alone: str, fewer: str) -> None:
    assert (alone == "would come in") == it.as_advised
    keep = 0.0 if fewer.startswith("no") else 1 - int(re.findall(r"\d+", fewer)[0]) / 100

    def make(document: Document) -> None:
        option = it.own(document)["options"][it.places[it.ids[level]]]
        option["days"] = {pool: int(1000 * days * keep) / 1000 for pool, days in it.days(it.ids[level]).items()}

    it.is_as_good_there(it.again(make), it.ids[level])


ADDS = rf"it (adds|takes away) {POINTS} for {DAYS}"
CHANGE = f"(It would change to {LEVEL[:1]}[^”]+”|By the numbers alone “[^”]+” would be best)"
DUTIES, RULES = "the duties", "the rules between partnerships"

CLAIMS: dict[str, tuple[str, Callable[..., None]]] = {
    "kept": (rf"(Prioritise|Sustain): {ADDS}, of {POINTS} for the whole portfolio\.", prioritise_or_sustain),
    "beside the whole": (
        rf"(Prioritise|Sustain): {ADDS}; the whole portfolio is worth {POINTS}( less than nothing)?\.",
        beside_the_whole,
    ),
    "step down": (rf"Step down from {LEVEL} to {LEVEL}((?:: .+)?)\.", step_down),
    "no": (
        rf"Say no kindly: at {LEVEL} it would (add|take away) {POINTS} for {DAYS}, "
        rf"(?:yet|and) the best portfolio with it would be worth {POINTS} less\.",
        no_for_less,
    ),
    "no, no more": (
        rf"Say no kindly: at {LEVEL} it would (add|take away) {POINTS} for {DAYS}, "
        r"and the best portfolio with it would be worth no more than the one without\.",
        no_for_no_more,
    ),
    "no, without flips": (
        rf"Say no kindly: the best portfolio is worth {POINTS}( less than nothing)? without it\.",
        no_without_flips,
    ),
    "no room alone": (
        rf"Say no kindly: it does not fit into the days there are: {LEVEL} alone would take {DAYS}, "
        r"and there are (none|[\d.]+)\.",
        no_room_alone,
    ),
    "no room beside": (
        rf"Say no kindly: it does not fit at any level into the days there are beside (?:({DUTIES})|({DUTIES} and "
        rf"{RULES})|({RULES})|(what the others take even at their lowest levels))\.",
        no_room_beside,
    ),
    "ruled out": (rf"Say no kindly: ({DUTIES} and )?({RULES}) leave no room for it at any level\.", ruled_out),
    "only level": (rf"Say no kindly: {LEVEL} is its only level\.", only_level),
    "no beside softer": (
        rf"Say no kindly: by the numbers alone {LEVEL} would be best, but it does not pay beside the softer steps of "
        r"(.+)\.",
        no_beside_softer,
    ),
    "minimum": (
        rf"Do the minimum that the duty(?: \((.+)\))? needs, {LEVEL}: {ADDS}; without the duty the best portfolio "
        rf"would be worth {POINTS} more\.",
        minimum,
    ),
    "build": (
        rf"Build: it could be worth {POINTS} at {LEVEL}, but only (\d+)% of its potential is realised now; at 80% it "
        rf"would come in at {LEVEL}\.",
        build,
    ),
    "find out": (
        rf"Find out first: {LEVEL} is best in {SHARE} plausible versions(?:, but {NO_IS_NOT_SAID})?"
        rf"(?:; knowing its (value|readiness|value and readiness) better would be worth about {POINTS})?\.",
        find_out,
    ),
    "find out, untested": (
        rf"Find out first: {LEVEL} is best by the likely numbers(?:, but {NO_IS_NOT_SAID})?"
        rf"(?:; knowing its (value|readiness|value and readiness) better would be worth about {POINTS})?\.",
        find_out_untested,
    ),
    "one way": (r"Most of what it adds comes by one way: (.+)\.", one_way),
    "softened": (
        rf"By the numbers alone {LEVEL} would be best, but {NO_IS_NOT_SAID}; so it steps down only part of the way\.",
        softened,
    ),
    "beside softer": (
        rf"By the numbers alone {LEVEL} would be best; beside the softer steps of (.+), {LEVEL} is better\.",
        beside_softer,
    ),
    "would move": (r"Keeping it would move (.+) down\.", would_move),
    "costs": (
        rf"{LEVEL} instead of {LEVEL} would lower the total( of the best portfolio)? by {POINTS}"
        r"(?:, and move (.+) down)?\.",
        costs,
    ),
    "as good": (rf"{LEVEL} would be as good as {LEVEL}: the total would hardly change\.", as_good),
    "how sure": (rf"{LEVEL} is best in {SHARE} plausible versions of the numbers\.", how_sure),
    "contested": (r"It is contested: (.+)\.", contested),
    "worth more": (rf"{CHANGE} if that were worth over {POINTS} more than we think\.", worth_more),
    "worth less": (rf"{CHANGE} if {LEVEL} were worth over {POINTS} less than we think\.", worth_less),
    "readiness": (rf"{CHANGE} if its readiness (rose|fell) from (\d+)% to (\d+)%\.", readiness),
    "readiness unknown": (
        rf"{CHANGE} if its readiness, which nobody has surveyed, proved to be (\d+)% and not (\d+)%\.",
        readiness_unknown,
    ),
    "weakest": (
        r"If it were only as ready as its weakest characteristic, (\d+)%, "
        rf"(it would be at|by the numbers alone the best would be) {LEVEL}\.",
        weakest,
    ),
    "days": (
        rf"(?:By the numbers alone )?{LEVEL} (would come in|would be best) if it asked for (no days at all|\d+% fewer "
        r"days than we think)\.",
        fewer_days,
    ),
}
FIRST = (
    "kept",
    "beside the whole",
    "step down",
    "no",
    "no, no more",
    "no, without flips",
    "no room alone",
    "no room beside",
    "ruled out",
    "only level",
    "no beside softer",
    "minimum",
    "build",
    "find out",
    "find out, untested",
)


def check_every_sentence(document: Document) -> list[str]:
    """Solve a document and check all that is said of it; the names of the claims that were met."""
    result = solve(document)
    return [name for row in result["partnerships"] or () for name in Sayings(document, result, row).check()]
