"""What happens here when something changes below: a change to the inputs asks for a new score."""

from typing import Any

from django.dispatch import receiver

from partnerships.models import Organisation, Person
from partnerships.signals import inputs_changed
from scoring.actions import request_run
from scoring.models import RunTrigger
from scoring.runner import NothingToScoreError


@receiver(inputs_changed)
def score_again(*, organisation: Organisation, by: Person | None, **_: Any) -> None:
    """Ask for a run once a change is committed; a portfolio that is not ready to be scored waits until it is."""
    try:
        request_run(organisation=organisation, by=by, trigger=RunTrigger.CHANGE)
    except NothingToScoreError:
        return
