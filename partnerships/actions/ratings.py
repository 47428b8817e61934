"""What a participation is claimed to add, to which objective and in which way, and how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from partnerships.access import check_can_edit
from partnerships.actions.participations import locked
from partnerships.editing import check_version, ratings_version
from partnerships.models import Participation, Person, ValueRating
from partnerships.signals import announce_change

Claim = tuple[int, int]  # the ids of an objective and of a way of creating value


@dataclass(frozen=True)
class Rating:
    """Low, likely and high on -100 to 100, or all three None while nobody has rated the claim; and the evidence."""

    low: Decimal | None
    likely: Decimal | None
    high: Decimal | None
    evidence: str = ""


@transaction.atomic
def record_ratings(
    *,
    participation: Participation,
    by: Person,
    ratings: Mapping[Claim, Rating | None],
    expected_version: str | None = None,
) -> None:
    """Record each claim named, None taking one back; those not named stay.

    A rating keeps the name of the person who last changed it. Raises ChangedMeanwhile where ``expected_version`` is
    not the stored one, ValidationError for numbers out of range or order.
    """
    check_can_edit(by, participation.organisation)
    current = locked(participation)
    if expected_version is not None:
        check_version(expected_version, ratings_version(current))
    recorded = {(rating.objective_id, rating.way_id): rating for rating in current.value_ratings.all()}
    for claim, rating in ratings.items():
        present = recorded.get(claim)
        if rating is None:
            if present:
                present.delete()
            continue
        objective_id, way_id = claim
        row = present or ValueRating(
            organisation=current.organisation, participation=current, objective_id=objective_id, way_id=way_id
        )
        if present and Rating(row.low, row.likely, row.high, row.evidence) == rating:
            continue
        row.low, row.likely, row.high, row.evidence = rating.low, rating.likely, rating.high, rating.evidence
        row.rated_by = by
        row.full_clean()
        row.save()
    announce_change(organisation=current.organisation, by=by)
