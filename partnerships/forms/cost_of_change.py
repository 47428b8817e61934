"""Points lost for each level that a partnership moves from today's."""

from __future__ import annotations

from typing import Any

from django import forms

from partnerships.editing import cost_of_change_version
from partnerships.forms.versioned import VersionedForm
from partnerships.models import CostOfChange, Organisation
from partnerships.numbers import plain_number


class CostOfChangeForm(VersionedForm):
    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        present = CostOfChange.objects.filter(organisation=organisation).first() or CostOfChange()
        initial = {
            "up": plain_number(present.up),
            "down": plain_number(present.down),
            "version": cost_of_change_version(organisation),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["up"] = _points(
            "Points lost for each level up", "Building a partnership up takes time before it pays."
        )
        self.fields["down"] = _points("Points lost for each level down", "Stepping down costs goodwill and handovers.")
        self.speak_plainly()


def _points(label: str, hint: str) -> forms.DecimalField:
    wrong = dict.fromkeys(("required", "invalid", "min_value", "max_value"), "Enter points from 0 to 100.")
    return forms.DecimalField(
        label=label,
        help_text=hint,
        min_value=0,
        max_value=100,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"width": 4, "suffix": "points"}),
        error_messages=wrong,
    )
