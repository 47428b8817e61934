"""What happened in the plan, also what is of no partnership in particular: who, when, what came of it, its effect."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from decisions.actions import close_practice, practice_version
from decisions.models import PlanAction, PlanState, PracticeState
from decisions.plan_history import A_PAGE, history_of
from diagnostics.models import Round
from partnerships.models import Role
from tests.factories import in_role
from tests.integration.decisions.test_pages import at, signed_in, words
from tests.integration.decisions.test_plan import DAY, People, added, moved, one_of, people, quick
from tests.integration.decisions.test_plan_worth import practice_of
from tests.integration.diagnostics.survey_data import closed as closed_survey

__all__ = ["people", "quick"]
pytestmark = pytest.mark.django_db


def test_an_action_of_the_whole_organisation_is_told_from_beginning_to_effect(people: People) -> None:
    organisation, lead, executive = people
    one, today = one_of(organisation), timezone.localdate()
    both = [one, *organisation.participations.exclude(pk=one.pk).order_by("pk")[:1]]
    for each in both:
        closed_survey(each, lead, [2, 2, 1, 2, 3, 2], invited=7)
    Round.objects.update(opened_at=timezone.now() - 70 * DAY, closed_at=timezone.now() - 60 * DAY)
    action = added(organisation, lead, owner=executive, participation=None, begins_on=today)
    PlanAction.objects.update(begins_on=today - 50 * DAY, recorded_at=timezone.now() - 50 * DAY)
    action = moved(PlanAction.objects.get(pk=action.pk), executive, PlanState.UNDER_WAY)
    reader = signed_in(in_role(organisation, Role.READER))
    address = at(organisation, "plan/history/")
    begun = words(reader.get(address))
    assert f"{today - 50 * DAY:%-d %B %Y} Put into the plan: Meet the council’s directors each month" in begun
    assert f"{executive} sees to it, from {today - 50 * DAY:%-d %B %Y}" in begun
    assert f"The whole organisation. Recorded by {lead}." in begun
    assert "Not known yet" in begun
    for each in both:
        closed_survey(each, lead, [5, 5, 4, 5, 5, 5], invited=7)
    moved(action, executive, PlanState.DONE, came_of_it="They write to us first")
    ended = words(reader.get(address))
    first, second = ended.index("Done: Meet the council’s"), ended.index("Put into the plan: Meet")
    assert first < second
    newest = ended[first:second]
    assert "They write to us first" in newest
    assert f"The whole organisation. Recorded by {executive}." in newest
    effect = history_of(organisation).moments[0].effect
    assert effect is not None
    assert f"{effect.movement} {effect.sentence}" in newest
    assert effect.known
    assert "Not known yet" not in ended
    assert f'href="{address}"' in reader.get(at(organisation, "plan/")).content.decode()
    timeline = reader.get(at(organisation, f"partnerships/{one.partnership.slug}/record/timeline/"))
    assert f'href="{address}"' in timeline.content.decode()
    assert "Meet the council’s directors" not in words(timeline)


def test_those_of_a_partnership_and_practices_stand_there_too(people: People) -> None:
    organisation, lead, executive = people
    added(organisation, lead)
    practice = practice_of(organisation, lead, owner=executive)
    address = at(organisation, "plan/history/")
    shown = words(signed_in(lead).get(address))
    assert f"Alliance 4 . Recorded by {lead}." in shown
    assert "To be stopped: Three reports of the same" in shown
    assert f"{executive} sees to it that it stops by {practice.stop_by:%-d %B %Y}." in shown
    version = practice_version(practice)
    close_practice(
        practice=practice, by=lead, state=PracticeState.KEPT, came_of_it="The board reads it", expected_version=version
    )
    shown = words(signed_in(lead).get(address))
    assert "Kept after all: Three reports of the same" in shown
    assert "The board reads it" in shown


def test_with_nothing_in_it_it_says_what_will_stand_there(people: People) -> None:
    client = signed_in(people[1])
    assert "Nothing yet. Actions and practices" in words(client.get(at(people[0], "plan/history/")))
    assert "There is nothing further." in words(client.get(at(people[0], "plan/history/?page=2")))


def test_a_long_history_is_cut_into_pages_of_as_many_queries(people: People) -> None:
    organisation, lead, _ = people
    client, address = signed_in(lead), at(organisation, "plan/history/")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    added(organisation, lead, participation=None, days={}, what="The first")
    PlanAction.objects.update(recorded_at=timezone.now() - datetime.timedelta(days=3))
    queries()
    few = queries()
    for number in range(A_PAGE):
        added(organisation, lead, participation=None, days={}, what=f"Action {number}")
    assert queries() == few
    newest, older = (words(client.get(f"{address}?page={page}")) for page in (1, 2))
    assert newest.count("Put into the plan") == A_PAGE
    assert "The first" not in newest
    assert older.count("Put into the plan") == 1
    assert "The first" in older


@pytest.mark.parametrize("number", [1, 2])
def test_what_is_due_on_the_first_page_counts_the_plan(people: People, number: int) -> None:
    organisation, lead, _ = people
    client, today = signed_in(lead), timezone.localdate()
    facts: dict[str, Any] = {"begins_on": today, "due_on": today}
    for one in range(number):
        added(organisation, lead, what=f"Action {one}", participation=None, **facts)
        practice_of(organisation, lead, what=f"Practice {one}", stop_by=today)
    ended = added(organisation, lead, what="Ended", **facts)
    assert "Nothing is overdue." in words(client.get(at(organisation, "promises/due/")))
    moved(ended, lead, PlanState.STOPPED)
    PlanAction.objects.update(begins_on=today - 9 * DAY, due_on=today - DAY)
    organisation.practices.update(stop_by=today - DAY)
    page = client.get(at(organisation, "promises/due/"), headers={"HX-Request": "true"})
    shown, more = words(page), "s" if number > 1 else ""
    assert f"{number} action{more} of the plan overdue" in shown
    assert f"{number} practice{more} to stop overdue" in shown
    assert "Nothing is overdue." not in shown
    for anchor in ("actions-heading", "practices-heading"):
        assert f'href="{at(organisation, "plan/")}#{anchor}"' in page.content.decode()
        assert f'id="{anchor}"' in client.get(at(organisation, "plan/")).content.decode()
    assert words(client.get(at(organisation, "plan/"))).count("Overdue") >= 2 * number
