"""Changing the questions: one item's words, one item more, a file, and the version that is made of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from design.messages import PlainMessages
from diagnostics.instrument import Instrument, InstrumentError, Item, load
from diagnostics.instrument.reading import LONGEST_TEXT, MOST_BYTES, read_text
from diagnostics.models.instrument_versions import LONGEST_NOTE
from diagnostics.questions import sections_of, state_of
from partnerships.forms.versioned import VersionedForm

SAME, ANOTHER = "same", "another"
ASKS_ABOUT = "Choose what it is about."
HOW_TO_WORD_IT = (
    "One idea in plain words, to which people can say how far they agree. Word it so that agreeing is the good side."
)


class ItemText(forms.CharField):
    """A statement on one line, whatever it was pasted from."""

    def to_python(self, value: Any) -> str:
        return " ".join(str(super().to_python(value) or "").split())


def _text() -> ItemText:
    return ItemText(
        label="Statement",
        help_text=HOW_TO_WORD_IT,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Enter the statement."},
    )


class ChangeItemForm(VersionedForm):
    def __init__(self, *args: Any, questions: Instrument, item: Item, **kwargs: Any) -> None:
        self.item = item
        super().__init__(*args, initial={"text": item.text, "version": state_of(questions)}, **kwargs)
        self.fields["text"] = _text()
        asks = dict.fromkeys(("required", "invalid_choice"), "Choose whether it is still the same question.")
        self.fields["same"] = forms.ChoiceField(
            label="Is it still the same question?",
            help_text="Somebody who agreed with the old words would agree with the new ones.",
            choices=[
                (SAME, "Yes, in clearer words: its scores go on"),
                (ANOTHER, "No, it asks something else: it is left out of comparisons with what was asked before"),
            ],
            widget=forms.RadioSelect,
            error_messages=asks,
        )
        self.speak_plainly()

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if text == self.item.text:
            raise forms.ValidationError("These are the words it has already. Change them, or go back.")
        return text


class AddItemForm(VersionedForm):
    """``elsewhere`` is what the other side is asked and this one is not; None where there are no two sides."""

    def __init__(self, *args: Any, questions: Instrument, elsewhere: Sequence[Item] | None, **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": state_of(questions)}, **kwargs)
        if elsewhere is not None:
            self.fields["same_as"] = forms.ChoiceField(
                label="Is the other side asked it too?",
                help_text="Then the two are held against each other. It is about the same part.",
                choices=[
                    ("", "No, it is asked on this side alone"),
                    *((item.code, f"Yes: “{item.text}”") for item in elsewhere),
                ],
                required=False,
                widget=forms.Select if elsewhere else forms.HiddenInput,
                error_messages={"invalid_choice": "Choose from the list. Somebody changed it meanwhile."},
            )
        asks = dict.fromkeys(("required", "invalid_choice"), ASKS_ABOUT)
        self.fields["about"] = forms.ChoiceField(
            label="What is it about?",
            choices=[
                ("", "Choose what it is about"),
                *(
                    (part.code, part.name if part.name == section.name else f"{section.name}: {part.name}")
                    for section in sections_of(questions)
                    for part in section.parts
                ),
            ],
            required=not elsewhere,
            error_messages=asks,
        )
        self.fields["text"] = _text()
        self.speak_plainly()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "about" in cleaned and not cleaned["about"] and not cleaned.get("same_as"):
            self.add_error("about", ASKS_ABOUT)
        return cleaned


class PublishForm(VersionedForm):
    def __init__(self, *args: Any, questions: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": state_of(questions), "use_it": True}, **kwargs)
        self.fields["note"] = forms.CharField(
            label="Why do the questions change?",
            help_text="Stands beside the version for whoever looks at its results later.",
            max_length=LONGEST_NOTE,
            widget=forms.Textarea(attrs={"rows": 2}),
            error_messages={"required": "Enter why the questions change."},
        )
        self.fields["use_it"] = forms.BooleanField(label="New surveys ask this version", required=False)
        self.speak_plainly()


class QuestionsFileForm(PlainMessages, forms.Form):
    file = forms.FileField(
        label="Your file of questions",
        help_text="A JSON file, as you download it here.",
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={
            "required": "Choose a file of questions.",
            "empty": "This file is empty. Choose a file of questions.",
        },
    )

    def clean_file(self) -> Instrument:
        """The questions in it: every fault is named by the part of the file and the reason."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        try:
            # One byte more than may be is enough to be refused.
            return load(read_text(file.read(MOST_BYTES + 1)))
        except InstrumentError as problem:
            raise forms.ValidationError(str(problem)) from problem
