"""What an organisation shows of its participations to others, and the one view through which they see it.

The view reads with the rights of its owner, so it alone decides who sees what: the level of an active participation,
by those for whom the sharing is, while it is in force. Its conditions read for whom the statement acts, as the policies
of ``partnerships.row_security`` do.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from partnerships.row_security import protect

ACTING_FOR = (
    "ANY ((SELECT string_to_array(NULLIF(current_setting('triage.organisations', true), ''), ',')::bigint[])::bigint[])"
)
# A member is an organisation that is one now, or one whose unit is.
SHARED_LEVELS = """
CREATE VIEW partnerships_sharedlevel WITH (security_barrier) AS
SELECT sharing.id AS sharing_id, sharing.organisation_id, participation.partnership_id, sharing.audience,
       sharing.system_id, sharing.shared_at, level.name AS level, level.share_of_value AS commitment
FROM partnerships_sharing AS sharing
JOIN partnerships_participation AS participation ON participation.id = sharing.participation_id
JOIN partnerships_engagementlevel AS level ON level.id = participation.level_id
WHERE sharing.withdrawn_at IS NULL
  AND participation.state = 'active'
  AND (
    (sharing.audience = 'system' AND sharing.system_id = $acting)
    OR (sharing.audience = 'members' AND EXISTS (
      SELECT FROM partnerships_partnershipmembership AS membership
      JOIN partnerships_organisation AS member ON member.id = membership.organisation_id
      WHERE membership.partnership_id = participation.partnership_id
        AND (membership.left_on IS NULL OR membership.left_on > current_date)
        AND (member.id = $acting OR member.parent_id = $acting)
    ))
  )
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0017_the_last_administrator_stays"),
    ]

    operations = [
        migrations.CreateModel(
            name="Sharing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("members", "The partnership’s other members"),
                            ("system", "The integrated care board"),
                        ],
                        max_length=8,
                    ),
                ),
                ("shared_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sharings",
                        to="partnerships.organisation",
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sharings",
                        to="partnerships.participation",
                    ),
                ),
                (
                    "shared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        blank=True,
                        help_text="The integrated care board that may see it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partnerships.organisation",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["organisation", "participation", "shared_at"],
            },
        ),
        migrations.CreateModel(
            name="SharedLevel",
            fields=[
                (
                    "sharing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="partnerships.sharing",
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("members", "The partnership’s other members"),
                            ("system", "The integrated care board"),
                        ],
                        max_length=8,
                    ),
                ),
                ("shared_at", models.DateTimeField()),
                ("level", models.CharField(max_length=60)),
                ("commitment", models.DecimalField(decimal_places=3, max_digits=4)),
            ],
            options={
                "db_table": "partnerships_sharedlevel",
                "managed": False,
            },
        ),
        migrations.AddConstraint(
            model_name="sharing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("participation", "audience"),
                name="sharing_once_in_force",
                violation_error_message="This partnership is already shared with them.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharing",
            constraint=models.CheckConstraint(
                condition=models.Q(("audience__in", ["members", "system"])),
                name="sharing_audience_is_known",
                violation_error_message="Choose with whom to share from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("audience", "system"), ("system__isnull", False)),
                    models.Q(models.Q(("audience", "system"), _negated=True), ("system__isnull", True)),
                    _connector="OR",
                ),
                name="sharing_with_a_system_names_it",
                violation_error_message="Name the integrated care board when you share with it, and only then.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="sharing_withdrawn_by_and_at",
                violation_error_message="Record both who withdrew it and when, or neither.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True), ("withdrawn_at__gte", models.F("shared_at")), _connector="OR"
                ),
                name="sharing_withdrawn_after_it_was_shared",
                violation_error_message="It cannot be withdrawn before it was shared.",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE partnerships_sharing ADD CONSTRAINT sharing_participation_id_same_owner "
            "FOREIGN KEY (participation_id, organisation_id) "
            "REFERENCES partnerships_participation (id, organisation_id) DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE partnerships_sharing DROP CONSTRAINT sharing_participation_id_same_owner",
        ),
        protect("partnerships_sharing"),
        migrations.RunSQL(SHARED_LEVELS.replace("$acting", ACTING_FOR), "DROP VIEW partnerships_sharedlevel"),
    ]
