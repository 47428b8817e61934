"""Whoever sees to an action of the plan is reminded of it as of a promise, once for each day that it is due on."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

EARLIER = import_module("decisions.migrations.0021_the_whole_of_a_kind_no").REMINDERS_DUE.strip()
# An action is looked at from a week before its day, as a promise is.
ACTIONS_DUE = """  UNION
  SELECT action.organisation_id FROM public.decisions_planaction AS action
  WHERE action.state IN ('planned', 'under_way') AND action.due_on <= by_day + 7
  AND NOT EXISTS (SELECT FROM public.decisions_duereminder AS had WHERE had.action_id = action.id
    AND had.to_id = action.owner_id AND had.day = action.due_on
    AND had.kind = CASE WHEN action.due_on < by_day THEN 'overdue' ELSE 'before' END)
) AS due ORDER BY"""
NOW = EARLIER.replace(") AS due ORDER BY", ACTIONS_DUE)


def reminders_due(body):
    return (
        "CREATE OR REPLACE FUNCTION public.decisions_with_reminders_due(by_day date) RETURNS SETOF bigint LANGUAGE sql "
        f"STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$ {body} $body$"
    )


# A reminder and the action that it is of have the same organisation.
SAME_OWNER = (
    "ALTER TABLE decisions_planaction ADD CONSTRAINT planaction_with_owner UNIQUE (id, organisation_id)",
    "ALTER TABLE decisions_duereminder ADD CONSTRAINT duereminder_action_id_same_owner FOREIGN KEY "
    "(action_id, organisation_id) REFERENCES decisions_planaction (id, organisation_id) DEFERRABLE INITIALLY DEFERRED",
)
WITHOUT = (
    "ALTER TABLE decisions_duereminder DROP CONSTRAINT duereminder_action_id_same_owner",
    "ALTER TABLE decisions_planaction DROP CONSTRAINT planaction_with_owner",
)


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0021_the_whole_of_a_kind_no"),
        ("partnerships", "0042_whose_days_are_set_aside"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="duereminder",
            name="action",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminders",
                to="decisions.planaction",
            ),
        ),
        migrations.RemoveConstraint(model_name="duereminder", name="due_reminder_of_one_thing"),
        migrations.AlterField(
            model_name="duereminder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("before", "A week before a promise or an action is due"),
                    ("overdue", "Once a promise or an action is overdue"),
                    ("review", "When a decision is to be looked at again"),
                    ("letter", "When a letter to a partner reaches nobody"),
                    ("changed", "When a partner still holds a no that is none any more"),
                ],
                max_length=7,
            ),
        ),
        migrations.AddConstraint(
            model_name="duereminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("action__isnull", True),
                        ("decision__isnull", True),
                        ("kind__in", ("before", "overdue")),
                        ("kind_no__isnull", True),
                        ("letter__isnull", True),
                        ("promise__isnull", False),
                    ),
                    models.Q(
                        ("action__isnull", False),
                        ("decision__isnull", True),
                        ("kind__in", ("before", "overdue")),
                        ("kind_no__isnull", True),
                        ("letter__isnull", True),
                        ("promise__isnull", True),
                    ),
                    models.Q(
                        ("action__isnull", True),
                        ("decision__isnull", False),
                        ("kind__in", ("review",)),
                        ("kind_no__isnull", True),
                        ("letter__isnull", True),
                        ("promise__isnull", True),
                    ),
                    models.Q(
                        ("action__isnull", True),
                        ("decision__isnull", True),
                        ("kind__in", ("letter",)),
                        ("kind_no__isnull", True),
                        ("letter__isnull", False),
                        ("promise__isnull", True),
                    ),
                    models.Q(
                        ("action__isnull", True),
                        ("decision__isnull", True),
                        ("kind__in", ("changed",)),
                        ("kind_no__isnull", False),
                        ("letter__isnull", True),
                        ("promise__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="due_reminder_of_one_thing",
                violation_error_message="A reminder is of a promise, an action, a review, a letter or an old no.",
            ),
        ),
        migrations.AddConstraint(
            model_name="duereminder",
            constraint=models.UniqueConstraint(
                fields=("action", "kind", "day", "to"),
                name="due_reminder_of_action_once",
                violation_error_message="This person has been reminded of this action.",
            ),
        ),
        migrations.RunSQL(SAME_OWNER, WITHOUT),
        migrations.RunSQL(reminders_due(NOW), reminders_due(EARLIER)),
    ]
