"""An organisation's own versions of the questions: a draft until it is published, and never changed from then on."""

import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import partnerships.recording
from partnerships.recording import append_only
from partnerships.row_security import protect

OWNED = ["instrumentversion", "instrumentchoice"]
# With the rights of whoever changes the row: it looks at that row alone.
FUNCTION = """
    CREATE FUNCTION public.keep_published_questions() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $body$
    BEGIN
        RAISE EXCEPTION 'Version % of the questions is published and stays as it is.', OLD.version
        USING ERRCODE = 'check_violation', CONSTRAINT = 'instrument_version_stays',
              TABLE = 'diagnostics_instrumentversion';
    END
    $body$
"""
# The note may be mended: it is about the questions, and nobody was asked it.
TRIGGER = """
    CREATE TRIGGER keep_published_questions BEFORE UPDATE OF
        id, organisation_id, version, based_on, document, created_at, created_by_id, published_at, published_by_id
    OR DELETE ON diagnostics_instrumentversion
    FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION public.keep_published_questions()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("diagnostics", "0005_reminders"),
        ("partnerships", "0028_every_change_leaves_a_line"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InstrumentChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=60)),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instrument_choice",
                        to="partnerships.organisation",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["organisation"],
            },
        ),
        migrations.CreateModel(
            name="InstrumentChoiceEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("version", models.CharField(max_length=60)),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnerships.organisation",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="diagnostics.instrumentchoice",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="InstrumentVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=60)),
                ("based_on", models.CharField(max_length=60)),
                ("document", models.JSONField()),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="why")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instrument_versions",
                        to="partnerships.organisation",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["organisation", "-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="InstrumentVersionEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("version", models.CharField(max_length=60)),
                ("based_on", models.CharField(max_length=60)),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="why")),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnerships.organisation",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="diagnostics.instrumentversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="instrumentchoice",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_instrumentchoiceevent" ("id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "version") VALUES (NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."set_at", NEW."set_by_id", NEW."version"); RETURN NULL;',
                    hash="b3cbfbaec2cff89d3079eee289278d1443f937f1",
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
                    condition='WHEN ((OLD."version" IS DISTINCT FROM NEW."version"))',
                    func='INSERT INTO public."diagnostics_instrumentchoiceevent" ("id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "version") VALUES (NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."set_at", NEW."set_by_id", NEW."version"); RETURN NULL;',
                    hash="6ca853b8096a2add69d799c34f0439e491f5a37b",
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
                    func='INSERT INTO public."diagnostics_instrumentchoiceevent" ("id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "version") VALUES (OLD."id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."set_at", OLD."set_by_id", OLD."version"); RETURN NULL;',
                    hash="ae8385fd6b59d41ac3ca8da6b8276ee09d022efb",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fbf15",
                    table="diagnostics_instrumentchoice",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="instrumentchoiceevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="instrumentchoice_when"),
        ),
        migrations.AddIndex(
            model_name="instrumentchoiceevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="instrumentchoice_what"),
        ),
        migrations.AddConstraint(
            model_name="instrumentversion",
            constraint=models.UniqueConstraint(fields=("organisation", "version"), name="instrument_version_once"),
        ),
        migrations.AddConstraint(
            model_name="instrumentversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("published_at__isnull", True)),
                fields=("organisation",),
                name="instrument_version_one_draft",
                violation_error_message="There is a new version under way already. Publish or discard it first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="instrumentversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at__isnull", True), ("published_by__isnull", True)),
                    models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                    _connector="OR",
                ),
                name="instrument_version_published_by_and_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="instrumentversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("published_at__isnull", True), models.Q(("note", ""), _negated=True), _connector="OR"
                ),
                name="instrument_version_published_says_why",
                violation_error_message="Enter why the questions change.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="instrumentversion",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_instrumentversionevent" ("based_on", "id", "note", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "version") VALUES (NEW."based_on", NEW."id", NEW."note", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."published_at", NEW."version"); RETURN NULL;',
                    hash="b5f9ddcc15fffee3a259f028c9866d8b84c44487",
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
                    condition='WHEN ((OLD."version" IS DISTINCT FROM NEW."version" OR OLD."based_on" IS DISTINCT FROM NEW."based_on" OR OLD."note" IS DISTINCT FROM NEW."note" OR OLD."published_at" IS DISTINCT FROM NEW."published_at"))',
                    func='INSERT INTO public."diagnostics_instrumentversionevent" ("based_on", "id", "note", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "version") VALUES (NEW."based_on", NEW."id", NEW."note", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."published_at", NEW."version"); RETURN NULL;',
                    hash="0ff070d4451e2cc3c3eebb7efcb3e35e0e38e69d",
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
                    func='INSERT INTO public."diagnostics_instrumentversionevent" ("based_on", "id", "note", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "version") VALUES (OLD."based_on", OLD."id", OLD."note", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."published_at", OLD."version"); RETURN NULL;',
                    hash="49cef8ab42b9e8dd1fce03c6dc8e0c3a19dc29c8",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_5e75f",
                    table="diagnostics_instrumentversion",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="instrumentversionevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="instrumentversion_when"),
        ),
        migrations.AddIndex(
            model_name="instrumentversionevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="instrumentversion_what"),
        ),
        *(protect(f"diagnostics_{name}") for name in OWNED),
        *(protect(f"diagnostics_{name}event") for name in OWNED),
        *(append_only(f"diagnostics_{name}event") for name in OWNED),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION public.keep_published_questions()"),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER keep_published_questions ON diagnostics_instrumentversion"),
    ]
