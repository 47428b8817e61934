"""Rules, ranks and shares belong to the organisation of what they speak of; see 0002_same_owner."""

from django.db import migrations

# child table, column that names the parent, parent table
SAME_OWNER = [
    ("portfoliorule", "level_id", "engagementlevel"),
    ("portfoliorule", "other_level_id", "engagementlevel"),
    ("rulemember", "rule_id", "portfoliorule"),
    ("rulemember", "participation_id", "participation"),
    ("objectiverank", "objective_id", "objective"),
    ("poolshare", "pool_id", "capacitypool"),
]


def operations():
    yield migrations.RunSQL(
        "ALTER TABLE partnerships_portfoliorule ADD CONSTRAINT portfoliorule_with_owner UNIQUE (id, organisation_id)",
        "ALTER TABLE partnerships_portfoliorule DROP CONSTRAINT portfoliorule_with_owner",
    )
    for child, column, parent in SAME_OWNER:
        name = f"{child}_{column}_same_owner"
        yield migrations.RunSQL(
            f"ALTER TABLE partnerships_{child} ADD CONSTRAINT {name} FOREIGN KEY ({column}, organisation_id) "
            f"REFERENCES partnerships_{parent} (id, organisation_id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE partnerships_{child} DROP CONSTRAINT {name}",
        )


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0010_rules_rankings_shares_and_cost_of_change")]

    operations = list(operations())
