"""Recording a promise, moving its day, handing it over and closing it."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from decisions.actions import Promised, promise_version
from decisions.forms.deciding import MAY_BE_READ
from decisions.models import Promise, PromiseState
from design.fields import DayMonthYearField, LongTextField
from design.messages import PlainMessages
from partnerships.forms.versioned import VersionedForm
from partnerships.models import Organisation, Participation, Person
from partnerships.people import who_can
from partnerships.roles import READ

DUE_AFTER = datetime.timedelta(days=91)


class OwnerChoice(PlainMessages, forms.Form):
    """A form that asks who sees to something: anybody who may see the portfolio."""

    people: dict[str, Person]

    def offer_people(self, organisation: Organisation) -> None:
        self.people = {str(one.pk): one for one in who_can(organisation, READ)}
        owner: Any = self.fields["owner"]
        owner.choices = [("", "Choose somebody"), *((pk, str(one)) for pk, one in self.people.items())]
        self.speak_plainly()


class PromiseForm(OwnerChoice, VersionedForm):
    """A new promise in one partnership."""

    what = forms.CharField(
        label="What is promised",
        help_text=f"One thing that can be seen to be done. {MAY_BE_READ}",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    made_to = forms.CharField(
        label="To whom",
        help_text="For example the partnership’s board, or a partner by name.",
        max_length=120,
    )
    to_others = forms.BooleanField(
        label="It is made to somebody else than the partners",
        required=False,
        help_text="For example to our own staff. A letter to the partner then does not list it.",
    )
    owner = forms.ChoiceField(
        label="Who sees to it", help_text="They are reminded by email before it is due.", widget=forms.Select()
    )
    made_on = DayMonthYearField(label="When it was promised")
    due_on = DayMonthYearField(label="When it is due")

    def __init__(self, *args: Any, participation: Participation, person: Person, **kwargs: Any) -> None:
        today = timezone.localdate()
        initial = {
            "made_to": participation.partnership.display_name[:120],
            "owner": str(person.pk),
            "made_on": today,
            "due_on": today + DUE_AFTER,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.offer_people(participation.organisation)

    def promised(self) -> Promised:
        given = self.cleaned_data
        return Promised(
            what=given["what"],
            made_to=given["made_to"],
            to_others=given["to_others"],
            owner=self.people[given["owner"]],
            made_on=given["made_on"],
            due_on=given["due_on"],
        )


class MoveForm(VersionedForm):
    due_on = DayMonthYearField(label="When it is due now")
    reason = LongTextField(
        label="Why the day moves",
        help_text=f"It stays on record with both days. {MAY_BE_READ}",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @classmethod
    def of(cls, promise: Promise, data: QueryDict | None = None) -> MoveForm:
        return cls(data, prefix="move", initial={"version": promise_version(promise), "due_on": promise.due_on})


class HandOverForm(OwnerChoice, VersionedForm):
    owner = forms.ChoiceField(label="Who sees to it from now on", widget=forms.Select())

    @classmethod
    def of(cls, promise: Promise, data: QueryDict | None = None) -> HandOverForm:
        form = cls(data, prefix="hand", initial={"version": promise_version(promise), "owner": str(promise.owner_id)})
        form.offer_people(promise.organisation)
        return form


class CloseForm(VersionedForm):
    """What became of it. What one can tell it by is asked where it was kept, and why where it was not."""

    state = forms.ChoiceField(
        label="What became of it",
        choices=[
            (PromiseState.KEPT, "It was kept"),
            (PromiseState.NOT_KEPT, "It was not kept"),
            (PromiseState.WITHDRAWN, "We take it back"),
        ],
        widget=forms.RadioSelect(attrs={"legend_size": "s"}),
        error_messages={"required": "Choose what became of it."},
    )
    evidence = LongTextField(
        label="By what one can tell that it was kept",
        required=False,
        help_text=f"Needed where it was kept, for example where the minutes stand. {MAY_BE_READ}",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "optional": "unsaid"}),
    )
    why = LongTextField(
        label="Why it was not kept, or is taken back",
        required=False,
        help_text=f"Needed where it was not kept or is taken back. {MAY_BE_READ}",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "optional": "unsaid"}),
    )
    closed_on = DayMonthYearField(label="When that was")

    @classmethod
    def of(cls, promise: Promise, data: QueryDict | None = None) -> CloseForm:
        initial = {"version": promise_version(promise), "closed_on": timezone.localdate()}
        if not promise.is_open:
            initial |= {"state": promise.state, "evidence": promise.evidence, "why": promise.why}
            initial["closed_on"] = promise.closed_on or initial["closed_on"]
        return cls(data, prefix="close", initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        state = cleaned.get("state")
        if state == PromiseState.KEPT and not cleaned.get("evidence"):
            self.add_error("evidence", "Say by what one can tell that it was kept.")
        if state in {PromiseState.NOT_KEPT, PromiseState.WITHDRAWN} and not cleaned.get("why"):
            self.add_error("why", "Say why it was not kept, or is taken back.")
        if state == PromiseState.KEPT and cleaned.get("why"):
            self.add_error("why", "Leave this empty where it was kept, or choose that it was not.")
        if state in {PromiseState.NOT_KEPT, PromiseState.WITHDRAWN} and cleaned.get("evidence"):
            self.add_error("evidence", "Leave this empty where it was not kept, or choose that it was.")
        return cleaned
