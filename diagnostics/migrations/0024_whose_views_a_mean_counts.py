"""Whose views a mean counts is chosen before a survey opens, and how many answers it takes to break one down is kept with
it; the trigger that keeps the rules of a survey keeps both from then on, and forgets places by the survey's own number.
"""

import importlib

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import partnerships.recording

EARLIER = importlib.import_module("diagnostics.migrations.0021_too_few_answers_are_deleted")
KEPT = """        IF OLD.state <> 'draft' AND NEW.breakdown_threshold < OLD.breakdown_threshold THEN
            RAISE EXCEPTION 'Survey % opened with nothing broken down under % answers.', OLD.id, OLD.breakdown_threshold
            USING ERRCODE = 'check_violation', CONSTRAINT = 'round_breakdown_threshold_stays', TABLE = 'diagnostics_round';
        END IF;
        IF OLD.state <> 'draft' AND NEW.mean_over <> OLD.mean_over THEN
            RAISE EXCEPTION 'Whose views a mean counts was settled as survey % opened.', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'round_mean_over_stays', TABLE = 'diagnostics_round';
        END IF;
"""
BEFORE = "        IF NEW.mode <> OLD.mode\n"
ELEVEN = "NEW.sent_in >= 11\n"
RULES = EARLIER.RULES.replace(BEFORE, KEPT + BEFORE).replace(ELEVEN, "NEW.sent_in >= NEW.breakdown_threshold\n")


class Migration(migrations.Migration):
    dependencies = [
        ("diagnostics", "0023_nothing_tells_how_a_response_was_begun"),
        ("partnerships", "0042_whose_days_are_set_aside"),
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
        migrations.AddField(
            model_name="round",
            name="breakdown_threshold",
            field=models.PositiveSmallIntegerField(
                default=11, help_text="The answers it takes before anything is broken down."
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="mean_over",
            field=models.CharField(
                choices=[("people", "People: each counts once"), ("organisations", "Organisations: each counts once")],
                default="people",
                max_length=13,
            ),
        ),
        migrations.AddField(
            model_name="roundevent",
            name="breakdown_threshold",
            field=models.PositiveSmallIntegerField(
                default=11, help_text="The answers it takes before anything is broken down."
            ),
        ),
        migrations.AddField(
            model_name="roundevent",
            name="mean_over",
            field=models.CharField(
                choices=[("people", "People: each counts once"), ("organisations", "Organisations: each counts once")],
                default="people",
                max_length=13,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="round",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_roundevent" ("breakdown_threshold", "closed_at", "closed_by_id", "closes_on", "created_at", "created_by_id", "id", "instrument_version", "mean_over", "mode", "opened_again_on", "opened_at", "opened_by_id", "opening_set_by_id", "opens_by_itself_on", "opens_on", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_before_last_day", "remind_halfway", "sent_in", "state", "subject", "threshold") VALUES (NEW."breakdown_threshold", NEW."closed_at", NEW."closed_by_id", NEW."closes_on", NEW."created_at", NEW."created_by_id", NEW."id", NEW."instrument_version", NEW."mean_over", NEW."mode", NEW."opened_again_on", NEW."opened_at", NEW."opened_by_id", NEW."opening_set_by_id", NEW."opens_by_itself_on", NEW."opens_on", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."remind_before_last_day", NEW."remind_halfway", NEW."sent_in", NEW."state", NEW."subject", NEW."threshold"); RETURN NULL;',
                    hash="c9505f2c5ae8e5730de65ccee98e03de97f8ffea",
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
                    condition='WHEN ((OLD."participation_id" IS DISTINCT FROM NEW."participation_id" OR OLD."subject" IS DISTINCT FROM NEW."subject" OR OLD."instrument_version" IS DISTINCT FROM NEW."instrument_version" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."mode" IS DISTINCT FROM NEW."mode" OR OLD."threshold" IS DISTINCT FROM NEW."threshold" OR OLD."breakdown_threshold" IS DISTINCT FROM NEW."breakdown_threshold" OR OLD."mean_over" IS DISTINCT FROM NEW."mean_over" OR OLD."opens_on" IS DISTINCT FROM NEW."opens_on" OR OLD."opens_by_itself_on" IS DISTINCT FROM NEW."opens_by_itself_on" OR OLD."closes_on" IS DISTINCT FROM NEW."closes_on" OR OLD."remind_halfway" IS DISTINCT FROM NEW."remind_halfway" OR OLD."remind_before_last_day" IS DISTINCT FROM NEW."remind_before_last_day"))',
                    func='INSERT INTO public."diagnostics_roundevent" ("breakdown_threshold", "closed_at", "closed_by_id", "closes_on", "created_at", "created_by_id", "id", "instrument_version", "mean_over", "mode", "opened_again_on", "opened_at", "opened_by_id", "opening_set_by_id", "opens_by_itself_on", "opens_on", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_before_last_day", "remind_halfway", "sent_in", "state", "subject", "threshold") VALUES (NEW."breakdown_threshold", NEW."closed_at", NEW."closed_by_id", NEW."closes_on", NEW."created_at", NEW."created_by_id", NEW."id", NEW."instrument_version", NEW."mean_over", NEW."mode", NEW."opened_again_on", NEW."opened_at", NEW."opened_by_id", NEW."opening_set_by_id", NEW."opens_by_itself_on", NEW."opens_on", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."remind_before_last_day", NEW."remind_halfway", NEW."sent_in", NEW."state", NEW."subject", NEW."threshold"); RETURN NULL;',
                    hash="7b323c97803c6aa6e34bde7e4342623ba530f913",
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
                    func='INSERT INTO public."diagnostics_roundevent" ("breakdown_threshold", "closed_at", "closed_by_id", "closes_on", "created_at", "created_by_id", "id", "instrument_version", "mean_over", "mode", "opened_again_on", "opened_at", "opened_by_id", "opening_set_by_id", "opens_by_itself_on", "opens_on", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_before_last_day", "remind_halfway", "sent_in", "state", "subject", "threshold") VALUES (OLD."breakdown_threshold", OLD."closed_at", OLD."closed_by_id", OLD."closes_on", OLD."created_at", OLD."created_by_id", OLD."id", OLD."instrument_version", OLD."mean_over", OLD."mode", OLD."opened_again_on", OLD."opened_at", OLD."opened_by_id", OLD."opening_set_by_id", OLD."opens_by_itself_on", OLD."opens_on", OLD."organisation_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."remind_before_last_day", OLD."remind_halfway", OLD."sent_in", OLD."state", OLD."subject", OLD."threshold"); RETURN NULL;',
                    hash="88d634da4d25538091f7de4a7f939410a1924a10",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d04bc",
                    table="diagnostics_round",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("breakdown_threshold__gte", 11)),
                name="round_breakdown_threshold_at_least_eleven",
                violation_error_message="Nothing is broken down under eleven answers: enter 11 or more.",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("mean_over__in", ["people", "organisations"])),
                name="round_mean_over_is_known",
                violation_error_message="Choose whether each person counts once, or each organisation.",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("mean_over", "people"), ("mode", "named"), _connector="OR"),
                name="round_counts_organisations_only_with_names",
                violation_error_message="Answers without names carry no organisation, so each person counts once. Have answers read by organisation, or count people.",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("mean_over", "people"), ("subject", "partnership"), _connector="OR"),
                name="round_about_us_counts_people",
                violation_error_message="How good a partner we are is a mean over people.",
            ),
        ),
        migrations.RunSQL(RULES, EARLIER.RULES),
    ]
