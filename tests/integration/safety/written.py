"""Which tables were written to, by PostgreSQL's own count: what cannot have changed need not be read again."""

from __future__ import annotations

from django.db import connection


class Written:
    """Counts for the transaction under way, in which every test of this folder stays; what is undone counts too."""

    def __init__(self) -> None:
        self._counted = _counts()

    def since(self) -> set[str]:
        """The tables in which rows were added, changed or deleted since this was last asked."""
        before, self._counted = self._counted, _counts()
        return {table for table, count in self._counted.items() if count != before[table]}


def _counts() -> dict[str, int]:
    """Of every table, whoever wrote: also a trigger, and a function that runs with its owner's rights."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid) "
            "+ pg_stat_get_xact_tuples_deleted(oid) FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        )
        return dict(cursor.fetchall())
