"""Responses: one person's answers in a round, without the person."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.db import connections, models
from django.db.models import Q

from diagnostics.models.joined import one_of_each
from diagnostics.models.rounds import Round
from partnerships.models.ownership import OwnedModel


def drawn_digest() -> str:
    """As long as a digest is, and of nothing."""
    return secrets.token_hex(32)


class ResponseQuerySet(models.QuerySet["Response"]):
    def states(self, keys: Iterable[str]) -> dict[str, bool]:
        """By key, of responses that there are, whether they are sent in. One query, that shows nothing else of them."""
        with connections[self.db].cursor() as cursor:
            cursor.execute("SELECT key, is_sent FROM diagnostics_responses_with(%s)", [list(keys)])
            return dict(cursor.fetchall())

    def shuffle(self, round_: Round) -> None:
        """Write what was sent in to an open round once more, in random order and by this transaction."""
        with connections[self.db].cursor() as cursor:
            cursor.execute("SELECT diagnostics_shuffle(%s)", [round_.pk])

    def held(self, key: str, *, link_hash: str) -> Response | None:
        """The response of that key, locked until this transaction ends, with its round as ``held_open`` has it; None
        too where the link leads to that round no more.

        The round is locked first, as it is by whoever closes it.
        """
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                "SELECT answered.*, asked.* FROM diagnostics_response AS answered "
                "JOIN diagnostics_round AS asked ON asked.id = answered.round_id "
                "JOIN diagnostics_invitation AS invited ON invited.round_id = asked.id "
                "WHERE answered.key = %s AND invited.link_hash = %s FOR SHARE OF asked FOR UPDATE OF answered",
                [key, link_hash],
            )
            found = one_of_each(cursor, Response, Round, using=self.db)
        if found is None:
            return None
        response: Response
        response, response.round = found
        return response

    def submitted(self) -> ResponseQuerySet:
        return self.filter(submitted_on__isnull=False)


class Response(OwnedModel):
    """The key follows from the invitation under a key of the round that is not in the database (``diagnostics.keys``).

    There is deliberately no invitation, no person, no address, no time of day and no number that tells an order. On
    closing the round every response is written once more with a random key and the day of closing. PostgreSQL shows
    those of a closed round with enough answers; of any other only the one whose key the code acts on.
    """

    key = models.CharField(max_length=64, primary_key=True)
    organisation = models.ForeignKey(
        "partnerships.Organisation", on_delete=models.PROTECT, related_name="survey_responses"
    )
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="responses")
    place = models.CharField(max_length=20, blank=True, help_text="Where they work: a code of the instrument.")
    works_for = models.CharField(
        max_length=120,
        blank=True,
        help_text="The organisation whose view it is, in a survey that names organisations; empty in any other.",
    )
    begun_with = models.CharField(
        max_length=64,
        default=drawn_digest,
        help_text="The digest of the form that began it, so that whoever sends it twice is let in; where no form did, "
        "digits drawn at random, so that nothing tells which were begun with a link that was handed out.",
    )
    started_on = models.DateField()
    submitted_on = models.DateField(null=True, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["round", "key"]
        constraints = [
            models.CheckConstraint(
                name="response_submitted_after_it_started",
                condition=Q(submitted_on__isnull=True) | Q(submitted_on__gte=models.F("started_on")),
            ),
            models.CheckConstraint(
                name="response_begun_with_a_digest",
                condition=Q(begun_with__regex="^[0-9a-f]{64}$"),
            ),
        ]

    def __str__(self) -> str:
        return f"A response in {self.round_id}"
