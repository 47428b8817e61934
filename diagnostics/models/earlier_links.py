"""Earlier links: those that were replaced, and those that go on working under a new key of their survey."""

from __future__ import annotations

from django.db import models

from diagnostics.models.invitations import Invitation
from partnerships.models.ownership import OwnedModel


class EarlierLink(OwnedModel):
    """A personal link that its person had before they got another: by its keyed hash, as the one they have.

    What was sent in with it can still be withdrawn with it, and with no other; it does nothing else. There is one for
    each link that was replaced, whatever was done with it, so that it tells nothing of that.

    One whose number is still that of its invitation was not replaced: the survey was opened again, under a new key
    which makes another secret for the same link. Both lead to the same response, and do the same. Of one that
    ``is_handed`` out too: with it its person begins, once.
    """

    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="survey_earlier_links"
    )
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="earlier_links")
    link_hash = models.CharField(max_length=64, unique=True)
    link_number = models.PositiveSmallIntegerField(help_text="Its number among the links of its invitation.")
    is_handed = models.BooleanField(
        default=False, help_text="Whether it was shown to be handed out: its person begins with it, once."
    )

    class Meta:
        ordering = ["invitation", "link_number", "pk"]

    def __str__(self) -> str:
        return f"An earlier link of {self.invitation}"

    @classmethod
    def of(cls, invitation: Invitation, *, is_handed: bool = False) -> EarlierLink:
        """What the link is kept as that an invitation has until now, or the one that ``is_handed`` out."""
        return cls(
            organisation_id=invitation.organisation_id,
            invitation=invitation,
            link_hash=(invitation.handed_hash if is_handed else invitation.link_hash) or "",
            link_number=invitation.link_number,
            is_handed=is_handed,
        )

    @property
    def still_works(self) -> bool:
        """Whether it was not replaced; the invitation is the one it has now."""
        return self.link_number == self.invitation.link_number
