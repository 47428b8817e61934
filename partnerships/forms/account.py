"""Adding a partnership, and saying what it is to us."""

from __future__ import annotations

from typing import Any

from django import forms

from design.fields import DayMonthYearField, LongTextField
from design.messages import PlainMessages
from partnerships.actions.participations import check_name_is_new
from partnerships.editing import account_version
from partnerships.forms.versioned import VersionedForm
from partnerships.models import (
    EngagementLevel,
    GovernanceForm,
    Organisation,
    Participation,
    ParticipationState,
    PartnershipKind,
    Stage,
)

NO_PATIENTS = "Do not enter details of any patient."
LONGEST_TEXT = 4000


def long_text(label: str, hint: str, rows: int = 3) -> LongTextField:
    return LongTextField(
        label=label,
        help_text=hint,
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def purpose_field() -> LongTextField:
    return long_text("What it is for", f"In a sentence or two, in your own words. {NO_PATIENTS}")


def patient_benefit_field() -> LongTextField:
    return long_text(
        "How patients benefit",
        f"What is better for patients because of it? Needed before it can be active. {NO_PATIENTS}",
    )


def level_field(organisation: Organisation, label: str, hint: str) -> forms.ModelChoiceField[EngagementLevel]:
    return forms.ModelChoiceField(
        organisation.engagement_levels.order_by("-position"),
        label=label,
        help_text=hint,
        required=False,
        empty_label="Not chosen yet",
    )


def kind_field() -> forms.ModelChoiceField[PartnershipKind]:
    return forms.ModelChoiceField(
        PartnershipKind.objects.all(), label="Kind of partnership", empty_label="Choose a kind"
    )


class AddPartnershipForm(PlainMessages, forms.Form):
    """The least that makes a row worth having; everything else can follow."""

    name = forms.CharField(
        label="Name", max_length=200, help_text="As people call it, for example Mendip Diabetes Network."
    )
    kind = kind_field()
    purpose = purpose_field()
    patient_benefit = patient_benefit_field()

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.fields["level"] = level_field(
            organisation, "How much you give it today", "Today’s level of engagement. Needed before it can be active."
        )
        self.speak_plainly()

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        check_name_is_new(self.organisation, name)
        return name


class AccountForm(VersionedForm):
    """Everything an organisation says of a partnership, and the shared facts of one that it recorded itself."""

    SHARED = {"name": "name", "kind": "kind", "began_on": "started_on", "finished_on": "ended_on"}

    name = forms.CharField(label="Name", max_length=200)
    kind = kind_field()
    began_on = DayMonthYearField(label="The partnership began", required=False)
    finished_on = DayMonthYearField(label="The partnership ended", required=False)
    purpose = purpose_field()
    patient_benefit = patient_benefit_field()
    end_goal = long_text("What success looks like", "The end goal: how will you know that it has done its work?")
    what_it_is_not = long_text("What it is not", "What people may expect of it that it will not do.")
    stage = forms.ChoiceField(label="Stage", required=False, help_text="Groups form, argue, settle, then perform.")
    governance_form = forms.ChoiceField(label="How it is governed", required=False)
    sponsor = forms.CharField(
        label="Executive sponsor", max_length=120, required=False, help_text="Who answers for it on your board."
    )
    lead = forms.CharField(
        label="Lead in your organisation", max_length=120, required=False, help_text="Who does the work of it."
    )
    started_on = DayMonthYearField(label="You joined", required=False)
    ended_on = DayMonthYearField(label="You left", required=False)

    def __init__(self, *args: Any, participation: Participation, edits_shared: bool, **kwargs: Any) -> None:
        super().__init__(*args, initial=_initial(participation), **kwargs)
        self.participation = participation
        self.fields["level"] = level_field(
            participation.organisation, "How much you give it today", "Today’s level of engagement."
        )
        self.fields["stage"].choices = [("", "Not chosen yet"), *Stage.choices]  # type: ignore[attr-defined]
        self.fields["governance_form"].choices = [  # type: ignore[attr-defined]
            ("", "Not chosen yet"),
            *GovernanceForm.choices,
        ]
        if not edits_shared:
            for shared in self.SHARED:
                del self.fields[shared]
        if participation.state == ParticipationState.ACTIVE:
            self._require("patient_benefit", "Say how patients benefit. A partnership cannot be active without it.")
            self._require("level", "Choose how much you give it today. A partnership cannot be active without it.")
        if participation.state != ParticipationState.ENDED:
            del self.fields["ended_on"]
        self.speak_plainly()

    def _require(self, name: str, message: str) -> None:
        self.fields[name].required = True
        self.fields[name].error_messages["required"] = message

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        check_name_is_new(self.participation.organisation, name, besides=self.participation)
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for first, last in (("started_on", "ended_on"), ("began_on", "finished_on")):
            if cleaned.get(first) and cleaned.get(last) and cleaned[last] < cleaned[first]:
                self.add_error(last, "The end date is before the start date. Check both dates.")
        return cleaned

    def account(self) -> dict[str, Any]:
        """What the organisation says, as the action takes it."""
        without = {*self.SHARED, "version", "level"}
        account = {name: value for name, value in self.cleaned_data.items() if name not in without}
        level = self.cleaned_data["level"]
        return account | {"level_id": level.pk if level else None}

    def shared(self) -> dict[str, Any]:
        """Facts of the partnership itself, as the action takes them; empty where they are not ours."""
        shared = {self.SHARED[name]: self.cleaned_data[name] for name in self.SHARED if name in self.fields}
        kind = shared.pop("kind", None)
        return shared | ({"kind_id": kind.pk} if kind else {})


def _initial(participation: Participation) -> dict[str, Any]:
    partnership = participation.partnership
    facts = {name: getattr(participation, name) for name in AccountForm.base_fields if hasattr(participation, name)}
    return facts | {
        "name": partnership.name,
        "kind": partnership.kind_id,
        "began_on": partnership.started_on,
        "finished_on": partnership.ended_on,
        "level": participation.level_id,
        "version": account_version(participation),
    }
