"""One link for many, and the invitations of nobody that it gives out; an open link is seen by whoever has it."""

import django.db.models.deletion
import django.db.models.functions.text
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import partnerships.recording
from partnerships.recording import append_only
from partnerships.row_security import protect


def same_as_its_survey():
    """Its organisation and its participation are its survey's, and the database refuses anything else."""
    yield migrations.RunSQL(
        "ALTER TABLE diagnostics_round ADD CONSTRAINT round_with_participation UNIQUE (id, participation_id)",
        "ALTER TABLE diagnostics_round DROP CONSTRAINT round_with_participation",
    )
    for column in ("organisation_id", "participation_id"):
        name = f"survey_openlink_{column}_of_its_round"
        yield migrations.RunSQL(
            f"ALTER TABLE diagnostics_openlink ADD CONSTRAINT {name} FOREIGN KEY (round_id, {column}) "
            f"REFERENCES diagnostics_round (id, {column}) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE diagnostics_openlink DROP CONSTRAINT {name}",
        )


class Migration(migrations.Migration):
    dependencies = [
        ("diagnostics", "0008_what_a_survey_asks_about"),
        ("partnerships", "0030_accounts_while_they_had_a_role"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpenLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seats", models.PositiveSmallIntegerField(verbose_name="people it is given to")),
                ("taken", models.PositiveSmallIntegerField(default=0, help_text="How many have started with it.")),
                ("link_hash", models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ("link_number", models.PositiveSmallIntegerField(default=0, verbose_name="times it was replaced")),
                ("is_withdrawn", models.BooleanField(default=False, verbose_name="withdrawn")),
            ],
            options={
                "ordering": ["round"],
            },
        ),
        migrations.CreateModel(
            name="OpenLinkEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("seats", models.PositiveSmallIntegerField(verbose_name="people it is given to")),
                ("link_number", models.PositiveSmallIntegerField(default=0, verbose_name="times it was replaced")),
                ("is_withdrawn", models.BooleanField(default=False, verbose_name="withdrawn")),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="invitation",
            name="invitation_once_a_round",
        ),
        migrations.AddField(
            model_name="invitation",
            name="seat_batch",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="Of a seat: lower batches are given out first. Empty for a person.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="email",
            field=models.EmailField(blank=True, max_length=254),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"),
                models.F("round"),
                condition=models.Q(("seat_batch__isnull", True)),
                name="invitation_once_a_round",
                violation_error_message="This email address is already invited to this survey.",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("seat_batch__isnull", True), models.Q(("email", ""), _negated=True)),
                    models.Q(
                        ("email", ""),
                        ("email_failed_on", None),
                        ("name", ""),
                        ("role", ""),
                        ("seat_batch__isnull", False),
                        ("works_for", ""),
                    ),
                    _connector="OR",
                ),
                name="invitation_of_somebody_or_of_nobody",
                violation_error_message="Enter an email address for everybody who is asked by name.",
            ),
        ),
        migrations.AddField(
            model_name="openlink",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="survey_open_links",
                to="partnerships.organisation",
            ),
        ),
        migrations.AddField(
            model_name="openlink",
            name="participation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="survey_open_links",
                to="partnerships.participation",
            ),
        ),
        migrations.AddField(
            model_name="openlink",
            name="round",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="open_link", to="diagnostics.round"
            ),
        ),
        migrations.AddField(
            model_name="openlinkevent",
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
            model_name="openlinkevent",
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
            model_name="openlinkevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="diagnostics.openlink",
            ),
        ),
        migrations.AddConstraint(
            model_name="openlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("seats__gte", 1), ("seats__lte", 2000)),
                name="open_link_for_somebody",
                violation_error_message="Enter how many people have the open link: from 1 to 2000.",
            ),
        ),
        migrations.AddConstraint(
            model_name="openlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken__lte", models.F("seats"))),
                name="open_link_taken_by_no_more",
                violation_error_message="As many people have started with this link as it was given to.",
            ),
        ),
        migrations.AddConstraint(
            model_name="openlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_withdrawn", False), ("link_hash__isnull", True), _connector="OR"),
                name="open_link_withdrawn_leads_nowhere",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="openlink",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_openlinkevent" ("id", "is_withdrawn", "link_number", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "seats") VALUES (NEW."id", NEW."is_withdrawn", NEW."link_number", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."seats"); RETURN NULL;',
                    hash="67e7e632a96219c2bf72446eb329fc62736b154d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b2a91",
                    table="diagnostics_openlink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="openlink",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."participation_id" IS DISTINCT FROM NEW."participation_id" OR OLD."seats" IS DISTINCT FROM NEW."seats" OR OLD."link_number" IS DISTINCT FROM NEW."link_number" OR OLD."is_withdrawn" IS DISTINCT FROM NEW."is_withdrawn"))',
                    func='INSERT INTO public."diagnostics_openlinkevent" ("id", "is_withdrawn", "link_number", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "seats") VALUES (NEW."id", NEW."is_withdrawn", NEW."link_number", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."seats"); RETURN NULL;',
                    hash="8b977692c963f1b7adb559823f67ae3dfa2bca24",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_97c68",
                    table="diagnostics_openlink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="openlink",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_openlinkevent" ("id", "is_withdrawn", "link_number", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "seats") VALUES (OLD."id", OLD."is_withdrawn", OLD."link_number", OLD."organisation_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."seats"); RETURN NULL;',
                    hash="288ed7a9e8de5c2052249354ec0b969c1a7e89b7",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_5e6e7",
                    table="diagnostics_openlink",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="openlinkevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="openlink_when"),
        ),
        migrations.AddIndex(
            model_name="openlinkevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="openlink_what"),
        ),
        protect("diagnostics_openlink", link="link_hash"),
        protect("diagnostics_openlinkevent"),
        append_only("diagnostics_openlinkevent"),
        *same_as_its_survey(),
    ]
