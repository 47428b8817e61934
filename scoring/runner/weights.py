"""What each decision maker said about the objectives, as the engine reads it: points, or a ranking and no numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any

from partnerships.models import Organisation, Person

Json = dict[str, Any]


def frozen_weights(organisation: Organisation) -> list[Json]:
    """Each decision maker's own points or ranking; somebody who gave none for objectives is left out."""
    objectives: dict[str, Json] = defaultdict(dict)
    ways: dict[str, Json] = defaultdict(dict)
    for weight in organisation.objective_weights.select_related("objective", "decision_maker"):
        objectives[weight.decision_maker.email][weight.objective.code] = float(weight.points)
    for way in organisation.way_weights.select_related("way", "decision_maker"):
        ways[way.decision_maker.email][way.way.code] = float(way.points)
    said: dict[str, Json] = {who: {"objectives": points} for who, points in objectives.items() if any(points.values())}
    said |= {who: {"ranking": {"objectives": order}} for who, order in _rankings(organisation).items()}
    names = _names(said)
    return [
        {"who": who, "group": names[who], **said[who], **({"ways": ways[who]} if any(ways[who].values()) else {})}
        for who in sorted(said)
    ]


def _names(emails: Collection[str]) -> dict[str, str]:
    """What each person's view is called: by their name, unless another person has it too."""
    names = dict(Person.objects.filter(email__in=emails).values_list("email", "name"))
    shared = Counter(names.values())
    return {email: name if name and shared[name] == 1 else email for email, name in names.items()}


def objectives_ranked_late(organisation: Organisation) -> list[str]:
    """Names of objectives that are newer than somebody's ranking: for that person they count as last."""
    ranked = Counter(organisation.objective_ranks.values_list("objective", flat=True))
    people = organisation.objective_ranks.values("decision_maker").distinct().count()
    return [one.name for one in organisation.objectives.all() if ranked[one.pk] < people]


def _rankings(organisation: Organisation) -> dict[str, list[str | list[str]]]:
    """By person, objectives from the most important down; those of one place stand in a list of their own."""
    places: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for rank in organisation.objective_ranks.select_related("objective", "decision_maker"):
        places[rank.decision_maker.email][rank.place].append(rank.objective.code)
    everything = list(organisation.objectives.values_list("code", flat=True))
    rankings: dict[str, list[str | list[str]]] = {}
    for who, by_place in places.items():
        tiers = [codes for _, codes in sorted(by_place.items())]
        ranked = {code for codes in tiers for code in codes}
        tiers.append([code for code in everything if code not in ranked])
        rankings[who] = [codes if len(codes) > 1 else codes[0] for codes in tiers if codes]
    return rankings
