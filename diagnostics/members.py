"""For whom somebody may say that they work: the organisations of the survey's partnership."""

from __future__ import annotations

from django.utils import timezone

from diagnostics.invitees import LONGEST_NAME
from diagnostics.models import Round


def organisations_to_choose_from(round_: Round) -> list[str]:
    """By name: who asks, the partnership's members today, and for whom those work who are asked by name.

    One that is spelt in two ways, large letters and small, is in it once: as it was written for those who are asked.
    """
    memberships = round_.participation.partnership.memberships.current_on(timezone.localdate())
    members = [one.organisation.display_name for one in memberships.select_related("organisation")]
    asked = (
        round_.invitations.of_people().exclude(works_for="").order_by("works_for").values_list("works_for", flat=True)
    )
    names = [round_.organisation.display_name, *members, *asked.distinct()]
    return sorted({name[:LONGEST_NAME].casefold(): name[:LONGEST_NAME] for name in names}.values(), key=str.casefold)
