from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from partnerships.actions.levels import change_levels
from partnerships.models import EngagementLevel
from tests.integration.partnerships.conftest import Desk, form_on, words_of

PATH = "capacity/levels/"


def level(desk: Desk, code: str) -> EngagementLevel:
    return desk.organisation.engagement_levels.get(code=code)


def test_shares_are_percentages_on_the_page_and_shares_in_the_database(desk: Desk) -> None:
    sustain = level(desk, "sustain")
    data = form_on(desk.get(PATH))
    assert data[f"row-{sustain.pk}-share_of_value"] == "50"
    data |= {f"row-{sustain.pk}-share_of_value": "62.5", f"row-{sustain.pk}-load": "2"}
    assert desk.post(PATH, data).status_code == 302
    sustain.refresh_from_db()
    assert (sustain.share_of_value, sustain.load) == (Decimal("0.625"), 2)


def test_the_lowest_level_keeps_its_zeros_whatever_is_sent(desk: Desk) -> None:
    lowest = level(desk, "decline")
    data = form_on(desk.get(PATH)) | {f"row-{lowest.pk}-load": "9", f"row-{lowest.pk}-name": "Not now"}
    assert desk.post(PATH, data).status_code == 302
    lowest.refresh_from_db()
    assert (lowest.load, lowest.name) == (0, "Not now")


def test_a_new_level_takes_its_place_by_its_share_of_value(desk: Desk) -> None:
    data = form_on(desk.get(PATH)) | {
        "row-new-name": "Take part",
        "row-new-share_of_value": "30",
        "row-new-share_of_days": "20",
        "row-new-load": "1",
    }
    assert desk.post(PATH, data).status_code == 302
    ladder = desk.organisation.engagement_levels.order_by("position").values_list("code", flat=True)
    assert list(ladder) == ["decline", "keep-in-touch", "take-part", "sustain", "prioritise"]


def test_a_level_that_needs_fewer_days_for_more_value_is_asked_about(desk: Desk) -> None:
    data = form_on(desk.get(PATH)) | {f"row-{level(desk, 'sustain').pk}-share_of_days": "5"}
    page = words_of(desk.post(PATH, data))
    assert "must not need fewer days than a lower one" in page
    assert level(desk, "sustain").share_of_days == Decimal("0.35")


def test_a_level_in_use_cannot_be_removed_and_one_that_is_not_can(desk: Desk) -> None:
    desk.participation(level="sustain")
    page = words_of(desk.get(PATH))
    assert f"row-{level(desk, 'sustain').pk}-remove" not in page
    assert f"row-{level(desk, 'decline').pk}-remove" not in page
    with pytest.raises(ValidationError, match="cannot be removed"), transaction.atomic():
        change_levels(
            organisation=desk.organisation,
            by=desk.lead,
            changes={},
            removed=frozenset({level(desk, "sustain").pk}),
        )
    keep = level(desk, "keep-in-touch")
    assert desk.post(PATH, form_on(desk.get(PATH)) | {f"row-{keep.pk}-remove": "on"}).status_code == 302
    positions = desk.organisation.engagement_levels.order_by("position").values_list("code", "position")
    assert list(positions) == [("decline", 0), ("sustain", 1), ("prioritise", 2)]


def test_two_to_six_levels(desk: Desk) -> None:
    removed = frozenset(level(desk, code).pk for code in ("keep-in-touch", "sustain", "prioritise"))
    with pytest.raises(ValidationError, match="at least 2 levels"):
        change_levels(organisation=desk.organisation, by=desk.lead, changes={}, removed=removed)
    assert desk.organisation.engagement_levels.count() == 4


@pytest.mark.parametrize(
    ("column", "typed", "says"),
    [
        ("share_of_value", "101", "Enter the share of value as 100 or less."),
        ("load", "1.5", "Enter the load as a number, such as 2."),
        ("name", "", "Enter the name."),
    ],
)
def test_what_is_wrong_is_said_at_its_box(desk: Desk, column: str, typed: str, says: str) -> None:
    box = f"row-{level(desk, 'sustain').pk}-{column}"
    page = words_of(desk.post(PATH, form_on(desk.get(PATH)) | {box: typed}))
    assert f'<a href="#id_{box}">{says}</a>' in page


def test_two_tabs_the_second_sees_both(desk: Desk) -> None:
    data = form_on(desk.get(PATH))
    box = f"row-{level(desk, 'sustain').pk}-load"
    desk.post(PATH, data | {box: "2"})
    page = desk.post(PATH, data | {box: "3"})
    assert [(one.label, one.stored, one.typed) for one in page.context["form"].differences] == [
        ("Load: Sustain", "2", "3")
    ]
    assert level(desk, "sustain").load == 2
