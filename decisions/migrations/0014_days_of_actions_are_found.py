"""Days that actions of the plan have set aside already are of the partnership that the action is in.

The database leaves a line of each, as of every change, by which the record finds their days.
"""

from django.db import migrations

OF_THEIR_ACTION = """
    UPDATE partnerships_capacityadjustment AS days
    SET participation_id = action.participation_id
    FROM decisions_planaction AS action
    WHERE action.adjustment_id = days.id AND action.participation_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0013_letters_whose_sender_has_gone"),
        ("partnerships", "0042_whose_days_are_set_aside"),
    ]

    operations = [migrations.RunSQL(OF_THEIR_ACTION, migrations.RunSQL.noop)]
