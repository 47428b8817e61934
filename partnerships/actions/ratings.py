"""What a participation is claimed to add, to which objective and in which way, and how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from partnerships.access import check_can_fill_in
from partnerships.actions.participations import locked
from partnerships.editing import check_version, ratings_version
from partnerships.models import Participation, Person, ValueRating
from partnerships.models.criteria import ALL_OR_NONE, RATING_IN_ORDER
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
    check_can_fill_in(by, participation.organisation)
    current = locked(participation)
    if expected_version is not None:
        check_version(expected_version, ratings_version(current))
    recorded = {(row.objective_id, row.way_id): row for row in current.value_ratings.all()}
    taken_back = [recorded[claim].pk for claim, rating in ratings.items() if rating is None and claim in recorded]
    if taken_back:
        current.value_ratings.filter(pk__in=taken_back).delete()
    rows = [
        ValueRating(
            organisation=current.organisation,
            participation=current,
            objective_id=objective_id,
            way_id=way_id,
            low=rating.low,
            likely=rating.likely,
            high=rating.high,
            evidence=rating.evidence,
            rated_by=by,
        )
        for (objective_id, way_id), rating in ratings.items()
        if rating and rating != _rating_of(recorded.get((objective_id, way_id))) and _checked(rating)
    ]
    # in one statement: a spreadsheet brings some dozens of ratings for each of some dozens of partnerships
    ValueRating.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["participation", "objective", "way"],
        update_fields=["low", "likely", "high", "evidence", "rated_by", "updated_at"],
    )
    announce_change(organisation=current.organisation, by=by)


def _rating_of(row: ValueRating | None) -> Rating | None:
    return Rating(row.low, row.likely, row.high, row.evidence) if row else None


def _checked(rating: Rating) -> bool:
    """True; raises ValidationError, in the words of the database's own rules, for numbers missing or out of order."""
    numbers = [number for number in (rating.low, rating.likely, rating.high) if number is not None]
    if len(numbers) not in (0, 3):
        raise ValidationError(ALL_OR_NONE)
    if numbers != sorted(numbers) or any(abs(number) > 100 for number in numbers):
        raise ValidationError(RATING_IN_ORDER)
    return True
