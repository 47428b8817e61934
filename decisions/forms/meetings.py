"""Beginning a meeting, the order of its agenda, and what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

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

Key = TypeVar("Key", str, int)


class BeginForm(PlainMessages, forms.Form):
    """``proposed`` are the partnerships that can be decided about, in the order in which they are offered."""

    name = forms.CharField(label="What the meeting is called", help_text="For example Executive team.", max_length=120)
    held_on = DayMonthYearField(label="When it is held")
    agenda = forms.MultipleChoiceField(
        label="What it decides about",
        help_text="In the order of their places, the lowest first. One whose place you change takes that place, and "
        "the others move. You can change it during the meeting, too.",
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
        """All that were offered, by their slugs; those with no place, or the one offered, make room for the others."""
        return in_places({slug: self.cleaned_data.get(f"place-{slug}") for slug in self.proposed})


class OrderForm(forms.Form):
    """Where each item stands, by a number that people type."""

    def __init__(self, *args: Any, items: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for place, item in enumerate(self.items, start=1):
            self.fields[f"place-{item.pk}"] = _place(place, str(item.participation.partnership))

    def order(self) -> list[int]:
        """The items by id; those whose number was left make room for the others."""
        return in_places({item.pk: self.cleaned_data[f"place-{item.pk}"] for item in self.items})

    def rows(self) -> list[tuple[Any, forms.BoundField]]:
        return [(item, self[f"place-{item.pk}"]) for item in self.items]


def in_places(asked: Mapping[Key, int | None]) -> list[Key]:
    """All keys in order: one that is asked to another place than it has takes that place, and the rest keep their order
    around it. Of two that are asked to one place, the one that stood first goes first.
    """
    stood = {key: place for place, key in enumerate(asked, start=1)}
    moved = sorted((place, stood[key], key) for key, place in asked.items() if place and place != stood[key])
    going = [key for _, _, key in moved]
    staying = [key for key in asked if key not in going]
    order: list[Key] = []
    while going or staying:
        due = bool(going) and (not staying or (asked[going[0]] or 0) <= len(order) + 1)
        order.append((going if due else staying).pop(0))
    return order


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
