"""Form fields the NHS design system has and Django has not."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class LongTextField(forms.CharField):
    """Several lines of text; a new line is one character, whichever browser or spreadsheet it comes from."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if text else ""


class DayMonthYearWidget(forms.DateInput):
    """Three short boxes, since a memorable date is typed faster than it is found in a calendar."""

    PARTS = ("day", "month", "year")

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        return {part: str(data.get(f"{name}-{part}", "")).strip() for part in self.PARTS}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return all(f"{name}-{part}" not in data for part in self.PARTS)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-day" if id_ else id_

    def parts_of(self, value: Any) -> dict[str, Any]:
        """What stands in each box: what was typed, or the parts of a date."""
        if isinstance(value, dict):
            return value
        if isinstance(value, datetime.date):
            return {part: getattr(value, part) for part in self.PARTS}
        return dict.fromkeys(self.PARTS, "")


class DayMonthYearField(forms.Field):
    """A date in three boxes; empty is None where it is not required."""

    widget = DayMonthYearWidget
    default_error_messages = {
        "required": "Enter a date.",
        "incomplete": "Enter the day, the month and the year, for example 1 4 2026.",
        "invalid": "Enter a real date, for example 1 4 2026.",
    }

    def to_python(self, value: Any) -> datetime.date | None:
        if value in self.empty_values or isinstance(value, datetime.date):
            return value or None
        typed = [value.get(part, "") for part in DayMonthYearWidget.PARTS]
        if not any(typed):
            return None
        if not all(typed):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        try:
            day, month, year = (int(part) for part in typed)
            return datetime.date(year, month, day)
        except (ValueError, OverflowError) as problem:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from problem

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True
