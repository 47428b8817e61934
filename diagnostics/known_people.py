"""People whom an organisation knows already, to be asked without being typed: by their organisation and role.

Of its own people it knows who has a role here; of those of other members, whom it asked before. Who has a role at
another organisation is that organisation's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from diagnostics.invitees import LONGEST_NAME, Invitee, as_lines
from diagnostics.models import Invitation, Subject
from partnerships.models import Organisation, Participation


@dataclass(frozen=True)
class KnownGroup:
    """Everybody known of one organisation and role; either may be empty."""

    works_for: str
    role: str
    people: tuple[Invitee, ...]

    @property
    def key(self) -> str:
        return f"{self.works_for}|{self.role}"

    @property
    def label(self) -> str:
        return ", ".join(filter(None, (self.works_for or "Organisation not known", self.role)))

    @property
    def names(self) -> str:
        return ", ".join(one.name or one.email for one in self.people)


def asked_last_time(participation: Participation) -> list[Invitee]:
    """Who was asked in the last survey of how well a partnership works that is closed."""
    last = participation.survey_rounds.about_partnerships().closed().order_by("-closed_at", "-pk").first()
    return [_invitee(one) for one in last.invitations.of_people().order_by("name", "email")] if last else []


def known_groups(organisation: Organisation, participation: Participation | None) -> list[KnownGroup]:
    """The organisation's own people by role, then whom it asked about this partnership before, as last written."""
    groups: dict[tuple[str, str], dict[str, Invitee]] = {}
    for one in (*_own_people(organisation), *(_asked_before(participation) if participation else ())):
        groups.setdefault((one.works_for, one.role), {}).setdefault(one.email, one)
    return [KnownGroup(works_for, role, tuple(people.values())) for (works_for, role), people in groups.items()]


def _own_people(organisation: Organisation) -> Iterator[Invitee]:
    grants = organisation.access_grants.current().filter(person__is_active=True).select_related("person")
    for grant in grants.order_by("role", "person__name", "person__email"):
        name = grant.person.name[:LONGEST_NAME]
        yield Invitee(name, grant.person.email, organisation.display_name[:LONGEST_NAME], grant.get_role_display())


def _asked_before(participation: Participation) -> list[Invitee]:
    about_it = Invitation.objects.filter(round__participation=participation, round__subject=Subject.PARTNERSHIP)
    asked = about_it.of_people()
    newest_first = asked.order_by("email", "-round_id")
    people = [_invitee(one) for one in newest_first.distinct("email")]
    return sorted(people, key=lambda one: (not one.works_for, one.works_for, one.role, one.name, one.email))


def _invitee(one: Invitation) -> Invitee:
    return Invitee(one.name, one.email, one.works_for, one.role)


def added_to(text: str, groups: Iterable[KnownGroup]) -> str:
    """A list of people as it was typed, with a line for everybody of these groups who is not in it yet."""
    there = set(text.casefold().replace(",", " ").replace(";", " ").replace("<", " ").replace(">", " ").split())
    new = {one.email: one for group in groups for one in group.people if one.email.casefold() not in there}
    return "\n".join(filter(None, (text.rstrip("\n"), as_lines(new.values()))))
