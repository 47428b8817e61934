"""Actions of the plan, practices to remove and options for more capacity, each with days by pool."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from decisions.actions import Considered, Planned, Proposed, plan_version, practice_version
from decisions.actions.plan import days_of
from decisions.forms.deciding import MAY_BE_READ
from decisions.forms.promises import OwnerChoice
from decisions.models import Characteristic, PlanAction, PlanState, Practice, PracticeState
from design.fields import DayMonthYearField, LongTextField
from partnerships.actions.adjustments import MOST_DAYS
from partnerships.forms.versioned import VersionedForm
from partnerships.models import CapacityPool, Organisation, Participation, Person
from partnerships.numbers import plain_number

USUAL_LENGTH = datetime.timedelta(days=182)  # until the survey after the next may tell


class PoolDaysForm(VersionedForm):
    """A form that asks for days a quarter of each pool, all of which may be left empty."""

    pools: list[CapacityPool]

    def ask_for_days(self, organisation: Organisation, days: Mapping[int, Decimal]) -> None:
        self.pools = list(organisation.capacity_pools.all())
        for pool in self.pools:
            name = f"days-{pool.pk}"
            self.fields[name] = forms.DecimalField(
                label=f"{pool.name} days a quarter",
                required=False,
                min_value=0,
                max_value=MOST_DAYS,
                max_digits=8,
                decimal_places=2,
                widget=forms.NumberInput(attrs={"width": 5, "suffix": "days", "optional": "unsaid"}),
            )
            if days.get(pool.pk):
                self.initial[name] = plain_number(days[pool.pk])
        self.speak_plainly()

    def day_boxes(self) -> Iterator[forms.BoundField]:
        return (self[f"days-{pool.pk}"] for pool in self.pools)

    def days(self) -> dict[int, Decimal]:
        """By the id of the pool; those left empty, or at 0, are not there."""
        given = {pool.pk: self.cleaned_data.get(f"days-{pool.pk}") for pool in self.pools}
        return {pool: days for pool, days in given.items() if days}


class ActionForm(OwnerChoice, PoolDaysForm):
    """An action, new or as it stands."""

    participation = forms.ChoiceField(label="Where", required=False, widget=forms.Select(attrs={"optional": "unsaid"}))
    characteristic = forms.ChoiceField(
        label="Which characteristic it is about",
        choices=[("", "Choose one of the eight"), *Characteristic.choices],
        widget=forms.Select(),
    )
    what = forms.CharField(
        label="What will be done",
        help_text=f"One thing that can be seen to be done. {MAY_BE_READ}",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    owner = forms.ChoiceField(label="Who sees to it", widget=forms.Select())
    begins_on = DayMonthYearField(label="When it begins")
    due_on = DayMonthYearField(label="When it is due")

    def __init__(self, *args: Any, organisation: Organisation, person: Person, **kwargs: Any) -> None:
        today = timezone.localdate()
        usual = {"owner": str(person.pk), "begins_on": today, "due_on": today + USUAL_LENGTH}
        days: Mapping[int, Decimal] = kwargs.pop("days", {})
        ours: Participation | None = kwargs.pop("already", None)
        super().__init__(*args, initial=usual | kwargs.pop("initial", {}), **kwargs)
        rows = organisation.participations.active().select_related("partnership").order_by("partnership__name")
        found = {str(one.pk): one for one in [*rows, *([ours] if ours else [])]}
        self.participations = found
        places: Any = self.fields["participation"]
        places.choices = [("", "The whole organisation")] + [
            (pk, one.partnership.display_name) for pk, one in found.items()
        ]
        self.ask_for_days(organisation, days)
        self.offer_people(organisation)

    @classmethod
    def of(cls, action: PlanAction, person: Person, data: QueryDict | None = None) -> ActionForm:
        """Filled from what stands."""
        initial = {
            "version": plan_version(action),
            "participation": str(action.participation_id or ""),
            "characteristic": action.characteristic,
            "what": action.what,
            "owner": str(action.owner_id),
            "begins_on": action.begins_on,
            "due_on": action.due_on,
        }
        return cls(
            data,
            organisation=action.organisation,
            person=person,
            initial=initial,
            days=days_of(action.adjustment),
            already=action.participation,
            prefix="change",
        )

    def planned(self) -> Planned:
        given = self.cleaned_data
        return Planned(
            characteristic=Characteristic(given["characteristic"]),
            what=given["what"],
            owner=self.people[given["owner"]],
            begins_on=given["begins_on"],
            due_on=given["due_on"],
            participation=self.participations[given["participation"]] if given["participation"] else None,
            days=self.days(),
        )


class HowFarForm(VersionedForm):
    """How far an action is; what came of it is asked where it has ended."""

    WORDS = {PlanState.UNDER_WAY: "It has begun", PlanState.DONE: "It is done", PlanState.STOPPED: "It stops"}

    state = forms.ChoiceField(
        label="How far it is",
        widget=forms.RadioSelect(attrs={"legend_size": "s"}),
        error_messages={"required": "Choose how far it is."},
    )
    came_of_it = LongTextField(
        label="What came of it, or why it stops",
        required=False,
        help_text=f"Needed where it is done or stops. {MAY_BE_READ}",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "optional": "unsaid"}),
    )

    @classmethod
    def of(cls, action: PlanAction, person: Person, data: QueryDict | None = None) -> HowFarForm:
        form = cls(data, prefix="far", initial={"version": plan_version(action), "came_of_it": action.came_of_it})
        states: Any = form.fields["state"]
        # What somebody chose in a tab that was opened before stays a choice; the action says why it is none any more.
        offered = action.may_become or frozenset(cls.WORDS)
        states.choices = [(state, words) for state, words in cls.WORDS.items() if data is not None or state in offered]
        return form

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        state, said = cleaned.get("state"), cleaned.get("came_of_it")
        if state in {PlanState.DONE, PlanState.STOPPED} and not said and "came_of_it" not in self.errors:
            self.add_error("came_of_it", "Say what came of it, or why it stops.")
        if state == PlanState.UNDER_WAY and said:
            self.add_error("came_of_it", "Leave this empty until it has ended, or choose that it is done or stops.")
        return cleaned


class PracticeForm(OwnerChoice, PoolDaysForm):
    """A practice to remove, new or as it stands."""

    what = forms.CharField(
        label="What we do that could stop",
        help_text=f"For example a meeting, a report or a step of approval. {MAY_BE_READ}",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    why_it_costs = LongTextField(
        label="Why it gets in the way",
        help_text=MAY_BE_READ,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    owner = forms.ChoiceField(label="Who sees to it that it stops", widget=forms.Select())
    stop_by = DayMonthYearField(label="When it stops at the latest")

    def __init__(self, *args: Any, organisation: Organisation, person: Person, **kwargs: Any) -> None:
        usual = {"owner": str(person.pk), "stop_by": timezone.localdate() + USUAL_LENGTH}
        days: Mapping[int, Decimal] = kwargs.pop("days", {})
        super().__init__(*args, initial=usual | kwargs.pop("initial", {}), **kwargs)
        self.ask_for_days(organisation, days)
        self.offer_people(organisation)

    @classmethod
    def of(cls, practice: Practice, person: Person, data: QueryDict | None = None) -> PracticeForm:
        initial = {
            "version": practice_version(practice),
            "what": practice.what,
            "why_it_costs": practice.why_it_costs,
            "owner": str(practice.owner_id),
            "stop_by": practice.stop_by,
        }
        days = days_of(practice.adjustment)
        return cls(data, organisation=practice.organisation, person=person, initial=initial, days=days, prefix="change")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _ask_for_some_days(self, "Enter the days that stopping it would free, in at least one pool.")
        return cleaned

    def proposed(self) -> Proposed:
        given = self.cleaned_data
        owner = self.people[given["owner"]]
        return Proposed(given["what"], given["why_it_costs"], owner, given["stop_by"], self.days())


class PracticeEndForm(VersionedForm):
    """Whether a practice stopped or is kept after all, and why where it is kept."""

    state = forms.ChoiceField(
        label="What became of it",
        widget=forms.RadioSelect(attrs={"legend_size": "s"}),
        choices=[(PracticeState.STOPPED, "It has stopped"), (PracticeState.KEPT, "We keep it after all")],
        error_messages={"required": "Choose what became of it."},
    )
    came_of_it = LongTextField(
        label="What came of it, or why it is kept",
        required=False,
        help_text=f"Needed where it is kept. {MAY_BE_READ}",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "optional": "unsaid"}),
    )

    @classmethod
    def of(cls, practice: Practice, person: Person, data: QueryDict | None = None) -> PracticeEndForm:
        initial = {"version": practice_version(practice)}
        return cls(data, prefix="end", initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("state") == PracticeState.KEPT and not cleaned.get("came_of_it"):
            self.add_error("came_of_it", "Say why it is kept after all.")
        return cleaned


class OptionForm(PoolDaysForm):
    """A new option for more capacity."""

    name = forms.CharField(
        label="What it is",
        help_text=f"For example “A partnership office” or “20 more clinical days”. {MAY_BE_READ}",
        max_length=200,
    )
    yearly_cost = forms.DecimalField(
        label="What it would cost a year",
        help_text="In pounds. Leave it empty where nobody knows.",
        required=False,
        min_value=Decimal("0.01"),
        max_digits=10,
        decimal_places=2,
        error_messages={"min_value": "Enter the cost as more than £0, or leave it empty where nobody knows it."},
        widget=forms.NumberInput(attrs={"width": 10, "prefix": "£", "optional": "unsaid"}),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_for_days(organisation, {})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _ask_for_some_days(self, "Enter the days that it would add, in at least one pool.")
        return cleaned

    def considered(self) -> Considered:
        return Considered(self.cleaned_data["name"], self.days(), self.cleaned_data["yearly_cost"])


def _ask_for_some_days(form: PoolDaysForm, words: str) -> None:
    """At the first pool, since an error needs a box to lead to."""
    names = [f"days-{pool.pk}" for pool in form.pools]
    if names and not form.days() and not any(name in form.errors for name in names):
        form.add_error(names[0], words)
