"""What partners and an organisation's own people are asked about it, in versions of its own."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import partnerships.recording

# As in 0006, and what a version is about stays as well.
TRIGGER = """
    CREATE OR REPLACE TRIGGER keep_published_questions BEFORE UPDATE OF
        id, organisation_id, subject, version, based_on, document, created_at, created_by_id, published_at, published_by_id
    OR DELETE ON diagnostics_instrumentversion
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION public.keep_published_questions()
"""
BEFORE = TRIGGER.replace(" subject,", "")


class Migration(migrations.Migration):
    dependencies = [
        ("diagnostics", "0014_how_many_had_answered_by_yesterday"),
        ("partnerships", "0030_accounts_while_they_had_a_role"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="instrumentchoice",
            options={"ordering": ["organisation", "subject"]},
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="instrumentchoice",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="instrumentchoice",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="instrumentchoice",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="instrumentversion",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="instrumentversion",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="instrumentversion",
            name="delete_delete",
        ),
        migrations.RemoveConstraint(
            model_name="instrumentversion",
            name="instrument_version_one_draft",
        ),
        migrations.AddField(
            model_name="instrumentchoice",
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
            model_name="instrumentchoiceevent",
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
            model_name="instrumentversion",
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
            model_name="instrumentversionevent",
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
        migrations.AlterField(
            model_name="instrumentchoice",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="instrument_choices",
                to="partnerships.organisation",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="instrumentchoice",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_instrumentchoiceevent" ("id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "subject", "version") VALUES (NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."set_at", NEW."set_by_id", NEW."subject", NEW."version"); RETURN NULL;',
                    hash="3851b056d8c7cd43b879289ee978cfb3ce353522",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_24c7b",
                    table="diagnostics_instrumentchoice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="instrumentchoice",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."subject" IS DISTINCT FROM NEW."subject" OR OLD."version" IS DISTINCT FROM NEW."version"))',
                    func='INSERT INTO public."diagnostics_instrumentchoiceevent" ("id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "subject", "version") VALUES (NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."set_at", NEW."set_by_id", NEW."subject", NEW."version"); RETURN NULL;',
                    hash="fde52722e27c1975af98da60263e0e3ae2a26800",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_514d2",
                    table="diagnostics_instrumentchoice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="instrumentchoice",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_instrumentchoiceevent" ("id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "subject", "version") VALUES (OLD."id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."set_at", OLD."set_by_id", OLD."subject", OLD."version"); RETURN NULL;',
                    hash="1866f8ab4c94ab48debacca0a943a447ed87ad1f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fbf15",
                    table="diagnostics_instrumentchoice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="instrumentversion",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_instrumentversionevent" ("based_on", "id", "note", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "subject", "version") VALUES (NEW."based_on", NEW."id", NEW."note", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."published_at", NEW."subject", NEW."version"); RETURN NULL;',
                    hash="b7cb3caae8cd94f34c8cc21eea31b633ddd35a49",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f1ea0",
                    table="diagnostics_instrumentversion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="instrumentversion",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."subject" IS DISTINCT FROM NEW."subject" OR OLD."version" IS DISTINCT FROM NEW."version" OR OLD."based_on" IS DISTINCT FROM NEW."based_on" OR OLD."note" IS DISTINCT FROM NEW."note" OR OLD."published_at" IS DISTINCT FROM NEW."published_at"))',
                    func='INSERT INTO public."diagnostics_instrumentversionevent" ("based_on", "id", "note", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "subject", "version") VALUES (NEW."based_on", NEW."id", NEW."note", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."published_at", NEW."subject", NEW."version"); RETURN NULL;',
                    hash="d1cb9558ab628b49d189871bb24a57625c18aa8c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4f2da",
                    table="diagnostics_instrumentversion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="instrumentversion",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_instrumentversionevent" ("based_on", "id", "note", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "subject", "version") VALUES (OLD."based_on", OLD."id", OLD."note", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."published_at", OLD."subject", OLD."version"); RETURN NULL;',
                    hash="ad5185c151281e3d058a24c5f43c6f49c4ebbcc9",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_5e75f",
                    table="diagnostics_instrumentversion",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="instrumentchoice",
            constraint=models.UniqueConstraint(fields=("organisation", "subject"), name="instrument_choice_once"),
        ),
        migrations.AddConstraint(
            model_name="instrumentchoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("subject__in", ["partnership", "by_partners", "by_us"])),
                name="instrument_choice_subject_is_known",
                violation_error_message="Choose what the questions are about.",
            ),
        ),
        migrations.AddConstraint(
            model_name="instrumentversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("published_at__isnull", True)),
                fields=("organisation", "subject"),
                name="instrument_version_one_draft",
                violation_error_message="There is a new version under way already. Publish or discard it first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="instrumentversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("subject__in", ["partnership", "by_partners", "by_us"])),
                name="instrument_version_subject_is_known",
                violation_error_message="Choose what the questions are about.",
            ),
        ),
        migrations.RunSQL(TRIGGER, BEFORE),
    ]
