"""What law or contract requires of us, and what leaving would do."""

from __future__ import annotations

from typing import Any

from django import forms

from partnerships.editing import duty_version
from partnerships.forms.versioned import VersionedForm
from partnerships.models import Participation
from partnerships.numbers import plain_number


class DutyForm(VersionedForm):
    mandate_source = forms.CharField(
        label="Where that is written",
        help_text="The act, guidance or contract, with its section, for example Health and Care Act 2022, section 26.",
        max_length=250,
        required=False,
    )
    harm_of_declining = forms.DecimalField(
        label="Harm of leaving",
        help_text="What patients or you would lose by leaving, beyond the value itself, from 0 (no harm) to 100.",
        min_value=0,
        max_value=100,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"width": 4}),
    )
    harm_is_reviewed = forms.BooleanField(label="I have reviewed this number, and it is right", required=False)

    field_order = ("mandate_level", "mandate_source", "harm_of_declining", "harm_is_reviewed")

    def __init__(self, *args: Any, participation: Participation, **kwargs: Any) -> None:
        initial = {
            "mandate_level": participation.mandate_level_id,
            "mandate_source": participation.mandate_source,
            "harm_of_declining": plain_number(participation.harm_of_declining),
            "version": duty_version(participation),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["mandate_level"] = forms.ModelChoiceField(
            participation.organisation.engagement_levels.filter(position__gt=0).order_by("position"),
            label="The least level that law or contract requires",
            help_text="A duty is never recommended below this level. Choose the least that the duty needs.",
            required=False,
            empty_label="Nothing requires it",
            widget=forms.Select(attrs={"optional": "unsaid"}),
        )
        self.fields["mandate_source"].widget.attrs["optional"] = "unsaid"
        self.order_fields(self.field_order)
        self.speak_plainly()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "mandate_source" in self.errors or "mandate_level" in self.errors:
            return cleaned
        if cleaned.get("mandate_level") and not cleaned.get("mandate_source"):
            self.add_error("mandate_source", "Enter where the duty is written, or choose “Nothing requires it”.")
        if cleaned.get("mandate_source") and not cleaned.get("mandate_level"):
            self.add_error("mandate_level", "Choose the level the duty requires, or clear where it is written.")
        return cleaned
