"""Answers read together or by organisation: what people are told, what is kept of them, and what is shown."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.test import Client

from diagnostics.actions import (
    PersonalLink,
    RoundRefusedError,
    close_round,
    open_round,
    read_answers_as,
    start_round,
)
from diagnostics.instrument import instrument
from diagnostics.invitees import Invitee
from diagnostics.mailing import send_links
from diagnostics.models import Round, RoundMode
from diagnostics.results import results_of
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.hidden import every_response
from tests.integration.diagnostics.survey_data import answer, draft, next_week

EMPLOYERS = ["Westmere Trust"] * 3 + ["Aldercote Council"] * 2 + ["Bexford Hospice", "Cole Valley PCN"]


@pytest.fixture
def lead(setting: Setting) -> Client:
    client = Client()
    client.force_login(setting.lead)
    return client


def by_organisation(setting: Setting) -> tuple[Round, list[PersonalLink]]:
    people = [Invitee(f"Person {n}", f"p{n}@partner.example", works_for) for n, works_for in enumerate(EMPLOYERS)]
    made = start_round(participation=setting.participation, people=people, closes_on=next_week(), by=setting.lead)
    read_answers_as(round=made, mode=RoundMode.NAMED, by=setting.lead)
    links = open_round(round=Round.objects.get(pk=made.pk), by=setting.lead)
    return Round.objects.get(pk=made.pk), links


def first_page(link: PersonalLink) -> str:
    return " ".join(Client().get(f"/s/{link.secret}/", follow=True).content.decode().split())


def test_people_are_told_with_what_name_they_are_read(setting: Setting) -> None:
    _, links = by_organisation(setting)
    named = {link.invitation.works_for: first_page(link) for link in links}
    for employer, words in named.items():
        assert f"and your answers count as the view of {employer}: that view is shown however few" in words
        assert "even if you are the only one" in words
        assert "never yours alone" not in words


def test_with_names_the_organisation_is_kept_and_without_it_is_not(setting: Setting) -> None:
    made, links = by_organisation(setting)
    for link in links[:6]:
        answer(link, 4)
    close_round(round=made, by=setting.lead)
    assert sorted(one.works_for for one in every_response()) == sorted(link.invitation.works_for for link in links[:6])
    people = [Invitee(f"Person {n}", f"p{n}@partner.example", "Westmere Trust") for n in range(7)]
    second = start_round(participation=setting.participation, people=people, closes_on=next_week(), by=setting.lead)
    answer(open_round(round=second, by=setting.lead)[0], 4)
    assert {one.works_for for one in every_response() if one.round_id == second.pk} == {""}


def test_each_organisation_is_shown_and_no_mean_over_them_beside_the_one_over_people(
    setting: Setting, lead: Client
) -> None:
    made, links = by_organisation(setting)
    for link in links:
        if link.invitation.works_for != "Cole Valley PCN":
            answer(link, {"Westmere Trust": 5, "Aldercote Council": 3}.get(link.invitation.works_for, 1))
    close_round(round=made, by=setting.lead)
    results = results_of(Round.objects.get(pk=made.pk))
    assert results is not None
    assert results.by_organisation is not None
    assert results.overall.estimate is not None
    means = {row.name: row.cells[0].estimate for row in results.by_organisation.rows}
    assert {name: one.mean if one else None for name, one in means.items()} == {
        "Aldercote Council": 3.0,
        "Bexford Hospice": 1.0,
        "Westmere Trust": 5.0,
    }
    assert results.overall.estimate.mean == pytest.approx(22 / 6)
    page = " ".join(lead.get(f"/o/{setting.code}/surveys/{made.pk}/").content.decode().split())
    assert "Nobody answered for Cole Valley PCN." in page
    assert "3 of 3 answered" in page
    assert "Each person counts once in every mean here." in page
    assert "Every organisation counted the same" not in page


def test_what_is_hidden_in_all_is_hidden_of_each(setting: Setting) -> None:
    """One person's view on one characteristic, which the results hide: nor is it their organisation's."""
    made, links = by_organisation(setting)
    focus = instrument().items_of("focus")
    everything = dict.fromkeys(instrument().item_by_code, 4)
    for number, link in enumerate(links):
        answer(link, everything | dict.fromkeys(focus, None if number < 6 else 1))
    close_round(round=made, by=setting.lead)
    results = results_of(Round.objects.get(pk=made.pk))
    assert results is not None
    table = results.by_organisation
    assert table is not None
    hidden = table.scales.index("Relentless focus")
    assert [row.cells[hidden].estimate for row in table.rows] == [None] * 4
    assert {row.cells[0].estimate.mean for row in table.rows if row.cells[0].estimate} == {4}


def test_the_page_asks_and_says_until_when(setting: Setting, lead: Client) -> None:
    made = draft(setting.participation, setting.lead)
    address = f"/o/{setting.code}/surveys/{made.pk}/"
    assert "together, without names" in lead.get(address).content.decode()
    refused = lead.post(f"{address}read-as/", {"mode": "named", "mean_over": "people"}).content.decode()
    assert "everybody asked needs one. It is missing for Person 1, Person 2, Person 3 and 4 more" in refused
    assert "Choose how the answers are read." in lead.post(f"{address}read-as/", {}).content.decode()
    assert "Choose how the answers are read." in lead.post(f"{address}read-as/", {"mode": "x"}).content.decode()
    made.invitations.update(works_for="Westmere Trust")
    assert lead.post(f"{address}read-as/", {"mode": "named", "mean_over": "people"})["Location"] == address
    assert "by organisation, with its name" in lead.get(address).content.decode()


def test_once_it_has_opened_it_is_fixed(setting: Setting, lead: Client) -> None:
    """Before anybody has begun: somebody may have read how answers are read, in the letter or on the first page."""
    made, _ = by_organisation(setting)
    address = f"/o/{setting.code}/surveys/{made.pk}/"
    assert f"{address}read-as/" not in lead.get(address).content.decode()
    page = lead.post(f"{address}read-as/", {"mode": "anonymous", "mean_over": "people"}).content.decode()
    assert "This survey has opened, and people were told who sees what" in page
    made.refresh_from_db()
    assert made.mode == RoundMode.NAMED
    close_round(round=made, by=setting.lead)
    with pytest.raises(RoundRefusedError, match="has closed"):
        read_answers_as(round=made, mode=RoundMode.ANONYMOUS, by=setting.lead)
    with pytest.raises(PermissionDenied):
        read_answers_as(round=made, mode=RoundMode.ANONYMOUS, by=setting.executive)


def test_whoever_is_asked_by_email_reads_it_there(setting: Setting, mailoutbox: list[EmailMessage]) -> None:
    _, links = by_organisation(setting)
    assert send_links(links=links, address_of=lambda secret: f"https://triage.example/s/{secret}/") == []
    for link, letter in zip(links, mailoutbox, strict=True):
        assert f"and your answers count as the view of {link.invitation.works_for}: that view is shown" in letter.body
        assert "even if you are the only one" in letter.body
        assert "never yours alone" not in letter.body
