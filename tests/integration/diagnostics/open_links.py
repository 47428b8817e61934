"""An open link that works, and people who start with it."""

from __future__ import annotations

import re

from django.test import Client

from diagnostics.actions import PersonalLink, offer_open_link, start_with_open_link
from diagnostics.keys import keys_of
from diagnostics.links import Link
from diagnostics.models import Invitation, OpenLink, Round
from partnerships.models import Person


def offered(made: Round, by: Person, people: int = 40) -> str:
    """Offer the open link of an open survey; its secret."""
    offer_open_link(round=made, people=people, by=by)
    return secret_of(made)


def secret_of(made: Round) -> str:
    return keys_of(made).secret_of_open_link(OpenLink.objects.get(round=made).link_number)


def start(made: Round, secret: str, *, form: str = "", address: str = "192.0.2.1") -> PersonalLink:
    """Start with it, as somebody from this address does; the personal link that they have from there on."""
    own = start_with_open_link(link=Link.with_secret(secret), form=form, address=address)
    seat = Invitation.objects.get(link_hash=own.hash)
    return PersonalLink(seat, keys_of(made).secret_of(seat))


def several_start(made: Round, secret: str, number: int) -> list[PersonalLink]:
    """So many, each from an address of their own."""
    return [start(made, secret, address=f"192.0.2.{one}") for one in range(number)]


def first_page(client: Client, secret: str) -> str:
    """Exchange the open link; the address of the page on which they start."""
    page = client.get(f"/s/{secret}/")
    assert page.status_code == 302
    assert page["Location"].endswith("/open/")
    return str(page["Location"])


def press_start(client: Client, secret: str) -> str:
    """As a browser does; the address under which they answer."""
    at = first_page(client, secret)
    form = re.search(r'name="form" value="([^"]+)"', client.get(at).content.decode())
    assert form is not None
    page = client.post(at, {"deed": "start", "form": form[1]})
    assert page.status_code == 302
    return "/".join(page["Location"].split("/")[:3]) + "/"


def words(client: Client, address: str) -> str:
    """What a page says, with spaces as a browser shows them."""
    return " ".join(client.get(address).content.decode().split())
