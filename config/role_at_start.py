"""What the role of ``DATABASE_URL`` is, owns and may do that the application's must not.

Each question is asked of the role itself and of every role that it is a member of, however far away and whether it has
that role's rights by itself or only after SET ROLE.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from config.whats_recorded import lines_are_only_added_to

SEE_ROLES = "see 'Roles' in docs/deployment.md"
OWNS_NOTHING = "connect as a role that owns nothing, such as triage_app"
# What PostgreSQL gives with a membership alone. Those that only end sessions are left out.
PREDEFINED = [
    "pg_read_all_data",
    "pg_write_all_data",
    "pg_execute_server_program",
    "pg_read_server_files",
    "pg_write_server_files",
    "pg_maintain",
    "pg_create_subscription",
    "pg_read_all_stats",  # the statements of every session, with the values in them; pg_monitor is a member of it
]
# What reads or writes files of the server, or connects from it to elsewhere, whatever any policy says: PostgreSQL keeps
# them from everybody but superusers until somebody grants one, and an extension (dblink) may give its own to everybody.
REACH_OUTSIDE = [
    "pg_read_file",
    "pg_read_binary_file",
    "pg_stat_file",
    r"pg\_ls\_%dir",
    r"pg\_file\_%",
    "lo_import",
    "lo_export",
    "dblink%",
    r"pg\_get\_wal\_record%",  # what was written to the log before a table, rows of everybody among it
    "get_raw_page",
]
# Catalogues that nobody but a superuser reads: passwords, and what columns hold most often.
KEPT_CATALOGUES = [
    "pg_authid",
    "pg_shadow",
    "pg_statistic",
    "pg_statistic_ext_data",
    "pg_user_mapping",
]

# Whoever the session began as, it may be again at any time (RESET ROLE, RESET SESSION AUTHORIZATION). A setting can
# lead from one to the other, or what a pooler runs as it connects.
SWITCHED = """
SELECT usename, current_user FROM pg_stat_activity
WHERE pid = pg_backend_pid() AND (usename <> current_user OR session_user <> current_user)
"""
IS = """
WITH held AS (SELECT * FROM pg_roles WHERE pg_has_role(current_user, oid, 'MEMBER'))
SELECT current_user, rolname,
  CASE WHEN rolsuper THEN 'is a superuser' WHEN rolbypassrls THEN 'has BYPASSRLS' ELSE 'has REPLICATION' END
FROM held WHERE rolsuper OR rolbypassrls OR rolreplication ORDER BY rolname <> current_user, rolname LIMIT 1
"""
# The owner of anything stands in pg_shdepend; what a session makes for itself, in a schema of its own, goes with it.
OWNS = """
WITH held AS (SELECT * FROM pg_roles WHERE pg_has_role(current_user, oid, 'MEMBER')),
  this AS (SELECT oid FROM pg_database WHERE datname = current_database())
SELECT current_user, rolname, pg_describe_object(classid, objid, 0)
FROM this CROSS JOIN held JOIN pg_shdepend
  ON refclassid = 'pg_authid'::regclass AND refobjid = held.oid AND deptype = 'o'
WHERE (classid = 'pg_database'::regclass AND objid = this.oid OR dbid = this.oid AND classid IN
  ('pg_namespace'::regclass, 'pg_class'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass))
  AND coalesce((pg_identify_object(classid, objid, 0)).schema, '') !~ '^pg_'
ORDER BY rolname <> current_user, classid <> 'pg_database'::regclass, 3 LIMIT 1
"""
MAY = """
WITH held AS (SELECT * FROM pg_roles WHERE pg_has_role(current_user, oid, 'MEMBER'))
SELECT current_user, rolname, what FROM held CROSS JOIN LATERAL (
  SELECT 1, 'may create roles (CREATEROLE)' WHERE rolcreaterole
  UNION ALL SELECT 2, 'may create databases (CREATEDB)' WHERE rolcreatedb
  UNION ALL SELECT 3, 'reaches past the policies' WHERE rolname = ANY (%(predefined)s)
  UNION ALL SELECT 4, 'may create schemas (CREATE ON DATABASE)'
    WHERE has_database_privilege(held.oid, current_database()::text, 'CREATE')
  UNION ALL SELECT 5, 'may create in the schema ' || nspname FROM pg_namespace
    WHERE nspname !~ '^pg_' AND has_schema_privilege(held.oid, pg_namespace.oid, 'CREATE')
  UNION ALL SELECT 6, 'may set the parameter ' || parname FROM pg_parameter_acl
    WHERE has_parameter_privilege(held.oid, parname, 'SET, ALTER SYSTEM')
  UNION ALL SELECT 7, 'may change, delete or truncate lines of ' || relname FROM pg_class
    WHERE relnamespace = to_regnamespace('public') AND relname = ANY (%(append_only)s)
    AND (has_table_privilege(held.oid, pg_class.oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')
      OR has_any_column_privilege(held.oid, pg_class.oid, 'UPDATE'))
  UNION ALL SELECT 8, 'may empty at once, or put triggers on, the table ' || relname FROM pg_class
    WHERE relnamespace = to_regnamespace('public') AND relkind IN ('r', 'p')
    AND has_table_privilege(held.oid, pg_class.oid, 'TRUNCATE, TRIGGER')
  UNION ALL SELECT 9, 'has session_replication_role set, which skips triggers,'
    WHERE current_setting('session_replication_role') <> 'origin'
  UNION ALL SELECT 10, 'may run the function ' || proname FROM pg_proc
    WHERE proname LIKE ANY (%(outside)s) AND has_function_privilege(held.oid, pg_proc.oid, 'EXECUTE')
  UNION ALL SELECT 11, 'may read the catalogue ' || relname FROM pg_class
    WHERE relnamespace = 'pg_catalog'::regnamespace AND relname = ANY (%(catalogues)s)
    AND has_any_column_privilege(held.oid, pg_class.oid, 'SELECT')
) AS found (nth, what)
ORDER BY nth, rolname <> current_user, what LIMIT 1
"""

# Each session of a role sees in pg_stat_activity what the others run, with the values in it, whatever any policy says.
SHOWN = "SELECT current_user WHERE current_setting('track_activities')::boolean"


def problems_of_the_role(cursor: Any) -> Iterator[str]:
    """Why the role that ``cursor`` connects as is not fit for the application, the gravest reason first."""
    cursor.execute(SWITCHED)
    for role, other in cursor.fetchall():
        what = f"goes on as {other} and may go back at any time"
        yield _line(role, role, what, f"connect as {other} itself, without SET ROLE among its options or settings")
    cursor.execute(IS)
    for role, other, what in cursor.fetchall():
        means = "could copy the whole server" if what == "has REPLICATION" else "sees every organisation's rows"
        yield _line(role, other, f"{what} and so {means}", OWNS_NOTHING)
    cursor.execute(OWNS)
    for role, other, what in cursor.fetchall():
        means = "could switch its policies off" if what.startswith("table ") else "could change what is ours"
        remedy = f"{OWNS_NOTHING}, and give the owner in MIGRATION_DATABASE_URL only"
        yield _line(role, other, f"owns the {what} and so {means}", remedy)
    cursor.execute(
        MAY,
        {
            "predefined": PREDEFINED,
            "append_only": sorted(lines_are_only_added_to()),
            "outside": REACH_OUTSIDE,
            "catalogues": KEPT_CATALOGUES,
        },
    )
    for role, other, what in cursor.fetchall():
        remedy = "take that from it" if role == other else f"revoke {other} from {role}"
        yield _line(role, other, f"{what} and so could go round what keeps organisations apart", remedy)
    cursor.execute(SHOWN)
    for (role,) in cursor.fetchall():
        remedy = f"as a superuser, ALTER ROLE {role} SET track_activities = off"
        yield _line(role, role, "shows each of its sessions what the others read and write (track_activities)", remedy)


def _line(role: str, other: str, what: str, remedy: str) -> str:
    may = what if role == other else f"may become {other}, which {what}"
    return f"DATABASE_URL connects as {role}, which {may}: {remedy} ({SEE_ROLES})."
