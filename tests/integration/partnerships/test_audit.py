"""Deeds that change no row are on the record, of the organisation that they concern."""

from __future__ import annotations

import io
import re
import time
from pathlib import Path
from typing import Any

import pytest
from django.core import mail, management
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from partnerships.audit import record_register_import
from partnerships.isolation import acting_for
from partnerships.models import AccessGrant, Deed, DeedKind, Partnership, Role
from tests.authenticator_app import code_for
from tests.factories import PASSWORD, OrganisationFactory, PersonFactory
from tests.integration.partnerships.conftest import Desk
from tests.integration.partnerships.test_recording import lines_of
from tests.integration.partnerships.test_second_step import SET_UP, key_on
from tests.register_files import etr

SIGN_IN = "/accounts/login/"


def deeds(*kinds: DeedKind) -> list[Deed]:
    return list(Deed.objects.filter(kind__in=kinds).order_by("done_at"))


def sign_in(email: str, password: str = PASSWORD) -> Any:
    return Client().post(SIGN_IN, {"login": email, "password": password})


@pytest.mark.parametrize(("kind", "what"), [("csv", "the portfolio as CSV"), ("xlsx", "the portfolio as XLSX")])
def test_who_takes_a_copy_of_the_portfolio_is_known(desk: Desk, kind: str, what: str) -> None:
    desk.participation()
    assert desk.get(f"partnerships/export.{kind}?x=1").status_code == 200
    [deed] = deeds(DeedKind.EXPORTED)
    assert (deed.organisation, deed.person, deed.what, deed.rows) == (desk.organisation, desk.lead, what, 1)
    assert deed.context
    assert deed.context["at"] == desk.at(f"partnerships/export.{kind}")
    assert deed.context["kind"] == "person"


def test_who_takes_a_copy_of_the_capacity_is_known(desk: Desk) -> None:
    assert desk.get("capacity/export.csv").status_code == 200
    assert [(deed.what, deed.rows) for deed in deeds(DeedKind.EXPORTED)] == [("the capacity as CSV", 0)]


def test_a_copy_that_is_refused_is_none(desk: Desk) -> None:
    administrator = PersonFactory.create()
    AccessGrant.objects.create(organisation=desk.organisation, person=administrator, role=Role.ADMINISTRATOR)
    assert desk.as_(administrator).get("partnerships/export.csv").status_code == 403
    assert deeds(DeedKind.EXPORTED) == []


def test_signing_in_and_out_is_on_the_record_of_every_organisation_of_the_person(desk: Desk) -> None:
    other = OrganisationFactory.create()
    AccessGrant.objects.create(organisation=other, person=desk.executive, role=Role.READER)
    client = Client()
    assert client.post(SIGN_IN, {"login": desk.executive.email, "password": PASSWORD}).status_code == 302
    client.post("/accounts/logout/")
    expected = {(desk.organisation.pk, desk.executive.pk), (other.pk, desk.executive.pk)}
    for kind in (DeedKind.SIGNED_IN, DeedKind.SIGNED_OUT):
        found = [deed for deed in deeds(kind) if deed.person == desk.executive]
        assert {(deed.organisation_id, deed.person_id) for deed in found} == expected
        assert len(found) == 2
    with acting_for(other):
        assert {deed.organisation for deed in deeds(DeedKind.SIGNED_IN)} == {other}


def test_a_wrong_password_is_on_the_record_and_what_was_typed_is_not(desk: Desk) -> None:
    assert sign_in(desk.executive.email, "not the password").status_code == 200
    [deed] = deeds(DeedKind.SIGN_IN_FAILED)
    assert (deed.organisation, deed.person) == (desk.organisation, desk.executive)
    assert "not the password" not in str(vars(deed))


AGAIN = "wrong password or code when asked again who it is"


def asked_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser in which the lead signed in with both steps, so long ago that it is asked again who it is."""
    cache.clear()
    client = Client()
    client.post(SIGN_IN, {"login": desk.lead.email, "password": PASSWORD})
    client.post(SET_UP, {"code": code_for(key_on(client.get(SET_UP)))})
    later = time.time() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    assert deeds(DeedKind.SIGN_IN_FAILED) == []
    return client


@pytest.mark.parametrize(("name", "field"), [("account_reauthenticate", "password"), ("mfa_reauthenticate", "code")])
def test_who_does_not_prove_again_who_they_are_is_on_the_record(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str, field: str
) -> None:
    client = asked_again(desk, monkeypatch)
    assert client.post(reverse(name), {field: "a guess"}).status_code == 200
    [deed] = deeds(DeedKind.SIGN_IN_FAILED)
    assert (deed.organisation, deed.person, deed.what) == (desk.organisation, desk.lead, AGAIN)
    assert "a guess" not in str(vars(deed))


def test_a_new_password_without_the_one_there_is_leaves_a_line_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    client = Client()
    client.force_login(desk.lead)
    sent = {"oldpassword": "a guess", "password1": "three other words", "password2": "three other words"}
    assert client.post("/accounts/password/change/", sent).status_code == 200
    assert [(deed.person, deed.what) for deed in deeds(DeedKind.SIGN_IN_FAILED)] == [(desk.lead, AGAIN)]


def test_tries_beyond_the_limit_leave_one_line_until_it_is_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    clock = {"now": time.time()}
    monkeypatch.setattr(time, "time", lambda: clock["now"])
    for number in range(12):
        assert sign_in(desk.executive.email, "a guess").status_code == (200 if number < 5 else 429)
    expected = ["", "", "", "", "", "too many tries"]
    assert [deed.what for deed in deeds(DeedKind.SIGN_IN_FAILED)] == expected
    assert {deed.person for deed in deeds(DeedKind.SIGN_IN_FAILED)} == {desk.executive}
    clock["now"] += 301
    cache.delete(f"too-many-tries:{desk.executive.pk}")  # the database's own clock has ended it
    for _ in range(7):
        sign_in(desk.executive.email, "a guess")
    assert [deed.what for deed in deeds(DeedKind.SIGN_IN_FAILED)] == expected * 2


def test_tries_beyond_the_limit_at_addresses_that_nobody_has_leave_one_line(db: None) -> None:
    cache.clear()
    for number in range(30):
        sign_in(f"nobody{number}@example.org", "a guess")
    before = written()
    for number in range(30, 38):
        assert sign_in(f"nobody{number}@example.org", "a guess").status_code == 429
    assert written() == before + 1


def test_codes_beyond_the_limit_leave_one_line(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    client = asked_again(desk, monkeypatch)
    for _ in range(9):
        client.post(reverse("mfa_reauthenticate"), {"code": "000000"})
    assert [deed.what for deed in deeds(DeedKind.SIGN_IN_FAILED)] == [AGAIN] * 5 + [TOO_MANY]
    for _ in range(9):  # the library's own limit on asking
        client.post(reverse("mfa_reauthenticate"), {"code": "000000"})
    assert [deed.what for deed in deeds(DeedKind.SIGN_IN_FAILED)] == [AGAIN] * 5 + [TOO_MANY]


TOO_MANY = "too many tries when asked again who it is"


@pytest.mark.django_db(transaction=True)  # the library tells of some once they are committed
def test_what_somebody_does_with_their_account_is_on_the_record(transactional_db: None, desk: Desk) -> None:
    lead = desk.lead
    client = Client()
    client.post(SIGN_IN, {"login": lead.email, "password": PASSWORD})
    new = "three other words of mine"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    key = key_on(client.get(SET_UP))
    client.post(SET_UP, {"code": code_for(key)})
    client.post(reverse("mfa_generate_recovery_codes"))
    client.post(reverse("mfa_deactivate_totp"))
    client.post(reverse("account_sessions"), {"others": "on"})
    management.call_command("reset_sign_in", lead.email, stdout=io.StringIO())
    for kind in (
        DeedKind.PASSWORD_CHANGED,
        DeedKind.SECOND_STEP_SET_UP,
        DeedKind.RECOVERY_CODES_MADE,
        DeedKind.SECOND_STEP_REMOVED,
        DeedKind.SESSIONS_ENDED,
        DeedKind.SIGN_IN_RESET,
    ):
        [deed] = deeds(kind)
        assert (deed.organisation, deed.person) == (desk.organisation, lead), kind
        assert not {new, key} & set(map(str, vars(deed).values()))


def test_a_password_made_anew_by_a_letter_is_on_the_record(desk: Desk) -> None:
    client = Client()
    client.post(reverse("account_reset_password"), {"email": desk.lead.email})
    [address] = re.findall(r"http://testserver(/\S+)", str(mail.outbox[-1].body))
    page = client.get(address, follow=True)
    new = "three other words of mine"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    [deed] = deeds(DeedKind.PASSWORD_CHANGED)
    assert deed.person == desk.lead


def test_a_password_changed_at_the_server_is_on_the_record(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    new = "three other words of mine"
    monkeypatch.setattr("getpass.getpass", lambda prompt: new)
    management.call_command("changepassword", desk.lead.email, stdout=io.StringIO())
    [deed] = deeds(DeedKind.PASSWORD_CHANGED)
    assert (deed.organisation, deed.person) == (desk.organisation, desk.lead)
    assert deed.context
    assert (deed.context["kind"], deed.context["at"]) == ("command", "changepassword")
    assert new not in str(vars(deed))
    desk.lead.refresh_from_db()
    assert desk.lead.check_password(new)


def test_a_password_that_is_not_changed_at_the_server_leaves_no_line(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt: "short")
    with pytest.raises(management.CommandError, match="Aborting"):
        management.call_command("changepassword", desk.lead.email, stdout=io.StringIO(), stderr=io.StringIO())
    assert deeds(DeedKind.PASSWORD_CHANGED) == []


def written() -> int:
    """How many deeds this transaction has put on the record, those that nobody may read among them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_get_xact_tuples_inserted('partnerships_deed'::regclass)")
        return int(cursor.fetchone()[0])


def test_an_address_nobody_has_is_nobodys_and_is_not_kept(db: None) -> None:
    before = written()
    assert sign_in("nobody@example.org").status_code == 200
    assert written() == before + 1
    assert deeds(DeedKind.SIGN_IN_FAILED) == []  # a line of no organisation is added and never read


def test_somebody_without_any_role_leaves_a_line_that_no_organisation_reads(db: None) -> None:
    before = written()
    assert sign_in(PersonFactory.create().email).status_code == 302
    assert written() == before + 1
    assert deeds(DeedKind.SIGNED_IN) == []


def test_loading_a_register_leaves_one_line_however_many_rows_it_has(db: None, tmp_path: Path) -> None:
    file = tmp_path / "etr.csv"
    file.write_bytes(etr())
    before = written()
    management.call_command("import_register", str(file), "--as-of", "2026-01-01", stdout=io.StringIO())
    assert written() == before + 1
    assert lines_of(Partnership) == []
    assert str(record_register_import(what="etr.csv", rows=2, by=None)) == "imported the register etr.csv"
