"""Whose doings the audit page shows, about which partnership and of which days."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms

from design.fields import DayMonthYearField
from design.messages import PlainMessages
from partnerships.models import AccessGrant, Organisation, Participation, Partnership, Person
from partnerships.record.lines import Place, Search
from partnerships.recording import RECORDED

# No line is from before or after these, and the ends of the calendar have no time of day everywhere.
YEARS = range(2000, 2100)


class AuditSearch(PlainMessages, forms.Form):
    """Offers the people who ever had a role here, and the partnerships that ever were in the portfolio.

    ``older`` and ``newer`` say next to which line the page begins; what is no such place is the first page.
    """

    person = forms.ChoiceField(required=False)
    partnership = forms.ChoiceField(required=False)
    since = DayMonthYearField(label="From", required=False)
    until = DayMonthYearField(label="To", required=False)
    older = forms.CharField(required=False)
    newer = forms.CharField(required=False)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self._people, self._partnerships = _people(organisation), _partnerships(organisation)
        offered = {
            "person": [("", "Everybody"), *self._people.items()],
            "partnership": [
                ("", "Every partnership"),
                *((slug, one.display_name) for slug, one in self._partnerships.items()),
            ],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["optional"] = "unsaid"

    def clean_since(self) -> datetime.date | None:
        return self._day("since", "from")

    def clean_until(self) -> datetime.date | None:
        return self._day("until", "to")

    def _day(self, name: str, word: str) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data[name]
        if day is not None and day.year not in YEARS:
            raise forms.ValidationError(f"Enter the day to search {word} with all four figures of its year.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", "The day to search to is before the day to search from. Check both.")
        return cleaned

    @property
    def is_used(self) -> bool:
        return any(self.cleaned_data[name] for name in ("person", "partnership", "since", "until"))

    @property
    def search(self) -> Search:
        """What a valid form asks for."""
        chosen = self.cleaned_data
        return Search(
            self.organisation,
            person=int(chosen["person"]) if chosen["person"] else None,
            partnership=self._partnerships[chosen["partnership"]].pk if chosen["partnership"] else None,
            since=chosen["since"],
            until=chosen["until"],
        )

    @property
    def older_than(self) -> Place | None:
        return Place.from_text(self.cleaned_data["older"])

    @property
    def newer_than(self) -> Place | None:
        """Nowhere where the address says both: then it is the older page."""
        return None if self.older_than else Place.from_text(self.cleaned_data["newer"])

    @property
    def words(self) -> str:
        """What is searched for, in a few words; empty where it is everything."""
        chosen = self.cleaned_data
        person = self._people.get(chosen["person"])
        partnership = self._partnerships[chosen["partnership"]].display_name if chosen["partnership"] else ""
        ends = (("from", chosen["since"]), ("to", chosen["until"]))
        days = [f"{word} {day:%-d %B %Y}" for word, day in ends if day]
        return ", ".join(filter(None, (person, partnership, *days)))


def _people(organisation: Organisation) -> dict[str, str]:
    """Names by number. Only somebody with a role can do anything here, and the record has every role there ever was."""
    roles = RECORDED[AccessGrant].events._default_manager.filter(organisation=organisation.pk)
    return {str(one.pk): str(one) for one in Person.objects.filter(pk__in=roles.values("person"))}


def _partnerships(organisation: Organisation) -> dict[str, Partnership]:
    """By their addresses."""
    ever = RECORDED[Participation].events._default_manager.filter(organisation=organisation.pk)
    return {one.slug: one for one in Partnership.objects.filter(pk__in=ever.values("partnership"))}
