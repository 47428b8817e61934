"""``manage.py read_bounces``: letters that came back later are marked, and nothing that anybody makes up is."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from decisions.management.commands import read_bounces
from diagnostics.actions import PersonalLink, close_round, correct_address
from diagnostics.completion import mark_those_who_answered
from diagnostics.mailing import send_links
from diagnostics.models import Invitation, Round
from partnerships.isolation import acting_for_nobody
from tests.factories import active_participation, organisation_with_people
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.survey_data import answer, opened
from tests.unit.diagnostics.mail_reports import exchange_online, postfix

ROOT = Path(__file__).resolve().parents[3]
FIRST = "person1@partner.example"


@pytest.fixture
def asked(setting: Setting) -> tuple[Round, list[PersonalLink]]:
    made, links = opened(setting.participation, setting.lead)
    assert send_links(links=links, address_of=lambda secret: f"https://survey.example/s/{secret}/") == []
    return made, links


def number_to(address: str) -> str:
    """The number that the letter to this address carried."""
    [letter] = [one for one in mail.outbox if address in one.to[0]]
    return str(letter.message()["Message-ID"])


def read(message: bytes, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give it a message as a pipe does; what it says."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(message)))
    said = io.StringIO()
    with acting_for_nobody():
        call_command("read_bounces", stdout=said)
    return said.getvalue()


def failed() -> dict[str, object]:
    marked = Invitation.objects.exclude(email_failed_on=None).order_by("email")
    return dict(marked.values_list("email", "email_failed_on"))


@pytest.mark.parametrize("report", [postfix, exchange_online])
def test_a_letter_that_came_back_for_good_marks_its_address(
    asked: tuple[Round, list[PersonalLink]], monkeypatch: pytest.MonkeyPatch, report: object
) -> None:
    made = postfix if report is postfix else exchange_online
    said = read(made(number_to(FIRST), to=FIRST), monkeypatch)
    assert said == (
        "1 message read: 1 refused for good, 0 only for now, 0 about no letter of ours. "
        "1 person is newly marked in surveys, and 0 letters to partners have come back.\n"
    )
    assert failed() == {FIRST: timezone.localdate()}
    assert "0 people are newly marked" in read(made(number_to(FIRST), to=FIRST), monkeypatch), "and twice marks nobody"


def test_it_is_marked_wherever_the_address_is_asked_and_only_in_open_surveys(
    setting: Setting, asked: tuple[Round, list[PersonalLink]], monkeypatch: pytest.MonkeyPatch
) -> None:
    other, their_lead, _ = organisation_with_people()
    theirs, _ = opened(active_participation(other), their_lead)
    over, _ = opened(active_participation(setting.organisation), setting.lead)
    close_round(round=over, by=setting.lead)
    assert "2 people are newly marked" in read(postfix(number_to(FIRST), to=FIRST), monkeypatch)
    marked = set(Invitation.objects.exclude(email_failed_on=None).values_list("round", flat=True))
    assert marked == {asked[0].pk, theirs.pk}


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("delayed", "5.4.1")])
def test_what_is_only_for_now_marks_nobody(
    asked: tuple[Round, list[PersonalLink]], monkeypatch: pytest.MonkeyPatch, action: str, status: str
) -> None:
    said = read(postfix(number_to(FIRST), to=FIRST, action=action, status=status), monkeypatch)
    assert "0 refused for good, 1 only for now" in said
    assert failed() == {}


def test_a_forged_report_marks_nobody(asked: tuple[Round, list[PersonalLink]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Not with a number that was made up, nor with that of a letter to somebody else."""
    for number in (f"<survey.{'a' * 32}.{'b' * 64}@trust.example>", number_to("person2@partner.example")):
        assert "1 about no letter of ours" in read(postfix(number, to=FIRST), monkeypatch)
    assert failed() == {}


def test_who_is_known_to_have_answered_or_has_another_address_by_now_is_not_marked(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, links = opened(setting.participation, setting.lead, 12)
    send_links(links=links, address_of=lambda secret: f"/s/{secret}/")
    for link in links[:9]:
        answer(link, 4)
    assert mark_those_who_answered(made) == 5
    done = made.invitations.filter(completed=True)[0]
    moved = made.invitations.get(pk=links[10].invitation.pk)
    correct_address(invitation=moved, email="moved@partner.example", by=setting.lead)
    for address in (done.email, links[10].invitation.email):
        assert "0 people are newly marked" in read(postfix(number_to(address), to=address), monkeypatch)
    assert failed() == {}


def test_new_messages_of_a_folder_are_read_once(asked: tuple[Round, list[PersonalLink]], tmp_path: Path) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    for one in (1, 2):
        address = f"person{one}@partner.example"
        (tmp_path / "new" / f"170000000{one}.mail").write_bytes(postfix(number_to(address), to=address))
    (tmp_path / "new" / "1700000003.mail").write_bytes(b"Subject: Out of office\n\nI am away.\n")
    (tmp_path / "cur" / "1600000000.mail:2,S").write_bytes(
        postfix(number_to("person3@partner.example"), to="person3@partner.example")
    )
    said = io.StringIO()
    call_command("read_bounces", maildir=tmp_path, stdout=said)
    assert "3 messages read: 2 refused for good, 0 only for now, 1 about no letter of ours." in said.getvalue()
    assert sorted(failed()) == [FIRST, "person2@partner.example"]
    assert list((tmp_path / "new").iterdir()) == []
    assert len(list((tmp_path / "cur").glob("*:2,S"))) == 4
    Invitation.objects.update(email_failed_on=None)  # as where the address was corrected, and back
    again = io.StringIO()
    call_command("read_bounces", maildir=tmp_path, stdout=again)
    assert again.getvalue().startswith("0 messages read")
    assert failed() == {}


def test_a_folder_that_is_no_maildir_is_refused_in_words(tmp_path: Path, db: None) -> None:
    with pytest.raises(CommandError, match="is no Maildir: it needs the folders new, cur and tmp"):
        call_command("read_bounces", maildir=tmp_path)


def test_with_the_database_down_the_mail_server_is_told_to_try_again(
    asked: tuple[Round, list[PersonalLink]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> list[int]:
        raise OperationalError("the server is away")

    monkeypatch.setattr(read_bounces, "ids_of", down)
    with pytest.raises(CommandError, match="Give the message again later") as refused:
        read(postfix(number_to(FIRST), to=FIRST), monkeypatch)
    assert refused.value.returncode == 75


@pytest.mark.django_db(transaction=True)
def test_as_a_mail_server_runs_it(setting: Setting, process_environment: dict[str, str]) -> None:
    made, links = opened(setting.participation, setting.lead)
    send_links(links=links, address_of=lambda secret: f"/s/{secret}/")
    message = postfix(number_to(FIRST), to=FIRST)
    done = subprocess.run(
        [sys.executable, "manage.py", "read_bounces"],
        input=message,
        cwd=ROOT,
        env=process_environment,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"1 person is newly marked in surveys, and" in done.stdout
    assert FIRST.encode() not in done.stdout + done.stderr, "which ends in the mail server's log"
    assert list(failed()) == [FIRST]
    assert made.invitations.exclude(email_failed_on=None).count() == 1
