"""Who took over from a closed organisation, and when."""

from __future__ import annotations

import datetime

from django import forms
from django.core.exceptions import ValidationError

from design.fields import DayMonthYearField
from design.messages import PlainMessages
from partnerships.models import Organisation


class SuccessorForm(PlainMessages, forms.Form):
    successor = forms.CharField(
        max_length=12,
        label="Code of the organisation that took over",
        help_text="Its ODS code, for example RH5.",
        error_messages={"required": "Enter the code of the organisation that took over."},
        widget=forms.TextInput(attrs={"width": 5, "autocomplete": "off", "spellcheck": "false"}),
    )
    on = DayMonthYearField(
        label="Day it legally took over",
        help_text="The day in the order or agreement, for example 1 4 2023.",
        error_messages={"required": "Enter the day it legally took over."},
    )

    def clean_successor(self) -> Organisation:
        code = self.cleaned_data["successor"].strip().upper()
        found = Organisation.objects.filter(code=code).first()
        if found is None:
            raise ValidationError(f"No organisation has the code {code}. Check it, or import a register that has it.")
        return found

    def add_problem(self, problem: ValidationError) -> None:
        """What the action would not take, beside the field it speaks of."""
        for field, texts in problem.message_dict.items():
            self.add_error(field if field in self.fields else None, texts)

    def day(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["on"]
        return day
