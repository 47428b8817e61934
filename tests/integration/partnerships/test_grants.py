"""Giving roles, ending them and leaving; and that an organisation never loses its last administrator."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from partnerships.actions.grants import change_roles, end_of, remove_person
from partnerships.editing import ChangedMeanwhile
from partnerships.models import AccessGrant, Organisation, Person, Role
from partnerships.people import roles_in_force, roles_version
from partnerships.signals import inputs_changed
from tests.factories import OrganisationFactory, PersonFactory, active_participation, in_role, organisation_with_people
from tests.integration.partnerships.test_concurrency import at_once

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
TOMORROW, YESTERDAY = TODAY + datetime.timedelta(days=1), TODAY - datetime.timedelta(days=1)


class Office:
    """An organisation with a lead, an executive and one administrator."""

    def __init__(self) -> None:
        self.organisation, self.lead, self.executive = organisation_with_people()
        self.administrator = in_role(self.organisation, Role.ADMINISTRATOR)

    def change(self, person: Person, roles: dict[Role, datetime.date | None], **how: Any) -> None:
        change_roles(**{"organisation": self.organisation, "person": person, "roles": roles, **self.by(), **how})

    def remove(self, person: Person, **how: Any) -> Any:
        return remove_person(**{"organisation": self.organisation, "person": person, **self.by(), **how})

    def by(self) -> dict[str, Person]:
        return {"by": self.administrator}

    def roles_of(self, person: Person) -> dict[Role, datetime.date | None]:
        return roles_in_force(self.organisation, person)


@pytest.fixture
def office() -> Office:
    return Office()


def test_somebody_has_exactly_the_roles_given_with_their_last_days(office: Office) -> None:
    office.change(office.lead, {Role.EXECUTIVE: TOMORROW, Role.READER: None})
    assert office.roles_of(office.lead) == {Role.EXECUTIVE: TOMORROW, Role.READER: None}
    ended = office.lead.access_grants.get(role=Role.STRATEGY_LEAD)
    assert not ended.is_current
    assert office.lead.access_grants.get(role=Role.READER).given_by == office.administrator


def test_a_last_day_is_in_force_until_its_midnight(office: Office) -> None:
    office.change(office.lead, {Role.READER: TODAY})
    grant = office.lead.access_grants.get(role=Role.READER)
    assert grant.is_current
    assert grant.expires_at == end_of(TODAY)
    assert timezone.localtime(grant.expires_at).time() == datetime.time.min
    assert grant.last_day == TODAY


def test_a_role_that_stays_keeps_its_beginning_and_one_given_again_begins_anew(office: Office) -> None:
    began = office.lead.access_grants.get().granted_at
    office.change(office.lead, {Role.STRATEGY_LEAD: TOMORROW})
    assert office.lead.access_grants.get().granted_at == began
    office.remove(office.lead)
    office.change(office.lead, {Role.STRATEGY_LEAD: None})
    grant = office.lead.access_grants.get()
    assert grant.granted_at > began
    assert grant.expires_at is None
    assert grant.given_by == office.administrator


def test_a_first_strategy_lead_finds_levels_pools_and_criteria() -> None:
    organisation = OrganisationFactory.create()
    administrator = in_role(organisation, Role.ADMINISTRATOR)
    roles: dict[Role, datetime.date | None] = {Role.ADMINISTRATOR: None, Role.STRATEGY_LEAD: None}
    change_roles(organisation=organisation, person=administrator, roles=roles, by=administrator)
    assert organisation.engagement_levels.exists()
    assert organisation.objectives.exists()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_only_an_administrator_changes_roles(office: Office, role: Role) -> None:
    somebody = in_role(office.organisation, role)
    for act in (
        lambda: office.change(office.lead, {Role.READER: None}, by=somebody),
        lambda: office.remove(office.lead, by=somebody),
    ):
        with pytest.raises(PermissionDenied, match="Only an administrator"):
            act()
    assert office.roles_of(office.lead) == {Role.STRATEGY_LEAD: None}


def test_an_administrator_elsewhere_changes_nothing_here(office: Office) -> None:
    other = Office()
    with pytest.raises(PermissionDenied):
        office.change(office.lead, {Role.READER: None}, by=other.administrator)


def refused(act: Callable[[], object]) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as problem:
        act()
    error = problem.value
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}


def test_what_cannot_be_is_said_at_its_field(office: Office) -> None:
    stranger = PersonFactory.create()
    assert refused(lambda: office.change(stranger, {Role.READER: None})) == {
        "": ["This person has never had access here. Send an invitation instead."]
    }
    assert refused(lambda: office.change(office.lead, {})) == {
        "roles": ["Choose at least one role, or remove this person from the organisation."]
    }
    assert refused(lambda: office.change(office.lead, {Role.READER: YESTERDAY})) == {
        "until_reader": ["Enter today or a later day, or leave it blank for no end."]
    }
    office.remove(office.executive)
    assert refused(lambda: office.remove(office.executive)) == {
        "": ["This person has no access any more. There is nothing to end."]
    }


def test_the_second_to_save_is_told(office: Office) -> None:
    version = roles_version(office.organisation, office.lead)
    office.change(office.lead, {Role.READER: None})
    with pytest.raises(ChangedMeanwhile):
        office.change(office.lead, {Role.EXECUTIVE: None}, expected_version=version)
    assert office.roles_of(office.lead) == {Role.READER: None}


def test_leaving_ends_every_role_and_keeps_what_was_written(office: Office) -> None:
    participation = active_participation(
        office.organisation, harm_reviewed_by=office.lead, harm_reviewed_at=timezone.now()
    )
    office.change(office.lead, {Role.STRATEGY_LEAD: None, Role.EXECUTIVE: TOMORROW})
    assert office.remove(office.lead) == []
    assert office.roles_of(office.lead) == {}
    assert not office.lead.organisations.exists()
    participation.refresh_from_db()
    assert participation.harm_reviewed_by == office.lead
    office.lead.refresh_from_db()
    assert office.lead.is_active


def test_partnerships_pass_to_somebody_else_where_they_name_who_leaves(office: Office) -> None:
    led = active_participation(
        office.organisation, lead=f"{office.lead.name.upper()}, director", sponsor="Somebody Else"
    )
    both = active_participation(office.organisation, lead=office.lead.name, sponsor=office.lead.name)
    ended = active_participation(office.organisation, lead=office.lead.name, state="ended")
    elsewhere = active_participation(Office().organisation, lead=office.lead.name)
    handed = office.remove(office.lead, hand_over_to=office.executive)
    assert {one.pk for one in handed} == {led.pk, both.pk}
    for one in (led, both, ended, elsewhere):
        one.refresh_from_db()
    assert (led.lead, led.sponsor) == (office.executive.name, "Somebody Else")
    assert (both.lead, both.sponsor) == (office.executive.name, office.executive.name)
    assert ended.lead == elsewhere.lead == office.lead.name


def test_without_an_heir_the_name_stays(office: Office) -> None:
    led = active_participation(office.organisation, lead=office.lead.name)
    assert office.remove(office.lead) == []
    led.refresh_from_db()
    assert led.lead == office.lead.name


def test_partnerships_pass_only_to_colleagues(office: Office) -> None:
    active_participation(office.organisation, lead=office.lead.name)
    gone = in_role(office.organisation, Role.READER)
    office.remove(gone)
    for heir in (office.lead, gone, PersonFactory.create()):
        assert refused(partial(office.remove, office.lead, hand_over_to=heir)) == {
            "hand_over_to": ["Choose somebody else who has access to this organisation."]
        }
    assert office.roles_of(office.lead)


def test_a_change_of_who_decides_is_announced_and_no_other(
    office: Office, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[Organisation] = []

    def hear(organisation: Organisation, **_: Any) -> None:
        heard.append(organisation)

    inputs_changed.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            office.change(office.lead, {Role.STRATEGY_LEAD: None, Role.READER: None})
        assert heard == []
        with django_capture_on_commit_callbacks(execute=True):
            office.remove(office.executive)
        assert heard == [office.organisation]
    finally:
        inputs_changed.disconnect(hear)


LAST = "is the only administrator without an end date, and an organisation cannot be without one. Make somebody else"


def test_the_last_administrator_is_protected_in_words(office: Office) -> None:
    only = office.administrator
    assert LAST in refused(lambda: office.remove(only))["roles"][0]
    assert LAST in refused(lambda: office.change(only, {Role.READER: None}))["roles"][0]
    assert LAST in refused(lambda: office.change(only, {Role.ADMINISTRATOR: TOMORROW}))["until_administrator"][0]
    assert office.roles_of(only) == {Role.ADMINISTRATOR: None}
    office.change(only, {Role.ADMINISTRATOR: None, Role.READER: None})


def test_one_with_an_end_or_switched_off_does_not_count_as_an_administrator(office: Office) -> None:
    in_role(office.organisation, Role.ADMINISTRATOR, expires_at=end_of(TOMORROW))
    off = in_role(office.organisation, Role.ADMINISTRATOR)
    off.is_active = False
    off.save()
    assert LAST in refused(lambda: office.remove(office.administrator))["roles"][0]


def test_one_of_two_administrators_may_go(office: Office) -> None:
    second = in_role(office.organisation, Role.ADMINISTRATOR)
    office.remove(office.administrator)
    assert office.roles_of(second) == {Role.ADMINISTRATOR: None}


DIRECT: dict[str, Callable[[AccessGrant], object]] = {
    "deleted": lambda grant: AccessGrant.objects.filter(pk=grant.pk).delete(),
    "ended": lambda grant: AccessGrant.objects.filter(pk=grant.pk).update(expires_at=timezone.now()),
    "given an end": lambda grant: AccessGrant.objects.filter(pk=grant.pk).update(expires_at=end_of(TOMORROW)),
    "another role": lambda grant: AccessGrant.objects.filter(pk=grant.pk).update(role=Role.READER),
    "moved away": lambda grant: AccessGrant.objects.filter(pk=grant.pk).update(
        organisation=OrganisationFactory.create()
    ),
}


@pytest.mark.parametrize("how", DIRECT)
def test_the_database_itself_keeps_the_last_administrator(office: Office, how: str) -> None:
    grant = office.administrator.access_grants.get()
    with pytest.raises(IntegrityError) as problem, transaction.atomic():
        DIRECT[how](grant)
    assert problem.value.__cause__.diag.constraint_name == "access_grant_keeps_an_administrator"  # type: ignore[union-attr]
    assert office.roles_of(office.administrator) == {Role.ADMINISTRATOR: None}


@pytest.mark.parametrize("how", DIRECT)
def test_the_database_lets_one_of_two_go(office: Office, how: str) -> None:
    in_role(office.organisation, Role.ADMINISTRATOR)
    DIRECT[how](office.administrator.access_grants.get())
    assert Role.ADMINISTRATOR not in office.roles_of(office.administrator) or how == "given an end"


SWITCHED_OFF: dict[str, Callable[[Person], object]] = {
    "switched off": lambda person: Person.objects.filter(pk=person.pk).update(is_active=False),
    "deleted": lambda person: Person.objects.filter(pk=person.pk)._raw_delete(using="default"),  # no cascade before it
}


@pytest.mark.parametrize("how", SWITCHED_OFF)
def test_the_database_keeps_the_last_administrators_account(office: Office, how: str) -> None:
    in_role(office.organisation, Role.ADMINISTRATOR, expires_at=end_of(TOMORROW))
    with pytest.raises(IntegrityError) as problem, transaction.atomic():
        SWITCHED_OFF[how](office.administrator)
    assert problem.value.__cause__.diag.constraint_name == "access_grant_keeps_an_administrator"  # type: ignore[union-attr]
    assert Person.objects.get(pk=office.administrator.pk).is_active


def test_the_database_lets_other_accounts_be_switched_off(office: Office) -> None:
    second = in_role(office.organisation, Role.ADMINISTRATOR)
    for person in (office.lead, office.administrator):
        SWITCHED_OFF["switched off"](person)
    SWITCHED_OFF["switched off"](office.lead)  # a second time
    with pytest.raises(IntegrityError), transaction.atomic():
        SWITCHED_OFF["switched off"](second)
    SWITCHED_OFF["deleted"](PersonFactory.create())
    office.administrator.is_active = True
    office.administrator.save()
    SWITCHED_OFF["switched off"](second)


@pytest.mark.django_db(transaction=True)
def test_two_accounts_switched_off_at_once_leave_one_administrator() -> None:
    """Also where one transaction switches an account off and the other ends the other's role."""

    def switch_off(person: Person) -> str:
        with transaction.atomic(), connection.cursor() as cursor:
            SWITCHED_OFF["switched off"](person)
            cursor.execute("SELECT pg_sleep(0.2)")
        return "done"

    def end(person: Person) -> str:
        with transaction.atomic(), connection.cursor() as cursor:
            DIRECT["ended"](person.access_grants.get())
            cursor.execute("SELECT pg_sleep(0.2)")
        return "done"

    for other in (switch_off, switch_off, end, end):
        office = Office()
        second = in_role(office.organisation, Role.ADMINISTRATOR)
        outcomes = at_once(partial(switch_off, office.administrator), partial(other, second))
        assert sorted(one if isinstance(one, str) else type(one).__name__ for one in outcomes) == [
            "IntegrityError",
            "done",
        ], outcomes
        assert office.organisation.access_grants.administrators().count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_administrators_removing_each_other_at_once_leave_one() -> None:
    for _ in range(5):
        office = Office()
        first, second = office.administrator, in_role(office.organisation, Role.ADMINISTRATOR)
        outcomes = at_once(
            partial(office.remove, second, by=first),
            partial(office.remove, first, by=second),
        )
        assert sorted(type(one).__name__ for one in outcomes) == ["PermissionDenied", "list"], outcomes
        assert office.organisation.access_grants.administrators().count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_administrators_stepping_down_at_once_leave_one() -> None:
    for _ in range(5):
        office = Office()
        both = [office.administrator, in_role(office.organisation, Role.ADMINISTRATOR)]
        outcomes = at_once(*(partial(office.remove, one, by=one) for one in both))
        assert sorted(type(one).__name__ for one in outcomes) == ["ValidationError", "list"], outcomes
        assert office.organisation.access_grants.administrators().count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_database_alone_keeps_one_when_two_transactions_end_both() -> None:
    """Without the actions' own lock: each sees the other's grant in force until the trigger waits for the other."""
    for _ in range(5):
        office = Office()
        grants = [office.administrator.access_grants.get()]
        grants.append(in_role(office.organisation, Role.ADMINISTRATOR).access_grants.get())

        def end(grant: AccessGrant) -> str:
            with transaction.atomic(), connection.cursor() as cursor:
                AccessGrant.objects.filter(pk=grant.pk).update(expires_at=timezone.now())
                cursor.execute("SELECT pg_sleep(0.2)")
            return "ended"

        outcomes = at_once(*(partial(end, grant) for grant in grants))
        assert sorted(str(one) if isinstance(one, str) else type(one).__name__ for one in outcomes) == [
            "IntegrityError",
            "ended",
        ], outcomes
        assert office.organisation.access_grants.administrators().count() == 1
