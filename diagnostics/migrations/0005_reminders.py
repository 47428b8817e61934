"""Who is to be reminded, and was; and which addresses a mail server refused."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import partnerships.recording
from partnerships.row_security import gives_out_ids, protect


class Migration(migrations.Migration):
    dependencies = [
        ("diagnostics", "0004_the_record_of_changes"),
        ("partnerships", "0028_every_change_leaves_a_line"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("halfway", "Halfway to the last day"),
                            ("before_last_day", "Two days before the last day"),
                        ],
                        max_length=20,
                    ),
                ),
                ("last_day", models.DateField(help_text="The last day to answer that it was about.")),
                ("taken_on", models.DateField()),
                ("sent", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["invitation", "taken_on", "kind"],
            },
        ),
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
            model_name="invitation",
            name="email_failed_on",
            field=models.DateField(blank=True, help_text="When a mail server refused the address for good.", null=True),
        ),
        migrations.AddField(
            model_name="round",
            name="remind_before_last_day",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="round",
            name="remind_halfway",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="roundevent",
            name="remind_before_last_day",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="roundevent",
            name="remind_halfway",
            field=models.BooleanField(default=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="round",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_roundevent" ("closed_at", "closed_by_id", "closes_on", "created_at", "created_by_id", "id", "instrument_version", "opened_at", "opened_by_id", "opens_on", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_before_last_day", "remind_halfway", "state", "threshold") VALUES (NEW."closed_at", NEW."closed_by_id", NEW."closes_on", NEW."created_at", NEW."created_by_id", NEW."id", NEW."instrument_version", NEW."opened_at", NEW."opened_by_id", NEW."opens_on", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."remind_before_last_day", NEW."remind_halfway", NEW."state", NEW."threshold"); RETURN NULL;',
                    hash="98c8e463054265f41af74d875a3fc55116cf69e2",
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
                    condition='WHEN ((OLD."participation_id" IS DISTINCT FROM NEW."participation_id" OR OLD."instrument_version" IS DISTINCT FROM NEW."instrument_version" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."threshold" IS DISTINCT FROM NEW."threshold" OR OLD."opens_on" IS DISTINCT FROM NEW."opens_on" OR OLD."closes_on" IS DISTINCT FROM NEW."closes_on" OR OLD."remind_halfway" IS DISTINCT FROM NEW."remind_halfway" OR OLD."remind_before_last_day" IS DISTINCT FROM NEW."remind_before_last_day"))',
                    func='INSERT INTO public."diagnostics_roundevent" ("closed_at", "closed_by_id", "closes_on", "created_at", "created_by_id", "id", "instrument_version", "opened_at", "opened_by_id", "opens_on", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_before_last_day", "remind_halfway", "state", "threshold") VALUES (NEW."closed_at", NEW."closed_by_id", NEW."closes_on", NEW."created_at", NEW."created_by_id", NEW."id", NEW."instrument_version", NEW."opened_at", NEW."opened_by_id", NEW."opens_on", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."remind_before_last_day", NEW."remind_halfway", NEW."state", NEW."threshold"); RETURN NULL;',
                    hash="839c7fdbf41c965f20d467755e002f94baafd4a5",
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
                    func='INSERT INTO public."diagnostics_roundevent" ("closed_at", "closed_by_id", "closes_on", "created_at", "created_by_id", "id", "instrument_version", "opened_at", "opened_by_id", "opens_on", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_before_last_day", "remind_halfway", "state", "threshold") VALUES (OLD."closed_at", OLD."closed_by_id", OLD."closes_on", OLD."created_at", OLD."created_by_id", OLD."id", OLD."instrument_version", OLD."opened_at", OLD."opened_by_id", OLD."opens_on", OLD."organisation_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."remind_before_last_day", OLD."remind_halfway", OLD."state", OLD."threshold"); RETURN NULL;',
                    hash="9ce16f5fa534d42e3488aca2e468a163c1e0ed83",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d04bc",
                    table="diagnostics_round",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="invitation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="diagnostics.invitation"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="survey_reminders",
                to="partnerships.organisation",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=("invitation", "kind", "last_day"),
                name="reminder_once",
                violation_error_message="This person has had this reminder.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["halfway", "before_last_day"])),
                name="reminder_kind_is_known",
                violation_error_message="Choose a reminder from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken_on__lte", models.F("last_day"))),
                name="reminder_by_the_last_day",
                violation_error_message="The last day to answer has passed, so nobody can be reminded.",
            ),
        ),
        protect("diagnostics_reminder"),
        migrations.RunSQL(
            "ALTER TABLE diagnostics_invitation ADD CONSTRAINT invitation_with_owner UNIQUE (id, organisation_id)",
            "ALTER TABLE diagnostics_invitation DROP CONSTRAINT invitation_with_owner",
        ),
        migrations.RunSQL(
            "ALTER TABLE diagnostics_reminder ADD CONSTRAINT survey_reminder_invitation_id_same_owner "
            "FOREIGN KEY (invitation_id, organisation_id) REFERENCES diagnostics_invitation (id, organisation_id) "
            "DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE diagnostics_reminder DROP CONSTRAINT survey_reminder_invitation_id_same_owner",
        ),
        # Where may somebody have to be reminded today?
        gives_out_ids(
            "diagnostics_with_reminders_due(today date)",
            "SETOF bigint",
            "SELECT DISTINCT organisation_id FROM public.diagnostics_round WHERE state = 'open' "
            "AND (remind_halfway OR remind_before_last_day) AND opens_on < today AND closes_on >= today",
        ),
    ]
