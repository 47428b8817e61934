"""A rule between partnerships; each kind of rule asks its own few questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from partnerships.actions.rules import RuleFacts
from partnerships.editing import rule_version
from partnerships.forms.versioned import VersionedForm
from partnerships.models import (
    Organisation,
    Participation,
    ParticipationState,
    PartnershipKind,
    PortfolioRule,
    RuleKind,
)
from partnerships.models.rules import MOST_POINTS
from partnerships.numbers import plain_number

QUESTIONS: dict[RuleKind, tuple[str, ...]] = {
    RuleKind.AT_LEAST: ("at_least", "level", "partnership_kind", "members", "source"),
    RuleKind.NEEDS: ("first", "level", "second", "other_level", "source"),
    RuleKind.NOT_BOTH: ("first", "second", "level", "source"),
    RuleKind.SYNERGY: ("first", "second", "level", "points", "source"),
}
LABELS = {
    (RuleKind.NEEDS, "first"): "This partnership",
    (RuleKind.NEEDS, "level"): "At this level or above",
    (RuleKind.NEEDS, "second"): "Needs this partnership",
    (RuleKind.NEEDS, "other_level"): "To be at this level or above",
    (RuleKind.NOT_BOTH, "level"): "Are not both at this level or above",
    (RuleKind.SYNERGY, "level"): "When both are at this level or above",
}


class RuleForm(VersionedForm):
    """The questions of one kind of rule, blank or filled from ``rule``."""

    def __init__(
        self, *args: Any, organisation: Organisation, kind: RuleKind, rule: PortfolioRule | None = None, **kwargs: Any
    ) -> None:
        self.organisation, self.kind, self.rule = organisation, kind, rule
        super().__init__(*args, initial=_initial(rule) if rule else {"at_least": 1}, **kwargs)
        for name in QUESTIONS[kind]:
            self.fields[name] = getattr(self, f"_make_{name}")()
            self.fields[name].label = LABELS.get((kind, name), self.fields[name].label)
        self.speak_plainly()

    def questions(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in QUESTIONS[self.kind])

    def facts(self) -> RuleFacts:
        given: dict[str, Any] = {name: self.cleaned_data.get(name) for name in QUESTIONS[self.kind]}
        members = given.get("members") or [one for one in (given.get("first"), given.get("second")) if one]
        return RuleFacts(
            kind=self.kind,
            level=given["level"],
            source=given["source"],
            members=tuple(members),
            at_least=given.get("at_least"),
            partnership_kind=given.get("partnership_kind") or None,
            other_level=given.get("other_level"),
            points=given.get("points"),
        )

    def _make_at_least(self) -> forms.Field:
        return forms.IntegerField(
            label="How many to keep",
            help_text="For example 1: at least one of them stays at the level you choose, whatever else is decided.",
            min_value=1,
            max_value=999,
            widget=forms.NumberInput(attrs={"width": 3, "inputmode": "numeric"}),
        )

    def _make_level(self) -> forms.Field:
        return self._levels("At this level or above")

    def _make_other_level(self) -> forms.Field:
        return self._levels("To be at this level or above")

    def _levels(self, label: str) -> forms.Field:
        levels = self.organisation.engagement_levels.filter(position__gt=0).order_by("position")
        choices = [("", "Choose a level"), *levels.values_list("pk", "name")]
        asks = dict.fromkeys(("required", "invalid_choice"), "Choose a level.")
        return forms.TypedChoiceField(label=label, choices=choices, coerce=int, error_messages=asks)

    def _make_partnership_kind(self) -> forms.Field:
        held = self.organisation.participations.live().values("partnership__kind")
        kinds = PartnershipKind.objects.filter(pk__in=held)
        if self.rule and self.rule.partnership_kind_id:
            kinds |= PartnershipKind.objects.filter(pk=self.rule.partnership_kind_id)
        return forms.TypedChoiceField(
            label="Of which partnerships",
            help_text="All of a kind counts also those that you join later.",
            choices=[("", "The ones I tick below"), *((one.pk, f"All of the kind {one}") for one in kinds)],
            coerce=int,
            empty_value=None,
            required=False,
            error_messages={"invalid_choice": "Choose a kind of partnership from the list."},
            widget=forms.Select(attrs={"optional": "unsaid"}),
        )

    def _make_members(self) -> forms.Field:
        return forms.TypedMultipleChoiceField(
            label="Or only these",
            choices=self._partnerships(),
            coerce=int,
            required=False,
            error_messages={"invalid_choice": "Choose partnerships from the list."},
            widget=forms.CheckboxSelectMultiple(attrs={"optional": "unsaid", "small": True}),
        )

    def _make_first(self) -> forms.Field:
        return self._one_partnership("One partnership", "Choose a partnership.")

    def _make_second(self) -> forms.Field:
        return self._one_partnership("The other partnership", "Choose the other partnership.")

    def _one_partnership(self, label: str, asks: str) -> forms.Field:
        choices = [("", "Choose a partnership"), *self._partnerships()]
        says = dict.fromkeys(("required", "invalid_choice"), asks)
        return forms.TypedChoiceField(label=label, choices=choices, coerce=int, error_messages=says)

    def _partnerships(self) -> list[tuple[int, str]]:
        """What we are in or think of, and whatever the rule names already."""
        ours = self.organisation.participations.select_related("partnership").order_by("partnership__name")
        named = set(self.rule.members.values_list("participation_id", flat=True)) if self.rule else set()
        return [(one.pk, _label(one)) for one in ours if one.state != ParticipationState.ENDED or one.pk in named]

    def _make_points(self) -> forms.Field:
        return forms.DecimalField(
            label="Points that they add together",
            help_text="Beyond what each adds by itself, on the value scale of 0 to 100.",
            min_value=0,
            max_value=MOST_POINTS,
            decimal_places=2,
            widget=forms.NumberInput(attrs={"width": 4, "suffix": "points"}),
        )

    def _make_source(self) -> forms.Field:
        return forms.CharField(
            label="Where that is written, or why it holds",
            help_text="The law, guidance, contract or decision, or the reason in a sentence.",
            max_length=250,
            error_messages={"required": "Enter where the rule is written, or why it holds."},
        )


def _label(one: Participation) -> str:
    state = "" if one.state == ParticipationState.ACTIVE else f" ({one.get_state_display().lower()})"
    return f"{one.partnership.display_name}{state}"


def _initial(rule: PortfolioRule) -> dict[str, Any]:
    members = list(rule.members.order_by("position").values_list("participation_id", flat=True))
    first, second = [*members, None, None][:2]
    return {
        "at_least": rule.at_least,
        "level": rule.level_id,
        "other_level": rule.other_level_id,
        "partnership_kind": rule.partnership_kind_id,
        "members": members,
        "first": first,
        "second": second,
        "points": plain_number(rule.points),
        "source": rule.source,
        "version": rule_version(rule),
    }
