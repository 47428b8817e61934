"""The letter as a document, opened by a program that reads Word files."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest
from django.test import Client
from docx import Document

from decisions.exports.letters import DOCX, letter_document
from decisions.models import Letter
from partnerships.models import Deed, DeedKind, Role
from tests.factories import in_role
from tests.integration.decisions.kind_no_data import House, written

pytestmark = pytest.mark.django_db


def opened(content: bytes) -> Any:
    return Document(io.BytesIO(content))


def test_it_has_letterhead_date_address_and_paragraphs(house: House) -> None:
    document = opened(letter_document(written(house), day=datetime.date(2026, 10, 1), writer=house.lead))
    assert [one.text for one in document.paragraphs] == [
        house.organisation.display_name,
        "1 October 2026",
        "Asha Rao\n1 High Street\nEastfield",
        "Alliance 4: what we can do",
        "Dear Asha,",
        "Thank you.",
        "Yours sincerely",
        "Priya",
        f"You can reach {house.lead} at {house.lead.email}.\n{house.organisation.display_name}",
    ]
    assert document.core_properties.title == "Alliance 4: what we can do"
    assert document.core_properties.author == house.organisation.display_name
    assert document.sections[0].page_width.cm == pytest.approx(21, abs=0.01)


@pytest.mark.parametrize(
    "typed", ["bell\x07, form feed\x0c and \x1b[31m", "half of a pair \ud83d", "not a character \uffff", "&<>\"'=1+1"]
)
def test_whatever_somebody_typed_it_opens(house: House, typed: str) -> None:
    letter = Letter(organisation=house.organisation, recipient_name=typed, subject=typed, body=f"{typed}\n\nEnd")
    last = opened(letter_document(letter, day=datetime.date(2026, 10, 1), writer=house.lead)).paragraphs[-2]
    assert last.text == "End"


def test_it_is_downloaded_and_leaves_a_line(house: House) -> None:
    client = Client()
    client.force_login(house.lead)
    assert client.get(house.at("letter/document/")).status_code == 404
    written(house, body="Dear Asha,\n\nvertical\x0btab")
    answer = client.get(house.at("letter/document/"))
    assert answer.headers["Content-Type"] == DOCX
    assert answer.headers["Content-Disposition"].endswith('.docx"')
    assert opened(answer.content).paragraphs[-2].text == "verticaltab"
    assert Deed.objects.filter(kind=DeedKind.EXPORTED, person=house.lead).count() == 1


def test_an_administrator_takes_no_copy(house: House) -> None:
    written(house)
    client = Client()
    client.force_login(in_role(house.organisation, Role.ADMINISTRATOR))
    assert client.get(house.at("letter/document/")).status_code == 403
