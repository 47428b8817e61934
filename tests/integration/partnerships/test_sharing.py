"""What an organisation shows to others: off until ticked, only the level, gone once withdrawn."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, transaction
from django.test import Client
from django.utils import timezone

from partnerships.actions.participations import change_state
from partnerships.actions.sharing import set_sharing
from partnerships.isolation import acting_for
from partnerships.models import (
    AccessGrant,
    Audience,
    Organisation,
    OrganisationKind,
    Participation,
    ParticipationState,
    Partnership,
    Person,
    Role,
    SharedLevel,
    Sharing,
)
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    active_participation,
    organisation_with_people,
)
from tests.integration.partnerships.conftest import Desk, form_on, words_of

pytestmark = pytest.mark.django_db
MEMBERS, SYSTEM = Audience.MEMBERS, Audience.SYSTEM
SECRET = "Only we know that the chair is leaving"


@pytest.fixture
def board(desk: Desk) -> Organisation:
    """The integrated care board of the organisation at the desk."""
    board = OrganisationFactory.create(name="NHS Fernshire ICB", kind=OrganisationKind.ICB)
    Organisation.objects.filter(pk=desk.organisation.pk).update(icb_code=board.code)
    desk.organisation.refresh_from_db()
    return board


def reader_of(system: Organisation) -> Client:
    person = PersonFactory.create(name="Sam Reader")
    AccessGrant.objects.create(organisation=system, person=person, role=Role.SYSTEM_READER)
    client = Client()
    client.force_login(person)
    return client


def share(desk: Desk, participation: Participation, *audiences: Audience) -> None:
    wanted = {participation.pk: frozenset(audiences)}
    set_sharing(organisation=desk.organisation, by=desk.lead, wanted=wanted)


def neighbour(board: Organisation, partnership: Partnership, level: str = "prioritise") -> tuple[Organisation, Person]:
    """Another organisation of the same system in the same partnership, which shares its level with the board."""
    other, lead, _ = organisation_with_people(name="Thornwick Trust", icb_code=board.code)
    theirs = active_participation(other, level, partnership=partnership)
    set_sharing(organisation=other, by=lead, wanted={theirs.pk: frozenset({SYSTEM})})
    return other, lead


def test_nothing_is_shared_until_it_is_ticked(desk: Desk, board: Organisation) -> None:
    participation = desk.participation()
    page = desk.get("sharing/")
    assert "checked" not in page.content.decode().split("<main")[1]
    reader = reader_of(board)
    assert "No organisation has shared anything" in words_of(reader.get(f"/system/{board.code}/"))
    data = form_on(page) | {f"share-{participation.pk}": ["system"]}
    assert desk.post("sharing/", data).status_code == 302
    seen = words_of(reader.get(f"/system/{board.code}/"))
    assert participation.partnership.display_name in seen
    assert f"{desk.organisation.display_name}: Sustain" in seen
    again = desk.get("sharing/").content.decode()
    assert again.count(" checked") == 1
    assert f"Level, since {timezone.localdate():%-d %B %Y}" in again


def test_decisions_are_ticked_by_themselves_and_never_without_the_level(desk: Desk, board: Organisation) -> None:
    participation = desk.participation()
    box = f"share-{participation.pk}"
    refused = desk.post("sharing/", form_on(desk.get("sharing/")) | {box: ["members", "system-decisions"]})
    assert "tick the level as well" in words_of(refused)
    assert refused.content.decode().count(" checked") == 2
    assert not Sharing.objects.exists()
    desk.post("sharing/", form_on(desk.get("sharing/")) | {box: ["members", "system", "system-decisions"]})
    in_force = desk.organisation.sharings.in_force()
    assert {(one.audience, one.with_decisions) for one in in_force} == {(MEMBERS, False), (SYSTEM, True)}
    assert desk.get("sharing/").content.decode().count(" checked") == 3
    desk.post("sharing/", form_on(desk.get("sharing/")) | {box: ["members", "system"]})
    assert not desk.organisation.sharings.in_force().filter(with_decisions=True).exists()
    assert desk.organisation.sharings.withdrawn().get().with_decisions
    assert "decisions too, withdrawn by" in words_of(desk.get("sharing/"))


def test_what_is_withdrawn_is_gone_at_once_and_on_record(desk: Desk, board: Organisation) -> None:
    participation = desk.participation()
    share(desk, participation, SYSTEM, MEMBERS)
    reader, address = reader_of(board), f"/system/{board.code}/partnerships/{participation.partnership.slug}/"
    assert reader.get(address).status_code == 200
    page = desk.get("sharing/")
    desk.post("sharing/", form_on(page) | {f"share-{participation.pk}": ["members"]})
    assert reader.get(address).status_code == 404
    assert desk.organisation.sharings.in_force().get().audience == MEMBERS
    withdrawn = desk.organisation.sharings.withdrawn().get()
    assert withdrawn.withdrawn_by == desk.lead
    assert f"withdrawn by {desk.lead}" in words_of(desk.get("sharing/"))
    share(desk, participation, SYSTEM)
    assert reader.get(address).status_code == 200


def test_a_board_sees_that_there_is_a_partnership_while_it_is_shared(desk: Desk, board: Organisation) -> None:
    participation = desk.participation()

    def seen_by(organisation: Organisation) -> bool:
        with acting_for(organisation):
            return Partnership.objects.filter(pk=participation.partnership_id).exists()

    assert (seen_by(desk.organisation), seen_by(board)) == (True, False)
    share(desk, participation, SYSTEM)
    assert seen_by(board)
    assert not seen_by(OrganisationFactory.create())
    share(desk, participation)
    assert not seen_by(board)


def test_who_takes_part_sees_the_partnership_of_another(desk: Desk) -> None:
    """Of one that it is shown as a member, also once it is none any more; nobody takes part in what they do not see."""
    partnership, other = desk.participation().partnership, organisation_with_people()[0]
    with acting_for(other):
        assert not Partnership.objects.filter(pk=partnership.pk).exists()
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            active_participation(other, partnership=partnership)
    member = MembershipFactory.create(partnership=partnership, organisation=other)
    with acting_for(other):
        active_participation(other, partnership=partnership)
    member.delete()
    with acting_for(other):
        assert Partnership.objects.get(pk=partnership.pk).name == partnership.name


def test_the_level_is_shown_as_it_stands_and_nothing_else_of_theirs(desk: Desk, board: Organisation) -> None:
    participation = desk.participation(purpose=SECRET, patient_benefit=SECRET, sponsor="Nobody’s business")
    share(desk, participation, SYSTEM)
    reader = reader_of(board)
    Participation.objects.filter(pk=participation.pk).update(
        level=desk.organisation.engagement_levels.get(code="prioritise")
    )
    for address in ("", f"partnerships/{participation.partnership.slug}/"):
        page = words_of(reader.get(f"/system/{board.code}/{address}"))
        assert "Prioritise" in page
        assert SECRET not in page
        assert "Nobody’s business" not in page
    fields = {field.column for field in SharedLevel._meta.concrete_fields}
    assert fields == {
        "sharing_id", "organisation_id", "partnership_id", "audience", "system_id", "shared_at", "level", "commitment"
    }  # fmt: skip


def test_an_ended_partnership_and_a_draft_are_shown_to_nobody(desk: Desk, board: Organisation) -> None:
    participation = desk.participation()
    share(desk, participation, SYSTEM)
    for state in ("ended", "draft"):
        Participation.objects.filter(pk=participation.pk).update(state=state)
        assert "No organisation has shared" in words_of(reader_of(board).get(f"/system/{board.code}/"))


def test_a_system_reader_sees_where_two_organisations_pull_apart(desk: Desk, board: Organisation) -> None:
    participation = desk.participation("keep-in-touch")
    share(desk, participation, SYSTEM)
    neighbour(board, participation.partnership)
    alone = desk.participation()
    share(desk, alone, SYSTEM)
    page = words_of(reader_of(board).get(f"/system/{board.code}/"))
    assert (
        "2 organisations have shared 2 partnerships. In 1 of the 1 that two or more have shared, they pull apart."
        in page
    )
    assert page.index(participation.partnership.display_name) < page.index(alone.partnership.display_name)
    assert page.count("Thornwick Trust: Prioritise") == 1


def test_what_a_board_sees_as_a_member_is_not_shared_with_the_system(desk: Desk, board: Organisation) -> None:
    """A level that is shown to a partnership's members, to a board that is one of them."""
    participation = desk.participation()
    MembershipFactory.create(partnership=participation.partnership, organisation=board)
    share(desk, participation, MEMBERS)
    with acting_for(board):
        assert SharedLevel.objects.count() == 1
    reader = reader_of(board)
    assert "No organisation has shared anything" in words_of(reader.get(f"/system/{board.code}/"))
    assert reader.get(f"/system/{board.code}/partnerships/{participation.partnership.slug}/").status_code == 404


def test_a_board_sees_nothing_that_was_shared_with_another(desk: Desk, board: Organisation) -> None:
    participation = desk.participation()
    share(desk, participation, SYSTEM)
    other = OrganisationFactory.create(kind=OrganisationKind.ICB)
    reader = reader_of(other)
    assert participation.partnership.display_name not in words_of(reader.get(f"/system/{other.code}/"))
    assert reader.get(f"/system/{other.code}/partnerships/{participation.partnership.slug}/").status_code == 404
    assert reader.get(f"/system/{board.code}/").status_code == 404
    for acting, seen in ((board, 1), (other, 0), (desk.organisation, 0)):
        with acting_for(acting):
            assert SharedLevel.objects.count() == seen


def test_a_board_that_is_no_longer_ours_sees_nothing_and_the_page_says_so(desk: Desk, board: Organisation) -> None:
    participation = desk.participation()
    share(desk, participation, SYSTEM)
    successor = OrganisationFactory.create(name="NHS Greater Fernshire ICB", kind=OrganisationKind.ICB)
    Organisation.objects.filter(pk=desk.organisation.pk).update(icb_code=successor.code)
    desk.organisation.refresh_from_db()
    for system in (board, successor):
        assert "No organisation has shared" in words_of(reader_of(system).get(f"/system/{system.code}/"))
    page = desk.as_(desk.lead).get("sharing/")
    words = words_of(page)
    assert "You shared levels with NHS Fernshire ICB, which is no longer your integrated care board." in words
    assert "Since " not in words
    # Saved as it stands, the old sharing ends on the record, and the new board is shown nothing.
    desk.as_(desk.lead).post("sharing/", form_on(page))
    [sharing] = Sharing.objects.filter(participation=participation)
    assert (sharing.withdrawn_by, sharing.system) == (desk.lead, board)
    assert "no longer your integrated care board" not in words_of(desk.as_(desk.lead).get("sharing/"))
    share(desk, participation, SYSTEM)
    assert participation.partnership.display_name in words_of(reader_of(successor).get(f"/system/{successor.code}/"))


def test_what_ends_is_withdrawn_and_not_shown_again_when_it_is_brought_back(desk: Desk, board: Organisation) -> None:
    participation = desk.participation()
    share(desk, participation, MEMBERS, SYSTEM)
    change_state(participation=participation, by=desk.lead, to=ParticipationState.ENDED)
    assert {one.withdrawn_by for one in Sharing.objects.all()} == {desk.lead}
    change_state(participation=participation, by=desk.lead, to=ParticipationState.ACTIVE)
    assert "No organisation has shared" in words_of(reader_of(board).get(f"/system/{board.code}/"))


def test_members_see_it_on_the_partnerships_page_and_others_do_not(desk: Desk, board: Organisation) -> None:
    participation = desk.participation()
    name = desk.organisation.display_name
    share(desk, participation, MEMBERS)
    member, lead, _ = organisation_with_people(name="A member")
    active_participation(member, partnership=participation.partnership)
    client = Client()
    client.force_login(lead)
    address = f"/o/{member.code}/partnerships/{participation.partnership.slug}/"
    assert name not in words_of(client.get(address))  # it takes part, and no register or person calls it a member
    membership = MembershipFactory.create(partnership=participation.partnership, organisation=member)
    seen = words_of(client.get(address))
    assert "What other members show" in seen
    assert name in seen
    membership.left_on = timezone.localdate()
    membership.save()
    assert name not in words_of(client.get(address))
    assert "No organisation has shared anything" in words_of(reader_of(board).get(f"/system/{board.code}/"))


def test_a_unit_of_an_organisation_makes_it_a_member(desk: Desk) -> None:
    participation = desk.participation()
    share(desk, participation, MEMBERS)
    trust, _, _ = organisation_with_people()
    unit = OrganisationFactory.create(kind=OrganisationKind.UNIT, parent=trust)
    MembershipFactory.create(partnership=participation.partnership, organisation=unit)
    with acting_for(trust):
        assert SharedLevel.objects.with_members(participation.partnership, but=trust).count() == 1


def test_without_a_board_one_shares_with_members_only(desk: Desk) -> None:
    participation = desk.participation()
    page = desk.get("sharing/")
    assert "No register says which integrated care board" in words_of(page)
    refused = desk.post("sharing/", form_on(page) | {f"share-{participation.pk}": ["system"]})
    assert "Choose with whom to share from the boxes shown." in words_of(refused)
    with pytest.raises(ValidationError, match="No integrated care board is recorded"):
        share(desk, participation, SYSTEM)
    assert not Sharing.objects.exists()


def test_two_tabs_are_told(desk: Desk, board: Organisation) -> None:
    participation = desk.participation()
    data = form_on(desk.get("sharing/"))
    desk.post("sharing/", data | {f"share-{participation.pk}": ["members"]})
    told = desk.post("sharing/", data | {f"share-{participation.pk}": ["system"]})
    assert [(one.stored, one.typed) for one in told.context["form"].differences] == [
        (str(MEMBERS.label), str(SYSTEM.label))
    ]
    assert desk.organisation.sharings.in_force().get().audience == MEMBERS


def test_sent_twice_it_is_shared_once(desk: Desk, board: Organisation) -> None:
    participation = desk.participation()
    for _ in range(2):
        share(desk, participation, SYSTEM)
    assert desk.organisation.sharings.count() == 1


def test_another_organisations_participation_cannot_be_shared(desk: Desk, board: Organisation) -> None:
    desk.participation()
    theirs = active_participation(organisation_with_people()[0])
    with pytest.raises(ValidationError, match="Only active partnerships of your own"):
        share(desk, theirs, SYSTEM)
    desk.post("sharing/", form_on(desk.get("sharing/")) | {f"share-{theirs.pk}": ["system"]})
    assert not Sharing.objects.exists()


def test_only_a_strategy_lead_shares_and_only_a_system_reader_reads(desk: Desk, board: Organisation) -> None:
    participation = desk.participation()
    executive = desk.as_(desk.executive)
    assert executive.get("sharing/").status_code == 403
    with pytest.raises(PermissionDenied):
        set_sharing(organisation=desk.organisation, by=desk.executive, wanted={participation.pk: frozenset()})
    assert desk.client.get(f"/system/{desk.organisation.code}/").status_code == 403
    reader = reader_of(board)
    assert reader.get(f"/o/{desk.organisation.code}/partnerships/").status_code == 404
    assert reader.post(f"/system/{board.code}/").status_code == 405


def test_the_system_page_asks_no_more_queries_for_more_rows(
    desk: Desk, board: Organisation, django_assert_max_num_queries: Any
) -> None:
    reader = reader_of(board)
    for _ in range(4):
        one = desk.participation()
        share(desk, one, SYSTEM)
        neighbour(board, one.partnership)
    with django_assert_max_num_queries(12):
        reader.get(f"/system/{board.code}/")


def test_a_system_reader_starts_on_the_systems_page_and_is_offered_no_other(desk: Desk, board: Organisation) -> None:
    reader = reader_of(board)
    assert reader.get("/")["Location"] == f"/system/{board.code}/"
    page = words_of(reader.get(f"/system/{board.code}/"))
    assert "Our system" in page
    for path in ("", "partnerships/", "capacity/", "criteria/", "surveys/"):
        assert f'href="/o/{board.code}/{path}"' not in page
    assert reader.get(f"/o/{board.code}/").status_code == 403
