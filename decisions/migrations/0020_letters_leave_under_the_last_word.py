"""A letter leaves under the decision that was the last word when somebody sent it, and under no other.

One that waits although it was decided anew is held once more, and somebody is asked.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import partnerships.recording

# Those about which nothing was decided anew wait on.
OF_THOSE_ON_THEIR_WAY = """
    UPDATE decisions_letter AS letter SET last_word_id = pack.decision_id
    FROM decisions_kindno AS pack WHERE pack.id = letter.kind_no_id AND letter.state <> 'draft'
"""


def of_its_partnership():
    """What was the last word about a letter's partnership is a decision of the same organisation, about the same."""
    for column in ("organisation_id", "participation_id"):
        name = f"letter_last_word_same_{column.removesuffix('_id')}"
        yield migrations.RunSQL(
            f"ALTER TABLE decisions_letter ADD CONSTRAINT {name} FOREIGN KEY (last_word_id, {column}) "
            f"REFERENCES decisions_decision (id, {column}) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE decisions_letter DROP CONSTRAINT {name}",
        )


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0015_an_earlier_decision_stands_again"),
        ("partnerships", "0042_whose_days_are_set_aside"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
        migrations.RemoveField(
            model_name="letter",
            name="although_decided_anew",
        ),
        migrations.RemoveField(
            model_name="letterevent",
            name="although_decided_anew",
        ),
        migrations.AddField(
            model_name="letter",
            name="last_word",
            field=models.ForeignKey(
                blank=True,
                help_text="What was decided last when somebody sent it: it leaves while that still is the last word.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="decisions.decision",
            ),
        ),
        migrations.AddField(
            model_name="letterevent",
            name="last_word",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                help_text="What was decided last when somebody sent it: it leaves while that still is the last word.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="decisions.decision",
            ),
        ),
        migrations.RunSQL(OF_THOSE_ON_THEIR_WAY, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="letter",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_letterevent" ("address", "although_left", "asked_at", "asked_by_id", "body", "email", "held_because", "id", "kind_no_id", "last_word_id", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recipient_id", "recipient_name", "send_after", "sent_at", "state", "subject", "taken_at", "trouble") VALUES (NEW."address", NEW."although_left", NEW."asked_at", NEW."asked_by_id", NEW."body", NEW."email", NEW."held_because", NEW."id", NEW."kind_no_id", NEW."last_word_id", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."recipient_id", NEW."recipient_name", NEW."send_after", NEW."sent_at", NEW."state", NEW."subject", NEW."taken_at", NEW."trouble"); RETURN NULL;',
                    hash="321203cbbf42ebbcd855bb5c146c9f5e7a037d18",
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
                    condition='WHEN ((OLD."participation_id" IS DISTINCT FROM NEW."participation_id" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."recipient_id" IS DISTINCT FROM NEW."recipient_id" OR OLD."recipient_name" IS DISTINCT FROM NEW."recipient_name" OR OLD."email" IS DISTINCT FROM NEW."email" OR OLD."address" IS DISTINCT FROM NEW."address" OR OLD."subject" IS DISTINCT FROM NEW."subject" OR OLD."body" IS DISTINCT FROM NEW."body" OR OLD."asked_by_id" IS DISTINCT FROM NEW."asked_by_id" OR OLD."held_because" IS DISTINCT FROM NEW."held_because" OR OLD."trouble" IS DISTINCT FROM NEW."trouble" OR OLD."although_left" IS DISTINCT FROM NEW."although_left"))',
                    func='INSERT INTO public."decisions_letterevent" ("address", "although_left", "asked_at", "asked_by_id", "body", "email", "held_because", "id", "kind_no_id", "last_word_id", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recipient_id", "recipient_name", "send_after", "sent_at", "state", "subject", "taken_at", "trouble") VALUES (NEW."address", NEW."although_left", NEW."asked_at", NEW."asked_by_id", NEW."body", NEW."email", NEW."held_because", NEW."id", NEW."kind_no_id", NEW."last_word_id", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."recipient_id", NEW."recipient_name", NEW."send_after", NEW."sent_at", NEW."state", NEW."subject", NEW."taken_at", NEW."trouble"); RETURN NULL;',
                    hash="706645c05166499071c138e5fe834004a7dee0c5",
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
                    func='INSERT INTO public."decisions_letterevent" ("address", "although_left", "asked_at", "asked_by_id", "body", "email", "held_because", "id", "kind_no_id", "last_word_id", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recipient_id", "recipient_name", "send_after", "sent_at", "state", "subject", "taken_at", "trouble") VALUES (OLD."address", OLD."although_left", OLD."asked_at", OLD."asked_by_id", OLD."body", OLD."email", OLD."held_because", OLD."id", OLD."kind_no_id", OLD."last_word_id", OLD."organisation_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."recipient_id", OLD."recipient_name", OLD."send_after", OLD."sent_at", OLD."state", OLD."subject", OLD."taken_at", OLD."trouble"); RETURN NULL;',
                    hash="d1f90d357a1f0fcde33e3e6d9daa119e5c4e5e61",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b1547",
                    table="decisions_letter",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "draft"), _negated=True), ("last_word__isnull", True), _connector="OR"
                ),
                name="letter_leaves_under_a_decision",
                violation_error_message="A draft has not been sent yet, whatever is decided.",
            ),
        ),
        *of_its_partnership(),
    ]
