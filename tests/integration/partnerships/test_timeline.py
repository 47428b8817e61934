"""A partnership's timeline, and its stages and ways of creating value over time."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.actions.differences import DifferenceFacts, add_difference, change_difference
from partnerships.actions.participations import change_account, change_state
from partnerships.actions.ratings import Rating, record_ratings
from partnerships.actions.relationship_record import add_entry
from partnerships.models import (
    DifferenceState,
    LedgerEntry,
    OutcomeMeasure,
    Participation,
    ParticipationState,
    RecordLink,
    RecordNote,
)
from partnerships.timeline import A_PAGE, Kind, stages_of, timeline_of, ways_of
from tests.integration.partnerships.conftest import Desk, words_of

DAY = datetime.date(2026, 3, 27)
# What this floor knows; the floors above add theirs, which their own tests look at.
RECORD = {
    Kind.NOTES,
    Kind.DIFFERENCES,
    Kind.GIVE_AND_TAKE,
    Kind.MEASURES,
    Kind.LINKS,
    Kind.STAGES,
    Kind.WAYS,
    Kind.STATES,
}
MEANT = "Meant to create value this way"


def path_of(participation: Participation, kind: str = "") -> str:
    return f"partnerships/{participation.partnership.slug}/record/timeline/{kind}"


@pytest.fixture
def lived(desk: Desk) -> Participation:
    """One of everything happened to it."""
    participation = desk.participation(stage="forming")
    known: dict[str, Any] = {"participation": participation, "by": desk.lead}
    add_entry(model=RecordNote, facts={"kind": "success", "text": "It went well", "on_day": DAY}, **known)
    add_entry(model=RecordNote, facts={"kind": "we-bring", "text": "Two nurses"}, **known)
    given = {"kind": "lost", "side": "us", "what": "Beds", "on_day": DAY + datetime.timedelta(days=1)}
    add_entry(model=LedgerEntry, facts=given, **known)
    add_entry(model=RecordLink, facts={"title": "Minutes", "address": "https://example.org"}, **known)
    add_entry(model=OutcomeMeasure, facts={"name": "Days to contact", "better": "lower"}, **known)
    opened = DifferenceFacts("Who pays", DAY, DifferenceState.OPEN)
    difference = add_difference(facts=opened, **known)
    settled = DifferenceFacts("Who pays", DAY, DifferenceState.SETTLED, "Halves", DAY)
    change_difference(difference=difference, by=desk.lead, facts=settled)
    change_account(account={"stage": "storming"}, **known)
    change_account(account={"purpose": "Another"}, **known)
    claim = (_objective(desk), _way(desk, "learn"))
    record_ratings(ratings={claim: Rating(None, None, None)}, **known)
    record_ratings(ratings={claim: Rating(Decimal(1), Decimal(2), Decimal(3))}, **known)
    record_ratings(ratings={claim: None, (_objective(desk), _way(desk, "join-up")): Rating(None, None, None)}, **known)
    change_state(to=ParticipationState.ENDED, **known)
    return participation


def _objective(desk: Desk) -> int:
    return desk.organisation.objectives.get(code="patients").pk


def _way(desk: Desk, code: str) -> int:
    ways = desk.organisation.ways_of_creating_value
    return (ways.filter(code=code).first() or ways.exclude(code="learn").order_by("position")[0]).pk


def titles(desk: Desk, participation: Participation, only: Kind | None = None) -> list[str]:
    return [one.title for one in timeline_of(desk.organisation, [participation.pk], only=only).moments]


def test_everything_that_happened_is_there_newest_first(desk: Desk, lived: Participation) -> None:
    moments = timeline_of(desk.organisation, [lived.pk]).moments
    assert [one.day for one in moments] == sorted((one.day for one in moments), reverse=True)
    assert {one.kind for one in moments} == RECORD
    assert moments[-4].title == "We: lost"
    assert {one.title for one in moments[-3:]} == {"Success", "Difference: open", "Difference: settled"}
    assert all(one.of == lived.pk for one in moments)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.NOTES, ["What we bring", "Success"]),
        (Kind.DIFFERENCES, ["Difference: settled", "Difference: open"]),  # on one day, the later step first
        (Kind.GIVE_AND_TAKE, ["We: lost"]),
        (Kind.MEASURES, ["Measure begun"]),
        (Kind.LINKS, ["Document or link"]),
        (Kind.STAGES, ["Stage: storming", "Stage: forming"]),
        (Kind.WAYS, [MEANT, f"No longer {MEANT[0].lower()}{MEANT[1:]}", MEANT]),
        (Kind.STATES, ["Active to ended"]),
    ],
)
def test_one_kind_alone(desk: Desk, lived: Participation, kind: Kind, expected: list[str]) -> None:
    found = titles(desk, lived, kind)
    if kind == Kind.WAYS:  # of one moment, by the order of their lines
        assert sorted(found) == sorted(expected)
    else:
        assert found == expected
    page = words_of(desk.get(path_of(lived, f"{kind.value}/")))
    assert f'{kind.value}/" aria-current="page">' in page
    assert expected[0] in page


def test_stages_and_ways_over_time(desk: Desk, lived: Participation) -> None:
    today = timezone.localdate()
    assert stages_of(desk.organisation, [lived.pk]) == [(today, "Forming"), (today, "Storming")]
    ways = ways_of(desk.organisation, [lived.pk])
    assert sorted(one.until is None for one in ways) == [False, True]
    page = words_of(desk.get(path_of(lived).removesuffix("timeline/")))
    assert "Forming since" in page
    assert "Storming since" in page
    assert f"{ways[0].name}: " in page


def test_another_partnerships_moments_are_not_there(desk: Desk, lived: Participation) -> None:
    assert titles(desk, desk.participation()) == []
    assert "Nothing yet." in words_of(desk.get(path_of(desk.participation())))


def many(desk: Desk, participation: Participation, count: int) -> None:
    first = participation.record_notes.first()
    assert first is not None
    rows = []
    for number in range(count):
        day = DAY - datetime.timedelta(days=number + 1)
        facts = {"kind": "history", "text": f"Note {number}", "on_day": day}
        rows.append(
            RecordNote(
                organisation=desk.organisation,
                participation=participation,
                recorded_by=desk.lead,
                recorded_at=timezone.now(),
                **facts,
            )
        )
    RecordNote.objects.bulk_create(rows)


def test_pages_follow_each_other_without_gap_or_double(desk: Desk, lived: Participation) -> None:
    before = titles(desk, lived)
    assert 0 < len(before) < A_PAGE
    many(desk, lived, 2 * A_PAGE)
    seen: list[Any] = []
    for number in (1, 2, 3):
        page = timeline_of(desk.organisation, [lived.pk], page=number)
        assert page.has_older is (number < 3)
        seen += page.moments
    assert len(seen) == len(before) + 2 * A_PAGE
    assert len({(one.kind, one.title, one.text, one.day) for one in seen if one.title == "History"}) == 2 * A_PAGE
    second = words_of(desk.get(f"{path_of(lived)}?page=2"))
    assert '<a rel="prev" href="?page=1">Newer</a>' in second
    assert '<a rel="next" href="?page=3">Older</a>' in second
    assert "There is nothing further." in words_of(desk.get(f"{path_of(lived)}?page=9"))
    assert "It went well" in words_of(desk.get(f"{path_of(lived)}?page=nonsense"))


def test_there_is_no_kind_of_another_name(desk: Desk, lived: Participation) -> None:
    assert desk.get(path_of(lived, "blame/")).status_code == 404


def test_a_long_record_costs_as_many_queries_as_a_short_one(desk: Desk, lived: Participation) -> None:
    few = _queries(desk, lived)
    many(desk, lived, A_PAGE // 2)
    assert _queries(desk, lived) == few
    assert few <= len(RECORD) + 17


def _queries(desk: Desk, participation: Participation) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(path_of(participation)).status_code == 200
        return len(captured)
