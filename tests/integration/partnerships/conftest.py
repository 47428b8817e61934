"""An organisation with its strategy lead at the desk, signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django import forms
from django.test import Client

from partnerships.models import Organisation, Participation, Person
from tests.factories import active_participation, organisation_with_people

Page = Any  # a response as the test client gives it: with the context it was rendered from


@dataclass
class Desk:
    """``client`` is signed in as ``lead``; addresses start at the organisation's own."""

    organisation: Organisation
    lead: Person
    executive: Person
    client: Client

    def at(self, path: str) -> str:
        return f"/o/{self.organisation.code}/{path}"

    def get(self, path: str, **extra: Any) -> Page:
        return self.client.get(self.at(path), **extra)

    def post(self, path: str, data: dict[str, Any], **extra: Any) -> Page:
        return self.client.post(self.at(path), data, **extra)

    def participation(self, level: str | None = "sustain", **facts: Any) -> Participation:
        return active_participation(self.organisation, level, **facts)

    def as_(self, person: Person) -> Desk:
        client = Client()
        client.force_login(person)
        return Desk(self.organisation, self.lead, self.executive, client)


@pytest.fixture
def desk(db: None) -> Desk:
    organisation, lead, executive = organisation_with_people()
    client = Client()
    client.force_login(lead)
    return Desk(organisation, lead, executive, client)


def words_of(page: Page) -> str:
    words: str = page.content.decode()
    return words


def form_on(page: Page) -> dict[str, str]:
    """What a browser would send back from the page's form, as it stands: every filled field by its name."""
    data: dict[str, Any] = {}
    for bound in page.context["form"]:
        value = bound.value()
        if isinstance(bound.field, forms.MultipleChoiceField):
            data[bound.html_name] = value or []
        elif hasattr(bound.field.widget, "parts_of"):
            for part, number in bound.field.widget.parts_of(value).items():
                data[f"{bound.html_name}-{part}"] = number or ""
        elif isinstance(value, bool):
            data |= {bound.html_name: "on"} if value else {}
        else:
            data[bound.html_name] = "" if value is None else str(value)
    return data
