"""Partnerships that somebody may mean who is about to add one: of their own portfolio, and of the public registers.

What other organisations recorded for themselves is not looked at: that there is one of a name is their own business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from partnerships.alike import Index, Named
from partnerships.editing import version_of
from partnerships.models import Organisation, Participation, Partnership, PartnershipKind, RegisterSource

NO_KEY = 0


class Alike:
    """What is alike to a name; ``seen`` tells whether somebody has looked at just these."""

    def __init__(self, organisation: Organisation, name: str, kind: PartnershipKind) -> None:
        found = Index(_candidates(organisation)).most_alike(Named(NO_KEY, name, kind.pk))
        rows = Partnership.objects.select_related("kind").in_bulk([one.key for one in found])
        self.partnerships = [rows[one.key] for one in found]
        held = organisation.participations.filter(partnership__in=self.partnerships).select_related("partnership__kind")
        self._held: dict[int, Participation] = {one.partnership_id: one for one in held}

    @property
    def lines(self) -> list[tuple[Partnership, Participation | None]]:
        """Each with our part in it, None where it stands in a register only."""
        return [(one, self._held.get(one.pk)) for one in self.partnerships]

    @property
    def fingerprint(self) -> str:
        return version_of(sorted(one.pk for one in self.partnerships))

    def of_register(self, key: int) -> Partnership | None:
        """One of these that can be added from a register, by its key."""
        return next((one for one, held in self.lines if held is None and one.pk == key), None)


@dataclass(frozen=True)
class Counterpart:
    """One partnership that somebody may mean, with our part in it; None where it stands in a register only."""

    partnership: Partnership
    held: Participation | None


def all_alike(organisation: Organisation, wanted: Mapping[int, tuple[str, int]]) -> dict[int, list[Counterpart]]:
    """What is alike to each of many names, each given with its kind under a number of the caller's: those only that
    something is alike to. Three queries, however many there are.
    """
    if not wanted:
        return {}
    index = Index(_candidates(organisation))
    found = {number: index.most_alike(Named(NO_KEY, *name_and_kind)) for number, name_and_kind in wanted.items()}
    keys = {one.key for some in found.values() for one in some}
    rows = Partnership.objects.select_related("kind").in_bulk(keys)
    held = {one.partnership_id: one for one in organisation.participations.filter(partnership__in=keys)}
    return {
        number: [Counterpart(rows[one.key], held.get(one.key)) for one in some]
        for number, some in found.items()
        if some
    }


def _candidates(organisation: Organisation) -> Iterable[Named]:
    ours = organisation.participations.values("partnership_id")
    in_registers = ~Q(source=RegisterSource.PERSON) & Q(pk__in=Partnership.objects.live_on(timezone.localdate()))
    rows = Partnership.objects.filter(in_registers | Q(pk__in=ours)).values_list("pk", "name", "kind_id")
    return (Named(*row) for row in rows)
