"""The eight characteristics as dots with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import plotly.graph_objects as go

from design.charts import BLUE, DARK_GREY, Chart, calm_figure
from diagnostics.instrument.definition import LEAST, MOST
from diagnostics.instrument.scoring import Estimate
from diagnostics.over_time import SinceLastTime
from diagnostics.results import Line, RoundResults

SHORT_ENOUGH = 26
# As in the tables: what is drawn stands in the page's source, and a mean to its last digit says more of single answers.
PLACES = 1
# The lines of a chart with their estimates, none of which is hidden.
Shown = Sequence[tuple[Line, Estimate]]


def characteristics_chart(results: RoundResults, since: SinceLastTime | None = None) -> Chart | None:
    """A dot a characteristic, its 95% interval as a line, and a hollow one where it was last time.

    None where no characteristic can be shown.
    """
    shown = [(line, line.estimate) for line in results.characteristics if line.estimate]
    if not shown:
        return None
    before = since.means_before if since else {}
    # Of an organisation that nobody answered for, a mean over organisations says nothing.
    invited = "all who were invited by the organisations that answered" if results.counts else "everybody invited"
    columns, rows = _table(shown, before)
    return Chart(
        key="characteristics",
        finding=finding(results),
        description=f"{finding(results)}. The same numbers are in the table below.",
        figure=_figure(shown, before),
        columns=columns,
        rows=rows,
        note=(
            f"{LEAST} is strongly disagree and {MOST} strongly agree. The line through each dot is where the mean of "
            f"{invited} is likely to lie (95%)." + (" A hollow diamond is the mean last time." if before else "")
        ),
    )


def _table(shown: Shown, before: Mapping[str, float]) -> tuple[list[str], list[list[str | int]]]:
    """The columns and rows of the same numbers; what last time was is a column only where there was one."""
    columns = ["Characteristic", "Mean", "Likely from", "Likely to", "People with a view"]
    rows: list[list[str | int]] = [
        [line.name, f"{one.mean:.1f}", f"{one.low:.1f}", f"{one.high:.1f}", one.people] for line, one in shown
    ]
    if before:
        columns.append("Last time")
        for (line, _), row in zip(shown, rows, strict=True):
            row.append(f"{before[line.code]:.1f}" if line.code in before else "–")
    return columns, rows


def _figure(shown: Shown, before: Mapping[str, float]) -> go.Figure:
    # Short, because on a phone it stands under half the screen; the note says what the ends mean.
    figure = calm_figure(x_title=f"Mean, {LEAST} to {MOST}", y_title="", height=90 + 46 * len(shown))
    figure.add_trace(_this_time(shown))
    if before:
        figure.add_trace(_last_time([line for line, _ in shown if line.code in before], before))
    figure.update_xaxes(range=[LEAST - 0.1, MOST + 0.1], dtick=1)
    figure.update_yaxes(autorange="reversed", ticks="")
    return figure


def _this_time(shown: Shown) -> go.Scatter:
    shown = [(line, as_shown(one)) for line, one in shown]
    return go.Scatter(
        x=[one.mean for _, one in shown],
        y=[folded(line.name) for line, _ in shown],
        mode="markers",
        name="This time",
        marker={"size": 12, "color": BLUE},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [round(one.high - one.mean, PLACES) for _, one in shown],
            "arrayminus": [round(one.mean - one.low, PLACES) for _, one in shown],
            "color": DARK_GREY,
            "thickness": 2,
            "width": 5,
        },
        customdata=[[line.name, one.low, one.high] for line, one in shown],
        hovertemplate="%{customdata[0]}: %{x:.1f}, likely %{customdata[1]:.1f} to %{customdata[2]:.1f}<extra></extra>",
    )


def _last_time(lines: Sequence[Line], before: Mapping[str, float]) -> go.Scatter:
    return go.Scatter(
        x=[round(before[line.code], PLACES) for line in lines],
        y=[folded(line.name) for line in lines],
        mode="markers",
        name="Last time",
        marker={"size": 11, "color": DARK_GREY, "symbol": "diamond-open", "line": {"width": 2}},
        customdata=[[line.name] for line in lines],
        hovertemplate="%{customdata[0]} last time: %{x:.1f}<extra></extra>",
    )


def as_shown(one: Estimate) -> Estimate:
    """An estimate as the tables have it."""
    return replace(one, mean=round(one.mean, PLACES), low=round(one.low, PLACES), high=round(one.high, PLACES))


def finding(results: RoundResults) -> str:
    """What the chart shows, in one sentence without its full stop."""
    lowest, highest = _ends(results)
    if not results.lowest_stand_out:
        return f"The eight are close: {highest.name} is highest and {lowest.name} lowest, but it could be chance"
    return f"{highest.name} is the strongest and {lowest.name} the weakest"


def _ends(results: RoundResults) -> tuple[Line, Line]:
    return results.from_the_lowest[0], results.from_the_lowest[-1]


def folded(name: str) -> str:
    """A long name on two lines, so that a phone has room left for the dots."""
    if len(name) <= SHORT_ENOUGH:
        return name
    words, lines = name.split(), [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) >= SHORT_ENOUGH:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)
