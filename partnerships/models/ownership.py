"""What every owned row has in common: it belongs to one organisation and carries its id."""

from __future__ import annotations

from django.db import models


class OwnedModel(models.Model):
    """A row that one organisation owns.

    The id stands on every row, not only on the top one, so that the database itself can tell whose row it is. A child's
    organisation is held equal to its parent's by a composite foreign key (see the migrations named ``same_owner``).
    """

    organisation = models.ForeignKey("partnerships.Organisation", on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True
