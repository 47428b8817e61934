"""What the timeline of a partnership says of decisions and of what follows them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from decisions.actions import move_promise, promise_version, undo
from decisions.actions.kind_noes import record_reply, record_telling
from decisions.models import HowTold, Letter, LetterState, PlanState
from decisions.sending import send_due
from partnerships.actions.merging import merge
from partnerships.models import Participation, Role
from partnerships.timeline import A_PAGE, SOURCES, Kind, Moment, Source, add_sources, timeline_of
from tests.factories import in_role
from tests.integration.decisions.kind_no_data import House, pack, sent, step_down
from tests.integration.decisions.test_pages import signed_in, words
from tests.integration.decisions.test_plan import added
from tests.integration.decisions.test_plan import moved as action_moved
from tests.integration.decisions.test_promises import closed, promise_in
from tests.integration.decisions.test_reviewing import reviewed
from tests.integration.diagnostics.mail_server import MailServer

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def moments(house: House, only: Kind | None = None) -> dict[str, Moment]:
    return {one.title: one for one in timeline_of(house.organisation, [house.one.pk], only=only).moments}


def page_of(house: House, one: Participation, kind: str = "") -> str:
    return f"/o/{house.organisation.code}/partnerships/{one.partnership.slug}/record/timeline/{kind}"


def lived(house: House, post: MailServer | None = None) -> None:
    """One of everything that follows a decision."""
    today = timezone.localdate()
    facts: dict[str, Any] = {"participation": house.one, "by": house.lead}
    pack(house)
    sent(house)
    record_telling(who="Maureen", whom="Asha Rao", how=HowTold.CALL, told_on=today, **facts)
    record_reply(who="Asha Rao", replied_on=today, answer="We had hoped for more.", doing="A call in May.", **facts)
    promise = promise_in(house.one, house.lead)
    due = promise.due_on + 20 * DAY
    version = promise_version(promise)
    move_promise(promise=promise, by=house.lead, due_on=due, reason="The plan is late", expected_version=version)
    promise.refresh_from_db()
    closed(promise, house.lead)
    action = action_moved(added(house.organisation, house.lead), house.lead, PlanState.UNDER_WAY)
    action_moved(action, house.lead, PlanState.DONE)
    added(house.organisation, house.lead, participation=None, what="Something for all")
    reviewed(house.decision, house.executive)


def test_decisions_and_all_that_follows_them_are_on_the_timeline(house: House, post: MailServer) -> None:
    lived(house)
    send_due(house.organisation)
    undo(decision=house.decision, by=house.executive)
    found = moments(house)
    decision = found["Decided: Keep in touch, otherwise than recommended"]
    assert (decision.kind, decision.day, decision.text) == (Kind.DECISIONS, timezone.localdate(), "We have no days")
    assert (decision.did, decision.by) == ("Decided", str(house.executive))
    assert found["Decision undone"].did == "Undone"
    assert "In effect: Keep in touch" in found
    assert found["Letter to Asha Rao"].text == "Alliance 4: what we can do"
    assert found["Told of the decision: Asha Rao"].text == "By telephone or video, by Maureen"
    assert "What we do about it: A call in May." in found["Reply from Asha Rao"].text
    assert found["Promised to the council"].text == "Send the council our bed plan"
    assert [one for one in found if one.startswith("Promise moved from ")]
    assert "The minutes of March" in found["Promise kept"].text
    assert "Looked at again: the decision stays" in found
    assert "Meet the council’s directors" in found["Put into the plan: trust and generosity"].text
    assert "They now write to us first" in found["Action done"].text
    assert not [one for one in found.values() if "Something for all" in one.text]


def test_each_leads_to_its_page_which_a_reader_may_open(house: House, post: MailServer) -> None:
    lived(house)
    send_due(house.organisation)
    reader = signed_in(in_role(house.organisation, Role.READER))
    shown = reader.get(page_of(house, house.one))
    code, slug = house.organisation.code, house.one.partnership.slug
    addresses = {one.page.address(code, slug) for one in timeline_of(house.organisation, [house.one.pk]).moments}
    assert len(addresses) >= 5
    for address in addresses:
        assert f'<a href="{address}">' in shown.content.decode()
        assert reader.get(address).status_code == 200, address


@pytest.mark.parametrize("kind", [Kind.DECISIONS, Kind.REVIEWS, Kind.LETTERS, Kind.PROMISES, Kind.PLAN])
def test_it_can_be_narrowed_to_one_kind(house: House, post: MailServer, kind: Kind) -> None:
    lived(house)
    send_due(house.organisation)
    found = moments(house, kind)
    assert found
    assert {one.kind for one in found.values()} == {kind}
    shown = words(signed_in(house.executive).get(page_of(house, house.one, f"{kind.value}/")))
    assert all(title in shown for title in found)


def test_a_letter_is_there_once_it_left_or_may_have(house: House) -> None:
    sent(house, held=True)
    assert not moments(house, Kind.LETTERS)
    taken = {"state": LetterState.IN_DOUBT, "taken_at": timezone.now()}
    Letter.objects.update(**taken)
    assert list(moments(house, Kind.LETTERS)) == ["Letter to Asha Rao, in doubt whether it left"]


def test_what_was_decided_in_a_duplicate_comes_along(house: House) -> None:
    other = house.organisation.participations.select_related("partnership", "organisation").get(
        partnership__name="Alliance 3"
    )
    step_down(other, house.executive, reason="Of the duplicate")
    merge(duplicate=other, into=house.one, by=house.lead)
    shown = words(signed_in(house.executive).get(page_of(house, house.one, "decisions/")))
    assert "Of the duplicate" in shown
    assert "From the record of Alliance 3 , which was merged into this one." in shown
    assert "Of the duplicate" not in words(signed_in(house.executive).get(page_of(house, other, "promises/")))


def test_more_entries_take_no_more_queries(house: House, post: MailServer) -> None:
    lived(house)
    send_due(house.organisation)
    reader = signed_in(house.executive)
    few = _queries(reader, page_of(house, house.one))
    for number in range(A_PAGE):
        closed(promise_in(house.one, house.lead, what=f"Promise {number}"), house.lead)
    promises = _queries(reader, page_of(house, house.one, "promises/"))
    assert _queries(reader, page_of(house, house.one)) <= few
    assert promises < few
    assert "Older" in words(reader.get(page_of(house, house.one)))
    assert "We have no days" in words(reader.get(page_of(house, house.one, "decisions/")))


def _queries(client: Any, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
        return len(captured)


def test_every_kind_comes_from_somewhere_and_no_name_is_given_twice() -> None:
    assert {source.kind for source in SOURCES.values()} == set(Kind)
    again: dict[str, Source] = {"decision": SOURCES["decision"]}
    with pytest.raises(ValueError, match="has decision already"):
        add_sources(**again)
