"""Reminders of promises and reviews, each once for the day that it is about."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from partnerships.row_security import gives_out_ids, protect

# In which organisations has somebody to be reminded by a day? A promise is looked at from a week before its day, and a
# decision from the day to look again, which the last review says, else the decision. Whom it is for is found later.
REMINDERS_DUE = """
SELECT due.organisation_id FROM (
  SELECT promise.organisation_id FROM public.decisions_promise AS promise
  WHERE promise.state = 'open' AND promise.due_on <= by_day + 7
  AND NOT EXISTS (SELECT FROM public.decisions_duereminder AS had WHERE had.promise_id = promise.id
    AND had.to_id = promise.owner_id AND had.day = promise.due_on
    AND had.kind = CASE WHEN promise.due_on < by_day THEN 'overdue' ELSE 'before' END)
  UNION
  SELECT decision.organisation_id FROM public.decisions_decision AS decision
  LEFT JOIN LATERAL (
    SELECT coalesce(review.review_on, review.reviewed_on) AS day FROM public.decisions_review AS review
    WHERE review.decision_id = decision.id ORDER BY review.id DESC LIMIT 1
  ) AS reviewed ON true
  WHERE decision.outcome <> 'undone' AND coalesce(reviewed.day, decision.review_on) <= by_day
  AND NOT EXISTS (SELECT FROM public.decisions_decision AS later WHERE later.supersedes_id = decision.id)
  AND NOT EXISTS (SELECT FROM public.decisions_duereminder AS had WHERE had.decision_id = decision.id
    AND had.day = coalesce(reviewed.day, decision.review_on))
) AS due ORDER BY due.organisation_id
"""
# child table, column that names the parent, parent table; both have the same organisation
SAME_OWNER = [
    ("duereminder", "promise_id", "decisions_promise"),
    ("duereminder", "decision_id", "decisions_decision"),
]


def whose_they_are():
    """Reminders are seen by their organisation only, and belong to what they are about."""
    yield migrations.RunSQL(
        "ALTER TABLE decisions_promise ADD CONSTRAINT promise_with_owner UNIQUE (id, organisation_id)",
        "ALTER TABLE decisions_promise DROP CONSTRAINT promise_with_owner",
    )
    for child, column, parent in SAME_OWNER:
        name = f"{child}_{column}_same_owner"
        yield migrations.RunSQL(
            f"ALTER TABLE decisions_{child} ADD CONSTRAINT {name} FOREIGN KEY ({column}, organisation_id) "
            f"REFERENCES {parent} (id, organisation_id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE decisions_{child} DROP CONSTRAINT {name}",
        )
    yield protect("decisions_duereminder")
    yield gives_out_ids("decisions_with_reminders_due(by_day date)", "SETOF bigint", REMINDERS_DUE.strip())


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0005_reviews"),
        ("partnerships", "0034_sharing_what_is_decided"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DueReminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("before", "A week before a promise is due"),
                            ("overdue", "Once a promise is overdue"),
                            ("review", "When a decision is to be looked at again"),
                        ],
                        max_length=7,
                    ),
                ),
                ("day", models.DateField(help_text="When it was due, or to be looked at again.")),
                ("taken_on", models.DateField()),
                ("sent", models.BooleanField(default=False)),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="decisions.decision",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="due_reminders",
                        to="partnerships.organisation",
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="decisions.promise",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["taken_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("promise", "kind", "day", "to"),
                        name="due_reminder_of_promise_once",
                        violation_error_message="This person has been reminded of this promise.",
                    ),
                    models.UniqueConstraint(
                        fields=("decision", "day", "to"),
                        name="due_reminder_of_review_once",
                        violation_error_message="This person has been reminded of this review.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["before", "overdue", "review"])),
                        name="due_reminder_kind_is_known",
                        violation_error_message="Choose a reminder from the list.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision__isnull", False), ("kind", "review"), ("promise__isnull", True)),
                            models.Q(
                                models.Q(("kind", "review"), _negated=True),
                                ("decision__isnull", True),
                                ("promise__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="due_reminder_of_one_thing",
                        violation_error_message="A reminder is of a promise or of a review.",
                    ),
                ],
            },
        ),
        *whose_they_are(),
    ]
