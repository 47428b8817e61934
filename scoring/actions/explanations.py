from functools import partial

from django.db import transaction
from django.utils import timezone

from partnerships.access import check_can_read
from partnerships.models import Person
from scoring import tasks
from scoring.engine import ENGINE_VERSION
from scoring.models import Explanation, Run


@transaction.atomic
def ask_for_explanation(*, before: Run, after: Run, by: Person) -> Explanation:
    """What moved from one run to a later one, and why: as it was worked out before, or asked for now.

    It changes nothing that anybody entered, so whoever may read both runs may ask. Raises PermissionDenied.
    """
    check_can_read(by, after.organisation)
    now = timezone.now()
    fresh = {"engine_version": ENGINE_VERSION, "requested_at": now, "sent_at": None, "attempts": 0}
    explanation, is_new = Explanation.objects.select_for_update().get_or_create(
        before=before, after=after, defaults={"organisation": after.organisation, **fresh}
    )
    if not is_new and explanation.is_out_of_date(now, ENGINE_VERSION):
        emptied = {"finished_at": None, "failure": "", "moves": None}
        Explanation.objects.filter(pk=explanation.pk).update(**fresh, **emptied)
        explanation.refresh_from_db()
        is_new = True
    if is_new:
        transaction.on_commit(partial(tasks.send_explanation, explanation.pk))
    return explanation
