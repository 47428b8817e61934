"""What a page offers somebody, they may do: no link and no form on any page leads anybody to a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.integration.safety.access_table import ACTORS, Row, rows
from tests.integration.safety.addresses import routes
from tests.integration.safety.world import HTMX, Page, World

pytestmark = pytest.mark.django_db

# The attributes with which a page or htmx asks for an address, and how.
ASKS = {"href": "get", "hx-get": "get", "hx-post": "post", "formaction": "post"}
# An empty form, of which the table tells, may be answered as if there were no such thing.
REFUSED = {"get": {"403", "404", "405"}, "post": {"403", "405"}}


class Offers(HTMLParser):
    """Every address that a page offers, with the method with which it is asked for."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.found.add((given.get("method", "get").lower(), given.get("action", "")))
        self.found |= {(method, given[name]) for name, method in ASKS.items() if name in given}


def offers(page: Page, address: str) -> Iterator[tuple[str, str]]:
    """Those of this site, each once, without what stands behind ``?`` and ``#``."""
    if page.status_code != 200 or not page.headers.get("Content-Type", "").startswith("text/html"):
        return
    there = {(method, urlsplit(urljoin(address, to))) for method, to in Offers(page.content.decode()).found}
    yield from sorted({(method, to.path) for method, to in there if not to.netloc and to.scheme in ("", "http")})


def refusals(world: World, who: str, table: dict[str, Row]) -> Iterator[str]:
    """What is offered to somebody that the table of who gets what refuses them."""
    for route in routes():
        address = route.at(world.own)
        for extra in ({}, {"headers": HTMX}):
            for method, to in offers(world.ask(who, "get", address, **extra), address):
                try:
                    leads_to = resolve(to).view_name
                except Resolver404:
                    continue  # a file of styles or scripts
                get, post = table[leads_to].as_(who)
                if REFUSED[method] & set((get if method == "get" else post).split("/")):
                    yield f"{route.name} offers {method} {leads_to}"


@pytest.mark.parametrize("who", ACTORS)
def test_nobody_is_offered_what_they_are_then_refused(world: World, who: str) -> None:
    assert sorted(set(refusals(world, who, {row.name: row for row in rows()}))) == []


def test_a_page_is_searched_for_everything_that_it_offers() -> None:
    page = Offers(
        '<a href="/a/"></a><form method="post" action="/b/"><button formaction="/c/"></button></form>'
        '<form><input></form><p hx-get="/d/"></p><p hx-post="/e/"></p>'
    )
    assert page.found == {
        ("get", "/a/"),
        ("post", "/b/"),
        ("post", "/c/"),
        ("get", ""),
        ("get", "/d/"),
        ("post", "/e/"),
    }
