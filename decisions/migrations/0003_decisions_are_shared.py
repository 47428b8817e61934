"""What was decided is shown to those with whom it is shared, beside the level, and never more than what and when."""

import django.db.models.deletion
from django.db import migrations, models

# Whom a sharing is for, and whether it is in force, the view of levels says. What a meeting decides is shown once it is
# over: until then it may still be undone there and then.
SHARED_DECISIONS = """
CREATE VIEW decisions_shareddecision WITH (security_barrier) AS
SELECT shown.sharing_id, decision.level_name AS level, decision.decided_on, decision.applies_from
FROM partnerships_sharedlevel AS shown
JOIN partnerships_sharing AS sharing ON sharing.id = shown.sharing_id
JOIN decisions_decision AS decision ON decision.participation_id = sharing.participation_id
LEFT JOIN decisions_meeting AS meeting ON meeting.id = decision.meeting_id
WHERE sharing.with_decisions AND decision.outcome <> 'undone'
  AND (meeting.id IS NULL OR meeting.ended_at IS NOT NULL)
  AND NOT EXISTS (SELECT FROM decisions_decision AS later WHERE later.supersedes_id = decision.id)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0002_whose_they_are"),
        ("partnerships", "0034_sharing_what_is_decided"),
    ]

    operations = [
        migrations.CreateModel(
            name="SharedDecision",
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
                ("level", models.CharField(max_length=40)),
                ("decided_on", models.DateField()),
                ("applies_from", models.DateField()),
            ],
            options={"db_table": "decisions_shareddecision", "managed": False},
        ),
        migrations.RunSQL(SHARED_DECISIONS, "DROP VIEW decisions_shareddecision"),
    ]
