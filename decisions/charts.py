"""The chart of a year: total value from run to run."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
from django.utils import timezone

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
    # The days under the axis may stand aslant on a phone, so the legend is above.
    figure.update_layout(legend={"orientation": "h", "yanchor": "bottom", "y": 1.03, "xanchor": "left", "x": 0})
    figure.update_xaxes(type="category")
    when = _when(value.runs)
    figure.add_trace(_line("With the levels of that day", when, [one.delivers for one in value.runs]))
    figure.add_trace(_line("As recommended", when, [one.recommended for one in value.runs], is_second=True))
    finding = value.in_words or "what we could deliver, as recommended"
    return Chart(
        key="total-value",
        finding=f"{finding[0].upper()}{finding[1:]}",
        description=f"{finding[0].upper()}{finding[1:]}. The table below has the same numbers.",
        figure=figure,
        columns=("Day", "With the levels of that day (points)", "As recommended (points)"),
        rows=[
            (
                day,
                "No levels" if one.delivers is None else number(one.delivers),
                number(one.recommended),
            )
            for day, one in zip(when, value.runs, strict=True)
        ],
        note=NOTE,
    )


def _when(runs: Sequence[Valued]) -> list[str]:
    """The day of each, with the time where two are of one day."""
    has_time = len({one.day for one in runs}) < len(runs)
    words = "%-d %b %Y, %H:%M" if has_time else "%-d %b %Y"
    return [timezone.localtime(one.at).strftime(words) for one in runs]


def _line(name: str, when: Sequence[str], values: list[float | None], *, is_second: bool = False) -> go.Scatter:
    colour = DARK_GREY if is_second else BLUE
    return go.Scatter(
        name=name,
        mode="lines+markers",
        x=list(when),
        y=values,
        line={"dash": "dot" if is_second else "solid", "width": 2 if is_second else 3, "color": colour},
        marker={"symbol": "square" if is_second else "circle", "size": 8, "color": colour},
        hovertemplate=f"{name}<br>%{{x}}: %{{y:.1f}} points<extra></extra>",
    )
