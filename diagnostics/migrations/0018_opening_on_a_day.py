"""A survey opens by itself on a day that somebody set, and a letter brings each person their link."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import partnerships.recording
from partnerships.row_security import gives_out_ids

# Where may somebody have to be reminded today, or be sent their link by letter?
LETTERS_DUE = """
    CREATE OR REPLACE FUNCTION public.diagnostics_with_reminders_due(today date) RETURNS SETOF bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
    SELECT DISTINCT asked.organisation_id FROM public.diagnostics_round AS asked
    WHERE asked.state = 'open' AND asked.closes_on >= today AND (
      ((asked.remind_halfway OR asked.remind_before_last_day) AND asked.opens_on < today)
      OR EXISTS (
        SELECT FROM public.diagnostics_invitation AS invited
        WHERE invited.round_id = asked.id AND invited.link_by_letter AND NOT invited.completed
        AND invited.email_failed_on IS NULL AND NOT EXISTS (
          SELECT FROM public.diagnostics_reminder AS had WHERE had.invitation_id = invited.id AND had.kind = 'first'
        )
      )
    )
    $body$
    """

# As in 0005.
REMINDERS_DUE = """
    CREATE OR REPLACE FUNCTION public.diagnostics_with_reminders_due(today date) RETURNS SETOF bigint LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
    SELECT DISTINCT organisation_id FROM public.diagnostics_round WHERE state = 'open'
    AND (remind_halfway OR remind_before_last_day) AND opens_on < today AND closes_on >= today
    $body$
    """


class Migration(migrations.Migration):
    dependencies = [
        ("diagnostics", "0017_no_samples_of_what_was_said"),
        ("partnerships", "0034_sharing_what_is_decided"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="round",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="round",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="round",
            name="delete_delete",
        ),
        migrations.RemoveConstraint(
            model_name="reminder",
            name="reminder_kind_is_known",
        ),
        migrations.AddField(
            model_name="invitation",
            name="link_by_letter",
            field=models.BooleanField(
                default=False,
                help_text="Whether a letter brings the link, since the survey opened by itself and nobody gave it otherwise.",
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="opening_set_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="opens_by_itself_on",
            field=models.DateField(
                blank=True,
                help_text="Kept once it has; empty where somebody opens it.",
                null=True,
                verbose_name="day on which it opens by itself",
            ),
        ),
        migrations.AddField(
            model_name="roundevent",
            name="opening_set_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="roundevent",
            name="opens_by_itself_on",
            field=models.DateField(
                blank=True,
                help_text="Kept once it has; empty where somebody opens it.",
                null=True,
                verbose_name="day on which it opens by itself",
            ),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("first", "The invitation"),
                    ("halfway", "Halfway to the last day"),
                    ("before_last_day", "Two days before the last day"),
                ],
                max_length=20,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="round",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_roundevent" ("closed_at", "closed_by_id", "closes_on", "created_at", "created_by_id", "id", "instrument_version", "mode", "opened_again_on", "opened_at", "opened_by_id", "opening_set_by_id", "opens_by_itself_on", "opens_on", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_before_last_day", "remind_halfway", "sent_in", "state", "subject", "threshold") VALUES (NEW."closed_at", NEW."closed_by_id", NEW."closes_on", NEW."created_at", NEW."created_by_id", NEW."id", NEW."instrument_version", NEW."mode", NEW."opened_again_on", NEW."opened_at", NEW."opened_by_id", NEW."opening_set_by_id", NEW."opens_by_itself_on", NEW."opens_on", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."remind_before_last_day", NEW."remind_halfway", NEW."sent_in", NEW."state", NEW."subject", NEW."threshold"); RETURN NULL;',
                    hash="c47c57f8442e83d023eb0f71f938bdf176455eaf",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_cc260",
                    table="diagnostics_round",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="round",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."participation_id" IS DISTINCT FROM NEW."participation_id" OR OLD."subject" IS DISTINCT FROM NEW."subject" OR OLD."instrument_version" IS DISTINCT FROM NEW."instrument_version" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."mode" IS DISTINCT FROM NEW."mode" OR OLD."threshold" IS DISTINCT FROM NEW."threshold" OR OLD."opens_on" IS DISTINCT FROM NEW."opens_on" OR OLD."opens_by_itself_on" IS DISTINCT FROM NEW."opens_by_itself_on" OR OLD."closes_on" IS DISTINCT FROM NEW."closes_on" OR OLD."remind_halfway" IS DISTINCT FROM NEW."remind_halfway" OR OLD."remind_before_last_day" IS DISTINCT FROM NEW."remind_before_last_day"))',
                    func='INSERT INTO public."diagnostics_roundevent" ("closed_at", "closed_by_id", "closes_on", "created_at", "created_by_id", "id", "instrument_version", "mode", "opened_again_on", "opened_at", "opened_by_id", "opening_set_by_id", "opens_by_itself_on", "opens_on", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_before_last_day", "remind_halfway", "sent_in", "state", "subject", "threshold") VALUES (NEW."closed_at", NEW."closed_by_id", NEW."closes_on", NEW."created_at", NEW."created_by_id", NEW."id", NEW."instrument_version", NEW."mode", NEW."opened_again_on", NEW."opened_at", NEW."opened_by_id", NEW."opening_set_by_id", NEW."opens_by_itself_on", NEW."opens_on", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."remind_before_last_day", NEW."remind_halfway", NEW."sent_in", NEW."state", NEW."subject", NEW."threshold"); RETURN NULL;',
                    hash="bb04055d3cced2c2e1a62dfb89acee9d3400903c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c35bd",
                    table="diagnostics_round",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="round",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_roundevent" ("closed_at", "closed_by_id", "closes_on", "created_at", "created_by_id", "id", "instrument_version", "mode", "opened_again_on", "opened_at", "opened_by_id", "opening_set_by_id", "opens_by_itself_on", "opens_on", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_before_last_day", "remind_halfway", "sent_in", "state", "subject", "threshold") VALUES (OLD."closed_at", OLD."closed_by_id", OLD."closes_on", OLD."created_at", OLD."created_by_id", OLD."id", OLD."instrument_version", OLD."mode", OLD."opened_again_on", OLD."opened_at", OLD."opened_by_id", OLD."opening_set_by_id", OLD."opens_by_itself_on", OLD."opens_on", OLD."organisation_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."remind_before_last_day", OLD."remind_halfway", OLD."sent_in", OLD."state", OLD."subject", OLD."threshold"); RETURN NULL;',
                    hash="95b7bfca1aa7636b398a4f612d08a228a9de6edc",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d04bc",
                    table="diagnostics_round",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("link_by_letter", False),
                    models.Q(("link_hash__isnull", False), ("seat_batch__isnull", True)),
                    _connector="OR",
                ),
                name="invitation_by_letter_to_somebody",
                violation_error_message="A link comes by letter to somebody who is asked by name, and has one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "first")),
                fields=("invitation",),
                name="reminder_first_once",
                violation_error_message="This person has had the invitation. More time does not send it again.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["first", "halfway", "before_last_day"])),
                name="reminder_kind_is_known",
                violation_error_message="Choose a reminder from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("opening_set_by__isnull", True), ("opens_by_itself_on__isnull", True)),
                    models.Q(("opening_set_by__isnull", False), ("opens_by_itself_on__isnull", False)),
                    _connector="OR",
                ),
                name="round_opening_day_and_who_set_it",
                violation_error_message="A day on which a survey opens by itself is kept with who set it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens_by_itself_on__isnull", True),
                    ("closes_on__gte", models.F("opens_by_itself_on")),
                    _connector="OR",
                ),
                name="round_opens_by_itself_by_its_last_day",
                violation_error_message="The day on which the survey opens by itself is after its last day to answer. Enter an earlier day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens_by_itself_on__isnull", True),
                    ("opens_on__isnull", True),
                    ("opens_on__gte", models.F("opens_by_itself_on")),
                    _connector="OR",
                ),
                name="round_opens_by_itself_on_its_day_or_later",
                violation_error_message="A survey that opens by itself does so on its day, or later.",
            ),
        ),
        # Where is a survey to open by itself?
        gives_out_ids(
            "diagnostics_due_to_open(today date)",
            "SETOF bigint",
            "SELECT DISTINCT organisation_id FROM public.diagnostics_round WHERE state = 'draft' "
            "AND opens_by_itself_on <= today AND closes_on >= today",
        ),
        migrations.RunSQL(LETTERS_DUE, REMINDERS_DUE),
    ]
