from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone

from partnerships.access import check_can_decide
from partnerships.models import Organisation, Person
from scoring import tasks
from scoring.models import Run, RunState, RunTrigger
from scoring.runner import NothingToScoreError, steps_to_a_score


@transaction.atomic
def request_run(*, organisation: Organisation, by: Person | None, trigger: RunTrigger = RunTrigger.BUTTON) -> Run:
    """Have the organisation's portfolio scored as it will stand when a worker takes the run.

    At most one run waits for an organisation: while one does, a further request becomes part of it, and a run that
    waits for its turn in the night is taken out of the night's queue. A request during a running run waits for its own
    turn, because the running one has already read its inputs. Raises PermissionDenied, and NothingToScoreError where
    something without which no score can mean anything is missing.
    """
    if trigger == RunTrigger.BUTTON:
        if by is None:
            raise ValueError("A run that somebody asks for needs to know who.")
        check_can_decide(by, organisation)
    missing = [step for step in steps_to_a_score(organisation) if not step.done]
    if missing:
        raise NothingToScoreError(f"{missing[0].title} first. {missing[0].why}")
    run = _waiting_or_new(organisation, by, trigger)
    transaction.on_commit(partial(tasks.send, run.pk))
    return run


def _waiting_or_new(organisation: Organisation, by: Person | None, trigger: RunTrigger) -> Run:
    """The waiting run, locked so that no worker takes it before our changes are committed; or a new one."""
    while True:
        waiting = organisation.runs.queued().select_for_update().first()
        if waiting is not None:
            _want_sooner(waiting, by, trigger)
            return waiting
        try:
            with transaction.atomic():
                now = timezone.now()
                run = Run.objects.create(organisation=organisation, trigger=trigger, requested_by=by, requested_at=now)
                run.note(RunState.QUEUED, now, run.get_trigger_display())
                return run
        except IntegrityError:
            continue  # somebody else's request came in between: become part of that one


def _want_sooner(waiting: Run, by: Person | None, trigger: RunTrigger) -> None:
    """Make a night's run somebody's, which goes by the queue of its own; what the night has sent finds it taken."""
    if waiting.trigger != RunTrigger.NIGHT:
        return
    now = timezone.now()
    waiting.trigger, waiting.requested_by, waiting.requested_at, waiting.sent_at = trigger, by, now, None
    waiting.save(update_fields=["trigger", "requested_by", "requested_at", "sent_at"])
    waiting.note(RunState.QUEUED, now, f"Wanted before the night: {waiting.get_trigger_display()}")
