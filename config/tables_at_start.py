"""Whether the database keeps organisations apart and writes the record, as the migrations left it.

Before the first ``migrate`` nothing of ours is there, and shows nothing. From then on all of it has to be there, on,
and as the code made it: what is taken out of the schema leaves its name to another thing, which has no policies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from config.made_at_start import RESTORE, problems_of_what_was_made
from config.open_at_start import problems_of_what_is_open
from config.whose_rows import BY_A_SURVEYS_RULES, KINDS, OWNED, SOME_OWNED
from partnerships.row_security import KEPT, OF_MEMBERS_PRINTED, Printed, printed_policies

RULES: dict[str, dict[str, Printed]] = {
    **{table: printed_policies(more) for table, more in OWNED.items()},
    **{table: printed_policies(more, owner=column) for table, (column, more) in SOME_OWNED.items()},
    **OF_MEMBERS_PRINTED,
    **BY_A_SURVEYS_RULES,
}


def problems_of_the_tables(cursor: Any) -> Iterator[str]:
    """What is not as it should be: tables, policies, triggers, views, functions, and what else is open, a line each."""
    cursor.execute(
        "SELECT relname, relkind, relrowsecurity AND relforcerowsecurity, pg_get_userbyid(relowner) FROM pg_class "
        "WHERE relnamespace = to_regnamespace('public') AND relname = ANY (%s) ORDER BY 1",
        [list(KINDS)],
    )
    there = {name: (kind, is_on, owner) for name, kind, is_on, owner in cursor.fetchall()}
    if there:
        yield from _of_kinds({name: kind for name, (kind, *_) in there.items()})
        yield from _of_policies(cursor, {name: rest for name, (_, *rest) in there.items()})
        yield from problems_of_what_was_made(cursor)
    yield from problems_of_what_is_open(cursor, besides=settings.SCHEMAS_BESIDES)


def _of_kinds(there: dict[str, str]) -> Iterator[str]:
    for name, kind in sorted(KINDS.items()):
        what = "table" if kind == "r" else "view"
        if name not in there:
            yield f"The {what} {name} is missing: {RESTORE} it from a backup."
        elif there[name] != kind:
            yield (
                f"The {what} {name} has been replaced by another thing of that name, which may show rows that it "
                f"should keep apart: {RESTORE} it from a backup."
            )


def _of_policies(cursor: Any, tables: dict[str, list[Any]]) -> Iterator[str]:
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
            yield f"The table {table} {why}: {RESTORE} its policies from a backup."


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
