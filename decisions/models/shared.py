"""What others show of their decisions: rows of a view that shows an organisation only what was shared with it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from partnerships.models import Sharing


class SharedDecisionQuerySet(models.QuerySet["SharedDecision"]):
    def of(self, sharings: Iterable[int]) -> dict[int, SharedDecision]:
        """By the number of the sharing, of those that show what was decided."""
        return {one.sharing_id: one for one in self.filter(sharing__in=list(sharings))}


class SharedDecision(models.Model):
    """The decision that counts about a partnership, as somebody shows it: at which level, when it was decided and from
    when it holds; neither why, nor what was recommended, nor who decided.
    """

    sharing = models.OneToOneField(Sharing, primary_key=True, on_delete=models.DO_NOTHING, related_name="+")
    level = models.CharField(max_length=40)
    decided_on = models.DateField()
    applies_from = models.DateField()

    objects = SharedDecisionQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "decisions_shareddecision"

    def __str__(self) -> str:
        return f"{self.level}, {self.decided_on:%-d %B %Y}"
