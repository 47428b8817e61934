"""An organisation reads the record of somebody's account for the time at which they had a role there, and no further."""

from django.db import migrations

from partnerships.row_security import ACTING_FOR, BY_EMPLOYERS, EMPLOYING

TABLE = "partnerships_personevent"
THEN = EMPLOYING.format(table=TABLE, account="pgh_obj_id", theirs=ACTING_FOR.format(column="organisation_id"))
EVER = (
    "EXISTS (SELECT FROM public.partnerships_accessgrant AS held WHERE held.person_id = pgh_obj_id AND held.{theirs})"
)


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0029_partnerships_are_seen_by_their_members")]

    operations = [
        migrations.RunSQL(
            f"ALTER POLICY {BY_EMPLOYERS} ON {TABLE} USING ({THEN})",
            f"ALTER POLICY {BY_EMPLOYERS} ON {TABLE} USING "
            f"({EVER.format(theirs=ACTING_FOR.format(column='organisation_id'))})",
        )
    ]
