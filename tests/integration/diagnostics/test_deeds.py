"""What is looked at or taken away of a survey is on the record: who, of which partnership, how much, and never what."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from diagnostics.actions import issue_link
from diagnostics.keys import destroy_keys
from diagnostics.models import Answer, Round
from partnerships.models import Deed, DeedKind
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.hidden import rewrite
from tests.integration.diagnostics.survey_data import ITEMS, closed, draft, opened

OF_IT = "of the survey of Westmere Frailty Alliance"
IN_IT = "in the survey of Westmere Frailty Alliance"
WRITTEN = "Nobody answers the telephone"


@pytest.fixture
def lead(setting: Setting) -> Client:
    client = Client()
    client.force_login(setting.lead)
    return client


def pages_of(setting: Setting, made: Round) -> tuple[str, str]:
    """Of the survey, and of the file with its links."""
    root = f"/o/{setting.code}/surveys/{made.pk}/"
    return root, f"{root}links.csv"


def deeds(kind: DeedKind) -> list[Deed]:
    return list(Deed.objects.filter(kind=kind).order_by("done_at"))


def with_reasons(setting: Setting, number: int) -> Round:
    """A closed survey in which so many people wrote a reason beside an answer."""
    made = closed(setting.participation, setting.lead, [1, 2, 2, 2, 2, 2, 5])
    for one in Answer.objects.filter(response__round=made, item=ITEMS[0], value=2).order_by("pk")[:number]:
        rewrite(one, "reason", WRITTEN)
    return made


def test_who_reads_what_people_wrote_in_is_known_and_what_they_wrote_is_not_kept(setting: Setting) -> None:
    page, _ = pages_of(setting, with_reasons(setting, 5))
    for reader in (setting.lead, setting.executive):
        client = Client()
        client.force_login(reader)
        assert client.get(page).content.decode().count(WRITTEN) == 5
    found = deeds(DeedKind.READ_FREE_TEXT)
    assert [(deed.organisation, deed.person, deed.what, deed.rows, deed.participation) for deed in found] == [
        (setting.organisation, reader, IN_IT, 5, setting.participation) for reader in (setting.lead, setting.executive)
    ]
    assert all(deed.context and deed.context["at"] == page for deed in found)
    assert not any(WRITTEN in str(vars(deed)) for deed in found)


def test_a_survey_in_which_nobody_wrote_anything_leaves_no_line(setting: Setting, lead: Client) -> None:
    page, _ = pages_of(setting, with_reasons(setting, 0))
    assert lead.get(page).status_code == 200
    assert deeds(DeedKind.READ_FREE_TEXT) == []


def test_who_sees_the_links_as_a_survey_opens_has_taken_them(setting: Setting, lead: Client) -> None:
    page, _ = pages_of(setting, draft(setting.participation, setting.lead, 7))
    lead.post(page, {"deed": "open", "delivery": "links"})
    [deed] = deeds(DeedKind.TOOK_LINKS)
    assert (deed.person, deed.what, deed.rows, deed.participation) == (setting.lead, OF_IT, 7, setting.participation)


def test_who_takes_new_links_or_the_file_of_them_is_known(setting: Setting, lead: Client) -> None:
    made, links = opened(setting.participation, setting.lead, 7)
    page, file = pages_of(setting, made)
    shown = [issue_link(invitation=link.invitation, by=setting.lead, by_hand=True).secret for link in links[2:4]]
    secret = shown[0]
    content = lead.post(file, {"secret": [*shown, links[5].secret, "not-a-link"]}).content.decode()
    assert links[5].secret not in content, "of a letter, and shown to nobody"
    assert secret in content
    lead.post(page, {"deed": "new_link", "invitation": str(links[0].invitation.pk)})
    lead.post(page, {"deed": "new_links", "delivery": "links"})
    found = deeds(DeedKind.TOOK_LINKS)
    assert [deed.rows for deed in found] == [2, 1, 7]
    assert {(deed.person, deed.what) for deed in found} == {(setting.lead, OF_IT)}
    assert not any(secret in str(vars(deed)) for deed in found)


def test_links_that_go_by_email_are_taken_by_nobody(setting: Setting, lead: Client) -> None:
    page, _ = pages_of(setting, draft(setting.participation, setting.lead, 7))
    assert lead.post(page, {"deed": "open", "delivery": "email"}).status_code == 302
    assert deeds(DeedKind.TOOK_LINKS) == []


def test_a_link_sent_to_a_corrected_address_is_on_the_record_and_the_address_is_not(
    setting: Setting, lead: Client
) -> None:
    """Whoever corrects it may have written their own, and could answer in somebody's place."""
    made, links = opened(setting.participation, setting.lead, 7)
    page, _ = pages_of(setting, made)
    person = links[1].invitation
    answer = lead.post(f"{page}people/{person.pk}/address/", {"email": "mine@example.org"})
    assert answer.status_code == 302
    assert [letter.to for letter in mail.outbox] == [[f"{person.name} <mine@example.org>"]]
    [deed] = deeds(DeedKind.TOOK_LINKS)
    assert (deed.organisation, deed.person, deed.rows) == (setting.organisation, setting.lead, 1)
    assert (deed.what, deed.participation) == (f"sent to a corrected address, {OF_IT}", setting.participation)
    assert not any(said in str(vars(deed)) for said in ("mine@example.org", person.email, f"people/{person.pk}"))


def test_a_corrected_persons_link_that_is_shown_leaves_one_line(setting: Setting, lead: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    made, links = opened(setting.participation, setting.lead, 7)
    page, _ = pages_of(setting, made)
    lead.post(f"{page}people/{links[1].invitation.pk}/address/", {"email": "mine@example.org"})
    assert [(deed.what, deed.rows) for deed in deeds(DeedKind.TOOK_LINKS)] == [(OF_IT, 1)]


def test_an_address_for_which_no_link_can_be_given_stays_as_it_was(setting: Setting, lead: Client) -> None:
    """Else somebody could write another there, and no line would say so."""
    made, links = opened(setting.participation, setting.lead)
    person = links[0].invitation
    destroy_keys(made.organisation_id, made.pk)
    answer = lead.post(f"{pages_of(setting, made)[0]}people/{person.pk}/address/", {"email": "new@partner.example"})
    assert "key to this survey" in answer.content.decode()
    person.refresh_from_db()
    assert person.email != "new@partner.example"


def test_whoever_may_not_take_them_leaves_no_line(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead, 7)
    page, file = pages_of(setting, made)
    client = Client()
    client.force_login(setting.executive)
    assert client.post(file, {"secret": links[0].secret}).status_code == 403
    assert client.post(page, {"deed": "new_links", "delivery": "links"}).status_code == 403
    assert deeds(DeedKind.TOOK_LINKS) == []
