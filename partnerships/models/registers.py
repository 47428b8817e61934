"""The public registers a fact can come from, and the files of them that have been applied."""

from django.db import models


class RegisterSource(models.TextChoices):
    """Each kind of fact has one register whose word counts; the others only mention it."""

    TRUSTS = "etr", "NHS trusts (etr)"
    COMMISSIONERS = "eccg", "Sub-ICB locations and former CCGs (eccg)"
    ICB_PARTNERS = "icb_partners", "ICB partner register"
    PRIMARY_CARE_NETWORKS = "epcn", "Primary care networks (ePCN)"
    EPILEPSY_NETWORKS = "epilepsy_networks", "Paediatric epilepsy networks"
    DIABETES_NETWORKS = "diabetes_networks", "Paediatric diabetes networks"
    PERSON = "person", "Entered by a person"


class RegisterFile(models.Model):
    """One file applied to the register: what it was, what it said it was dated, and what it changed."""

    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=20, choices=RegisterSource.choices)
    as_of = models.DateField()
    applied_at = models.DateTimeField(auto_now_add=True)
    imported_by = models.ForeignKey(
        "partnerships.Person",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Blank: by a command on the server.",
    )
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-applied_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_source_display()}, {self.as_of:%-d %B %Y})"
