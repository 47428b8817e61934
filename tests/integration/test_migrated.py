"""The database that a run's processes copy is made anew with whatever it is made of, and with nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from django.db import connection

from tests import migrated
from tests.migrated import ROOT

MIGRATE = """
import os, sys
import django
from django.core.management import call_command
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
call_command("migrate", verbosity=0)
print(*(module.__file__ for module in list(sys.modules.values()) if getattr(module, "__file__", None)), sep="\\n")
"""


def test_whatever_of_ours_migrating_loads_is_among_what_it_is_made_of(process_environment: dict[str, str]) -> None:
    said = subprocess.run(
        [sys.executable, "-c", MIGRATE], env=process_environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    loaded = {Path(line) for line in said.stdout.splitlines()}
    ours = {
        path for path in loaded if path.parts[: len(ROOT.parts) + 1] in {(*ROOT.parts, app) for app in migrated.APPS}
    }
    assert len(ours) > 100
    assert ours - migrated.sources() == set()


def test_every_migration_is_and_no_page() -> None:
    found = {str(path.relative_to(ROOT)) for path in migrated.sources()}
    assert {str(path.relative_to(ROOT)) for path in ROOT.glob("*/migrations/*.py")} <= found
    assert {"config/whose_rows.py", "partnerships/row_security.py", "partnerships/recording.py"} <= found
    assert [name for name in found if "/views/" in name or "/forms/" in name] == []


def test_a_file_that_has_changed_come_or_gone_makes_another_database(tmp_path: Path) -> None:
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    one.write_text("a = 1")
    two.write_text("a = 2")
    before = migrated.name_of([one, two])
    assert migrated.name_of([two, one]) == before
    assert migrated.name_of([one]) != before
    two.write_text("a = 3")
    assert migrated.name_of([one, two]) != before
    two.rename(tmp_path / "three.py")
    assert migrated.name_of([one, tmp_path / "three.py"]) != before


def test_what_is_imported_inside_a_function_counts_too(tmp_path: Path) -> None:
    path = tmp_path / "one.py"
    path.write_text("def forwards(apps, editor):\n    from partnerships import recording\n    import config.roles\n")
    assert set(migrated._imported(path)) == {"partnerships.recording", "config.roles"}
    assert set(migrated._files("partnerships.recording")) == {
        ROOT / "partnerships" / "__init__.py",
        ROOT / "partnerships" / "recording.py",
    }


def test_the_tests_run_on_a_copy_of_it(db: None) -> None:
    template = connection.settings_dict["TEST"]["TEMPLATE"]
    assert template == migrated.name_of(migrated.sources())
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [migrated.PREFIX])
        assert cursor.fetchall() == [(template,)]
