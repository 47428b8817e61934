"""Whether the database keeps organisations apart and writes the record, as the migrations left it.

Tables that are not there yet show nothing; everything else of ours has to be there, on, and as the code made it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from config.whats_recorded import triggers_that_have_to_fire
from config.whose_rows import BY_A_SURVEYS_RULES, LOOKS_OVER_ALL, OWNED, SHARED, SOME_OWNED
from partnerships.row_security import KEPT, OF_MEMBERS_PRINTED, Printed, printed_policies

RULES: dict[str, dict[str, Printed]] = {
    **{table: printed_policies(more) for table, more in OWNED.items()},
    **{table: printed_policies(more, owner=column) for table, (column, more) in SOME_OWNED.items()},
    **OF_MEMBERS_PRINTED,
    **BY_A_SURVEYS_RULES,
}
MIGRATE = "run 'manage.py migrate', and if that does not help restore"
# What an extension brings is not ours to name.
SHOWS_ROWS = """
SELECT 'view', relname::text FROM pg_class AS one
WHERE relnamespace = to_regnamespace('public') AND relkind IN ('v', 'm', 'f')
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = one.oid AND deptype = 'e')
UNION ALL
SELECT 'function', proname::text || '(' || pg_catalog.oidvectortypes(proargtypes) || ')' FROM pg_proc AS one
WHERE pronamespace = to_regnamespace('public') AND prosecdef
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = one.oid AND deptype = 'e')
ORDER BY 1, 2
"""


def problems_of_the_tables(cursor: Any) -> Iterator[str]:
    """What is not as it should be: policies, triggers, views and functions, a line each."""
    cursor.execute(
        "SELECT relname, relrowsecurity AND relforcerowsecurity, pg_get_userbyid(relowner) FROM pg_class "
        "WHERE relnamespace = to_regnamespace('public') AND relkind IN ('r', 'p') ORDER BY 1"
    )
    tables = {table: (is_on, owner) for table, is_on, owner in cursor.fetchall()}
    yield from _of_policies(cursor, tables)
    yield from _of_triggers(cursor, set(tables))
    yield from _of_what_shows_rows(cursor)


def _of_policies(cursor: Any, tables: dict[str, tuple[bool, str]]) -> Iterator[str]:
    cursor.execute(
        "SELECT tablename, policyname, permissive, roles::text[], cmd, qual, with_check FROM pg_policies "
        "WHERE schemaname = 'public' AND tablename = ANY (%s)",
        [list(RULES)],
    )
    policies = defaultdict[str, dict[str, Any]](dict)
    for table, policy, permissive, roles, *rule in cursor.fetchall():
        policies[table][policy] = (permissive, roles, tuple(" ".join(part.split()) if part else None for part in rule))
    for table in sorted(RULES.keys() & tables.keys()):
        is_on, owner = tables[table]
        problem = (
            _problem_of(table, owner, policies[table]) if is_on else "row-level security is not enabled and forced"
        )
        if problem:
            why = f"does not keep organisations apart ({problem})"
            yield f"The table {table} {why}: {MIGRATE} its policies from a backup."


def _problem_of(table: str, owner: str, policies: dict[str, Any]) -> str:
    expected = RULES[table]
    if missing := expected.keys() - policies.keys():
        return f"the policy {min(missing)} is missing"
    if beyond := policies.keys() - expected.keys():
        return f"the policy {min(beyond)} is not one of ours"
    for name, (permissive, roles, rule) in sorted(policies.items()):
        held_by = [owner] if name == KEPT else ["public"]
        made = expected[name].format(table=table)
        if (permissive, roles, rule) != ("PERMISSIVE", held_by, made):
            return f"the policy {name} has been changed"
    return ""


def _of_triggers(cursor: Any, tables: set[str]) -> Iterator[str]:
    """Also a foreign key is held by triggers; those are the database's own, and only have to be on."""
    cursor.execute(
        "SELECT relname, tgname, tgenabled IN ('O', 'A') FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE relnamespace = to_regnamespace('public')"
    )
    fires = {(table, trigger): is_on for table, trigger, is_on in cursor.fetchall()}
    there = {pair for pair in triggers_that_have_to_fire() if pair[0] in tables}
    for table, trigger in sorted(there - fires.keys() | {pair for pair, is_on in fires.items() if not is_on}):
        how = "disabled" if (table, trigger) in fires else "missing"
        yield (
            f"The table {table} does not keep its record and its rules (the trigger {trigger} is {how}): "
            f"enable it (ALTER TABLE {table} ENABLE TRIGGER ALL) or {MIGRATE} it from a backup."
        )


def _of_what_shows_rows(cursor: Any) -> Iterator[str]:
    """A view or a function that runs with its owner's rights sees what its owner sees, which is everything."""
    cursor.execute(SHOWS_ROWS)
    for kind, name in cursor.fetchall():
        if name not in SHARED and name not in LOOKS_OVER_ALL:
            yield (
                f"The {kind} {name} is not one of ours and may show rows that it should keep apart: "
                f"drop it, or name it in config/whose_rows.py."
            )
