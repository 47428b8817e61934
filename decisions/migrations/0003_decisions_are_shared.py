"""What was decided is shown to those with whom it is shared, beside the level, and never more than what and when."""

import django.db.models.deletion
from django.db import migrations, models

# Whom a sharing is for, and whether it is in force, the view of levels says. What a meeting decides is shown once it is
# over, since until then it may be undone there and then; what was decided before stays in sight until that.
SHARED_DECISIONS = """
CREATE VIEW decisions_shareddecision WITH (security_barrier) AS
SELECT shown.sharing_id, decision.level_name AS level, decision.decided_on, decision.applies_from
FROM partnerships_sharedlevel AS shown
JOIN partnerships_sharing AS sharing ON sharing.id = shown.sharing_id
JOIN LATERAL (
  SELECT line.level_name, line.decided_on, line.applies_from, line.outcome
  FROM decisions_decision AS line
  LEFT JOIN decisions_meeting AS meeting ON meeting.id = line.meeting_id
  WHERE line.participation_id = sharing.participation_id AND (meeting.id IS NULL OR meeting.ended_at IS NOT NULL)
  ORDER BY line.id DESC LIMIT 1
) AS decision ON decision.outcome <> 'undone'
WHERE sharing.with_decisions
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
