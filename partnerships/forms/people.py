"""What somebody may do here and until when, and who takes over when they leave."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from design.fields import DayMonthYearField
from design.messages import PlainMessages
from partnerships.forms.versioned import VersionedForm
from partnerships.models import Organisation, Person, Role
from partnerships.people import roles_in_force, roles_version
from partnerships.roles import ROLES_IN_WORDS


class RolesField(forms.MultipleChoiceField):
    """The roles, each with what it is for and, once ticked, the fields that belong to it."""

    choice_hints = {str(one.role): one.purpose for one in ROLES_IN_WORDS}

    def __init__(self, opens: Mapping[str, tuple[str, ...]] | None = None, **kwargs: Any) -> None:
        widget = forms.CheckboxSelectMultiple(attrs={"optional": "unsaid"})  # the action says that one is needed
        super().__init__(choices=Role.choices, widget=widget, **kwargs)
        self.conditional_fields = opens or {}
        self.error_messages["invalid_choice"] = "Choose roles from the list."


class RolesForm(VersionedForm):
    """Every role that somebody has here, each with its last day or without one."""

    def __init__(self, *args: Any, organisation: Organisation, person: Person, **kwargs: Any) -> None:
        held = roles_in_force(organisation, person)
        initial: dict[str, Any] = {f"until_{role}": last_day for role, last_day in held.items()}
        initial |= {"roles": [str(role) for role in held], "version": roles_version(organisation, person)}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["roles"] = RolesField(
            {str(role): (f"until_{role}",) for role in Role},
            label="Roles",
            help_text="Tick all that apply.",
            required=False,
        )
        for role in Role:
            self.fields[f"until_{role}"] = DayMonthYearField(
                label=f"Last day as {role.label.lower()}",
                required=False,
                error_messages={"invalid": "Enter a real date, for example 31 3 2027."},
            )
        self.speak_plainly()

    def roles(self) -> dict[Role, datetime.date | None]:
        """The ticked roles with their last days, as the action takes them."""
        return {Role(role): self.cleaned_data.get(f"until_{role}") for role in self.cleaned_data["roles"]}

    def clean(self) -> dict[str, Any]:
        """A day beside a role that is not ticked says nothing, whatever stands in it."""
        for role in Role:
            if role not in self.cleaned_data.get("roles", []):
                self.errors.pop(f"until_{role}", None)
        return self.cleaned_data


class HandOverForm(PlainMessages, forms.Form):
    """Who is named instead, in the partnerships of somebody who leaves."""

    NOBODY = "nobody"

    hand_over_to = forms.ChoiceField(
        label="Who takes these over?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose who takes them over, or that the name stays for now.",
            "invalid_choice": "Choose somebody from the list.",
        },
    )

    def __init__(self, *args: Any, colleagues: Mapping[int, Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = colleagues
        self.fields["hand_over_to"].choices = [  # type: ignore[attr-defined]
            *((str(pk), f"{person} ({person.email})") for pk, person in colleagues.items()),
            (self.NOBODY, "Nobody yet: the name stays where it is"),
        ]

    def chosen(self) -> Person | None:
        value = self.cleaned_data["hand_over_to"]
        return None if value == self.NOBODY else self.colleagues[int(value)]

    def add_problem(self, problem: ValidationError) -> None:
        """What the action would not do, beside the field it speaks of."""
        self.add_error(None, problem.messages)
