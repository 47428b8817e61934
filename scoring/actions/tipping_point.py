from django.db import transaction
from django.utils import timezone

from partnerships.access import check_can_edit
from partnerships.models import Organisation, Person
from partnerships.signals import announce_change
from scoring.models import TippingPoint


@transaction.atomic
def set_tipping_point(*, organisation: Organisation, by: Person, hurts_from: int, adds_nothing_at: int) -> TippingPoint:
    """Record an organisation's two answers, in points of attention. Raises ValidationError and PermissionDenied."""
    check_can_edit(by, organisation)
    answers = TippingPoint.objects.select_for_update().filter(organisation=organisation).first()
    answers = answers or TippingPoint(organisation=organisation)
    answers.hurts_from, answers.adds_nothing_at = hurts_from, adds_nothing_at
    answers.set_by, answers.set_at = by, timezone.now()
    answers.full_clean()
    answers.save()
    announce_change(organisation=organisation, by=by)
    return answers
