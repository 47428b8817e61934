"""What the floors above may want to know. The ground floor says that something changed, not what to do about it."""

from django.db import transaction
from django.dispatch import Signal

from partnerships.models import Organisation, Person

# Sent once a change to anything a recommendation rests on is committed: keyword arguments organisation and by.
inputs_changed = Signal()


def announce_change(*, organisation: Organisation, by: Person | None) -> None:
    """Say, once the surrounding transaction is committed, that this organisation's inputs changed."""
    transaction.on_commit(lambda: inputs_changed.send(sender=Organisation, organisation=organisation, by=by))
