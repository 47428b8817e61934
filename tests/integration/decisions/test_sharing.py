"""What others see of decisions: nothing until it is ticked, then which level and from when, and gone once withdrawn."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from decisions.actions import begin_meeting, end_meeting, undo
from decisions.models import SharedDecision
from partnerships.actions.sharing import set_sharing
from partnerships.isolation import acting_for, acting_for_nobody
from partnerships.models import Audience, Organisation, OrganisationKind, Participation, Person, Role
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    active_participation,
    in_role,
    organisation_with_people,
)
from tests.integration.decisions.scored import another_level, basis_of, decided, scored_portfolio

pytestmark = pytest.mark.django_db
MEMBERS, SYSTEM = Audience.MEMBERS, Audience.SYSTEM
SECRET = "Their chair is leaving"


@pytest.fixture(autouse=True)
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SCORING_DRAWS = 4
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)


@pytest.fixture
def board() -> Organisation:
    made: Organisation = OrganisationFactory.create(name="NHS Fernshire ICB", kind=OrganisationKind.ICB)
    return made


@pytest.fixture
def people(board: Organisation) -> tuple[Organisation, Person, Person]:
    organisation, lead, executive = scored_portfolio()
    Organisation.objects.filter(pk=organisation.pk).update(icb_code=board.code)
    organisation.refresh_from_db()
    return organisation, lead, executive


@pytest.fixture
def one(people: tuple[Organisation, Person, Person]) -> Participation:
    found: Participation = people[0].participations.select_related("partnership").get(partnership__name="Alliance 4")
    return found


def share(one: Participation, by: Person, *audiences: Audience, decisions: bool = True) -> None:
    wanted = {one.pk: frozenset(audiences)}
    set_sharing(organisation=one.organisation, by=by, wanted=wanted, decisions=wanted if decisions else None)


def seen(person: Person, address: str) -> str:
    client = Client()
    client.force_login(person)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(address).content.decode()))


def shown_to(organisation: Organisation) -> list[str]:
    with acting_for(organisation):
        return [one.level for one in SharedDecision.objects.all()]


def test_the_board_sees_what_was_decided_once_it_is_shared_and_nothing_else(
    people: tuple[Organisation, Person, Person], one: Participation, board: Organisation
) -> None:
    _, lead, executive = people
    reader = in_role(board, Role.SYSTEM_READER)
    address = f"/system/{board.code}/partnerships/{one.partnership.slug}/"
    day = timezone.localdate() + datetime.timedelta(days=40)
    decision = decided(one, executive, level_code="decline", reason=SECRET, applies_from=day)
    share(one, lead, SYSTEM, decisions=False)
    assert "Nothing shown" in seen(reader, address)
    share(one, lead, SYSTEM)
    page = seen(reader, address)
    today = f"{timezone.localdate():%-d %B %Y}"
    assert f"{decision.level_name}, on {today}, from {day:%-d %B %Y}" in page
    for kept in (SECRET, str(executive), "recommended"):
        assert kept not in page
    columns = {field.column for field in SharedDecision._meta.concrete_fields}
    assert columns == {"sharing_id", "level", "decided_on", "applies_from"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM decisions_shareddecision LIMIT 0")
        assert {column.name for column in cursor.description} == columns
    share(one, lead, SYSTEM, decisions=False)
    assert "Nothing shown" in seen(reader, address)
    share(one, lead, SYSTEM)
    undo(decision=decision, by=executive)
    assert "Nothing shown" in seen(reader, address)


def test_what_a_board_sees_as_a_member_is_not_shared_with_the_system(
    people: tuple[Organisation, Person, Person], one: Participation, board: Organisation
) -> None:
    _, lead, executive = people
    decided(one, executive)
    MembershipFactory.create(partnership=one.partnership, organisation=board)
    address = f"/system/{board.code}/partnerships/{one.partnership.slug}/"
    share(one, lead, MEMBERS)
    assert len(shown_to(board)) == 1
    client = Client()
    client.force_login(in_role(board, Role.SYSTEM_READER))
    assert client.get(address).status_code == 404
    share(one, lead, SYSTEM)
    assert client.get(address).status_code == 200


def test_it_is_shown_to_those_it_is_shared_with_and_to_nobody_else(
    people: tuple[Organisation, Person, Person], one: Participation, board: Organisation
) -> None:
    organisation, lead, executive = people
    decided(one, executive)
    member, _, _ = organisation_with_people(name="A member")
    MembershipFactory.create(partnership=one.partnership, organisation=member)
    another = OrganisationFactory.create(kind=OrganisationKind.ICB)
    everybody = [board, member, another]
    assert [len(shown_to(each)) for each in everybody] == [0, 0, 0]
    share(one, lead, SYSTEM)
    assert [len(shown_to(each)) for each in everybody] == [1, 0, 0]
    share(one, lead, MEMBERS)
    assert [len(shown_to(each)) for each in everybody] == [0, 1, 0]
    share(one, lead, MEMBERS, SYSTEM)
    with acting_for_nobody():
        assert not SharedDecision.objects.exists()
    Organisation.objects.filter(pk=organisation.pk).update(icb_code=another.code)
    assert [len(shown_to(each)) for each in everybody] == [0, 1, 0]


def test_what_a_meeting_decides_is_shown_once_it_is_over(
    people: tuple[Organisation, Person, Person], one: Participation, board: Organisation
) -> None:
    organisation, lead, executive = people
    share(one, lead, SYSTEM)
    day = timezone.localdate()
    meeting = begin_meeting(organisation=organisation, by=executive, name="Executive team", held_on=day, agenda=[one])
    decided(one, executive, decided_by=None, decided_in="Executive team", meeting=meeting)
    assert shown_to(board) == []
    end_meeting(meeting=meeting, by=executive)
    assert len(shown_to(board)) == 1


def test_while_a_meeting_decides_anew_what_was_decided_before_stays_in_sight(
    people: tuple[Organisation, Person, Person], one: Participation, board: Organisation
) -> None:
    organisation, lead, executive = people
    share(one, lead, SYSTEM)
    first = decided(one, executive)
    day = timezone.localdate()
    meeting = begin_meeting(organisation=organisation, by=executive, name="Executive team", held_on=day, agenda=[one])
    other = another_level(basis_of(one))
    anew = decided(
        one, executive, decided_by=None, decided_in="Board", meeting=meeting, level_code=other, reason="So it was said"
    )
    assert anew.level_name != first.level_name
    assert shown_to(board) == [first.level_name]
    undo(decision=anew, by=executive)
    assert shown_to(board) == [first.level_name]
    end_meeting(meeting=meeting, by=executive)
    assert shown_to(board) == [first.level_name]  # it stands again
    undo(decision=first, by=executive)
    assert shown_to(board) == []


def test_members_read_it_beside_their_own_decision(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, lead, executive = people
    decision = decided(one, executive, reason=SECRET)
    member, theirs, _ = organisation_with_people(name="A member")
    active_participation(member, partnership=one.partnership)
    MembershipFactory.create(partnership=one.partnership, organisation=member)
    address = f"/o/{member.code}/decisions/{one.partnership.slug}/"
    assert "What other members show" not in seen(theirs, address)
    share(one, lead, MEMBERS)
    page = seen(theirs, address)
    assert "What other members show" in page
    assert organisation.display_name in page
    assert f"{decision.level_name}, on {timezone.localdate():%-d %B %Y}" in page
    assert SECRET not in page
    assert "What they decided, where they show it" in seen(
        theirs, f"/o/{member.code}/partnerships/{one.partnership.slug}/"
    )
