"""Finding an organisation to add as a member, and the day on which one left."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms

from design.fields import DayMonthYearField
from design.messages import PlainMessages
from partnerships.models import Organisation

MOST_FOUND = 20


def organisations_matching(words: str, day: datetime.date) -> list[Organisation]:
    """Open organisations of this code or name, at most MOST_FOUND, one whose code it is first."""
    if not words.strip():
        return []
    found = Organisation.objects.open_on(day).matching(words).order_by("name", "code")[:MOST_FOUND]
    return sorted(found, key=lambda organisation: organisation.code != words.strip().upper())


class SearchForm(PlainMessages, forms.Form):
    search = forms.CharField(
        label="Find an organisation",
        help_text="By its ODS code, such as RH5, or by words of its name.",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"optional": "unsaid", "width": 20, "autocomplete": "off"}),
    )


class AddMemberForm(PlainMessages, forms.Form):
    """One of the organisations that a search found."""

    joined_on = DayMonthYearField(label="Day it joined", required=False)
    field_order = ("organisation", "joined_on")

    def __init__(self, *args: Any, found: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = forms.ChoiceField(
            label="Organisations found",
            choices=[(one.code, f"{one.display_name} ({one.code})") for one in found],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose an organisation.", "invalid_choice": "Choose one of those found."},
        )
        self.order_fields(self.field_order)
        self.speak_plainly()


class RemoveMemberForm(PlainMessages, forms.Form):
    left_on = DayMonthYearField(label="Day it left")

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"left_on": today}, **kwargs)
        self.today = today

    def clean_left_on(self) -> datetime.date:
        left_on: datetime.date = self.cleaned_data["left_on"]
        if left_on > self.today:
            raise forms.ValidationError("Enter today or an earlier day. A member who will leave is still a member.")
        return left_on
