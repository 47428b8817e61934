"""Rounds and what hangs off them are seen by their organisation only; an invitation also with its own link."""

from django.db import migrations

from partnerships.row_security import protect


class Migration(migrations.Migration):
    dependencies = [("diagnostics", "0002_same_owner"), ("partnerships", "0021_row_security")]

    operations = [
        protect("diagnostics_round"),
        protect("diagnostics_invitation", link="link_hash"),
        protect("diagnostics_response"),
        protect("diagnostics_answer"),
    ]
