"""What a survey asks about: how well the partnership works, or how good a partner the organisation is."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import partnerships.recording

# With the rights of whoever changes the row: it looks at that row alone.
FUNCTION = """
    CREATE FUNCTION public.keep_what_a_survey_asks_about() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $body$
    BEGIN
        RAISE EXCEPTION 'Survey % was started to ask about something else.', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'round_subject_stays', TABLE = 'diagnostics_round';
    END
    $body$
"""
TRIGGER = """
    CREATE TRIGGER keep_the_subject BEFORE UPDATE OF subject ON diagnostics_round
    FOR EACH ROW WHEN (OLD.state <> 'draft' AND NEW.subject IS DISTINCT FROM OLD.subject)
    EXECUTE FUNCTION public.keep_what_a_survey_asks_about()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("diagnostics", "0007_answers_by_the_surveys_rules"),
        ("partnerships", "0030_accounts_while_they_had_a_role"),
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
            model_name="round",
            name="round_one_current",
        ),
        migrations.AddField(
            model_name="round",
            name="subject",
            field=models.CharField(
                choices=[
                    ("partnership", "How well the partnership works"),
                    ("by_partners", "How good a partner we are: partners’ view"),
                    ("by_us", "How good a partner we are: our own view"),
                ],
                default="partnership",
                max_length=11,
                verbose_name="what it asks about",
            ),
        ),
        migrations.AddField(
            model_name="roundevent",
            name="subject",
            field=models.CharField(
                choices=[
                    ("partnership", "How well the partnership works"),
                    ("by_partners", "How good a partner we are: partners’ view"),
                    ("by_us", "How good a partner we are: our own view"),
                ],
                default="partnership",
                max_length=11,
                verbose_name="what it asks about",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="round",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_roundevent" ("closed_at", "closed_by_id", "closes_on", "created_at", "created_by_id", "id", "instrument_version", "mode", "opened_at", "opened_by_id", "opens_on", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_before_last_day", "remind_halfway", "sent_in", "state", "subject", "threshold") VALUES (NEW."closed_at", NEW."closed_by_id", NEW."closes_on", NEW."created_at", NEW."created_by_id", NEW."id", NEW."instrument_version", NEW."mode", NEW."opened_at", NEW."opened_by_id", NEW."opens_on", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."remind_before_last_day", NEW."remind_halfway", NEW."sent_in", NEW."state", NEW."subject", NEW."threshold"); RETURN NULL;',
                    hash="1721411a8a634b12706f41ab113abb43a18b4208",
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
                    condition='WHEN ((OLD."participation_id" IS DISTINCT FROM NEW."participation_id" OR OLD."subject" IS DISTINCT FROM NEW."subject" OR OLD."instrument_version" IS DISTINCT FROM NEW."instrument_version" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."mode" IS DISTINCT FROM NEW."mode" OR OLD."threshold" IS DISTINCT FROM NEW."threshold" OR OLD."opens_on" IS DISTINCT FROM NEW."opens_on" OR OLD."closes_on" IS DISTINCT FROM NEW."closes_on" OR OLD."remind_halfway" IS DISTINCT FROM NEW."remind_halfway" OR OLD."remind_before_last_day" IS DISTINCT FROM NEW."remind_before_last_day"))',
                    func='INSERT INTO public."diagnostics_roundevent" ("closed_at", "closed_by_id", "closes_on", "created_at", "created_by_id", "id", "instrument_version", "mode", "opened_at", "opened_by_id", "opens_on", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_before_last_day", "remind_halfway", "sent_in", "state", "subject", "threshold") VALUES (NEW."closed_at", NEW."closed_by_id", NEW."closes_on", NEW."created_at", NEW."created_by_id", NEW."id", NEW."instrument_version", NEW."mode", NEW."opened_at", NEW."opened_by_id", NEW."opens_on", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."remind_before_last_day", NEW."remind_halfway", NEW."sent_in", NEW."state", NEW."subject", NEW."threshold"); RETURN NULL;',
                    hash="01414dfeaea6ada2b091136ab9cb1b30e7292283",
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
                    func='INSERT INTO public."diagnostics_roundevent" ("closed_at", "closed_by_id", "closes_on", "created_at", "created_by_id", "id", "instrument_version", "mode", "opened_at", "opened_by_id", "opens_on", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_before_last_day", "remind_halfway", "sent_in", "state", "subject", "threshold") VALUES (OLD."closed_at", OLD."closed_by_id", OLD."closes_on", OLD."created_at", OLD."created_by_id", OLD."id", OLD."instrument_version", OLD."mode", OLD."opened_at", OLD."opened_by_id", OLD."opens_on", OLD."organisation_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."remind_before_last_day", OLD."remind_halfway", OLD."sent_in", OLD."state", OLD."subject", OLD."threshold"); RETURN NULL;',
                    hash="83e07cb2d26cae5d46b7a2637d65466f1c85989d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d04bc",
                    table="diagnostics_round",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("draft", "open"))),
                fields=("participation", "subject"),
                name="round_one_current",
                violation_error_message="This partnership already has a survey under way. Close that one first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("subject__in", ["partnership", "by_partners", "by_us"])),
                name="round_subject_is_known",
                violation_error_message="Choose what the survey asks about.",
            ),
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION public.keep_what_a_survey_asks_about()"),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER keep_the_subject ON diagnostics_round"),
    ]
