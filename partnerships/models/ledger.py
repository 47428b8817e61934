"""The give-and-take ledger: who gave, gained or lost what for the whole, and what was done about a loss.

Working together asks some to lose so that all gain, and nobody makes it good unless it is written down. A loss about
which nothing has been done yet is an open one.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from partnerships.models.participations import Participation
from partnerships.models.record_entries import RecordEntry
from partnerships.recording import recorded


class LedgerKind(models.TextChoices):
    GAVE = "gave", "Gave"
    GAINED = "gained", "Gained"
    LOST = "lost", "Lost"
    GENEROSITY = "generosity", "Act of generosity"


class Side(models.TextChoices):
    US = "us", "We"
    PARTNER = "partner", "A partner"


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    def open_losses(self) -> LedgerQuerySet:
        """Losses about which nothing has been done, the oldest first."""
        return self.filter(kind=LedgerKind.LOST, done_about_it="").order_by("on_day", "pk")


@recorded("entry of give and take", partnership="participation", about=("kind",))
class LedgerEntry(RecordEntry):
    FACTS = ("kind", "side", "partner", "what", "on_day", "done_about_it", "done_on")

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="ledger_entries"
    )
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="ledger")
    kind = models.CharField("what it was", max_length=10, choices=LedgerKind.choices)
    side = models.CharField("who", max_length=7, choices=Side.choices)
    partner = models.CharField("which partner", max_length=120, blank=True)
    what = models.TextField("gave, gained or lost")
    on_day = models.DateField("when it was")
    done_about_it = models.TextField("what was done about it", blank=True)
    done_on = models.DateField("when that was done", null=True, blank=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        ordering = ["participation", "-on_day", "-pk"]
        verbose_name_plural = "ledger entries"
        constraints = [
            models.CheckConstraint(
                name="ledger_kind_is_known",
                condition=Q(kind__in=LedgerKind.values),
                violation_error_message="Choose whether somebody gave, gained or lost, or was generous.",
            ),
            models.CheckConstraint(
                name="ledger_names_the_partner",
                condition=Q(side=Side.US, partner="") | Q(side=Side.PARTNER, partner__regex=r"\S"),
                violation_error_message="Say which partner it was, or choose that it was you.",
            ),
            models.CheckConstraint(
                name="ledger_says_what",
                condition=Q(what__regex=r"\S"),
                violation_error_message="Say what was given, gained or lost.",
            ),
            models.CheckConstraint(
                name="ledger_done_about_a_loss_and_when",
                condition=Q(done_about_it="", done_on__isnull=True)
                | Q(kind=LedgerKind.LOST, done_about_it__regex=r"\S", done_on__isnull=False),
                violation_error_message="Say what was done about a loss, and when; only a loss has these.",
            ),
            models.CheckConstraint(
                name="ledger_done_after_the_loss",
                condition=Q(done_on__isnull=True) | Q(done_on__gte=F("on_day")),
                violation_error_message="Something was done about it before it happened. Check both days.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who}: {self.get_kind_display().lower()}"

    @property
    def who(self) -> str:
        return self.partner if self.side == Side.PARTNER else str(Side.US.label)

    @property
    def is_open_loss(self) -> bool:
        return self.kind == LedgerKind.LOST and not self.done_about_it
