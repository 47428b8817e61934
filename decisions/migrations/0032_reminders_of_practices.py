"""Whoever sees to it that a practice stops is reminded of it as of an action, once for each day that it is due on."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# In which organisations has somebody to be reminded by a day? Promises, actions and practices are looked at from a week
# before their day.
DUE = """
SELECT due.organisation_id FROM (
  SELECT promise.organisation_id FROM public.decisions_promise AS promise
  WHERE promise.state = 'open' AND promise.due_on <= by_day + 7
  AND NOT EXISTS (SELECT FROM public.decisions_duereminder AS had WHERE had.promise_id = promise.id
    AND had.to_id = promise.owner_id AND had.day = promise.due_on
    AND had.kind = CASE WHEN promise.due_on < by_day THEN 'overdue' ELSE 'before' END)
  UNION
  SELECT decision.organisation_id FROM public.decisions_decision AS decision
  JOIN public.partnerships_participation AS its ON its.id = decision.participation_id AND its.merged_into_id IS NULL
  LEFT JOIN LATERAL (
    SELECT coalesce(review.review_on, review.reviewed_on) AS day FROM public.decisions_review AS review
    WHERE review.decision_id = decision.id ORDER BY review.id DESC LIMIT 1
  ) AS reviewed ON true
  WHERE coalesce(reviewed.day, decision.review_on) <= by_day
  AND (decision.outcome <> 'undone'
  AND NOT EXISTS (SELECT FROM public.decisions_decision AS later WHERE later.supersedes_id = decision.id)
  OR EXISTS (SELECT FROM public.decisions_decision AS undoing WHERE undoing.stands_again_id = decision.id
    AND NOT EXISTS (SELECT FROM public.decisions_decision AS later WHERE later.supersedes_id = undoing.id)))
  AND NOT EXISTS (SELECT FROM public.decisions_duereminder AS had WHERE had.decision_id = decision.id
    AND had.day = coalesce(reviewed.day, decision.review_on))
  UNION
  SELECT letter.organisation_id FROM public.decisions_letter AS letter
  WHERE letter.state IN ('held', 'refused', 'in_doubt', 'returned')
  AND NOT EXISTS (SELECT FROM public.decisions_duereminder AS had WHERE had.letter_id = letter.id
    AND had.taken_on >= (coalesce(letter.returned_at, letter.taken_at, letter.send_after) AT TIME ZONE 'UTC')::date)
  UNION
  SELECT pack.organisation_id FROM public.decisions_kindno AS pack
  JOIN public.decisions_decision AS of_it ON of_it.id = pack.decision_id
  WHERE NOT (of_it.outcome <> 'undone'
  AND NOT EXISTS (SELECT FROM public.decisions_decision AS later WHERE later.supersedes_id = of_it.id)
  OR EXISTS (SELECT FROM public.decisions_decision AS undoing WHERE undoing.stands_again_id = of_it.id
    AND NOT EXISTS (SELECT FROM public.decisions_decision AS later WHERE later.supersedes_id = undoing.id)))
  AND NOT EXISTS (SELECT FROM public.decisions_kindno AS newer
    WHERE newer.participation_id = pack.participation_id AND newer.id > pack.id)
  AND NOT EXISTS (SELECT FROM public.decisions_duereminder AS had WHERE had.kind_no_id = pack.id)
  AND NOT EXISTS (SELECT FROM public.decisions_telling AS told
    WHERE told.kind_no_id = pack.id AND told.told_of = 'changed')
  AND NOT EXISTS (SELECT FROM public.decisions_letter AS letter
    WHERE letter.kind_no_id = pack.id AND letter.state = 'sent' AND letter.kind = 'changed')
  AND (EXISTS (SELECT FROM public.decisions_telling AS told WHERE told.participation_id = pack.participation_id)
    OR EXISTS (SELECT FROM public.decisions_letter AS letter
      WHERE letter.participation_id = pack.participation_id AND letter.state = 'sent'))
  UNION
  SELECT action.organisation_id FROM public.decisions_planaction AS action
  WHERE action.state IN ('planned', 'under_way') AND action.due_on <= by_day + 7
  AND NOT EXISTS (SELECT FROM public.decisions_duereminder AS had WHERE had.action_id = action.id
    AND had.to_id = action.owner_id AND had.day = action.due_on
    AND had.kind = CASE WHEN action.due_on < by_day THEN 'overdue' ELSE 'before' END)
""".strip()
# A practice that is agreed to be stopped by a day, and of which nobody has said that it stopped.
PRACTICES_DUE = """
  UNION
  SELECT practice.organisation_id FROM public.decisions_practice AS practice
  WHERE practice.state = 'proposed' AND practice.stop_by <= by_day + 7
  AND NOT EXISTS (SELECT FROM public.decisions_duereminder AS had WHERE had.practice_id = practice.id
    AND had.to_id = practice.owner_id AND had.day = practice.stop_by
    AND had.kind = CASE WHEN practice.stop_by < by_day THEN 'overdue' ELSE 'before' END)"""
IN_ORDER = "\n) AS due ORDER BY due.organisation_id"


def reminders_due(body):
    return (
        "CREATE OR REPLACE FUNCTION public.decisions_with_reminders_due(by_day date) RETURNS SETOF bigint LANGUAGE sql "
        f"STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$ {body} $body$"
    )


# A reminder and the practice that it is of have the same organisation.
SAME_OWNER = (
    "ALTER TABLE decisions_practice ADD CONSTRAINT practice_with_owner UNIQUE (id, organisation_id)",
    "ALTER TABLE decisions_duereminder ADD CONSTRAINT duereminder_practice_id_same_owner FOREIGN KEY "
    "(practice_id, organisation_id) REFERENCES decisions_practice (id, organisation_id) DEFERRABLE INITIALLY DEFERRED",
)
WITHOUT = (
    "ALTER TABLE decisions_duereminder DROP CONSTRAINT duereminder_practice_id_same_owner",
    "ALTER TABLE decisions_practice DROP CONSTRAINT practice_with_owner",
)
OF = ("action", "decision", "kind_no", "letter", "practice", "promise")


def of(column, *kinds):
    """That a reminder of these kinds is of this, and of nothing else."""
    return models.Q(kind__in=kinds, **{f"{one}__isnull": one != column for one in OF})


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0031_what_is_typed_in_a_meeting"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="duereminder",
            name="practice",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminders",
                to="decisions.practice",
            ),
        ),
        migrations.RemoveConstraint(model_name="duereminder", name="due_reminder_of_one_thing"),
        migrations.AlterField(
            model_name="duereminder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("before", "A week before a promise, an action or the end of a practice is due"),
                    ("overdue", "Once a promise, an action or the end of a practice is overdue"),
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
                condition=of("promise", "before", "overdue")
                | of("action", "before", "overdue")
                | of("practice", "before", "overdue")
                | of("decision", "review")
                | of("letter", "letter")
                | of("kind_no", "changed"),
                name="due_reminder_of_one_thing",
                violation_error_message=(
                    "A reminder is of a promise, an action, a practice, a review, a letter or an old no."
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="duereminder",
            constraint=models.UniqueConstraint(
                fields=("practice", "kind", "day", "to"),
                name="due_reminder_of_practice_once",
                violation_error_message="This person has been reminded of this practice.",
            ),
        ),
        migrations.RunSQL(SAME_OWNER, WITHOUT),
        migrations.RunSQL(reminders_due(f"{DUE}{PRACTICES_DUE}{IN_ORDER}"), reminders_due(f"{DUE}{IN_ORDER}")),
    ]
