"""Nobody takes part in a partnership that is not shown to them: taking part would show it."""

from django.db import migrations

from partnerships.row_security import only_in_what_is_seen


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0037_merging"),
    ]

    operations = [
        only_in_what_is_seen("partnerships_participation"),
    ]
