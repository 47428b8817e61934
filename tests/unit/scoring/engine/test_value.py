"""The value model, by hand."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from scoring.engine import DocumentError, solve
from scoring.engine.document import read_document
from scoring.engine.value import option_values
from tests.unit.scoring.engine.test_document import CRITERIA, EIGHTHS, changed


def values(document: dict[str, Any]) -> Any:
    return option_values(read_document(document))


def test_a_mean_value_is_readiness_times_share_times_what_is_rated() -> None:
    """Chief: patients 3/4, staff 1/4, ways even. Nurse: all on patients, all on joining up."""
    means = values(CRITERIA).mean
    rated, unrated = (10 + 50 + 70) / 3, (0 + 30 + 90) / 3
    chief = 3 / 4 * 1 / 2 * rated + 1 / 4 * 1 / 2 * unrated
    nurse = rated
    assert means.tolist() == pytest.approx([-1.0, 0.5 * (chief + nurse) / 2])


def test_both_axes_stand_apart() -> None:
    result = solve(CRITERIA)["partnerships"][0]
    assert result["level"] == "prioritise"
    assert result["value"] == pytest.approx(0.5 * result["value_at_full_readiness"])
    assert result["readiness"]["source"] == "estimate"


def test_draws_lie_about_the_mean_and_one_person_is_taken_at_a_time() -> None:
    document = changed(CRITERIA, "draws", 8000)
    drawn = values(document)
    assert drawn.draws.shape == (8000, 2)
    assert drawn.draws.mean(axis=0) == pytest.approx(drawn.mean, rel=0.02)
    certain = changed(document, "partnerships.0.ratings", [
        {"objective": "staff", "way": "learn", "low": 40, "likely": 40, "high": 40}
    ])  # fmt: skip
    certain["partnerships"][0]["readiness"] = {"mean": 1, "sd": 0}
    top = values(certain).draws[:, 1]
    assert sorted({round(float(one), 9) for one in top}) == [0.0, 5.0]  # the nurse's view or the chief's, never between


def test_a_triangular_draw_has_its_mean_and_spread() -> None:
    document = changed(CRITERIA, "draws", 10000)
    document["weights"] = []
    document["partnerships"][0]["readiness"] = {"mean": 1, "sd": 0}
    document["partnerships"][0]["ratings"] = [
        {"objective": "staff", "way": "learn", "low": 0, "likely": 20, "high": 80}
    ]
    drawn = values(document).draws[:, 1] * 4  # a quarter of the weight
    assert drawn.min() >= 0
    assert drawn.max() <= 80
    assert drawn.mean() == pytest.approx(100 / 3, rel=0.02)
    variance = (0 + 20**2 + 80**2 - 0 * 20 - 0 * 80 - 20 * 80) / 18
    assert drawn.var() == pytest.approx(variance, rel=0.05)


def test_what_ifs_share_their_draws() -> None:
    """Another partnership, or another order, leaves every draw of this one as it was."""
    more = copy.deepcopy(CRITERIA)
    more["partnerships"].insert(0, {**copy.deepcopy(CRITERIA["partnerships"][0]), "id": "aa"})
    before, after = values(CRITERIA), values(more)
    assert np.array_equal(before.draws, after.draws[:, :2])
    assert not np.array_equal(after.draws[:, :2], after.draws[:, 2:])


def test_another_seed_gives_other_draws() -> None:
    assert not np.array_equal(values(CRITERIA).draws, values(changed(CRITERIA, "seed", 2)).draws)


def test_equal_weights_are_said_to_be_so() -> None:
    assert solve(changed(CRITERIA, "weights", []))["weights"] == {"source": "equal", "decision_makers": []}


@pytest.mark.parametrize(
    ("readiness", "mean", "source"),
    [
        ({"draws": [0.2, 0.4]}, 0.3, "draws"),
        ({"mean": 0.7}, 0.7, "estimate"),
        ({"answers": [[5] * 8, [3] * 8]}, 0.2 + 0.8 * 0.75, "survey"),
        ({}, 0.6, "default"),
    ],
)
def test_readiness_by_its_source(readiness: dict[str, Any], mean: float, source: str) -> None:
    drawn = values(changed(changed(CRITERIA, "partnerships.0.readiness", readiness), "draws", 4000)).readiness
    assert drawn.sources == (source,)
    assert drawn.mean[0] == pytest.approx(mean)
    assert drawn.draws.mean() == pytest.approx(mean, abs=0.03)
    assert drawn.draws.min() >= 0
    assert drawn.draws.max() <= 1


def test_three_people_who_agree_are_not_certain_and_thirty_are_surer() -> None:
    spreads = []
    for count in (3, 30):
        document = changed(CRITERIA, "partnerships.0.readiness", {"answers": [[4] * 8] * count})
        spreads.append(float(values(changed(document, "draws", 4000)).readiness.draws.std()))
    assert spreads[0] > 2 * spreads[1]
    assert spreads[1] >= 0.8 * 0.03 * 0.9


def test_few_answers_are_pooled_towards_the_portfolio() -> None:
    document = copy.deepcopy(CRITERIA)
    low = copy.deepcopy(document["partnerships"][0])
    document["partnerships"][0]["readiness"] = {"answers": [[5] * 8] * 40}
    low |= {"id": "b", "readiness": {"answers": [[1] * 8]}}
    document["partnerships"].append(low)
    means = values(document).readiness.mean
    pooled = 0.5  # of shares 1 and 0
    assert means[1] == pytest.approx(0.2 + 0.8 * (1 / 5 * 0 + 4 / 5 * pooled))
    assert means[0] == pytest.approx(0.2 + 0.8 * (40 / 44 * 1 + 4 / 44 * pooled))


def test_a_characteristic_nobody_answered_is_left_out() -> None:
    answers = [[5, None, None, None, None, None, None, None], [3, 5, None, None, None, None, None, None]]
    drawn = values(changed(CRITERIA, "partnerships.0.readiness", {"answers": answers})).readiness
    share = (0.75 + 1) / 2
    assert drawn.mean[0] == pytest.approx(0.2 + 0.8 * share)


ON_TRUST = {**dict.fromkeys(EIGHTHS, 0.0), "trust": 0.75, "skills": 0.25}
LOW_TO_HIGH = ("low", "likely", "high")
TRUSTED: list[list[int | None]] = [[1, 1, 1, 5, 1, 1, 1, 3]]  # trust is the fourth, skills the last


def weighing(weights: dict[str, float], answers: list[list[int | None]]) -> Any:
    document = changed(CRITERIA, "partnerships.0.readiness", {"answers": answers})
    return values(changed(document, "readiness.weights", weights)).readiness


def test_characteristics_count_as_much_as_the_document_says() -> None:
    """Trust realises all, skills half: .2 + .8 · (.75 · 1 + .25 · .5), and the other six do not count."""
    weighed = weighing(ON_TRUST, TRUSTED * 9)
    assert weighed.mean[0] == pytest.approx(0.2 + 0.8 * 0.875)
    assert weighed.draws[0].mean() == pytest.approx(weighed.mean[0], abs=0.1)


def test_without_weights_all_eight_count_the_same() -> None:
    answers = {"answers": [[1, 2, 3, 4, 5, 1, 2, 3], [5, 5, 5, 5, None, None, 1, 2]]}
    document = changed(CRITERIA, "partnerships.0.readiness", answers)
    told, left = changed(document, "readiness", {"weights": EIGHTHS}), changed(document, "readiness", {})
    assert solve(told) == solve(left)


def test_the_weakest_characteristic_is_one_that_counts() -> None:
    assert weighing(ON_TRUST, TRUSTED).weakest[0] == pytest.approx(0.2 + 0.8 * 0.5)
    assert weighing(EIGHTHS, TRUSTED).weakest[0] == pytest.approx(0.2)


def test_the_weights_of_what_nobody_answered_are_shared_out() -> None:
    weights = {**dict.fromkeys(EIGHTHS, 0.0), "purpose": 0.2, "trust": 0.6, "skills": 0.2}
    weighed = weighing(weights, [[3, 1, 1, 5, 1, 1, 1, None]] * 3)
    assert weighed.mean[0] == pytest.approx(0.2 + 0.8 * (0.25 * 0.5 + 0.75 * 1))


def test_answers_on_nothing_that_counts_are_refused() -> None:
    with pytest.raises(DocumentError, match="no answer on a characteristic that has a weight"):
        weighing(ON_TRUST, [[4, 4, 4, None, 4, 4, 4, None]])


def test_the_weights_reach_the_thresholds_and_the_label() -> None:
    """One is praised for what counts; the other would add more, were it not for just that."""
    answers = {"trusted": [[1, 1, 1, 5, 1, 1, 1, 5]] * 20, "mistrusted": [[5, 5, 5, 1, 5, 5, 5, 1]] * 20}
    points = {"trusted": 30, "mistrusted": 50}
    document: dict[str, Any] = {
        **CRITERIA,
        "pools": [{"id": "exec", "days": 3}],
        "weights": [],
        "readiness": {"weights": ON_TRUST},
        "partnerships": [
            {
                **CRITERIA["partnerships"][0],
                "id": name,
                "ratings": [{"objective": "staff", "way": "learn", **dict.fromkeys(LOW_TO_HIGH, points[name])}],
                "readiness": {"answers": given},
            }
            for name, given in answers.items()
        ],
    }
    rows = {row["id"]: row for row in solve(document)["partnerships"]}
    assert (rows["trusted"]["label"], rows["mistrusted"]["label"]) == ("prioritise", "build")
    turn = rows["mistrusted"]["turns"]["readiness"]["above"]
    assert turn["now"] == rows["mistrusted"]["readiness"]["mean"]
    assert turn["at"] == pytest.approx(rows["trusted"]["readiness"]["mean"] * 30 / 50)
    other = {row["id"]: row for row in solve({**document, "readiness": {}})["partnerships"]}
    assert (other["trusted"]["level"], other["mistrusted"]["level"]) == ("decline", "prioritise")


def test_harm_falls_on_the_lowest_level_alone() -> None:
    document = changed(CRITERIA, "partnerships.0.harm", 9)
    assert values(document).mean[0] == -9
    assert values(document).mean[1] == values(CRITERIA).mean[1]
    del document["partnerships"][0]["options"][0]
    assert values(document).mean.tolist() == [values(CRITERIA).mean[1]]
