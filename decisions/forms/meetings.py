"""Beginning a meeting, the order of its agenda, and what was said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from decisions.actions import notes_version
from decisions.forms.deciding import MAY_BE_READ
from decisions.models import AgendaItem
from design.fields import DayMonthYearField, LongTextField
from design.messages import PlainMessages
from partnerships.forms.versioned import VersionedForm
from scoring.advice import Advice


class BeginForm(PlainMessages, forms.Form):
    """``proposed`` are the partnerships that can be decided about, in the order in which they are offered."""

    name = forms.CharField(label="What the meeting is called", help_text="For example Executive team.", max_length=120)
    held_on = DayMonthYearField(label="When it is held")
    agenda = forms.MultipleChoiceField(
        label="What it decides about",
        help_text="In the order of their places, the lowest first. You can change it during the meeting, too.",
        widget=forms.CheckboxSelectMultiple(attrs={"legend_size": "m"}),
        error_messages={"required": "Choose at least one partnership to decide about."},
    )

    def __init__(self, *args: Any, proposed: Sequence[Advice], ticked: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, initial={"held_on": timezone.localdate(), "agenda": list(ticked)}, **kwargs)
        agenda: Any = self.fields["agenda"]
        agenda.choices = [(one.id, one.name) for one in proposed]
        agenda.choice_hints = {one.id: f"{one.label.label}: {one.change}" for one in proposed}
        agenda.conditional_fields = {one.id: [f"place-{one.id}"] for one in proposed}
        self.proposed = [one.id for one in proposed]
        for place, one in enumerate(proposed, start=1):
            self.fields[f"place-{one.id}"] = _place(place, one.name, required=False)
        self.speak_plainly()

    def order(self) -> list[str]:
        """All that were offered, by their slugs, the lowest place first; those with none keep the order offered."""
        given = self.cleaned_data
        offered = {slug: place for place, slug in enumerate(self.proposed, start=1)}
        return sorted(self.proposed, key=lambda slug: given.get(f"place-{slug}") or offered[slug])


class OrderForm(forms.Form):
    """Where each item stands, by a number that people type."""

    def __init__(self, *args: Any, items: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for place, item in enumerate(self.items, start=1):
            self.fields[f"place-{item.pk}"] = _place(place, str(item.participation.partnership))

    def order(self) -> list[int]:
        """The items by id; those with one number keep the order they had."""
        given = self.cleaned_data
        return [item.pk for item in sorted(self.items, key=lambda item: given[f"place-{item.pk}"])]

    def rows(self) -> list[tuple[Any, forms.BoundField]]:
        return [(item, self[f"place-{item.pk}"]) for item in self.items]


def _place(place: int, name: str, *, required: bool = True) -> forms.IntegerField:
    attrs = {"width": 2, "inputmode": "numeric", "label_context": f" of {name}"} | (
        {} if required else {"optional": "unsaid"}
    )
    return forms.IntegerField(
        label="Place",
        required=required,
        min_value=1,
        max_value=9999,
        initial=place,
        widget=forms.NumberInput(attrs=attrs),
        error_messages=dict.fromkeys(("required", "invalid"), "Enter a place as a whole number, such as 2.")
        | dict.fromkeys(("min_value", "max_value"), "Enter a place from 1 to 9999."),
    )


class NotesForm(VersionedForm):
    """What was said about one partnership; two may be writing it."""

    notes = LongTextField(
        label="Notes",
        required=False,
        max_length=4000,
        help_text=f"What was said. {MAY_BE_READ}",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @classmethod
    def of(cls, item: AgendaItem, data: QueryDict | None = None) -> NotesForm:
        return cls(data, initial={"notes": item.notes, "version": notes_version(item)})
