"""Letters that are on their way or held, whichever decision they belong to, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError

from decisions.actions.letters import begin_correction, drop_draft, send_all_the_same, settle_doubt, take_back
from decisions.models import Letter
from partnerships.access import OrganisationRequest
from partnerships.models import Participation, Person
from partnerships.numbers import row_number


def of_others(participation: Participation, letter: Letter | None) -> list[Letter]:
    """Other letters than the one that is written now, those of earlier decisions, that somebody has to know about."""
    rows = participation.letters.on_the_way().select_related("kind_no__decision", "asked_by", "recipient")
    others = rows.exclude(pk=letter.pk) if letter else rows
    return list(others.order_by("pk"))


def _take_back(letter: Letter, by: Person) -> None:
    take_back(letter=letter, by=by)


def _send(letter: Letter, by: Person) -> None:
    send_all_the_same(letter=letter, by=by)


def _arrived(letter: Letter, by: Person) -> None:
    settle_doubt(letter=letter, by=by, arrived=True)


def _lost(letter: Letter, by: Person) -> None:
    settle_doubt(letter=letter, by=by, arrived=False)


def _correct(letter: Letter, by: Person) -> None:
    begin_correction(participation=letter.participation, by=by, letter=letter)


def _drop(letter: Letter, by: Person) -> None:
    drop_draft(letter=letter, by=by)


DEEDS: dict[str, tuple[Callable[[Letter, Person], None], str]] = {
    "take_back": (_take_back, "Taken back. The letter is a draft again, and nothing was sent."),
    "send_all_the_same": (_send, "The letter waits to leave again. Until then you can take it back."),
    "arrived": (_arrived, "Noted: the partner has the letter."),
    "correct": (_correct, "A further letter is begun, which names the one that was sent. Nothing is sent yet."),
    "drop": (_drop, "The draft is taken away. What was sent stays as it was."),
    "lost": (_lost, "Noted: the letter did not arrive. It is a draft again."),
}


def carry_out(request: OrganisationRequest, participation: Participation) -> None:
    """Do what one of the buttons of a letter on its way asks, and say what came of it."""
    deed, done = DEEDS[request.POST["deed"]]
    letter = participation.letters.filter(pk=row_number(request.POST.get("letter", ""))).first()
    if letter is None:
        messages.error(request, "That letter is not here. Load the page again.")
        return
    try:
        deed(letter, request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, done)
