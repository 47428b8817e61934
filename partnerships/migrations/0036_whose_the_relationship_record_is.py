"""The relationship record is seen by its organisation only, and belongs to what it speaks of."""

from django.db import migrations

from partnerships.recording import append_only
from partnerships.row_security import protect

RECORDED = ["difference", "ledgerentry", "measurepoint", "outcomemeasure", "recordlink", "recordnote"]
EVENTS = [f"{table}event" for table in RECORDED]

# child table, column that names the parent, parent table; both have the same organisation
SAME_OWNER = [
    *((table, "participation_id", "participation") for table in RECORDED),
    ("differencechange", "difference_id", "difference"),
    ("measurepoint", "measure_id", "outcomemeasure"),
]


def same_owner():
    for parent in ("difference", "outcomemeasure"):
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
    # A figure is of a measure of the same partnership.
    yield migrations.RunSQL(
        [
            "ALTER TABLE partnerships_outcomemeasure ADD CONSTRAINT measure_with_partnership "
            "UNIQUE (id, participation_id)",
            "ALTER TABLE partnerships_measurepoint ADD CONSTRAINT measure_point_same_partnership "
            "FOREIGN KEY (measure_id, participation_id) REFERENCES partnerships_outcomemeasure (id, participation_id) "
            "DEFERRABLE INITIALLY DEFERRED",
        ],
        [
            "ALTER TABLE partnerships_measurepoint DROP CONSTRAINT measure_point_same_partnership",
            "ALTER TABLE partnerships_outcomemeasure DROP CONSTRAINT measure_with_partnership",
        ],
    )


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0035_the_relationship_record")]

    operations = [
        *same_owner(),
        *(protect(f"partnerships_{table}") for table in [*RECORDED, "differencechange", *EVENTS]),
        *(append_only(f"partnerships_{table}") for table in EVENTS),
    ]
