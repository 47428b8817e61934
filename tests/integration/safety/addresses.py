"""Every address there is, as the resolver has them, and the values that stand in them in one of the houses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.integration.safety.world import House

# What stands in a place of an address: the name of the place, or of the route and the place where several routes give
# different things the same name; the value is a name in ``House.parameters``, or after "=" a text of its own.
VALUES = {
    "slug": "slug",
    "run": "run",
    "what_if": "what_if",
    "night": "night",
    "member": "member",
    "invitation": "invitation",
    "secret": "secret",
    "handle": "handle",
    "diagnostics:begin handle": "handed_handle",
    "diagnostics:open_start handle": "open_handle",
    "diagnostics:works_for handle": "seat_handle",
    "pk": "round",
    "uidb36": "=1",
    "key": "=set-password",
    "diagnostics:questions page": "=purpose",
    "diagnostics:reply pk": "partner_round",
    "diagnostics:reply_line pk": "partner_round",
    "diagnostics:reply_line characteristic": "=governance",
    "diagnostics:reply_page token": "reply_token",
    "diagnostics:change_question item": "=PUR1",
    "version": "questions",
    "subject": "=partnership",
    "diagnostics:change_people pk": "draft_round",
    "diagnostics:opening_day pk": "draft_round",
    "diagnostics:results_file pk": "closed_round",
    "partnerships:import_preview number": "preview",
    "partnerships:import_problems number": "preview",
    "partnerships:sent_invitation number": "access_invitation",
    "partnerships:invitation_link secret": "invitation_secret",
    "decisions:past_meeting number": "past_meeting",
    "decisions:plan_action number": "plan_action",
    "decisions:practice number": "practice",
    "decisions:remove_option number": "option",
    "decisions:promise number": "promise",
    "decisions:due_days_file whose": "=all",
    "partnerships:change_rule number": "rule",
    "partnerships:add_note kind": "=success",
    "partnerships:change_note number": "note",
    "partnerships:change_difference number": "difference",
    "partnerships:change_give_and_take number": "given",
    "partnerships:change_link number": "link",
    "partnerships:measure number": "measure",
    "partnerships:change_measure number": "measure",
    "partnerships:add_figures number": "measure",
    "partnerships:change_figure number": "figure",
    "partnerships:timeline_of_kind only": "=notes",
    "partnerships:change_person number": "person",
    "partnerships:remove_person number": "person",
    "partnerships:add_rule kind": "=at-least",
    "partnerships:portfolio_template kind": "=xlsx",
    "partnerships:portfolio_export kind": "=xlsx",
    "partnerships:audit_file kind": "=xlsx",
    "decisions:letter_template kind": "=step-down",
}


@dataclass(frozen=True)
class Route:
    """One address: its name, its pattern as the project spells it, and the names of its places."""

    name: str
    pattern: str
    places: tuple[str, ...]

    def of_organisation(self) -> bool:
        return "code" in self.places

    def values(self, house: House) -> dict[str, Any]:
        """What stands in each place for this house."""
        return {place: house.code if place == "code" else self._value(place, house) for place in self.places}

    def _value(self, place: str, house: House) -> Any:
        source = VALUES.get(f"{self.name} {place}") or VALUES[place]
        return source[1:] if source.startswith("=") else house.parameters[source]

    def at(self, house: House, **instead: Any) -> str:
        return reverse(self.name, kwargs=self.values(house) | instead)


def routes() -> list[Route]:
    """Every address of the resolver, in its order."""
    return list(_walk(get_resolver("config.urls"), "", "", ()))


def _walk(resolver: URLResolver, before: str, space: str, places: tuple[str, ...]) -> Iterator[Route]:
    for one in resolver.url_patterns:
        pattern = before + str(one.pattern)
        names = (*places, *(one.pattern.converters or one.pattern.regex.groupindex))
        if isinstance(one, URLPattern):
            yield Route(f"{space}{one.name}", pattern, names)
        else:
            yield from _walk(one, pattern, f"{one.namespace}:" if one.namespace else space, names)
