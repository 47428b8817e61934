from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from partnerships.actions.cost_of_change import set_cost_of_change
from partnerships.models import CostOfChange
from tests.integration.partnerships.conftest import Desk, form_on, words_of

PATH = "criteria/cost-of-change/"


def test_change_costs_nothing_until_somebody_says_so(desk: Desk) -> None:
    assert form_on(desk.get(PATH))["up"] == "0"
    page = words_of(desk.get("criteria/"))
    assert desk.at(PATH) in page
    assert "points of value for each level up" not in page
    assert CostOfChange.objects.of(desk.organisation) is None


def test_it_is_set_changed_and_shown(desk: Desk) -> None:
    for up, down in (("1", "2.5"), ("1.5", "2.5")):
        assert desk.post(PATH, form_on(desk.get(PATH)) | {"up": up, "down": down}).status_code == 302
    cost = CostOfChange.objects.get()
    assert (cost.up, cost.down, cost.set_by) == (Decimal("1.5"), Decimal("2.5"), desk.lead)
    page = words_of(desk.get("criteria/"))
    assert "costs 1.5 points of value for each level up and 2.5 for each level down" in page
    desk.post(PATH, form_on(desk.get(PATH)) | {"up": "0", "down": "0"})
    assert CostOfChange.objects.of(desk.organisation) is None


@pytest.mark.parametrize("given", ["", "-1", "101", "some"])
def test_what_is_wrong_is_said(desk: Desk, given: str) -> None:
    page = words_of(desk.post(PATH, form_on(desk.get(PATH)) | {"up": given}))
    assert "Error: Cost of change" in page
    assert "Enter points from 0 to 100." in page
    assert not CostOfChange.objects.exists()


def test_two_tabs_the_second_sees_both(desk: Desk) -> None:
    data = form_on(desk.get(PATH))
    desk.post(PATH, data | {"up": "1"})
    page = desk.post(PATH, data | {"up": "2"})
    assert [(one.stored, one.typed) for one in page.context["form"].differences] == [("1", "2")]


def test_only_who_may_edit_sets_it(desk: Desk) -> None:
    with pytest.raises(PermissionDenied):
        set_cost_of_change(organisation=desk.organisation, by=desk.executive, up=Decimal(1), down=Decimal(1))
