"""Which participations an organisation shows to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from partnerships.editing import sharing_version
from partnerships.forms.versioned import VersionedForm
from partnerships.models import Audience, Organisation, Participation, Sharing
from partnerships.sharing import board_of


@dataclass(frozen=True)
class Tick:
    """The two boxes of a cell of the table, level and decisions; ``sharing`` is what is in force, if anything."""

    name: str
    audience: Audience
    is_ticked: bool
    decisions_are_ticked: bool
    sharing: Sharing | None

    @property
    def decisions(self) -> str:
        """What the second box says."""
        return _decisions_for(self.audience)


@dataclass(frozen=True)
class SharingRow:
    participation: Participation
    ticks: tuple[Tick, ...]
    errors: Sequence[str]


class SharingForm(VersionedForm):
    """For each active participation the audiences that may see its level, and those that may see what is decided about
    it; nothing is ticked by itself.
    """

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
            initial[_box(one)] = [said for audience in self.audiences for said in self._said(one, audience)]
        super().__init__(*args, initial=initial, **kwargs)
        for one in self.participations:
            self.fields[_box(one)] = forms.MultipleChoiceField(
                label=one.partnership.display_name,
                choices=[
                    *((one.value, one.label) for one in self.audiences),
                    *map(_choice_of_decisions, self.audiences),
                ],
                required=False,
                error_messages={"invalid_choice": "Choose with whom to share from the boxes shown."},
            )
        self.speak_plainly()

    def _said(self, one: Participation, audience: Audience) -> list[str]:
        """What is ticked for an audience as it stands."""
        sharing = self.in_force.get((one.pk, audience))
        if sharing is None:
            return []
        return [audience.value, _decisions_for(audience)] if sharing.with_decisions else [audience.value]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for one in self.participations:
            ticked = cleaned.get(_box(one), [])
            for audience in self.audiences:
                if _decisions_for(audience) in ticked and audience.value not in ticked:
                    self.add_error(
                        _box(one),
                        f"{one.partnership.display_name}: tick the level as well, or take the tick at decisions away. "
                        "What you decide says at which level.",
                    )
                    break
        return cleaned

    def rows(self) -> Iterator[SharingRow]:
        for one in self.participations:
            ticked = self[_box(one)].value() or []
            ticks = (
                Tick(
                    _box(one),
                    audience,
                    audience in ticked,
                    _decisions_for(audience) in ticked,
                    self.in_force.get((one.pk, audience)),
                )
                for audience in self.audiences
            )
            yield SharingRow(one, tuple(ticks), [str(error) for error in self[_box(one)].errors])

    def wanted(self) -> dict[int, frozenset[Audience]]:
        """Audiences by participation. What is shared with a board that is no longer ours is withdrawn."""
        return {one.pk: self._ticked(one, lambda audience: audience.value) for one in self.participations}

    def decisions(self) -> dict[int, frozenset[Audience]]:
        """Of those the ones that see what is decided too."""
        return {one.pk: self._ticked(one, _decisions_for) for one in self.participations}

    def _ticked(self, one: Participation, box_of: Callable[[Audience], str]) -> frozenset[Audience]:
        given = self.cleaned_data[_box(one)]
        return frozenset(audience for audience in self.audiences if box_of(audience) in given)


def _decisions_for(audience: Audience) -> str:
    return f"{audience.value}-decisions"


def _choice_of_decisions(audience: Audience) -> tuple[str, str]:
    return _decisions_for(audience), f"{audience.label}, decisions too"


def _box(participation: Participation) -> str:
    return f"share-{participation.pk}"
