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
from decisions.letter_facts import changed_since, opened
from decisions.letter_fields import sounds_like_scores
from decisions.letter_standing import LetterStanding
from decisions.models import Letter
from decisions.notice import is_short_notice
from decisions.recipients import left_on
from decisions.saying_no import ToBeSaid, first_words, to_be_said
from decisions.views.kind_no import nothing_to_say, page_of
from decisions.views.letters_on_the_way import DEEDS, carry_out, of_others
from partnerships.access import OrganisationRequest, check_can_decide, organisation_page
from partnerships.views.saving import posted, saved
from partnerships.views.sections import participation_or_404

# What somebody ticks who sends it all the same.
MAY_BE_MEANT = ("although_left", "without_reason", "without_continues", "as_it_is")


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
    said = to_be_said(participation)
    if said is None:
        return nothing_to_say(request, participation)
    form, problem = _form(request, said)
    if deed == "begin_again":
        form.begin_again(*_first_words(request, said, name=request.POST.get("recipient_name", ""))[0])
    elif _sent_in(request, said, form):
        return redirect("decisions:letter", request.organisation.code, slug)
    part = "#letter-state" if request.htmx and not request.htmx.boosted and request.method != "POST" else ""
    page = _page(request, said, form) | {"template_problem": problem, "begins_again": deed}
    return render(request, f"decisions/letter.html{part}", page)


def _form(request: OrganisationRequest, said: ToBeSaid) -> tuple[LetterForm, str]:
    """The form, and what is wrong with the organisation's template where it cannot be used."""
    if said.letter is not None:
        return LetterForm.of(said, posted(request)), ""
    (subject, body), problem = _first_words(request, said)
    return LetterForm.of(said, posted(request), subject=subject, body=body), problem


def _first_words(request: OrganisationRequest, said: ToBeSaid, name: str = "") -> tuple[tuple[str, str], str]:
    try:
        return first_words(said, name=name.strip(), signatory=request.user), ""
    except ValidationError as problem:
        return ("", ""), " ".join(problem.messages)


def _sent_in(request: OrganisationRequest, said: ToBeSaid, form: LetterForm) -> bool:
    """Whether what was typed is saved, and where that is asked for, on its way."""
    participation, by = said.decision.participation, request.user
    send = request.POST.get("deed") == "send"

    def save() -> Letter:
        words, version = form.words(), form.cleaned_data["version"]
        filled_from = opened(form.cleaned_data["filled_from"])
        known: dict[str, Any] = {"participation": participation, "by": by, "words": words}
        letter = write_letter(expected_version=version, filled_from=filled_from, **known)
        form.begin_from(letter)
        if send:
            letter = send_letter(**known, **{one: form.cleaned_data.get(one, False) for one in MAY_BE_MEANT})
        return letter

    def stored() -> LetterForm:
        return LetterForm.of(to_be_said(participation) or said)

    minutes = f"{held_for().total_seconds() / 60:g} minutes"
    done = f"The letter leaves in {minutes}. Until then you can take it back." if send else "The letter is saved."
    return saved(request, form, save, stored, done=done)


def _page(request: OrganisationRequest, said: ToBeSaid, form: LetterForm) -> dict[str, Any]:
    letter = said.letter
    written = f"{form['subject'].value() or ''}\n{form['body'].value() or ''}"
    page = page_of(request, said.decision.participation, said.decision)
    if not said.says_no:
        page |= {"letter": letter, "letters_before": said.earlier, "says_no": False, "told_on": said.told_on}
        page["others"] = of_others(said.decision.participation, letter)
    return page | {
        "form": form,
        "kind": said.kind,
        "standing": LetterStanding.of(letter),
        "can_write": letter is None or letter.can_be_written,
        "sounds": sounds_like_scores(written),
        "leaver": left_on(letter, page["today"]) if letter else "",
        "changed": changed_since(letter) if letter and letter.is_on_hold else [],
        "soon": said.says_no and is_short_notice(said.decision.applies_from, page["today"]),
        "hold_minutes": held_for().total_seconds() / 60,
    }
