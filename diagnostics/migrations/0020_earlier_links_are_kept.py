"""Links that were replaced are kept by their hashes: what was sent in with one can still be withdrawn with it."""

import django.db.models.deletion
from django.db import migrations, models

from partnerships.row_security import protect

NAME = "survey_earlierlink_invitation_id_same_owner"


class Migration(migrations.Migration):
    dependencies = [
        ("diagnostics", "0019_a_link_that_is_handed_out_begins_once"),
        ("partnerships", "0038_taking_part_in_what_is_seen"),
    ]

    operations = [
        migrations.CreateModel(
            name="EarlierLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("link_hash", models.CharField(max_length=64, unique=True)),
                (
                    "link_number",
                    models.PositiveSmallIntegerField(help_text="Its number among the links of its invitation."),
                ),
                (
                    "invitation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="earlier_links",
                        to="diagnostics.invitation",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="survey_earlier_links",
                        to="partnerships.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["invitation", "link_number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("invitation", "link_number"),
                        name="earlier_link_of_each_number",
                        violation_error_message="This link was replaced already. Reload the page.",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            f"ALTER TABLE diagnostics_earlierlink ADD CONSTRAINT {NAME} FOREIGN KEY (invitation_id, organisation_id) "
            "REFERENCES diagnostics_invitation (id, organisation_id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE diagnostics_earlierlink DROP CONSTRAINT {NAME}",
        ),
        protect("diagnostics_earlierlink", link="link_hash"),
    ]
