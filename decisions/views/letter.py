"""How do we say no kindly? The letter, edited in place beside what continues; held for some minutes, then sent."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from decisions.actions.letters import held_for, send_letter, write_letter
from decisions.forms import LetterForm
from decisions.letter_fields import sounds_like_scores
from decisions.letter_standing import LetterStanding
from decisions.models import Decision, Letter
from decisions.recipients import left_on
from decisions.saying_no import first_words, kind_no_of, last_decision, letter_of, says_no
from decisions.views.kind_no import nothing_to_say, page_of
from decisions.views.letters_on_the_way import DEEDS, carry_out
from partnerships.access import OrganisationRequest, check_can_decide, organisation_page
from partnerships.models import Participation
from partnerships.views.saving import posted, saved
from partnerships.views.sections import participation_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@organisation_page()
def letter_page(request: OrganisationRequest, slug: str) -> HttpResponse:
    participation = participation_or_404(request, slug)
    deed = request.POST.get("deed", "")
    if request.method == "POST":
        check_can_decide(request.user, request.organisation)
    if deed in DEEDS:
        carry_out(request, participation)
        return redirect("decisions:letter", request.organisation.code, slug)
    decision = last_decision(participation)
    if decision is None or not says_no(decision):
        return nothing_to_say(request, participation)
    form, problem = _form(request, decision)
    if deed == "begin_again":
        form.begin_again(*_first_words(request, decision, name=request.POST.get("recipient_name", ""))[0])
    elif _sent_in(request, decision, form):
        return redirect("decisions:letter", request.organisation.code, slug)
    part = "#letter-state" if request.htmx and not request.htmx.boosted and request.method != "POST" else ""
    page = _page(request, participation, decision, form) | {"template_problem": problem, "begins_again": deed}
    return render(request, f"decisions/letter.html{part}", page)


def _form(request: OrganisationRequest, decision: Decision) -> tuple[LetterForm, str]:
    """The form, and what is wrong with the organisation's template where it cannot be used."""
    if letter_of(kind_no_of(decision)) is not None:
        return LetterForm.of(decision, posted(request)), ""
    (subject, body), problem = _first_words(request, decision)
    return LetterForm.of(decision, posted(request), subject=subject, body=body), problem


def _first_words(request: OrganisationRequest, decision: Decision, name: str = "") -> tuple[tuple[str, str], str]:
    try:
        return first_words(decision, name=name.strip(), signatory=request.user), ""
    except ValidationError as problem:
        return ("", ""), " ".join(problem.messages)


def _sent_in(request: OrganisationRequest, decision: Decision, form: LetterForm) -> bool:
    """Whether what was typed is saved, and where that is asked for, on its way."""
    participation, by = decision.participation, request.user
    send = request.POST.get("deed") == "send"

    def save() -> Letter:
        words, version = form.words(), form.cleaned_data["version"]
        letter = write_letter(participation=participation, by=by, expected_version=version, words=words)
        form.begin_from(letter)
        if send:
            left = form.cleaned_data.get("although_left", False)
            letter = send_letter(participation=participation, by=by, words=words, although_left=left)
        return letter

    def stored() -> LetterForm:
        return LetterForm.of(last_decision(participation) or decision)

    minutes = f"{held_for().total_seconds() / 60:g} minutes"
    done = f"The letter leaves in {minutes}. Until then you can take it back." if send else "The letter is saved."
    return saved(request, form, save, stored, done=done)


def _page(
    request: OrganisationRequest, participation: Participation, decision: Decision, form: LetterForm
) -> dict[str, Any]:
    page = page_of(request, participation, decision)
    letter: Letter | None = page["letter"]
    said = f"{form['subject'].value() or ''}\n{form['body'].value() or ''}"
    return page | {
        "form": form,
        "standing": LetterStanding.of(letter),
        "can_write": letter is None or letter.can_be_written,
        "sounds": sounds_like_scores(said),
        "leaver": left_on(letter, page["today"]) if letter else "",
        "hold_minutes": held_for().total_seconds() / 60,
    }
