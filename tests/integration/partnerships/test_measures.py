"""Outcome measures: their form, pasting figures, correcting one, and the chart with what it says."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from partnerships.actions.figures import MOST_FIGURES, add_figures
from partnerships.actions.relationship_record import remove_entry
from partnerships.figures import Figure
from partnerships.models import MeasurePoint, OutcomeMeasure, Participation, Role
from partnerships.recording import RECORDED
from tests.factories import in_role
from tests.integration.partnerships.conftest import Desk, form_on, words_of

MEASURE = {
    "name": "Days to first contact",
    "unit": "days",
    "better": "lower",
    "baseline": "30",
    "baseline_on-day": "1",
    "baseline_on-month": "4",
    "baseline_on-year": "2025",
    "target": "18.5",
    "figures_from": "The waiting list",
}
STEADY = [20, 22, 20, 22, 20, 22, 20, 22, 20, 22]


def record_of(participation: Participation) -> str:
    return f"partnerships/{participation.partnership.slug}/record/"


@pytest.fixture
def participation(desk: Desk) -> Participation:
    return desk.participation()


@pytest.fixture
def measure(desk: Desk, participation: Participation) -> OutcomeMeasure:
    answer = desk.post(f"{record_of(participation)}add/measure/", MEASURE)
    found = participation.outcome_measures.get()
    assert answer.url == desk.at(page_of(found))
    return found


def page_of(measure: OutcomeMeasure) -> str:
    return f"{record_of(measure.participation)}measures/{measure.pk}/"


def pasted(figures: list[int]) -> str:
    return "\n".join(f"1/{month % 12 + 1}/{2024 + month // 12}\t{one}" for month, one in enumerate(figures))


def paste(desk: Desk, measure: OutcomeMeasure, text: str) -> Any:
    return desk.post(f"{page_of(measure)}add/", {"figures": text})


def test_a_measure_is_added_shown_and_changed(desk: Desk, measure: OutcomeMeasure) -> None:
    page = words_of(desk.get(page_of(measure)))
    assert "30 days on 1 April 2025" in page
    assert "18.5 days" in page
    assert "No figures yet" in page
    data = form_on(desk.get(f"{page_of(measure)}change/"))
    assert data["target"] == "18.5"
    assert desk.post(f"{page_of(measure)}change/", data | {"target": "17"}).url == desk.at(page_of(measure))
    measure.refresh_from_db()
    assert measure.target == 17


@pytest.mark.parametrize(
    ("typed", "at", "says"),
    [
        ({"name": " "}, "name", "Enter what do you measure?"),
        ({"better": ""}, "better", "Choose which way is better."),
        ({"better": "neither"}, "target", "Clear the target"),
        ({"baseline": ""}, "baseline", "Enter the baseline, or clear its day."),
        (
            {"baseline_on-day": "", "baseline_on-month": "", "baseline_on-year": ""},
            "baseline_on",
            "Enter the day of the baseline.",
        ),
        (
            {"target": "", "target_on-day": "1", "target_on-month": "4", "target_on-year": "2027"},
            "target",
            "Enter the target, or clear its day.",
        ),
        (
            {"target_on-day": "1", "target_on-month": "4", "target_on-year": "2025"},
            "target_on",
            "This is not after the day of the baseline.",
        ),
        ({"target": "many"}, "target", "Enter the target as a number"),
    ],
)
def test_what_is_wrong_with_a_measure_is_said_at_its_box(
    desk: Desk, participation: Participation, typed: dict[str, str], at: str, says: str
) -> None:
    answer = desk.post(f"{record_of(participation)}add/measure/", MEASURE | typed)
    assert says in " ".join(answer.context["form"].errors[at])
    assert form_on(answer)["figures_from"] == "The waiting list"
    assert not participation.outcome_measures.exists()


def test_two_measures_of_one_name_are_refused(desk: Desk, measure: OutcomeMeasure) -> None:
    answer = desk.post(f"{record_of(measure.participation)}add/measure/", MEASURE | {"unit": "weeks"})
    assert "There is a measure of this name." in words_of(answer)


def test_figures_are_pasted_and_the_same_again_adds_none(desk: Desk, measure: OutcomeMeasure) -> None:
    assert paste(desk, measure, pasted(STEADY)).status_code == 302
    assert measure.points.count() == 10
    answer = desk.client.post(desk.at(f"{page_of(measure)}add/"), {"figures": pasted(STEADY)}, follow=True)
    assert "All of these were there already." in words_of(answer)
    assert measure.points.count() == 10


def test_a_line_that_cannot_be_taken_adds_nothing_and_stays(desk: Desk, measure: OutcomeMeasure) -> None:
    answer = paste(desk, measure, "1/4/2026, 20\nMay, 21")
    assert "Line 2: Begin with a day" in words_of(answer)
    assert form_on(answer)["figures"] == "1/4/2026, 20\nMay, 21"
    assert not measure.points.exists()


def test_another_figure_for_a_day_is_not_overwritten(desk: Desk, measure: OutcomeMeasure) -> None:
    paste(desk, measure, "1/4/2026, 20")
    answer = paste(desk, measure, "1/4/2026, 21\n1/5/2026, 22")
    assert "Line 1: 1 April 2026 has the figure 20. Change that one." in words_of(answer)
    assert [one.value for one in measure.points.all()] == [20]


def test_a_figure_is_corrected_and_removed(desk: Desk, measure: OutcomeMeasure) -> None:
    paste(desk, measure, "1/4/2026, 20")
    point = measure.points.get()
    address = f"{record_of(measure.participation)}figures/{point.pk}/"
    assert address in words_of(desk.get(page_of(measure)))
    data = form_on(desk.get(address))
    assert desk.post(address, data | {"value": "19.5"}).url == desk.at(page_of(measure))
    point.refresh_from_db()
    assert point.value == Decimal("19.5")
    version = form_on(desk.get(address))["version"]
    assert desk.post(address, {"remove": "yes", "version": version}).url == desk.at(page_of(measure))
    labels = RECORDED[MeasurePoint].events._default_manager.filter(pgh_obj=point.pk).order_by("pgh_id")
    assert list(labels.values_list("pgh_label", flat=True)) == ["insert", "update", "delete"]


def test_few_figures_make_a_run_chart_that_says_so(desk: Desk, measure: OutcomeMeasure) -> None:
    paste(desk, measure, pasted(STEADY[:9]))
    answer = desk.get(page_of(measure))
    assert "9 figures so far, the latest 20: too few to tell a change from chance" in words_of(answer)
    chart = answer.context["chart"]
    assert [one["name"] for one in chart.data["data"] if "name" in one] == ["Figures", "Median", "Target"]
    assert "is the median, 20." in chart.note


def test_ten_make_limits_and_say_what_to_expect_of_the_target(desk: Desk, measure: OutcomeMeasure) -> None:
    """Mean 21, every moving range 2, so that the limits are 21 ± 5.32: 15.68 and 26.32, and 18.5 lies between."""
    paste(desk, measure, pasted(STEADY))
    answer = desk.get(page_of(measure))
    page = words_of(answer)
    assert "No change beyond chance: figures go from 15.7 to 26.3 by themselves" in page
    assert "it will meet the target of 18.5 some times and miss it others, by chance." in page
    chart = answer.context["chart"]
    drawn = {one.get("name", ""): one["y"] for one in chart.data["data"]}
    assert drawn["Limits of chance"] == [pytest.approx(26.32)] * 2
    assert drawn["Mean"] == [21, 21]
    assert "on trial" in chart.note
    assert chart.rows[0] == ("1 January 2024", "20", "Chance")


@pytest.mark.parametrize(
    ("better", "target", "latest", "says", "expects"),
    [
        ("lower", "18.5", 8, "Better than chance explains: the latest figure is below the lower limit", "some times"),
        ("higher", "", 8, "Worse than chance explains: the latest figure is below the lower limit", ""),
        ("neither", "", 40, "Higher than chance explains: the latest figure is above the upper limit", ""),
        ("higher", "60", 20, "No change beyond chance", "it will miss the target of 60: something has to change."),
        ("higher", "2", 20, "No change beyond chance", "it will meet the target of 2 every time."),
    ],
)
def test_a_signal_is_said_in_the_way_that_is_better(
    desk: Desk, participation: Participation, better: str, target: str, latest: int, says: str, expects: str
) -> None:
    typed = MEASURE | {"better": better, "target": target}
    assert desk.post(f"{record_of(participation)}add/measure/", typed).status_code == 302
    measure = participation.outcome_measures.get()
    paste(desk, measure, pasted([*STEADY, *STEADY, latest]))
    page = words_of(desk.get(page_of(measure)))
    assert says in page
    assert expects in page
    foretold = bool(expects) and "No change" in says
    assert foretold == ("As it works now" in page)
    assert bool(expects) == ("the target of" in page)


def test_limits_from_before_a_change_foretell_nothing(desk: Desk, participation: Participation) -> None:
    """Ten figures around 21, then eight around 12: all better than chance, below a mean that takes in both."""
    typed = MEASURE | {"better": "lower", "target": "9"}
    assert desk.post(f"{record_of(participation)}add/measure/", typed).status_code == 302
    measure = participation.outcome_measures.get()
    paste(desk, measure, pasted([*STEADY, 12, 13, 12, 11, 13, 12, 11, 12]))
    page = words_of(desk.get(page_of(measure)))
    assert "Better than chance explains" in page
    assert "they go back to before the change, so they do not tell yet what it will do now." in page
    assert "something has to change" not in page


def test_names_of_people_are_no_markup_in_the_chart(desk: Desk, participation: Participation) -> None:
    desk.post(f"{record_of(participation)}add/measure/", MEASURE | {"name": "<b>Bold</b>", "unit": "<i>"})
    measure = participation.outcome_measures.get()
    paste(desk, measure, pasted(STEADY))
    chart = desk.get(page_of(measure)).context["chart"]
    assert chart.data["layout"]["yaxis"]["title"]["text"] == "&lt;i&gt;"


def test_the_record_shows_from_where_to_where(desk: Desk, measure: OutcomeMeasure) -> None:
    paste(desk, measure, "1/4/2026, 20\n1/5/2026, 19.25")
    page = words_of(desk.get(record_of(measure.participation)))
    assert "From 30" in page
    assert "now <strong>19.25</strong> days (1 May 2026)" in page
    assert "meant to be 18.5" in page


def test_a_measure_goes_with_its_figures_and_the_changes_stay(desk: Desk, measure: OutcomeMeasure) -> None:
    paste(desk, measure, "1/4/2026, 20")
    point = measure.points.get()
    version = form_on(desk.get(f"{page_of(measure)}change/"))["version"]
    desk.post(f"{page_of(measure)}change/", {"remove": "yes", "version": version})
    assert not MeasurePoint.objects.filter(pk=point.pk).exists()
    assert RECORDED[MeasurePoint].events._default_manager.filter(pgh_obj=point.pk, pgh_label="delete").exists()


def figures(*values: int) -> list[Figure]:
    return [
        Figure(line, datetime.date(2000, 1, 1) + datetime.timedelta(days=line), Decimal(value))
        for line, value in enumerate(values, 1)
    ]


def test_who_may_add_figures_and_how_many(desk: Desk, measure: OutcomeMeasure) -> None:
    with pytest.raises(PermissionDenied):
        add_figures(measure=measure, by=in_role(desk.organisation, Role.READER), figures=figures(1))
    with pytest.raises(ValidationError, match=f"at most {MOST_FIGURES} figures"):
        add_figures(measure=measure, by=desk.lead, figures=figures(*[1] * (MOST_FIGURES + 1)))
    assert add_figures(measure=measure, by=in_role(desk.organisation, Role.CONTRIBUTOR), figures=figures(1, 2)) == 2
    remove_entry(entry=measure, by=desk.lead)
    with pytest.raises(ValidationError, match="Somebody else removed this"):
        add_figures(measure=measure, by=desk.lead, figures=figures(3))


def test_another_partnerships_measure_does_not_exist_here(desk: Desk, measure: OutcomeMeasure) -> None:
    elsewhere = record_of(desk.participation())
    for path in ("", "add/", "change/"):
        assert desk.get(f"{elsewhere}measures/{measure.pk}/{path}").status_code == 404


def test_the_page_asks_as_much_of_the_database_for_many_figures_as_for_few(
    desk: Desk, measure: OutcomeMeasure, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    paste(desk, measure, pasted([1]))
    desk.get(page_of(measure))
    with django_assert_max_num_queries(30) as few:
        desk.get(page_of(measure))
    count = len(few)
    paste(desk, measure, pasted([1, *range(2, 40)]))
    with django_assert_num_queries(count):
        desk.get(page_of(measure))
