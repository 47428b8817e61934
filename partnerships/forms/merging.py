"""Into which other record a duplicate is merged."""

from __future__ import annotations

from typing import Any

from django import forms

from design.messages import PlainMessages
from partnerships.models import Participation


class MergeForm(PlainMessages, forms.Form):
    sure = forms.BooleanField(
        label="Both records are of the same partnership", error_messages={"required": "Tick that both are the same."}
    )

    def __init__(self, *args: Any, duplicate: Participation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = duplicate.organisation.participations.live().exclude(pk=duplicate.pk).select_related("partnership")
        self.fields["into"] = _Record(
            others.order_by("partnership__name"),
            label="Which record goes on?",
            empty_label="Choose a partnership",
            help_text="What is known of this one stays readable from there.",
        )
        self.order_fields(["into", "sure"])
        self.speak_plainly()


class _Record(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, record: Participation) -> str:
        return f"{record.partnership.display_name} ({record.get_state_display().lower()})"
