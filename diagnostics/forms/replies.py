"""What is said to partners, and what is asked before it is published."""

from __future__ import annotations

from typing import Any

from django import forms

from design.fields import DayMonthYearField, LongTextField
from design.messages import PlainMessages
from diagnostics.models import Progress
from diagnostics.models.replies import LONGEST_PART

TOO_LONG = {"max_length": f"Use {LONGEST_PART} characters or fewer."}


class ReplyForm(PlainMessages, forms.Form):
    opening = LongTextField(
        label="What you say first",
        help_text="For example, thank people, and say what stood out. Do not enter anything about patients.",
        required=False,
        max_length=LONGEST_PART,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages=TOO_LONG,
    )
    shows_means = forms.BooleanField(
        label="Show how partners rated us on the eight characteristics, as our results show it",
        required=False,
        widget=forms.CheckboxInput(attrs={"optional": "unsaid"}),
    )


class LineForm(PlainMessages, forms.Form):
    heard = LongTextField(
        label="What we heard",
        help_text="In your own words. Do not quote anybody, and do not enter anything about patients.",
        max_length=LONGEST_PART,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Enter what you heard from partners.", **TOO_LONG},
    )
    doing = LongTextField(
        label="What we do about it",
        help_text="If you can do nothing about it, say so and say why.",
        max_length=LONGEST_PART,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Enter what you do about it.", **TOO_LONG},
    )
    progress = forms.ChoiceField(
        label="How far is it?",
        choices=Progress.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how far it is.", "invalid_choice": "Choose how far it is."},
    )
    on_day = DayMonthYearField(
        label="By when, or since when", help_text="Leave it empty if there is no day yet.", required=False
    )


class PublishForm(PlainMessages, forms.Form):
    """The first publishing tells everybody; a later one only where it is ticked."""

    tell = forms.BooleanField(
        label="Email those who were asked that it has changed",
        required=False,
        widget=forms.CheckboxInput(attrs={"optional": "unsaid"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="publish_%s", **kwargs)
