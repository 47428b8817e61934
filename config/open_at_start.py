"""What the role of ``DATABASE_URL`` may read or run in any schema that is not ours, or reaches past the database.

A copy of a table has no policies, and a view or a function that runs with its owner's rights sees what its owner sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from config.whose_rows import KINDS, LOOKS_OVER_ALL

# What has a smaller number came with the server. What an extension brings is not ours to name, and what stands in the
# schemas of SCHEMAS_BESIDES is another program's. In our own a view or such a function counts whoever may use it.
NOT_OURS = """
WITH held AS (SELECT oid FROM pg_roles WHERE pg_has_role(current_user, oid, 'MEMBER')),
  schemas AS (SELECT oid, nspname, oid = to_regnamespace('public') AS is_ours FROM pg_namespace
    WHERE nspname <> ALL (%(besides)s))
SELECT CASE WHEN relkind IN ('r', 'p') THEN 'table' ELSE 'view' END, relname::text,
  CASE WHEN is_ours THEN '' ELSE nspname || '.' END
FROM pg_class AS one JOIN schemas ON schemas.oid = relnamespace
WHERE one.oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm', 'f') AND relpersistence <> 't'
  AND NOT (is_ours AND relname = ANY (%(known)s))
  AND (is_ours AND relkind IN ('v', 'm', 'f') OR EXISTS (SELECT FROM held
    WHERE has_schema_privilege(held.oid, relnamespace, 'USAGE') AND (
      has_table_privilege(held.oid, one.oid, 'SELECT, INSERT, UPDATE, DELETE')
      OR has_any_column_privilege(held.oid, one.oid, 'SELECT, INSERT, UPDATE'))))
  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = one.oid AND deptype = 'e')
UNION ALL
SELECT 'function', proname || '(' || pg_catalog.oidvectortypes(proargtypes) || ')',
  CASE WHEN is_ours THEN '' ELSE nspname || '.' END
FROM pg_proc AS one JOIN schemas ON schemas.oid = pronamespace
WHERE one.oid >= 16384 AND prosecdef
  AND (is_ours OR EXISTS (SELECT FROM held WHERE has_schema_privilege(held.oid, pronamespace, 'USAGE')
    AND has_function_privilege(held.oid, one.oid, 'EXECUTE')))
  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = one.oid AND deptype = 'e')
ORDER BY 1, 3, 2
"""


def problems_of_what_is_open(cursor: Any, *, besides: list[str]) -> Iterator[str]:
    """A line for each table, view or function that is not the application's, outside of the schemas ``besides``."""
    cursor.execute(NOT_OURS, {"known": list(KINDS), "besides": besides})
    for kind, name, schema in cursor.fetchall():
        if kind == "function" and not schema and name in LOOKS_OVER_ALL:
            continue
        remedy = "take it from the application's role" if schema else "drop it"
        other = "name its schema in SCHEMAS_BESIDES" if schema else "name it in config/whose_rows.py"
        yield (
            f"The {kind} {schema}{name} is not one of ours and may show rows that it should keep apart: "
            f"{remedy}, or {other}."
        )
