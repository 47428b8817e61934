"""A rank belongs to the organisation of the way that it ranks; see 0002_same_owner."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0013_ranks_of_ways")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE partnerships_wayrank ADD CONSTRAINT wayrank_way_id_same_owner FOREIGN KEY (way_id, organisation_id) "
            "REFERENCES partnerships_wayofcreatingvalue (id, organisation_id) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE partnerships_wayrank DROP CONSTRAINT wayrank_way_id_same_owner",
        ),
    ]
