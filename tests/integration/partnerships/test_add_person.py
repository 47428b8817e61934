from __future__ import annotations

import datetime
import io
import sys
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from partnerships.models import Organisation, Person, Role
from tests.factories import OrganisationFactory, PersonFactory, in_role

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-passphrase"
YESTERDAY = timezone.now() - datetime.timedelta(days=1)
LAST_YEAR = YESTERDAY - datetime.timedelta(days=365)


def add(monkeypatch: pytest.MonkeyPatch, email: str, typed: str = f"{PASSWORD}\n", **options: Any) -> str:
    said = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    call_command("add_person", email, password_stdin=True, stdout=said, **options)
    return said.getvalue()


def test_a_strategy_lead_can_sign_in_and_the_organisation_is_set_up(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    OrganisationFactory.create(code="RH5", name="SOMERSET NHS FOUNDATION TRUST")
    said = add(monkeypatch, "Lee@Example.org", name="Lee Day", organisation="rh5", role="strategy_lead")
    assert said == (
        "Lee Day (lee@example.org) is administrator and strategy lead of Somerset NHS Foundation Trust (RH5).\n"
    )
    assert client.post("/accounts/login/", {"login": "lee@example.org", "password": PASSWORD}).status_code == 302
    organisation = Organisation.objects.get(code="RH5")
    assert organisation.engagement_levels.count() == 4
    assert organisation.capacity_pools.exists()


def test_somebody_with_an_account_gains_a_role_and_keeps_name_and_password(monkeypatch: pytest.MonkeyPatch) -> None:
    person = PersonFactory.create(email="lee@example.org", name="Lee Day")
    in_role(OrganisationFactory.create(code="RH5"), Role.ADMINISTRATOR)
    add(monkeypatch, "LEE@example.org", typed="", name="Another", organisation="RH5", role="executive")
    add(monkeypatch, "lee@example.org", typed="", organisation="RH5", role="executive")
    person.refresh_from_db()
    assert person.name == "Lee Day"
    assert [grant.role for grant in person.access_grants.all()] == [Role.EXECUTIVE]


@pytest.mark.parametrize(
    ("email", "typed", "options", "reason"),
    [
        ("lee@example.org", PASSWORD, {"organisation": "RZZ"}, "No organisation has the code RZZ. Import a register"),
        ("lee", PASSWORD, {}, "Enter a valid email address."),
        ("\u212aim@example.org", PASSWORD, {}, "Write the address in plain letters"),
        ("lee@example.org", "", {}, "Give a password"),
        ("lee@example.org", "short", {}, "This password is too short"),
        ("lee@example.org", PASSWORD, {"name": " "}, "Give a name"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(
    monkeypatch: pytest.MonkeyPatch, email: str, typed: str, options: dict[str, str], reason: str
) -> None:
    OrganisationFactory.create(code="RH5")
    with pytest.raises(CommandError, match=reason):
        add(monkeypatch, email, typed, **{"name": "Lee", "organisation": "RH5", "role": "strategy_lead", **options})
    assert not Person.objects.exists()


@pytest.mark.parametrize("role", ["executive", "contributor", "reader", "system_reader"])
def test_an_organisation_begins_with_an_administrator(monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    organisation = OrganisationFactory.create(code="RH5")
    in_role(organisation, Role.ADMINISTRATOR, granted_at=LAST_YEAR, expires_at=YESTERDAY)
    PersonFactory.create(email="lee@example.org")
    with pytest.raises(CommandError, match="has no administrator yet"):
        add(monkeypatch, "lee@example.org", typed="", organisation="RH5", role=role)
    assert not organisation.access_grants.current().exists()


def test_an_organisation_of_before_there_were_administrators_gets_one(monkeypatch: pytest.MonkeyPatch) -> None:
    organisation = OrganisationFactory.create(code="RH5", name="SOMERSET NHS FOUNDATION TRUST")
    in_role(organisation, Role.EXECUTIVE)
    PersonFactory.create(email="lee@example.org", name="Lee Day")
    said = add(monkeypatch, "lee@example.org", typed="", organisation="RH5", role="administrator")
    assert said == "Lee Day (lee@example.org) is administrator of Somerset NHS Foundation Trust (RH5).\n"
    PersonFactory.create(email="kim@example.org", name="Kim Fox")
    said = add(monkeypatch, "kim@example.org", typed="", organisation="RH5", role="strategy_lead")
    assert said == "Kim Fox (kim@example.org) is strategy lead of Somerset NHS Foundation Trust (RH5).\n"


def test_a_role_that_had_ended_begins_again_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    organisation = OrganisationFactory.create(code="RH5")
    in_role(organisation, Role.ADMINISTRATOR)
    person = in_role(organisation, Role.READER, granted_at=LAST_YEAR, expires_at=YESTERDAY)
    add(monkeypatch, person.email, typed="", organisation="RH5", role="reader")
    grant = person.access_grants.get()
    assert grant.expires_at is None
    assert grant.granted_at > YESTERDAY


def test_an_account_that_nobody_has_proved_gets_a_new_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who made it through a link that was handed over to them does not get in with the person that it is named for."""
    organisation = OrganisationFactory.create(code="RH5")
    in_role(organisation, Role.ADMINISTRATOR)
    person = PersonFactory.create(email="lee@example.org", name="Lee Day")
    EmailAddress.objects.create(user=person, email="lee@example.org", primary=True, verified=False)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    squatter = Client()
    squatter.force_login(person)
    with pytest.raises(CommandError, match="made through a link that was handed over"):
        add(monkeypatch, "lee@example.org", typed="", organisation="RH5", role="reader")
    assert not person.access_grants.exists()
    with pytest.raises(CommandError, match="too short"):
        add(monkeypatch, "lee@example.org", typed="short", organisation="RH5", role="reader")
    assert Authenticator.objects.exists()
    add(monkeypatch, "lee@example.org", organisation="RH5", role="reader")
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=person).verified
    assert not Authenticator.objects.exists()
    assert squatter.get("/o/RH5/partnerships/").status_code == 302
    add(monkeypatch, "lee@example.org", typed="", organisation="RH5", role="executive")


def test_with_nobody_to_ask_it_says_how_to_give_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    OrganisationFactory.create(code="RH5")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(CommandError, match="--password-stdin"):
        call_command("add_person", "lee@example.org", name="Lee", organisation="RH5", role="executive")


def test_a_person_at_a_terminal_is_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    OrganisationFactory.create(code="RH5")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    options = {"name": "Lee", "organisation": "RH5", "role": "administrator"}
    typed = iter([PASSWORD, "another", PASSWORD, PASSWORD])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    with pytest.raises(CommandError, match="The two passwords differ"):
        call_command("add_person", "lee@example.org", **options)
    call_command("add_person", "lee@example.org", stdout=io.StringIO(), **options)
    assert Person.objects.get().check_password(PASSWORD)
