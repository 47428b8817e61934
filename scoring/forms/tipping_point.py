"""The tipping point: two questions, answered in points of attention."""

from __future__ import annotations

from django import forms

from design.messages import PlainMessages

MOST_POINTS = 1000


class TippingPointForm(PlainMessages, forms.Form):
    """Both answers; the database's own rule says which way round they belong."""

    hurts_from = forms.IntegerField(
        label="Points at which one more partnership starts to hurt the others",
        help_text="Up to here, people keep up with everything they have promised.",
        min_value=0,
        max_value=MOST_POINTS,
        widget=forms.NumberInput(attrs={"width": 4, "inputmode": "numeric", "suffix": "points"}),
    )
    adds_nothing_at = forms.IntegerField(
        label="Points at which one more typical partnership would add nothing",
        help_text="From here, whatever it adds is lost again because the others get less attention.",
        min_value=1,
        max_value=MOST_POINTS,
        widget=forms.NumberInput(attrs={"width": 4, "inputmode": "numeric", "suffix": "points"}),
    )
