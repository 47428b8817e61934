"""Where a decision is undone the one before it stands again, and what an open meeting decided holds once its day is over.

What looks over decisions learns both: whose levels take effect, who is to be reminded, and what others are shown. Of a
record that is merged into another nobody is reminded. Lines that undid a decision before this let none stand again, as
they said then.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

from partnerships.row_security import with_parts

SHARED_BEFORE = import_module("decisions.migrations.0003_decisions_are_shared").SHARED_DECISIONS
REMINDERS_BEFORE = import_module("decisions.migrations.0006_reminders_of_what_is_due").REMINDERS_DUE

# Whether a decision counts: it is the last of its chain, or the last line undid another and lets it stand again.
COUNTS = """
({line}.outcome <> 'undone'
  AND NOT EXISTS (SELECT FROM public.decisions_decision AS later WHERE later.supersedes_id = {line}.id)
  OR EXISTS (SELECT FROM public.decisions_decision AS undoing WHERE undoing.stands_again_id = {line}.id
    AND NOT EXISTS (SELECT FROM public.decisions_decision AS later WHERE later.supersedes_id = undoing.id)))
"""
# What a meeting that nobody ended decided on an earlier day is not taken back there and then any more.
DAY_OF = "({line}.recorded_at AT TIME ZONE 'Europe/London')::date"

# Whose decisions begin to hold on a day, and who has not put them into effect?
EFFECTS_DUE = with_parts(
    """
SELECT DISTINCT due.organisation_id FROM public.decisions_decision AS due WHERE due.applies_from <= day
AND NOT EXISTS (SELECT FROM public.decisions_takeneffect AS taken WHERE taken.decision_id = due.id)
AND NOT EXISTS (SELECT FROM public.decisions_meeting AS held WHERE held.id = due.meeting_id
  AND held.ended_at IS NULL AND {day_of} >= day)
AND {counts}
ORDER BY due.organisation_id
""",
    counts=COUNTS.format(line="due").strip(),
    day_of=DAY_OF.format(line="due"),
)
EFFECTS_BEFORE = (
    "SELECT DISTINCT due.organisation_id FROM public.decisions_decision AS due WHERE due.applies_from <= day "
    "AND due.outcome <> 'undone' "
    "AND NOT EXISTS (SELECT FROM public.decisions_takeneffect AS taken WHERE taken.decision_id = due.id) "
    "AND NOT EXISTS (SELECT FROM public.decisions_meeting AS held WHERE held.id = due.meeting_id "
    "AND held.ended_at IS NULL) "
    "AND NOT EXISTS (SELECT FROM public.decisions_decision AS later WHERE later.supersedes_id = due.id) "
    "ORDER BY due.organisation_id"
)

REMINDERS_DUE = with_parts(
    """
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
  AND {counts}
  AND NOT EXISTS (SELECT FROM public.decisions_duereminder AS had WHERE had.decision_id = decision.id
    AND had.day = coalesce(reviewed.day, decision.review_on))
) AS due ORDER BY due.organisation_id
""",
    counts=COUNTS.format(line="decision").strip(),
)

OVER = "(meeting.id IS NULL OR meeting.ended_at IS NOT NULL OR {day} < (now() AT TIME ZONE 'Europe/London')::date)"
SHARED_DECISIONS = with_parts(
    """
CREATE OR REPLACE VIEW decisions_shareddecision WITH (security_barrier) AS
SELECT shown.sharing_id, decision.level_name AS level, decision.decided_on, decision.applies_from
FROM partnerships_sharedlevel AS shown
JOIN partnerships_sharing AS sharing ON sharing.id = shown.sharing_id
JOIN LATERAL (
  SELECT CASE line.outcome WHEN 'undone' THEN line.stands_again_id ELSE line.id END AS counts
  FROM decisions_decision AS line
  LEFT JOIN decisions_meeting AS meeting ON meeting.id = line.meeting_id
  WHERE line.participation_id = sharing.participation_id AND {line_is_over}
  ORDER BY line.id DESC LIMIT 1
) AS last ON true
JOIN decisions_decision AS decision ON decision.id = last.counts
LEFT JOIN decisions_meeting AS meeting ON meeting.id = decision.meeting_id
WHERE sharing.with_decisions AND {decision_is_over}
""",
    line_is_over=OVER.format(day=DAY_OF.format(line="line")),
    decision_is_over=OVER.format(day=DAY_OF.format(line="decision")),
)


def another_body(signature, after, before):
    """What the function that gives out ids of organisations looks for; who may call it stays."""
    head = (
        f"CREATE OR REPLACE FUNCTION public.{signature} RETURNS SETOF bigint LANGUAGE sql STABLE "
        "SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$ {body} $body$"
    )
    return migrations.RunSQL(head.format(body=after.strip()), head.format(body=before.strip()))


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0014_days_of_actions_are_found"),
        ("partnerships", "0042_whose_days_are_set_aside"),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="stands_again",
            field=models.ForeignKey(
                blank=True,
                help_text="Of a line that undoes: the decision that counts from then on, if there was one before.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines_that_let_it_stand",
                to="decisions.decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("stands_again__isnull", True), ("outcome", "undone"), _connector="OR"),
                name="decision_stands_again_by_undoing",
                violation_error_message="An earlier decision stands again only where a later one is undone.",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE decisions_decision ADD CONSTRAINT decision_stands_again_same_partnership "
            "FOREIGN KEY (stands_again_id, participation_id) REFERENCES decisions_decision (id, participation_id) "
            "DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE decisions_decision DROP CONSTRAINT decision_stands_again_same_partnership",
        ),
        another_body("decisions_with_effects_due(day date)", EFFECTS_DUE, EFFECTS_BEFORE),
        another_body("decisions_with_reminders_due(by_day date)", REMINDERS_DUE, REMINDERS_BEFORE),
        migrations.RunSQL(SHARED_DECISIONS, SHARED_BEFORE.replace("CREATE VIEW", "CREATE OR REPLACE VIEW")),
    ]
