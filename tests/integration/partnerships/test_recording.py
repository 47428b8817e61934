"""The record of changes: written by the database whoever changes a row, and never changed or shortened itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import psycopg2
import pytest
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from django.test import Client

from config.whats_recorded import lines_are_only_added_to
from partnerships.actions.invitations import invite
from partnerships.actor import answering, commanding, loading_register, working_on
from partnerships.isolation import acting_for, acting_for_nobody
from partnerships.models import (
    AccessGrant,
    AccessInvitation,
    CapacityPool,
    DaysNeeded,
    Deed,
    DeedKind,
    Objective,
    Partnership,
    PartnershipMembership,
    Person,
    Role,
)
from partnerships.recording import RECORDED
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory, organisation_with_people
from tests.integration.partnerships.conftest import Desk
from tests.integration.partnerships.test_edit_days import box, open_form, path_of

REGISTER = {"source": "epcn", "register_code": "U1", "recorded_by": None}


def lines_of(model: type[Model], **which: Any) -> list[Any]:
    """The lines about rows of a model, in the order in which they were written."""
    return list(RECORDED[model].events._default_manager.filter(**which).order_by("pgh_id"))


@contextmanager
def raw_connection(role: str = "") -> Iterator[Any]:
    """A cursor of a connection of its own, past Django, as the application's role unless another is named."""
    database = connection.settings_dict
    driver = psycopg2.connect(
        host=connection.get_connection_params()["host"], user=role or database["USER"], dbname=database["NAME"]
    )
    try:
        with driver, driver.cursor() as cursor:
            yield cursor
    finally:
        driver.close()


def refused(statement: str) -> str:
    """Why the database does not do it for the role of the application."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(refusal.value)


def test_each_change_leaves_a_line_with_who_for_whom_and_where(desk: Desk) -> None:
    participation = desk.participation()
    path = path_of(participation)
    desk.post(path, open_form(desk, participation) | {box(desk, "sustain", "likely"): "4"})
    desk.post(
        f"{path}?after=https://example.org", open_form(desk, participation) | {box(desk, "sustain", "likely"): "5"}
    )
    added, changed = lines_of(DaysNeeded)
    assert (added.pgh_label, added.likely) == ("insert", Decimal(4))
    assert (changed.pgh_label, changed.likely, changed.organisation_id) == (
        "update",
        Decimal(5),
        desk.organisation.pk,
    )
    context = dict(changed.pgh_context)
    assert len(context.pop("request")) == 36
    assert context == {
        "kind": "person",
        "person": desk.lead.pk,
        "organisation": desk.organisation.pk,
        "at": desk.at(path),
    }
    assert changed.pgh_context["request"] != added.pgh_context["request"]


def test_what_is_saved_as_it_was_leaves_none(desk: Desk) -> None:
    objective = desk.organisation.objectives.first()
    assert objective is not None
    before = len(lines_of(Objective))
    objective.save()
    assert len(lines_of(Objective)) == before


def test_a_row_that_is_removed_leaves_what_it_said(desk: Desk) -> None:
    pool = CapacityPool.objects.create(organisation=desk.organisation, code="spare", name="Spare")
    pool.delete()
    assert [(line.pgh_label, line.name) for line in lines_of(CapacityPool, code="spare")] == [
        ("insert", "Spare"),
        ("delete", "Spare"),
    ]


def test_tasks_and_commands_say_what_they_are(db: None) -> None:
    organisation = OrganisationFactory.create()
    with working_on("scoring.score"), acting_for(organisation):
        CapacityPool.objects.create(organisation=organisation, code="a", name="A")
    with commanding("import_portfolio"), acting_for(organisation):
        CapacityPool.objects.create(organisation=organisation, code="b", name="B")
    CapacityPool.objects.create(organisation=organisation, code="c", name="C")
    assert [line.pgh_context for line in lines_of(CapacityPool)] == [
        {"kind": "task", "organisation": organisation.pk, "at": "scoring.score"},
        {"kind": "command", "organisation": organisation.pk, "at": "import_portfolio"},
        None,
    ]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("createsuperuser", {"interactive": False, "email": "ada@example.org", "name": "Ada", "verbosity": 0}),
        ("shell", {"command": "from partnerships.models import Person as P; P(email='ada@example.org').save()"}),
    ],
)
def test_a_command_that_is_not_ours_says_what_it_is(db: None, name: str, options: dict[str, Any]) -> None:
    call_command(name, **options)
    person = Person.objects.get(email="ada@example.org")
    AccessGrant.objects.create(organisation=OrganisationFactory.create(), person=person, role=Role.READER)
    assert [line.pgh_context for line in lines_of(Person, pgh_obj=person.pk)] == [{"kind": "command", "at": name}]


def test_a_request_by_nobody_leaves_no_name(db: None, rf: Any) -> None:
    organisation = OrganisationFactory.create()
    with answering(rf.get("/s/")), acting_for(organisation):
        CapacityPool.objects.create(organisation=organisation, code="a", name="A")
    assert [line.pgh_context for line in lines_of(CapacityPool)] == [None]


def test_what_one_statement_said_does_not_reach_the_next_of_its_transaction(db: None) -> None:
    organisation = OrganisationFactory.create()
    with transaction.atomic():
        with working_on("scoring.score"), acting_for(organisation):
            CapacityPool.objects.create(organisation=organisation, code="a", name="A")
        CapacityPool.objects.create(organisation=organisation, code="b", name="B")
    assert [line.pgh_context is None for line in lines_of(CapacityPool)] == [False, True]


def test_an_account_is_recorded_without_its_password(desk: Desk) -> None:
    desk.lead.set_password("another-long-password")
    desk.lead.save()
    assert len(lines_of(Person, pgh_obj=desk.lead)) == 1  # as it was made
    desk.lead.name = "Somebody Else"
    desk.lead.save()
    assert [line.name for line in lines_of(Person, pgh_obj=desk.lead)][1:] == ["Somebody Else"]
    kept = {field.name for field in RECORDED[Person].events._meta.get_fields()}
    assert not kept & {"password", "last_login", "sessions_ended_at"}


def test_a_register_that_is_loaded_leaves_no_line_and_a_change_by_somebody_does(db: None) -> None:
    organisation = OrganisationFactory.create()
    with acting_for_nobody(), loading_register():
        partnership = PartnershipFactory.create(**REGISTER)
        membership = MembershipFactory.create(partnership=partnership, organisation=organisation)
    assert lines_of(Partnership) == lines_of(PartnershipMembership) == []
    with commanding("a_test"), acting_for(organisation):
        membership.is_lead = True
        membership.save()
    found, changed = lines_of(PartnershipMembership)
    assert (found.pgh_label, found.is_lead) == ("found", False)
    assert (changed.pgh_label, changed.is_lead) == ("update", True)
    assert changed.for_organisation == organisation.pk


def all_lines(model: type[Model]) -> list[tuple[str, int | None]]:
    """What the owner of the tables sees: of each line its kind and whose it is, and nobody's too."""
    table = RECORDED[model].events._meta.db_table
    with raw_connection("postgres") as cursor:
        cursor.execute(f"SELECT pgh_label, for_organisation FROM {table} ORDER BY pgh_id")  # noqa: S608
        return list(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_a_change_that_nobody_says_who_made_leaves_a_line_of_nobody() -> None:
    with loading_register():
        partnership = PartnershipFactory.create(**REGISTER)
        membership = MembershipFactory.create(partnership=partnership)
    assert all_lines(Partnership) == all_lines(PartnershipMembership) == []
    with raw_connection() as cursor:  # as whoever got hold of the application's role: no scope, no context
        cursor.execute("UPDATE partnerships_partnership SET name = 'Forged' WHERE id = %s", [partnership.pk])
        cursor.execute("DELETE FROM partnerships_partnershipmembership WHERE id = %s", [membership.pk])
    assert all_lines(Partnership) == [("found", None), ("update", None)]
    assert all_lines(PartnershipMembership) == [("delete", None)]
    assert lines_of(Partnership) == []
    with acting_for_nobody(), commanding("a_test"):
        MembershipFactory.create(partnership=partnership)
    assert all_lines(PartnershipMembership)[1:] == [("insert", None)]


def test_what_comes_after_a_register_in_the_same_transaction_leaves_lines(db: None) -> None:
    organisation = OrganisationFactory.create()
    with transaction.atomic():
        with loading_register():
            partnership = PartnershipFactory.create(**REGISTER)
        with commanding("a_test"), acting_for(organisation):
            partnership.name = "Another"
            partnership.save()
    assert [line.pgh_label for line in lines_of(Partnership)] == ["found", "update"]


@pytest.mark.django_db(transaction=True)
def test_that_a_register_is_loaded_does_not_outlast_its_transaction() -> None:
    setting = "SELECT current_setting('triage.loading_register', true)"
    with connection.cursor() as cursor:
        with loading_register():
            PartnershipFactory.create(**REGISTER)
        cursor.execute(setting)
        assert cursor.fetchone()[0] in ("", None)
        with loading_register(), transaction.atomic():
            partnership = PartnershipFactory.create(**REGISTER | {"register_code": "U2"})
            cursor.execute(setting)
            assert cursor.fetchone() == ("on",)
        cursor.execute(setting)
        assert cursor.fetchone()[0] in ("", None)
    Partnership.objects.filter(pk=partnership.pk).update(name="Another")
    assert all_lines(Partnership) == [("found", None), ("update", None)]


@pytest.mark.parametrize("table", sorted(lines_are_only_added_to()))
def test_nobody_changes_or_takes_out_a_line(db: None, table: str) -> None:
    denied = f"permission denied for table {table}"
    key = "pgh_id" if table.endswith("event") else "id"
    assert denied in refused(f"UPDATE {table} SET {key} = {key}")  # noqa: S608
    assert denied in refused(f"DELETE FROM {table}")  # noqa: S608
    assert denied in refused(f"TRUNCATE {table}")
    assert "must be owner" in refused(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    assert "must be owner" in refused(f"DROP TABLE {table}")


def test_no_table_can_be_emptied_at_once(db: None) -> None:
    """That would leave no line and ask no policy. Tests have a function of the owner's for it."""
    assert "permission denied for table partnerships_person" in refused("TRUNCATE partnerships_person CASCADE")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, has_table_privilege(oid, 'TRUNCATE') FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
        may = dict(cursor.fetchall())
    assert len(may) > 50
    assert not any(may.values())


def test_rights_given_by_default_do_not_come_back(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT privilege_type FROM information_schema.role_table_grants "
            "WHERE table_name = ANY(%s) AND grantee IN (current_user, 'PUBLIC')",
            [sorted(lines_are_only_added_to())],
        )
        assert {right for (right,) in cursor.fetchall()} == {"SELECT", "INSERT"}
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("triage_app",)


@pytest.mark.parametrize("model", sorted(RECORDED, key=str))
def test_the_application_cannot_switch_the_triggers_off(db: None, model: type[Model]) -> None:
    table = model._meta.db_table
    assert "must be owner" in refused(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    assert "must be owner" in refused(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, pg_get_functiondef(tgfoid) FROM pg_trigger WHERE tgrelid = %s::regclass "
            "AND tgname LIKE 'pgtrigger%%'",
            [table],
        )
        triggers = cursor.fetchall()
    assert triggers
    for name, function in triggers:
        assert "must be owner" in refused(f"DROP TRIGGER {name} ON {table}")
        assert "must be owner" in refused(f"DROP FUNCTION {name}()")
        assert "ignore" not in function


def test_the_application_cannot_go_round_the_triggers(desk: Desk) -> None:
    assert "permission denied" in refused("SET session_replication_role = replica")
    before = len(lines_of(CapacityPool))
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(tgname::text) FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'")
        cursor.execute(
            "SELECT set_config('pgtrigger.ignore', %s::text, true)",
            [str(cursor.fetchone()[0]).replace("'", "").replace("[", "{").replace("]", "}")],
        )
        cursor.execute("CREATE TEMPORARY TABLE partnerships_capacitypoolevent (LIKE partnerships_capacitypoolevent)")
        cursor.execute(
            "INSERT INTO partnerships_capacitypool (organisation_id, code, name, description, position) "
            "VALUES (%s, 'x', 'X', '', 9)",
            [desk.organisation.pk],
        )
        cursor.execute("SELECT count(*) FROM pg_temp.partnerships_capacitypoolevent")
        assert cursor.fetchone() == (0,)
        cursor.execute("DROP TABLE pg_temp.partnerships_capacitypoolevent")
    assert len(lines_of(CapacityPool)) == before + 1


def test_a_deed_is_of_a_kind_there_is(db: None) -> None:
    message = "Choose a kind of deed from the list."
    deed = Deed(kind="stolen")
    with pytest.raises(Exception, match=message):
        deed.validate_constraints()
    with pytest.raises(DatabaseError, match="deed_kind_is_known"), transaction.atomic():
        deed.save()
    assert str(Deed(kind=DeedKind.EXPORTED, what="the portfolio")) == "downloaded the portfolio"


def test_an_organisation_of_its_own(db: None) -> None:
    """What one organisation changes is on its own record only."""
    ours, theirs = organisation_with_people()[0], organisation_with_people()[0]
    line = lines_of(CapacityPool, organisation=ours)
    assert line
    assert not [one for one in line if one.organisation_id == theirs.pk]


def said_by(deed: Deed) -> dict[str, Any]:
    assert isinstance(deed.context, dict)
    return deed.context


def test_who_did_not_get_in_is_not_said_to_be_the_owner_of_the_account(desk: Desk) -> None:
    Client().post("/accounts/login/", {"login": desk.lead.email, "password": "a guess"})
    deed = Deed.objects.get(kind=DeedKind.SIGN_IN_FAILED)
    assert deed.person == desk.lead
    context = said_by(deed)
    assert (context["kind"], context["at"]) == ("visitor", "/accounts/login/")
    assert context["request"]
    assert "person" not in context


def test_a_session_that_ends_by_its_age_leaves_a_line_with_its_request(desk: Desk, settings: Any) -> None:
    desk.get("partnerships/")
    settings.SESSION_ABSOLUTE_AGE = -1
    desk.get("partnerships/?search=x")
    context = said_by(Deed.objects.get(kind=DeedKind.SIGNED_OUT))
    assert (context["person"], context["at"]) == (desk.lead.pk, f"/o/{desk.organisation.code}/partnerships/")
    assert context["request"]


def test_a_new_password_by_a_letter_says_on_which_page_and_not_with_which_key(desk: Desk) -> None:
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": desk.lead.email})
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert link
    form = browser.get(link[1])["Location"]
    browser.post(form, {"password1": "three other words", "password2": "three other words"})
    context = said_by(Deed.objects.get(kind=DeedKind.PASSWORD_CHANGED))
    assert context["at"] == "/accounts/password/reset/key/…-…/"
    assert context["request"]


def test_who_accepts_an_invitation_with_a_new_account_is_known(desk: Desk) -> None:
    AccessGrant.objects.create(organisation=desk.organisation, person=desk.lead, role=Role.ADMINISTRATOR)
    asked = invite(
        organisation=desk.organisation, email="new@example.org", roles=[Role.READER], last_day=None, by=desk.lead
    )
    client = Client()
    client.get(f"/invitations/{asked.secret}/")
    client.post("/invitations/", {"name": "Nia New", "password": "three random words"})
    person = Person.objects.get(email="new@example.org")
    made = lines_of(Person, pgh_obj_id=person.pk)[0].pgh_context
    assert (made["kind"], made["at"]) == ("visitor", "/invitations/")
    assert made["request"]
    assert "person" not in made
    for model in (AccessGrant, AccessInvitation):
        context = lines_of(model, organisation=desk.organisation)[-1].pgh_context
        assert (context["kind"], context["person"]) == ("person", person.pk)
        assert (context["organisation"], context["at"]) == (desk.organisation.pk, "/invitations/")
