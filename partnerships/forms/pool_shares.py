"""Our agreed share of a pool, from one quarter until another."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from design.messages import PlainMessages
from partnerships.models import Organisation, Quarter

QUARTERS_BACK, QUARTERS_AHEAD = 4, 12


class PoolShareForm(PlainMessages, forms.Form):
    """A new agreement; what is wrong with one only in the light of the others, the action says."""

    def __init__(self, *args: Any, organisation: Organisation, today: datetime.date, **kwargs: Any) -> None:
        quarters = [(one.first_day.isoformat(), str(one)) for one in _quarters(Quarter.containing(today))]
        super().__init__(*args, initial={"from_quarter": quarters[QUARTERS_BACK][0]}, **kwargs)
        self.fields["pool"] = forms.ModelChoiceField(
            organisation.capacity_pools.all(), label="Pool", empty_label="Choose a pool"
        )
        self.fields["shared_with"] = forms.CharField(
            label="Shared with",
            help_text="The other organisations that give their days from it.",
            max_length=200,
            error_messages={
                "required": "Enter the organisations that share the pool with you.",
                "max_length": "Shorten the names of the organisations to %(limit_value)d characters or fewer.",
            },
        )
        self.fields["percent"] = forms.DecimalField(
            label="Our agreed share",
            min_value=0,
            max_value=100,
            decimal_places=2,
            error_messages=dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"), "Enter your share as a percentage, such as 40."
            ),
            widget=forms.NumberInput(attrs={"width": 4, "suffix": "%"}),
        )
        self.fields["from_quarter"] = forms.TypedChoiceField(
            label="From",
            choices=quarters,
            coerce=_quarter,
            error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose the first quarter from the list."),
        )
        self.fields["until_quarter"] = forms.TypedChoiceField(
            label="Until the end of",
            choices=[("", "Until further notice"), *quarters],
            coerce=_quarter,
            empty_value=None,
            required=False,
            error_messages={"invalid_choice": "Choose the last quarter from the list."},
            widget=forms.Select(attrs={"optional": "unsaid"}),
        )
        self.speak_plainly()

    def add_problem(self, problem: ValidationError) -> None:
        """What the action would not take, beside the field it speaks of."""
        if not hasattr(problem, "error_dict"):
            self.add_error(None, problem)
            return
        for name, errors in problem.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


def _quarter(day: str) -> Quarter:
    return Quarter(datetime.date.fromisoformat(day))


def _quarters(this: Quarter) -> Iterator[Quarter]:
    one = this
    for _ in range(QUARTERS_BACK):
        one = one.previous()
    for _ in range(QUARTERS_BACK + 1 + QUARTERS_AHEAD):
        yield one
        one = one.next()
