"""Starting a survey, and opening it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from design.fields import DayMonthYearField, LongTextField
from design.messages import PlainMessages
from diagnostics.actions.opening_day import check_opening_day
from diagnostics.actions.people import check_people, people_of_round, people_version, too_many
from diagnostics.actions.rounds import check_last_day
from diagnostics.forms.open_links import HowManyField
from diagnostics.invitees import Invitee, LineError, as_lines, asked_at, read_invitees
from diagnostics.known_people import KnownGroup, added_to
from diagnostics.models import KINDS_TO_CHOOSE, MeanOver, Round, RoundMode
from diagnostics.models.rounds import RoundQuerySet
from diagnostics.opening import why_none_opens_by_itself
from partnerships.forms.versioned import VersionedForm
from partnerships.models import Organisation, Participation

DAYS_TO_ANSWER = 14
USUAL_REMINDERS = [kind.value for kind in KINDS_TO_CHOOSE]
MOST_ERRORS_SHOWN = 20
HOW_TO_LIST = (
    "One person a line: name, comma, email. You can paste two columns from a spreadsheet. After the email you "
    "may add the organisation they work for and their role. Ask people from every partner."
)


class PartnershipChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.partnership.display_name)


class RemindersField(forms.MultipleChoiceField):
    """Which reminders people have; none ticked is none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label="Reminders by email",
            help_text=(
                "To those who have not answered, and to nobody else, on weekdays between 08:00 and 18:00. "
                "Tick none for no reminders."
            ),
            choices=[(kind.value, kind.label) for kind in KINDS_TO_CHOOSE],
            widget=forms.CheckboxSelectMultiple(attrs={"optional": "unsaid"}),
            required=False,
            error_messages={"invalid_choice": "Choose reminders from the list."},
            **options,
        )


def last_day_field() -> DayMonthYearField:
    return DayMonthYearField(
        label="Last day to answer",
        help_text="Two weeks suit most people.",
        error_messages={"required": "Enter the last day on which people can answer."},
    )


def opening_day_field(*, several: bool = False) -> DayMonthYearField:
    opens, them = ("They open", "them") if several else ("It opens", "it")
    return DayMonthYearField(
        label="Open them by themselves on a day" if several else "Open it by itself on a day",
        help_text=(
            f"From tomorrow on, a weekday. {opens} between 08:00 and 18:00, and people get their link by email then. "
            f"Leave it empty to open {them} yourself."
        ),
        required=False,
    )


def start_with_the_usual(form: forms.Form, *, can_send: bool) -> None:
    """Begin with two weeks and both reminders; where nobody can be written to, reminders are not offered, nor is a day
    on which it opens by itself.
    """
    form.initial.setdefault("closes_on", usual_last_day())
    form.initial.setdefault("reminders", USUAL_REMINDERS)
    if not can_send:
        del form.fields["reminders"]
    if why_none_opens_by_itself():
        del form.fields["opens_by_itself_on"]


def check_opens_on(form: forms.Form, cleaned: Mapping[str, Any]) -> None:
    """Say at its field why a survey cannot open by itself on the day that was entered."""
    day, closes_on = cleaned.get("opens_by_itself_on"), cleaned.get("closes_on")
    if day is None or closes_on is None:
        return
    try:
        check_opening_day(day, closes_on=closes_on)
    except forms.ValidationError as problem:
        form.add_error("opens_by_itself_on", problem)


def check_closes_on(day: datetime.date) -> datetime.date:
    check_last_day(day)
    return day


def people_of(pasted: str, *, others: int = 0) -> list[Invitee]:
    """The people of a pasted list, who are asked with so many ``others``. Raises ValidationError, with a message a line
    where lines cannot be used.
    """
    read = read_invitees(pasted)
    if read.errors:
        raise LinesRefusedError(read.errors, first=too_many(len(read.invitees) + len(read.errors) + others))
    check_people(read.invitees, others=others)
    return read.invitees


class LinesRefusedError(forms.ValidationError):
    """Lines of a list that cannot be used, after what is to be mended ``first``.

    Its messages are for the first of them: a summary of ten thousand would help nobody. Where there are more, ``lines``
    are all of them, for a box that scrolls.
    """

    def __init__(self, errors: Sequence[LineError], *, first: Sequence[str] = ()) -> None:
        every = [str(error) for error in errors]
        said = every[:MOST_ERRORS_SHOWN]
        self.lines = every if len(every) > len(said) else []
        if self.lines:
            said.append(f"{len(every) - len(said)} more lines cannot be used either. All of them are listed below.")
        super().__init__([*first, *said])


class WithLines(PlainMessages, forms.Form):
    """A form with lists in it; ``refused_lines`` are all the lines that cannot be used, where they are many."""

    refused_lines: Sequence[str] = ()

    def refuse(self, field: str, problem: forms.ValidationError, *, of: str = "") -> None:
        """Say in a field what is wrong with its list, with the name of the list it is ``of`` before each message."""
        before = f"{of}: " if of else ""
        self.refused_lines = [*self.refused_lines, *(f"{before}{line}" for line in getattr(problem, "lines", ()))]
        self.add_error(field, [f"{before}{message}" for message in problem.messages])


class RemindersForm(PlainMessages, forms.Form):
    reminders = RemindersField()


class OpeningDayForm(PlainMessages, forms.Form):
    """On which day a survey that is being prepared opens by itself."""

    opens_by_itself_on = DayMonthYearField(
        label="Day on which it opens",
        help_text="A weekday from tomorrow on.",
        error_messages={"required": "Enter the day on which the survey opens."},
    )


class PeopleForm(WithLines, VersionedForm):
    """Who is asked in a survey that is being prepared, as lines; ``others`` have its open link."""

    people = LongTextField(
        label="Who to ask",
        help_text=HOW_TO_LIST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "optional": "unsaid"}),
    )

    def __init__(self, *args: Any, round_: Round, **kwargs: Any) -> None:
        self.others = round_.invitations.seats().count()
        begins_with = {"people": as_lines(people_of_round(round_)), "version": people_version(round_)}
        super().__init__(*args, initial=begins_with, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "people" in cleaned:
            try:
                cleaned["people"] = people_of(cleaned["people"], others=self.others)
            except forms.ValidationError as problem:
                self.refuse("people", problem)
        return cleaned


class AddressForm(PlainMessages, forms.Form):
    email = forms.EmailField(
        label="Email address", widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )

    def clean_email(self) -> str:
        return asked_at(self.cleaned_data["email"])


class StartForm(WithLines):
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
        help_text=HOW_TO_LIST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "optional": "unsaid"}),
    )
    known = forms.MultipleChoiceField(
        label="People you know already",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"optional": "unsaid", "small": True}),
        error_messages={"invalid_choice": "Tick people from the list. Somebody changed it meanwhile: look again."},
    )
    open_link_for = HowManyField(
        label="How many others have an open link?",
        help_text=(
            "One link for many, with a QR code to show in a meeting. Nobody who has it can be reminded, and somebody "
            "could answer twice. Leave it empty for none."
        ),
        required=False,
    )
    opens_by_itself_on = opening_day_field()
    closes_on = last_day_field()
    reminders = RemindersField()

    def __init__(
        self, *args: Any, organisation: Organisation, groups: Sequence[KnownGroup], can_send: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        start_with_the_usual(self, can_send=can_send)
        self.groups = {group.key: group for group in groups}
        known = self.fields["known"]
        if isinstance(known, forms.MultipleChoiceField):
            known.choices = [(key, group.label) for key, group in self.groups.items()]
            known.choice_hints = {key: group.names for key, group in self.groups.items()}  # type: ignore[attr-defined]
        field = self.fields["participation"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = without_a_survey(organisation)

    def clean_known(self) -> list[KnownGroup]:
        return [self.groups[key] for key in self.cleaned_data["known"]]

    def clean(self) -> dict[str, Any]:
        """Who is ticked is asked too, also where nobody pressed the button that adds them to the list."""
        cleaned = super().clean() or {}
        ticked = cleaned.pop("known", [])
        if "people" in cleaned:
            people = added_to(cleaned["people"], ticked)
            try:
                cleaned["people"] = people_of(people, others=cleaned.get("open_link_for") or 0)
            except forms.ValidationError as problem:
                nobody = forms.ValidationError("Enter the people to ask, one a line.")
                self.refuse("people", problem if people.strip() else nobody)
        check_opens_on(self, cleaned)
        return cleaned

    def clean_closes_on(self) -> datetime.date:
        return check_closes_on(self.cleaned_data["closes_on"])


class MoreTimeForm(PlainMessages, forms.Form):
    closes_on = DayMonthYearField(
        label="New last day to answer",
        error_messages={"required": "Enter the last day on which people can answer."},
    )


class ReadAsForm(PlainMessages, forms.Form):
    mode = forms.ChoiceField(
        label="How are the answers read?",
        choices=RoundMode.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how the answers are read.",
            "invalid_choice": "Choose how the answers are read.",
        },
    )
    mean_over = forms.ChoiceField(
        label="What does a mean count?",
        help_text="Organisations can count only where answers are read by organisation.",
        choices=MeanOver.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose whether each person counts once, or each organisation.",
            "invalid_choice": "Choose whether each person counts once, or each organisation.",
        },
    )

    def __init__(self, *args: Any, about_us: bool, **kwargs: Any) -> None:
        """``about_us``: of the two sides of one question each counts people, and there is nothing to choose."""
        super().__init__(*args, **kwargs)
        if about_us:
            self.fields["mean_over"].widget = forms.HiddenInput()
            self.fields["mean_over"].choices = [(MeanOver.PEOPLE.value, MeanOver.PEOPLE.label)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("mean_over") == MeanOver.ORGANISATIONS and cleaned.get("mode") == RoundMode.ANONYMOUS:
            self.add_error(
                "mean_over",
                "Answers without names carry no organisation. Choose people here, or have answers read by "
                "organisation.",
            )
        return cleaned


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
    """Partnerships of which a survey can be started now, by name."""
    return _without(Round.objects.about_partnerships(), organisation)


def without_a_partner_survey(organisation: Organisation) -> Any:
    """Partnerships in which it can be asked now how good a partner the organisation is, by name."""
    return _without(Round.objects.about_us(), organisation)


def _without(rounds: RoundQuerySet, organisation: Organisation) -> Any:
    """Partnerships with none of these rounds under way."""
    under_way = rounds.current().filter(organisation=organisation)
    return (
        organisation.participations.live()
        .exclude(pk__in=under_way.values("participation"))
        .select_related("partnership")
        .order_by("partnership__name")
    )
