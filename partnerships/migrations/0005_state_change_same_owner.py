"""A state change belongs to its participation's organisation; see 0002_same_owner."""

from django.db import migrations

NAME = "participationstatechange_participation_id_same_owner"


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0004_state_changes_and_import_previews")]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE partnerships_participationstatechange ADD CONSTRAINT {NAME} "
            "FOREIGN KEY (participation_id, organisation_id) "
            "REFERENCES partnerships_participation (id, organisation_id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE partnerships_participationstatechange DROP CONSTRAINT {NAME}",
        )
    ]
