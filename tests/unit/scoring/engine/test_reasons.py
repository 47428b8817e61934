"""No sentence that its numbers do not support: worked examples, and a search for one (Hypothesis)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.engine import solve
from scoring.engine.document import read_document
from scoring.engine.reasons import reasons
from scoring.engine.run import findings_of, study_of
from tests.unit.scoring.engine.said import check_every_sentence

Document = dict[str, Any]
LEVELS = ("no", "touch", "sustain", "prioritise")
FEW = st.integers(0, 6)
VALUES = st.one_of(st.integers(-4, 12), st.sampled_from([0, 0, 0.01, -0.02, 0.04, 2.96, 40]))
ALL = ["choice", "acceptability", "flip", "information"]


@st.composite
def rules(draw: st.DrawFn, partnerships: list[Document]) -> list[Document]:
    if len(partnerships) < 2:
        return []

    def pair(one: Document) -> list[str]:
        return [one["id"], draw(st.sampled_from([option["level"] for option in one["options"]]))]

    found: list[Document] = []
    for kind in draw(st.lists(st.sampled_from(["if", "not_both", "synergy"]), max_size=2)):
        first, second = draw(st.permutations(partnerships))[:2]
        if kind == "if":
            found.append({"if": pair(first), "then": pair(second)})
        elif kind == "not_both":
            found.append({"not_both": [pair(first), pair(second)]})
        else:
            found.append({"synergy": draw(FEW), "of": [pair(first), pair(second)]})
    return found


@st.composite
def frames(draw: st.DrawFn) -> Document:
    document: Document = {
        "format": "triage/1",
        "seed": draw(st.integers(0, 9)),
        "pools": [
            {"id": pool, "days": draw(st.sampled_from([0, 4, 8, 12, 20])), "reserve": draw(st.sampled_from([0, 0.15]))}
            for pool in ("exec", "clin")
        ],
        "levels": [
            {"id": level, "label": level.title(), "share": share, "load": n}
            for n, (level, share) in enumerate(zip(LEVELS, (0, 0.2, 0.5, 1), strict=True))
        ],
        "outputs": draw(st.sampled_from([ALL, ALL, ALL, ["choice"], ["choice", "flip"], ["acceptability"]])),
    }
    if draw(st.booleans()):
        document["load"] = {"knee": draw(FEW), "slope": draw(st.sampled_from([0.1, 1, 3]))}
    if draw(st.booleans()):
        document["cost_of_change"] = {"up": draw(st.integers(0, 2)), "down": draw(st.integers(0, 2))}
    return document


@st.composite
def partnerships(draw: st.DrawFn, name: str, *, criteria: bool, draws: int) -> Document:
    levels = draw(st.sampled_from([*[LEVELS] * 7, ("no", "prioritise"), LEVELS[:2], LEVELS[1:], LEVELS[:1]]))
    options: list[Document] = []
    for n, level in enumerate(levels):
        asked = {pool: draw(FEW) for pool in ("exec", "clin") if n or draw(st.integers(0, 19)) == 19}
        options.append({"level": level, "days": asked})
    one: Document = {"id": name, "name": f"Body {name}", "options": options}
    if draw(st.booleans()):
        one["today"] = draw(st.sampled_from(levels))
    if draw(st.integers(0, 3)) == 0:
        one["at_least"] = draw(st.sampled_from(levels))
        one["mandate"] = draw(st.sampled_from(["", "the Act"]))
    one["harm_reviewed"] = draw(st.integers(0, 3)) > 0
    if criteria:
        one["harm"] = draw(st.sampled_from([0, 0, 3, {"low": 0, "likely": 1, "high": 8}]))
        one["ratings"] = draw(ratings())
        one["readiness"] = draw(readiness())
        return one
    same = draw(st.booleans())
    for option in options:
        option["value"] = draw(VALUES)
        if draws:
            spread = st.just(0) if same else st.integers(-6, 6)
            option["value_draws"] = [option["value"] + draw(spread) for _ in range(draws)]
    return one


@st.composite
def ratings(draw: st.DrawFn) -> list[Document]:
    found = []
    for objective in ("patients", "staff"):
        for way in ("join", "learn"):
            if draw(st.booleans()):
                low, likely, high = sorted(draw(st.integers(-20, 80)) for _ in range(3))
                numbers = {"low": low, "likely": likely, "high": high} if draw(st.booleans()) else {}
                found.append({"objective": objective, "way": way, **numbers})
    return found


@st.composite
def readiness(draw: st.DrawFn) -> Document:
    kind = draw(st.sampled_from(["mean", "answers", "default", "draws"]))
    if kind == "mean":
        found: Document = {"mean": draw(st.integers(20, 100)) / 100}
        return found | ({"weakest": draw(st.integers(20, 100)) / 100} if draw(st.booleans()) else {})
    if kind == "answers":
        rows = st.lists(st.sampled_from([1, 2, 3, 4, 5, None]), min_size=8, max_size=8)
        return {"answers": [*draw(st.lists(rows, max_size=3)), [draw(st.integers(1, 5))] * 8]}
    return {"draws": [draw(st.integers(20, 100)) / 100 for _ in range(3)]} if kind == "draws" else {}


@st.composite
def in_values(draw: st.DrawFn) -> Document:
    document, draws = draw(frames()), draw(st.sampled_from([0, 1, 3, 3, 25]))
    names = "abcde"[: draw(st.integers(1, 5))]
    document["draws"] = draws
    document["partnerships"] = [draw(partnerships(name, criteria=False, draws=draws)) for name in names]
    document["rules"] = draw(rules(document["partnerships"]))
    return document


@st.composite
def in_criteria(draw: st.DrawFn) -> Document:
    document = draw(frames())
    names = "abcd"[: draw(st.integers(1, 4))]
    people = ("chief", "nurse", "director")[: draw(st.integers(0, 3))]
    document |= {
        "draws": draw(st.sampled_from([0, 1, 4, 30])),
        "objectives": [{"id": "patients"}, {"id": "staff"}],
        "ways": [{"id": "join", "label": "Join up care"}, {"id": "learn"}],
        "weights": [
            {
                "who": who,
                "objectives": draw(st.sampled_from([{"patients": 1}, {"staff": 1}, {"patients": 2, "staff": 1}])),
            }
            for who in people
        ],
        "partnerships": [draw(partnerships(name, criteria=True, draws=0)) for name in names],
    }
    document["rules"] = draw(rules(document["partnerships"]))
    return document


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(in_values())
def test_every_sentence_of_given_values_holds(document: Document) -> None:
    check_every_sentence(document)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(in_criteria())
def test_every_sentence_of_criteria_holds(document: Document) -> None:
    check_every_sentence(document)


def body(name: str, *options: tuple[str, float, dict[str, float]], **more: Any) -> Document:
    return {
        "id": name,
        "name": f"The {name}",
        "options": [{"level": level, "value": value, "days": days} for level, value, days in options],
        **more,
    }


def portfolio(*bodies: Document, days: dict[str, float] | None = None, **more: Any) -> Document:
    pools = {"exec": 10} if days is None else days
    return {
        "format": "triage/1",
        "pools": [{"id": pool, "days": many} for pool, many in pools.items()],
        "partnerships": list(bodies),
        **more,
    }


def said(document: Document, name: str) -> list[str]:
    """What is said of one partnership, after every sentence was checked."""
    check_every_sentence(document)
    row = next(one for one in solve(document)["partnerships"] if one["id"] == name)
    return [row["reason"], *row["because"]]


DUTY = body("duty", ("no", 0, {}), ("yes", 1, {"exec": 9}), at_least="yes")
SMALL = body("small", ("no", 0, {}), ("yes", 5, {"exec": 2}))


def test_what_duties_leave_no_days_for_does_not_fit() -> None:
    assert said(portfolio(DUTY, SMALL), "small")[0] == (
        "Say no kindly: it does not fit at any level into the days there are beside the duties."
    )


def test_what_asks_for_more_days_than_there_are_does_not_fit() -> None:
    large = body("large", ("no", 0, {}), ("yes", 5, {"exec": 10.5}))
    first, *others = said(portfolio(large), "large")
    assert first == (
        "Say no kindly: it does not fit into the days there are: “yes” alone would take 10.5 exec days a quarter, "
        "and there are 10."
    )
    assert others == ["“yes” would come in if it asked for 6% fewer days than we think."]


def test_a_pool_without_days_has_none() -> None:
    first, *others = said(portfolio(SMALL, days={"exec": 0}), "small")
    assert first.endswith("“yes” alone would take 2 exec days a quarter, and there are none.")
    assert others == ["“yes” would come in if it asked for no days at all."]


def test_a_rule_that_excludes_it_is_not_called_a_lack_of_days() -> None:
    rule = {"not_both": [["duty", "yes"], ["small", "yes"]]}
    document = portfolio(DUTY, SMALL, days={"exec": 100}, rules=[rule])
    assert said(document, "small")[0] == (
        "Say no kindly: the duties and the rules between partnerships leave no room for it at any level."
    )


def test_days_and_rules_together_are_both_named() -> None:
    """Keeping "small" needs "other", and the days of "other" are taken by the duty."""
    other = body("other", ("no", 0, {}), ("yes", 1, {"exec": 9}))
    rule = {"if": ["small", "yes"], "then": ["other", "yes"]}
    document = portfolio(DUTY, SMALL, other, days={"exec": 12}, rules=[rule])
    assert said(document, "small")[0] == (
        "Say no kindly: it does not fit at any level into the days there are beside the duties and "
        "the rules between partnerships."
    )


def test_what_leaving_the_others_takes_is_named() -> None:
    costly = body("costly", ("no", 0, {"exec": 9}), ("yes", 5, {"exec": 10}))
    assert said(portfolio(costly, SMALL), "small")[0].endswith(
        "beside what the others take even at their lowest levels."
    )


def test_an_only_level_is_no_choice() -> None:
    assert said(portfolio(body("one", ("no", 0, {})), SMALL), "one") == ["Say no kindly: “no” is its only level."]


def test_a_tie_is_not_called_a_loss_nor_a_displacement() -> None:
    idle = body("idle", ("no", 0, {}), ("yes", 0, {}))
    assert said(portfolio(idle, SMALL), "idle") == [
        "Say no kindly: at “yes” it would add nothing for no days, and the best portfolio with it would be worth no "
        "more than the one without."
    ]


def test_a_small_loss_of_a_small_total_is_not_called_none() -> None:
    tiny = [body(name, ("no", 0, {}), ("yes", value, {"exec": 6})) for name, value in (("a", 0.04), ("b", 0.03))]
    sentences = said(portfolio(*tiny), "a")
    assert "“no” instead of “yes” would lower the total by less than 0.1 points, and move The b down." not in sentences
    assert "“no” instead of “yes” would lower the total by less than 0.1 points." in sentences


def test_stepping_down_says_also_which_days_it_takes() -> None:
    moved = body(
        "moved",
        ("no", 0, {}),
        ("sustain", 5, {"exec": 2, "clin": 3}),
        ("prioritise", 6, {"exec": 12, "clin": 1}),
        today="prioritise",
    )
    assert said(portfolio(moved, days={"exec": 10, "clin": 10}), "moved")[0] == (
        "Step down from “prioritise” to “sustain”: there it adds 5 points for 3 clin days and 2 exec days a quarter, "
        "and frees 10 exec days a quarter, and takes 2 clin days a quarter more."
    )


def test_a_part_is_not_said_to_be_of_less_than_itself() -> None:
    harm = body("harm", ("no", -4, {}), today="no")
    assert said(portfolio(SMALL, harm), "small")[0] == (
        "Prioritise: it adds 5 points for 2 exec days a quarter; the whole portfolio is worth 1 point."
    )
    worse = body("worse", ("no", -7, {}), today="no")
    assert said(portfolio(SMALL, worse), "small")[0].endswith(
        "the whole portfolio is worth 2 points less than nothing."
    )


@pytest.mark.parametrize(
    ("draws", "words"),
    [([9], "1 of 1"), ([9, 0, 9], "2 of 3"), ([9, 9, 9], "all 3"), ([0, 0], "none of 2")],
)
def test_a_few_draws_are_counted(draws: list[float], words: str) -> None:
    certain = body("certain", ("no", 0, {}), ("yes", 5, {"exec": 6}))
    drawn = body("drawn", ("no", 0, {}), ("yes", 6, {"exec": 6}))
    for one, each in ((certain, [5] * len(draws)), (drawn, draws)):
        one["options"][0]["value_draws"] = [0] * len(draws)
        one["options"][1]["value_draws"] = each
    sentences = said(portfolio(certain, drawn, draws=len(draws), information_cost=1000), "drawn")
    assert f"“yes” is best in {words} plausible versions of the numbers." in sentences


def asked(readiness: Document) -> Document:
    """One partnership that is worth its load only from a readiness of .6 on."""
    return {
        "format": "triage/1",
        "draws": 0,
        "pools": [{"id": "exec", "days": 10}],
        "objectives": [{"id": "o"}],
        "levels": [{"id": "no", "share": 0}, {"id": "yes", "share": 1, "load": 2}],
        "load": {"knee": 0, "slope": 15},
        "partnerships": [
            {
                "id": "a",
                "ratings": [{"objective": "o", "low": 50, "likely": 50, "high": 50}],
                "readiness": readiness,
                "harm": 0,
                "options": [{"level": "no"}, {"level": "yes"}],
            }
        ],
    }


def test_a_readiness_that_nobody_surveyed_is_not_said_to_fall() -> None:
    assert said(asked({"mean": 0.7}), "a")[-1] == "It would change to “no” if its readiness fell from 70% to 60%."
    unknown = {**asked({}), "load": {"knee": 0, "slope": 10}}
    assert said(unknown, "a")[-1] == (
        "It would change to “no” if its readiness, which nobody has surveyed, proved to be 40% and not 60%."
    )


def test_a_weakest_characteristic_above_the_readiness_is_not_called_only() -> None:
    """Pooling with others may leave the mean below every characteristic of its own."""
    below = said(asked({"mean": 0.5, "weakest": 0.4}), "a")
    above = said(asked({"mean": 0.5, "weakest": 0.7}), "a")
    assert not any("weakest" in sentence for sentence in [*below, *above])
    assert "If it were only as ready as its weakest characteristic, 40%, it would be at “no”." in said(
        asked({"mean": 0.7, "weakest": 0.4}), "a"
    )


def test_where_a_search_was_stopped_a_loss_is_a_bound() -> None:
    pair = [body(name, ("no", 0, {}), ("yes", value, {"exec": 6})) for name, value in (("a", 90), ("b", 80))]
    study = study_of(read_document(portfolio(*pair)))
    assert study is not None
    findings = findings_of(study)
    assert "would lower the total by 10 points" in reasons(study, findings, 0)[1]
    study.solver.largest_gap = 0.001
    assert "would lower the total by up to 10 points" in reasons(study, findings, 0)[1]
    assert "would be worth up to 10 points less" in reasons(study, findings, 1)[0]


def test_a_decline_that_is_softened_says_so_and_never_changes_to_where_it_is() -> None:
    """In three draws of ten the network is worth more than the alliance, so a no is not sure enough."""
    alliance = body(
        "alliance", ("no", 0, {}), ("touch", 2, {"exec": 1}), ("sustain", 20, {"exec": 10}), today="sustain"
    )
    network = body("network", ("no", 0, {}), ("touch", 1, {"exec": 1}), ("sustain", 6, {"exec": 10}), today="sustain")
    for one, factors in ((alliance, [1] * 10), (network, [1] * 7 + [5] * 3)):
        for option in one["options"]:
            option["value_draws"] = [option["value"] * factor for factor in factors]
    document = portfolio(alliance, network, draws=10, information_cost=1000)
    sentences = said(document, "network")
    assert sentences[1] == (
        "By the numbers alone “no” would be best, but that is not sure enough to say no; so it steps down only part of "
        "the way."
    )
    assert not any(sentence.startswith("It would change") for sentence in sentences)
    assert any("would lower the total of the best portfolio by" in sentence for sentence in sentences)
    assert said(document, "alliance")[1] == (
        "By the numbers alone “sustain” would be best; beside the softer steps of The network, “touch” is better."
    )
