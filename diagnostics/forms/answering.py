"""What a respondent fills in: where they work, and one page of the instrument."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.renderers import get_default_renderer
from django.utils.safestring import SafeString

from design.fields import LongTextField
from diagnostics.actions import GivenAnswer
from diagnostics.instrument import Instrument, Item, Page
from diagnostics.models import LONGEST_REASON, Answer, Standing

DONT_KNOW = "dont_know"
CHOOSE = "Choose one of the answers shown."
NOT_HERE = "This page has changed since you opened it. Reload it and answer again: nothing was saved this time."


class PlaceForm(forms.Form):
    place = forms.ChoiceField(
        label="Where do you work?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where you work.", "invalid_choice": "Choose where you work."},
    )

    def __init__(self, *args: Any, instrument: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = [(place.code, place.label) for place in instrument.places]
        field = self.fields["place"]
        if isinstance(field, forms.ChoiceField):
            field.choices = self.places

    @property
    def radios(self) -> SafeString:
        """The places, under a question that is the page's heading."""
        return self._radios({"classes": "nhsuk-fieldset__legend--l", "isPageHeading": True})

    @property
    def radios_below_a_heading(self) -> SafeString:
        """The places on a page that has a heading of its own."""
        return self._radios({"classes": "nhsuk-fieldset__legend--m"})

    def _radios(self, legend: dict[str, Any]) -> SafeString:
        items = [{"value": code, "text": label} for code, label in self.places]
        return _radios(self["place"], {"text": self["place"].label, **legend}, items)


class OrganisationForm(forms.Form):
    organisation = forms.ChoiceField(
        label="Which organisation do you work for?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the organisation you work for.",
            "invalid_choice": "Choose the organisation you work for.",
        },
    )

    def __init__(self, *args: Any, organisations: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = organisations
        field = self.fields["organisation"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(one, one) for one in organisations]

    @property
    def radios(self) -> SafeString:
        """The organisations, under a question that is the page's heading."""
        legend = {
            "text": self["organisation"].label,
            "classes": "nhsuk-fieldset__legend--l",
            "isPageHeading": True,
        }
        return _radios(self["organisation"], legend, [{"value": one, "text": one} for one in self.organisations])


def _radios(bound: forms.BoundField, legend: dict[str, Any], items: list[dict[str, Any]]) -> SafeString:
    parameters: dict[str, Any] = {
        "idPrefix": bound.auto_id,
        "name": bound.html_name,
        "value": str(bound.value() or ""),
        "fieldset": {"legend": legend},
        "items": items,
    }
    if bound.errors:
        parameters["errorMessage"] = {"text": bound.errors[0]}
    renderer: Any = get_default_renderer()
    drawn: SafeString = renderer.component("radios", parameters)
    return drawn


@dataclass(frozen=True)
class Question:
    """One item on a page, with what the page needs to draw it. ``meanwhile`` is the answer that was given in another
    window and stands, where what was given here waits for a word on which of them counts.
    """

    item: Item
    instrument: Instrument
    answer: forms.BoundField
    reason: forms.BoundField
    shown_answer: str
    shown_reason: str
    meanwhile: str = ""

    @property
    def has_reason_open(self) -> bool:
        """Whether the box for a reason is needed from the start: a low answer, or a reason that is too long."""
        return str(self.answer.value() or "") in map(str, self.instrument.low_values) or bool(self.reason.errors)

    @property
    def radios(self) -> SafeString:
        """The five answers and, apart from them, "don't know"; low answers carry a class that opens the reason."""
        low = self.instrument.low_values
        points: list[dict[str, Any]] = [
            {
                "value": str(choice.value),
                "text": choice.label,
                "classes": "survey-low" if choice.value in low else "",
            }
            for choice in self.instrument.scale
        ]
        legend = {"text": self.item.text, "classes": "nhsuk-fieldset__legend--s"}
        apart = [{"divider": "or"}, {"value": DONT_KNOW, "text": self.instrument.dont_know}]
        return _radios(self.answer, legend, [*points, *apart])


class QuestionsForm(forms.Form):
    """The answers of one page. Any may be left out: an autosave sends one, and a person may pass a question by."""

    def __init__(self, data: Any = None, *, instrument: Instrument, page: Page, given: Mapping[str, Answer]) -> None:
        self.instrument, self.page = instrument, page
        self.stands: Mapping[str, Standing] = {}  # instead of what was given, by item, once that was to be kept
        super().__init__(data, initial=self._initial(given))
        choices = [*((str(choice.value), choice.label) for choice in instrument.scale), (DONT_KNOW, "")]
        for code in page.items:
            self.fields[f"answer-{code}"] = forms.ChoiceField(
                choices=choices, required=False, widget=forms.RadioSelect, error_messages={"invalid_choice": CHOOSE}
            )
            self.fields[f"reason-{code}"] = LongTextField(
                label="Why is that?",
                required=False,
                max_length=LONGEST_REASON,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=(
                    "Shown word for word, without your name, beside what others wrote. "
                    "Do not enter anything about patients, or that shows who you or others are."
                ),
                error_messages={
                    "max_length": "Shorten your reason to %(limit_value)d characters or fewer. It has %(show_value)d."
                },
            )

    def _initial(self, given: Mapping[str, Answer]) -> dict[str, str]:
        initial = {}
        for code in self.page.items:
            if code in given:
                value = given[code].value
                initial[f"answer-{code}"] = DONT_KNOW if value is None else str(value)
                initial[f"reason-{code}"] = given[code].reason
        return initial

    def clean(self) -> dict[str, Any]:
        unknown = [name for name in self.data if name.startswith("answer-") and name not in self.fields]
        if unknown:
            raise forms.ValidationError(NOT_HERE)
        return self.cleaned_data

    def answers(self) -> dict[str, GivenAnswer]:
        """What was answered, by item code; an item without an answer is left out."""
        given = {}
        for code in self.page.items:
            chosen = self.cleaned_data.get(f"answer-{code}")
            if chosen:
                reason = self.cleaned_data.get(f"reason-{code}") or ""
                unsure = f"unsure-{code}" in self.data
                given[code] = GivenAnswer(_value(chosen), reason, self._shown(code), unsure)
        return given

    @property
    def leaves_reason_out(self) -> bool:
        """Whether a reason came with an answer that is not low; the page still has it, in case the answer goes back."""
        low = self.instrument.low_values
        return any(given.reason and given.value not in low for given in self.answers().values())

    def _shown(self, code: str) -> Standing | None:
        """What the page showed of an item, as the browser sends it back; None where it does not."""
        answer, reason = (self.data.get(f"shown-{part}-{code}") for part in ("answer", "reason"))
        if answer is None:
            return None
        if answer not in [DONT_KNOW, *(str(choice.value) for choice in self.instrument.scale)]:
            return ()
        return _value(answer), LongTextField().to_python(reason)

    def questions(self) -> Iterator[Question]:
        for code in self.page.items:
            item = self.instrument.item_by_code[code]
            answer, reason = self[f"answer-{code}"], self[f"reason-{code}"]
            if code in self.stands:
                yield Question(item, self.instrument, answer, reason, *self._as_shown(code), self._in_words(code))
                continue
            if self.is_bound and not self.is_valid():  # nothing was kept, so that is as it was
                shown = self.data.get(f"shown-answer-{code}", ""), self.data.get(f"shown-reason-{code}", "")
            else:
                shown = answer.value() or "", reason.value() or ""
            yield Question(item, self.instrument, answer, reason, *shown)

    def standing(self) -> list[tuple[str, str, str]]:
        """What stands instead of what was given: the item and, as the page has them, its answer and its reason."""
        return [(code, *self._as_shown(code)) for code in self.stands]

    def _as_shown(self, code: str) -> tuple[str, str]:
        stands = self.stands[code]
        if not stands:
            return "", ""
        value, reason = stands
        return DONT_KNOW if value is None else str(value), reason

    def _in_words(self, code: str) -> str:
        labels = {str(choice.value): choice.label for choice in self.instrument.scale}
        return (labels | {DONT_KNOW: self.instrument.dont_know, "": "no answer"})[self._as_shown(code)[0]]


def _value(chosen: str) -> int | None:
    return None if chosen == DONT_KNOW else int(chosen)
