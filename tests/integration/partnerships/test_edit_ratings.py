from decimal import Decimal
from typing import Any

import pytest

from partnerships.models import Participation
from tests.integration.partnerships.conftest import Desk, form_on, words_of


def path_of(participation: Participation) -> str:
    return f"partnerships/{participation.partnership.slug}/edit/ratings/"


def names(desk: Desk, objective: str = "patients", way: str = "join-up") -> tuple[str, str, str]:
    """The tick boxes' name, the way's value in it, and the start of the name of its boxes."""
    objective_id = desk.organisation.objectives.get(code=objective).pk
    way_id = desk.organisation.ways_of_creating_value.get(code=way).pk
    return f"claimed-{objective_id}", str(way_id), f"rating-{objective_id}-{way_id}-"


def typed(desk: Desk, low: str = "", likely: str = "", high: str = "", evidence: str = "") -> dict[str, Any]:
    claimed, way, boxes = names(desk)
    numbers = {"low": low, "likely": likely, "high": high, "evidence": evidence}
    return {claimed: [way], **{boxes + part: text for part, text in numbers.items()}}


def open_form(desk: Desk, participation: Participation) -> dict[str, Any]:
    return form_on(desk.get(path_of(participation)))


def test_a_claim_is_rated_with_its_evidence(desk: Desk) -> None:
    participation = desk.participation()
    data = open_form(desk, participation) | typed(desk, "-5", "40", "62.5", "Audit of 2025")
    assert desk.post(path_of(participation), data).status_code == 302
    rating = participation.value_ratings.get()
    assert (rating.low, rating.likely, rating.high) == (Decimal(-5), Decimal(40), Decimal("62.5"))
    assert rating.evidence == "Audit of 2025"
    assert rating.rated_by == desk.lead
    assert rating.organisation == desk.organisation


def test_a_claim_may_wait_for_its_rating(desk: Desk) -> None:
    participation = desk.participation()
    desk.post(path_of(participation), open_form(desk, participation) | typed(desk))
    assert participation.value_ratings.get().likely is None
    page = words_of(desk.get(f"partnerships/{participation.partnership.slug}/"))
    assert "Not rated yet" in page
    assert "a rating of every claim" in words_of(desk.get("partnerships/"))


def test_a_claim_taken_back_goes_with_its_numbers(desk: Desk) -> None:
    participation = desk.participation()
    desk.post(path_of(participation), open_form(desk, participation) | typed(desk, "10", "20", "30"))
    data = open_form(desk, participation)
    claimed, way, boxes = names(desk)
    assert data[claimed] == [way]
    assert data[boxes + "likely"] == "20"
    assert desk.post(path_of(participation), data | {claimed: []}).status_code == 302
    assert not participation.value_ratings.exists()


def test_an_untouched_rating_keeps_the_name_of_who_made_it(desk: Desk) -> None:
    participation = desk.participation()
    desk.post(path_of(participation), open_form(desk, participation) | typed(desk, "10", "20", "30"))
    participation.value_ratings.update(rated_by=desk.executive)
    desk.post(path_of(participation), open_form(desk, participation))
    assert participation.value_ratings.get().rated_by == desk.executive


@pytest.mark.parametrize(
    ("numbers", "at", "says"),
    [
        (("10", "", ""), "likely", "Enter low, likely and high, or clear all three until it is rated."),
        (("30", "20", "40"), "low", "Enter a low rating that is no more than the likely one."),
        (("10", "50", "40"), "high", "Enter a high rating that is no less than the likely one."),
        (("-101", "0", "0"), "low", "Enter the low rating as -100 or more."),
        (("0", "0", "101"), "high", "Enter the high rating as 100 or less."),
        (("a lot", "0", "0"), "low", "Enter the low rating as a number, such as 40."),
    ],
)
def test_what_is_wrong_is_said_at_its_box(desk: Desk, numbers: tuple[str, str, str], at: str, says: str) -> None:
    participation = desk.participation()
    data = open_form(desk, participation) | typed(desk, *numbers, evidence="Kept <b>as typed</b>")
    page = words_of(desk.post(path_of(participation), data))
    assert f'<a href="#id_{names(desk)[2]}{at}">{says}</a>' in page
    assert "Kept &lt;b&gt;as typed&lt;/b&gt;</textarea>" in page
    assert not participation.value_ratings.exists()


def test_numbers_without_a_tick_are_asked_about_and_not_dropped(desk: Desk) -> None:
    participation = desk.participation()
    data = open_form(desk, participation) | typed(desk, "10", "20", "30") | {names(desk)[0]: []}
    page = words_of(desk.post(path_of(participation), data))
    assert "Tick “Join up care” if it serves Better care for patients, or clear its numbers." in page
    assert 'value="20"' in page


def test_two_tabs_the_second_sees_both(desk: Desk) -> None:
    participation = desk.participation()
    data = open_form(desk, participation)
    desk.post(path_of(participation), data | typed(desk, "10", "20", "30"))
    page = desk.post(path_of(participation), data | typed(desk, "10", "25", "30"))
    differences = {one.label: (one.stored, one.typed) for one in page.context["form"].differences}
    assert differences["Likely: Better care for patients, Join up care"] == ("20", "25")
    assert participation.value_ratings.get().likely == Decimal(20)
