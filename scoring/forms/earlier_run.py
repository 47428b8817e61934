"""Which earlier run to compare with."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from design.messages import PlainMessages
from scoring.models import RunQuerySet

NOT_IN_THE_LIST = "Choose one of the earlier runs in the list."


class EarlierRunForm(PlainMessages, forms.Form):
    """``usual`` is the newest earlier run with other inputs than the later one's; None where there is none."""

    since = forms.ChoiceField(
        label="Compare with the recommendation of",
        error_messages={"required": NOT_IN_THE_LIST, "invalid_choice": NOT_IN_THE_LIST},
    )

    def __init__(self, *args: Any, earlier: RunQuerySet, inputs_hash: str, **kwargs: Any) -> None:
        """``earlier`` are the runs to choose from, the newest first; ``inputs_hash`` that of the later one."""
        rows = list(earlier.values_list("pk", "finished_at", "inputs_hash"))
        self.usual = next((pk for pk, _, seen in rows if seen != inputs_hash), None)
        super().__init__(*args, initial={"since": self.usual}, **kwargs)
        self.fields["since"].choices = _choices(rows, inputs_hash)  # type: ignore[attr-defined]
        self.speak_plainly()

    @property
    def has_choice(self) -> bool:
        return bool(self.fields["since"].choices)  # type: ignore[attr-defined]

    def chosen(self) -> int | None:
        """The run to compare with; None where none was chosen that can be."""
        if not self.is_bound:
            return self.usual
        return int(self.cleaned_data["since"]) if self.is_valid() else None


def _choices(rows: Sequence[tuple[int, datetime.datetime | None, str]], inputs_hash: str) -> list[tuple[str, str]]:
    """Each run by its date; two of one minute are told apart by their number."""
    same = " (the same inputs)"
    return [(str(pk), f"{_date(at)}, run {pk}{same if seen == inputs_hash else ''}") for pk, at, seen in rows]


def _date(at: datetime.datetime | None) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i") if at else "an unknown date"
