"""What goes with a kind no: the pack's words, who was told, what they replied, and what is still to hand over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from decisions.actions.kind_noes import TEXTS, Mark, kind_no_version, last_pack, version_of_item
from decisions.models import ChecklistItem, Decision, HowTold, KindNo, LetterState, ToldOf
from decisions.saying_no import kind_no_of, letter_of
from design.fields import DayMonthYearField, LongTextField
from design.messages import PlainMessages
from partnerships.forms.versioned import VersionedForm

NO_PATIENTS = "Do not enter anything about patients."
LONGEST = 2000
SENT_ALREADY = (
    "The letter has been sent and stays as it is. What you change here stands on this page; to tell the partner, "
    "correct the letter with a further one."
)


def _box(label: str, hint: str, rows: int = 3) -> LongTextField:
    return LongTextField(
        label=label,
        required=False,
        max_length=LONGEST,
        help_text=f"{hint} {NO_PATIENTS}",
        widget=forms.Textarea(attrs={"rows": rows, "optional": "unsaid"}),
    )


class KindNoForm(VersionedForm):
    """``of`` fills it from what is stored, or for a new pack from the one before."""

    reason = _box(
        "Why, in words the partner may read",
        "It goes into the letter. The reason of the decision itself does not. Leave it empty if you write "
        "why in the letter itself.",
    )
    continues = _box("What continues", "What the partner can still count on, for example the name of a contact.")
    who_else = _box("Who else might help", "Another organisation or network that could do more than you can now.")
    what_would_change = _box(
        "What would change our mind", "For example more days of our clinicians, or a new duty in law."
    )
    stay_in_touch = _box("Another way to stay in touch", "For example their newsletter, or a call twice a year.")
    harm = _box(
        "The harm we considered",
        "Who could lose by this, and what you do about it. It is not put into the letter, but may be asked for.",
    )

    @classmethod
    def of(cls, decision: Decision, data: QueryDict | None = None) -> KindNoForm:
        said: KindNo | None = kind_no_of(decision) or last_pack(decision.participation)
        initial = {name: getattr(said, name, "") for name in TEXTS}
        form = cls(data, initial=initial | {"version": kind_no_version(decision)})
        letter = letter_of(kind_no_of(decision))
        if letter is not None and letter.state == LetterState.SENT:
            form.fields["reason"].help_text = f"{SENT_ALREADY} {NO_PATIENTS}"
        return form

    def start_from(self, words: str) -> None:
        """Put a sentence into the box that says why, after what stands there; nobody has saved it yet."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["reason"] = "\n\n".join(filter(None, (data.get("reason", "").strip(), words)))
        self.data = data

    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in TEXTS}


class _WithProblems(PlainMessages, forms.Form):
    def add_problems(self, problem: ValidationError) -> None:
        """Show what the action found, at its field where the form has it."""
        if not hasattr(problem, "error_dict"):
            self.add_error(None, problem)
            return
        for name, errors in problem.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class TellingForm(_WithProblems):
    who = forms.CharField(label="Who told them", max_length=120)
    whom = forms.CharField(
        label="Whom they told",
        max_length=120,
        help_text="A name or a role at the partner, for example their programme director.",
    )
    how = forms.ChoiceField(
        label="How",
        choices=HowTold.choices,
        widget=forms.RadioSelect(attrs={"legend_size": "s"}),
        error_messages={"required": "Choose how they were told."},
    )
    told_on = DayMonthYearField(label="When")
    told_of = forms.ChoiceField(
        label="What they were told",
        choices=ToldOf.choices,
        widget=forms.RadioSelect(attrs={"legend_size": "s"}),
        error_messages={"required": "Choose what they were told."},
    )

    def __init__(self, *args: Any, no_counts: bool, **kwargs: Any) -> None:
        """Where a no counts it is what they were told; else somebody says."""
        super().__init__(*args, **kwargs)
        if no_counts:
            del self.fields["told_of"]


class ReplyForm(_WithProblems):
    who = forms.CharField(label="Who replied", max_length=120)
    replied_on = DayMonthYearField(label="When")
    answer = LongTextField(
        label="What they said",
        max_length=4000,
        help_text=f"In short. They, or anybody under freedom of information, may come to read it. {NO_PATIENTS}",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    doing = LongTextField(
        label="What we do about it",
        required=False,
        max_length=LONGEST,
        help_text=f"For example a call next week, or looking again sooner. {NO_PATIENTS}",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["replied_on"].initial = timezone.localdate


class ItemForm(_WithProblems):
    """One more thing to see to."""

    words = forms.CharField(
        label="Something else to see to",
        max_length=200,
        help_text=NO_PATIENTS,
        error_messages={"required": "Enter what to see to."},
    )


class ChecklistForm(PlainMessages, forms.Form):
    """Every item with a tick and a box that says why it is not needed; each carries how it was found."""

    def __init__(self, *args: Any, items: Sequence[ChecklistItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for item in self.items:
            self._offer(item)
        self.speak_plainly()

    def _offer(self, item: ChecklistItem) -> None:
        self.fields[f"done-{item.pk}"] = forms.BooleanField(
            label=f"Done: {item.words}", required=False, initial=item.done_at is not None
        )
        self.fields[f"because-{item.pk}"] = forms.CharField(
            label="Not needed, because",
            required=False,
            max_length=200,
            initial=item.not_needed_because,
            widget=forms.TextInput(attrs={"label_context": f": {item.words}", "optional": "unsaid"}),
        )
        self.fields[f"seen-{item.pk}"] = forms.CharField(
            required=False, initial=version_of_item(item), widget=forms.HiddenInput
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for item in self.items:
            if cleaned.get(f"done-{item.pk}") and cleaned.get(f"because-{item.pk}"):
                self.add_error(f"because-{item.pk}", "Tick it as done, or say why it is not needed, not both.")
        return cleaned

    def marks(self) -> dict[int, Mark]:
        given = self.cleaned_data
        return {
            item.pk: Mark(given[f"done-{item.pk}"], given[f"because-{item.pk}"], given[f"seen-{item.pk}"])
            for item in self.items
        }

    def tell_of_change(self, items: Sequence[ChecklistItem]) -> None:
        """Say of each what somebody else made of it, keep what was typed, and let the next sending go through."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        for item in items:
            data[f"seen-{item.pk}"] = version_of_item(item)
            self.add_error(
                f"because-{item.pk}",
                f"Somebody else changed this just now: {in_words(item)}. If yours is to take its place, save again.",
            )
        self.data = data

    def rows(self) -> list[tuple[ChecklistItem, forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [
            (item, self[f"done-{item.pk}"], self[f"because-{item.pk}"], self[f"seen-{item.pk}"]) for item in self.items
        ]


def in_words(item: ChecklistItem) -> str:
    if item.not_needed_because:
        return f"it is not needed, because {item.not_needed_because}"
    return "it is done" if item.done_at else "it is open"
