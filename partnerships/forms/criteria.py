"""Objectives, ways of creating value, and one person's weights on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from partnerships.consistency import OBJECTIVES, WAYS, Question, Step, question_about
from partnerships.editing import criteria_version, weights_version
from partnerships.forms.rows import RowsForm
from partnerships.forms.versioned import VersionedForm
from partnerships.models import Objective, Organisation, Person, WayOfCreatingValue
from partnerships.numbers import plain_number

# A list may be left blank as a whole, which the page says once; no single box of it is optional.
ALL_OR_NONE = {"optional": "unsaid"}


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
            label="What it means", max_length=250, required=False, widget=forms.Textarea(attrs={"rows": 4})
        ),
        "top_of_range": lambda: forms.CharField(
            label="What 100 means", max_length=250, widget=forms.Textarea(attrs={"rows": 4})
        ),
    }

    def __init__(self, *args: Any, organisation: Organisation) -> None:
        rows = list(organisation.ways_of_creating_value.all())
        unrated = organisation.ways_of_creating_value.filter(ratings__isnull=True).values_list("pk", flat=True)
        removable = frozenset(unrated) if len(rows) > 1 else frozenset()
        super().__init__(*args, rows=rows, version=criteria_version(organisation), removable=removable)


@dataclass(frozen=True)
class Said:
    """What one person has said of the objectives or of the ways so far, and in which order to ask again."""

    kind: str
    criteria: Sequence[Objective | WayOfCreatingValue]
    points: Mapping[int, Decimal]
    places: Mapping[int, int]

    def box(self, criterion: Objective | WayOfCreatingValue) -> str:
        return f"{self.kind}-{criterion.pk}"

    def boxes(self) -> list[str]:
        return [self.box(one) for one in self.criteria]


def said_by(person: Person, organisation: Organisation, order: Sequence[int], way_order: Sequence[int]) -> list[Said]:
    """Of the objectives, then of the ways: each in the order asked for, else by their points, else by their ranking,
    else as they are listed.
    """
    rows = (
        ("objective", organisation.objectives, organisation.objective_weights, organisation.objective_ranks, order),
        ("way", organisation.ways_of_creating_value, organisation.way_weights, organisation.way_ranks, way_order),
    )
    said = []
    for kind, criteria, weights, ranks, wanted in rows:
        points = dict(weights.filter(decision_maker=person).values_list(kind, "points"))
        places = dict(ranks.filter(decision_maker=person).values_list(kind, "place"))
        said.append(Said(kind, in_order(criteria.all(), points, places, wanted), points, places))
    return said


class WeightsForm(VersionedForm):
    """Points from 0 to 100 on every objective and way, for one decision maker.

    The steps are asked for in the order in which that person would take them: ``order`` and ``way_order`` by ids, else
    as far as their points or their ranking tell. Who has ranked a list may leave all of it blank and keeps the ranking.
    """

    def __init__(
        self,
        *args: Any,
        organisation: Organisation,
        person: Person,
        order: Sequence[int] = (),
        way_order: Sequence[int] = (),
        **kwargs: Any,
    ) -> None:
        self.objectives, self.ways = said_by(person, organisation, order, way_order)
        initial: dict[str, Any] = {"version": weights_version(organisation, person)}
        for said in (self.objectives, self.ways):
            initial |= {f"{said.kind}-{pk}": plain_number(points) for pk, points in said.points.items()}
        super().__init__(*args, initial=initial, **kwargs)
        for said in (self.objectives, self.ways):
            for one in said.criteria:
                self.fields[said.box(one)] = _points(one, required=not self._keeps_the_ranking(said))
        self.speak_plainly()

    def _keeps_the_ranking(self, said: Said) -> bool:
        """Whether a list that was ranked before is left blank as a whole; on a form not sent yet, whether it may be."""
        return bool(said.places) and not any(self.data.get(box, "").strip() for box in said.boxes())

    def objective_boxes(self) -> Iterator[forms.BoundField]:
        return (self[box] for box in self.objectives.boxes())

    def way_boxes(self) -> Iterator[forms.BoundField]:
        return (self[box] for box in self.ways.boxes())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for said in (self.objectives, self.ways):
            boxes = said.boxes()
            blank = self._keeps_the_ranking(said) or any(box in self.errors for box in boxes)
            if boxes and not blank and not any(cleaned[box] for box in boxes):
                self.add_error(boxes[0], f"Give at least one {said.kind} more than 0 points.")
        return cleaned

    def questions(self) -> list[Question]:
        """What follows from the points on each list, to be said yes or no to; of a list without points, nothing."""
        asked = (
            question_about(self._steps_on(self.objectives), OBJECTIVES),
            question_about(self._steps_on(self.ways), WAYS),
        )
        return [question for question in asked if question]

    def _steps_on(self, said: Said) -> list[Step]:
        points = self._points_on(said)
        return [Step(one.name, one.top_of_range, points[one.pk]) for one in said.criteria if one.pk in points]

    def done(self) -> str:
        """What to say once it is saved."""
        anything = any(self.data.get(box, "").strip() for box in self.objectives.boxes() + self.ways.boxes())
        return "Your weights are saved." if anything else "Your ranking is kept as it was."

    def objective_points(self) -> dict[int, Decimal]:
        return self._points_on(self.objectives)

    def way_points(self) -> dict[int, Decimal]:
        return self._points_on(self.ways)

    def _points_on(self, said: Said) -> dict[int, Decimal]:
        """By id; empty where the ranking is kept."""
        given = {one.pk: self.cleaned_data[said.box(one)] for one in said.criteria}
        return {pk: points for pk, points in given.items() if points is not None}


class RankingForm(VersionedForm):
    """A place for every objective, for every way, or for both; those that matter alike share one. A list that is left
    blank as a whole is not ranked.
    """

    def __init__(self, *args: Any, organisation: Organisation, person: Person, **kwargs: Any) -> None:
        self.objectives, self.ways = said_by(person, organisation, (), ())
        initial: dict[str, Any] = {"version": weights_version(organisation, person)}
        for said in (self.objectives, self.ways):
            initial |= {f"{said.kind}-{pk}": place for pk, place in said.places.items()}
        super().__init__(*args, initial=initial, **kwargs)
        for said in (self.objectives, self.ways):
            some_ranked = any(self.data.get(box, "").strip() for box in said.boxes())
            for one in said.criteria:
                self.fields[said.box(one)] = _place_of(one, among=len(said.criteria), required=some_ranked)
        self.speak_plainly()

    def objective_boxes(self) -> Iterator[forms.BoundField]:
        return (self[box] for box in self.objectives.boxes())

    def way_boxes(self) -> Iterator[forms.BoundField]:
        return (self[box] for box in self.ways.boxes())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.objective_places():
            first = self.objectives.boxes()[0]
            if not self.way_places():
                self.add_error(first, "Rank the objectives, the ways of creating value, or both.")
            elif not (self.objectives.points or self.objectives.places):
                self.add_error(
                    first, "Rank the objectives too, or give them points: without them the ways do not count."
                )
        return cleaned

    def objective_places(self) -> dict[int, int]:
        return self._places(self.objectives)

    def way_places(self) -> dict[int, int]:
        return self._places(self.ways)

    def _places(self, said: Said) -> dict[int, int]:
        """By id; empty where the list is left blank."""
        given = {one.pk: self.cleaned_data.get(said.box(one)) for one in said.criteria}
        return {pk: place for pk, place in given.items() if place}

    def order(self) -> list[int]:
        """Objectives by id, the most important first."""
        return sorted(self.objective_places(), key=self.objective_places().__getitem__)

    def way_order(self) -> list[int]:
        """The same for the ways."""
        return sorted(self.way_places(), key=self.way_places().__getitem__)


def explained(criterion: Objective | WayOfCreatingValue) -> str:
    """What it means, where that is said, and both ends of its range."""
    meaning = criterion.description.rstrip(". ")
    return f"{meaning}. {criterion.range_in_words}" if meaning else criterion.range_in_words


def in_order(
    criteria: Iterable[Objective | WayOfCreatingValue],
    points: Mapping[int, Decimal],
    places: Mapping[int, int],
    order: Sequence[int],
) -> list[Objective | WayOfCreatingValue]:
    """In the order asked for by id, else by points, else by place, else as they came."""
    wanted = {pk: position for position, pk in enumerate(order)}
    last = len(wanted)
    return sorted(
        criteria, key=lambda one: (wanted.get(one.pk, last), -points.get(one.pk, Decimal(0)), places.get(one.pk, 0))
    )


def _place(number: int) -> str:
    return "1, matters most" if number == 1 else str(number)


def _place_of(criterion: Objective | WayOfCreatingValue, *, among: int, required: bool) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=criterion.name,
        help_text=explained(criterion),
        choices=[("", "Choose a place"), *((n, _place(n)) for n in range(1, among + 1))],
        coerce=int,
        empty_value=None,
        required=required,
        widget=forms.Select(attrs=ALL_OR_NONE),
        error_messages=dict.fromkeys(("required", "invalid_choice"), f"Choose a place for {criterion.name}."),
    )


def _points(criterion: Objective | WayOfCreatingValue, *, required: bool) -> forms.DecimalField:
    name = criterion.name
    beyond = f"Enter points from 0 to 100 for {name}.".replace(
        "%", "%%"
    )  # Django fills a limit into what it says of one
    return forms.DecimalField(
        label=criterion.name,
        help_text=explained(criterion),
        required=required,
        min_value=0,
        max_value=100,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"width": 4, "suffix": "points", **ALL_OR_NONE}),
        error_messages={
            "required": f"Enter points from 0 to 100 for {name}. 0 means that it does not matter to you.",
            "invalid": f"Enter points for {name} as a number from 0 to 100.",
            "min_value": beyond,
            "max_value": beyond,
        },
    )
