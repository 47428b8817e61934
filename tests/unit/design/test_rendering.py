import datetime
from typing import Any

import pytest
from django import forms

from design.fields import DayMonthYearField, LongTextField
from design.messages import PlainMessages


class Sample(PlainMessages, forms.Form):
    name = forms.CharField(label="Name", max_length=5, help_text="<b>As written</b>")
    days = forms.DecimalField(label="NHS days", min_value=0, max_value=10, decimal_places=1, max_digits=4)
    stage = forms.ChoiceField(label="Stage", choices=[("", "Not chosen"), ("f", "Forming")])
    started = DayMonthYearField(label="Started", required=False)
    notes = LongTextField(label="Notes", required=False)
    agreed = forms.BooleanField(label="I agree", required=False)
    ways = forms.MultipleChoiceField(label="Ways", choices=[("1", "One"), ("2", "Two")], required=False)
    email = forms.EmailField(label="Email address", required=False, error_messages={"invalid": "Our own words."})


def errors_of(**data: Any) -> dict[str, list[str]]:
    return {field: [str(error) for error in errors] for field, errors in Sample(data).errors.items()}


def test_messages_say_what_to_do_and_name_the_field() -> None:
    errors = errors_of(name="", days="", stage="")
    assert errors == {"name": ["Enter the name."], "days": ["Enter the NHS days."], "stage": ["Choose the stage."]}


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ("six", "Enter the NHS days as a number, such as 2."),
        ("-1", "Enter the NHS days as 0 or more."),
        ("11", "Enter the NHS days as 10 or less."),
        ("1.25", "Enter the NHS days with fewer decimal places: 1 at most."),
    ],
)
def test_numbers_are_explained(days: str, says: str) -> None:
    assert errors_of(name="a", stage="f", days=days)["days"] == [says]


def test_an_authors_own_message_wins() -> None:
    assert errors_of(name="a", stage="f", days="1", email="wrong")["email"] == ["Our own words."]
    assert errors_of(name="too long", stage="x", days="1") == {
        "name": ["Shorten the name to 5 characters or fewer. It has 8."],
        "stage": ["Choose the stage from the list."],
    }


def test_a_box_never_cuts_off_what_is_pasted() -> None:
    html = Sample()["name"].as_field_group() + Sample()["days"].as_field_group()
    for attribute in ("maxlength", "min=", "max=", "step=", 'type="number"'):
        assert attribute not in html
    assert 'inputmode="decimal"' in html


def test_zero_is_shown_and_text_is_escaped() -> None:
    form = Sample({"name": '"><script>', "days": "0"})
    assert 'value="0"' in form["days"].as_field_group()
    assert "<script>" not in form["name"].as_field_group()
    assert "&lt;b&gt;As written" in form["name"].as_field_group()


def test_optional_fields_say_so_unless_told_not_to() -> None:
    form = Sample()
    assert "Notes (optional)" in form["notes"].as_field_group()
    form.fields["notes"].widget.attrs["optional"] = "unsaid"
    assert "(optional)" not in form["notes"].as_field_group()
    assert "(optional)" not in form["agreed"].as_field_group()


def test_a_label_that_stands_many_times_says_which_it_is() -> None:
    form = Sample()
    form.fields["days"].widget.attrs |= {"label_context": "Executive"}
    assert "Executive" in form["days"].as_field_group()
    form.fields["days"].widget.attrs |= {"label": "hidden"}
    assert "nhsuk-u-visually-hidden" in form["days"].as_field_group()
    assert 'label="hidden"' not in form["days"].as_field_group()


def test_a_choice_opens_its_fields() -> None:
    form = Sample(initial={"ways": ["2"]})
    form.fields["ways"].widget = forms.CheckboxSelectMultiple(choices=[("1", "One"), ("2", "Two")])
    form.fields["ways"].conditional_fields = {"2": ["days"]}  # type: ignore[attr-defined]
    html = form["ways"].as_field_group()
    assert 'id="id_days"' in html
    assert html.index("Two") < html.index('id="id_days"')


def test_a_disabled_field_says_so() -> None:
    form = Sample()
    form.fields["name"].disabled = True
    assert " disabled" in form["name"].as_field_group()


def test_new_lines_are_one_character() -> None:
    form = Sample({"name": "a", "stage": "f", "days": "1", "notes": "one\r\ntwo\rthree"})
    assert form.is_valid()
    assert form.cleaned_data["notes"] == "one\ntwo\nthree"


@pytest.mark.parametrize(
    ("parts", "outcome"),
    [
        (("1", "4", "2026"), datetime.date(2026, 4, 1)),
        (("", "", ""), None),
        (("1", "", "2026"), "Enter the day, the month and the year, for example 1 4 2026."),
        (("31", "2", "2026"), "Enter a real date, for example 1 4 2026."),
        (("x", "2", "2026"), "Enter a real date, for example 1 4 2026."),
    ],
)
def test_dates_in_three_boxes(parts: tuple[str, str, str], outcome: Any) -> None:
    boxes = dict(zip(("started-day", "started-month", "started-year"), parts, strict=True))
    form = Sample({"name": "a", "stage": "f", "days": "1", **boxes})
    if isinstance(outcome, str):
        assert form.errors["started"] == [outcome]
        assert f'value="{parts[0]}"' in form["started"].as_field_group()
    else:
        assert form.is_valid()
        assert form.cleaned_data["started"] == outcome
