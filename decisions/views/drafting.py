"""What is typed in a meeting is kept with every step, so that going on and coming back loses nothing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError

from decisions.actions import draft_version, keep_draft
from decisions.forms import MeetingDecisionForm
from decisions.models import AgendaItem, Decision, Draft
from partnerships.access import OrganisationRequest


def draft_of(item: AgendaItem) -> Draft | None:
    found: Draft | None = item.organisation.decision_drafts.select_related("typed_by").filter(item=item).first()
    return found


def keep_what_is_typed(
    request: OrganisationRequest, item: AgendaItem, form: MeetingDecisionForm, decided: Decision | None
) -> bool:
    """Whether nothing typed is lost by going on; else the form says what is in the way.

    What only says what the meeting ``decided`` comes of going back to a page that was sent, and is not kept.
    """
    if "draft_version" not in request.POST:
        return True
    typed = form.typed()
    if decided and typed.get("level") == decided.level_code and typed.get("reason", "") == decided.reason:
        return True
    try:
        replaced = keep_draft(item=item, by=request.user, typed=typed, expected_version=request.POST["draft_version"])
    except ValidationError as problem:
        if not form.errors:
            form.add_problems(problem)
        return False
    if replaced is not None:
        messages.warning(request, _replaced(item, replaced, form))
    return True


def tell_what_went(
    request: OrganisationRequest, item: AgendaItem, form: MeetingDecisionForm, draft: Draft | None
) -> None:
    """Say what somebody else had typed, where a decision took it away from a page that did not show it."""
    if draft is not None and draft_version(draft.typed) not in (
        request.POST.get("draft_version", ""),
        draft_version(form.typed()),
    ):
        messages.warning(request, f"{_had_typed(item, draft)} It went with the decision: {_said(draft, form)}")


def _replaced(item: AgendaItem, draft: Draft, form: MeetingDecisionForm) -> str:
    return f"{_had_typed(item, draft)} Yours is kept instead of: {_said(draft, form)}"


def _had_typed(item: AgendaItem, draft: Draft) -> str:
    return (
        f"{item.participation.partnership.display_name}: {draft.typed_by} had typed something else while your page was "
        "open, in another window."
    )


def _said(draft: Draft, form: MeetingDecisionForm) -> str:
    names = {one.code: one.name for one in form.basis.choices}
    level, reason = names.get(draft.typed.get("level", "")), draft.typed.get("reason")
    return " ".join(filter(None, (level and f"“{level}”.", reason and f"“{reason}”"))) or "another day."
