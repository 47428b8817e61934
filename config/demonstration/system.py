"""The system around the invented trust: what it shares, what its neighbour shares, and who reads that at the board."""

from __future__ import annotations

from collections.abc import Mapping

from config.demonstration.reading import System
from partnerships.actions.sharing import set_sharing
from partnerships.isolation import acting_for
from partnerships.models import Audience, Organisation, Participation, ParticipationState, Partnership, Person
from partnerships.naming import short_slug


def write_system(
    system: System, *, organisation: Organisation, lead: Person, neighbour: Organisation, neighbours_lead: Person
) -> None:
    ours = by_short_name(organisation)
    wanted = {
        ours[slug].pk: frozenset(
            audience
            for audience, slugs in (
                (Audience.SYSTEM, system.shared_with_board),
                (Audience.MEMBERS, system.shared_with_members),
            )
            if slug in slugs
        )
        for slug in {*system.shared_with_board, *system.shared_with_members}
    }
    with acting_for(organisation):
        set_sharing(organisation=organisation, by=lead, wanted=wanted)
    with acting_for(neighbour):
        levels = {ours[slug].partnership: level for slug, level in system.neighbours_levels.items()}
        _write_neighbour(neighbour, neighbours_lead, levels)


def by_short_name(organisation: Organisation) -> dict[str, Participation]:
    """The portfolio by the names that the data's files have; addresses have an end drawn by chance besides."""
    return {short_slug(one.partnership.name): one for one in organisation.participations.select_related("partnership")}


def _write_neighbour(neighbour: Organisation, lead: Person, levels: Mapping[Partnership, str]) -> None:
    """Its part in partnerships that we recorded, which no action adds to another's portfolio, all of it shared."""
    ladder = {level.code: level for level in neighbour.engagement_levels.all()}
    rows = [
        Participation.objects.create(
            organisation=neighbour,
            partnership=partnership,
            state=ParticipationState.ACTIVE,
            level=ladder[level],
            patient_benefit="People in Thornwick are cared for nearer to home.",
        )
        for partnership, level in levels.items()
    ]
    both = frozenset({Audience.SYSTEM, Audience.MEMBERS})
    set_sharing(organisation=neighbour, by=lead, wanted={row.pk: both for row in rows})
