"""A child's organisation is its parent's: composite foreign keys, so that the database refuses anything else."""

from django.db import migrations

# child table, column that names the parent, parent table
SAME_OWNER = [
    ("scoring_runchange", "run_id", "scoring_run"),
    ("scoring_recommendation", "run_id", "scoring_run"),
    ("scoring_recommendation", "participation_id", "partnerships_participation"),
]


def operations():
    yield migrations.RunSQL(
        "ALTER TABLE scoring_run ADD CONSTRAINT run_with_owner UNIQUE (id, organisation_id)",
        "ALTER TABLE scoring_run DROP CONSTRAINT run_with_owner",
    )
    for child, column, parent in SAME_OWNER:
        name = f"{child}_{column}_same_owner"
        yield migrations.RunSQL(
            f"ALTER TABLE {child} ADD CONSTRAINT {name} FOREIGN KEY ({column}, organisation_id) "
            f"REFERENCES {parent} (id, organisation_id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE {child} DROP CONSTRAINT {name}",
        )


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial"), ("partnerships", "0002_same_owner")]

    operations = list(operations())
