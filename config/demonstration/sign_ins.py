"""Who can sign in to the demonstration: one of each kind, as one structure for a command or a page to print."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from config.demonstration.reading import read
from diagnostics.completion import sent_in_now
from diagnostics.keys import KeyMissingError, keys_of
from diagnostics.models import Invitation
from partnerships.isolation import acting_for
from partnerships.models import Organisation, Person

# Public, and for invented organisations only: nothing real is loaded with it.
PASSWORD = "fernshire-demonstration"  # noqa: S105  # nosec B105


@dataclass(frozen=True)
class SignIn:
    """Somebody to be: with an email address and a password, or with a personal link (its path)."""

    kind: str
    name: str
    email: str = ""
    password: str = ""
    path: str = ""


def sign_ins() -> list[SignIn]:
    """The sign-ins of a demonstration that is loaded. The respondent is the first who has not answered, if any."""
    demonstration = read()
    people = [*demonstration.people, demonstration.neighbour, *demonstration.system.people]
    # Loaded by an earlier version, it may lack some of today's people.
    here = set(Person.objects.values_list("email", flat=True))
    found = [
        SignIn(person.sign_in, person.name, person.email, PASSWORD)
        for person in people
        if person.sign_in and person.email in here
    ]
    with acting_for(Organisation.objects.get(code=demonstration.code)):
        respondent = _respondent(demonstration.code)
    return [*found, respondent] if respondent else found


def _respondent(code: str) -> SignIn | None:
    waiting = (
        Invitation.objects.of_people().waiting().filter(organisation__code=code, round__state="open").order_by("pk")
    )
    for invitation in waiting.select_related("round__participation__partnership"):
        try:
            secret = keys_of(invitation.round).secret_of(invitation)
        except KeyMissingError:  # until somebody makes new links, nobody can answer
            continue
        if sent_in_now(invitation.round, [invitation]):  # and is not marked yet
            continue
        return SignIn("Respondent", str(invitation), path=reverse("diagnostics:personal_link", args=[secret]))
    return None
