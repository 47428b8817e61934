"""Charts say what they show, never by colour alone, and send nothing anywhere."""

from __future__ import annotations

import json
from pathlib import Path

from scoring.charts import tipping_point, value_against_days
from tests.unit.scoring.test_findings import findings, partnership

ROOT = Path(__file__).resolve().parents[3]


def test_every_label_has_its_own_shape_and_word() -> None:
    found = findings(partnership("a", 80), partnership("b", 60, today="sustain"), partnership("c", 1), days=15)
    figure = value_against_days(found).data
    names = [trace["name"] for trace in figure["data"]]
    shapes = [trace["marker"]["symbol"] for trace in figure["data"]]
    assert len(set(names)) == len(set(shapes)) == len(names) > 1


def test_the_table_has_the_numbers_of_the_picture() -> None:
    found = findings(partnership("a", 80), partnership("b", 60), partnership("c", 2, days=4), days=15)
    chart = value_against_days(found)
    drawn = {
        text: (x, y)
        for trace in chart.data["data"]
        for text, x, y in zip(trace["text"], trace["x"], trace["y"], strict=True)
    }
    assert len(chart.rows) == len(drawn) == 3
    for place, _, days, value in chart.rows:
        x, y = drawn[place.split(".")[0]]
        assert float(days) == x or x > float(days)  # drawn side by side where it would be covered
        assert float(value) == round(y, 1)


def test_marks_that_would_cover_each_other_stand_apart() -> None:
    found = findings(*(partnership(name, 50) for name in "abcd"), days=15)
    figure = value_against_days(found).data
    places = [place for trace in figure["data"] for place in trace["x"]]
    assert len(set(places)) == 4


def test_the_title_states_the_finding() -> None:
    found = findings(partnership("a", 80), partnership("b", 1), days=10)
    assert value_against_days(found).finding.startswith(
        "A day of executive time adds 8 points where you would prioritise"
    )


def test_the_tipping_point_shows_its_assumption() -> None:
    found = findings(*(partnership(name, 50) for name in "abcd"), days=15, load={"knee": 20, "slope": 0.1})
    chart = tipping_point(found)
    assert chart is not None
    assert "From 20 points in all, one more starts to hurt the others" in chart.note
    assert "our assumption" in chart.note
    assert [row[0] for row in chart.rows[:3]] == [
        "Highest point (12 points)",
        "Today (12 points)",
        f"Recommended ({found.result['advised']['load']} points)",
    ]


def test_a_tipping_point_that_takes_nothing_off_says_so() -> None:
    chart = tipping_point(findings(*(partnership(name, 50) for name in "abcd"), days=15))
    assert chart is not None
    assert "so nothing is taken off for it" in chart.note
    assert "one more starts to hurt" not in chart.note


def test_where_the_curve_is_level_nobody_is_past_it() -> None:
    """The fourth takes attention and is worth nothing: the curve is as high without it as with it."""
    worthless = partnership("d", 0, today="prioritise")
    chart = tipping_point(findings(*(partnership(name, 50) for name in "abc"), worthless, days=40))
    assert chart is not None
    assert chart.finding == "You are at your tipping point: 12 points of attention today, highest value at 9"


def test_figures_are_small_and_plain_json() -> None:
    found = findings(partnership("a", 80), partnership("b", 1), days=10)
    data = value_against_days(found).data
    assert json.loads(json.dumps(data)) == data
    assert "colorway" not in json.dumps(data["layout"]["template"])  # not the library's own look
    assert len(json.dumps(data)) < 10_000


def test_nothing_can_be_sent_to_a_chart_cloud() -> None:
    script = (ROOT / "static" / "js" / "charts.js").read_text()
    assert "showSendToCloud: false" in script
    assert "plotlyServerURL: ''" in script
    assert "displayModeBar: false" in script
