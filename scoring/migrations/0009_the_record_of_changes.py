"""Record what somebody asked for and kept; nothing is recorded of what is worked out."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import partnerships.recording
from partnerships.recording import append_only, begin_with_what_is_there
from partnerships.row_security import protect

EVENTS_OF = ["TippingPoint", "Run", "WhatIf"]


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0024_the_record_of_changes"),
        ("scoring", "0008_row_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RunEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting to be scored"),
                            ("running", "Being scored"),
                            ("done", "Done"),
                            ("failed", "Could not be scored"),
                            ("skipped", "Nothing had changed"),
                        ],
                        default="queued",
                        max_length=8,
                    ),
                ),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("change", "A change to what the score rests on"),
                            ("button", "Somebody asked for it"),
                            ("night", "The night's scoring of everybody"),
                        ],
                        max_length=8,
                    ),
                ),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TippingPointEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "hurts_from",
                    models.PositiveSmallIntegerField(
                        default=20, help_text="The load from which one more starts to hurt the others."
                    ),
                ),
                (
                    "adds_nothing_at",
                    models.PositiveSmallIntegerField(
                        default=40,
                        help_text="The load at which one more typical partnership would add nothing overall.",
                    ),
                ),
                ("set_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WhatIfEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(blank=True, help_text="Blank until somebody saves it.", max_length=80)),
                ("adopted_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="run",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN (NEW."requested_by_id" IS NOT NULL)',
                    func='INSERT INTO public."scoring_runevent" ("id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_by_id", "state", "trigger") VALUES (NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."requested_by_id", NEW."state", NEW."trigger"); RETURN NULL;',
                    hash="0287d09b8932b33926da449d65979b19bd5a8b6e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0a5ab",
                    table="scoring_run",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="run",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN (OLD."requested_by_id" IS NOT NULL)',
                    func='INSERT INTO public."scoring_runevent" ("id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_by_id", "state", "trigger") VALUES (OLD."id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."requested_by_id", OLD."state", OLD."trigger"); RETURN NULL;',
                    hash="f9cac8adb49a8b16e5f669efba9afddbe60ee872",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_0ec03",
                    table="scoring_run",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tippingpoint",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."scoring_tippingpointevent" ("adds_nothing_at", "hurts_from", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id") VALUES (NEW."adds_nothing_at", NEW."hurts_from", NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."set_at", NEW."set_by_id"); RETURN NULL;',
                    hash="7d8a0e7bba88c3ba14fbcbae626815c737537628",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_367a5",
                    table="scoring_tippingpoint",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tippingpoint",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."hurts_from" IS DISTINCT FROM NEW."hurts_from" OR OLD."adds_nothing_at" IS DISTINCT FROM NEW."adds_nothing_at"))',
                    func='INSERT INTO public."scoring_tippingpointevent" ("adds_nothing_at", "hurts_from", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id") VALUES (NEW."adds_nothing_at", NEW."hurts_from", NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."set_at", NEW."set_by_id"); RETURN NULL;',
                    hash="9b6210ccd7709862344bc2f48824f9d048fbc38a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_cf9a9",
                    table="scoring_tippingpoint",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tippingpoint",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."scoring_tippingpointevent" ("adds_nothing_at", "hurts_from", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id") VALUES (OLD."adds_nothing_at", OLD."hurts_from", OLD."id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."set_at", OLD."set_by_id"); RETURN NULL;',
                    hash="93f8b55ddc296379626c1f2a66a697d4a9965fa8",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_c703d",
                    table="scoring_tippingpoint",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="whatif",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    condition="WHEN (NEW.\"name\" <> '')",
                    func='INSERT INTO public."scoring_whatifevent" ("adopted_at", "adopted_by_id", "id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "saved_by_id") VALUES (NEW."adopted_at", NEW."adopted_by_id", NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."saved_by_id"); RETURN NULL;',
                    hash="18fc58b9cb3573d28e02966e68f4d5df6f4ea4ac",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2b764",
                    table="scoring_whatif",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="whatif",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."name" IS DISTINCT FROM NEW."name" OR OLD."saved_by_id" IS DISTINCT FROM NEW."saved_by_id" OR OLD."adopted_at" IS DISTINCT FROM NEW."adopted_at" OR OLD."adopted_by_id" IS DISTINCT FROM NEW."adopted_by_id") AND NEW."name" <> \'\')',
                    func='INSERT INTO public."scoring_whatifevent" ("adopted_at", "adopted_by_id", "id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "saved_by_id") VALUES (NEW."adopted_at", NEW."adopted_by_id", NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."saved_by_id"); RETURN NULL;',
                    hash="bb804139c80ace66cb8001d6001a739be92fd573",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_96641",
                    table="scoring_whatif",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="whatif",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    condition="WHEN (OLD.\"name\" <> '')",
                    func='INSERT INTO public."scoring_whatifevent" ("adopted_at", "adopted_by_id", "id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "saved_by_id") VALUES (OLD."adopted_at", OLD."adopted_by_id", OLD."id", OLD."name", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."saved_by_id"); RETURN NULL;',
                    hash="72a614f843ed9cf4487828191f1045da4ef6da81",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_5a5e3",
                    table="scoring_whatif",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="runevent",
            name="organisation",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.organisation",
            ),
        ),
        migrations.AddField(
            model_name="runevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="scoring.run",
            ),
        ),
        migrations.AddField(
            model_name="runevent",
            name="requested_by",
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
            model_name="tippingpointevent",
            name="organisation",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.organisation",
            ),
        ),
        migrations.AddField(
            model_name="tippingpointevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="scoring.tippingpoint",
            ),
        ),
        migrations.AddField(
            model_name="tippingpointevent",
            name="set_by",
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
            model_name="whatifevent",
            name="adopted_by",
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
            model_name="whatifevent",
            name="organisation",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.organisation",
            ),
        ),
        migrations.AddField(
            model_name="whatifevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="scoring.whatif",
            ),
        ),
        migrations.AddField(
            model_name="whatifevent",
            name="saved_by",
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
        migrations.AddIndex(
            model_name="runevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="run_when"),
        ),
        migrations.AddIndex(
            model_name="runevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="run_what"),
        ),
        migrations.AddIndex(
            model_name="tippingpointevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="tippingpoint_when"),
        ),
        migrations.AddIndex(
            model_name="tippingpointevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="tippingpoint_what"),
        ),
        migrations.AddIndex(
            model_name="whatifevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="whatif_when"),
        ),
        migrations.AddIndex(
            model_name="whatifevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="whatif_what"),
        ),
        *(protect(f"scoring_{name.lower()}event") for name in EVENTS_OF),
        *(append_only(f"scoring_{name.lower()}event") for name in EVENTS_OF),
        # Of the others nothing is known until somebody does something with them.
        begin_with_what_is_there("scoring", *EVENTS_OF[:-2]),
    ]
