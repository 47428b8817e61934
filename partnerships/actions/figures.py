"""Adding the figures of a measure, many at once as they are pasted."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from partnerships.access import check_can_fill_in
from partnerships.actions.relationship_record import held
from partnerships.figures import Figure, Problem
from partnerships.models import MeasurePoint, OutcomeMeasure, Person

MOST_FIGURES = 600


@transaction.atomic
def add_figures(*, measure: OutcomeMeasure, by: Person, figures: Sequence[Figure]) -> int:
    """Add figures to a measure, all of them or none; how many were new. What is there already with the same figure is
    left as it is, so that a form sent twice adds nothing twice.

    Raises ValidationError where a day has another figure already, there would be too many, or the measure is gone.
    """
    check_can_fill_in(by, measure.organisation)
    current = held(measure)  # one at a time
    there = dict(current.points.values_list("on_day", "value"))
    problems = [
        str(Problem(one.line, f"{one.day:%-d %B %Y} has the figure {there[one.day].normalize():f}. Change that one."))
        for one in figures
        if there.get(one.day, one.value) != one.value
    ]
    if problems:
        raise ValidationError({"figures": problems})
    new = [one for one in figures if one.day not in there]
    if len(there) + len(new) > MOST_FIGURES:
        raise ValidationError({"figures": [f"A measure holds at most {MOST_FIGURES} figures. Leave out the oldest."]})
    known = {"organisation": current.organisation, "participation_id": current.participation_id, "measure": current}
    MeasurePoint.objects.bulk_create(
        MeasurePoint(on_day=one.day, value=one.value, recorded_by=by, recorded_at=timezone.now(), **known)
        for one in new
    )
    return len(new)
