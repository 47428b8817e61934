"""What each decision maker said about the objectives, as the engine reads it: points, or a ranking and no numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from partnerships.models import Objective, Organisation, WayOfCreatingValue
from partnerships.roles import DECIDE

Json = dict[str, Any]
PERSON = ("decision_maker__email", "decision_maker__name")


def frozen_weights(
    organisation: Organisation, objectives: Sequence[Objective], all_ways: Sequence[WayOfCreatingValue]
) -> tuple[list[Json], list[str]]:
    """Each decision maker's own points or ranking, somebody who gave none for objectives left out; and the names of
    objectives and ways that are newer than somebody's ranking: for that person they count as last. Four queries.

    Who may no longer decide here has no say: their weights are kept and not counted.
    """
    deciding = organisation.access_grants.current().of_roles(DECIDE.roles).values("person")
    points: dict[str, Json] = defaultdict(dict)
    ways: dict[str, Json] = defaultdict(dict)
    places: dict[str, dict[str, int]] = defaultdict(dict)
    way_places: dict[str, dict[str, int]] = defaultdict(dict)
    names: dict[str, str] = {}
    for who, name, code, given in (
        organisation.objective_weights.filter(decision_maker__in=deciding)
        .order_by("pk")
        .values_list(*PERSON, "objective__code", "points")
    ):
        names[who], points[who][code] = name, float(given)
    for who, name, code, given in (
        organisation.way_weights.filter(decision_maker__in=deciding)
        .order_by("pk")
        .values_list(*PERSON, "way__code", "points")
    ):
        names[who], ways[who][code] = name, float(given)
    for who, name, code, place in (
        organisation.objective_ranks.filter(decision_maker__in=deciding)
        .order_by("objective__position", "pk")
        .values_list(*PERSON, "objective__code", "place")
    ):
        names[who], places[who][code] = name, place
    for who, name, code, place in (
        organisation.way_ranks.filter(decision_maker__in=deciding)
        .order_by("way__position", "pk")
        .values_list(*PERSON, "way__code", "place")
    ):
        names[who], way_places[who][code] = name, place
    said: dict[str, Json] = {who: {"objectives": given} for who, given in points.items() if any(given.values())}
    said |= {who: {"ranking": {"objectives": _ranking(ranked, objectives)}} for who, ranked in places.items()}
    for who in said:
        if who in way_places:
            said[who].setdefault("ranking", {})["ways"] = _ranking(way_places[who], all_ways)
        elif any(ways[who].values()):
            said[who]["ways"] = ways[who]
    called = _called(said, names)
    weights = [{"who": who, "group": called[who], **said[who]} for who in sorted(said)]
    late = [
        *_ranked_late(objectives, places.values()),
        *_ranked_late(all_ways, (ranked for who, ranked in way_places.items() if who in said)),
    ]
    return weights, late


def _ranked_late(
    criteria: Iterable[Objective | WayOfCreatingValue], rankings: Iterable[Mapping[str, int]]
) -> list[str]:
    """The names of those that some ranking does not have."""
    rankings = list(rankings)
    return [one.name for one in criteria if any(one.code not in ranked for ranked in rankings)]


def _called(people: Collection[str], names: Mapping[str, str]) -> dict[str, str]:
    """What each person's view is called: by their name, unless another person has it too."""
    shared = Counter(names[email] for email in people)
    return {email: names[email] if names[email] and shared[names[email]] == 1 else email for email in people}


def _ranking(places: Mapping[str, int], criteria: Iterable[Objective | WayOfCreatingValue]) -> list[str | list[str]]:
    """Codes from the most important down; those of one place stand in a list of their own, and those that are ranked
    nowhere in the last place.
    """
    by_place: dict[int, list[str]] = defaultdict(list)
    for code, place in places.items():
        by_place[place].append(code)
    tiers = [codes for _, codes in sorted(by_place.items())]
    tiers.append([one.code for one in criteria if one.code not in places])
    return [codes if len(codes) > 1 else codes[0] for codes in tiers if codes]
