"""What is typed in a meeting and not decided yet: kept with every step, and gone with the decision."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from decisions.actions.meetings import check_under_way
from decisions.models import AgendaItem, Draft
from partnerships.access import check_can_decide
from partnerships.editing import version_of
from partnerships.models import Person
from partnerships.saving import save_checked

LONGEST = 2000


def draft_version(typed: Mapping[str, str]) -> str:
    """A short name for exactly this; empty for nothing."""
    return version_of(sorted(typed.items())) if typed else ""


@transaction.atomic
def keep_draft(*, item: AgendaItem, by: Person, typed: Mapping[str, str], expected_version: str) -> Draft | None:
    """Have this stand for one partnership of a meeting, or with nothing ``typed``, nothing.

    ``expected_version`` is that of what the form was filled from; where nobody changed that, nothing happens. Of two
    who changed it the later wins: what it replaces is returned where that was kept meanwhile, else None. Raises
    ValidationError where the meeting has ended, or for what cannot be kept.
    """
    check_can_decide(by, item.organisation)
    check_under_way(item.meeting)
    _check(typed)
    before = Draft.objects.select_related("typed_by").filter(item=item).first()
    stored = draft_version(before.typed if before else {})
    if draft_version(typed) in (expected_version, stored):
        return None
    if before is not None:
        Draft.objects.filter(pk=before.pk).delete()
    if typed:
        now = timezone.now()
        save_checked(Draft(organisation=item.organisation, item=item, typed=dict(typed), typed_by=by, typed_at=now))
    return before if stored != expected_version else None


def _check(typed: Mapping[str, str]) -> None:
    if any(len(text) > LONGEST for text in typed.values()):
        raise ValidationError(f"What you typed is too long to be kept. Shorten it to {LONGEST} characters.")
    if any("\x00" in text for text in typed.values()):
        raise ValidationError("What you typed has a character in it that cannot be kept. Type it again.")
