"""What somebody is at each organisation of theirs: the roles they have now, and those that have ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from partnerships.models import AccessGrant, Organisation, Person
from partnerships.roles import READ, Capability


@dataclass
class Standing:
    """One person at one organisation. Without ``roles`` they belonged to it once, and ``ended`` says until when."""

    organisation: Organisation
    roles: set[str] = field(default_factory=set)
    ended: list[AccessGrant] = field(default_factory=list)

    @property
    def home(self) -> str:
        """The address where they start: the dashboard, or what was shared with the system."""
        return f"/o/{self.organisation.code}/" if READ.open_to(self.roles) else f"/system/{self.organisation.code}/"

    @property
    def last_ended(self) -> AccessGrant | None:
        return max(self.ended, key=lambda grant: (grant.expires_at or grant.granted_at, grant.pk), default=None)

    def ended_with(self, capability: Capability) -> AccessGrant | None:
        """The role with which they could do something until it ended, the latest where there were several."""
        having = [grant for grant in self.ended if capability.open_to([grant.role])]
        return Standing(self.organisation, ended=having).last_ended


def standings_of(person: Person) -> dict[str, Standing]:
    """Every organisation at which somebody has or had a role, by its code and in the order of names. One query."""
    found: dict[str, Standing] = {}
    for grant in person.access_grants.select_related("organisation").order_by("organisation__name", "pk"):
        standing = found.setdefault(grant.organisation.code, Standing(grant.organisation))
        if grant.is_current:
            standing.roles.add(grant.role)
        else:
            standing.ended.append(grant)
    return found


def in_force(standings: Mapping[str, Standing]) -> list[Standing]:
    return [one for one in standings.values() if one.roles]
