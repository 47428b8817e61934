"""A form that knows what it was filled from, so that a second tab cannot overwrite the first unseen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from design.fields import DayMonthYearWidget
from design.messages import PlainMessages


@dataclass(frozen=True)
class Difference:
    """One field that holds something else in this form than in what is stored now, both in words."""

    label: str
    stored: str
    typed: str


class VersionedForm(PlainMessages, forms.Form):
    """Carries ``version``, which the saving action compares with what is stored by then."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    differences: tuple[Difference, ...] = ()

    def tell_of_change(self, stored: Self) -> None:
        """Keep what was typed, show what is stored beside it, and let the next save go through.

        ``stored`` is the same form, unbound, filled from what is stored now.
        """
        self.differences = tuple(_differences(self, stored))
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed[self.add_prefix("version")] = stored.initial["version"]
        self.data = typed
        self.add_error(
            None,
            "Somebody else saved this page while you were editing it. Compare both below, change what you need, "
            "then save again.",
        )

    def add_problems(self, problem: ValidationError) -> None:
        """Show a rule that only the database's own checks found broken, at its field where the form has it."""
        if not hasattr(problem, "error_dict"):
            self.add_error(None, problem)
            return
        for name, errors in problem.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


def _differences(typed: forms.BaseForm, stored: forms.BaseForm) -> Iterable[Difference]:
    """What a hidden box carries is no words of anybody; a question that only one of the two asks has no other side."""
    for name, field in typed.fields.items():
        if name not in stored.fields or field.widget.is_hidden or isinstance(field, forms.FileField):
            continue
        words_typed, words_stored = _in_words(typed[name]), _in_words(stored[name])
        if words_typed != words_stored:
            context = field.widget.attrs.get("label_context")
            label = f"{field.label}: {context}" if context else str(field.label or name)
            yield Difference(label, words_stored or "nothing", words_typed or "nothing")


def _in_words(bound: forms.BoundField) -> str:
    value: Any = bound.value()
    if isinstance(bound.field.widget, DayMonthYearWidget):
        return " ".join(str(part).lstrip("0") for part in bound.field.widget.parts_of(value).values() if part)
    if isinstance(bound.field, forms.BooleanField):
        return "ticked" if value else "not ticked"
    choices = {str(key): str(label) for key, label in getattr(bound.field, "choices", ())}
    if isinstance(value, list | tuple):
        return ", ".join(choices.get(str(one), str(one)) for one in value)
    text = "" if value is None else str(value).replace("\r\n", "\n").strip()
    return choices.get(text, text) if text else ""
