"""Whether functions, triggers and views are as the migrations made them (``config.whats_made``), and no others there.

Whoever is the owner of the tables can replace the body of a function that looks over all organisations, widen the view
of what is shared, or have a trigger fire never: no policy would notice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from config import whats_made

RESTORE = "run 'manage.py migrate', and if that does not help restore"
# How a function of the record's triggers runs: with the rights of whoever changes the row.
OF_THE_RECORD = ("plpgsql", False, "v", None, "trigger", False)

# What an extension brings is not ours to name.
FUNCTIONS = """
SELECT proname || '(' || pg_catalog.oidvectortypes(proargtypes) || ')', prosrc,
  lanname, prosecdef, provolatile, proconfig::text, pg_catalog.format_type(prorettype, NULL), proretset
FROM pg_proc JOIN pg_language ON pg_language.oid = prolang
WHERE pronamespace = to_regnamespace('public')
  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')
ORDER BY 1
"""
# A foreign key is held by triggers too; those are the database's own, and only have to be on.
TRIGGERS = """
SELECT relname, tgname, tgenabled IN ('O', 'A'), CASE WHEN NOT tgisinternal THEN pg_get_triggerdef(pg_trigger.oid) END
FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE relnamespace = to_regnamespace('public') ORDER BY 1, 2
"""
VIEWS = """
SELECT relname, pg_get_viewdef(oid), reloptions::text FROM pg_class
WHERE relnamespace = to_regnamespace('public') AND relkind = 'v' AND relname = ANY (%s) ORDER BY 1
"""
RULES = """
SELECT relname, rulename FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class
WHERE relnamespace = to_regnamespace('public') AND rulename <> '_RETURN'
  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = ev_class AND deptype = 'e')
ORDER BY 1, 2
"""


def digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def digests_of_functions(cursor: Any) -> dict[str, str]:
    """By signature, of every function of ours that there is, those of the record's triggers among them."""
    cursor.execute(FUNCTIONS)
    return {signature: digest(*said) for signature, *said in cursor.fetchall()}


def digests_of_views(cursor: Any, names: Iterable[str]) -> dict[str, str]:
    cursor.execute(VIEWS, [list(names)])
    return {name: digest(" ".join(printed.split()), options) for name, printed, options in cursor.fetchall()}


def problems_of_what_was_made(cursor: Any) -> Iterator[str]:
    """A line each for triggers, functions, views and rules."""
    yield from _of_triggers(cursor)
    yield from _of_functions(cursor)
    yield from _of_views(cursor)
    cursor.execute(RULES)
    for table, rule in cursor.fetchall():
        yield (
            f"The table {table} has the rule {rule}, which is not one of ours and could lead elsewhere what is read "
            f"or written: drop it (DROP RULE {rule} ON {table})."
        )


def _of_triggers(cursor: Any) -> Iterator[str]:
    cursor.execute(TRIGGERS)
    there = {(table, trigger): (is_on, printed) for table, trigger, is_on, printed in cursor.fetchall()}
    expected = whats_made.triggers()
    off = {pair for pair, (is_on, _) in there.items() if not is_on}
    for table, trigger in sorted(expected.keys() - there.keys() | off):
        how = "disabled" if (table, trigger) in there else "missing"
        yield (
            f"The table {table} does not keep its record and its rules (the trigger {trigger} is {how}): "
            f"enable it (ALTER TABLE {table} ENABLE TRIGGER ALL) or {RESTORE} it from a backup."
        )
    for (table, trigger), (_, printed) in there.items():
        if printed is None:
            continue
        if (table, trigger) not in expected:
            yield (
                f"The table {table} has the trigger {trigger}, which is not one of ours and could carry its rows "
                f"elsewhere: drop it (DROP TRIGGER {trigger} ON {table})."
            )
        elif whats_made.as_compared((table, trigger), printed) != expected[table, trigger]:
            yield (
                f"The table {table} does not keep its record and its rules (the trigger {trigger} has been changed): "
                f"{RESTORE} it from a backup."
            )


def _of_functions(cursor: Any) -> Iterator[str]:
    record = {name: digest(body, *OF_THE_RECORD) for name, body in whats_made.bodies_of_the_record().items()}
    expected = whats_made.FUNCTIONS | record
    there = digests_of_functions(cursor)
    for signature, made in expected.items():
        if signature not in there:
            yield f"The function {signature} is missing: {RESTORE} it from a backup."
        elif there[signature] != made:
            yield (
                f"The function {signature} does not say what the application has it say, and may show or change rows "
                f"that it should not: {RESTORE} it from a backup."
            )


def _of_views(cursor: Any) -> Iterator[str]:
    for name, found in digests_of_views(cursor, whats_made.VIEWS).items():
        if found not in whats_made.VIEWS[name]:
            yield (
                f"The view {name} does not say what the application has it say, and may show rows that it should keep "
                f"apart: {RESTORE} it from a backup."
            )
