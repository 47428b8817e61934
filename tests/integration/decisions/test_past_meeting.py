"""A meeting that is over can be read: what was on its agenda, what was said, and what was decided."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from decisions.actions import begin_meeting, end_meeting, make_promise, note_item, notes_version, undo
from decisions.models import Meeting
from partnerships.models import Organisation, Person, Role
from tests.factories import in_role
from tests.integration.decisions.scored import another_level, basis_of, decided, score, scored_portfolio
from tests.integration.decisions.test_pages import at, signed_in, words
from tests.integration.decisions.test_promises import promised

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SCORING_DRAWS = 4
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)


def held(organisation: Organisation, by: Person, size: int = 3) -> Meeting:
    """One under way about the first partnerships, each with notes."""
    agenda = list(organisation.participations.select_related("partnership").order_by("-pk")[:size])
    meeting = begin_meeting(
        organisation=organisation, by=by, name="Executive team", held_on=timezone.localdate(), agenda=agenda
    )
    for number, item in enumerate(meeting.agenda.order_by("position")):
        note_item(item=item, by=by, notes=f"Note {number}", expected_version=notes_version(item))
    return meeting


def test_what_was_said_and_decided_is_read_in_the_order_of_the_agenda() -> None:
    organisation, lead, executive = scored_portfolio()
    meeting = held(organisation, executive)
    first, second, third = [item.participation for item in meeting.agenda.order_by("position")]
    facts = {"decided_by": None, "decided_in": "Executive team", "meeting": meeting}
    overruled = decided(first, executive, level_code=another_level(basis_of(first)), reason="The council asks", **facts)
    make_promise(participation=first, by=lead, promised=promised(lead), decision=overruled)
    undo(decision=decided(second, executive, **facts), by=executive)
    reader = signed_in(in_role(organisation, Role.READER))
    page = at(organisation, f"decisions/meetings/{meeting.pk}/")
    assert reader.get(page).status_code == 404  # while it is under way
    end_meeting(meeting=meeting, by=lead)
    assert page in reader.get(at(organisation, "decisions/")).content.decode()
    shown = words(reader.get(page))
    assert "Decided about 1 of 3 on the agenda." in shown
    assert f"Begun by {executive}, ended by {lead}" in shown
    places = [
        shown.index(f"{number}. {one.partnership.display_name}")
        for number, one in ((1, first), (2, second), (3, third))
    ]
    assert places == sorted(places)
    of_first, of_second, of_third = (shown[places[0] : places[1]], shown[places[1] : places[2]], shown[places[2] :])
    assert f"{overruled.level_name} , instead of “{overruled.recommended_name}” as recommended" in of_first
    assert "The council asks" in of_first
    assert "Send the council our bed plan" in of_first
    assert "Note 0" in of_first
    assert f"Nothing: it was decided and undone, by {executive}" in of_second
    assert "Decided Nothing" in of_third
    assert "Note 2" in of_third
    score(organisation, lead)
    decided(first, executive)
    assert "Since then decided anew, on" in words(reader.get(page))


def test_another_organisations_meeting_is_none_of_ours() -> None:
    organisation, _, executive = scored_portfolio()
    meeting = end_meeting(meeting=held(organisation, executive), by=executive)
    stranger, lead, _ = scored_portfolio(name="Another")
    assert signed_in(lead).get(at(stranger, f"decisions/meetings/{meeting.pk}/")).status_code == 404


def test_a_long_agenda_takes_as_many_queries_as_a_short_one() -> None:
    counted = []
    for size in (2, 6):
        organisation, lead, executive = scored_portfolio(size=6)
        meeting = held(organisation, executive, size)
        for item in meeting.agenda.order_by("position"):
            facts = {"decided_by": None, "decided_in": "Executive team", "meeting": meeting}
            decision = decided(item.participation, executive, **facts)
            make_promise(participation=item.participation, by=lead, promised=promised(lead), decision=decision)
        end_meeting(meeting=meeting, by=executive)
        reader = signed_in(executive)
        page = at(organisation, f"decisions/meetings/{meeting.pk}/")
        reader.get(page)
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(page).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]
