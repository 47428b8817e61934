"""PostgreSQL itself refuses: every owned table, as the role of the application, with rows of two organisations.

The rows are put in by a superuser, in one transaction that is rolled back and in which the tables hold anything, so
that a new table is looked at without test data of its own. What is looked at is only what the policies let through.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest
from django.apps import apps
from django.db import connection

from config.embedded.postgres import APP_ROLE, OWNER_ROLE
from config.tables_at_start import problems_of_the_tables
from config.whats_recorded import lines_are_only_added_to
from config.whose_rows import BY_A_SURVEYS_RULES, OF_MEMBERS, OWNED, SHARED, SOME_OWNED
from partnerships.models.ownership import OwnedModel
from partnerships.row_security import (
    ACTING_FOR,
    BY_HANDED_LINK,
    BY_LINK,
    IN_WHAT_IS_SEEN,
    KEPT,
    OF_MEMBERS_PRINTED,
    OF_NOBODY,
    OF_PERSON,
)
from partnerships.row_security import OWNED as OWNED_POLICY

# For the database to be there; Django’s own connection is not used.
pytestmark = pytest.mark.django_db

OURS, THEIRS = 900_000_001, 900_000_002  # two organisations; nobody looks whether there are any
PERSON, LINK, HANDED = 77, "0123456789abcdef" * 4, "fedcba9876543210" * 4
POLICIES = [
    (table, policy)
    for table, more in OWNED.items()
    for policy in (OWNED_POLICY, KEPT, *more)
    if policy != IN_WHAT_IS_SEEN
]

DUMMIES = {
    "bigint": "1",
    "integer": "1",
    "smallint": "1",
    "numeric": "1",
    "double precision": "1",
    "boolean": "false",
    "date": "current_date",
    "timestamp with time zone": "now()",
    "jsonb": "'{}'",
    "uuid": "gen_random_uuid()",
    "text": "left(md5(random()::text), 8)",
    "character varying": "left(md5(random()::text), 3)",
    "ARRAY": "'{}'",
}


class RefusedError(Exception):
    """The policy of a table refused a row."""


class Database:
    """A superuser's connection inside one transaction, which may look at the tables as any role."""

    def __init__(self, driver: Any) -> None:
        self.cursor = driver.cursor()

    def run(self, statement: str, *values: Any) -> int:
        """How many rows that was. Raises RefusedError."""
        self.cursor.execute("SAVEPOINT before_it")
        try:
            self.cursor.execute(statement, values or None)
        except psycopg2.errors.InsufficientPrivilege as refusal:
            self.cursor.execute("ROLLBACK TO SAVEPOINT before_it")
            if "violates row-level security policy" not in str(refusal):
                raise
            raise RefusedError(str(refusal)) from None
        return int(self.cursor.rowcount)

    def rows(self, statement: str, *values: Any) -> list[Any]:
        self.cursor.execute(statement, values or None)
        return [row[0] if len(row) == 1 else row for row in self.cursor.fetchall()]

    def become(self, role: str, *, organisations: str = "", person: str = "", link: str = "") -> None:
        self.cursor.execute(
            f"SET LOCAL ROLE {role}; SELECT set_config('triage.organisations', %s, true), "
            "set_config('triage.person', %s, true), set_config('triage.link', %s, true)",
            [organisations, person, link],
        )


@pytest.fixture
def database() -> Iterator[Database]:
    url = urlsplit(os.environ["MIGRATION_DATABASE_URL"])
    name, host = connection.settings_dict["NAME"], parse_qs(url.query)["host"][0]
    driver = psycopg2.connect(host=host, user="postgres", dbname=name)
    try:
        database = Database(driver)
        database.cursor.execute("SET LOCAL lock_timeout = '20s'; SET LOCAL session_replication_role = replica")
        yield database
    finally:
        driver.rollback()
        driver.close()


def forget_the_rules_of(database: Database, table: str) -> None:
    for constraint in database.rows(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'u', 'f')", table
    ):
        database.cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS "{constraint}" CASCADE')
    for index in database.rows(
        "SELECT indexrelid::regclass::text FROM pg_index "
        "WHERE indrelid = %s::regclass AND indisunique AND NOT indisprimary",
        table,
    ):
        database.cursor.execute(f"DROP INDEX {index}")


def something_of(database: Database, table: str) -> dict[str, str]:
    """A value for each column that needs one, but for whose the row is."""
    needed = database.rows(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s AND is_nullable = 'NO' "
        "AND column_default IS NULL AND is_identity = 'NO' AND column_name <> 'organisation_id'",
        table,
    )
    return {column: DUMMIES[kind] for column, kind in needed}


def inserting(table: str, row: dict[str, str]) -> str:
    columns = ", ".join(f'"{column}"' for column in row)
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join(row.values())})"


def put_in(database: Database, table: str, row: dict[str, str]) -> None:
    database.cursor.execute(inserting(table, row))


def put_rows_in(database: Database, table: str) -> None:
    """A row of each of two organisations; the second is of a person and has a link, where it can."""
    forget_the_rules_of(database, table)
    values = something_of(database, table)
    if IN_WHAT_IS_SEEN in OWNED[table]:  # of a partnership in a register, which everybody sees
        forget_the_rules_of(database, "partnerships_partnership")
        put_in(database, "partnerships_partnership", something_of(database, "partnerships_partnership") | {"id": "-1"})
        values["partnership_id"] = "-1"
    for organisation in (OURS, THEIRS):
        of_row = dict(values)
        if organisation == THEIRS:
            of_row |= {"person_id": str(PERSON)} if OF_PERSON in OWNED[table] else {}
            of_row |= {"link_hash": f"'{LINK}'"} if BY_LINK in OWNED[table] else {}
            of_row |= {"handed_hash": f"'{HANDED}'"} if BY_HANDED_LINK in OWNED[table] else {}
        put_in(database, table, {"organisation_id": str(organisation)} | of_row)


def copied_to(table: str, organisation: int) -> str:
    """A statement that adds a row like one that is seen, of an organisation."""
    return (
        f"INSERT INTO {table} SELECT (jsonb_populate_record(seen, jsonb_build_object('organisation_id', {organisation}"
        f"))).* FROM {table} AS seen LIMIT 1"
    )


def refuses(database: Database, statement: str) -> bool:
    try:
        database.run(statement)
    except RefusedError:
        return True
    return False


def faults_of(database: Database, table: str) -> list[str]:
    """What a table shows or takes that it should not, or does not that it should; empty where all is well."""
    seen = f"SELECT organisation_id FROM {table} ORDER BY 1"
    found = []

    def expect(what: str, holds: bool) -> None:
        found.extend([] if holds else [what])

    database.become(APP_ROLE)
    expect("shows rows to nobody", database.rows(seen) == [])
    database.become(APP_ROLE, organisations=f"{OURS}")
    expect("does not show an organisation its own rows and no others", database.rows(seen) == [OURS])
    expect("takes a row of another organisation", refuses(database, copied_to(table, THEIRS)))
    if table in lines_are_only_added_to():
        database.become(OWNER_ROLE)
        expect("hides rows from migrations", database.rows(seen) == [OURS, THEIRS])
        database.cursor.execute("RESET ROLE")
        return found
    database.become(APP_ROLE)
    expect("lets nobody change a row", database.run(f"UPDATE {table} SET organisation_id = organisation_id") == 0)
    expect("lets nobody delete a row", database.run(f"DELETE FROM {table}") == 0)
    database.become(APP_ROLE, organisations=f"{OURS}")
    expect("gives a row away", refuses(database, f"UPDATE {table} SET organisation_id = {THEIRS}"))
    expect("lets nobody write their own", database.run(f"UPDATE {table} SET organisation_id = organisation_id") == 1)
    theirs = f"organisation_id = {THEIRS}"
    expect("changes another's row", database.run(f"UPDATE {table} SET {theirs} WHERE {theirs}") == 0)
    expect("deletes another's row", database.run(f"DELETE FROM {table} WHERE {theirs}") == 0)
    database.become(APP_ROLE, organisations=f"{OURS},{THEIRS}")
    expect("does not show several organisations their rows", database.rows(seen) == [OURS, THEIRS])
    for policy, setting in (
        (OF_PERSON, {"person": f"{PERSON}"}),
        (BY_LINK, {"link": LINK}),
        (BY_HANDED_LINK, {"link": HANDED}),
    ):
        database.become(APP_ROLE, **setting)
        by_it = [THEIRS] if policy in OWNED[table] else []
        expect(f"does not show what {policy} says", database.rows(seen) == by_it)
        changed = f"UPDATE {table} SET organisation_id = organisation_id"
        expect(f"lets itself be changed by what {policy} says", database.run(changed) == 0)
    database.become(OWNER_ROLE)
    expect("hides rows from migrations", database.rows(seen) == [OURS, THEIRS])
    database.cursor.execute("RESET ROLE")
    return found


@pytest.mark.parametrize(("table", "column"), [(table, column) for table, (column, _) in SOME_OWNED.items()])
def test_lines_that_name_an_organisation_are_seen_by_it_only(database: Database, table: str, column: str) -> None:
    fill = {"partnerships_deed": ("id, kind", "gen_random_uuid(), 'exported'")}
    names, values = fill.get(table, ("", ""))
    if not names:
        needed = database.rows(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s "
            "AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'",
            table,
        )
        names = ", ".join(f'"{name}"' for name, _ in needed)
        values = ", ".join(DUMMIES[kind] for _, kind in needed)
    context = "context" if table == "partnerships_deed" else "pgh_context"
    for whose in (str(OURS), str(THEIRS), "null"):
        if table == "partnerships_deed":
            row = f"INSERT INTO {table} ({names}, done_at, what, organisation_id) VALUES ({values}, now(), '', {whose})"
        else:
            document = f"jsonb_build_object('organisation', {whose}::bigint)"
            row = f"INSERT INTO {table} ({names}, {context}) VALUES ({values}, {document})"
        database.become(APP_ROLE, organisations=f"{OURS}")
        taken = whose == str(OURS) or (whose == "null" and OF_NOBODY in SOME_OWNED[table][1])
        assert refuses(database, row) is not taken
        database.cursor.execute("RESET ROLE")
        if not taken:
            database.run(row)
    seen = f"SELECT {column} FROM {table}"
    database.become(APP_ROLE)
    assert database.rows(seen) == []
    database.become(APP_ROLE, organisations=f"{OURS}")
    assert database.rows(seen) == [OURS]
    assert start_up_says(database) == []


@pytest.mark.parametrize(
    ("table", "policy"),
    [
        *[(table, policy) for table, (_, more) in SOME_OWNED.items() for policy in (OWNED_POLICY, KEPT, *more)],
        *[(table, policy) for table, policies in BY_A_SURVEYS_RULES.items() for policy in policies],
    ],
)
def test_start_up_notices_where_they_would_not_be(database: Database, table: str, policy: str) -> None:
    database.cursor.execute(f"DROP POLICY {policy} ON {table}")
    [said] = start_up_says(database)
    assert f"the policy {policy} is missing" in said


MEMBER, READER, STRANGER, UNIT = 900_000_003, 900_000_004, 900_000_005, 900_000_006
BY_HAND, OF_REGISTER = 800_000_001, 800_000_002  # two partnerships: ours, and one of a register
NAMES = "SELECT id FROM partnerships_partnership WHERE id > 800000000 ORDER BY id"
MEMBERSHIPS = (
    "SELECT partnership_id FROM partnerships_partnershipmembership WHERE partnership_id > 800000000 ORDER BY 1"
)


def put_partnerships_in(database: Database) -> None:
    """One that we recorded, with a member and with the unit of a member, and one of a register."""
    for pk, source, code, recorded_by in ((BY_HAND, "person", "", OURS), (OF_REGISTER, "etr", "X1", None)):
        database.run(
            "INSERT INTO partnerships_partnership (id, slug, name, kind_id, source, register_code, icb_code, "
            "sub_icb_code, postcode, recorded_by_id) VALUES (%s, %s, 'A name', 1, %s, %s, '', '', '', %s)",
            pk, f"slug-{pk}", source, code, recorded_by,
        )  # fmt: skip
        join(database, pk, OURS, source)
    join(database, BY_HAND, MEMBER)
    for pk, parent in ((MEMBER, None), (UNIT, MEMBER)):
        database.run(
            "INSERT INTO partnerships_organisation (id, code, name, kind, postcode, icb_code, region_code, source, "
            "is_invented, parent_id) SELECT %s, %s, '', 'trust', '', '', '', 'person', true, %s",
            pk, f"M{pk}", parent,
        )  # fmt: skip


def join(database: Database, partnership: int, organisation: int, source: str = "person") -> None:
    database.run(
        "INSERT INTO partnerships_partnershipmembership (partnership_id, organisation_id, is_lead, source) "
        "VALUES (%s, %s, false, %s)",
        partnership, organisation, source,
    )  # fmt: skip


def both_seen_by(database: Database, organisations: str) -> tuple[list[int], list[int]]:
    """The partnerships that are seen, and the partnerships whose members are."""
    database.become(APP_ROLE, organisations=organisations)
    found = database.rows(NAMES), database.rows(MEMBERSHIPS)
    database.cursor.execute("RESET ROLE")
    return found


def faults_of_partnerships(database: Database) -> list[str]:
    """As ``faults_of``, for partnerships and their members."""
    found = []

    def expect(what: str, holds: bool) -> None:
        found.extend([] if holds else [what])

    everything = ([BY_HAND, OF_REGISTER], [BY_HAND, BY_HAND, OF_REGISTER])
    public = ([OF_REGISTER], [OF_REGISTER])
    expect("does not show nobody the register alone", both_seen_by(database, "") == public)
    expect("does not show a stranger the register alone", both_seen_by(database, f"{STRANGER}") == public)
    expect("does not show who recorded it", both_seen_by(database, f"{OURS}") == everything)
    expect("does not show a member", both_seen_by(database, f"{MEMBER}") == everything)
    database.become(APP_ROLE, organisations=f"{MEMBER}")
    for table, row in (("partnership", "id"), ("partnershipmembership", "partnership_id")):
        change = f"UPDATE partnerships_{table} SET as_of = current_date WHERE {row} = {BY_HAND}"
        expect(f"lets a member change the {table}", database.run(change) == 0)
    database.become(APP_ROLE, organisations=f"{OURS}")
    for table, row in (("partnership", "id"), ("partnershipmembership", "partnership_id")):
        change = f"UPDATE partnerships_{table} SET as_of = current_date WHERE {row} = {BY_HAND}"
        expect(f"lets nobody change their {table}", database.run(change) > 0)
    given = f"UPDATE partnerships_partnership SET recorded_by_id = {MEMBER} WHERE id = {BY_HAND}"
    expect("gives a partnership away", refuses(database, given))
    said = f"UPDATE partnerships_partnershipmembership SET source = 'etr' WHERE partnership_id = {BY_HAND}"
    expect("lets a member be called a register's", refuses(database, said))
    database.become(OWNER_ROLE)
    expect("hides rows from migrations", (database.rows(NAMES), database.rows(MEMBERSHIPS)) == everything)
    database.cursor.execute("RESET ROLE")
    return found


def test_partnerships_are_seen_by_their_members_and_a_registers_by_everybody(database: Database) -> None:
    put_partnerships_in(database)
    assert faults_of_partnerships(database) == []
    assert start_up_says(database) == []


@pytest.mark.parametrize(
    ("table", "policy"), [(table, one) for table in OF_MEMBERS for one in OF_MEMBERS_PRINTED[table]]
)
def test_without_any_policy_of_partnerships_it_is_noticed(database: Database, table: str, policy: str) -> None:
    put_partnerships_in(database)
    database.cursor.execute(f"DROP POLICY {policy} ON {table}; SAVEPOINT without_it")
    try:
        assert faults_of_partnerships(database) != []
    except psycopg2.errors.StatementTooComplex:  # what looks for the owner asks the policy, which asks what looks
        assert policy == KEPT
        database.cursor.execute("ROLLBACK TO SAVEPOINT without_it")
    [said] = start_up_says(database)
    assert f"the policy {policy} is missing" in said


def test_who_is_in_it_with_a_unit_sees_it_and_who_has_left_does_not(database: Database) -> None:
    put_partnerships_in(database)
    gone = f"UPDATE partnerships_partnershipmembership SET left_on = current_date WHERE organisation_id = {MEMBER}"
    database.run(gone)
    assert both_seen_by(database, f"{MEMBER}")[0] == [OF_REGISTER]
    join(database, BY_HAND, UNIT)
    assert both_seen_by(database, f"{MEMBER}")[0] == [BY_HAND, OF_REGISTER]


def start_up_says(database: Database) -> list[str]:
    database.become(APP_ROLE)
    said = list(problems_of_the_tables(database.cursor))
    database.cursor.execute("RESET ROLE")
    return said


@pytest.mark.parametrize("table", OWNED)
def test_an_owned_table_keeps_organisations_apart(database: Database, table: str) -> None:
    put_rows_in(database, table)
    assert faults_of(database, table) == []
    assert start_up_says(database) == []


@pytest.mark.parametrize(("table", "policy"), POLICIES)
def test_without_any_one_policy_it_is_noticed(database: Database, table: str, policy: str) -> None:
    put_rows_in(database, table)
    database.cursor.execute(f"DROP POLICY {policy} ON {table}")
    assert faults_of(database, table) != []
    [said] = start_up_says(database)
    assert said.startswith(f"The table {table} does not keep organisations apart (the policy {policy} is missing): ")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("ALTER TABLE scoring_run DISABLE ROW LEVEL SECURITY", "row-level security is not enabled and forced"),
        ("ALTER TABLE scoring_run NO FORCE ROW LEVEL SECURITY", "row-level security is not enabled and forced"),
        ("CREATE POLICY for_all ON scoring_run USING (true)", "the policy for_all is not one of ours"),
        (f"ALTER POLICY {OWNED_POLICY} ON scoring_run USING (true)", f"the policy {OWNED_POLICY} has been changed"),
        (
            f"ALTER POLICY {OWNED_POLICY} ON scoring_run WITH CHECK (true)",
            f"the policy {OWNED_POLICY} has been changed",
        ),
        (
            f"ALTER POLICY {OWNED_POLICY} ON scoring_run USING "
            f"(({ACTING_FOR.format(column='organisation_id')}) IS NOT TRUE IS NOT NULL)",
            f"the policy {OWNED_POLICY} has been changed",
        ),
        (f"ALTER POLICY {OWNED_POLICY} ON scoring_run TO {APP_ROLE}", f"the policy {OWNED_POLICY} has been changed"),
        (f"ALTER POLICY {KEPT} ON scoring_run TO PUBLIC", f"the policy {KEPT} has been changed"),
        (f"ALTER POLICY {KEPT} ON scoring_run TO {APP_ROLE}", f"the policy {KEPT} has been changed"),
    ],
)
def test_start_up_notices_a_policy_that_opens_a_table(database: Database, change: str, why: str) -> None:
    database.cursor.execute(change)
    assert start_up_says(database) == [
        f"The table scoring_run does not keep organisations apart ({why}): "
        "run 'manage.py migrate', and if that does not help restore its policies from a backup."
    ]


def test_whose_rows_every_table_holds_is_said_once(database: Database) -> None:
    there = set(
        database.rows(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'p', 'v', 'm', 'f')"
        )
    )
    library = {"pghistory_events"}  # made by its queries, and of no table
    of_models = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - library
    assert of_models <= there
    said = [*OWNED, *BY_A_SURVEYS_RULES, *SOME_OWNED, *OF_MEMBERS, *SHARED]
    assert len(said) == len(set(said))
    assert there - set(said) == set(), "say in config/whose_rows.py whose rows these tables hold"
    assert set(said) == there
    assert all(SHARED.values()), "say why"


def test_what_models_own_is_owned_in_the_database(database: Database) -> None:
    owned = {model._meta.db_table for model in apps.get_models() if issubclass(model, OwnedModel)}
    assert owned <= {*OWNED, *BY_A_SURVEYS_RULES}
    certain = database.rows(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND column_name = 'organisation_id' AND data_type = 'bigint' AND is_nullable = 'NO'"
    )
    assert {*OWNED, *BY_A_SURVEYS_RULES} <= set(certain)
    # On a shared row an organisation's number says whose name it is, or who is a member.
    assert set(certain) - {*OWNED, *BY_A_SURVEYS_RULES} == {
        "partnerships_organisationname",
        "partnerships_partnershipmembership",
        "partnerships_partnershipmembershipevent",
    }


def test_what_looks_over_all_organisations_is_the_applications_alone(database: Database) -> None:
    found = database.rows(
        "SELECT proname, prosecdef, pg_get_userbyid(proowner), proconfig::text, proacl::text FROM pg_proc "
        "WHERE pronamespace = 'public'::regnamespace AND prosecdef AND prorettype <> 'trigger'::regtype"
    )
    assert {name for name, *_ in found} >= {
        "partnerships_organisations_in_use",
        "scoring_owner_of",
        "scoring_night_next",
    }
    for name, definer, owner, settings, rights in found:
        assert (definer, owner, settings) == (True, OWNER_ROLE, '{"search_path=pg_catalog, pg_temp"}'), name
        assert rights == f"{{{OWNER_ROLE}=X/{OWNER_ROLE},{APP_ROLE}=X/{OWNER_ROLE}}}", name


def test_nothing_that_anybody_wrote_comes_out_of_what_looks_over_all_organisations(database: Database) -> None:
    given_out = database.rows(
        "SELECT proname, kind::regtype::text FROM pg_proc, "
        "unnest(coalesce(proallargtypes[pronargs + 1:], ARRAY[prorettype])) AS kind "
        "WHERE pronamespace = 'public'::regnamespace AND prosecdef AND prorettype <> 'trigger'::regtype"
    )
    assert given_out
    beyond = {(name, kind) for name, kind in given_out if kind not in ("bigint", "boolean", "timestamp with time zone")}
    assert beyond == {
        ("scoring_night_counts", "text"),  # the state of runs, of which it counts how many there are
        ("diagnostics_responses_with", "text"),  # keys that it was given
    }


def test_nobody_takes_part_in_what_is_not_shown_to_them(database: Database) -> None:
    """Whoever takes part is shown the partnership's name and who its members are."""
    table = "partnerships_participation"
    forget_the_rules_of(database, table)
    forget_the_rules_of(database, "partnerships_partnership")
    theirs = something_of(database, "partnerships_partnership") | {"id": "-2", "recorded_by_id": str(THEIRS)}
    put_in(database, "partnerships_partnership", theirs)
    row = something_of(database, table) | {"organisation_id": str(OURS)}
    put_in(database, "partnerships_partnership", theirs | {"id": "-1", "recorded_by_id": str(OURS)})
    database.become(APP_ROLE, organisations=f"{OURS}")
    with pytest.raises(RefusedError):
        database.run(inserting(table, row | {"partnership_id": "-2"}))
    assert database.run(inserting(table, row | {"partnership_id": "-1"})) == 1
    with pytest.raises(RefusedError):
        database.run(f"UPDATE {table} SET partnership_id = -2")
