"""Sending in a decision: the same outcomes on a partnership's own page and in a meeting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from decisions.actions import DecidedMeanwhile, OutOfDateError, decide
from decisions.basis import Basis
from decisions.forms import DecisionForm
from decisions.models import Decision, Meeting
from decisions.saying_yes import together_with
from partnerships.access import OrganisationRequest
from scoring.situation import situation_of


def carried_out(request: OrganisationRequest, form: DecisionForm, meeting: Meeting | None = None) -> Decision | None:
    """The decision of a form that was sent; None where it is to be confirmed first or something is in the way, which
    the form then says, with everything that was typed.
    """
    if not form.is_valid():
        return None
    if form.needs_confirmation:
        form.ask_to_confirm()
        return None
    try:
        return decide(
            participation=form.basis.participation,
            by=request.user,
            wanted=form.wanted(),
            run=form.cleaned_data["run"],
            seen=form.cleaned_data["seen"],
            meeting=meeting,
            accepts_out_of_date=form.cleaned_data.get("anyway", False),
        )
    except DecidedMeanwhile as other:
        _tell_of_the_other(form, other.decision)
    except OutOfDateError as changed:
        form.add_error(None, f"{changed} Look at it, then send your decision again.")
        form.take_the_newest_run()
    except ValidationError as problem:
        form.add_problems(problem)
    return None


def _tell_of_the_other(form: DecisionForm, decision: Decision) -> None:
    participation = form.basis.participation
    form.beside(Basis.of(participation, situation_of(participation.organisation)))
    when = f"{decision.decided_on:%-d %B %Y}"
    said = "undid a decision" if decision.is_undone else f"decided “{decision.level_name}” on {when}"
    form.add_error(
        None,
        f"{decision.who} {said} while you were deciding, recorded by {decision.recorded_by}. Read it below. "
        "If yours is to take its place, send it again.",
    )


def to_confirm(form: DecisionForm) -> Mapping[str, Any] | None:
    """What is to be read before it is recorded: what overruling costs, how soon a partner has less, and that a yes is
    over capacity with what could be said instead. None where there is nothing of that.
    """
    if not form.is_asked:
        return None
    level = form.basis.level(form.chosen)
    overrules, over = form.basis.overrules(form.chosen), form.over_capacity
    if level is None or not (overrules or form.notice or over):
        return None
    day = form.cleaned_data.get("applies_from")
    return {
        "level": level,
        "cost": form.basis.cost_in_words(form.chosen) if overrules else "",
        "together": over.together if over else together_with(form.basis, form.chosen, day=day),
        "days": form.days_in_words,
        "notice": form.notice,
        "over_capacity": over,
    }
