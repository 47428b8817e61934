"""Every form of every page, and what somebody would type into it so that it is taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import resolve

from tests.integration.safety.addresses import routes
from tests.integration.safety.contents import Form, forms_of
from tests.integration.safety.world import World

WHO_FILLS_IN = ("strategy_lead", "administrator", "respondent", "nobody")
# What people have to type before a form that adds something takes it.
TYPED = {
    "name": "A new one",
    "purpose": "To work together",
    "patient_benefit": "They wait less",
    "people": "kim@example.org, Kim",
    "shared_with": "A neighbour",
    "percent": "40",
    "email": "kim@example.org",
    "text": "We lend one another a hand.",
    "note": "People asked what it meant",
    "what": "Who pays for what",
    "title": "The minutes",
    "figures": "1/4/2020, 12",
    "address": "https://example.org/minutes",
    "partner": "A neighbour",
    "on_day-day": "1",
    "on_day-month": "4",
    "on_day-year": "2020",
    "raised_on-day": "1",
    "raised_on-month": "4",
    "raised_on-year": "2020",
    "row-new-name": "A new one",
    "row-new-top_of_range": "All that it could be",
}
CHOSEN = {
    "participation",
    "pool",
    "roles",
    "members",
    "level",
    "partnership_kind",
    "about",
    "same",
    "kind",
    "side",
    "better",
}
# Boxes for words of a certain kind, which others are no answer to.
OF_A_KIND = {"people", "email"}


def filled_in(form: Form) -> Iterator[dict[str, list[str]]]:
    """As a browser sends it once somebody has typed and chosen what it needs, by each of its buttons."""
    typed = {box: [TYPED[box]] for box in form.offered.keys() & TYPED.keys() - CHOSEN}
    chosen = {box: form.offered[box][-1:] for box in form.offered.keys() & CHOSEN - form.sent.keys()}
    for button in form.buttons:
        yield form.sent | typed | chosen | button


@dataclass(frozen=True)
class Found:
    """A form that posts: who has it on which page, where it is sent, and all names that the page's forms for that
    address offer.
    """

    who: str
    page: str
    to: str
    form: Form
    offered: frozenset[str]

    @property
    def kind(self) -> tuple[str, ...]:
        """Forms of one address whose fields differ by numbers alone are the same form, of another row or page."""
        fields = {re.sub(r"\d+", "#", name) for name in self.form.offered}
        buttons = {str(one) for one in self.form.buttons}
        return (resolve(urlsplit(self.to).path).route, *sorted(fields), *sorted(buttons))

    @property
    def words(self) -> set[str]:
        """The boxes into which any words can be typed."""
        return self.form.for_words - OF_A_KIND


def every_form(world: World) -> list[Found]:
    """Each once, however many pages, rows and people have it."""
    found: dict[tuple[str, ...], Found] = {}
    for route in routes():
        address = route.at(world.own)
        for who in WHO_FILLS_IN:
            forms = [one for one in forms_of(world.ask(who, "get", address)) if one.method == "post"]
            for form in forms:
                to = form.action or address
                offered = {name for one in forms if (one.action or address) == to for name in one.offered}
                one = Found(who, route.name, to, form, frozenset(offered))
                found.setdefault(one.kind, one)
    return list(found.values())
