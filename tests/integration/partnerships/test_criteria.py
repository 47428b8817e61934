from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from partnerships.actions.criteria import change_objectives, change_ways, set_weights
from partnerships.models import ValueRating
from tests.factories import PersonFactory
from tests.integration.partnerships.conftest import Desk, form_on, words_of

PATH = "criteria/weights/"


def points(desk: Desk, **given: str) -> dict[str, Any]:
    """All points 50, but for those given by the code of an objective or a way."""
    boxes = {f"objective-{one.pk}": given.get(one.code, "50") for one in desk.organisation.objectives.all()}
    ways = desk.organisation.ways_of_creating_value.all()
    return boxes | {f"way-{one.pk}": given.get(one.code.replace("-", "_"), "50") for one in ways}


def test_until_somebody_sets_weights_everything_counts_the_same_and_the_page_says_so(desk: Desk) -> None:
    page = words_of(desk.get("criteria/"))
    assert "Nobody has set weights yet, so every objective and every way counts the same." in page
    assert page.count("Equal") == 8
    assert "A lasting, measured gain for most of the patients we serve" in page


def test_each_decision_maker_has_weights_of_their_own(desk: Desk) -> None:
    executive = desk.as_(desk.executive)
    data = form_on(executive.get(PATH)) | points(executive, patients="100", equity="60", staff="40", money="0")
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
    desk.post(PATH, form_on(desk.get(PATH)) | points(desk))
    again = form_on(desk.get(PATH))
    assert set(again.values()) >= {"50"}
    desk.post(PATH, again | points(desk, money="75"))
    assert desk.organisation.objective_weights.count() == 4
    assert desk.organisation.objective_weights.get(objective__code="money").points == Decimal(75)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"patients": "lots"}, "Enter points as a number from 0 to 100."),
        ({"patients": "101"}, "Enter points from 0 to 100."),
        ({"patients": "-1"}, "Enter points from 0 to 100."),
        ({"patients": ""}, "Enter points from 0 to 100. 0 means that it does not matter to you."),
        (
            dict.fromkeys(("patients", "equity", "staff", "money"), "0"),
            "Give at least one objective more than 0",
        ),
        (dict.fromkeys(("join_up", "learn", "pool", "align"), "0"), "Give at least one way more than 0 points."),
    ],
)
def test_weights_that_cannot_be_are_explained(desk: Desk, given: dict[str, str], says: str) -> None:
    page = words_of(desk.post(PATH, form_on(desk.get(PATH)) | points(desk, **given)))
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
    desk.post(PATH, data | points(desk))
    page = desk.post(PATH, data | points(desk, money="10"))
    assert [(one.label, one.stored, one.typed) for one in page.context["form"].differences] == [
        ("Money well spent", "50", "10")
    ]


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
    assert "Fill this in too, or clear the new objective." in page


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
