"""The charts of a recommendation: value against days, and the tipping point."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from design.charts import AQUA, BLUE, DARK_GREY, GREEN, INK, PURPLE, RED, WARM_YELLOW, Chart, calm_figure, in_a_chart
from scoring.advice import Advice
from scoring.findings import Findings
from scoring.models import Label
from scoring.words import in_sentence, listing, number

# Shape first, so that the chart is read without colour; the number inside leads to the list.
MARKS = {
    Label.PRIORITISE: ("circle", GREEN, "#ffffff"),
    Label.SUSTAIN: ("square", BLUE, "#ffffff"),
    Label.BUILD: ("triangle-up", PURPLE, "#ffffff"),
    Label.DO_THE_MINIMUM: ("hexagon", AQUA, INK),
    Label.STEP_DOWN: ("triangle-down", WARM_YELLOW, INK),
    Label.FIND_OUT_FIRST: ("diamond", "#ffffff", INK),
    Label.SAY_NO_KINDLY: ("x-thin", RED, INK),
}
MOST_ROWS = 16  # of the curve's table: the points between say no more


def value_against_days(findings: Findings) -> Chart:
    """Each partnership's value and days with everything it asks for, in the scarcest pool."""
    pool = findings.scarcest
    days = f"{in_a_chart(pool.label)} days a quarter it would need"
    figure = calm_figure(x_title=days, y_title="Value it would add (points)")
    places = _apart([(_days(one, pool.id), one.top.value) for one in findings.advice])
    for label, group in findings.groups:
        figure.add_trace(_group(label, group, pool.id, [places[one.number - 1] for one in group]))
    ends = {one.top.name for one in findings.advice}
    return Chart(
        key="value",
        finding=_value_finding(findings),
        description=(
            f"Each partnership by the {pool.name} days it would need and the value it would add at "
            f"“{listing(sorted(ends))}”, marked by what is recommended. The table below has the same numbers."
        ),
        figure=figure,
        columns=("Partnership", "Recommendation", f"{pool.label} days a quarter", "Value (points)"),
        rows=[
            (f"{one.number}. {one.name}", one.label.label, number(_days(one, pool.id)), number(one.top.value))
            for one in findings.advice
        ],
        note="Numbers are those of the list below. Days and value are at the highest level, so that all can be "
        "compared. Marks that would cover each other are drawn side by side.",
    )


def _days(one: Advice, pool: str) -> float:
    return one.top.days.get(pool, 0.0)


def _apart(points: list[tuple[float, float]]) -> list[float]:
    """Where each point is drawn along the days: a little to the right where it would cover an earlier one."""
    widest = max((days for days, _ in points), default=0.0) or 1.0
    values = [value for _, value in points]
    tallest = (max(values) - min(values) if values else 0.0) or 1.0
    drawn: list[tuple[float, float]] = []
    for days, value in points:
        while any(abs(days - x) < widest * 0.032 and abs(value - y) < tallest * 0.08 for x, y in drawn):
            days += widest * 0.034
        drawn.append((days, value))
    return [days for days, _ in drawn]


def _group(label: Label, group: list[Advice], pool: str, drawn_at: list[float]) -> go.Scatter:
    symbol, colour, ink = MARKS[label]
    thin = symbol.endswith("thin")
    return go.Scatter(
        name=label.label,
        mode="markers+text",
        x=drawn_at,
        y=[one.top.value for one in group],
        text=[str(one.number) for one in group],
        customdata=[[in_a_chart(one.name), in_a_chart(one.how_sure), _days(one, pool)] for one in group],
        hovertemplate="%{text}. %{customdata[0]}<br>%{customdata[2]:.1f} days, %{y:.1f} points<br>"
        f"{label.label}. %{{customdata[1]}}<extra></extra>",
        textposition="top center" if thin else "middle center",
        textfont={"size": 11, "color": ink},
        marker={
            "symbol": symbol,
            "size": 13 if thin else 24,
            "color": colour,
            "opacity": 0.95,
            "line": {"width": 3 if thin else 1.5, "color": RED if thin else INK},
        },
    )


def _value_finding(findings: Findings) -> str:
    pool = findings.scarcest
    keep = _worth_a_day(findings, Label.PRIORITISE, pool.id)
    drop = _worth_a_day(findings, Label.SAY_NO_KINDLY, pool.id)
    if keep is not None and drop is not None and number(keep, 2) != number(drop, 2) and keep > drop >= 0:
        return (
            f"A day of {pool.name} time adds {number(keep, 2)} points where you would prioritise, "
            f"and {number(drop, 2)} where you would say no"
        )
    return f"What each partnership would add, and the {pool.name} days it would need"


def _worth_a_day(findings: Findings, label: Label, pool: str) -> float | None:
    group = [one for one in findings.advice if one.label == label]
    days = sum(_days(one, pool) for one in group)
    return sum(one.top.value for one in group) / days if days > 0 else None


def tipping_point(findings: Findings) -> Chart | None:
    """The best total value at each load, with its highest point, today and the recommendation; None without a curve."""
    found, curve = findings.tipping_point, findings.result["load_curve"]
    if found is None or len(curve["points"]) < 3:
        return None
    points = curve["points"]
    figure = calm_figure(x_title="Attention asked for (points)", y_title="Total value (points)", showlegend=True)
    loads = [point["load"] for point in points]
    figure.add_trace(_line("Best total value", loads, [point["value"] for point in points], "solid"))
    figure.add_trace(
        _line("The same if attention were free", loads, [point["before_penalty"] for point in points], "dot")
    )
    marked = _marked(findings)
    for place, (name, load, value) in enumerate(marked):
        figure.add_trace(_mark(place, name, load, value))
    rows: list[tuple[Any, ...]] = [(f"{name} ({load} points)", number(value), "") for name, load, value in marked]
    step = -(-len(points) // MOST_ROWS)
    rows += [
        (f"{point['load']} points", number(point["value"]), number(point["before_penalty"])) for point in points[::step]
    ]
    return Chart(
        key="tipping-point",
        finding=_tipping_finding(findings),
        description=f"The best total value at each amount of attention, with its highest point at {found.highest}. "
        "The table below has the same numbers.",
        figure=figure,
        columns=("Attention", "Total value (points)", "If attention were free"),
        rows=rows,
        note=_assumption(findings),
    )


def _line(name: str, loads: list[int], values: list[float], dash: str) -> go.Scatter:
    return go.Scatter(
        name=name,
        mode="lines",
        x=loads,
        y=values,
        line={"dash": dash, "width": 3 if dash == "solid" else 2, "color": BLUE if dash == "solid" else DARK_GREY},
        hovertemplate=f"{name}<br>%{{x}} points of attention: %{{y:.1f}}<extra></extra>",
    )


def _marked(findings: Findings) -> list[tuple[str, int, float]]:
    """The places on the curve that have a name: where, at which load, and what it is worth."""
    curve, today = findings.result["load_curve"], findings.deliverable_today
    marked = [("Highest point", curve["highest"]["load"], curve["highest"]["value"])]
    if curve["today"] is not None and today is not None:
        marked.append(("Today", curve["today"]["load"], today))
    marked.append(("Recommended", findings.result["advised"]["load"], findings.recommended_value))
    return marked


def _mark(place: int, name: str, load: int, value: float) -> go.Scatter:
    symbols, colours = ("star", "diamond", "circle"), (GREEN, RED, BLUE)
    positions = ("top center", "bottom center", "bottom right")
    return go.Scatter(
        name=name,
        mode="markers+text",
        x=[load],
        y=[value],
        text=[name],
        textposition=positions[place % 3],
        textfont={"size": 13, "color": INK},
        cliponaxis=False,
        showlegend=False,
        marker={
            "symbol": symbols[place % 3],
            "size": 14,
            "color": colours[place % 3],
            "line": {"width": 1.5, "color": INK},
        },
        hovertemplate=f"{name}<br>%{{x}} points of attention: %{{y:.1f}}<extra></extra>",
    )


def _tipping_finding(findings: Findings) -> str:
    found = findings.tipping_point
    assert found is not None  # noqa: S101 - only called where there is a curve  # nosec B101
    best = f"highest value at {found.highest}"
    if found.today is None:
        return f"Total value is highest at {found.highest} points of attention"
    where = "past" if found.is_past else "short of" if found.is_short else "at"
    return f"You are {where} your tipping point: {found.today} points of attention today, {best}"


def _assumption(findings: Findings) -> str:
    found = findings.tipping_point
    assert found is not None  # noqa: S101 - only called where there is a curve  # nosec B101
    whose = "This is our assumption, not yet yours" if found.is_default else "This is your own assumption"
    levels = [
        f"{in_sentence(level['label'])} {level['load']}" for level in findings.document["levels"] if level["load"] > 0
    ]
    if not findings.document.get("load", {}).get("slope"):
        taken = "Nothing you take part in today adds value and asks for attention, so nothing is taken off for it."
    else:
        taken = (
            f"From {found.hurts_from} points in all, one more starts to hurt the others; at {found.adds_nothing_at}, "
            f"one more typical partnership adds nothing. {whose}."
        )
    return (
        f"Attention a partnership takes, in points: {listing(levels)}. {taken} "
        "The curve keeps your duties and leaves the day limits aside; today is what can be delivered in the days "
        "you have."
    )
