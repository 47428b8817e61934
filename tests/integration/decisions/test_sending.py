"""Letters through a real mail server: at most once, or taken back, or held; never two of these."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from decisions.actions.letters import send_all_the_same, take_back
from decisions.models import Letter, LetterState, Trouble, WhyHeld
from decisions.sending import TRIED_FOR, hold_back, send_due
from partnerships.isolation import acting_for
from partnerships.models import Person
from partnerships.over_all_organisations import ids_of
from tests.e2e.service import Service
from tests.integration.decisions.kind_no_data import (
    ADDRESS,
    House,
    be_due,
    partner_leaves,
    sent,
    step_down,
    stepped_down,
)
from tests.integration.decisions.scored import decided
from tests.integration.diagnostics.mail_server import MailServer, mail_server, port_where_nobody_listens
from tests.integration.diagnostics.test_reminder_workers import wait_until

pytestmark = pytest.mark.django_db


def due_now() -> list[int]:
    now = timezone.now()
    return ids_of("decisions_with_letters_due", now, now - datetime.timedelta(minutes=16))


def test_a_letter_leaves_once_it_has_been_held(house: House, post: MailServer) -> None:
    letter = sent(house, held=True)
    assert send_due(house.organisation) == 0
    assert due_now() == []
    later = timezone.now() + datetime.timedelta(minutes=11)
    assert send_due(house.organisation, clock=lambda: later) == 1
    assert send_due(house.organisation, clock=lambda: later) == 0
    [(address, message)] = post.letters
    assert address == ADDRESS
    assert message["Subject"] == "Alliance 4: what we can do"
    assert message["To"] == f"Asha Rao <{ADDRESS}>"
    assert house.lead.email in message["Reply-To"]
    assert str(message.get_content()).replace("\r", "").startswith("Dear Asha,\n\nThank you.")
    assert "put nothing about patients" in str(message.get_content())
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at) == (LetterState.SENT, later)


def test_whose_letters_are_due_is_found_over_all_organisations(house: House) -> None:
    sent(house)
    assert due_now() == [house.organisation.pk]


def test_nothing_of_what_somebody_typed_becomes_a_header(house: House, post: MailServer) -> None:
    sent(house, subject="Hello\nBcc: other@example.org", recipient_name="Asha\nCc: other@example.org")
    assert send_due(house.organisation) == 1
    [(_, message)] = post.letters
    assert message["Subject"] == "Hello Bcc: other@example.org"
    assert message["Bcc"] is None
    assert message["Cc"] is None


def test_an_address_that_is_refused_is_shown_and_can_be_corrected(house: House, post: MailServer) -> None:
    post.refused.add(ADDRESS)
    letter = sent(house)
    assert send_due(house.organisation) == 0
    letter.refresh_from_db()
    assert (letter.state, letter.trouble) == (LetterState.REFUSED, Trouble.REFUSED)
    assert send_due(house.organisation) == 0
    take_back(letter=letter, by=house.lead)
    sent(house, email="asha.rao@partner.example")
    assert send_due(house.organisation) == 1
    assert post.reached() == ["asha.rao@partner.example"]


def test_a_server_that_puts_it_off_is_tried_again_and_given_up_after_days(house: House, post: MailServer) -> None:
    post.put_off.add(ADDRESS)
    letter = sent(house)
    now = timezone.now()
    send_due(house.organisation, clock=lambda: now)
    letter.refresh_from_db()
    assert (letter.state, letter.trouble) == (LetterState.WAITING, Trouble.PUT_OFF)
    assert letter.send_after == now + datetime.timedelta(minutes=10)
    send_due(house.organisation, clock=lambda: now + TRIED_FOR)
    letter.refresh_from_db()
    assert (letter.state, letter.trouble) == (LetterState.REFUSED, Trouble.GIVEN_UP)


def test_with_the_mail_server_down_it_waits_and_says_so(house: House, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port_where_nobody_listens()
    letter = sent(house)
    assert send_due(house.organisation) == 0
    letter.refresh_from_db()
    assert (letter.state, letter.trouble) == (LetterState.WAITING, Trouble.PUT_OFF)
    with mail_server(settings.EMAIL_PORT) as server:
        assert send_due(house.organisation) == 1
        assert server.reached() == [ADDRESS]
    letter.refresh_from_db()
    assert (letter.state, letter.trouble) == (LetterState.SENT, "")


def test_a_server_that_goes_away_in_the_middle_leaves_a_doubt(house: House, post: MailServer, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 1
    post.silent_at.add(ADDRESS)
    letter = sent(house)
    assert send_due(house.organisation) == 0
    letter.refresh_from_db()
    assert letter.state == LetterState.IN_DOUBT
    post.answers.set()
    assert send_due(house.organisation) == 0
    assert post.reached() == [ADDRESS]


def test_what_a_killed_worker_had_taken_is_in_doubt_and_not_sent_again(house: House, post: MailServer) -> None:
    letter = sent(house)
    taken_at = timezone.now() - datetime.timedelta(hours=1)
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.TAKEN, taken_at=taken_at)
    assert due_now() == [house.organisation.pk]
    assert send_due(house.organisation) == 0
    letter.refresh_from_db()
    assert (letter.state, letter.taken_at) == (LetterState.IN_DOUBT, taken_at)
    assert post.letters == []


def test_what_another_worker_is_sending_is_left_to_it(house: House, post: MailServer) -> None:
    letter = sent(house)
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.TAKEN, taken_at=timezone.now())
    assert send_due(house.organisation) == 0
    letter.refresh_from_db()
    assert letter.state == LetterState.TAKEN
    assert post.letters == []


def test_what_was_decided_anew_unseen_is_held(house: House, post: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """As from a process that runs the code of before."""
    monkeypatch.setattr("decisions.actions.deciding.hold_back", lambda decision: None)
    letter = sent(house)
    step_down(house.one, house.executive, level_code="decline")
    assert send_due(house.organisation) == 0
    letter.refresh_from_db()
    assert (letter.state, letter.held_because) == (LetterState.HELD, WhyHeld.DECIDED_ANEW)
    assert post.letters == []
    hold_back(letter.kind_no.decision)
    letter.refresh_from_db()
    assert letter.state == LetterState.HELD


@pytest.mark.parametrize("noes", [1, 2])
def test_a_no_never_leaves_under_a_yes_whoever_holds_it_back(
    house: House, post: MailServer, monkeypatch: pytest.MonkeyPatch, noes: int
) -> None:
    """Looked at at the moment of sending, by what is decided then, however often."""
    letter = sent(house)
    if noes == 2:
        step_down(house.one, house.executive, reason="Put right")
        be_due(send_all_the_same(letter=letter, by=house.lead))
    monkeypatch.setattr("decisions.actions.deciding.hold_back", lambda decision: None)
    decided(house.one, house.executive, level_code="prioritise", reason="We found the days")
    for _ in range(2):
        assert send_due(house.organisation) == 0
    letter.refresh_from_db()
    assert (letter.state, letter.held_because) == (LetterState.HELD, WhyHeld.DECIDED_ANEW)
    assert post.letters == []


def test_a_no_that_was_put_right_leaves_all_the_same_where_somebody_says_so(house: House, post: MailServer) -> None:
    letter = sent(house)
    step_down(house.one, house.executive, reason="Put right")
    assert send_due(house.organisation) == 0
    be_due(send_all_the_same(letter=letter, by=house.lead))
    assert send_due(house.organisation) == 1
    assert post.reached() == [ADDRESS]


def test_a_partner_who_left_meanwhile_has_no_letter_before_somebody_says_so(house: House, post: MailServer) -> None:
    letter = sent(house)
    partner_leaves(house)
    assert send_due(house.organisation) == 0
    letter.refresh_from_db()
    assert (letter.state, letter.held_because) == (LetterState.HELD, WhyHeld.PARTNER_LEFT)
    assert post.letters == []


def test_whoever_may_not_decide_any_more_sends_none_and_a_colleague_may(house: House, post: MailServer) -> None:
    letter = sent(house)
    house.lead.access_grants.all().delete()
    assert send_due(house.organisation) == 0
    letter.refresh_from_db()
    assert (letter.state, letter.held_because) == (LetterState.HELD, WhyHeld.SENDER_GONE)
    assert post.letters == []
    send_all_the_same(letter=letter, by=house.executive)
    later = timezone.now() + datetime.timedelta(minutes=11)
    assert send_due(house.organisation, clock=lambda: later) == 1
    [(_, message)] = post.letters
    assert house.executive.email in message["Reply-To"]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.fixture(autouse=True)
    def quick(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.SCORING_DRAWS = 4
        monkeypatch.setattr("scoring.tasks.send", lambda number: None)

    def test_a_letter_is_taken_back_or_sent_and_never_both(self, post: MailServer) -> None:
        house = stepped_down()
        letter = sent(house)
        together, outcomes = threading.Barrier(2), []

        def run(name: str, work: Callable[[], bool]) -> None:
            try:
                with acting_for(house.organisation, person=house.lead):
                    together.wait(timeout=20)
                    outcomes.append((name, work()))
            finally:
                connection.close()

        def taken_back() -> bool:
            try:
                take_back(letter=Letter.objects.get(pk=letter.pk), by=house.lead)
            except ValidationError:
                return False
            return True

        threads = [
            threading.Thread(target=run, args=("back", taken_back)),
            threading.Thread(target=run, args=("sent", lambda: send_due(house.organisation) == 1)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        letter.refresh_from_db()
        happened = dict(outcomes)
        assert happened["back"] != happened["sent"]
        assert letter.state == (LetterState.SENT if happened["sent"] else LetterState.DRAFT)
        assert len(post.letters) == happened["sent"]

    def test_two_workers_at_once_send_one_letter(self, post: MailServer) -> None:
        house = stepped_down()
        sent(house)
        together, outcomes = threading.Barrier(3), []

        def run() -> None:
            try:
                with acting_for(house.organisation):
                    together.wait(timeout=20)
                    outcomes.append(send_due(house.organisation))
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert sorted(outcomes) == [0, 0, 1]
        assert post.reached() == [ADDRESS]

    @pytest.mark.parametrize("noes", [1, 2])
    def test_two_workers_send_no_no_while_somebody_decides_yes(self, post: MailServer, noes: int) -> None:
        """Either it left before the decision, or it is held: never sent under the yes."""
        house = stepped_down()
        letter = sent(house)
        if noes == 2:
            step_down(house.one, house.executive, reason="Put right")
            be_due(send_all_the_same(letter=letter, by=house.lead))
        together, outcomes = threading.Barrier(3), []

        def run(work: Callable[[], object]) -> None:
            try:
                with acting_for(house.organisation, person=house.executive):
                    together.wait(timeout=20)
                    outcomes.append(work())
            finally:
                connection.close()

        def decides() -> None:
            decided(house.one, house.executive, level_code="prioritise", reason="We found the days")

        works: list[Callable[[], object]] = [lambda: send_due(house.organisation)] * 2 + [decides]
        threads = [threading.Thread(target=run, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert len(outcomes) == 3
        letter.refresh_from_db()
        if letter.state == LetterState.SENT:
            taken_at, recorded_at = letter.taken_at, house.current().recorded_at
            assert taken_at is not None
            assert taken_at < recorded_at
        else:
            assert (letter.state, letter.held_because) == (LetterState.HELD, WhyHeld.DECIDED_ANEW)
            assert post.letters == []

    @pytest.mark.parametrize("noes", [1, 2])
    def test_workers_that_come_while_a_yes_is_being_recorded_wait_for_it(
        self, post: MailServer, monkeypatch: pytest.MonkeyPatch, noes: int
    ) -> None:
        """By the lock on the partnership alone: whoever decides here holds nothing back, as the code of before did."""
        house = stepped_down()
        letter = sent(house)
        if noes == 2:
            step_down(house.one, house.executive, reason="Put right")
            be_due(send_all_the_same(letter=letter, by=house.lead))
        monkeypatch.setattr("decisions.actions.deciding.hold_back", lambda decision: None)
        recorded, commit, outcomes = threading.Event(), threading.Event(), []

        def decides() -> None:
            try:
                with acting_for(house.organisation, person=house.executive), transaction.atomic():
                    decided(house.one, house.executive, level_code="prioritise", reason="We found the days")
                    recorded.set()
                    commit.wait(timeout=60)
            finally:
                connection.close()

        def works() -> None:
            try:
                with acting_for(house.organisation):
                    outcomes.append(send_due(house.organisation))
            finally:
                connection.close()

        threads = [threading.Thread(target=decides)]
        threads[0].start()
        assert recorded.wait(timeout=60)
        threads += [threading.Thread(target=works) for _ in range(2)]
        for worker in threads[1:]:
            worker.start()
        wait_until(lambda: waiting_for_a_lock() == 2 or bool(outcomes))
        assert outcomes == []
        commit.set()
        for thread in threads:
            thread.join(timeout=60)
        assert outcomes == [0, 0]
        letter.refresh_from_db()
        assert (letter.state, letter.held_because) == (LetterState.HELD, WhyHeld.DECIDED_ANEW)
        assert post.letters == []


def waiting_for_a_lock() -> int:
    """How many sessions wait for what another one holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
class TestRealWorkers:
    @pytest.fixture
    def service(self, process_environment: dict[str, str], tmp_path: Path) -> Iterator[Service]:
        one = Service(dict(process_environment) | {"LETTERS_LOOK_EVERY_SECONDS": "1", "EMAIL_TIMEOUT": "30"}, tmp_path)
        try:
            one.start_broker()
            yield one
        finally:
            one.end()

    @pytest.fixture
    def house(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> House:
        settings.SCORING_DRAWS = 4
        monkeypatch.setattr("scoring.tasks.send", lambda number: None)
        return stepped_down()

    def test_a_worker_killed_in_the_middle_of_a_letter_is_followed_by_one_that_does_not_send_it_again(
        self, house: House, service: Service
    ) -> None:
        letter = sent(house)
        with mail_server() as server:
            server.silent_at.add(ADDRESS)
            service.environment |= server.environment
            first = service.start_worker()
            assert server.taking.wait(90)
            service.kill_worker(first)
            server.answers.set()
            other = another_letter(house, house.lead)
            service.start_worker()
            wait_until(lambda: Letter.objects.get(pk=other.pk).state == LetterState.SENT)
            assert server.reached() == [ADDRESS, "other@partner.example"]
        letter.refresh_from_db()
        assert letter.state == LetterState.TAKEN
        Letter.objects.filter(pk=letter.pk).update(taken_at=timezone.now() - datetime.timedelta(hours=1))
        assert send_due(house.organisation) == 0
        letter.refresh_from_db()
        assert letter.state == LetterState.IN_DOUBT

    def test_with_the_broker_down_it_leaves_once_that_is_back(self, house: House, service: Service) -> None:
        with mail_server() as server:
            service.environment |= server.environment
            service.start_worker()
            service.kill_broker()
            letter = sent(house)
            service.start_broker()
            wait_until(lambda: Letter.objects.get(pk=letter.pk).state == LetterState.SENT)
            assert server.reached() == [ADDRESS]


def another_letter(house: House, by: Person) -> Letter:
    other = house.organisation.participations.select_related("partnership", "organisation").get(
        partnership__name="Alliance 3"
    )
    decision = step_down(other, by)
    elsewhere = House(house.organisation, house.lead, house.executive, other, house.member, decision)
    return sent(elsewhere, recipient=None, email="other@partner.example")
