"""What the floors above may want to know. The ground floor says that something changed, not what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection, transaction
from django.dispatch import Signal

from partnerships.isolation import acting_for
from partnerships.models import Organisation, Person

# Sent once a change to anything a recommendation rests on is committed: keyword arguments organisation and by.
inputs_changed = Signal()


@dataclass(frozen=True)
class _Announcement:
    """Two are equal where they speak of the same organisation, whoever made the change."""

    organisation: Organisation
    by: Person | None = field(compare=False)

    def __call__(self) -> None:
        # The transaction may end where nobody acts for the organisation any more, or for another.
        with acting_for(self.organisation, person=self.by):
            inputs_changed.send(sender=Organisation, organisation=self.organisation, by=self.by)


def announce_change(*, organisation: Organisation, by: Person | None) -> None:
    """Say, once the surrounding transaction is committed, that this organisation's inputs changed.

    However many changes one transaction holds (an import, the demonstration), it is said once.
    """
    announcement = _Announcement(organisation, by)
    # One that waits already is as safe as a new one: rolling back any step that would drop it would drop ours too.
    if not any(waiting[1] == announcement for waiting in connection.run_on_commit):
        transaction.on_commit(announcement)
