"""Offering an open link: to how many people."""

from __future__ import annotations

from typing import Any

from django import forms

from design.messages import PlainMessages
from diagnostics.models import MOST_SEATS


class HowManyField(forms.IntegerField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            min_value=1, max_value=MOST_SEATS, widget=forms.NumberInput(attrs={"inputmode": "numeric"}), **options
        )


class OpenLinkForm(PlainMessages, forms.Form):
    people = HowManyField(
        label="How many people is it given to?",
        help_text="As near as you know. No more people than this can use it, and you can change the number later.",
        error_messages={
            "required": "Enter how many people the open link is given to.",
            "invalid": "Enter how many people the open link is given to as a whole number, such as 40.",
            "min_value": "Enter how many people the open link is given to, as 1 or more.",
            "max_value": f"Enter how many people the open link is given to, as {MOST_SEATS} or fewer.",
        },
    )
