"""A no says why, in words for the partner; a letter may be followed by another and may come back; whoever holds a no that
is none any more is told; a promise says whether it was made to somebody else; and people are reminded of all that.
"""

from importlib import import_module

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import partnerships.recording
from partnerships.row_security import gives_out_ids, with_parts

# Every letter so far says the no of its pack.
KINDS = """
    UPDATE decisions_letter AS letter SET kind = pack.kind
    FROM decisions_kindno AS pack WHERE pack.id = letter.kind_no_id
"""

# As before (0015), and in which organisations does a letter reach nobody, or a partner hold a no that counts no more?
# Whether what counts now is a no is found later.
BEFORE = import_module("decisions.migrations.0015_an_earlier_decision_stands_again")
REMINDERS_DUE_BEFORE = BEFORE.REMINDERS_DUE
LETTERS_AND_CHANGES = with_parts(
    """
  UNION
  SELECT letter.organisation_id FROM public.decisions_letter AS letter
  WHERE letter.state IN ('held', 'refused', 'in_doubt', 'returned')
  AND NOT EXISTS (SELECT FROM public.decisions_duereminder AS had WHERE had.letter_id = letter.id
    AND had.taken_on >= (coalesce(letter.returned_at, letter.taken_at, letter.send_after) AT TIME ZONE 'UTC')::date)
  UNION
  SELECT pack.organisation_id FROM public.decisions_kindno AS pack
  JOIN public.decisions_decision AS of_it ON of_it.id = pack.decision_id
  WHERE NOT {counts}
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
) AS due""",
    counts=BEFORE.COUNTS.format(line="of_it").strip(),
)
REMINDERS_DUE = REMINDERS_DUE_BEFORE.replace("\n) AS due", LETTERS_AND_CHANGES)
SIGNATURE = "decisions_with_reminders_due(by_day date)"

# child table, column that names the parent, parent table, what both have the same of
SAME = [
    ("letter", "follows_id", "decisions_letter", "kind_no_id"),
    ("letter", "follows_id", "decisions_letter", "organisation_id"),
    ("duereminder", "letter_id", "decisions_letter", "organisation_id"),
    ("duereminder", "kind_no_id", "decisions_kindno", "organisation_id"),
]


def belonging():
    """A letter follows one of its own pack, and a reminder is about what its organisation has."""
    for name, column in (("pack", "kind_no_id"), ("owner", "organisation_id")):
        yield migrations.RunSQL(
            f"ALTER TABLE decisions_letter ADD CONSTRAINT letter_with_{name} UNIQUE (id, {column})",
            f"ALTER TABLE decisions_letter DROP CONSTRAINT letter_with_{name}",
        )
    for child, column, parent, same in SAME:
        name = f"{child}_{column}_same_{'owner' if same == 'organisation_id' else 'pack'}"
        yield migrations.RunSQL(
            f"ALTER TABLE decisions_{child} ADD CONSTRAINT {name} FOREIGN KEY ({column}, {same}) "
            f"REFERENCES {parent} (id, {same}) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE decisions_{child} DROP CONSTRAINT {name}",
        )


def reminders_due(body):
    """The function with another body; who may call it stays as it is."""
    return gives_out_ids(SIGNATURE, "SETOF bigint", body.strip()).sql[0].replace("CREATE", "CREATE OR REPLACE", 1)


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0020_letters_leave_under_the_last_word"),
        ("partnerships", "0042_whose_days_are_set_aside"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="kindno",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="kindno",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="kindno",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="letter",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="letter",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="letter",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="promise",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="promise",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="promise",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="telling",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="telling",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="telling",
            name="delete_delete",
        ),
        migrations.RemoveConstraint(
            model_name="duereminder",
            name="due_reminder_kind_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="duereminder",
            name="due_reminder_of_one_thing",
        ),
        migrations.RemoveConstraint(
            model_name="kindno",
            name="kind_no_kind_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="letter",
            name="letter_state_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="letter",
            name="letter_taken_once",
        ),
        migrations.RemoveConstraint(
            model_name="letter",
            name="letter_sent_has_a_time",
        ),
        migrations.RemoveConstraint(
            model_name="lettertemplate",
            name="letter_template_kind_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="telling",
            name="telling_once",
        ),
        migrations.AddField(
            model_name="duereminder",
            name="kind_no",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminders",
                to="decisions.kindno",
            ),
        ),
        migrations.AddField(
            model_name="duereminder",
            name="letter",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminders",
                to="decisions.letter",
            ),
        ),
        migrations.AddField(
            model_name="kindno",
            name="reason",
            field=models.TextField(blank=True, verbose_name="why, in words the partner may read"),
        ),
        migrations.AddField(
            model_name="kindnoevent",
            name="reason",
            field=models.TextField(blank=True, verbose_name="why, in words the partner may read"),
        ),
        migrations.AddField(
            model_name="letter",
            name="follows",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followed_by",
                to="decisions.letter",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="kind",
            field=models.CharField(
                choices=[
                    ("decline", "Decline an invitation"),
                    ("leave", "Leave"),
                    ("step-down", "Step down"),
                    ("corrected", "Correct a letter that was sent"),
                    ("changed", "Say that we have changed our mind"),
                ],
                default="decline",
                max_length=9,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="letter",
            name="mail_number",
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name="letter",
            name="returned_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="came back"),
        ),
        migrations.AddField(
            model_name="letter",
            name="server_said",
            field=models.CharField(blank=True, max_length=200, verbose_name="what the mail server said"),
        ),
        migrations.AddField(
            model_name="letterevent",
            name="follows",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="decisions.letter",
            ),
        ),
        migrations.AddField(
            model_name="letterevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("decline", "Decline an invitation"),
                    ("leave", "Leave"),
                    ("step-down", "Step down"),
                    ("corrected", "Correct a letter that was sent"),
                    ("changed", "Say that we have changed our mind"),
                ],
                default="",
                max_length=9,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="letterevent",
            name="mail_number",
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name="letterevent",
            name="returned_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="came back"),
        ),
        migrations.AddField(
            model_name="letterevent",
            name="server_said",
            field=models.CharField(blank=True, max_length=200, verbose_name="what the mail server said"),
        ),
        migrations.AddField(
            model_name="promise",
            name="to_others",
            field=models.BooleanField(default=False, verbose_name="made to somebody else than the partners"),
        ),
        migrations.AddField(
            model_name="promiseevent",
            name="to_others",
            field=models.BooleanField(default=False, verbose_name="made to somebody else than the partners"),
        ),
        migrations.AddField(
            model_name="telling",
            name="told_of",
            field=models.CharField(
                choices=[("no", "Our no"), ("changed", "That we have changed our mind")],
                default="no",
                max_length=7,
                verbose_name="what they were told",
            ),
        ),
        migrations.AddField(
            model_name="tellingevent",
            name="told_of",
            field=models.CharField(
                choices=[("no", "Our no"), ("changed", "That we have changed our mind")],
                default="no",
                max_length=7,
                verbose_name="what they were told",
            ),
        ),
        migrations.AlterField(
            model_name="duereminder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("before", "A week before a promise is due"),
                    ("overdue", "Once a promise is overdue"),
                    ("review", "When a decision is to be looked at again"),
                    ("letter", "When a letter to a partner reaches nobody"),
                    ("changed", "When a partner still holds a no that is none any more"),
                ],
                max_length=7,
            ),
        ),
        migrations.AlterField(
            model_name="kindno",
            name="kind",
            field=models.CharField(
                choices=[("decline", "Decline an invitation"), ("leave", "Leave"), ("step-down", "Step down")],
                max_length=9,
            ),
        ),
        migrations.AlterField(
            model_name="kindnoevent",
            name="kind",
            field=models.CharField(
                choices=[("decline", "Decline an invitation"), ("leave", "Leave"), ("step-down", "Step down")],
                max_length=9,
            ),
        ),
        migrations.AlterField(
            model_name="letter",
            name="kind_no",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="decisions.kindno"
            ),
        ),
        migrations.AlterField(
            model_name="letter",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("waiting", "Waiting to leave"),
                    ("held", "Held back"),
                    ("taken", "Being sent"),
                    ("sent", "Sent"),
                    ("refused", "Not taken by the mail server"),
                    ("in_doubt", "In doubt whether it left"),
                    ("returned", "Came back"),
                ],
                default="draft",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="letterevent",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("waiting", "Waiting to leave"),
                    ("held", "Held back"),
                    ("taken", "Being sent"),
                    ("sent", "Sent"),
                    ("refused", "Not taken by the mail server"),
                    ("in_doubt", "In doubt whether it left"),
                    ("returned", "Came back"),
                ],
                default="draft",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="lettertemplate",
            name="kind",
            field=models.CharField(
                choices=[
                    ("decline", "Decline an invitation"),
                    ("leave", "Leave"),
                    ("step-down", "Step down"),
                    ("corrected", "Correct a letter that was sent"),
                    ("changed", "Say that we have changed our mind"),
                ],
                max_length=9,
            ),
        ),
        migrations.AlterField(
            model_name="lettertemplateevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("decline", "Decline an invitation"),
                    ("leave", "Leave"),
                    ("step-down", "Step down"),
                    ("corrected", "Correct a letter that was sent"),
                    ("changed", "Say that we have changed our mind"),
                ],
                max_length=9,
            ),
        ),
        migrations.RunSQL(KINDS, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="kindno",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_kindnoevent" ("begun_at", "begun_by_id", "continues", "decision_id", "harm", "id", "kind", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "stay_in_touch", "what_would_change", "who_else") VALUES (NEW."begun_at", NEW."begun_by_id", NEW."continues", NEW."decision_id", NEW."harm", NEW."id", NEW."kind", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."reason", NEW."stay_in_touch", NEW."what_would_change", NEW."who_else"); RETURN NULL;',
                    hash="1e1defa638597398aa2e71cf4e19c556c4e87216",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_653ac",
                    table="decisions_kindno",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="kindno",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."participation_id" IS DISTINCT FROM NEW."participation_id" OR OLD."reason" IS DISTINCT FROM NEW."reason" OR OLD."continues" IS DISTINCT FROM NEW."continues" OR OLD."who_else" IS DISTINCT FROM NEW."who_else" OR OLD."what_would_change" IS DISTINCT FROM NEW."what_would_change" OR OLD."stay_in_touch" IS DISTINCT FROM NEW."stay_in_touch" OR OLD."harm" IS DISTINCT FROM NEW."harm"))',
                    func='INSERT INTO public."decisions_kindnoevent" ("begun_at", "begun_by_id", "continues", "decision_id", "harm", "id", "kind", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "stay_in_touch", "what_would_change", "who_else") VALUES (NEW."begun_at", NEW."begun_by_id", NEW."continues", NEW."decision_id", NEW."harm", NEW."id", NEW."kind", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."reason", NEW."stay_in_touch", NEW."what_would_change", NEW."who_else"); RETURN NULL;',
                    hash="fff68f87c15058f3db17a0f128ac3e7b08e90845",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a2ebb",
                    table="decisions_kindno",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="kindno",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_kindnoevent" ("begun_at", "begun_by_id", "continues", "decision_id", "harm", "id", "kind", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "stay_in_touch", "what_would_change", "who_else") VALUES (OLD."begun_at", OLD."begun_by_id", OLD."continues", OLD."decision_id", OLD."harm", OLD."id", OLD."kind", OLD."organisation_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."reason", OLD."stay_in_touch", OLD."what_would_change", OLD."who_else"); RETURN NULL;',
                    hash="3336bedbfe3379941d23e6076d3d5bd74a41a590",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_92b71",
                    table="decisions_kindno",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="letter",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_letterevent" ("address", "although_left", "asked_at", "asked_by_id", "body", "email", "follows_id", "held_because", "id", "kind", "kind_no_id", "last_word_id", "mail_number", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recipient_id", "recipient_name", "returned_at", "send_after", "sent_at", "server_said", "state", "subject", "taken_at", "trouble") VALUES (NEW."address", NEW."although_left", NEW."asked_at", NEW."asked_by_id", NEW."body", NEW."email", NEW."follows_id", NEW."held_because", NEW."id", NEW."kind", NEW."kind_no_id", NEW."last_word_id", NEW."mail_number", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."recipient_id", NEW."recipient_name", NEW."returned_at", NEW."send_after", NEW."sent_at", NEW."server_said", NEW."state", NEW."subject", NEW."taken_at", NEW."trouble"); RETURN NULL;',
                    hash="3ce571a659fb66d34ea331d54bb83eb8b14a0ee5",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_46158",
                    table="decisions_letter",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="letter",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."participation_id" IS DISTINCT FROM NEW."participation_id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."recipient_id" IS DISTINCT FROM NEW."recipient_id" OR OLD."recipient_name" IS DISTINCT FROM NEW."recipient_name" OR OLD."email" IS DISTINCT FROM NEW."email" OR OLD."address" IS DISTINCT FROM NEW."address" OR OLD."subject" IS DISTINCT FROM NEW."subject" OR OLD."body" IS DISTINCT FROM NEW."body" OR OLD."asked_by_id" IS DISTINCT FROM NEW."asked_by_id" OR OLD."server_said" IS DISTINCT FROM NEW."server_said" OR OLD."held_because" IS DISTINCT FROM NEW."held_because" OR OLD."trouble" IS DISTINCT FROM NEW."trouble" OR OLD."although_left" IS DISTINCT FROM NEW."although_left"))',
                    func='INSERT INTO public."decisions_letterevent" ("address", "although_left", "asked_at", "asked_by_id", "body", "email", "follows_id", "held_because", "id", "kind", "kind_no_id", "last_word_id", "mail_number", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recipient_id", "recipient_name", "returned_at", "send_after", "sent_at", "server_said", "state", "subject", "taken_at", "trouble") VALUES (NEW."address", NEW."although_left", NEW."asked_at", NEW."asked_by_id", NEW."body", NEW."email", NEW."follows_id", NEW."held_because", NEW."id", NEW."kind", NEW."kind_no_id", NEW."last_word_id", NEW."mail_number", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."recipient_id", NEW."recipient_name", NEW."returned_at", NEW."send_after", NEW."sent_at", NEW."server_said", NEW."state", NEW."subject", NEW."taken_at", NEW."trouble"); RETURN NULL;',
                    hash="a3dbe430337a6c26cd1010b4427bf8a9da218af4",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d7214",
                    table="decisions_letter",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="letter",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_letterevent" ("address", "although_left", "asked_at", "asked_by_id", "body", "email", "follows_id", "held_because", "id", "kind", "kind_no_id", "last_word_id", "mail_number", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recipient_id", "recipient_name", "returned_at", "send_after", "sent_at", "server_said", "state", "subject", "taken_at", "trouble") VALUES (OLD."address", OLD."although_left", OLD."asked_at", OLD."asked_by_id", OLD."body", OLD."email", OLD."follows_id", OLD."held_because", OLD."id", OLD."kind", OLD."kind_no_id", OLD."last_word_id", OLD."mail_number", OLD."organisation_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."recipient_id", OLD."recipient_name", OLD."returned_at", OLD."send_after", OLD."sent_at", OLD."server_said", OLD."state", OLD."subject", OLD."taken_at", OLD."trouble"); RETURN NULL;',
                    hash="346fcbb54144335985d3a2e740da8d647bfea515",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b1547",
                    table="decisions_letter",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="promise",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_promiseevent" ("closed_by_id", "closed_on", "decision_id", "due_on", "evidence", "id", "made_on", "made_to", "organisation_id", "owner_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "state", "to_others", "what", "why") VALUES (NEW."closed_by_id", NEW."closed_on", NEW."decision_id", NEW."due_on", NEW."evidence", NEW."id", NEW."made_on", NEW."made_to", NEW."organisation_id", NEW."owner_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."state", NEW."to_others", NEW."what", NEW."why"); RETURN NULL;',
                    hash="d222e29f92f784c177aaa624c0d844708cc42ce0",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d3f56",
                    table="decisions_promise",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="promise",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."participation_id" IS DISTINCT FROM NEW."participation_id" OR OLD."what" IS DISTINCT FROM NEW."what" OR OLD."made_to" IS DISTINCT FROM NEW."made_to" OR OLD."to_others" IS DISTINCT FROM NEW."to_others" OR OLD."owner_id" IS DISTINCT FROM NEW."owner_id" OR OLD."due_on" IS DISTINCT FROM NEW."due_on" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."evidence" IS DISTINCT FROM NEW."evidence" OR OLD."why" IS DISTINCT FROM NEW."why" OR OLD."closed_on" IS DISTINCT FROM NEW."closed_on"))',
                    func='INSERT INTO public."decisions_promiseevent" ("closed_by_id", "closed_on", "decision_id", "due_on", "evidence", "id", "made_on", "made_to", "organisation_id", "owner_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "state", "to_others", "what", "why") VALUES (NEW."closed_by_id", NEW."closed_on", NEW."decision_id", NEW."due_on", NEW."evidence", NEW."id", NEW."made_on", NEW."made_to", NEW."organisation_id", NEW."owner_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."state", NEW."to_others", NEW."what", NEW."why"); RETURN NULL;',
                    hash="96e345c78f329d6a750f56f51a0221843922b1ed",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c8f6a",
                    table="decisions_promise",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="promise",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_promiseevent" ("closed_by_id", "closed_on", "decision_id", "due_on", "evidence", "id", "made_on", "made_to", "organisation_id", "owner_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "state", "to_others", "what", "why") VALUES (OLD."closed_by_id", OLD."closed_on", OLD."decision_id", OLD."due_on", OLD."evidence", OLD."id", OLD."made_on", OLD."made_to", OLD."organisation_id", OLD."owner_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."state", OLD."to_others", OLD."what", OLD."why"); RETURN NULL;',
                    hash="2607d369a0551b870a1fc944397e76283ba5742b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9d30d",
                    table="decisions_promise",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="telling",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_tellingevent" ("how", "id", "kind_no_id", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "told_of", "told_on", "who", "whom") VALUES (NEW."how", NEW."id", NEW."kind_no_id", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."told_of", NEW."told_on", NEW."who", NEW."whom"); RETURN NULL;',
                    hash="bcad5cf49182f06c2c6a6b3a90955005844c591a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_35b1d",
                    table="decisions_telling",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="telling",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."participation_id" IS DISTINCT FROM NEW."participation_id" OR OLD."kind_no_id" IS DISTINCT FROM NEW."kind_no_id" OR OLD."who" IS DISTINCT FROM NEW."who" OR OLD."whom" IS DISTINCT FROM NEW."whom" OR OLD."how" IS DISTINCT FROM NEW."how" OR OLD."told_on" IS DISTINCT FROM NEW."told_on" OR OLD."told_of" IS DISTINCT FROM NEW."told_of"))',
                    func='INSERT INTO public."decisions_tellingevent" ("how", "id", "kind_no_id", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "told_of", "told_on", "who", "whom") VALUES (NEW."how", NEW."id", NEW."kind_no_id", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."told_of", NEW."told_on", NEW."who", NEW."whom"); RETURN NULL;',
                    hash="ccea0f220ca4543ff578e4453329d26e243e2946",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4b710",
                    table="decisions_telling",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="telling",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_tellingevent" ("how", "id", "kind_no_id", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "told_of", "told_on", "who", "whom") VALUES (OLD."how", OLD."id", OLD."kind_no_id", OLD."organisation_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."told_of", OLD."told_on", OLD."who", OLD."whom"); RETURN NULL;',
                    hash="52514a9100ba844a1c76564cf7870ea361deb787",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9a184",
                    table="decisions_telling",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="duereminder",
            constraint=models.UniqueConstraint(
                fields=("letter", "day", "to"),
                name="due_reminder_of_letter_once",
                violation_error_message="This person has been reminded of this letter.",
            ),
        ),
        migrations.AddConstraint(
            model_name="duereminder",
            constraint=models.UniqueConstraint(
                fields=("kind_no", "day", "to"),
                name="due_reminder_of_change_once",
                violation_error_message="This person has been reminded to tell this partner.",
            ),
        ),
        migrations.AddConstraint(
            model_name="duereminder",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["before", "overdue", "review", "letter", "changed"])),
                name="due_reminder_kind_is_known",
                violation_error_message="Choose a reminder from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="duereminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ("before", "overdue")),
                        ("promise__isnull", False),
                        ("decision__isnull", True),
                        ("kind_no__isnull", True),
                        ("letter__isnull", True),
                    ),
                    models.Q(
                        ("decision__isnull", False),
                        ("kind", "review"),
                        ("kind_no__isnull", True),
                        ("letter__isnull", True),
                        ("promise__isnull", True),
                    ),
                    models.Q(
                        ("kind", "letter"),
                        ("letter__isnull", False),
                        ("decision__isnull", True),
                        ("kind_no__isnull", True),
                        ("promise__isnull", True),
                    ),
                    models.Q(
                        ("kind", "changed"),
                        ("kind_no__isnull", False),
                        ("decision__isnull", True),
                        ("letter__isnull", True),
                        ("promise__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="due_reminder_of_one_thing",
                violation_error_message="A reminder is of a promise, a review, a letter, or a no that is over.",
            ),
        ),
        migrations.AddConstraint(
            model_name="kindno",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["decline", "leave", "step-down"])),
                name="kind_no_kind_is_known",
                violation_error_message="A kind no declines, leaves or steps down.",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "waiting", "held", "taken", "sent", "refused", "in_doubt", "returned"])
                ),
                name="letter_state_is_known",
                violation_error_message="A letter is a draft, waits, is held, is sent or was refused.",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ("taken", "sent", "in_doubt", "refused", "returned")), ("taken_at__isnull", False)
                    ),
                    models.Q(("state__in", ("draft", "waiting", "held")), ("taken_at__isnull", True)),
                    _connector="OR",
                ),
                name="letter_taken_once",
                violation_error_message="A letter is sent by whoever took it, and one that waits is taken by nobody.",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("state__in", ("sent", "returned"))),
                    models.Q(models.Q(("state__in", ("sent", "returned")), _negated=True), ("sent_at__isnull", True)),
                    _connector="OR",
                ),
                name="letter_sent_has_a_time",
                violation_error_message="A letter that was sent says when, and no other does.",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("returned_at__isnull", False), ("state", "returned")),
                    models.Q(
                        models.Q(("state", "returned"), _negated=True),
                        ("returned_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="letter_came_back_says_when",
                violation_error_message="A letter that came back says when, and no other does.",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["decline", "leave", "step-down", "corrected", "changed"])),
                name="letter_kind_is_known",
                violation_error_message="A letter says no, corrects a letter, or says what has changed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "corrected"), _negated=True), ("follows__isnull", False), _connector="OR"
                ),
                name="letter_corrects_another",
                violation_error_message="A letter that corrects another follows it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("follows__isnull", True)),
                fields=("kind_no",),
                name="letter_first_once",
                violation_error_message="Somebody else has begun this letter just now. Load the page again.",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("mail_number", ""), _negated=True),
                fields=("mail_number",),
                name="letter_number_once",
                violation_error_message="Another letter carries this number.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lettertemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["decline", "leave", "step-down", "corrected", "changed"])),
                name="letter_template_kind_is_known",
                violation_error_message="Choose a letter from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="telling",
            constraint=models.CheckConstraint(
                condition=models.Q(("told_of__in", ["no", "changed"])),
                name="telling_of_what_is_known",
                violation_error_message="Choose what they were told.",
            ),
        ),
        migrations.AddConstraint(
            model_name="telling",
            constraint=models.UniqueConstraint(
                fields=("kind_no", "who", "whom", "how", "told_on", "told_of"),
                name="telling_once",
                violation_error_message="This is recorded already.",
            ),
        ),
        *belonging(),
        migrations.RunSQL(reminders_due(REMINDERS_DUE), reminders_due(REMINDERS_DUE_BEFORE)),
    ]
