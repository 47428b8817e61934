"""Earlier links: those that were replaced, and open no survey any more."""

from __future__ import annotations

from django.db import models

from diagnostics.models.invitations import Invitation
from partnerships.models.ownership import OwnedModel


class EarlierLink(OwnedModel):
    """A personal link that its person had before they got another: by its keyed hash, as the one they have.

    What was sent in with it can still be withdrawn with it, and with no other; it does nothing else. There is one for
    each link that was replaced, whatever was done with it, so that it tells nothing of that.
    """

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="survey_earlier_links"
    )
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="earlier_links")
    link_hash = models.CharField(max_length=64, unique=True)
    link_number = models.PositiveSmallIntegerField(help_text="Its number among the links of its invitation.")

    class Meta:
        ordering = ["invitation", "link_number"]
        constraints = [
            models.UniqueConstraint(
                name="earlier_link_of_each_number",
                fields=["invitation", "link_number"],
                violation_error_message="This link was replaced already. Reload the page.",
            ),
        ]

    def __str__(self) -> str:
        return f"An earlier link of {self.invitation}"

    @classmethod
    def of(cls, invitation: Invitation) -> EarlierLink:
        """What the link is kept as that an invitation has until now."""
        return cls(
            organisation_id=invitation.organisation_id,
            invitation=invitation,
            link_hash=invitation.link_hash or "",
            link_number=invitation.link_number,
        )
