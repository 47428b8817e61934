"""Whose views the means of a closed survey count: each person's once, or each organisation's where that was chosen.

Where too few answered for any organisations to count of their own, each person counts. Either way it is one of the two,
everywhere: on the survey's page, in its files, beside other surveys and in what feeds a recommendation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count

from diagnostics.instrument.groups import groups_of
from diagnostics.instrument.scoring import Groups
from diagnostics.models import Invitation, Round
from diagnostics.reading import SentIn


def groups_by_round(rounds: Iterable[Round], people: Mapping[int, Sequence[SentIn]]) -> dict[int, Groups]:
    """By the number of the round, the groups in which organisations count once each; none where people do.

    Two queries where any of the rounds was to count organisations, however many there are, else none.
    """
    counting = [one for one in rounds if one.counts_organisations]
    asked = asked_by_organisation(counting)
    found = {
        one.pk: groups_of(
            [(sent.works_for, sent.answers) for sent in people.get(one.pk, [])],
            one.instrument,
            invited=_with_seats(asked[one.pk], people.get(one.pk, [])),
            fewest=one.answers_needed,
            fewest_in_all=one.breakdown_needed,
        )
        for one in counting
    }
    return {number: groups for number, groups in found.items() if groups is not None}


def asked_by_organisation(rounds: Sequence[Round]) -> dict[int, tuple[dict[str, int], int]]:
    """How many people of each organisation each round asked by name, and how many seats of its open link there are."""
    made: dict[int, tuple[dict[str, int], int]] = {one.pk: ({}, 0) for one in rounds}
    if not made:
        return made
    asked = Invitation.objects.filter(round__in=made)
    by_name: dict[int, dict[str, int]] = defaultdict(dict)
    for number, name, people in asked.of_people().order_by().values_list("round", "works_for").annotate(Count("pk")):
        by_name[number][name] = people
    seats = dict(asked.seats().order_by().values_list("round").annotate(Count("pk")))
    return {number: (by_name[number], seats.get(number, 0)) for number in made}


def _with_seats(asked: tuple[dict[str, int], int], people: Sequence[SentIn]) -> dict[str, int]:
    """How many may have been asked of each organisation: any that answered may have had the whole of an open link."""
    by_name, seats = asked
    return {**by_name, **{name: by_name.get(name, 0) + seats for name in {one.works_for for one in people}}}
