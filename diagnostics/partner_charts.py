"""What partners say and what we say of ourselves, as two dots on each of the eight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import plotly.graph_objects as go

from design.charts import BLUE, DARK_GREY, GRID, Chart, calm_figure
from diagnostics.charts import PLACES, as_shown, folded
from diagnostics.instrument.change import ends_are_apart
from diagnostics.instrument.definition import LEAST, MOST
from diagnostics.instrument.scoring import Estimate
from diagnostics.instrument.sides import Beside

# How far the two dots of a line stand from its middle, so that their intervals do not cover each other.
BESIDE = 0.16
Side = Callable[[Beside], Estimate | None]


def partner_chart(lines: Sequence[Beside], *, finding: str, counted: str, note: str = "") -> Chart | None:
    """Two dots a characteristic with their 95% intervals; None where none can be shown.

    ``counted`` is what the means are over: "people with a view", or "partnerships".
    """
    shown = [one for one in lines if one.partners or one.ours]
    if not shown:
        return None
    title = finding or _of_one_side(shown)
    return Chart(
        key="partner",
        finding=title,
        description=f"{title}. The same numbers are in the table below.",
        figure=_figure([_as_shown(one) for one in shown]),
        columns=[
            "Characteristic",
            "Partners say",
            "Likely",
            f"Partners: {counted}",
            "We say",
            "Likely",
            f"We: {counted}",
            "The gap",
            "Likely",
        ],
        rows=[[one.name, *_cells(one.partners), *_cells(one.ours), *_gap(one)] for one in shown],
        note=(
            f"{LEAST} is strongly disagree and {MOST} strongly agree. A filled dot is what partners say, a hollow "
            f"diamond what we say of ourselves. The line through each is where the mean is likely to lie (95%). {note}"
        ).strip(),
    )


def _as_shown(line: Beside) -> Beside:
    partners, ours = (one and as_shown(one) for one in (line.partners, line.ours))
    return replace(line, partners=partners, ours=ours)


def _of_one_side(shown: Sequence[Beside]) -> str:
    """Where only one side is there: its highest and lowest, as far as they can be told apart."""
    who, side = ("Partners", _theirs) if any(one.partners for one in shown) else ("We", _own)
    found = sorted(((side(one), one.name) for one in shown if side(one)), key=lambda one: one[0].mean if one[0] else 0)
    low_name, high_name = found[0][1], found[-1][1]
    if ends_are_apart([one for one, _ in found if one]):
        return f"{who} rate us highest on {high_name} and lowest on {low_name}".replace(
            "We rate us", "We rate ourselves"
        )
    return f"{'Partners’' if who == 'Partners' else 'Our'} ratings of the eight are too close to tell apart"


def _cells(estimate: Estimate | None) -> list[str | int]:
    if estimate is None:
        return ["–", "–", "–"]
    if estimate.people == 1:
        return [f"{estimate.mean:.1f}", "not known", 1]
    return [f"{estimate.mean:.1f}", f"{estimate.low:.1f} to {estimate.high:.1f}", estimate.people]


def _gap(line: Beside) -> list[str | int]:
    if line.gap is None:
        return [line.in_words or "–", "–"]
    return [line.in_words, f"{line.gap.low_in_words} to {line.gap.high_in_words}"]


def _figure(shown: Sequence[Beside]) -> go.Figure:
    figure = calm_figure(x_title=f"Mean, {LEAST} to {MOST}", y_title="", height=110 + 50 * len(shown))
    for place, one in enumerate(shown):
        if one.partners and one.ours:
            figure.add_shape(
                type="line",
                x0=one.partners.mean,
                y0=place - BESIDE,
                x1=one.ours.mean,
                y1=place + BESIDE,
                line={"color": GRID, "width": 3},
                layer="below",
            )
    partners = {"size": 12, "color": BLUE, "symbol": "circle"}
    ours = {"size": 12, "color": DARK_GREY, "symbol": "diamond-open", "line": {"width": 2}}
    for name, side, marker, away in (("Partners say", _theirs, partners, -BESIDE), ("We say", _own, ours, BESIDE)):
        if any(side(one) for one in shown):
            figure.add_trace(_dots(shown, side, name, marker, away))
    figure.update_xaxes(range=[LEAST - 0.1, MOST + 0.1], dtick=1)
    figure.update_yaxes(
        range=[len(shown) - 0.5, -0.5],
        tickmode="array",
        tickvals=list(range(len(shown))),
        ticktext=[folded(one.name) for one in shown],
        ticks="",
        showgrid=False,
        zeroline=False,
    )
    return figure


def _theirs(line: Beside) -> Estimate | None:
    return line.partners


def _own(line: Beside) -> Estimate | None:
    return line.ours


def _dots(shown: Sequence[Beside], side: Side, name: str, marker: dict[str, object], away: float) -> go.Scatter:
    found = [(place, line, one) for place, line in enumerate(shown) if (one := side(line))]
    return go.Scatter(
        x=[one.mean for _, _, one in found],
        y=[place + away for place, _, _ in found],
        mode="markers",
        name=name,
        marker=marker,
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [round(one.high - one.mean, PLACES) for _, _, one in found],
            "arrayminus": [round(one.mean - one.low, PLACES) for _, _, one in found],
            "color": marker["color"],
            "thickness": 2,
            "width": 4,
        },
        customdata=[[line.name, one.low, one.high] for _, line, one in found],
        hovertemplate=f"{name}: %{{customdata[0]}} %{{x:.1f}}, likely %{{customdata[1]:.1f}} to "
        "%{customdata[2]:.1f}<extra></extra>",
    )
