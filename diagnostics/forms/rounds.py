"""Starting a survey, and opening it."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from design.fields import DayMonthYearField, LongTextField
from design.messages import PlainMessages
from diagnostics.actions.rounds import check_last_day, check_people
from diagnostics.invitees import Invitee, read_invitees
from diagnostics.models import Round
from partnerships.models import Organisation, Participation

DAYS_TO_ANSWER = 14
MOST_ERRORS_SHOWN = 20


class PartnershipChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.partnership.display_name)


class StartForm(PlainMessages, forms.Form):
    participation = PartnershipChoice(
        label="Partnership",
        queryset=Participation.objects.none(),
        empty_label="Choose a partnership",
        error_messages={
            "required": "Choose the partnership that the survey is about.",
            "invalid_choice": "Choose a partnership from the list. One with a survey under way is not in it.",
        },
    )
    people = LongTextField(
        label="Who to ask",
        help_text=(
            "One person a line: name, comma, email. You can paste two columns from a spreadsheet. After the email you "
            "may add the organisation they work for and their role. Ask people from every partner."
        ),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        error_messages={"required": "Enter the people to ask, one a line."},
    )
    closes_on = DayMonthYearField(
        label="Last day to answer",
        help_text="Two weeks suit most people.",
        error_messages={"required": "Enter the last day on which people can answer."},
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["participation"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = without_a_survey(organisation)
        self.initial.setdefault("closes_on", usual_last_day())

    def clean_people(self) -> list[Invitee]:
        read = read_invitees(self.cleaned_data["people"])
        if read.errors:
            shown: list[forms.ValidationError | str] = [str(error) for error in read.errors[:MOST_ERRORS_SHOWN]]
            hidden = len(read.errors) - len(shown)
            if hidden:
                shown.append(f"{hidden} more lines cannot be used either. Mend these first.")
            raise forms.ValidationError(shown)
        check_people(read.invitees)
        return read.invitees

    def clean_closes_on(self) -> datetime.date:
        check_last_day(self.cleaned_data["closes_on"])
        day: datetime.date = self.cleaned_data["closes_on"]
        return day


class MoreTimeForm(PlainMessages, forms.Form):
    closes_on = DayMonthYearField(
        label="New last day to answer",
        error_messages={"required": "Enter the last day on which people can answer."},
    )


class OpenForm(PlainMessages, forms.Form):
    """How people get their links; where the service sends no e-mail there is one way, and nothing to choose."""

    delivery = forms.ChoiceField(
        label="How will people get their links?",
        choices=[
            ("email", "This service emails each person their link"),
            ("links", "I hand them out: show me the links, with a file to download"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how people get their links.",
            "invalid_choice": "Choose how people get their links.",
        },
    )

    def __init__(self, *args: Any, can_send: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["delivery"]
        if not can_send and isinstance(field, forms.ChoiceField):
            field.choices = [("links", "links")]
            field.widget = forms.HiddenInput()
            self.initial["delivery"] = "links"


def usual_last_day() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=DAYS_TO_ANSWER)


def last_day_to_begin_with(round_: Round) -> datetime.date:
    """The last day as it stands, so that saving changes nothing unasked; the usual one where that has passed."""
    return round_.closes_on if round_.closes_on > timezone.localdate() else usual_last_day()


def without_a_survey(organisation: Organisation) -> Any:
    """Partnerships that a survey can be started for now, by name."""
    under_way = Round.objects.current().filter(organisation=organisation)
    return (
        organisation.participations.live()
        .exclude(pk__in=under_way.values("participation"))
        .select_related("partnership")
        .order_by("partnership__name")
    )
