"""A child's organisation is its parent's: composite foreign keys, so that the database refuses anything else."""

from django.db import migrations

# child table, column that names the parent, parent table, the parent's key
SAME_OWNER = [
    ("round", "participation_id", "partnerships_participation", "id"),
    ("invitation", "round_id", "diagnostics_round", "id"),
    ("response", "round_id", "diagnostics_round", "id"),
    ("answer", "response_id", "diagnostics_response", "key"),
]
# The parents of this app; participation has its constraint from the app below.
PARENTS = [("round", "id"), ("response", "key")]


def operations():
    for parent, key in PARENTS:
        yield migrations.RunSQL(
            f"ALTER TABLE diagnostics_{parent} ADD CONSTRAINT {parent}_with_owner UNIQUE ({key}, organisation_id)",
            f"ALTER TABLE diagnostics_{parent} DROP CONSTRAINT {parent}_with_owner",
        )
    for child, column, parent, key in SAME_OWNER:
        name = f"survey_{child}_{column}_same_owner"
        yield migrations.RunSQL(
            f"ALTER TABLE diagnostics_{child} ADD CONSTRAINT {name} FOREIGN KEY ({column}, organisation_id) "
            f"REFERENCES {parent} ({key}, organisation_id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE diagnostics_{child} DROP CONSTRAINT {name}",
        )


class Migration(migrations.Migration):
    dependencies = [("diagnostics", "0001_initial"), ("partnerships", "0002_same_owner")]

    operations = list(operations())
