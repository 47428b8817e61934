"""What can go wrong on the way through the organisation's provider, and the page that says what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from partnerships.sign_in.ways import the_provider


@dataclass(frozen=True)
class Words:
    """``{provider}`` in them becomes the provider's name."""

    status: int
    heading: str
    happened: str
    what_to_do: str
    try_again: bool = True


class Trouble(Enum):
    CANCELLED = Words(
        200,
        "You are not signed in",
        "You stopped before {provider} let you in, or it did not let you in.",
        "Start again when you are ready. If {provider} refuses you, ask your IT service desk.",
    )
    LOST = Words(
        400,
        "This sign-in cannot be finished",
        "It was started more than ten minutes ago, in another browser, or has been used already.",
        "Start again, and do not use the back button or a bookmark on the way.",
    )
    USED = Words(
        400,
        "This sign-in cannot be finished",
        "{provider} says that its answer has been used already, or is too old.",
        "Start again. If this happens again, tell whoever runs this service.",
    )
    UNTRUSTED = Words(
        400,
        "We could not trust the answer",
        "What came back was not what {provider} would send for this sign-in, so we let nobody in with it.",
        "Start again. If this happens again, tell whoever runs this service, and say at what time it was.",
    )
    REFUSED = Words(
        400,
        "{provider} could not sign you in",
        "It answered with an error of its own.",
        "Start again. If this happens again, ask your IT service desk.",
    )
    DOWN = Words(
        503,
        "{provider} does not answer",
        "People sign in through it, and it cannot be reached from here now. Nothing of your work is lost.",
        "Try again in a few minutes. If it lasts, tell whoever runs this service.",
    )
    NO_EMAIL = Words(
        403,
        "We do not know your email address",
        "{provider} did not tell us an email address, and that is how your organisation names you to us.",
        "Ask your IT service desk to put your work email address into your account at {provider}.",
        try_again=False,
    )
    UNVERIFIED = Words(
        403,
        "Your email address is not confirmed",
        "{provider} does not say that it has checked that your email address is yours.",
        "Ask your IT service desk to have your address confirmed at {provider}, then sign in again.",
        try_again=False,
    )
    ANOTHERS = Words(
        403,
        "Your email address belongs to another account",
        "Somebody with this address signs in here through another account at {provider}. Addresses that pass from one "
        "person to the next must not pass on what they may see.",
        "Ask whoever runs this service to let the address go.",
        try_again=False,
    )
    NO_ACCESS = Words(
        403,
        "You have no access yet",
        "{provider} knows you, but nobody has given you a role here.",
        "Ask an administrator of your organisation for access.",
        try_again=False,
    )
    NO_SIGN_OUT = Words(
        200,
        "{provider} was not told",
        "You are signed out of this service. {provider} does not answer, or cannot be signed out of from here.",
        "On a computer that others use too, close the browser.",
        try_again=False,
    )


def trouble_page(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    words = trouble.value
    name = the_provider().name
    page = {
        "heading": words.heading.format(provider=name),
        "happened": words.happened.format(provider=name),
        "what_to_do": words.what_to_do.format(provider=name),
        "try_again": words.try_again,
    }
    return render(request, "account/provider_trouble.html", page, status=words.status)
