"""What has moved since an action began: the words for every case, and nothing that the surveys do not show."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from decisions.actions import plan_version
from decisions.effect import Effect, Movement, effects_of
from decisions.models import Characteristic, PlanAction
from diagnostics.actions import close_round
from diagnostics.models import MeanOver, Round
from diagnostics.results import results_of
from partnerships.models import Organisation, Participation
from tests.integration.decisions.test_pages import at, signed_in, words
from tests.integration.decisions.test_plan import DAY, People, added, one_of, people, quick
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.survey_data import ITEMS, closed, opened
from tests.integration.diagnostics.test_mean_over import counting

__all__ = ["people", "quick"]
pytestmark = pytest.mark.django_db
LOW, HIGH = [2, 2, 3, 2, 2, 2, 3], [4, 5, 4, 4, 5, 4, 4]
TRUST = {one for one in ITEMS if one.startswith("TRU")}


def effect(organisation: Organisation, action: PlanAction) -> Effect:
    action.refresh_from_db()
    return effects_of(organisation, [action])[action.pk]


def ago(round_: Round, days: int) -> Round:
    """As if it had closed so many days ago."""
    Round.objects.filter(pk=round_.pk).update(closed_at=timezone.now() - days * DAY)
    return round_


def begun(action: PlanAction, days: int) -> PlanAction:
    """As if the work had begun so many days ago."""
    PlanAction.objects.filter(pk=action.pk).update(begins_on=timezone.localdate() - days * DAY)
    return action


def test_a_rise_beyond_chance_is_said_with_its_interval_and_without_a_cause(people: People) -> None:
    organisation, lead, _ = people
    one = one_of(organisation)
    closed(one, lead, LOW)
    action = added(organisation, lead)
    closed(one, lead, HIGH)
    found = effect(organisation, action)
    assert found.movement == Movement.UP
    assert "It rose by 2.0, from 2.3 to 4.3 between the surveys that closed on" in found.sentence
    assert "95% interval of the change: +" in found.sentence
    assert "No survey tells why" in found.sentence
    assert "because" not in found.sentence
    for address in ("plan/", f"plan/actions/{action.pk}/"):
        page = words(signed_in(lead).get(at(organisation, address)))
        assert "Moved up" in page
        assert "It rose by 2.0" in page


def test_a_fall_is_said_as_plainly(people: People) -> None:
    organisation, lead, _ = people
    closed(one_of(organisation), lead, HIGH)
    action = added(organisation, lead)
    closed(one_of(organisation), lead, LOW)
    found = effect(organisation, action)
    assert (found.movement, "It fell by 2.0" in found.sentence) == (Movement.DOWN, True)


def test_no_more_than_chance(people: People) -> None:
    organisation, lead, _ = people
    closed(one_of(organisation), lead, [3, 4, 3, 4, 3, 4, 3])
    action = added(organisation, lead)
    closed(one_of(organisation), lead, [4, 4, 3, 4, 3, 4, 3])
    found = effect(organisation, action)
    assert found.movement == Movement.NOT_BEYOND
    assert "no more than chance would do" in found.sentence


def test_only_its_own_characteristic_counts(people: People) -> None:
    organisation, lead, _ = people
    one = one_of(organisation)
    closed(one, lead, LOW)
    about_trust = added(organisation, lead)
    about_focus = added(organisation, lead, characteristic=Characteristic.FOCUS)
    trusted = [{item: 5 if item in TRUST else value for item in ITEMS} for value in LOW]
    assert TRUST
    closed(one, lead, trusted)
    assert effect(organisation, about_trust).movement == Movement.UP
    assert effect(organisation, about_focus).movement == Movement.NOT_BEYOND


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("nothing", "No survey with enough answers had closed when the work began"),
        ("none since", "No survey has closed since the work began"),
        ("open", "The next survey is open"),
        ("few", "with fewer than 5 answers, which shows nothing"),
        ("ahead", "Work begins on"),
    ],
)
def test_what_is_not_known_yet_says_why(people: People, case: str, sentence: str) -> None:
    organisation, lead, _ = people
    one = one_of(organisation)
    if case != "nothing":
        closed(one, lead, LOW)
    later = timezone.localdate() + 5 * DAY
    action = added(organisation, lead, **({"begins_on": later} if case == "ahead" else {}))
    if case == "open":
        opened(one, lead)
    if case == "few":
        made, _links = opened(one, lead)
        close_round(round=made, by=lead)
    if case in {"nothing", "ahead"}:
        closed(one, lead, HIGH)
    found = effect(organisation, action)
    assert found.movement == Movement.UNKNOWN
    assert sentence in found.sentence
    assert "4.3" not in found.sentence


def test_where_too_few_had_a_view_nothing_is_told(people: People) -> None:
    organisation, lead, _ = people
    one = one_of(organisation)
    closed(one, lead, LOW)
    action = added(organisation, lead)
    silent = [{item: None if item in TRUST and number > 3 else 5 for item in ITEMS} for number in range(7)]
    closed(one, lead, silent)
    found = effect(organisation, action)
    assert found.movement == Movement.UNKNOWN
    assert "too few people had a view" in found.sentence


def counted(people: People, answers: dict[str, list[int]], mean_over: MeanOver) -> Round:
    organisation, lead, executive = people
    return counting(Setting(organisation, lead, executive, one_of(organisation)), answers, mean_over)


def test_where_one_counts_people_and_the_other_organisations_that_is_why_nothing_is_told(people: People) -> None:
    organisation, lead, _ = people
    answers = {"Trust": [2, 2, 3, 2, 2, 3], "Council": [3, 3, 4, 3, 3, 4]}
    counted(people, answers, MeanOver.PEOPLE)
    action = added(organisation, lead)
    counted(people, answers, MeanOver.ORGANISATIONS)
    found = effect(organisation, action)
    assert found.movement == Movement.UNKNOWN
    assert "in one each person counts once and in the other each organisation" in found.sentence
    assert "too few people" not in found.sentence


def test_for_the_whole_organisation_surveys_that_cannot_be_compared_are_said_to_be_there(people: People) -> None:
    organisation, lead, _ = people
    answers = {"Trust": [2, 2, 3, 2, 2, 3], "Council": [3, 3, 4, 3, 3, 4]}
    counted(people, answers, MeanOver.PEOPLE)
    action = added(organisation, lead, participation=None)
    counted(people, answers, MeanOver.ORGANISATIONS)
    said = effect(organisation, action).sentence
    assert said.startswith("1 partnership was surveyed both before the work began and since, but")
    assert "or their means do not count the same" in said


def test_what_it_stood_at_reaches_as_far_as_the_survey_says_where_some_did_not_answer(people: People) -> None:
    organisation, lead, _ = people
    made = counted(people, {"Trust": [1, 2, 3], "Council": [4, 5, 3]}, MeanOver.PEOPLE)
    action = added(organisation, lead)
    results = results_of(made)
    assert results is not None
    estimate = next(line.estimate for line in results.characteristics if line.code == action.characteristic)
    assert estimate is not None
    assert estimate.high - estimate.low > 1
    reach = f"(95% interval {estimate.low:.1f} to {estimate.high:.1f})"
    assert f"It stood at {estimate.mean:.1f} on 1 to 5 {reach}" in effect(organisation, action).sentence


def test_where_both_count_organisations_it_is_said_with_the_change(people: People) -> None:
    organisation, lead, _ = people
    counted(people, {"Trust": [2, 2, 3, 2, 2, 3], "Council": [3, 3, 2, 3, 2, 3]}, MeanOver.ORGANISATIONS)
    action = added(organisation, lead)
    counted(people, {"Trust": [5, 4, 5, 4, 5, 4], "Council": [4, 5, 4, 5, 4, 5]}, MeanOver.ORGANISATIONS)
    found = effect(organisation, action)
    assert found.movement == Movement.UP
    assert "from 2.5 to 4.5 (the mean over the same organisations, each counting once) between" in found.sentence


def test_what_it_starts_from_is_said_until_a_survey_tells_and_never_beyond_the_threshold(people: People) -> None:
    organisation, lead, _ = people
    one = one_of(organisation)
    closed(one, lead, LOW)
    assert "It stood at 2.3 on 1 to 5 (95% interval " in effect(organisation, added(organisation, lead)).sentence
    silent = [{item: None if item in TRUST and number > 3 else 5 for item in ITEMS} for number in range(7)]
    closed(one, lead, silent)
    later = added(organisation, lead, what="Something else")
    about_focus = added(organisation, lead, what="Something more", characteristic=Characteristic.FOCUS)
    assert effect(organisation, later).sentence == "No survey has closed since the work began. The next one tells."
    assert "It stood at 5.0" in effect(organisation, about_focus).sentence


def test_the_newest_survey_since_stands_beside_the_last_before(people: People) -> None:
    organisation, lead, _ = people
    one = one_of(organisation)
    ago(closed(one, lead, HIGH), 300)
    before = ago(closed(one, lead, LOW), 200)
    ago(closed(one, lead, LOW), 90)
    newest = ago(closed(one, lead, HIGH), 10)
    action = begun(added(organisation, lead), 100)
    found = effect(organisation, action)
    assert [found.movement, *found.rounds] == [Movement.UP, before, newest]


def test_a_survey_of_the_day_on_which_the_work_began_counts_as_before(people: People) -> None:
    """Unless it was put into the plan on that day, when the moment tells."""
    organisation, lead, _ = people
    one = one_of(organisation)
    closed(one, lead, LOW)
    action = begun(added(organisation, lead), 1)
    midnight = timezone.make_aware(datetime.datetime.combine(timezone.localdate() - DAY, datetime.time.min))
    Round.objects.filter(participation=one).update(closed_at=midnight - datetime.timedelta(minutes=1))
    closed(one, lead, HIGH)
    assert effect(organisation, action).movement == Movement.UP


def test_a_survey_that_was_open_as_the_work_began_is_of_neither_side(people: People) -> None:
    organisation, lead, _ = people
    one = one_of(organisation)
    closed(one, lead, LOW)
    Round.objects.update(opened_at=timezone.now() - 60 * DAY, closed_at=timezone.now() - 30 * DAY)
    action = begun(added(organisation, lead), 5)
    straddling = closed(one, lead, HIGH)
    Round.objects.filter(pk=straddling.pk).update(opened_at=timezone.now() - 20 * DAY)
    found = effect(organisation, action)
    assert found.movement == Movement.UNKNOWN
    assert "It stood at 2.3" in found.sentence
    assert "was open as the work began was answered before, too" in found.sentence
    after = closed(one, lead, HIGH)
    found = effect(organisation, action)
    assert [found.movement, found.rounds[1]] == [Movement.UP, after]


def test_the_whole_organisation_has_not_moved_up_where_one_of_its_partnerships_has(people: People) -> None:
    organisation, lead, _ = people
    every = list(organisation.participations.order_by("partnership__name"))
    for one in every:
        closed(one, lead, LOW)
    action = added(organisation, lead, participation=None)
    assert "No partnership has been surveyed both before" in effect(organisation, action).sentence
    closed(every[0], lead, HIGH)
    assert effect(organisation, action).movement == Movement.UNKNOWN
    assert "One partnership alone can be compared before and since" in effect(organisation, action).sentence
    for one in every[1:]:
        closed(one, lead, LOW)
    found = effect(organisation, action)
    assert found.movement == Movement.NOT_BEYOND
    # One went up by 2.0 (from 2.29 to 4.29) and four did not move: the mean by 0.4.
    assert (
        "Over the 5 partnerships that can be compared before and since, the mean went from 2.3 to 2.7" in found.sentence
    )
    assert "no more than chance would do (95% interval of the change: −0.7 to +1.5)" in found.sentence
    assert "it rose in 1 (Alliance 0) and fell in none of them" in found.sentence
    assert found.known == {one.pk for one in every}
    assert (found.up, found.down) == (frozenset({every[0].pk}), frozenset())


def test_the_whole_organisation_has_moved_up_where_the_mean_has(people: People) -> None:
    organisation, lead, _ = people
    three = list(organisation.participations.order_by("partnership__name"))[:3]
    for one in three:
        closed(one, lead, LOW)
    action = added(organisation, lead, participation=None)
    for one in three:
        closed(one, lead, HIGH)
    found = effect(organisation, action)
    assert found.movement == Movement.UP
    assert "the mean rose from 2.3 to 4.3: more than chance would do" in found.sentence
    assert "it rose in 3 (Alliance 0, Alliance 1 and Alliance 2) and fell in none of them" in found.sentence


def test_the_page_counts_partnerships_and_not_actions(people: People) -> None:
    organisation, lead, _ = people
    one, other = organisation.participations.order_by("-partnership__name")[:2]
    for each in (one, other):
        closed(each, lead, LOW)
    added(organisation, lead)
    added(organisation, lead, what="Something else", characteristic=Characteristic.FOCUS)
    added(organisation, lead, what="Something more", participation=other)
    closed(one, lead, HIGH)
    closed(other, lead, LOW)
    said = words(signed_in(lead).get(at(organisation, "plan/")))
    assert "Of 2 partnerships surveyed before the work began and since, what it is about moved up in 1 and" in said
    assert "down in none by more than chance would do" in said


def test_a_survey_of_partners_about_us_tells_nothing_of_it(people: People) -> None:
    from diagnostics.models import Subject

    organisation, lead, _ = people
    one: Participation = one_of(organisation)
    closed(one, lead, LOW)
    action = added(organisation, lead)
    closed(one, lead, HIGH, subject=Subject.BY_PARTNERS)
    assert effect(organisation, action).movement == Movement.UNKNOWN


def test_the_version_of_an_action_does_not_hang_on_surveys(people: People) -> None:
    organisation, lead, _ = people
    action = added(organisation, lead)
    before: Any = plan_version(action)
    closed(one_of(organisation), lead, HIGH)
    assert plan_version(PlanAction.objects.get(pk=action.pk)) == before
