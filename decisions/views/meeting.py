"""What do we decide about this one? A meeting that goes through its agenda, one partnership at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from decisions.actions import DecidedMeanwhile, begin_meeting, draft_version, end_meeting, note_item, undo
from decisions.basis import Basis, NothingToDecideError
from decisions.forms import BeginForm, MeetingDecisionForm, NotesForm
from decisions.models import AgendaItem, Decision, Meeting
from decisions.saying_yes import together_with
from decisions.together import Together, decided_levels
from decisions.views.carrying_out import carried_out, to_confirm
from decisions.views.decision import stands_now
from decisions.views.drafting import draft_of, keep_what_is_typed, tell_what_went
from decisions.views.of_a_meeting import level_names, over_meanwhile, typed_in_words
from decisions.waiting import in_order_of_a_meeting, waiting_for_a_decision
from partnerships.access import OrganisationRequest, organisation_page
from partnerships.editing import ChangedMeanwhile
from partnerships.models import ParticipationState
from partnerships.roles import DECIDE
from partnerships.views.saving import posted
from scoring.findings import Findings
from scoring.situation import Situation, situation_of

# Buttons of the one form that keep what is typed and decide nothing.
DECIDES_NOTHING = ("keep", "undo", "end", "go")


@dataclass(frozen=True)
class Stop:
    """One item of the agenda with the decision that this meeting took about it, if it has."""

    item: AgendaItem
    decision: Decision | None

    @property
    def slug(self) -> str:
        return str(self.item.participation.partnership.slug)

    @property
    def waits(self) -> bool:
        """Whether there is still something to decide: not about what has ended or been merged since."""
        return self.decision is None and self.item.participation.state == ParticipationState.ACTIVE


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may=DECIDE)
def decide_page(request: OrganisationRequest) -> HttpResponse:
    """Without a meeting under way, the form that begins one; else the partnership that is asked for, or the next."""
    meeting = request.organisation.decision_meetings.open().first()
    if over := over_meanwhile(request, meeting):
        return over
    situation = situation_of(request.organisation)
    if meeting is None:
        return _begin(request, situation)
    if request.method == "POST" and "meeting" not in request.POST:
        messages.info(request, f"“{meeting.name}” is under way. It has to end before another begins.")
        return redirect("decisions:decide", request.organisation.code)
    if "end" in request.POST and "notes" not in request.POST:
        return _end(request, meeting)
    stops = stops_of(meeting)
    here = _asked_for(request, stops)
    if here is None:
        return render(request, "decisions/meeting_over.html", {"meeting": meeting, "stops": stops, **_all(situation)})
    return _at(request, meeting, stops, here, situation)


def _end(request: OrganisationRequest, meeting: Meeting) -> HttpResponse:
    messages.success(request, _ended(end_meeting(meeting=meeting, by=request.user)))
    return redirect("decisions:decisions", request.organisation.code)


def _step(request: OrganisationRequest, meeting: Meeting, stops: Sequence[Stop], here: Stop) -> HttpResponse | None:
    """Where a button leads that decides nothing here; None where none of these was pressed."""
    if "keep" in request.POST:
        messages.success(request, "What you typed is kept. It is no decision yet.")
        return _to(request, here)
    if "undo" in request.POST:
        return _undo(request, meeting, here)
    if "end" in request.POST:
        return _end(request, meeting)
    if "go" in request.POST:
        return _to(request, next((stop for stop in stops if stop.slug == request.POST["go"]), here))
    return None


def _ended(meeting: Meeting) -> str:
    """What to say of a meeting that is over. One query."""
    taken = list(meeting.decisions.current().select_related("taken_effect"))
    if not taken:
        return f"“{meeting.name}” has ended. Nothing was decided."
    now = sum(hasattr(decision, "taken_effect") for decision in taken)
    if not now:
        return f"“{meeting.name}” has ended. What was decided takes effect on its day."
    later = " The rest does on its day." if now < len(taken) else ""
    return f"“{meeting.name}” has ended. What was decided for now has taken effect.{later}"


def stops_of(meeting: Meeting) -> list[Stop]:
    """The agenda in its order, each with what this meeting decided. Two queries."""
    taken = {
        one.participation_id: one
        for one in meeting.decisions.current().select_related("decided_by", "recorded_by", "taken_effect")
    }
    items = meeting.agenda.select_related(
        "organisation",
        "draft",
        "participation__partnership",
        "participation__organisation",
        "participation__mandate_level",
    )
    return [Stop(item, taken.get(item.participation_id)) for item in items.order_by("position")]


def _asked_for(request: OrganisationRequest, stops: Sequence[Stop]) -> Stop | None:
    """The partnership in the address, else the first that waits for a decision; None once none does."""
    asked = request.GET.get("partnership", "")
    named = next((stop for stop in stops if stop.slug == asked), None)
    return named or next((stop for stop in stops if stop.waits), None)


def _begin(request: OrganisationRequest, situation: Situation) -> HttpResponse:
    if situation.shown is None:
        return render(request, "decisions/begin.html", {"situation": situation})
    findings, decided = Findings.of(situation.shown), decided_levels(request.organisation)
    active = {one.partnership.slug: one for one in request.organisation.participations.active().for_list()}
    proposed = [one for one in in_order_of_a_meeting(findings, decided) if one.id in active]
    ticked = [one.id for one in waiting_for_a_decision(findings, decided)]
    form = BeginForm(posted(request), proposed=proposed, ticked=ticked)
    if request.method == "POST" and form.is_valid():
        chosen = set(form.cleaned_data["agenda"])
        agenda = [active[slug] for slug in form.order() if slug in chosen]
        name, held_on = form.cleaned_data["name"], form.cleaned_data["held_on"]
        try:
            begin_meeting(organisation=request.organisation, by=request.user, name=name, held_on=held_on, agenda=agenda)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            return redirect("decisions:decide", request.organisation.code)
    return render(request, "decisions/begin.html", {"situation": situation, "form": form})


def _at(
    request: OrganisationRequest, meeting: Meeting, stops: Sequence[Stop], here: Stop, situation: Situation
) -> HttpResponse:
    place = stops.index(here)
    page: dict[str, Any] = {
        "meeting": meeting,
        "stops": stops,
        "here": here,
        "place": place + 1,
        "before": stops[place - 1] if place else None,
        "after": stops[place + 1] if place + 1 < len(stops) else None,
        "partnership": here.item.participation.partnership,
        "participation": here.item.participation,
        "last_taken": _last_taken(meeting),
        "today": timezone.localdate(),
        "was_left_open": meeting.was_left_open(timezone.localdate()),
    }
    notes = NotesForm.of(here.item, posted(request))
    if request.method == "POST":
        _note(request, here, notes)
    kept = request.method == "POST" and ("notes" not in request.POST or notes.is_valid())
    decides = not any(name in request.POST for name in DECIDES_NOTHING)
    try:
        basis = Basis.of(here.item.participation, situation)
    except NothingToDecideError as nothing:
        lost = _not_decided(request)
        if kept and not lost:
            return _step(request, meeting, stops, here) or _to(request, here)
        page |= {"nothing": str(nothing), "typed": lost, "notes_form": _notes_now(here) if kept else notes}
        return render(request, "decisions/meeting.html", page, status=409 if lost else 200)
    draft = draft_of(here.item)
    form = MeetingDecisionForm(posted(request), basis=basis, person=request.user, meeting=meeting, draft=draft)
    if request.method == "POST" and not decides:
        form.errors.clear()  # what was typed stays, and nobody has sent it yet
        if keep_what_is_typed(request, here.item, form, here.decision) and kept:
            return _step(request, meeting, stops, here) or _to(request, here)
    elif kept and (decision := carried_out(request, form, meeting)):
        messages.success(request, f"Decided: {basis.advice.name}, “{decision.level_name}”.")
        tell_what_went(request, here.item, form, draft)
        return redirect("decisions:decide", request.organisation.code)
    elif request.method == "POST":
        keep_what_is_typed(request, here.item, form, here.decision)
    draft = draft_of(here.item)
    page |= {
        "basis": form.basis,
        "one": form.basis.advice,
        "form": form,
        "notes_form": notes,
        "draft": draft,
        "draft_version": draft_version(draft.typed if draft else {}),
        "confirm": to_confirm(form),
        "together": together_with(form.basis),
    }
    return render(request, "decisions/meeting.html", page)


def _note(request: OrganisationRequest, here: Stop, form: NotesForm) -> None:
    """Keep the notes, with whatever else is sent; the form says what is in the way."""
    if not form.is_valid() or "notes" not in request.POST:
        return
    notes, version = form.cleaned_data["notes"], form.cleaned_data["version"]
    item = here.item.organisation.agenda_items.get(pk=here.item.pk)
    if notes == item.notes:
        return
    try:
        note_item(item=here.item, by=request.user, notes=notes, expected_version=version)
    except ChangedMeanwhile:
        form.tell_of_change(NotesForm.of(item))
    except ValidationError as problem:
        form.add_problems(problem)


def _notes_now(here: Stop) -> NotesForm:
    """As they are kept now, so that writing on in them does not look like a second window."""
    return NotesForm.of(here.item.organisation.agenda_items.get(pk=here.item.pk))


def _not_decided(request: OrganisationRequest) -> list[tuple[str, str]]:
    """What was sent of a decision, in words, for where none can be taken any more. Empty where neither a level nor a
    reason was: the days are in the form from the beginning.
    """
    sent = {name: request.POST.get(name, "") for name in request.POST if name != "notes"}
    if not any(sent.get(name, "").strip() for name in ("level", "reason")):
        return []
    return list(typed_in_words(sent, level_names(request.organisation)))


def _undo(request: OrganisationRequest, meeting: Meeting, here: Stop) -> HttpResponse:
    """Take back the last decision of the meeting, and go there."""
    last = _last_taken(meeting)
    if last is None or str(last.pk) != request.POST["undo"]:
        messages.error(request, "That was undone already, or something was decided since. Look at the agenda.")
        return _to(request, here)
    try:
        undone = undo(decision=last, by=request.user)
    except DecidedMeanwhile as other:
        messages.error(request, f"{other.decision.recorded_by} decided anew meanwhile. Read that decision first.")
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        messages.success(request, f"Undone, and {stands_now(undone)}. Decide again, or go on.")
    return redirect(_address(request, last.participation.partnership.slug))


def _last_taken(meeting: Meeting) -> Decision | None:
    rows = meeting.decisions.current().select_related("organisation", "participation__partnership")
    return rows.order_by("-recorded_at", "-pk").first()


def _to(request: OrganisationRequest, stop: Stop) -> HttpResponse:
    return redirect(_address(request, stop.slug))


def _address(request: OrganisationRequest, slug: str) -> str:
    return f"{reverse('decisions:decide', args=[request.organisation.code])}?partnership={slug}"


def _all(situation: Situation) -> dict[str, Any]:
    """What all decisions ask for together, once the agenda is through."""
    if situation.shown is None:
        return {}
    findings, organisation = Findings.of(situation.shown), situation.shown.organisation
    return {"together": Together.of(findings, decided_levels(organisation), organisation=organisation)}
