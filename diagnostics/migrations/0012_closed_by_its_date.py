"""A survey may close because its last day has passed: by nobody."""

from django.db import migrations, models

from partnerships.row_security import gives_out_ids


class Migration(migrations.Migration):
    dependencies = [
        ("diagnostics", "0011_reminders_after_opening_again"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="round", name="round_closed_by_and_at"),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_by__isnull", True), ("closed_at__isnull", False), _connector="OR"),
                name="round_closed_by_only_where_closed",
            ),
        ),
        # Where is a survey open whose last day has passed?
        gives_out_ids(
            "diagnostics_past_their_last_day(today date)",
            "SETOF bigint",
            "SELECT DISTINCT organisation_id FROM public.diagnostics_round WHERE state = 'open' AND closes_on < today",
        ),
    ]
