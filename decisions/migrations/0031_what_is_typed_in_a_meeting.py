"""What somebody typed in a meeting and has not decided is kept, and seen by its organisation only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from partnerships.row_security import protect

# What is typed and the agenda item that it is about have the same organisation.
SAME_OWNER = (
    "ALTER TABLE decisions_agendaitem ADD CONSTRAINT agendaitem_with_owner UNIQUE (id, organisation_id)",
    "ALTER TABLE decisions_draft ADD CONSTRAINT draft_item_id_same_owner FOREIGN KEY (item_id, organisation_id) "
    "REFERENCES decisions_agendaitem (id, organisation_id) DEFERRABLE INITIALLY DEFERRED",
)
WITHOUT = (
    "ALTER TABLE decisions_draft DROP CONSTRAINT draft_item_id_same_owner",
    "ALTER TABLE decisions_agendaitem DROP CONSTRAINT agendaitem_with_owner",
)


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0030_reminders_of_actions"),
        ("partnerships", "0042_whose_days_are_set_aside"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("typed", models.JSONField()),
                ("typed_at", models.DateTimeField()),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="draft", to="decisions.agendaitem"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision_drafts",
                        to="partnerships.organisation",
                    ),
                ),
                (
                    "typed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["item"],
                "constraints": [
                    models.CheckConstraint(
                        condition=~models.Q(typed={}),
                        name="draft_has_something_typed",
                        violation_error_message="Nothing is typed that could be kept.",
                    )
                ],
            },
        ),
        migrations.RunSQL(SAME_OWNER, WITHOUT),
        protect("decisions_draft"),
    ]
