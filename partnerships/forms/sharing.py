"""Which participations an organisation shows to whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from partnerships.editing import sharing_version
from partnerships.forms.versioned import VersionedForm
from partnerships.models import Audience, Organisation, Participation, Sharing
from partnerships.sharing import board_of


@dataclass(frozen=True)
class Tick:
    """One box of the table; ``sharing`` is what is in force, if anything."""

    name: str
    audience: Audience
    is_ticked: bool
    sharing: Sharing | None


@dataclass(frozen=True)
class SharingRow:
    participation: Participation
    ticks: tuple[Tick, ...]


class SharingForm(VersionedForm):
    """For each active participation the audiences that may see its level; nothing is ticked by itself."""

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        self.board = board_of(organisation)
        self.audiences = [one for one in Audience if one != Audience.SYSTEM or self.board]
        self.participations = list(
            organisation.participations.active().select_related("partnership", "level").order_by("partnership__name")
        )
        in_force = organisation.sharings.in_force().filter(participation__in=self.participations)
        self.left_board = organisation.sharings.with_another_board_than(self.board).select_related("system").first()
        self.in_force = {
            (one.participation_id, one.audience): one
            for one in in_force.select_related("shared_by")
            if one.audience != Audience.SYSTEM or one.system_id == (self.board and self.board.pk)
        }
        initial: dict[str, Any] = {"version": sharing_version(organisation)}
        for one in self.participations:
            initial[_box(one)] = [audience for audience in self.audiences if (one.pk, audience) in self.in_force]
        super().__init__(*args, initial=initial, **kwargs)
        for one in self.participations:
            self.fields[_box(one)] = forms.MultipleChoiceField(
                label=one.partnership.display_name,
                choices=[(audience.value, audience.label) for audience in self.audiences],
                required=False,
                error_messages={"invalid_choice": "Choose with whom to share from the boxes shown."},
            )
        self.speak_plainly()

    def rows(self) -> Iterator[SharingRow]:
        for one in self.participations:
            ticked = self[_box(one)].value() or []
            ticks = (
                Tick(_box(one), audience, audience in ticked, self.in_force.get((one.pk, audience)))
                for audience in self.audiences
            )
            yield SharingRow(one, tuple(ticks))

    def wanted(self) -> dict[int, frozenset[Audience]]:
        """Audiences by participation. What is shared with a board that is no longer ours is withdrawn."""
        return {one.pk: frozenset(map(Audience, self.cleaned_data[_box(one)])) for one in self.participations}


def _box(participation: Participation) -> str:
    return f"share-{participation.pk}"
