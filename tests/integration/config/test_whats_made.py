"""What is written down of functions and views is what the migrations make."""

from __future__ import annotations

import pytest
from django.db import connection

from config import whats_made
from config.made_at_start import OF_THE_RECORD, TRIGGERS, digest, digests_of_functions, digests_of_views
from config.whose_rows import LOOKS_OVER_ALL

pytestmark = pytest.mark.django_db


def test_every_function_is_written_down_as_the_migrations_make_it() -> None:
    with connection.cursor() as cursor:
        found = digests_of_functions(cursor)
    record = {name: digest(body, *OF_THE_RECORD) for name, body in whats_made.bodies_of_the_record().items()}
    assert record.items() <= found.items()
    ours = {name: one for name, one in found.items() if name not in record}
    assert ours == whats_made.FUNCTIONS, f"write in config/whats_made.py: {ours}"
    assert ours.keys() >= LOOKS_OVER_ALL


def test_every_view_is_written_down_as_the_migrations_make_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'")
        views = [name for (name,) in cursor.fetchall()]
        found = digests_of_views(cursor, views)
    assert found.keys() == whats_made.VIEWS.keys()
    assert all(found[name] in whats_made.VIEWS[name] for name in found), f"write in config/whats_made.py: {found}"


def test_every_trigger_that_keeps_a_rule_is_written_down_as_it_is_printed() -> None:
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS)
        found = {(table, name): printed for table, name, _, printed in cursor.fetchall()}
    assert {pair: found[pair] for pair in whats_made.KEEP_RULES} == whats_made.KEEP_RULES


def test_a_trigger_reads_the_same_as_written_and_as_printed() -> None:
    written = (
        'CREATE  TRIGGER a AFTER UPDATE ON "t" FOR EACH ROW WHEN (OLD."b" IS DISTINCT FROM NEW."b") '
        "EXECUTE PROCEDURE a();"
    )
    printed = (
        "CREATE TRIGGER a AFTER UPDATE ON public.t FOR EACH ROW "
        "WHEN (((old.b)::text IS DISTINCT FROM (new.b)::text)) EXECUTE FUNCTION a()"
    )
    assert whats_made.plain(written) == whats_made.plain(printed)
    assert whats_made.plain(written) != whats_made.plain(printed.replace("new.b", "new.c"))


@pytest.mark.parametrize("other", ["'A B'", "'a b '", "'(a b)'", "'public.a b'"])
def test_what_stands_in_quotes_is_not_made_the_same(other: str) -> None:
    written = "CREATE TRIGGER a AFTER UPDATE ON t FOR EACH ROW WHEN (OLD.b = 'a b') EXECUTE PROCEDURE a()"
    assert whats_made.plain(written) != whats_made.plain(written.replace("'a b'", other))
    assert whats_made.plain(written) == whats_made.plain(written.replace("'a b'", "('a b'::text)"))
    assert whats_made.plain(written) != whats_made.plain(written.replace("OLD.b", 'OLD."B"'))
