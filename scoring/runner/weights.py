"""What each decision maker said about the objectives, as the engine reads it: points, or a ranking and no numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from partnerships.models import Objective, Organisation

Json = dict[str, Any]
PERSON = ("decision_maker__email", "decision_maker__name")


def frozen_weights(organisation: Organisation, objectives: Sequence[Objective]) -> tuple[list[Json], list[str]]:
    """Each decision maker's own points or ranking, somebody who gave none for objectives left out; and the names of
    objectives that are newer than somebody's ranking: for that person they count as last. Three queries.
    """
    points: dict[str, Json] = defaultdict(dict)
    ways: dict[str, Json] = defaultdict(dict)
    places: dict[str, dict[str, int]] = defaultdict(dict)
    names: dict[str, str] = {}
    for who, name, code, given in organisation.objective_weights.order_by("pk").values_list(
        *PERSON, "objective__code", "points"
    ):
        names[who], points[who][code] = name, float(given)
    for who, name, code, given in organisation.way_weights.order_by("pk").values_list(*PERSON, "way__code", "points"):
        names[who], ways[who][code] = name, float(given)
    for who, name, code, place in organisation.objective_ranks.order_by("objective__position", "pk").values_list(
        *PERSON, "objective__code", "place"
    ):
        names[who], places[who][code] = name, place
    codes = [one.code for one in objectives]
    said: dict[str, Json] = {who: {"objectives": given} for who, given in points.items() if any(given.values())}
    said |= {who: {"ranking": {"objectives": _ranking(ranked, codes)}} for who, ranked in places.items()}
    called = _called(said, names)
    weights = [
        {"who": who, "group": called[who], **said[who], **({"ways": ways[who]} if any(ways[who].values()) else {})}
        for who in sorted(said)
    ]
    late = [one.name for one in objectives if any(one.code not in ranked for ranked in places.values())]
    return weights, late


def _called(people: Collection[str], names: Mapping[str, str]) -> dict[str, str]:
    """What each person's view is called: by their name, unless another person has it too."""
    shared = Counter(names[email] for email in people)
    return {email: names[email] if names[email] and shared[names[email]] == 1 else email for email in people}


def _ranking(places: Mapping[str, int], objectives: Sequence[str]) -> list[str | list[str]]:
    """Objectives from the most important down; those of one place stand in a list of their own, and those that are
    ranked nowhere in the last place.
    """
    by_place: dict[int, list[str]] = defaultdict(list)
    for code, place in places.items():
        by_place[place].append(code)
    tiers = [codes for _, codes in sorted(by_place.items())]
    tiers.append([code for code in objectives if code not in places])
    return [codes if len(codes) > 1 else codes[0] for codes in tiers if codes]
