"""Which partnerships the portfolio's table shows."""

from __future__ import annotations

from typing import Any

from django import forms

from design.messages import PlainMessages
from partnerships.models import Organisation, ParticipationState, PartnershipKind, Stage
from partnerships.models.participations import ParticipationQuerySet


class PortfolioFilter(PlainMessages, forms.Form):
    """Offers only what the organisation's own portfolio holds; ended partnerships show where they are asked for."""

    kind = forms.ChoiceField(required=False)
    sponsor = forms.ChoiceField(required=False)
    stage = forms.ChoiceField(required=False)
    state = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = PartnershipKind.objects.filter(partnerships__participations__organisation=organisation).distinct()
        sponsors = organisation.participations.exclude(sponsor="").order_by("sponsor").values_list("sponsor", flat=True)
        offered = {
            "kind": [("", "Every kind"), *((kind.code, kind.name) for kind in kinds)],
            "sponsor": [("", "Every sponsor"), *((name, name) for name in sponsors.distinct())],
            "stage": [("", "Every stage"), *Stage.choices],
            "state": [("", "Active and draft"), *ParticipationState.choices],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            self.fields[name].widget.attrs["optional"] = "unsaid"

    @property
    def is_used(self) -> bool:
        return any(self.chosen().values())

    def chosen(self) -> dict[str, str]:
        """The filters that hold; one that names nothing of ours is shown as an error and filters nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}

    def apply_to(self, participations: ParticipationQuerySet) -> ParticipationQuerySet:
        chosen = self.chosen()
        found = participations if chosen["state"] else participations.live()
        return found.chosen_by(**chosen)
