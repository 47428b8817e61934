"""Objectives, ways of creating value, and one person's weights on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from partnerships.consistency import Question, Step, question_about
from partnerships.editing import criteria_version, weights_version
from partnerships.forms.rows import RowsForm
from partnerships.forms.versioned import VersionedForm
from partnerships.models import Objective, Organisation, Person, WayOfCreatingValue
from partnerships.numbers import plain_number


class ObjectivesForm(RowsForm):
    noun, a_row = "objective", "an objective"
    columns = {
        "name": lambda: forms.CharField(label="Objective", max_length=80),
        "top_of_range": lambda: forms.CharField(
            label="What 100 means", max_length=250, widget=forms.Textarea(attrs={"rows": 2})
        ),
    }

    def __init__(self, *args: Any, organisation: Organisation) -> None:
        rows = list(organisation.objectives.all())
        unrated = organisation.objectives.filter(ratings__isnull=True).values_list("pk", flat=True)
        removable = frozenset(unrated) if len(rows) > 1 else frozenset()
        super().__init__(*args, rows=rows, version=criteria_version(organisation), removable=removable)


class WaysForm(RowsForm):
    noun, a_row = "way", "a way"
    columns = {
        "name": lambda: forms.CharField(label="Way of creating value", max_length=80),
        "description": lambda: forms.CharField(
            label="What it means", max_length=250, required=False, widget=forms.Textarea(attrs={"rows": 2})
        ),
    }

    def __init__(self, *args: Any, organisation: Organisation) -> None:
        rows = list(organisation.ways_of_creating_value.all())
        unrated = organisation.ways_of_creating_value.filter(ratings__isnull=True).values_list("pk", flat=True)
        removable = frozenset(unrated) if len(rows) > 1 else frozenset()
        super().__init__(*args, rows=rows, version=criteria_version(organisation), removable=removable)


class WeightsForm(VersionedForm):
    """Points from 0 to 100 on every objective and way, for one decision maker.

    The steps are asked for in the order in which that person would take them: ``order`` by ids, else as far as their
    points or their ranking tell.
    """

    def __init__(
        self, *args: Any, organisation: Organisation, person: Person, order: Sequence[int] = (), **kwargs: Any
    ) -> None:
        self.objectives = in_order(organisation, person, order)
        self.ways = list(organisation.ways_of_creating_value.all())
        initial: dict[str, Any] = {"version": weights_version(organisation, person)}
        for weight in organisation.objective_weights.filter(decision_maker=person):
            initial[f"objective-{weight.objective_id}"] = plain_number(weight.points)
        for way_weight in organisation.way_weights.filter(decision_maker=person):
            initial[f"way-{way_weight.way_id}"] = plain_number(way_weight.points)
        super().__init__(*args, initial=initial, **kwargs)
        for objective in self.objectives:
            self.fields[f"objective-{objective.pk}"] = _points(objective, range_of(objective))
        for way in self.ways:
            self.fields[f"way-{way.pk}"] = _points(way, way.description)
        self.speak_plainly()

    def objective_boxes(self) -> Iterator[forms.BoundField]:
        return (self[f"objective-{objective.pk}"] for objective in self.objectives)

    def way_boxes(self) -> Iterator[forms.BoundField]:
        return (self[f"way-{way.pk}"] for way in self.ways)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for kind, rows in (("objective", self.objectives), ("way", self.ways)):
            boxes = [f"{kind}-{row.pk}" for row in rows]
            if boxes and not any(box in self.errors for box in boxes) and not any(cleaned[box] for box in boxes):
                self.add_error(boxes[0], f"Give at least one {kind} more than 0 points.")
        return cleaned

    def question(self) -> Question | None:
        """What follows from the points that were given, to be said yes or no to."""
        points = self.objective_points()
        return question_about([Step(one.name, one.top_of_range, points[one.pk]) for one in self.objectives])

    def objective_points(self) -> dict[int, Decimal]:
        return {objective.pk: self.cleaned_data[f"objective-{objective.pk}"] for objective in self.objectives}

    def way_points(self) -> dict[int, Decimal]:
        return {way.pk: self.cleaned_data[f"way-{way.pk}"] for way in self.ways}


class RankingForm(VersionedForm):
    """A place for every objective; those that matter alike share one."""

    def __init__(self, *args: Any, organisation: Organisation, person: Person, **kwargs: Any) -> None:
        self.objectives = in_order(organisation, person)
        initial: dict[str, Any] = {"version": weights_version(organisation, person)}
        for rank in organisation.objective_ranks.filter(decision_maker=person):
            initial[f"place-{rank.objective_id}"] = rank.place
        super().__init__(*args, initial=initial, **kwargs)
        places = [("", "Choose a place"), *((n, _place(n)) for n in range(1, len(self.objectives) + 1))]
        for objective in self.objectives:
            self.fields[f"place-{objective.pk}"] = forms.TypedChoiceField(
                label=objective.name,
                help_text=range_of(objective),
                choices=places,
                coerce=int,
                error_messages=dict.fromkeys(("required", "invalid_choice"), f"Choose a place for {objective.name}."),
            )
        self.speak_plainly()

    def boxes(self) -> Iterator[forms.BoundField]:
        return (self[f"place-{objective.pk}"] for objective in self.objectives)

    def places(self) -> dict[int, int]:
        return {objective.pk: self.cleaned_data[f"place-{objective.pk}"] for objective in self.objectives}

    def order(self) -> list[int]:
        """Objectives by id, the most important first."""
        return sorted(self.places(), key=self.places().__getitem__)


def range_of(objective: Objective) -> str:
    """Both ends of an objective's scale: a step can only be weighed by who knows where it leads."""
    return f"From nothing at all (0) to: {objective.top_of_range} (100)"


def in_order(organisation: Organisation, person: Person, order: Sequence[int] = ()) -> list[Objective]:
    """Objectives in the order asked for, else by a person's points, else by their ranking, else as they are listed."""
    points = dict(organisation.objective_weights.filter(decision_maker=person).values_list("objective", "points"))
    ranks = dict(organisation.objective_ranks.filter(decision_maker=person).values_list("objective", "place"))
    wanted = {pk: position for position, pk in enumerate(order)}
    last = len(wanted)
    return sorted(
        organisation.objectives.all(),
        key=lambda one: (wanted.get(one.pk, last), -points.get(one.pk, Decimal(0)), ranks.get(one.pk, 0)),
    )


def _place(number: int) -> str:
    return "1, matters most" if number == 1 else str(number)


def _points(criterion: Objective | WayOfCreatingValue, hint: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=criterion.name,
        help_text=hint,
        min_value=0,
        max_value=100,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"width": 4, "suffix": "points"}),
        error_messages={
            "required": "Enter points from 0 to 100. 0 means that it does not matter to you.",
            "invalid": "Enter points as a number from 0 to 100.",
            "min_value": "Enter points from 0 to 100.",
            "max_value": "Enter points from 0 to 100.",
        },
    )
