"""What a partnership is claimed to add, to which objective and in which way, and how much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django import forms

from design.fields import LongTextField
from partnerships.actions.ratings import Claim, Rating
from partnerships.editing import ratings_version
from partnerships.forms.versioned import VersionedForm
from partnerships.models import Objective, Participation, ValueRating, WayOfCreatingValue
from partnerships.numbers import plain_number

BOUNDS = ("low", "likely", "high")


class RatingsForm(VersionedForm):
    """For each objective the ways it is claimed to be served by; ticking one opens its numbers and evidence."""

    def __init__(self, *args: Any, participation: Participation, **kwargs: Any) -> None:
        self.objectives = list(participation.organisation.objectives.all())
        self.ways = list(participation.organisation.ways_of_creating_value.all())
        kwargs["initial"] = _initial(participation.value_ratings.all()) | {"version": ratings_version(participation)}
        super().__init__(*args, **kwargs)
        for objective in self.objectives:
            self.fields[_claimed(objective.pk)] = self._claims_field(objective)
            for way in self.ways:
                self._add_boxes(objective, way)
        self.speak_plainly()

    def _claims_field(self, objective: Objective) -> forms.MultipleChoiceField:
        field = forms.MultipleChoiceField(
            label=objective.name,
            help_text=f"100 means: {objective.top_of_range}",
            choices=[(str(way.pk), way.name) for way in self.ways],
            required=False,
            error_messages={"invalid_choice": "Choose ways of creating value from the list."},
            widget=forms.CheckboxSelectMultiple(attrs={"legend_size": "m", "optional": "unsaid"}),
        )
        field.choice_hints = {str(way.pk): _hint(way) for way in self.ways}  # type: ignore[attr-defined]
        field.conditional_fields = {  # type: ignore[attr-defined]
            str(way.pk): [_box((objective.pk, way.pk), part) for part in (*BOUNDS, "evidence")] for way in self.ways
        }
        return field

    def _add_boxes(self, objective: Objective, way: WayOfCreatingValue) -> None:
        claim = (objective.pk, way.pk)
        context = f"{objective.name}, {way.name}"
        for bound in BOUNDS:
            self.fields[_box(claim, bound)] = forms.DecimalField(
                label=bound.capitalize(),
                required=False,
                min_value=-100,
                max_value=100,
                decimal_places=2,
                error_messages={
                    "invalid": f"Enter the {bound} rating as a number, such as 40.",
                    "min_value": f"Enter the {bound} rating as -100 or more.",
                    "max_value": f"Enter the {bound} rating as 100 or less.",
                },
                widget=forms.NumberInput(attrs={"width": 4, "optional": "unsaid", "label_context": context}),
            )
        self.fields[_box(claim, "evidence")] = LongTextField(
            label="What it rests on",
            help_text="A measure, a report, or judgement. Do not enter details of any patient.",
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2, "label_context": context}),
        )

    def questions(self) -> Iterator[forms.BoundField]:
        return (self[_claimed(objective.pk)] for objective in self.objectives)

    def claims(self) -> Iterator[tuple[Objective, WayOfCreatingValue]]:
        return ((objective, way) for objective in self.objectives for way in self.ways)

    def _is_claimed(self, claim: Claim) -> bool:
        return str(claim[1]) in self.cleaned_data.get(_claimed(claim[0]), [])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for objective, way in self.claims():
            claim = (objective.pk, way.pk)
            typed = [cleaned.get(_box(claim, bound)) for bound in BOUNDS]
            has_errors = any(_box(claim, bound) in self.errors for bound in BOUNDS)
            if has_errors:
                continue
            if not self._is_claimed(claim):
                self._check_nothing_is_lost(claim, objective, way, typed)
            elif None in typed and typed != [None, None, None]:
                empty = BOUNDS[typed.index(None)]
                self.add_error(_box(claim, empty), "Enter low, likely and high, or clear all three until it is rated.")
            elif None not in typed:
                self._check_order(claim, *typed)
        return cleaned

    def _check_nothing_is_lost(
        self, claim: Claim, objective: Objective, way: WayOfCreatingValue, typed: list[Decimal | None]
    ) -> None:
        """Without scripts the boxes of an unticked way are on the page: numbers typed there must not vanish."""
        was_claimed = str(way.pk) in self.initial.get(_claimed(objective.pk), [])
        if not was_claimed and any(value is not None for value in typed):
            self.add_error(
                _claimed(objective.pk), f"Tick “{way.name}” if it serves {objective.name}, or clear its numbers."
            )

    def _check_order(self, claim: Claim, low: Decimal, likely: Decimal, high: Decimal) -> None:
        if low > likely:
            self.add_error(_box(claim, "low"), "Enter a low rating that is no more than the likely one.")
        if high < likely:
            self.add_error(_box(claim, "high"), "Enter a high rating that is no less than the likely one.")

    def ratings(self) -> dict[Claim, Rating | None]:
        """Every cell: its rating where it is claimed, else None."""
        ratings: dict[Claim, Rating | None] = {}
        for objective, way in self.claims():
            claim = (objective.pk, way.pk)
            low, likely, high = (self.cleaned_data[_box(claim, bound)] for bound in BOUNDS)
            evidence = self.cleaned_data[_box(claim, "evidence")]
            ratings[claim] = Rating(low, likely, high, evidence) if self._is_claimed(claim) else None
        return ratings


def _hint(way: WayOfCreatingValue) -> str:
    meaning = way.description.rstrip(". ")
    return f"{meaning}. At its top: {way.top_of_range}" if meaning else f"At its top: {way.top_of_range}"


def _claimed(objective_id: int) -> str:
    return f"claimed-{objective_id}"


def _box(claim: Claim, part: str) -> str:
    return f"rating-{claim[0]}-{claim[1]}-{part}"


def _initial(ratings: Iterable[ValueRating]) -> dict[str, Any]:
    initial: dict[str, Any] = {}
    for rating in ratings:
        claim = (rating.objective_id, rating.way_id)
        initial.setdefault(_claimed(rating.objective_id), []).append(str(rating.way_id))
        initial |= {_box(claim, bound): plain_number(getattr(rating, bound)) for bound in BOUNDS}
        initial[_box(claim, "evidence")] = rating.evidence
    return initial
