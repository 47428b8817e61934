"""A process that could see across organisations does not start.

Row-level security holds for a role that is no superuser, has no BYPASSRLS and owns no table, nor may become a role
that is, has or does. Web, worker, schedule and every command of ours look at the role of ``DATABASE_URL`` and at the
policies before they do anything, and end with one line that says what to do.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import Error, connection, connections

from config.whose_rows import OWNED, SHARED, SOME_OWNED
from partnerships.isolation import NotIsolatedError
from partnerships.row_security import BY_EMPLOYERS, BY_LINK, KEPT, OF_NOBODY, OF_PERSON
from partnerships.row_security import OWNED as OWNED_POLICY

EXIT_CODE = 3  # what makes gunicorn give up instead of trying again at once
RESTS_ON = {
    OWNED_POLICY: "triage.organisations",
    OF_PERSON: "triage.person",
    BY_LINK: "triage.link",
    BY_EMPLOYERS: "triage.organisations",
    OF_NOBODY: "IS NULL",
}
COMMANDS = {OWNED_POLICY: "ALL", KEPT: "ALL", OF_NOBODY: "INSERT"}
PROTECTED = OWNED | {table: policies for table, (_, policies) in SOME_OWNED.items()}
SEE_ROLES = "see 'Roles' in docs/deployment.md"


def check_isolation() -> None:
    """Raises NotIsolatedError with the first reason, as the role that this process connects as."""
    with connection.cursor() as cursor:
        for reason in _reasons(cursor):
            raise NotIsolatedError(reason)


def _reasons(cursor: Any) -> Iterator[str]:
    yield from _of_the_role(cursor)
    yield from problems_of_the_tables(cursor)


def _of_the_role(cursor: Any) -> Iterator[str]:
    """What the role is, or could become with SET ROLE."""
    cursor.execute(
        "SELECT current_user, rolname, rolsuper, rolbypassrls FROM pg_roles "
        "WHERE (rolsuper OR rolbypassrls) AND pg_has_role(current_user, oid, 'MEMBER') "
        "ORDER BY rolname <> current_user, rolname"
    )
    for role, other, superuser, _ in cursor.fetchall():
        what = "is a superuser" if superuser else "has BYPASSRLS"
        may = what if role == other else f"may become {other}, which {what}"
        yield (
            f"DATABASE_URL connects as {role}, which {may} and so sees every organisation's rows: "
            f"connect as a role that owns nothing, such as triage_app ({SEE_ROLES})."
        )
    cursor.execute(
        "SELECT current_user, pg_get_userbyid(relowner), relname FROM pg_class "
        "JOIN pg_namespace ON pg_namespace.oid = relnamespace "
        "WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' "
        "AND pg_has_role(current_user, relowner, 'MEMBER') ORDER BY relname LIMIT 1"
    )
    for role, owner, table in cursor.fetchall():
        owns = f"owns the table {table}" if role == owner else f"may become {owner}, which owns the table {table}"
        yield (
            f"DATABASE_URL connects as {role}, which {owns} and so could switch its policies off: connect as a role "
            f"that owns nothing, such as triage_app, and give the owner in MIGRATION_DATABASE_URL only ({SEE_ROLES})."
        )


def problems_of_the_tables(cursor: Any) -> Iterator[str]:
    """Tables that are there and are not protected as they should be; those that are not there yet show nothing."""
    cursor.execute(
        "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class "
        "WHERE relnamespace = to_regnamespace('public') AND relkind IN ('r', 'p') AND relname = ANY (%s) ORDER BY 1",
        [list(PROTECTED)],
    )
    tables = dict(cursor.fetchall())
    policies = defaultdict[str, dict[str, tuple[Any, ...]]](dict)
    cursor.execute(
        "SELECT tablename, policyname, permissive, cmd, qual, with_check, EXISTS (SELECT 1 FROM unnest(roles) AS role "
        "WHERE role = 'public' OR pg_has_role(current_user, role, 'MEMBER')) FROM pg_policies "
        "WHERE schemaname = 'public' AND tablename = ANY (%s)",
        [list(PROTECTED)],
    )
    for table, policy, *rule in cursor.fetchall():
        policies[table][policy] = tuple(rule)
    for table, is_on in tables.items():
        problem = _problem_of(table, policies[table]) if is_on else "row-level security is not enabled and forced"
        if problem:
            yield (
                f"The table {table} does not keep organisations apart ({problem}): "
                "run 'manage.py migrate', and if that does not help restore its policies from a backup."
            )


def _problem_of(table: str, policies: dict[str, tuple[Any, ...]]) -> str:
    expected = {OWNED_POLICY, KEPT, *PROTECTED[table]}
    if missing := expected - set(policies):
        return f"the policy {min(missing)} is missing"
    if beyond := set(policies) - expected:
        return f"the policy {min(beyond)} is not one of ours"
    changed = [name for name, rule in sorted(policies.items()) if not _is_as_made(name, *rule)]
    return f"the policy {changed[0]} has been changed" if changed else ""


def _is_as_made(
    policy: str, permissive: str, command: str, seen: str | None, written: str | None, is_for_us: bool
) -> bool:
    """PostgreSQL gives a rule back in words of its own, so only what it rests on is looked for."""
    if permissive != "PERMISSIVE" or command != COMMANDS.get(policy, "SELECT"):
        return False
    if policy == KEPT:
        return not is_for_us
    rules = {OWNED_POLICY: [seen, written], OF_NOBODY: [written]}.get(policy, [seen])
    return is_for_us and all(rule is not None and RESTS_ON[policy] in rule and " OR " not in rule for rule in rules)


def check_role_of_migrations() -> None:
    """Raises NotIsolatedError where the connection, that of ``MIGRATION_DATABASE_URL``, is not the tables' owner's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = cursor.fetchone()[0]
        if role == settings.APPLICATION_ROLE:
            raise NotIsolatedError(
                f"Migrations would connect as {role}, the role of the application, which may own nothing: set "
                f"MIGRATION_DATABASE_URL to the role that owns the tables, such as triage_owner ({SEE_ROLES})."
            )
        cursor.execute(
            "SELECT relname, pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = to_regnamespace('public') "
            "AND relkind IN ('r', 'p', 'v') AND relname = ANY (%s) AND pg_get_userbyid(relowner) <> current_user "
            "ORDER BY relname LIMIT 1",
            [[*OWNED, *SOME_OWNED, *SHARED]],
        )
        for table, owner in cursor.fetchall():
            raise NotIsolatedError(
                f"MIGRATION_DATABASE_URL connects as {role}, but the table {table} belongs to {owner}: "
                f"connect as {owner} ({SEE_ROLES})."
            )


def refuse_to_start_unless_isolated() -> None:
    """End this process, with one line, where it could see across organisations, or where that cannot be found out.

    Closes the connection: a server that forks afterwards must not share it.
    """
    try:
        check_isolation()
    except NotIsolatedError as reason:
        _end(str(reason))
    except Error as problem:
        said = str(problem).strip().partition("\n")[0]
        _end(f"The database of DATABASE_URL does not answer, so nothing was started: {said}")
    finally:
        connections.close_all()


def _end(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
    sys.exit(EXIT_CODE)
