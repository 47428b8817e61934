"""What is read out of reports of mail servers, and what of nothing else."""

from __future__ import annotations

import email
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.bounces import MOST_BYTES, Report, Said, number_for, report_in
from tests.unit.diagnostics.mail_reports import ADA, exchange_online, postfix

FOR_GOOD, NOTHING = Report(Said.FOR_GOOD, ADA), Report(Said.NOTHING)


@pytest.fixture(autouse=True)
def sender(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Surveys <surveys@trust.example>"


def test_a_letters_number_is_new_each_time_and_of_our_domain() -> None:
    one, another = number_for(ADA), number_for(ADA)
    assert one != another
    assert one.endswith("@trust.example>")
    assert ADA not in one


@pytest.mark.parametrize("report", [postfix, exchange_online])
def test_an_address_that_is_refused_for_good(report: Any) -> None:
    assert report_in(report(number_for(ADA))) == FOR_GOOD


@pytest.mark.parametrize("report", [postfix, exchange_online])
def test_lines_that_end_as_they_do_on_the_way(report: Any) -> None:
    assert report_in(report(number_for(ADA)).replace(b"\n", b"\r\n")) == FOR_GOOD


def test_large_letters_in_an_address_and_its_other_form() -> None:
    said = postfix(number_for(ADA), to="Ada.Shah@Partner.Example", original="rfc822;Ada+2EShah@partner.example")
    assert report_in(said.replace(b"Final-Recipient: rfc822; Ada", b"Final-Recipient: rfc822; alias")) == FOR_GOOD


@pytest.mark.parametrize("status", ["5.1.1", "4.2.2", "4.4.7", ""])
def test_what_failed_is_for_good_whatever_the_status_says_of_why(status: str) -> None:
    assert report_in(postfix(number_for(ADA), action="failed", status=status)) == FOR_GOOD


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.4.1"), ("delayed", "5.4.1"), ("delivered", "2.0.0"), ("relayed", "2.0.0")]
)
def test_what_is_only_for_now(action: str, status: str) -> None:
    assert report_in(postfix(number_for(ADA), action=action, status=status)) == Report(Said.FOR_NOW, ADA)


def test_a_report_about_somebody_elses_address_says_nothing() -> None:
    """The number of one letter proves nothing of another address."""
    number = number_for(ADA)
    assert report_in(postfix(number, recipient="board@partner.example")) == NOTHING
    assert report_in(postfix(number, to="board@partner.example", recipient="board@partner.example")) == NOTHING


@pytest.mark.parametrize(
    "number",
    [
        "",
        "<20261130.1@trust.example>",
        f"<survey.{'a' * 32}.{'b' * 64}@trust.example>",
        "<survey..@trust.example>",
        f"<survey.{'a' * 32}@trust.example>",
    ],
)
def test_a_report_about_no_letter_of_ours_says_nothing(number: str) -> None:
    assert report_in(postfix(number)) == NOTHING


def test_numbers_of_another_service_prove_nothing(settings: Any) -> None:
    number = number_for(ADA)
    settings.SECRET_KEY = "another service's"
    assert report_in(postfix(number)) == NOTHING


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\0" * 1000,
        b"\xff\xfe" * 500,
        b"Subject: Out of office\n\nI am away.",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x",
        b"Content-Type: message/delivery-status\n\nAction: failed",
        b"Content-Type: message/rfc822\n\n" * 400,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (one, one) for one in range(3000)),
        b"To: " + b"<" * 100_000,
        b"Content-Type: message/rfc822\n\nTo: " + b"(" * 100_000 + b"\nMessage-ID: x\n\n",
        b"Content-Type: " + b"=?utf-8?q?" * 10_000,
    ],
    ids=range(11),
)
def test_what_is_malformed_says_nothing_and_takes_no_time(message: bytes) -> None:
    began = time.process_time()
    assert report_in(message) == NOTHING
    assert time.process_time() - began < 20


def test_what_is_too_long_is_not_looked_into() -> None:
    said = postfix(number_for(ADA))
    assert report_in(said + b"x" * (MOST_BYTES - len(said))) == FOR_GOOD
    assert report_in(said + b"x" * MOST_BYTES) == NOTHING


@given(st.binary(max_size=3000), st.integers(0, 3000), st.integers(0, 3000))
def test_a_report_that_is_damaged_anywhere_is_no_fault(put_in: bytes, start: int, length: int) -> None:
    said = postfix(number_for(ADA))
    found = report_in(said[:start] + put_in + said[start + length :])
    assert found.address in {"", ADA}


def test_the_reports_of_these_tests_are_what_mail_programs_take_them_for() -> None:
    for said in (postfix("<1@x>"), exchange_online("<1@x>")):
        assert email.message_from_bytes(said).get_content_type() == "multipart/report"
