"""Record the changes of surveys; nothing is recorded of who answers and what."""

import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import partnerships.recording
from partnerships.recording import append_only, begin_with_what_is_there
from partnerships.row_security import protect

EVENTS_OF = ["Round"]


class Migration(migrations.Migration):
    dependencies = [
        ("diagnostics", "0003_row_security"),
        ("partnerships", "0024_the_record_of_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RoundEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("instrument_version", models.CharField(max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Being prepared"), ("open", "Open"), ("closed", "Closed")],
                        default="draft",
                        max_length=6,
                    ),
                ),
                (
                    "threshold",
                    models.PositiveSmallIntegerField(
                        default=5, help_text="The answers it takes before anything is shown, as respondents were told."
                    ),
                ),
                ("opens_on", models.DateField(blank=True, null=True)),
                ("closes_on", models.DateField(help_text="The last day on which people can answer.")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="round",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_roundevent" ("closed_at", "closed_by_id", "closes_on", "created_at", "created_by_id", "id", "instrument_version", "opened_at", "opened_by_id", "opens_on", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "threshold") VALUES (NEW."closed_at", NEW."closed_by_id", NEW."closes_on", NEW."created_at", NEW."created_by_id", NEW."id", NEW."instrument_version", NEW."opened_at", NEW."opened_by_id", NEW."opens_on", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."state", NEW."threshold"); RETURN NULL;',
                    hash="caa2ebcee6771979f460eaa567a49aaded41bc12",
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
                    condition='WHEN ((OLD."participation_id" IS DISTINCT FROM NEW."participation_id" OR OLD."instrument_version" IS DISTINCT FROM NEW."instrument_version" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."threshold" IS DISTINCT FROM NEW."threshold" OR OLD."opens_on" IS DISTINCT FROM NEW."opens_on" OR OLD."closes_on" IS DISTINCT FROM NEW."closes_on"))',
                    func='INSERT INTO public."diagnostics_roundevent" ("closed_at", "closed_by_id", "closes_on", "created_at", "created_by_id", "id", "instrument_version", "opened_at", "opened_by_id", "opens_on", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "threshold") VALUES (NEW."closed_at", NEW."closed_by_id", NEW."closes_on", NEW."created_at", NEW."created_by_id", NEW."id", NEW."instrument_version", NEW."opened_at", NEW."opened_by_id", NEW."opens_on", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."state", NEW."threshold"); RETURN NULL;',
                    hash="ef50703057affc79d73c6c53432690954991024e",
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
                    func='INSERT INTO public."diagnostics_roundevent" ("closed_at", "closed_by_id", "closes_on", "created_at", "created_by_id", "id", "instrument_version", "opened_at", "opened_by_id", "opens_on", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "threshold") VALUES (OLD."closed_at", OLD."closed_by_id", OLD."closes_on", OLD."created_at", OLD."created_by_id", OLD."id", OLD."instrument_version", OLD."opened_at", OLD."opened_by_id", OLD."opens_on", OLD."organisation_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."state", OLD."threshold"); RETURN NULL;',
                    hash="3c24bba289460458b1ab518e0d5a08afca3c9892",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d04bc",
                    table="diagnostics_round",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="roundevent",
            name="closed_by",
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
            name="created_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="roundevent",
            name="opened_by",
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
            model_name="roundevent",
            name="participation",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.participation",
            ),
        ),
        migrations.AddField(
            model_name="roundevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="diagnostics.round",
            ),
        ),
        migrations.AddIndex(
            model_name="roundevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="round_when"),
        ),
        migrations.AddIndex(
            model_name="roundevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="round_what"),
        ),
        *(protect(f"diagnostics_{name.lower()}event") for name in EVENTS_OF),
        *(append_only(f"diagnostics_{name.lower()}event") for name in EVENTS_OF),
        begin_with_what_is_there("diagnostics", *EVENTS_OF),
    ]
