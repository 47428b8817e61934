"""Days that are set aside say in which partnership they are, where it is one alone."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import partnerships.recording

SAME_OWNER = migrations.RunSQL(
    "ALTER TABLE partnerships_capacityadjustment ADD CONSTRAINT capacityadjustment_participation_id_same_owner "
    "FOREIGN KEY (participation_id, organisation_id) REFERENCES partnerships_participation (id, organisation_id) "
    "DEFERRABLE INITIALLY DEFERRED",
    "ALTER TABLE partnerships_capacityadjustment DROP CONSTRAINT capacityadjustment_participation_id_same_owner",
)


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0041_days_set_aside"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="capacityadjustment",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="capacityadjustment",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="capacityadjustment",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="capacityadjustment",
            name="participation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="capacity_adjustments",
                to="partnerships.participation",
            ),
        ),
        migrations.AddField(
            model_name="capacityadjustmentevent",
            name="participation",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.participation",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="capacityadjustment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_capacityadjustmentevent" ("from_quarter", "given_back_by_id", "given_back_on", "id", "kind", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "until_quarter", "what_for") VALUES (NEW."from_quarter", NEW."given_back_by_id", NEW."given_back_on", NEW."id", NEW."kind", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."until_quarter", NEW."what_for"); RETURN NULL;',
                    hash="c52a66ee4a933db09b7fab2c10d381769834d23f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f46ae",
                    table="partnerships_capacityadjustment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="capacityadjustment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."participation_id" IS DISTINCT FROM NEW."participation_id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."what_for" IS DISTINCT FROM NEW."what_for" OR OLD."from_quarter" IS DISTINCT FROM NEW."from_quarter" OR OLD."until_quarter" IS DISTINCT FROM NEW."until_quarter" OR OLD."given_back_on" IS DISTINCT FROM NEW."given_back_on"))',
                    func='INSERT INTO public."partnerships_capacityadjustmentevent" ("from_quarter", "given_back_by_id", "given_back_on", "id", "kind", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "until_quarter", "what_for") VALUES (NEW."from_quarter", NEW."given_back_by_id", NEW."given_back_on", NEW."id", NEW."kind", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."until_quarter", NEW."what_for"); RETURN NULL;',
                    hash="389010a6b40c8025f8bcc8d485d5e490edbdb4f7",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4c08b",
                    table="partnerships_capacityadjustment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="capacityadjustment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_capacityadjustmentevent" ("from_quarter", "given_back_by_id", "given_back_on", "id", "kind", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "until_quarter", "what_for") VALUES (OLD."from_quarter", OLD."given_back_by_id", OLD."given_back_on", OLD."id", OLD."kind", OLD."organisation_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."until_quarter", OLD."what_for"); RETURN NULL;',
                    hash="eb27636b313b8fac017b780c6ea3c31454110c9b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2d269",
                    table="partnerships_capacityadjustment",
                    when="AFTER",
                ),
            ),
        ),
        SAME_OWNER,
    ]
