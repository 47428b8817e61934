"""What value means to an organisation, and how much each decision maker cares about each part of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError

from partnerships.access import check_can_decide, check_can_edit
from partnerships.actions.organisations import hold
from partnerships.editing import check_version, criteria_version, weights_version
from partnerships.models import (
    Objective,
    ObjectiveRank,
    ObjectiveWeight,
    Organisation,
    Person,
    WayOfCreatingValue,
    WayRank,
    WayWeight,
)
from partnerships.naming import free_code
from partnerships.saving import save_checked
from partnerships.signals import announce_change

Facts = Mapping[str, str]


@transaction.atomic
def change_objectives(
    *,
    organisation: Organisation,
    by: Person,
    changes: Mapping[int, Facts],
    added: Facts | None = None,
    removed: frozenset[int] = frozenset(),
    expected_version: str | None = None,
) -> None:
    """Reword objectives, by id, add one, remove those that nothing is rated on; at least one must be left.

    Raises ValidationError with what to do, or ChangedMeanwhile.
    """
    check_can_edit(by, organisation)
    hold(organisation)
    if expected_version is not None:
        check_version(expected_version, criteria_version(organisation))
    _change(organisation.objectives.all(), Objective(organisation=organisation), changes, added, removed)
    announce_change(organisation=organisation, by=by)


@transaction.atomic
def change_ways(
    *,
    organisation: Organisation,
    by: Person,
    changes: Mapping[int, Facts],
    added: Facts | None = None,
    removed: frozenset[int] = frozenset(),
    expected_version: str | None = None,
) -> None:
    """The same for the ways of creating value."""
    check_can_edit(by, organisation)
    hold(organisation)
    if expected_version is not None:
        check_version(expected_version, criteria_version(organisation))
    _change(
        organisation.ways_of_creating_value.all(),
        WayOfCreatingValue(organisation=organisation),
        changes,
        added,
        removed,
    )
    announce_change(organisation=organisation, by=by)


def _change(
    present: models.QuerySet[Objective] | models.QuerySet[WayOfCreatingValue],
    blank: Objective | WayOfCreatingValue,
    changes: Mapping[int, Facts],
    added: Facts | None,
    removed: frozenset[int],
) -> None:
    rows: dict[int, Objective | WayOfCreatingValue] = {row.pk: row for row in present}
    for row_id in removed:
        try:
            rows.pop(row_id).delete()
        except ProtectedError as problem:
            raise ValidationError("What partnerships are rated on cannot be removed. Reword it instead.") from problem
    for row_id, facts in changes.items():
        if row_id in rows:
            _write(rows[row_id], facts)
    if added:
        blank.code = free_code(added["name"], {row.code for row in rows.values()}, longest=40)
        blank.position = max((row.position for row in rows.values()), default=-1) + 1
        _write(blank, added)
        rows[blank.pk] = blank
    if not rows:
        raise ValidationError("Keep at least one: without it nothing can be rated.")


def _write(row: Objective | WayOfCreatingValue, facts: Facts) -> None:
    for fact, text in facts.items():
        setattr(row, fact, text)
    save_checked(row)


@transaction.atomic
def set_weights(
    *,
    organisation: Organisation,
    by: Person,
    objective_points: Mapping[int, Decimal],
    way_points: Mapping[int, Decimal],
    expected_version: str | None = None,
) -> None:
    """Record one decision maker's own points, 0 to 100, by objective and by way; each list needs one above 0.

    Points say more than a ranking and take its place; a list without points leaves what was said before. Without any
    points nothing is written, and nothing announced.
    Everybody sets their own: ``by`` is the decision maker. Raises ValidationError or ChangedMeanwhile.
    """
    check_can_decide(by, organisation)
    hold(organisation)
    if expected_version is not None:
        check_version(expected_version, weights_version(organisation, by))
    if not objective_points and not way_points:
        return
    for some_points in (objective_points, way_points):
        if some_points and not any(some_points.values()):
            raise ValidationError("Give at least one of them more than 0 points.")
    for objective_id, points in objective_points.items():
        ours = ObjectiveWeight.objects.filter(organisation=organisation, decision_maker=by, objective_id=objective_id)
        weight = ours.first() or ObjectiveWeight(
            organisation=organisation, decision_maker=by, objective_id=objective_id
        )
        _write_points(weight, points)
    for way_id, points in way_points.items():
        mine = WayWeight.objects.filter(organisation=organisation, decision_maker=by, way_id=way_id)
        _write_points(mine.first() or WayWeight(organisation=organisation, decision_maker=by, way_id=way_id), points)
    if objective_points:
        organisation.objective_ranks.filter(decision_maker=by).delete()
    if way_points:
        organisation.way_ranks.filter(decision_maker=by).delete()
    announce_change(organisation=organisation, by=by)


@transaction.atomic
def set_ranking(
    *,
    organisation: Organisation,
    by: Person,
    objective_places: Mapping[int, int],
    way_places: Mapping[int, int],
    expected_version: str | None = None,
) -> None:
    """Record one decision maker's own ranking: a place for every objective and for every way by its id, 1 first; ties
    share a place. Either may be left out, and then what that person said of it before stays.

    It takes the place of that person's points on the same: nobody has both. Raises ValidationError, ChangedMeanwhile.
    """
    check_can_decide(by, organisation)
    hold(organisation)
    if expected_version is not None:
        check_version(expected_version, weights_version(organisation, by))
    if not objective_places and not way_places:
        raise ValidationError("Rank the objectives, the ways of creating value, or both.")
    mine: dict[str, Any] = {"organisation": organisation, "decision_maker": by}
    if objective_places:
        _check_all_ranked(objective_places, organisation.objectives.all(), "objective")
        organisation.objective_ranks.filter(decision_maker=by).delete()
        ObjectiveRank.objects.bulk_create(
            ObjectiveRank(objective_id=pk, place=place, **mine) for pk, place in _without_gaps(objective_places)
        )
        organisation.objective_weights.filter(decision_maker=by).delete()
    if way_places:
        _check_all_ranked(way_places, organisation.ways_of_creating_value.all(), "way of creating value")
        organisation.way_ranks.filter(decision_maker=by).delete()
        WayRank.objects.bulk_create(WayRank(way_id=pk, place=place, **mine) for pk, place in _without_gaps(way_places))
        organisation.way_weights.filter(decision_maker=by).delete()
    announce_change(organisation=organisation, by=by)


def _check_all_ranked(
    places: Mapping[int, int], rows: models.QuerySet[Objective] | models.QuerySet[WayOfCreatingValue], noun: str
) -> None:
    if set(places) != {row.pk for row in rows}:
        raise ValidationError(f"Give every {noun} a place.")


def _without_gaps(places: Mapping[int, int]) -> list[tuple[int, int]]:
    """Ids with their places numbered from 1 without a gap; those that share a place go on sharing it."""
    dense = {place: number for number, place in enumerate(sorted(set(places.values())), start=1)}
    return [(pk, dense[place]) for pk, place in places.items()]


def _write_points(weight: ObjectiveWeight | WayWeight, points: Decimal) -> None:
    weight.points = points
    save_checked(weight)
