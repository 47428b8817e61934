"""Numbers of a recommendation as words, for its templates."""

from __future__ import annotations

from django import template

from scoring.engine import wording
from scoring.words import number

register = template.Library()


@register.filter
def points(value: float | None) -> str:
    """A value in points as people say it: whole from 10 up."""
    return "–" if value is None else number(value)


@register.filter
def versions(share: float | None, draws: int) -> str:
    """How often a level is best, over so many plausible versions."""
    return "Not tested" if share is None or not draws else f"{wording.versions(share, draws)} versions"
