"""A child's organisation is its parent's: composite foreign keys, so that the database refuses anything else."""

from django.db import migrations

# child table, column that names the parent, parent table
SAME_OWNER = [
    ("participation", "level_id", "engagementlevel"),
    ("participation", "mandate_level_id", "engagementlevel"),
    ("daysneeded", "participation_id", "participation"),
    ("daysneeded", "level_id", "engagementlevel"),
    ("daysneeded", "pool_id", "capacitypool"),
    ("capacityquarter", "pool_id", "capacitypool"),
    ("objectiveweight", "objective_id", "objective"),
    ("wayweight", "way_id", "wayofcreatingvalue"),
    ("valuerating", "participation_id", "participation"),
    ("valuerating", "objective_id", "objective"),
    ("valuerating", "way_id", "wayofcreatingvalue"),
]
PARENTS = sorted({parent for _, _, parent in SAME_OWNER})


def operations():
    for parent in PARENTS:
        yield migrations.RunSQL(
            f"ALTER TABLE partnerships_{parent} ADD CONSTRAINT {parent}_with_owner UNIQUE (id, organisation_id)",
            f"ALTER TABLE partnerships_{parent} DROP CONSTRAINT {parent}_with_owner",
        )
    for child, column, parent in SAME_OWNER:
        name = f"{child}_{column}_same_owner"
        yield migrations.RunSQL(
            f"ALTER TABLE partnerships_{child} ADD CONSTRAINT {name} FOREIGN KEY ({column}, organisation_id) "
            f"REFERENCES partnerships_{parent} (id, organisation_id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE partnerships_{child} DROP CONSTRAINT {name}",
        )


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0001_initial")]

    operations = list(operations())
