from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import TestCase

from partnerships.actions.days import record_days
from partnerships.estimates import Estimate
from partnerships.models import Participation
from partnerships.signals import inputs_changed
from tests.factories import active_participation, organisation_with_people
from tests.integration.partnerships.conftest import Desk, form_on, words_of


def path_of(participation: Participation) -> str:
    return f"partnerships/{participation.partnership.slug}/edit/days/"


def box(desk: Desk, level: str, bound: str, pool: str = "executive") -> str:
    level_id = desk.organisation.engagement_levels.get(code=level).pk
    pool_id = desk.organisation.capacity_pools.get(code=pool).pk
    return f"days-{level_id}-{pool_id}-{bound}"


def open_form(desk: Desk, participation: Participation) -> dict[str, Any]:
    return form_on(desk.get(path_of(participation)))


def recorded(participation: Participation) -> list[tuple[Any, ...]]:
    rows = participation.days_needed.order_by("level__position", "pool__position")
    return list(rows.values_list("level__code", "pool__code", "low", "likely", "high"))


def test_one_likely_number_is_enough_and_its_range_is_filled_in(desk: Desk) -> None:
    participation = desk.participation()
    data = open_form(desk, participation) | {box(desk, "prioritise", "likely"): "10"}
    assert desk.post(path_of(participation), data).status_code == 302
    assert recorded(participation) == [("prioritise", "executive", Decimal(7), Decimal(10), Decimal(13))]


def test_suggesting_fills_the_empty_rows_and_saves_nothing(desk: Desk) -> None:
    participation = desk.participation()
    data = open_form(desk, participation) | {box(desk, "prioritise", "likely"): "10", "suggest": "yes"}
    page = desk.post(path_of(participation), data)
    assert page.status_code == 200
    assert "Nothing is saved until you choose Save days" in words_of(page)
    assert words_of(page).count('class="suggested">suggested<') == 3
    suggested = form_on(page)
    assert suggested[box(desk, "sustain", "likely")] == "3.5"
    assert suggested[box(desk, "sustain", "low")] == "2.45"
    assert suggested[box(desk, "decline", "likely")] == "0"
    assert suggested[box(desk, "sustain", "likely", pool="clinical")] == ""
    assert recorded(participation) == []
    assert desk.post(path_of(participation), suggested).status_code == 302
    assert [row[0] for row in recorded(participation)] == ["decline", "keep-in-touch", "sustain", "prioritise"]


def test_a_row_is_changed_and_another_cleared(desk: Desk) -> None:
    participation = desk.participation()
    first = open_form(desk, participation) | {
        box(desk, "prioritise", "likely"): "10",
        box(desk, "sustain", "likely"): "4",
    }
    desk.post(path_of(participation), first)
    second = open_form(desk, participation)
    second |= {box(desk, "prioritise", bound): "" for bound in ("low", "likely", "high")}
    second |= {box(desk, "sustain", bound): days for bound, days in (("low", "1"), ("likely", "2"), ("high", "9.5"))}
    desk.post(path_of(participation), second)
    assert recorded(participation) == [("sustain", "executive", Decimal(1), Decimal(2), Decimal("9.5"))]


@pytest.mark.parametrize(
    ("typed", "at", "says"),
    [
        ({"low": "1"}, "likely", "Enter the likely days, or clear the row."),
        ({"low": "5", "likely": "4"}, "low", "Enter low days that are no more than the likely days."),
        ({"likely": "4", "high": "3"}, "high", "Enter high days that are no less than the likely days."),
        ({"likely": "four"}, "likely", "Enter the executive days at Prioritise, likely as a number, such as 2."),
        ({"likely": "-1"}, "likely", "Enter the executive days at Prioritise, likely as 0 or more."),
        ({"likely": "1.234"}, "likely", "fewer decimal places: 2 at most."),
        ({"likely": "99999"}, "likely", "Enter the executive days at Prioritise, likely as 10000 or less."),
    ],
)
def test_what_is_wrong_is_said_at_its_box(desk: Desk, typed: dict[str, str], at: str, says: str) -> None:
    participation = desk.participation()
    data = open_form(desk, participation) | {box(desk, "prioritise", bound): days for bound, days in typed.items()}
    for buttons in ({}, {"suggest": "yes"}):
        page = words_of(desk.post(path_of(participation), data | buttons))
        assert f'<a href="#id_{box(desk, "prioritise", at)}">' in page
        assert says in page
        assert all(f'value="{days}"' in page for days in typed.values())
    assert recorded(participation) == []


def test_two_tabs_the_second_sees_both(desk: Desk) -> None:
    participation = desk.participation()
    data = open_form(desk, participation)
    likely = box(desk, "prioritise", "likely")
    desk.post(path_of(participation), data | {likely: "10"})
    page = desk.post(path_of(participation), data | {likely: "20"})
    differences = {one.label: (one.stored, one.typed) for one in page.context["form"].differences}
    assert differences["Executive days at Prioritise, likely"] == ("10", "20")
    assert recorded(participation)[0][3] == Decimal(10)


def test_a_change_is_announced_once_it_is_committed(desk: Desk) -> None:
    participation = desk.participation()
    heard: list[str] = []

    def listen(organisation: Any, **_: Any) -> None:
        heard.append(organisation.code)

    inputs_changed.connect(listen)
    try:
        with TestCase.captureOnCommitCallbacks(execute=True):
            desk.post(path_of(participation), open_form(desk, participation) | {box(desk, "sustain", "likely"): "1"})
    finally:
        inputs_changed.disconnect(listen)
    assert heard == [desk.organisation.code]


def test_days_out_of_order_are_refused_by_the_action_too(desk: Desk) -> None:
    level, pool = desk.organisation.engagement_levels.first(), desk.organisation.capacity_pools.first()
    assert level
    assert pool
    wrong = {(level.pk, pool.pk): Estimate(Decimal(3), Decimal(2), Decimal(1))}
    with pytest.raises(ValidationError, match="low is no more than likely"):
        record_days(participation=desk.participation(), by=desk.lead, estimates=wrong)


def test_nobody_writes_days_of_another_organisation(desk: Desk) -> None:
    other, _, _ = organisation_with_people()
    with pytest.raises(PermissionDenied):
        record_days(participation=active_participation(other), by=desk.lead, estimates={})
