"""Starting surveys of several partnerships at once, and opening them together."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django import forms

from design.fields import LongTextField
from diagnostics.actions.people import check_people, too_many
from diagnostics.forms.rounds import (
    LinesRefusedError,
    OpenForm,
    RemindersField,
    WithLines,
    check_closes_on,
    check_opens_on,
    last_day_field,
    opening_day_field,
    people_of,
    start_with_the_usual,
)
from diagnostics.invitees import Invitee, as_lines
from diagnostics.known_people import asked_last_time
from diagnostics.list_files import rows_of_file
from diagnostics.lists import Known, ReadLists, read_lists, rows_of_text
from diagnostics.models import Round
from diagnostics.open_link_offer import offered_last_time
from partnerships.models import Organisation, Participation

KINDS_OF_FILE = (".csv", ".xlsx")
Asked = dict[Participation, list[Invitee]]


class SeveralForm(WithLines):
    """What surveys that start together have in common: their days and the reminders."""

    opens_by_itself_on = opening_day_field(several=True)
    closes_on = last_day_field()
    reminders = RemindersField()

    def __init__(self, *args: Any, can_send: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        start_with_the_usual(self, can_send=can_send)

    def clean_closes_on(self) -> datetime.date:
        return check_closes_on(self.cleaned_data["closes_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_opens_on(self, cleaned)
        return cleaned

    def days_and_reminders(self) -> dict[str, Any]:
        """These, once the form is valid, as the deeds that start surveys take them."""
        return {
            "closes_on": self.cleaned_data["closes_on"],
            "opens_by_itself_on": self.cleaned_data.get("opens_by_itself_on"),
            "reminders": self.cleaned_data.get("reminders", ()),
        }


class EachForm(SeveralForm):
    """A box of people for each partnership, which begins with those who were asked last time.

    Where others had an open link then, as many are offered one again; it can be withdrawn before the survey opens.
    """

    def __init__(self, *args: Any, participations: Iterable[Participation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.participations = list(participations)
        self.open_links = {one: offered_last_time(one) or 0 for one in self.participations}
        for one in self.participations:
            self.fields[_box(one)] = LongTextField(
                label=f"Who to ask about {one.partnership.display_name}",
                help_text=_how_to_ask(self.open_links[one]),
                widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
                error_messages={"required": f"Enter the people to ask about {one.partnership.display_name}."},
            )
            self.initial[_box(one)] = as_lines(asked_last_time(one))
        self.order_fields([_box(one) for one in self.participations])
        self.speak_plainly()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for one in self.participations:
            if _box(one) in cleaned:
                try:
                    cleaned[_box(one)] = people_of(cleaned[_box(one)], others=self.open_links[one])
                except forms.ValidationError as problem:
                    self.refuse(_box(one), problem, of=one.partnership.display_name)
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What is to be started, once the form is valid."""
        asked: Asked = {one: self.cleaned_data[_box(one)] for one in self.participations}
        return {"asked": asked, "open_links": self.open_links, **self.days_and_reminders()}


def _how_to_ask(others: int) -> str:
    plain = "One person a line: name, comma, email. Organisation and role may follow."
    return f"{plain} As last time, {others} others are offered an open link." if others else plain


def _box(participation: Participation) -> str:
    return f"people-{participation.pk}"


class ListForm(SeveralForm):
    """One list for all: pasted, or as a file."""

    people = LongTextField(
        label="Paste the list",
        required=False,
        help_text="One person a line: partnership, name, email. Organisation and role may follow.",
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "optional": "unsaid"}),
    )
    file = forms.FileField(
        label="Or choose a spreadsheet",
        required=False,
        help_text="An Excel workbook (.xlsx) or a CSV file. Its first column names the partnership.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx", "optional": "unsaid"}),
        error_messages={"empty": "This file is empty. Choose the spreadsheet with the people to ask."},
    )
    field_order = ("people", "file", "opens_by_itself_on", "closes_on", "reminders")

    def __init__(self, *args: Any, organisation: Organisation, most_bytes: int, **kwargs: Any) -> None:
        self.organisation, self.most_bytes = organisation, most_bytes
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        pasted, file = cleaned.get("people"), cleaned.get("file")
        if pasted and file:
            self.add_error("file", "Paste the list or choose a spreadsheet, not both.")
        elif pasted:
            self._read("people", rows_of_text(pasted))
        elif file:
            self._read_file(file)
        elif not self.errors:
            self.add_error("people", "Paste the list of people to ask, or choose a spreadsheet.")
        return cleaned

    def _read_file(self, file: Any) -> None:
        if not (file.name or "").lower().endswith(KINDS_OF_FILE):
            self.add_error("file", "Choose an Excel workbook (.xlsx) or a CSV file. Save others as one first.")
            return
        try:
            rows = rows_of_file(file.read(self.most_bytes + 1))
        except forms.ValidationError as problem:
            self.add_error("file", problem)
        else:
            self._read("file", rows)

    def _read(self, field: str, rows: Sequence[tuple[int, Sequence[str]]]) -> None:
        self.read = read_lists(rows, Known(self.organisation))
        problems = list(_not_to_be_asked(self.read))
        if self.read.errors:
            self.refuse(field, LinesRefusedError(self.read.errors, first=list(_far_too_many(self.read))))
        elif problems:
            self.add_error(field, problems)
        elif not self.read.lists:
            self.add_error(field, "There is nobody in this list. Enter a line for each person to ask.")

    def facts(self) -> dict[str, Any]:
        """What is to be started, once the form is valid."""
        return {"asked": self.read.lists, **self.days_and_reminders()}


def _far_too_many(read: ReadLists) -> Iterator[str]:
    for participation, people in read.lists.items():
        yield from (f"{participation.partnership.display_name}: {message}" for message in too_many(len(people)))


def _not_to_be_asked(read: ReadLists) -> Iterator[str]:
    for participation, people in read.lists.items():
        try:
            check_people(people)
        except forms.ValidationError as problem:
            yield from (f"{participation.partnership.display_name}: {message}" for message in problem.messages)


class OpenSeveralForm(OpenForm):
    """Which of the surveys that are being prepared are opened now, and how people get their links."""

    surveys = forms.MultipleChoiceField(
        label="Surveys to open",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick the surveys to open.",
            "invalid_choice": "Tick surveys from the list. One of these is open already, or discarded.",
        },
    )
    field_order = ("surveys", "delivery")

    def __init__(self, *args: Any, drafts: Mapping[str, Round], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drafts = drafts
        field = self.fields["surveys"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(key, one.participation.partnership.display_name) for key, one in drafts.items()]
            field.choice_hints = {key: _in_words(one) for key, one in drafts.items()}  # type: ignore[attr-defined]
        self.initial["surveys"] = list(drafts)

    @property
    def chosen(self) -> list[Round]:
        return [self.drafts[key] for key in self.cleaned_data["surveys"]]


def _in_words(draft: Round) -> str:
    about = f"{draft.get_subject_display()}. " if draft.is_about_us else ""
    day = draft.opens_by_itself_on
    by_itself = f", opens by itself on {day:%-d %B %Y} unless opened before" if day else ""
    return f"{about}{draft.invited} people to ask{by_itself}, last day {draft.closes_on:%-d %B %Y}"
