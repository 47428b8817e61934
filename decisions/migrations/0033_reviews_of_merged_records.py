"""A decision about a record that is merged into another comes back where nothing is decided about that one.

Somebody is then reminded of it.

The function is taken as it stands, so that it keeps what other migrations brought to it.
"""

from django.db import migrations

FUNCTION = "public.decisions_with_reminders_due(date)"
NONE_OF_MERGED = "its.id = decision.participation_id AND its.merged_into_id IS NULL"
NONE_DECIDED_THERE = (
    "its.id = decision.participation_id AND (its.merged_into_id IS NULL OR NOT EXISTS (SELECT FROM "
    "public.decisions_decision AS there WHERE there.participation_id = its.merged_into_id AND there.outcome <> 'undone' "
    "AND NOT EXISTS (SELECT FROM public.decisions_decision AS later WHERE later.supersedes_id = there.id)))"
)


def says_instead(schema_editor, before, after):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef(%s::regprocedure)", [FUNCTION])
        body = cursor.fetchone()[0]
        if before not in body:
            raise RuntimeError(f"{FUNCTION} says nothing of merged records.")
        cursor.execute(body.replace(before, after))


def forwards(apps, schema_editor):
    says_instead(schema_editor, NONE_OF_MERGED, NONE_DECIDED_THERE)


def backwards(apps, schema_editor):
    says_instead(schema_editor, NONE_DECIDED_THERE, NONE_OF_MERGED)


class Migration(migrations.Migration):
    dependencies = [("decisions", "0032_reminders_of_practices"), ("partnerships", "0042_whose_days_are_set_aside")]

    operations = [migrations.RunPython(forwards, backwards)]
