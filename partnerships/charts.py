"""The chart of an outcome measure: a process control chart with limits, or a run chart where figures are too few."""

from __future__ import annotations

from fractions import Fraction

import plotly.graph_objects as go

from design.charts import BLUE, DARK_GREY, GREEN, INK, WARM_YELLOW, Chart, calm_figure, in_a_chart
from partnerships.numbers import plain_number
from partnerships.outcomes import Outcome, in_figures
from partnerships.process_control import FEWEST_FOR_LIMITS, Variation, variation_of

# Shape first, so that the chart is read without colour: what a figure shows, its mark, its colour, what the key says.
MARKS: dict[Variation, tuple[str, str, str]] = {
    Variation.COMMON_CAUSE: ("circle", DARK_GREY, "Chance"),
    Variation.IMPROVEMENT: ("square", BLUE, "Better than chance explains"),
    Variation.CONCERN: ("diamond", WARM_YELLOW, "Worse than chance explains"),
    Variation.HIGH: ("triangle-up", BLUE, "Higher than chance explains"),
    Variation.LOW: ("triangle-down", BLUE, "Lower than chance explains"),
}


def outcome_chart(outcome: Outcome) -> Chart | None:
    """None without any figure."""
    if not outcome.points:
        return None
    kind = "Process control chart" if outcome.limits else "Run chart"
    return Chart(
        key="outcome",
        finding=outcome.finding,
        description=f"{kind} of {outcome.measure.name}. {outcome.finding}. The table below has the same numbers.",
        figure=_figure(outcome),
        columns=("Day", "Figure", "What it shows"),
        rows=[
            (f"{one.on_day:%-d %B %Y}", plain_number(one.value), outcome.shows(place))
            for place, one in enumerate(outcome.points)
        ],
        note=_note(outcome),
    )


def _note(outcome: Outcome) -> str:
    middle = in_figures(outcome.middle) if outcome.middle is not None else ""
    if outcome.limits is None:
        until = f"From {FEWEST_FOR_LIMITS} figures on, limits show how far chance goes."
        return f"The line in the middle is the median, {middle}. {until}"
    reach = f"{in_figures(outcome.limits.lower)} and {in_figures(outcome.limits.upper)}"
    text = (
        f"The line in the middle is the mean, {middle}; the limits are {reach} (mean ± 2.66 × the mean moving range)."
    )
    return f"{text} With fewer than 20 figures the limits are on trial." if outcome.are_on_trial else text


def _figure(outcome: Outcome) -> go.Figure:
    measure = outcome.measure
    figure = calm_figure(x_title="", y_title=in_a_chart(measure.unit), showlegend=True)
    days = [one.on_day for one in outcome.points]
    figures = [float(one.value) for one in outcome.points]
    figure.add_trace(
        go.Scatter(
            x=days, y=figures, mode="lines", line={"color": DARK_GREY, "width": 1}, showlegend=False, hoverinfo="skip"
        )
    )
    for variation in MARKS:
        _add_marks(figure, outcome, variation)
    first, last = days[0], days[-1]
    if outcome.middle is not None:
        _add_line(figure, first, last, outcome.middle, "Mean" if outcome.limits else "Median", "solid", INK)
    if outcome.limits:
        _add_line(figure, first, last, outcome.limits.upper, "Limits of chance", "dash", DARK_GREY)
        _add_line(figure, first, last, outcome.limits.lower, "", "dash", DARK_GREY)
    if measure.target is not None:
        _add_line(figure, first, last, Fraction(measure.target), "Target", "longdashdot", GREEN)
    figure.update_xaxes(type="date", tickformat="%b %Y", nticks=8)
    return figure


def _add_marks(figure: go.Figure, outcome: Outcome, variation: Variation) -> None:
    better = outcome.better
    shown = [
        one
        for one, found in zip(outcome.points, outcome.found, strict=True)
        if variation_of([found], better) == variation
    ]
    if not shown:
        return
    symbol, colour, name = MARKS[variation]
    figure.add_trace(
        go.Scatter(
            x=[one.on_day for one in shown],
            y=[float(one.value) for one in shown],
            mode="markers",
            name=name if outcome.limits else "Figures",
            marker={"symbol": symbol, "size": 11, "color": colour, "line": {"width": 1.5, "color": INK}},
            hovertemplate="%{x|%-d %B %Y}: %{y}<extra></extra>",
        )
    )


def _add_line(figure: go.Figure, first: object, last: object, at: Fraction, name: str, dash: str, colour: str) -> None:
    figure.add_trace(
        go.Scatter(
            x=[first, last],
            y=[float(at), float(at)],
            mode="lines",
            name=name,
            showlegend=bool(name),
            line={"color": colour, "width": 2, "dash": dash},
            hovertemplate=f"{name or 'Limits of chance'}: {in_figures(at)}<extra></extra>",
        )
    )
