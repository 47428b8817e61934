"""The forms of a relationship record: one for each kind of entry, blank or filled from one that there is.

``facts()`` is what the actions take. Nobody's days lie in the future here: the record is of what was.
"""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from design.fields import DayMonthYearField, LongTextField
from partnerships.actions.differences import DifferenceFacts
from partnerships.editing import entry_version
from partnerships.figures import Figure, read_figures
from partnerships.forms.account import LONGEST_TEXT, NO_PATIENTS
from partnerships.forms.versioned import VersionedForm
from partnerships.models import (
    Better,
    Difference,
    DifferenceState,
    LedgerEntry,
    LedgerKind,
    MeasurePoint,
    OutcomeMeasure,
    RecordLink,
    RecordNote,
    Side,
)
from partnerships.models.differences import TRANSITIONS
from partnerships.models.record_entries import RecordEntry
from partnerships.numbers import plain_number
from partnerships.record_chapters import DIFFERENCE, LEDGER, LINK, MEASURE, Chapter

MAY_BE_READ = (
    f"It may be asked for under freedom of information: write what you would say to your partners. {NO_PATIENTS}"
)

MOST_PROBLEMS = 10  # of lines that cannot be taken: after so many somebody mends the file


def words(label: str, hint: str, *, required: bool = True, rows: int = 4) -> LongTextField:
    return LongTextField(
        label=label,
        help_text=f"{hint} {MAY_BE_READ}".strip(),
        required=required,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": "Write what you want to keep on the record."},
    )


class RecordForm(VersionedForm):
    """What the forms have in common: ``entry`` is the one they are filled from, if any."""

    def __init__(self, *args: Any, chapter: Chapter, entry: RecordEntry | None = None, **kwargs: Any) -> None:
        self.chapter = chapter
        super().__init__(*args, initial=self._filled_from(entry) if entry else {}, **kwargs)
        self.ask(entry)
        self.speak_plainly()

    def ask(self, entry: Any) -> None:
        """Fill in what depends on the chapter or the entry."""

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def not_after_today(self, name: str) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data[name]
        if day is not None and day > timezone.localdate():
            raise ValidationError("This day has not come yet. Enter one that has.")
        return day

    def _filled_from(self, entry: RecordEntry) -> dict[str, Any]:
        return {fact: getattr(entry, fact) for fact in entry.FACTS} | {"version": entry_version(entry)}


class NoteForm(RecordForm):
    text = words("", "")
    on_day = DayMonthYearField(label="When it was", required=False, help_text="If it has a day, for example 27 3 2026.")

    def ask(self, entry: RecordNote | None) -> None:
        self.fields["text"].label = self.chapter.asks
        self.fields["text"].help_text = f"{self.chapter.hint} {MAY_BE_READ}"

    def clean_on_day(self) -> datetime.date | None:
        return self.not_after_today("on_day")


class DifferenceForm(RecordForm):
    what = words(DIFFERENCE.asks, DIFFERENCE.hint)
    raised_on = DayMonthYearField(label="When did it come up?", help_text="For example 27 3 2026.")
    state = forms.ChoiceField(
        label="How does it stand?",
        widget=forms.RadioSelect,
        choices=DifferenceState.choices,
        error_messages={"required": "Choose how it stands."},
    )
    how = words(
        "What is being done about it, or how was it settled?",
        "Needed once it is settled, so that nobody has to settle it again.",
        required=False,
    )
    settled_on = DayMonthYearField(label="When was it settled?", required=False, help_text="Only once it is settled.")

    def ask(self, entry: Difference | None) -> None:
        if entry is None:
            self.initial.setdefault("state", DifferenceState.OPEN)
            return
        was = DifferenceState(entry.state)
        may_be = {was} | TRANSITIONS[was]
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            (state.value, state.label) for state in DifferenceState if state in may_be
        ]

    def clean_raised_on(self) -> datetime.date | None:
        return self.not_after_today("raised_on")

    def clean_settled_on(self) -> datetime.date | None:
        return self.not_after_today("settled_on")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        settled = cleaned.get("state") == DifferenceState.SETTLED
        if settled and not cleaned.get("how") and "how" not in self.errors:
            self.add_error("how", "Say how it was settled.")
        if "settled_on" in self.errors or "raised_on" in self.errors or not cleaned.get("state"):
            return cleaned
        on, raised = cleaned.get("settled_on"), cleaned.get("raised_on")
        if settled and not on:
            self.add_error("settled_on", "Enter the day on which it was settled.")
        elif settled and on and raised and on < raised:
            self.add_error("settled_on", "This is before it came up. Check both days.")
        elif on and not settled:
            self.add_error("settled_on", "Clear this day, or choose “Settled” above.")
        return cleaned

    def difference(self) -> DifferenceFacts:
        return DifferenceFacts(**self.facts() | {"state": DifferenceState(self.cleaned_data["state"])})


class LedgerForm(RecordForm):
    kind = forms.ChoiceField(
        label="What was it?",
        widget=forms.RadioSelect,
        choices=LedgerKind.choices,
        error_messages={"required": "Choose what it was."},
    )
    side = forms.ChoiceField(
        label="Whose was it?",
        widget=forms.RadioSelect,
        choices=[(Side.US, "Ours"), (Side.PARTNER, "A partner’s")],
        error_messages={"required": "Choose whose it was."},
    )
    partner = forms.CharField(label="Which partner", max_length=120, required=False, help_text="Only if it was theirs.")
    what = words(LEDGER.asks, LEDGER.hint)
    on_day = DayMonthYearField(label="When was it?", help_text="For example 27 3 2026.")
    done_about_it = words(
        "What was done about the loss?",
        "Only for a loss, once something was done. Until then it stands out on the record.",
        required=False,
    )
    done_on = DayMonthYearField(label="When was that done?", required=False)

    def clean_on_day(self) -> datetime.date | None:
        return self.not_after_today("on_day")

    def clean_done_on(self) -> datetime.date | None:
        return self.not_after_today("done_on")

    def clean_partner(self) -> str:
        return " ".join(str(self.cleaned_data["partner"]).split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        side, partner = cleaned.get("side"), cleaned.get("partner")
        if side == Side.PARTNER and not partner and "partner" not in self.errors:
            self.add_error("partner", "Enter which partner it was.")
        if side == Side.US and partner:
            self.add_error("partner", "Clear which partner, or choose “A partner’s” above.")
        self._check_what_was_done(cleaned)
        return cleaned

    def _check_what_was_done(self, cleaned: dict[str, Any]) -> None:
        if {"done_about_it", "done_on", "kind"} & self.errors.keys():
            return
        about, on, was = cleaned["done_about_it"], cleaned["done_on"], cleaned.get("on_day")
        if cleaned["kind"] != LedgerKind.LOST and (about or on):
            self.add_error("done_about_it" if about else "done_on", "Clear this, or choose “Lost” above.")
        elif about and not on:
            self.add_error("done_on", "Enter the day on which that was done.")
        elif on and not about:
            self.add_error("done_about_it", "Say what was done about it, or clear the day.")
        elif on and was and on < was:
            self.add_error("done_on", "This is before the loss. Check both days.")


class LinkForm(RecordForm):
    title = forms.CharField(
        label=LINK.asks, max_length=160, help_text="For example Memorandum of understanding, signed March 2026."
    )
    address = forms.URLField(
        label="Web address",
        max_length=600,
        assume_scheme="https",
        help_text="It begins with https://. Whoever may not open it there cannot open it from here either.",
        error_messages={"invalid": "Enter a whole web address, such as https://www.example.org/agreement."},
    )

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"])
        parts = urlsplit(address)
        if parts.scheme != "https":
            raise ValidationError("Enter a web address that begins with https://.")
        if "@" in parts.netloc:
            raise ValidationError("Leave out the name and the password: all who read the record would have them.")
        return address


def number(label: str, hint: str = "", *, required: bool = False) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=hint,
        required=required,
        max_digits=14,
        decimal_places=4,
        widget=forms.NumberInput(attrs={"width": 10}),
    )


class MeasureForm(RecordForm):
    name = forms.CharField(label=MEASURE.asks, max_length=160, help_text=f"{MEASURE.hint} {NO_PATIENTS}")
    unit = forms.CharField(
        label="Unit", max_length=40, required=False, help_text="For example days, or % of referrals."
    )
    better = forms.ChoiceField(
        label="Which way is better?",
        widget=forms.RadioSelect,
        choices=Better.choices,
        error_messages={"required": "Choose which way is better."},
    )
    baseline = number("Baseline", "What it was before the partnership set out to change it.")
    baseline_on = DayMonthYearField(label="Day of the baseline", required=False)
    target = number("Target")
    target_on = DayMonthYearField(label="Day by which to reach the target", required=False)
    figures_from = forms.CharField(
        label="Where the figures come from",
        max_length=250,
        required=False,
        help_text="So that somebody else can go on with it: which list or report, and on which day of a month.",
    )

    def _filled_from(self, entry: RecordEntry) -> dict[str, Any]:
        filled = super()._filled_from(entry)
        return filled | {name: plain_number(filled[name]) for name in ("baseline", "target")}

    def clean_baseline_on(self) -> datetime.date | None:
        return self.not_after_today("baseline_on")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        baseline, baseline_on = cleaned.get("baseline"), cleaned.get("baseline_on")
        target, target_on = cleaned.get("target"), cleaned.get("target_on")
        if not {"baseline", "baseline_on"} & self.errors.keys():
            if baseline is None and baseline_on:
                self.add_error("baseline", "Enter the baseline, or clear its day.")
            if baseline is not None and not baseline_on:
                self.add_error("baseline_on", "Enter the day of the baseline.")
        if target is None and target_on and "target" not in self.errors:
            self.add_error("target", "Enter the target, or clear its day.")
        if target is not None and cleaned.get("better") == Better.NEITHER:
            self.add_error("target", "Clear the target, or choose above whether higher or lower is better.")
        if target_on and baseline_on and target_on <= baseline_on:
            self.add_error("target_on", "This is not after the day of the baseline. Check both days.")
        return cleaned


class FigureForm(RecordForm):
    """One figure that there is already."""

    on_day = DayMonthYearField(label="Day")
    value = number("Figure", required=True)

    def _filled_from(self, entry: RecordEntry) -> dict[str, Any]:
        filled = super()._filled_from(entry)
        return filled | {"value": plain_number(filled["value"])}

    def clean_on_day(self) -> datetime.date | None:
        return self.not_after_today("on_day")


class FiguresForm(RecordForm):
    """New figures of a measure, a line each, as they are copied from a spreadsheet."""

    figures = LongTextField(
        label="Figures",
        help_text="A line each: the day, a comma, and the figure. Or copy two columns of a spreadsheet and paste them. "
        "For a month its name is enough, for example April 2026, 21.5.",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Enter at least one figure, with its day."},
    )
    read: list[Figure]

    def clean_figures(self) -> str:
        text: str = self.cleaned_data["figures"]
        self.read, problems = read_figures(text, today=timezone.localdate())
        if problems:
            raise ValidationError([str(one) for one in problems[:MOST_PROBLEMS]])
        return text


FORMS: dict[type[RecordEntry], type[RecordForm]] = {
    RecordNote: NoteForm,
    Difference: DifferenceForm,
    LedgerEntry: LedgerForm,
    RecordLink: LinkForm,
    OutcomeMeasure: MeasureForm,
    MeasurePoint: FigureForm,
}
