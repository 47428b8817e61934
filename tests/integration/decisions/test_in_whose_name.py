"""A letter to a partner is from the organisation by its name, and says whom the answer reaches."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.utils import parseaddr

import pytest
from django.utils import timezone

from decisions.exports.letters import letter_document
from decisions.sending import message_of, send_due
from partnerships.outgoing_mail import in_the_name_of
from tests.integration.decisions.kind_no_data import House, sent, written
from tests.integration.decisions.test_letter_document import opened
from tests.integration.diagnostics.mail_server import MailServer

pytestmark = pytest.mark.django_db


def test_a_letter_is_from_the_organisation_and_answered_to_a_person(house: House, post: MailServer) -> None:
    sent(house)
    assert send_due(house.organisation) == 1
    [(_, message)] = post.letters
    assert parseaddr(message["From"]) == (house.organisation.display_name, "no-reply@localhost")
    assert house.lead.email in message["Reply-To"]
    assert f"You can reach {house.lead} at {house.lead.email}." in str(message.get_content())


@pytest.mark.parametrize(
    "name",
    [
        "Ysbyty Gwynedd – Bwrdd Iechyd Prifysgol Betsi Cadwaladr, Ymddiriedolaeth Gofal Iechyd Cymunedol â Ŵyl",
        'Smith & Sons, "The Practice" <x@evil.example>',
        "St Mary's\r\nBcc: thief@evil.example",
        "St Mary's\x0b\u2028Bcc: thief@evil.example",
    ],
)
def test_no_name_breaks_a_header(house: House, name: str) -> None:
    letter = sent(house)
    letter.organisation.name = name
    message = message_from_bytes(message_of(letter).message().as_bytes(), policy=policy.default)
    assert parseaddr(in_the_name_of(name))[1] == "no-reply@localhost"
    assert [one.addr_spec for one in message["From"].addresses] == ["no-reply@localhost"]
    assert message["From"].addresses[0].display_name.replace(" ", "") == "".join(
        letter.organisation.display_name.split()
    )
    assert message["Bcc"] is None


def test_on_paper_it_says_whom_they_reach_and_promises_are_a_list(house: House) -> None:
    letter = written(house, body="What we have promised:\n- Send the data (Priya)\n- Call you (Priya)\n\nYours")
    document = opened(letter_document(letter, day=timezone.localdate(), writer=house.lead))
    listed = [one.text for one in document.paragraphs if one.style.name == "List Bullet"]
    assert listed == ["Send the data (Priya)", "Call you (Priya)"]
    assert document.paragraphs[-1].text.startswith(f"You can reach {house.lead} at {house.lead.email}.")
