"""Reading what was sent in: a row a person, and nothing of who they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Aggregate, JSONField, OuterRef, Subquery

from diagnostics.instrument.scoring import Answers
from diagnostics.models import Answer, Response, Round


@dataclass(frozen=True)
class SentIn:
    """One person's answers by item code, the code of where they work ("" where too few worked there), and the
    organisation whose view it is, in a survey that names those.
    """

    place: str
    works_for: str
    answers: Answers


class _ByItem(Aggregate):
    """The answers of a response as one object of values by item: a row a person instead of one an answer."""

    function = "JSONB_OBJECT_AGG"
    output_field = JSONField()


def sent_in(rounds: Iterable[Round]) -> dict[int, list[SentIn]]:
    """What was sent in, by the number of the round, in an order that follows from nothing but the answers.

    Keys are random, and what is drawn from the answers has to come out the same again. One query, however many rounds
    and people there are.
    """
    people: dict[int, list[SentIn]] = defaultdict(list)
    # Looked up response by response, so that it takes as long however many answers others have given.
    its_own = Answer.objects.filter(response=OuterRef("pk")).order_by().values("response")
    given_in = Subquery(its_own.annotate(given=_ByItem("item", "value")).values("given"))
    responses = Response.objects.submitted().filter(round__in=[one.pk for one in rounds]).order_by()
    for round_id, place, works_for, given in responses.values_list("round_id", "place", "works_for", given_in):
        if given is not None:
            people[round_id].append(SentIn(place, works_for, given))
    for answered in people.values():
        answered.sort(key=_by_answers)
    return people


def _by_answers(one: SentIn) -> tuple[str, str, list[tuple[str, int]]]:
    return one.place, one.works_for, sorted((item, value or 0) for item, value in one.answers.items())
