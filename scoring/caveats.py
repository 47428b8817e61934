"""What a score rests on: every number that was filled in where nobody had said, and whose views readiness counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scoring.words import count_of, in_sentence, listing, number

Json = Mapping[str, Any]


def caveats_of(assumptions: Json, partnerships: Sequence[Json]) -> list[str]:
    """Sentences, the gravest first; where everything was said by somebody, only whose views readiness is the mean of.

    ``assumptions`` as noted at freezing, ``partnerships`` of the result.
    """
    names = {one["id"]: one["name"] for one in partnerships}
    lines = [
        _without_claims(_named(assumptions["without_claims"], names)),
        _unrated(_named(assumptions["unrated"], names)),
        _days_typical(_named(assumptions["days_typical"], names)),
        _days_derived(len(assumptions["days_derived"])),
        _pools_without_days([in_sentence(pool) for pool in assumptions["pools_without_days"]]),
        _equal_weights(bool(assumptions["equal_weights"])),
        _ranked_late(assumptions.get("ranked_late", assumptions.get("objectives_ranked_late", ()))),
        _not_surveyed(partnerships),
        _whom_surveys_count(assumptions["surveys"], names),
        *(f"This rule did not count: “{one['rule']}”. {one['why']}" for one in assumptions.get("rules_left_out", ())),
    ]
    return [line for line in lines if line]


SHOWN_FROM = 0.001  # of the value: below that a certificate is of no consequence


def certificate_of(result: Json) -> str:
    """How far from the best the answer could be, where that is worth saying; else empty."""
    gap, total = float(result["gap"]), abs(float(result["total_value"]))
    if gap > SHOWN_FROM * max(1.0, total):
        more = f"{gap / total:.1%}" if total >= 1 else f"{number(gap, 3)} points"
        return (
            f"The search for the best portfolio had to be stopped: a better one could be worth up to {more} more than "
            "the best that was found."
        )
    if float(result["largest_gap"]) > SHOWN_FROM:
        return (
            "Some of the plausible versions are hard to solve: their best portfolio is known only to within "
            f"{float(result['largest_gap']):.1%} of its value."
        )
    return ""


def _named(ids: Sequence[str], names: Mapping[str, str]) -> list[str]:
    return [names[one] for one in ids if one in names]


def _without_claims(names: list[str]) -> str:
    if not names:
        return ""
    counts = "it counts" if len(names) == 1 else "they count"
    return f"Nobody has rated what {listing(names)} would add, so {counts} as worth nothing."


def _unrated(names: list[str]) -> str:
    if not names:
        return ""
    return f"Claimed but not rated yet, and so taken as very uncertain: {listing(names)}."


def _days_typical(names: list[str]) -> str:
    if not names:
        return ""
    return f"Nobody has estimated days for {listing(names)}: the typical days of your other partnerships are used."


def _days_derived(how_many: int) -> str:
    if not how_many:
        return ""
    many = count_of(how_many, "partnership")
    return f"For {many}, days at some levels are worked out from a level that was estimated, give or take 30%."


def _pools_without_days(pools: list[str]) -> str:
    if not pools:
        return ""
    return f"Nobody has said how many {listing(pools)} days there are, so those days set no limit."


def _equal_weights(are_equal: bool) -> str:
    if not are_equal:
        return ""
    return "Nobody has set weights, so every objective and every way of creating value counts the same."


def _ranked_late(criteria: Sequence[str]) -> str:
    """Runs of before the ways could be ranked name only objectives, under a name of their own."""
    if not criteria:
        return ""
    was, it = ("was", "it counts") if len(criteria) == 1 else ("were", "they count")
    return f"Somebody ranked what matters before {listing(criteria)} {was} added: for them {it} as last."


def _not_surveyed(partnerships: Sequence[Json]) -> str:
    sources = [(one["readiness"] or {}).get("source") for one in partnerships]
    unasked = sources.count("default")
    if not unasked:
        return ""
    if unasked == len(sources):
        return "No partnership has a survey result yet, so how ready each is counts as very uncertain."
    have, they_are = ("has", "it is") if unasked == 1 else ("have", "they are")
    many = count_of(unasked, "partnership")
    return f"{many} {have} no survey result yet: how ready {they_are} counts as very uncertain."


def _whom_surveys_count(surveys: Mapping[str, Json], names: Mapping[str, str]) -> str:
    """Whose views readiness is the mean of; empty where no partnership was surveyed."""
    surveyed = [slug for slug in names if slug in surveys]
    if not surveyed:
        return ""
    over_organisations = [names[slug] for slug in surveyed if surveys[slug].get("over_organisations")]
    start = "How ready a partnership is comes from its survey, in which each"
    if not over_organisations:
        return f"{start} person who answered counts once."
    if len(over_organisations) == len(surveyed):
        return f"{start} organisation counts once, however many of its people answered."
    return f"{start} person who answered counts once; for {listing(over_organisations)}, each organisation does."
