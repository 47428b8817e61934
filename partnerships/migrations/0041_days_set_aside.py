"""Days that are set aside or freed in pools, from one quarter until another, and what for."""

import django.core.validators
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import partnerships.recording
from partnerships.recording import append_only
from partnerships.row_security import protect

TABLES = ["adjusteddays", "capacityadjustment"]
EVENTS = [f"{table}event" for table in TABLES]
# child table, column that names the parent, parent table; both have the same organisation
SAME_OWNER = [
    ("adjusteddays", "adjustment_id", "partnerships_capacityadjustment"),
    ("adjusteddays", "pool_id", "partnerships_capacitypool"),
]


def whose_they_are():
    """They are seen by their organisation only, and are of its own pools."""
    yield migrations.RunSQL(
        "ALTER TABLE partnerships_capacityadjustment ADD CONSTRAINT adjustment_with_owner UNIQUE (id, organisation_id)",
        "ALTER TABLE partnerships_capacityadjustment DROP CONSTRAINT adjustment_with_owner",
    )
    for child, column, parent in SAME_OWNER:
        name = f"{child}_{column}_same_owner"
        yield migrations.RunSQL(
            f"ALTER TABLE partnerships_{child} ADD CONSTRAINT {name} FOREIGN KEY ({column}, organisation_id) "
            f"REFERENCES {parent} (id, organisation_id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE partnerships_{child} DROP CONSTRAINT {name}",
        )
    for table in [*TABLES, *EVENTS]:
        yield protect(f"partnerships_{table}")
    for table in EVENTS:
        yield append_only(f"partnerships_{table}")


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0040_changing_who_is_asked"),
    ]

    operations = [
        migrations.CreateModel(
            name="AdjustedDays",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "days",
                    models.DecimalField(
                        decimal_places=2, max_digits=8, validators=[django.core.validators.MinValueValidator(0)]
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjusted_days",
                        to="partnerships.organisation",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjusted_days",
                        to="partnerships.capacitypool",
                    ),
                ),
            ],
            options={
                "ordering": ["adjustment", "pool__position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CapacityAdjustment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("set_aside", "Set aside"), ("freed", "Freed"), ("considered", "Considered")],
                        max_length=10,
                    ),
                ),
                ("what_for", models.CharField(max_length=500, verbose_name="what for")),
                (
                    "from_quarter",
                    models.DateField(blank=True, help_text="The first day of the first quarter.", null=True),
                ),
                (
                    "until_quarter",
                    models.DateField(
                        blank=True,
                        help_text="The first day of the last quarter; blank until further notice.",
                        null=True,
                    ),
                ),
                (
                    "given_back_on",
                    models.DateField(blank=True, null=True, verbose_name="day on which it was given back"),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "given_back_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="capacity_adjustments",
                        to="partnerships.organisation",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["organisation", "from_quarter", "pk"],
            },
        ),
        migrations.CreateModel(
            name="AdjustedDaysEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "days",
                    models.DecimalField(
                        decimal_places=2, max_digits=8, validators=[django.core.validators.MinValueValidator(0)]
                    ),
                ),
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
                        to="partnerships.adjusteddays",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnerships.capacitypool",
                    ),
                ),
                (
                    "adjustment",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnerships.capacityadjustment",
                    ),
                ),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="adjusteddays",
            name="adjustment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="amounts",
                to="partnerships.capacityadjustment",
            ),
        ),
        migrations.CreateModel(
            name="CapacityAdjustmentEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("set_aside", "Set aside"), ("freed", "Freed"), ("considered", "Considered")],
                        max_length=10,
                    ),
                ),
                ("what_for", models.CharField(max_length=500, verbose_name="what for")),
                (
                    "from_quarter",
                    models.DateField(blank=True, help_text="The first day of the first quarter.", null=True),
                ),
                (
                    "until_quarter",
                    models.DateField(
                        blank=True,
                        help_text="The first day of the last quarter; blank until further notice.",
                        null=True,
                    ),
                ),
                (
                    "given_back_on",
                    models.DateField(blank=True, null=True, verbose_name="day on which it was given back"),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "given_back_by",
                    models.ForeignKey(
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
                        to="partnerships.capacityadjustment",
                    ),
                ),
                (
                    "recorded_by",
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
        migrations.AddConstraint(
            model_name="capacityadjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["set_aside", "freed", "considered"])),
                name="adjustment_kind_is_known",
                violation_error_message="Days are set aside, freed or considered.",
            ),
        ),
        migrations.AddConstraint(
            model_name="capacityadjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(("what_for__regex", "\\S")),
                name="adjustment_says_what_for",
                violation_error_message="Say what the days are set aside for, or what frees them.",
            ),
        ),
        migrations.AddConstraint(
            model_name="capacityadjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("from_quarter__isnull", True),
                        models.Q(("from_quarter__day", 1), ("from_quarter__month__in", (1, 4, 7, 10))),
                        _connector="OR",
                    ),
                    models.Q(
                        ("until_quarter__isnull", True),
                        models.Q(("until_quarter__day", 1), ("until_quarter__month__in", (1, 4, 7, 10))),
                        _connector="OR",
                    ),
                ),
                name="adjustment_quarters_are_first_days",
                violation_error_message="A quarter starts on the first of January, April, July or October.",
            ),
        ),
        migrations.AddConstraint(
            model_name="capacityadjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_quarter__isnull", True),
                    models.Q(("from_quarter__isnull", False), ("until_quarter__gte", models.F("from_quarter"))),
                    _connector="OR",
                ),
                name="adjustment_ends_after_it_starts",
                violation_error_message="The last quarter is before the first. Check both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="capacityadjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "set_aside"), _negated=True), ("from_quarter__isnull", False), _connector="OR"
                ),
                name="adjustment_sets_aside_from_a_quarter",
                violation_error_message="Say from which quarter the days are set aside.",
            ),
        ),
        migrations.AddConstraint(
            model_name="capacityadjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "considered"), _negated=True), ("from_quarter__isnull", True), _connector="OR"
                ),
                name="adjustment_considered_never_counts",
                violation_error_message="Days that are only considered do not count in any quarter.",
            ),
        ),
        migrations.AddConstraint(
            model_name="capacityadjustment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("given_back_by__isnull", True), ("given_back_on__isnull", True)),
                    models.Q(("given_back_by__isnull", False), ("given_back_on__isnull", False)),
                    _connector="OR",
                ),
                name="adjustment_given_back_by_and_on",
                violation_error_message="Record both who gave the days back and when, or neither.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="capacityadjustment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_capacityadjustmentevent" ("from_quarter", "given_back_by_id", "given_back_on", "id", "kind", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "until_quarter", "what_for") VALUES (NEW."from_quarter", NEW."given_back_by_id", NEW."given_back_on", NEW."id", NEW."kind", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."until_quarter", NEW."what_for"); RETURN NULL;',
                    hash="24e144a703320c0a152967e87ea3d3c8f2fd91f5",
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
                    condition='WHEN ((OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."what_for" IS DISTINCT FROM NEW."what_for" OR OLD."from_quarter" IS DISTINCT FROM NEW."from_quarter" OR OLD."until_quarter" IS DISTINCT FROM NEW."until_quarter" OR OLD."given_back_on" IS DISTINCT FROM NEW."given_back_on"))',
                    func='INSERT INTO public."partnerships_capacityadjustmentevent" ("from_quarter", "given_back_by_id", "given_back_on", "id", "kind", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "until_quarter", "what_for") VALUES (NEW."from_quarter", NEW."given_back_by_id", NEW."given_back_on", NEW."id", NEW."kind", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."until_quarter", NEW."what_for"); RETURN NULL;',
                    hash="a406e8c293aa2b3589ff659e1a252c2b1102d791",
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
                    func='INSERT INTO public."partnerships_capacityadjustmentevent" ("from_quarter", "given_back_by_id", "given_back_on", "id", "kind", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "until_quarter", "what_for") VALUES (OLD."from_quarter", OLD."given_back_by_id", OLD."given_back_on", OLD."id", OLD."kind", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."until_quarter", OLD."what_for"); RETURN NULL;',
                    hash="71eecb862ebdf096f1d0e7252924278f7e97ccb9",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2d269",
                    table="partnerships_capacityadjustment",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="adjusteddaysevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="adjusteddays_when"),
        ),
        migrations.AddIndex(
            model_name="adjusteddaysevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="adjusteddays_what"),
        ),
        migrations.AddConstraint(
            model_name="adjusteddays",
            constraint=models.UniqueConstraint(
                fields=("adjustment", "pool"),
                name="adjusted_days_once_a_pool",
                violation_error_message="The days of this pool are recorded already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="adjusteddays",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__gt", 0)),
                name="adjusted_days_are_some",
                violation_error_message="Enter more than 0 days, or leave the pool empty.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="adjusteddays",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_adjusteddaysevent" ("adjustment_id", "days", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pool_id") VALUES (NEW."adjustment_id", NEW."days", NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."pool_id"); RETURN NULL;',
                    hash="119a403c87ce26f890db7dff4283fb741cc8022e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_db6cd",
                    table="partnerships_adjusteddays",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="adjusteddays",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."adjustment_id" IS DISTINCT FROM NEW."adjustment_id" OR OLD."pool_id" IS DISTINCT FROM NEW."pool_id" OR OLD."days" IS DISTINCT FROM NEW."days"))',
                    func='INSERT INTO public."partnerships_adjusteddaysevent" ("adjustment_id", "days", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pool_id") VALUES (NEW."adjustment_id", NEW."days", NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."pool_id"); RETURN NULL;',
                    hash="1f2e31488edf2f31740fdf66f0bdd9db63558be6",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1a8f7",
                    table="partnerships_adjusteddays",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="adjusteddays",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_adjusteddaysevent" ("adjustment_id", "days", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pool_id") VALUES (OLD."adjustment_id", OLD."days", OLD."id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."pool_id"); RETURN NULL;',
                    hash="b91e953269c3061a4b5b83cfce0ab72b353b22fc",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_c9853",
                    table="partnerships_adjusteddays",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="capacityadjustmentevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="capacityadjustment_when"),
        ),
        migrations.AddIndex(
            model_name="capacityadjustmentevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="capacityadjustment_what"),
        ),
        *whose_they_are(),
    ]
