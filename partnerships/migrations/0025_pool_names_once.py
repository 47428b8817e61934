"""No two pools of an organisation have one name, in whatever capitals: nobody could tell which days are meant.

Where two have, the later one gets a number, and the migration says which, so that somebody can give it a better name.
"""

import django.db.models.functions.text
from django.db import migrations, models

LONGEST = 60


def tell_pools_apart(apps, schema_editor):
    taken = set()
    pools = apps.get_model("partnerships", "CapacityPool").objects
    every = list(pools.select_related("organisation").order_by("organisation", "position", "pk"))
    given = {(pool.organisation_id, pool.name.lower()) for pool in every}
    for pool in every:
        if (pool.organisation_id, pool.name.lower()) in taken:
            before, pool.name = pool.name, free_name(pool, given | taken)
            pool.save(update_fields=["name"])
            print(
                f"\n  {pool.organisation.code}: a second pool was called “{before}”. It is “{pool.name}” now.", end=""
            )
        taken.add((pool.organisation_id, pool.name.lower()))
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # PostgreSQL makes no index while a check still waits


def free_name(pool, taken):
    number = 2
    while True:
        ending = f" ({number})"
        name = pool.name[: LONGEST - len(ending)] + ending
        if (pool.organisation_id, name.lower()) not in taken:
            return name
        number += 1


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0024_the_record_of_changes")]

    operations = [
        migrations.RunPython(tell_pools_apart, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="capacitypool",
            constraint=models.UniqueConstraint(
                models.F("organisation"),
                django.db.models.functions.text.Lower("name"),
                name="pool_name_once",
                violation_error_message="Another pool has this name. Choose a different one.",
            ),
        ),
    ]
