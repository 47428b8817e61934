"""Organisations of before there were administrators get one: whoever leads an organisation's strategy becomes it too.

An organisation without a strategy lead still has none; ``manage.py add_person --role administrator`` gives it one.
"""

from django.db import migrations

FIRST_ADMINISTRATORS = """
    INSERT INTO partnerships_accessgrant (organisation_id, person_id, role, granted_at)
    SELECT organisation_id, person_id, 'administrator', now()
    FROM partnerships_accessgrant AS lead
    WHERE role = 'strategy_lead'
    AND NOT EXISTS (
        SELECT 1 FROM partnerships_accessgrant AS other
        WHERE other.organisation_id = lead.organisation_id AND other.role = 'administrator'
    )
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0015_roles_and_their_end")]

    operations = [migrations.RunSQL(FIRST_ADMINISTRATORS, migrations.RunSQL.noop)]
