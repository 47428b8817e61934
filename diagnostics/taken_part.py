"""How many of each organisation's people have taken part: so that a lead knows whom to ask again, and whom to thank.

It is read from the invitations of people alone. What anybody answered is not there, and for whom those with an open
link work, nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from diagnostics.models import Round


@dataclass(frozen=True)
class TakenPart:
    """``works_for`` is empty where it is not known for whom people work."""

    works_for: str
    invited: int
    answered: int


def taken_part(round_: Round) -> list[TakenPart]:
    """By name, those of whom it is not known last; nothing where it is known of nobody."""
    counted = (
        round_.invitations.of_people()
        .order_by()
        .values("works_for")
        .annotate(invited=Count("pk"), answered=Count("pk", filter=Q(completed=True)))
    )
    lines = [TakenPart(**one) for one in counted]
    if not any(line.works_for for line in lines):
        return []
    return sorted(lines, key=lambda line: (not line.works_for, line.works_for.casefold()))
