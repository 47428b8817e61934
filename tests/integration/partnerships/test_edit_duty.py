from decimal import Decimal
from typing import Any

import pytest

from partnerships.models import Participation
from tests.integration.partnerships.conftest import Desk, form_on, words_of


def path_of(participation: Participation) -> str:
    return f"partnerships/{participation.partnership.slug}/edit/duty/"


def open_form(desk: Desk, participation: Participation) -> dict[str, Any]:
    return form_on(desk.get(path_of(participation)))


def test_a_duty_with_its_source_and_a_reviewed_harm(desk: Desk) -> None:
    participation = desk.participation()
    level = desk.organisation.engagement_levels.get(code="sustain")
    data = open_form(desk, participation) | {
        "mandate_level": level.pk,
        "mandate_source": "Health and Care Act 2022",
        "harm_of_declining": "12.5",
        "harm_is_reviewed": "on",
    }
    assert desk.post(path_of(participation), data).status_code == 302
    participation.refresh_from_db()
    assert participation.mandate_level == level
    assert participation.harm_of_declining == Decimal("12.5")
    assert participation.harm_reviewed_by == desk.lead
    assert participation.harm_reviewed_at is not None
    assert f"Reviewed by {desk.lead}" in words_of(desk.get(f"partnerships/{participation.partnership.slug}/"))


def test_a_new_number_needs_a_new_review(desk: Desk) -> None:
    participation = desk.participation()
    desk.post(path_of(participation), open_form(desk, participation) | {"harm_is_reviewed": "on"})
    desk.post(path_of(participation), open_form(desk, participation))
    participation.refresh_from_db()
    assert participation.harm_reviewed_by == desk.lead, "saving the same number keeps the review"
    desk.post(path_of(participation), open_form(desk, participation) | {"harm_of_declining": "3"})
    participation.refresh_from_db()
    assert participation.harm_reviewed_by is None
    assert participation.harm_reviewed_at is None


@pytest.mark.parametrize(
    ("with_level", "source", "at", "says"),
    [
        (True, "", "mandate_source", "Enter where the duty is written"),
        (False, "The Act", "mandate_level", "Choose the level the duty requires"),
    ],
)
def test_a_duty_needs_both_its_level_and_its_source(
    desk: Desk, with_level: bool, source: str, at: str, says: str
) -> None:
    participation = desk.participation()
    level = desk.organisation.engagement_levels.get(code="sustain").pk if with_level else ""
    data = open_form(desk, participation) | {"mandate_level": level, "mandate_source": source}
    page = words_of(desk.post(path_of(participation), data))
    assert f'<a href="#id_{at}">{says}' in page
    participation.refresh_from_db()
    assert participation.mandate_level is None


@pytest.mark.parametrize("harm", ["", "-1", "101", "much"])
def test_harm_is_a_number_from_0_to_100(desk: Desk, harm: str) -> None:
    participation = desk.participation()
    data = open_form(desk, participation) | {"harm_of_declining": harm, "mandate_source": "Kept"}
    page = words_of(desk.post(path_of(participation), data))
    assert '<a href="#id_harm_of_declining">Enter the harm of leaving' in page
    assert 'value="Kept"' in page


def test_taking_no_part_is_no_duty(desk: Desk) -> None:
    page = words_of(desk.get(path_of(desk.participation())))
    assert "Nothing requires it" in page
    assert ">Decline<" not in page


def test_two_tabs_the_second_sees_both(desk: Desk) -> None:
    participation = desk.participation()
    data = open_form(desk, participation)
    desk.post(path_of(participation), data | {"harm_of_declining": "5"})
    page = desk.post(path_of(participation), data | {"harm_of_declining": "9"})
    assert [(one.label, one.stored, one.typed) for one in page.context["form"].differences] == [
        ("Harm of leaving", "5", "9")
    ]
    participation.refresh_from_db()
    assert participation.harm_of_declining == Decimal(5)
