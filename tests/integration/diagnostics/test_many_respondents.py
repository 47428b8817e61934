"""A survey that two thousand people answered: closing it, and its page, which asks no more of the database."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from diagnostics.actions import close_round, open_round, start_round
from diagnostics.invitees import MOST_PEOPLE, Invitee
from diagnostics.keys import keys_of
from diagnostics.models import Answer, Response, Round
from partnerships.models import Participation
from tests.factories import active_participation
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.survey_data import ITEMS, next_week

SOME = ITEMS[:4]  # the page is the same for those that nobody answered, and the database has less to write
PLACES = ("front_line", "lead", "board")


def answered_by(setting: Setting, participation: Participation, number: int) -> Round:
    """A closed survey; its answers are written all at once, which takes no survey's pages to be visited."""
    people = [Invitee(f"Person {n}", f"p{n}@partner.example") for n in range(number)]
    made = start_round(participation=participation, people=people, closes_on=next_week(), by=setting.lead)
    open_round(round=made, by=setting.lead)
    keys, day, drawn = keys_of(made), timezone.localdate(), random.Random(number)
    owner: Any = {"organisation": setting.organisation}
    responses = [
        Response(
            key=keys.response_key_of(one),
            round=made,
            place=PLACES[n % 3],
            started_on=day,
            submitted_on=day,
            **owner,
        )
        for n, one in enumerate(made.invitations.all())
    ]
    Response.objects.bulk_create(responses)
    Answer.objects.bulk_create(
        (
            Answer(response=one, item=item, value=drawn.randint(1, 5), answered_on=day, **owner)
            for one in responses
            for item in SOME
        ),
        batch_size=5000,
    )
    return close_round(round=made, by=setting.lead)


@pytest.mark.django_db
def test_the_page_asks_as_often_for_two_thousand_as_for_fifteen(setting: Setting) -> None:
    client = Client()
    client.force_login(setting.lead)
    few = answered_by(setting, setting.participation, 15)
    many = answered_by(setting, active_participation(setting.organisation), MOST_PEOPLE)
    assert (few.sent_in, many.sent_in) == (15, 2000)
    asked = {}
    for made in (few, many):
        with CaptureQueriesContext(connection) as caught:
            page = client.get(f"/o/{setting.code}/surveys/{made.pk}/")
        assert page.status_code == 200
        assert f"{made.sent_in} of {made.sent_in} answered" in " ".join(page.content.decode().split())
        asked[made.pk] = len(caught)
    assert asked[few.pk] == asked[many.pk]
    assert many.invitations.filter(completed=True).count() == 2000
