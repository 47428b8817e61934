"""The chart of a year: total value from run to run."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from decisions.year import TotalValue, Valued
from design.charts import BLUE, DARK_GREY, Chart, calm_figure
from scoring.words import number

NOTE = (
    "One scoring a month, the last of each, after the one that the year began with. Each is measured with the ratings, "
    "weights and days of its own day, so total value also moves where somebody rates anew. Where a pool is asked for "
    "more days than it has, everybody is assumed to go short evenly."
)


def total_value(value: TotalValue) -> Chart | None:
    """What today's levels can deliver, and what the recommendation would, on the day of each run; None for fewer than
    two.
    """
    if len(value.runs) < 2:
        return None
    figure = calm_figure(x_title="Day of the scoring", y_title="Total value (points)", showlegend=True)
    figure.add_trace(_line("With the levels of that day", value.measured, [one.delivers for one in value.measured]))
    figure.add_trace(_line("As recommended", value.runs, [one.recommended for one in value.runs], is_second=True))
    finding = value.in_words or "what we could deliver, as recommended"
    return Chart(
        key="total-value",
        finding=f"{finding[0].upper()}{finding[1:]}",
        description=f"{finding[0].upper()}{finding[1:]}. The table below has the same numbers.",
        figure=figure,
        columns=("Day", "With the levels of that day (points)", "As recommended (points)"),
        rows=[
            (
                f"{one.day:%-d %B %Y}",
                "No levels" if one.delivers is None else number(one.delivers),
                number(one.recommended),
            )
            for one in value.runs
        ],
        note=NOTE,
    )


def _line(name: str, runs: Sequence[Valued], values: list[float | None], *, is_second: bool = False) -> go.Scatter:
    colour = DARK_GREY if is_second else BLUE
    return go.Scatter(
        name=name,
        mode="lines+markers",
        x=[one.day.isoformat() for one in runs],
        y=values,
        line={"dash": "dot" if is_second else "solid", "width": 2 if is_second else 3, "color": colour},
        marker={"symbol": "square" if is_second else "circle", "size": 8, "color": colour},
        hovertemplate=f"{name}<br>%{{x|%-d %B %Y}}: %{{y:.1f}} points<extra></extra>",
    )
