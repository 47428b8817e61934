"""What the registers already show for an organisation: the list that "Start from the register" lets it tick."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum

from partnerships.models import (
    Organisation,
    Partnership,
    PartnershipMembership,
    RegisterSource,
)


class Nearness(IntEnum):
    SAME_DISTRICT = 0
    SAME_AREA = 1
    SAME_BOARD = 2


@dataclass(slots=True)
class Choice:
    """One partnership with the reason why it is offered, and the register and day that reason comes from.

    ``through`` names the units and predecessors that are members, where the organisation itself is not.
    """

    partnership: Partnership
    register: str
    as_of: datetime.date | None
    through: list[Organisation] = field(default_factory=list)
    nearness: Nearness | None = None
    board: str = ""
    is_held: bool = False

    @property
    def place(self) -> str:
        """Where a network lies, seen from the organisation; blank for what it is a member of."""
        if self.nearness is None:
            return ""
        if self.nearness == Nearness.SAME_BOARD:
            return f"In the area of {self.board}" if self.board else "In your board’s area"
        area = "district" if self.nearness == Nearness.SAME_DISTRICT else "area"
        return f"In your postcode {area}"

    @property
    def key(self) -> str:
        return str(self.partnership.pk)


@dataclass(slots=True)
class RegisterChoices:
    """Boards and networks it is a member of, and primary care networks near it, nearest first."""

    memberships: list[Choice]
    near: list[Choice]
    boards: dict[str, str]

    def __bool__(self) -> bool:
        return bool(self.memberships or self.near)


def register_choices(organisation: Organisation, day: datetime.date) -> RegisterChoices:
    """What the registers show for ``organisation`` on ``day``; three queries, however much it is."""
    held = set(organisation.participations.values_list("partnership_id", flat=True))
    choices = _memberships(organisation, day)
    boards = {
        choice.partnership.register_code: choice.partnership.display_name
        for choice in choices.values()
        if choice.partnership.source == RegisterSource.ICB_PARTNERS
    }
    codes = set(boards) | {organisation.icb_code, organisation.code} - {""}
    networks = Partnership.objects.live_on(day).primary_care_networks_in(codes).select_related("kind")
    near = [_near(network, organisation, boards) for network in networks if network.pk not in choices]
    near.sort(key=lambda choice: (choice.nearness, choice.partnership.name))
    memberships = sorted(choices.values(), key=lambda one: (one.partnership.kind.position, one.partnership.name))
    for choice in (*memberships, *near):
        choice.is_held = choice.partnership.pk in held
    return RegisterChoices(memberships, near, boards)


def _memberships(organisation: Organisation, day: datetime.date) -> dict[int, Choice]:
    """The partnerships it is in itself, through its units, or through an organisation it took over from."""
    found = (
        PartnershipMembership.objects.of_organisation(organisation)
        .current_on(day)
        .filter(partnership__in=Partnership.objects.of_registers().live_on(day))
        .select_related("partnership__kind", "organisation__parent")
        .order_by("organisation__code")
    )
    choices: dict[int, Choice] = {}
    for membership in found:
        partnership = membership.partnership
        choice = choices.setdefault(
            partnership.pk, Choice(partnership, membership.get_source_display(), membership.as_of)
        )
        choice.through.append(membership.organisation)
    for choice in choices.values():
        if organisation in choice.through:
            choice.through.clear()
    return choices


def _near(network: Partnership, organisation: Organisation, boards: dict[str, str]) -> Choice:
    nearness = _nearness(network.postcode, organisation.postcode)
    board = boards.get(network.icb_code, "") if len(boards) > 1 else ""
    return Choice(network, network.get_source_display(), network.as_of, nearness=nearness, board=board)


def _nearness(one: str, other: str) -> Nearness:
    """How near two postcodes are: the part before the space names a district, its letters an area."""
    district, other_district = one.split(" ")[0], other.split(" ")[0]
    if not district or not other_district:
        return Nearness.SAME_BOARD
    if district == other_district:
        return Nearness.SAME_DISTRICT
    area, other_area = (re.match("[A-Z]*", code) for code in (district, other_district))
    same = area and other_area and area.group() == other_area.group()
    return Nearness.SAME_AREA if same else Nearness.SAME_BOARD


def matching(choices: Iterable[Choice], words: str, board: str) -> list[Choice]:
    """Those whose name or postcode holds every one of ``words``, in the area of ``board`` where one is given."""
    wanted = words.upper().split()
    return [
        choice
        for choice in choices
        if (not board or choice.partnership.icb_code == board)
        and all(word in f"{choice.partnership.name} {choice.partnership.postcode}".upper() for word in wanted)
    ]
