"""Charts: a Plotly figure made here, drawn in the browser by one static file, with a table of the same numbers.

Nothing is drawn by a script in the page: the figure travels as JSON (``json_script``) and ``static/js/charts.js`` draws
every element that names one. A page with a chart includes ``components/chart_head.html`` in its head block and
``components/chart_scripts.html`` in its scripts block, and ``components/chart.html`` where the chart belongs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import plotly.graph_objects as go

# The design system's own colours. Shape and words come first; colour only repeats them.
BLUE, DARK_GREY, GREEN, WARM_YELLOW, RED, PURPLE, AQUA = (
    "#005eb8",
    "#4c6272",
    "#007f3b",
    "#ffb81c",
    "#d5281b",
    "#330072",
    "#00a499",
)
INK, GRID = "#212b32", "#d8dde0"
FONT = "Arial, Helvetica, sans-serif"


@dataclass(frozen=True)
class Chart:
    """One chart: ``finding`` is its title and says what it shows, ``description`` is what a screen reader says."""

    key: str
    finding: str
    description: str
    figure: go.Figure
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    note: str = ""

    @property
    def data_id(self) -> str:
        return f"chart-{self.key}-data"

    @property
    def data(self) -> dict[str, Any]:
        """The figure as plain JSON types, for ``json_script``."""
        plain: dict[str, Any] = json.loads(self.figure.to_json())
        return plain


def in_a_chart(words: str) -> str:
    """People's words as a text of a figure: Plotly draws some tags in its texts, links among them; these are none."""
    return escape(words, quote=False)


def calm_figure(*, x_title: str, y_title: str, height: int = 420, **layout: Any) -> go.Figure:
    """An empty figure in the house style: white, a light grid, titles on both axes, legend below."""
    figure = go.Figure(layout=go.Layout(template=go.layout.Template()))
    axis = {
        "gridcolor": GRID,
        "linecolor": DARK_GREY,
        "zerolinecolor": DARK_GREY,
        "ticks": "outside",
        "automargin": True,
        "fixedrange": True,
    }
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 12, "t": 12, "b": 8},
        font={"family": FONT, "size": 14, "color": INK},
        paper_bgcolor="#ffffff",
        plot_bgcolor="#ffffff",
        hovermode="closest",
        hoverlabel={"font": {"family": FONT, "size": 14}, "align": "left"},
        dragmode=False,  # a finger that scrolls the page must not drag the chart
        legend={"orientation": "h", "yanchor": "top", "y": -0.22, "xanchor": "left", "x": 0},
        xaxis={"title": {"text": x_title}, **axis},
        yaxis={"title": {"text": y_title}, **axis},
    )
    figure.update_layout(**layout)
    return figure
