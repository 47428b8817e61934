"""Inviting somebody, and what they fill in to accept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from design.fields import DayMonthYearField
from design.messages import PlainMessages
from partnerships.forms.people import RolesField
from partnerships.models import Role


class _TakesProblems(PlainMessages, forms.Form):
    def add_problem(self, problem: ValidationError) -> None:
        """What the action would not take, beside the field it speaks of."""
        if not hasattr(problem, "error_dict"):
            self.add_error(None, problem.messages)
            return
        for name, errors in problem.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class InviteForm(_TakesProblems):
    email = forms.EmailField(
        label="Email address",
        help_text="The address they work with. Only somebody with this address can accept.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    last_day = DayMonthYearField(
        label="Last day",
        help_text="For somebody who is here for a while, such as 31 3 2027. Leave it blank for no end.",
        required=False,
        error_messages={"invalid": "Enter a real date, for example 31 3 2027."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"] = RolesField(label="Roles", help_text="Tick all that apply.", required=True)
        self.fields["roles"].error_messages["required"] = "Choose at least one role."
        self.order_fields(["email", "roles", "last_day"])
        self.speak_plainly()

    def roles(self) -> list[Role]:
        return [Role(role) for role in self.cleaned_data["roles"]]


class NewAccountForm(_TakesProblems):
    name = forms.CharField(
        label="Your name",
        max_length=150,
        help_text="As colleagues know you. It stands beside what you record.",
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": "Enter your name."},
    )
    password = forms.CharField(
        label="Password",
        help_text="At least 12 characters. Three random words are easy to remember.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=200,
        error_messages={"required": "Enter a password.", "max_length": "Use a password of 200 characters or fewer."},
    )
