import datetime
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError

from partnerships.actions.criteria import change_objectives, change_ways, set_ranking, set_weights
from partnerships.models import ValueRating
from partnerships.organisation_defaults import WAYS as WAYS_AT_FIRST
from tests.factories import PersonFactory
from tests.integration.partnerships.conftest import Desk, form_on, words_of

PATH = "criteria/weights/"
TOP_OF_JOINING_UP = "Everybody whose care we share has one plan, one record and one team to turn to"


def points(desk: Desk, **given: str) -> dict[str, Any]:
    """All points 50, but for those given by the code of an objective or a way."""
    boxes = {f"objective-{one.pk}": given.get(one.code, "50") for one in desk.organisation.objectives.all()}
    ways = desk.organisation.ways_of_creating_value.all()
    return boxes | {f"way-{one.pk}": given.get(one.code.replace("-", "_"), "50") for one in ways}


def given(desk: Desk, **some: str) -> dict[str, Any]:
    """The same, with the question that follows from them answered with yes."""
    return points(desk, **some) | {"answer": "yes"}


def test_until_somebody_sets_weights_everything_counts_the_same_and_the_page_says_so(desk: Desk) -> None:
    page = words_of(desk.get("criteria/"))
    assert "Nobody has set weights yet, so every objective and every way counts the same." in page
    assert page.count("Equal") == 8
    assert "From nothing at all (0) to: A lasting, measured gain for most of the patients we serve (100)" in page
    assert f"From nothing at all (0) to: {TOP_OF_JOINING_UP} (100)" in page


def test_each_decision_maker_has_weights_of_their_own(desk: Desk) -> None:
    executive = desk.as_(desk.executive)
    data = form_on(executive.get(PATH)) | given(executive, patients="100", equity="60", staff="40", money="0")
    assert executive.post(PATH, data).status_code == 302
    page = words_of(desk.get("criteria/"))
    assert f"{desk.executive} 50%" in page
    assert f"{desk.executive} 0%" in page
    assert f"{desk.lead}:" in page
    assert "not set yet, so not counted" in page
    assert not desk.organisation.objective_weights.filter(decision_maker=desk.lead).exists()
    assert desk.organisation.objective_weights.get(objective__code="equity").points == Decimal(60)
    assert desk.organisation.way_weights.count() == 4


def test_weights_are_changed_in_place(desk: Desk) -> None:
    desk.post(PATH, form_on(desk.get(PATH)) | given(desk))
    again = form_on(desk.get(PATH))
    assert set(again.values()) >= {"50"}
    desk.post(PATH, again | given(desk, money="75"))
    assert desk.organisation.objective_weights.count() == 4
    assert desk.organisation.objective_weights.get(objective__code="money").points == Decimal(75)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"patients": "lots"}, "Enter points for Better care for patients as a number from 0 to 100."),
        ({"patients": "101"}, "Enter points from 0 to 100 for Better care for patients."),
        ({"patients": "-1"}, "Enter points from 0 to 100 for Better care for patients."),
        (
            {"patients": ""},
            "Enter points from 0 to 100 for Better care for patients. 0 means that it does not matter to you.",
        ),
        (
            dict.fromkeys(("patients", "equity", "staff", "money"), "0"),
            "Give at least one objective more than 0",
        ),
        (dict.fromkeys(("join_up", "learn", "pool", "align"), "0"), "Give at least one way more than 0 points."),
    ],
)
def test_weights_that_cannot_be_are_explained(desk: Desk, typed: dict[str, str], says: str) -> None:
    page = words_of(desk.post(PATH, form_on(desk.get(PATH)) | points(desk, **typed)))
    assert says in page
    assert not desk.organisation.objective_weights.exists()


def test_the_action_refuses_no_weight_at_all_and_people_who_do_not_decide(desk: Desk) -> None:
    nothing = {one.pk: Decimal(0) for one in desk.organisation.objectives.all()}
    with pytest.raises(ValidationError, match="more than 0 points"):
        set_weights(organisation=desk.organisation, by=desk.lead, objective_points=nothing, way_points={})
    with pytest.raises(PermissionDenied):
        set_weights(organisation=desk.organisation, by=PersonFactory.create(), objective_points=nothing, way_points={})


def test_two_tabs_of_one_person(desk: Desk) -> None:
    data = form_on(desk.get(PATH))
    desk.post(PATH, data | given(desk))
    page = desk.post(PATH, data | given(desk, money="10"))
    assert [(one.label, one.stored, one.typed) for one in page.context["form"].differences] == [
        ("Money well spent", "50", "10")
    ]


def test_the_points_are_read_back_as_a_question_before_they_count(desk: Desk) -> None:
    data = form_on(desk.get(PATH)) | points(desk, patients="100", equity="50", staff="30", money="0", learn="7")
    asked = words_of(desk.post(PATH, data))
    assert "Is that what you mean?" in asked
    assert "You gave Better care for patients 100 and Fairer access and outcomes 50." in asked
    assert (
        "So going from nothing to the top on Better care for patients (A lasting, measured gain for most of the "
        "patients we serve) is worth twice as much to you as going from nothing to the top on Fairer access and "
        "outcomes (The gap for our worst-served communities is halved)." in asked
    )
    assert not desk.organisation.objective_weights.exists()
    carried = form_on(desk.post(PATH, data))
    back = desk.post(PATH, carried | {"answer": "no"})
    assert "Set my weights" in words_of(back)
    assert "Error:" not in words_of(back)
    assert form_on(back) == carried == data
    assert not desk.organisation.objective_weights.exists()
    assert desk.post(PATH, carried | {"answer": "yes"}).status_code == 302
    assert desk.organisation.way_weights.get(way__code="learn").points == Decimal(7)


def test_points_on_ways_are_asked_about_on_the_same_page_and_one_yes_answers_both(desk: Desk) -> None:
    data = form_on(desk.get(PATH)) | points(desk, patients="100", join_up="100", pool="0", align="100")
    asked = words_of(desk.post(PATH, data))
    assert "You gave Better care for patients 100 and Fairer access and outcomes 50." in asked
    assert "You gave Join up care 100 and Learn and improve together 50." in asked
    assert (
        f"So going from nothing to the top on Join up care ({TOP_OF_JOINING_UP}) is worth twice as much to you as "
        "going from nothing to the top on Learn and improve together (" in asked
    )
    assert "Yes to both, save my weights" in asked
    assert not desk.organisation.way_weights.exists()
    assert desk.post(PATH, form_on(desk.post(PATH, data)) | {"answer": "yes"}).status_code == 302
    assert desk.organisation.objective_weights.count() == desk.organisation.way_weights.count() == 4


def test_a_list_that_stays_ranked_is_not_asked_about(desk: Desk) -> None:
    places = ranked(desk, patients=1, equity=2, staff=3, money=4) | ranked_ways(desk, **WAYS)
    desk.post(RANKING, form_on(desk.get(RANKING)) | places)
    on_ways = {name: value for name, value in points(desk, pool="0").items() if name.startswith("way-")}
    asked = words_of(desk.post(PATH, form_on(desk.get(PATH)) | on_ways))
    assert "You gave no points to Pool strength." in asked
    assert "So whatever a partnership adds in that way counts for nothing." in asked
    assert "Better care for patients" not in asked
    assert "Yes, save my weights" in asked


def test_the_page_names_both_ends_and_asks_in_the_order_of_the_swings(desk: Desk) -> None:
    page = words_of(desk.get(PATH))
    assert "From nothing at all (0) to: The gap for our worst-served communities is halved (100)" in page
    of_joining_up = f"used to meet several. From nothing at all (0) to: {TOP_OF_JOINING_UP} (100)"
    assert of_joining_up in page
    assert of_joining_up in words_of(desk.get(RANKING))
    first, *_, last = desk.organisation.objectives.all()
    assert page.index(first.name) < page.index(last.name)
    asked = words_of(desk.get(f"{PATH}?order={last.pk},{first.pk},x,٣"))
    assert asked.index(last.name) < asked.index(first.name)
    desk.post(PATH, form_on(desk.get(PATH)) | given(desk, money="100", patients="10"))
    again = words_of(desk.get(PATH))
    assert again.index("Money well spent") < again.index("Better care for patients")


RANKING = "criteria/ranking/"


def ranked(desk: Desk, **places: int) -> dict[str, str]:
    return {f"objective-{one.pk}": str(places[one.code]) for one in desk.organisation.objectives.all()}


def test_a_ranking_is_kept_as_a_ranking(desk: Desk) -> None:
    desk.post(PATH, form_on(desk.get(PATH)) | given(desk))
    data = form_on(desk.get(RANKING)) | ranked(desk, patients=3, equity=1, staff=3, money=4)
    assert desk.post(RANKING, data).status_code == 302
    places = dict(desk.organisation.objective_ranks.values_list("objective__code", "place"))
    assert places == {"patients": 2, "equity": 1, "staff": 2, "money": 3}
    assert not desk.organisation.objective_weights.exists()
    assert desk.organisation.way_weights.count() == 4
    page = words_of(desk.get("criteria/"))
    assert f"{desk.lead}: place 1" in page
    assert "ranked the objectives on" in page
    assert "ranked the objectives and the ways" not in page
    assert "Change my weights" in page
    assert "Nobody has set weights yet" not in page


def test_objectives_that_came_after_a_ranking_are_named(desk: Desk) -> None:
    desk.post(RANKING, form_on(desk.get(RANKING)) | ranked(desk, patients=4, equity=1, staff=2, money=3))
    assert "as last" not in words_of(desk.get("criteria/"))
    new = {"name": "A greener NHS", "top_of_range": "Net zero"}
    change_objectives(organisation=desk.organisation, by=desk.lead, changes={}, added=new)
    assert "without points; A greener NHS came later and counts as last" in words_of(desk.get("criteria/"))


def test_points_take_the_place_of_a_ranking(desk: Desk) -> None:
    desk.post(RANKING, form_on(desk.get(RANKING)) | ranked(desk, patients=4, equity=1, staff=2, money=3))
    page = words_of(desk.get(PATH))
    assert page.index("Fairer access and outcomes") < page.index("Better care for patients")
    desk.post(PATH, form_on(desk.get(PATH)) | given(desk))
    assert not desk.organisation.objective_ranks.exists()


def test_from_the_ranking_one_goes_on_to_points_in_that_order(desk: Desk) -> None:
    data = form_on(desk.get(RANKING)) | ranked(desk, patients=4, equity=1, staff=2, money=3) | {"points": "yes"}
    codes = ("equity", "staff", "money", "patients")
    ids = [str(desk.organisation.objectives.get(code=code).pk) for code in codes]
    assert desk.post(RANKING, data)["Location"] == desk.at(f"{PATH}?order={','.join(ids)}&ways=")
    assert not desk.organisation.objective_ranks.exists()


def test_a_ranking_with_a_gap_is_explained_and_two_tabs_are_told(desk: Desk) -> None:
    data = form_on(desk.get(RANKING))
    page = words_of(desk.post(RANKING, data))
    assert "(optional)" not in page
    assert "Error: Rank what matters" in page
    assert "Rank the objectives, the ways of creating value, or both." in page
    some = words_of(desk.post(RANKING, data | {f"objective-{desk.organisation.objectives.all()[0].pk}": "1"}))
    assert "Choose a place for Money well spent." in some
    whole = ranked(desk, patients=1, equity=2, staff=3, money=4)
    desk.post(RANKING, data | whole)
    told = desk.post(RANKING, data | ranked(desk, patients=2, equity=2, staff=3, money=4))
    assert [(one.label, one.stored, one.typed) for one in told.context["form"].differences] == [
        ("Better care for patients", "1, matters most", "2")
    ]


def ranked_ways(desk: Desk, **places: int) -> dict[str, str]:
    ways = desk.organisation.ways_of_creating_value.all()
    return {f"way-{one.pk}": str(places[one.code.replace("-", "_")]) for one in ways}


WAYS = {"join_up": 1, "learn": 3, "pool": 3, "align": 4}


def test_the_ways_are_ranked_too_and_their_points_make_way(desk: Desk) -> None:
    desk.post(PATH, form_on(desk.get(PATH)) | given(desk))
    data = form_on(desk.get(RANKING)) | ranked_ways(desk, **WAYS)
    assert desk.post(RANKING, data).status_code == 302
    places = dict(desk.organisation.way_ranks.values_list("way__code", "place"))
    assert places == {"join-up": 1, "learn": 2, "pool": 2, "align": 3}
    assert not desk.organisation.way_weights.exists()
    assert desk.organisation.objective_weights.count() == 4
    page = words_of(desk.get("criteria/"))
    assert "ranked the ways on" in page
    assert page.count(f"{desk.lead}: place 2") == 2
    assert f"{desk.lead} 25%" in page
    boxes = form_on(desk.get(RANKING))
    assert sorted(value for name, value in boxes.items() if name.startswith("way-")) == ["1", "2", "2", "3"]


def test_ways_alone_are_no_ranking_until_the_objectives_have_their_weights(desk: Desk) -> None:
    page = words_of(desk.post(RANKING, form_on(desk.get(RANKING)) | ranked_ways(desk, **WAYS)))
    assert "Rank the objectives too, or give them points: without them the ways do not count." in page
    assert not desk.organisation.way_ranks.exists()


def test_who_has_ranked_a_list_may_leave_its_points_blank(desk: Desk) -> None:
    places = ranked(desk, patients=1, equity=2, staff=3, money=4) | ranked_ways(desk, **WAYS)
    desk.post(RANKING, form_on(desk.get(RANKING)) | places)
    page = words_of(desk.get(PATH))
    assert "You have ranked the objectives. Leave all of these blank to keep that ranking." in page
    assert "You have ranked the ways. Leave all of these blank to keep that ranking." in page
    all_points = given(desk, money="75")
    on_objectives = {name: value for name, value in all_points.items() if not name.startswith("way-")}
    assert desk.post(PATH, form_on(desk.get(PATH)) | on_objectives).status_code == 302
    assert desk.organisation.objective_weights.count() == desk.organisation.way_ranks.count() == 4
    assert not desk.organisation.objective_ranks.exists()
    first = next(name for name in all_points if name.startswith("way-"))
    half = words_of(desk.post(PATH, form_on(desk.get(PATH)) | on_objectives | {first: "10"}))
    for name in ("Learn and improve together", "Pool strength", "Align for wider change"):
        assert f"Enter points from 0 to 100 for {name}. 0 means that it does not matter to you." in half
    assert desk.post(PATH, form_on(desk.get(PATH)) | all_points).status_code == 302
    assert not desk.organisation.way_ranks.exists()
    assert desk.organisation.way_weights.count() == 4


def test_who_ranked_both_and_gives_no_points_keeps_the_ranking(
    desk: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    places = ranked(desk, patients=1, equity=2, staff=3, money=4) | ranked_ways(desk, **WAYS)
    desk.post(RANKING, form_on(desk.get(RANKING)) | places)
    said = [list(rows.values()) for rows in (desk.organisation.objective_ranks, desk.organisation.way_ranks)]
    with django_capture_on_commit_callbacks() as announced:
        answer = desk.post(PATH, form_on(desk.get(PATH)))
    assert answer.status_code == 302
    page = words_of(desk.client.get(answer["Location"]))
    assert "Your ranking is kept as it was." in page
    assert "Your weights are saved." not in page
    assert announced == []
    assert said == [list(rows.values()) for rows in (desk.organisation.objective_ranks, desk.organisation.way_ranks)]


def test_a_name_with_a_per_cent_sign_is_named_as_it_is(desk: Desk) -> None:
    desk.organisation.objectives.filter(code="money").update(name="Save 1% more")
    page = words_of(desk.post(PATH, form_on(desk.get(PATH)) | points(desk, money="101")))
    assert "Enter points from 0 to 100 for Save 1% more." in page
    page = words_of(desk.post(PATH, form_on(desk.get(PATH)) | points(desk, money="")))
    assert "Enter points from 0 to 100 for Save 1% more. 0 means" in page


def test_each_list_has_the_day_on_which_it_was_said(desk: Desk) -> None:
    earlier, later = (datetime.datetime(2026, 5, day, 12, tzinfo=datetime.UTC) for day in (2, 9))
    places = ranked(desk, patients=1, equity=2, staff=3, money=4) | ranked_ways(desk, **WAYS)
    desk.post(RANKING, form_on(desk.get(RANKING)) | places)
    desk.organisation.objective_ranks.update(updated_at=earlier)
    desk.organisation.way_ranks.update(updated_at=earlier)
    both = "ranked the objectives and the ways on 2 May 2026, without points"
    assert both in words_of(desk.get("criteria/"))
    desk.organisation.way_ranks.update(updated_at=later)
    apart = "ranked the objectives on 2 May 2026 and the ways on 9 May 2026, without points"
    assert apart in words_of(desk.get("criteria/"))
    on_objectives = {box: value for box, value in given(desk).items() if not box.startswith("way-")}
    desk.post(PATH, form_on(desk.get(PATH)) | on_objectives)
    desk.organisation.objective_weights.update(updated_at=earlier)
    mixed = "ranked the ways on 9 May 2026, without points; set points on the objectives on 2 May 2026"
    assert mixed in words_of(desk.get("criteria/"))
    desk.post(PATH, form_on(desk.get(PATH)) | given(desk))
    desk.organisation.objective_weights.update(updated_at=earlier)
    desk.organisation.way_weights.update(updated_at=earlier)
    assert "set on 2 May 2026" in words_of(desk.get("criteria/"))
    desk.organisation.way_weights.update(updated_at=later)
    weighed = "set points on the objectives on 2 May 2026 and the ways on 9 May 2026"
    assert weighed in words_of(desk.get("criteria/"))


def test_from_the_ranking_of_ways_one_goes_on_to_points_in_that_order(desk: Desk) -> None:
    places = ranked(desk, patients=4, equity=1, staff=2, money=3) | ranked_ways(desk, **WAYS) | {"points": "yes"}
    onwards = desk.post(RANKING, form_on(desk.get(RANKING)) | places)["Location"]
    ids = [
        str(desk.organisation.ways_of_creating_value.get(code=code).pk)
        for code in ("join-up", "learn", "pool", "align")
    ]
    assert onwards.endswith(f"&ways={','.join(ids)}")
    backwards = onwards.replace(",".join(ids), ",".join(reversed(ids)))
    asked = words_of(desk.client.get(backwards))
    names = [desk.organisation.ways_of_creating_value.get(pk=pk).name for pk in reversed(ids)]
    assert sorted(names, key=asked.index) == names


def test_the_action_ranks_every_objective_and_only_for_those_who_decide(desk: Desk) -> None:
    some = {desk.organisation.objectives.all()[0].pk: 1}
    way = {desk.organisation.ways_of_creating_value.all()[0].pk: 1}
    for objectives, ways, says in (
        (some, {}, "Give every objective a place"),
        ({}, way, "Give every way of creating value a place"),
        ({}, {}, "Rank the objectives, the ways of creating value, or both"),
    ):
        with pytest.raises(ValidationError, match=says):
            set_ranking(organisation=desk.organisation, by=desk.lead, objective_places=objectives, way_places=ways)
    with pytest.raises(PermissionDenied):
        set_ranking(organisation=desk.organisation, by=PersonFactory.create(), objective_places=some, way_places={})


def test_objectives_are_reworded_added_and_removed(desk: Desk) -> None:
    path = "criteria/objectives/"
    first, last = desk.organisation.objectives.first(), desk.organisation.objectives.last()
    assert first
    assert last
    assert "Add an objective" in words_of(desk.get(path))
    data = form_on(desk.get(path)) | {
        f"row-{first.pk}-top_of_range": "Everybody is well",
        f"row-{last.pk}-remove": "on",
        "row-new-name": "A greener NHS",
        "row-new-top_of_range": "Net zero by 2030",
    }
    assert desk.post(path, data).status_code == 302
    names = list(desk.organisation.objectives.values_list("code", "top_of_range"))
    assert names[0] == ("patients", "Everybody is well")
    assert names[-1] == ("a-greener-nhs", "Net zero by 2030")
    assert len(names) == 4


def test_an_objective_without_the_top_of_its_range_is_refused(desk: Desk) -> None:
    page = words_of(
        desk.post("criteria/objectives/", form_on(desk.get("criteria/objectives/")) | {"row-new-name": "X"})
    )
    assert "Enter “What 100 means” of the new objective too, or clear it." in page


def test_what_is_rated_on_is_not_removed(desk: Desk) -> None:
    objective, way = desk.organisation.objectives.first(), desk.organisation.ways_of_creating_value.first()
    assert objective
    assert way
    ValueRating.objects.create(
        organisation=desk.organisation, participation=desk.participation(), objective=objective, way=way
    )
    assert f"row-{objective.pk}-remove" not in words_of(desk.get("criteria/objectives/"))
    assert f"row-{way.pk}-remove" not in words_of(desk.get("criteria/ways/"))
    for change, row in ((change_objectives, objective), (change_ways, way)):
        with pytest.raises(ValidationError, match="Reword it instead"):
            change(organisation=desk.organisation, by=desk.lead, changes={}, removed=frozenset({row.pk}))


def test_one_must_be_left(desk: Desk) -> None:
    everything = frozenset(desk.organisation.ways_of_creating_value.values_list("pk", flat=True))
    with pytest.raises(ValidationError, match="Keep at least one"):
        change_ways(organisation=desk.organisation, by=desk.lead, changes={}, removed=everything)
    assert desk.organisation.ways_of_creating_value.count() == 4


def test_ways_are_reworded(desk: Desk) -> None:
    path = "criteria/ways/"
    first = desk.organisation.ways_of_creating_value.first()
    assert first
    assert desk.post(path, form_on(desk.get(path)) | {f"row-{first.pk}-name": "<i>Join</i>"}).status_code == 302
    assert "&lt;i&gt;Join&lt;/i&gt;" in words_of(desk.get("criteria/"))


def test_a_way_has_the_top_of_its_range_named(desk: Desk) -> None:
    path = "criteria/ways/"
    first = desk.organisation.ways_of_creating_value.get(code="join-up")
    blank = {f"row-{first.pk}-top_of_range": "", "row-new-name": "Train together"}
    page = words_of(desk.post(path, form_on(desk.get(path)) | blank))
    assert "Enter what 100 means." in page
    assert "Enter “What 100 means” of the new way too, or clear it." in page
    named = {f"row-{first.pk}-top_of_range": "One door for everybody", f"row-{first.pk}-description": ""}
    added = {"row-new-name": "Train together", "row-new-top_of_range": "Every post is filled from our own courses"}
    assert desk.post(path, form_on(desk.get(path)) | named | added).status_code == 302
    assert desk.organisation.ways_of_creating_value.get(name="Train together").top_of_range.startswith("Every post")
    for shown in (PATH, RANKING, "criteria/"):
        assert "From nothing at all (0) to: One door for everybody (100)" in words_of(desk.get(shown))


def test_who_changes_what_100_means_meanwhile_is_not_overwritten(desk: Desk) -> None:
    path = "criteria/ways/"
    first = desk.organisation.ways_of_creating_value.get(code="join-up")
    data = form_on(desk.get(path))
    desk.post(path, data | {f"row-{first.pk}-top_of_range": "One door for everybody"})
    told = desk.post(path, data | {f"row-{first.pk}-top_of_range": "One record for everybody"})
    assert [(one.stored, one.typed) for one in told.context["form"].differences] == [
        ("One door for everybody", "One record for everybody")
    ]


def test_ways_of_before_their_tops_were_named_get_one(desk: Desk) -> None:
    migration = import_module("partnerships.migrations.0023_what_100_means_on_a_way")
    ways = desk.organisation.ways_of_creating_value
    ways.filter(code="learn").update(name="Research together")
    ways.filter(code="pool").update(name="Buy together", description="")
    ways.filter(code="align").update(name="Act as one", description="x" * 250)
    ways.update(top_of_range="")
    kept = ways.create(code="kept", name="Kept", top_of_range="As it was")
    migration.name_tops(apps, None)
    tops = dict(ways.values_list("code", "top_of_range"))
    assert tops == {
        "join-up": TOP_OF_JOINING_UP,
        "learn": "all that it could be: What works in one place is known and used in the others",
        "pool": "all that it could be. Nobody has said yet what that is: say it under “Change ways of creating value”",
        "align": "x" * 250,
        "kept": kept.top_of_range,
    }


def test_the_first_ways_are_called_in_the_migration_as_in_a_new_organisation() -> None:
    migration = import_module("partnerships.migrations.0023_what_100_means_on_a_way")
    assert {(way.code, way.name): way.top_of_range for way in WAYS_AT_FIRST} == migration.FIRST_WAYS
