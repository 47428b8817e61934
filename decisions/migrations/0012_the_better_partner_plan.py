"""The plan to become a better partner: actions, practices to remove, and options for more capacity."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import partnerships.recording
from partnerships.recording import append_only
from partnerships.row_security import protect

TABLES = ["capacityoption", "planaction", "practice"]
EVENTS = [f"{table}event" for table in TABLES]
# child table, column that names the parent, parent table; both have the same organisation
SAME_OWNER = [
    ("capacityoption", "adjustment_id", "partnerships_capacityadjustment"),
    ("planaction", "adjustment_id", "partnerships_capacityadjustment"),
    ("planaction", "participation_id", "partnerships_participation"),
    ("practice", "adjustment_id", "partnerships_capacityadjustment"),
]


def whose_they_are():
    """They are seen by their organisation only, and belong to what they speak of."""
    for child, column, parent in SAME_OWNER:
        name = f"{child}_{column}_same_owner"
        yield migrations.RunSQL(
            f"ALTER TABLE decisions_{child} ADD CONSTRAINT {name} FOREIGN KEY ({column}, organisation_id) "
            f"REFERENCES {parent} (id, organisation_id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE decisions_{child} DROP CONSTRAINT {name}",
        )
    for table in [*TABLES, *EVENTS]:
        yield protect(f"decisions_{table}")
    for table in EVENTS:
        yield append_only(f"decisions_{table}")


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0011_whose_letters_are"),
        ("partnerships", "0041_days_set_aside"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CapacityOption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="what it is")),
                (
                    "yearly_cost",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=10,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="pounds a year",
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "adjustment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partnerships.capacityadjustment",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="capacity_options",
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
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="CapacityOptionEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=200, verbose_name="what it is")),
                (
                    "yearly_cost",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=10,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="pounds a year",
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
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
                        to="decisions.capacityoption",
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
        migrations.CreateModel(
            name="PlanAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "characteristic",
                    models.CharField(
                        choices=[
                            ("purpose", "Clear purpose, realistic goals"),
                            ("focus", "Relentless focus"),
                            ("commitment", "Committed, empowered partners"),
                            ("trust", "Trust and generosity"),
                            ("connection", "Boundary-spanning leadership and connection"),
                            ("learning", "Measurement and learning"),
                            ("governance", "Enabling governance"),
                            ("skills", "Skills and capabilities"),
                        ],
                        max_length=10,
                    ),
                ),
                ("what", models.CharField(max_length=400, verbose_name="what is done")),
                ("begins_on", models.DateField(verbose_name="begins")),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("under_way", "Under way"),
                            ("done", "Done"),
                            ("stopped", "Stopped"),
                        ],
                        default="planned",
                        max_length=9,
                    ),
                ),
                ("came_of_it", models.TextField(blank=True, verbose_name="what came of it")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="day on which it ended")),
                ("recorded_at", models.DateTimeField()),
                (
                    "adjustment",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partnerships.capacityadjustment",
                    ),
                ),
                (
                    "closed_by",
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
                        related_name="plan_actions",
                        to="partnerships.organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_actions",
                        to="partnerships.participation",
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
                "ordering": ["due_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanActionEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "characteristic",
                    models.CharField(
                        choices=[
                            ("purpose", "Clear purpose, realistic goals"),
                            ("focus", "Relentless focus"),
                            ("commitment", "Committed, empowered partners"),
                            ("trust", "Trust and generosity"),
                            ("connection", "Boundary-spanning leadership and connection"),
                            ("learning", "Measurement and learning"),
                            ("governance", "Enabling governance"),
                            ("skills", "Skills and capabilities"),
                        ],
                        max_length=10,
                    ),
                ),
                ("what", models.CharField(max_length=400, verbose_name="what is done")),
                ("begins_on", models.DateField(verbose_name="begins")),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("under_way", "Under way"),
                            ("done", "Done"),
                            ("stopped", "Stopped"),
                        ],
                        default="planned",
                        max_length=9,
                    ),
                ),
                ("came_of_it", models.TextField(blank=True, verbose_name="what came of it")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="day on which it ended")),
                ("recorded_at", models.DateTimeField()),
                (
                    "adjustment",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="partnerships.capacityadjustment",
                    ),
                ),
                (
                    "closed_by",
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
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
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
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="decisions.planaction",
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
        migrations.CreateModel(
            name="Practice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=400, verbose_name="what we do")),
                ("why_it_costs", models.TextField(verbose_name="why it gets in the way")),
                ("stop_by", models.DateField(verbose_name="stopped by")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("stopped", "Stopped"), ("kept", "Kept after all")],
                        default="proposed",
                        max_length=8,
                    ),
                ),
                ("came_of_it", models.TextField(blank=True, verbose_name="what came of it")),
                (
                    "closed_on",
                    models.DateField(blank=True, null=True, verbose_name="day on which it was stopped or kept"),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "adjustment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partnerships.capacityadjustment",
                    ),
                ),
                (
                    "closed_by",
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
                        related_name="practices",
                        to="partnerships.organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                "ordering": ["stop_by", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PracticeEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("what", models.CharField(max_length=400, verbose_name="what we do")),
                ("why_it_costs", models.TextField(verbose_name="why it gets in the way")),
                ("stop_by", models.DateField(verbose_name="stopped by")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("stopped", "Stopped"), ("kept", "Kept after all")],
                        default="proposed",
                        max_length=8,
                    ),
                ),
                ("came_of_it", models.TextField(blank=True, verbose_name="what came of it")),
                (
                    "closed_on",
                    models.DateField(blank=True, null=True, verbose_name="day on which it was stopped or kept"),
                ),
                ("recorded_at", models.DateTimeField()),
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
                (
                    "closed_by",
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
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="decisions.practice",
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
            model_name="capacityoption",
            constraint=models.UniqueConstraint(
                models.F("organisation"),
                django.db.models.functions.text.Lower("name"),
                name="capacity_option_once",
                violation_error_message="An option has this name already. Choose a different one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="capacityoption",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "\\S")),
                name="capacity_option_has_a_name",
                violation_error_message="Enter what the option is.",
            ),
        ),
        migrations.AddConstraint(
            model_name="capacityoption",
            constraint=models.CheckConstraint(
                condition=models.Q(("yearly_cost__isnull", True), ("yearly_cost__gt", 0), _connector="OR"),
                name="capacity_option_costs_something",
                violation_error_message="Enter the cost as more than £0, or leave it empty where nobody knows it.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="capacityoption",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_capacityoptionevent" ("adjustment_id", "id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "yearly_cost") VALUES (NEW."adjustment_id", NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."yearly_cost"); RETURN NULL;',
                    hash="481ce1dbd692963d9d9da952b590ad1057ee38dc",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_1cb26",
                    table="decisions_capacityoption",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="capacityoption",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."name" IS DISTINCT FROM NEW."name" OR OLD."yearly_cost" IS DISTINCT FROM NEW."yearly_cost"))',
                    func='INSERT INTO public."decisions_capacityoptionevent" ("adjustment_id", "id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "yearly_cost") VALUES (NEW."adjustment_id", NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."yearly_cost"); RETURN NULL;',
                    hash="6505e064feb0551defcedd1d61c86ee55b9f2ea5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f6390",
                    table="decisions_capacityoption",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="capacityoption",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_capacityoptionevent" ("adjustment_id", "id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "yearly_cost") VALUES (OLD."adjustment_id", OLD."id", OLD."name", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."yearly_cost"); RETURN NULL;',
                    hash="72030cb573425e6a2c84cc4118233695d891fc23",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ebe38",
                    table="decisions_capacityoption",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="capacityoptionevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="capacityoption_when"),
        ),
        migrations.AddIndex(
            model_name="capacityoptionevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="capacityoption_what"),
        ),
        migrations.AddConstraint(
            model_name="planaction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("planned", "under_way"))),
                fields=("organisation", "participation", "characteristic", "what"),
                name="plan_action_once",
                nulls_distinct=False,
                violation_error_message="This action is in the plan already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="planaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "characteristic__in",
                        ["purpose", "focus", "commitment", "trust", "connection", "learning", "governance", "skills"],
                    )
                ),
                name="plan_action_characteristic_is_known",
                violation_error_message="Choose one of the eight characteristics.",
            ),
        ),
        migrations.AddConstraint(
            model_name="planaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["planned", "under_way", "done", "stopped"])),
                name="plan_action_state_is_known",
                violation_error_message="An action is planned, under way, done or stopped.",
            ),
        ),
        migrations.AddConstraint(
            model_name="planaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("what__regex", "\\S")),
                name="plan_action_says_what",
                violation_error_message="Enter what will be done.",
            ),
        ),
        migrations.AddConstraint(
            model_name="planaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gte", models.F("begins_on"))),
                name="plan_action_due_once_it_begins",
                violation_error_message="An action cannot be due before it begins. Enter that day or a later one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="planaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_by__isnull", True),
                        ("closed_on__isnull", True),
                        ("state__in", ("planned", "under_way")),
                    ),
                    models.Q(
                        models.Q(("state__in", ("planned", "under_way")), _negated=True),
                        ("closed_by__isnull", False),
                        ("closed_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="plan_action_closed_by_and_on",
                violation_error_message="Record both who ended the action and when, or neither while it goes on.",
            ),
        ),
        migrations.AddConstraint(
            model_name="planaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("came_of_it", ""), ("state__in", ("planned", "under_way"))),
                    models.Q(
                        models.Q(("state__in", ("planned", "under_way")), _negated=True), ("came_of_it__regex", "\\S")
                    ),
                    _connector="OR",
                ),
                name="plan_action_says_what_came_of_it",
                violation_error_message="Say what came of the action, or why it was stopped.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="planaction",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_planactionevent" ("adjustment_id", "begins_on", "came_of_it", "characteristic", "closed_by_id", "closed_on", "due_on", "id", "organisation_id", "owner_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "state", "what") VALUES (NEW."adjustment_id", NEW."begins_on", NEW."came_of_it", NEW."characteristic", NEW."closed_by_id", NEW."closed_on", NEW."due_on", NEW."id", NEW."organisation_id", NEW."owner_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."state", NEW."what"); RETURN NULL;',
                    hash="df1a18c52e616d1c27ec3ea64c37139fab3f5f56",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6bfea",
                    table="decisions_planaction",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="planaction",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."participation_id" IS DISTINCT FROM NEW."participation_id" OR OLD."characteristic" IS DISTINCT FROM NEW."characteristic" OR OLD."what" IS DISTINCT FROM NEW."what" OR OLD."owner_id" IS DISTINCT FROM NEW."owner_id" OR OLD."begins_on" IS DISTINCT FROM NEW."begins_on" OR OLD."due_on" IS DISTINCT FROM NEW."due_on" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."came_of_it" IS DISTINCT FROM NEW."came_of_it" OR OLD."closed_on" IS DISTINCT FROM NEW."closed_on"))',
                    func='INSERT INTO public."decisions_planactionevent" ("adjustment_id", "begins_on", "came_of_it", "characteristic", "closed_by_id", "closed_on", "due_on", "id", "organisation_id", "owner_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "state", "what") VALUES (NEW."adjustment_id", NEW."begins_on", NEW."came_of_it", NEW."characteristic", NEW."closed_by_id", NEW."closed_on", NEW."due_on", NEW."id", NEW."organisation_id", NEW."owner_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."state", NEW."what"); RETURN NULL;',
                    hash="c5b128bbf623b8c6cebbd5e3b4e30ed9be3ecfdd",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d1df8",
                    table="decisions_planaction",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="planaction",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_planactionevent" ("adjustment_id", "begins_on", "came_of_it", "characteristic", "closed_by_id", "closed_on", "due_on", "id", "organisation_id", "owner_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "state", "what") VALUES (OLD."adjustment_id", OLD."begins_on", OLD."came_of_it", OLD."characteristic", OLD."closed_by_id", OLD."closed_on", OLD."due_on", OLD."id", OLD."organisation_id", OLD."owner_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."state", OLD."what"); RETURN NULL;',
                    hash="dfaa6960218fc53408bb5d2e7a6442136e6e807c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_53abd",
                    table="decisions_planaction",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="planactionevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="planaction_when"),
        ),
        migrations.AddIndex(
            model_name="planactionevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="planaction_what"),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")),
                fields=("organisation", "what"),
                name="practice_once",
                violation_error_message="This practice is on the list already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "stopped", "kept"])),
                name="practice_state_is_known",
                violation_error_message="A practice is proposed to be removed, stopped, or kept after all.",
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(("what__regex", "\\S")),
                name="practice_says_what",
                violation_error_message="Enter what we do that could stop.",
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(("why_it_costs__regex", "\\S")),
                name="practice_says_why_it_costs",
                violation_error_message="Say why it gets in the way.",
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_by__isnull", True), ("closed_on__isnull", True), ("state", "proposed")),
                    models.Q(
                        models.Q(("state", "proposed"), _negated=True),
                        ("closed_by__isnull", False),
                        ("closed_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="practice_closed_by_and_on",
                violation_error_message="Record both who stopped or kept it and when, or neither while it is proposed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("came_of_it", ""), ("state", "proposed")),
                    models.Q(("state__in", ["proposed", "kept"]), _negated=True),
                    models.Q(("came_of_it__regex", "\\S"), ("state", "kept")),
                    _connector="OR",
                ),
                name="practice_kept_for_a_reason",
                violation_error_message="Say why it is kept after all.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="practice",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_practiceevent" ("adjustment_id", "came_of_it", "closed_by_id", "closed_on", "id", "organisation_id", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "state", "stop_by", "what", "why_it_costs") VALUES (NEW."adjustment_id", NEW."came_of_it", NEW."closed_by_id", NEW."closed_on", NEW."id", NEW."organisation_id", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."state", NEW."stop_by", NEW."what", NEW."why_it_costs"); RETURN NULL;',
                    hash="7781c2266422e63b7c456e3ae754a2d15fda842e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_be790",
                    table="decisions_practice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="practice",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."what" IS DISTINCT FROM NEW."what" OR OLD."why_it_costs" IS DISTINCT FROM NEW."why_it_costs" OR OLD."owner_id" IS DISTINCT FROM NEW."owner_id" OR OLD."stop_by" IS DISTINCT FROM NEW."stop_by" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."came_of_it" IS DISTINCT FROM NEW."came_of_it" OR OLD."closed_on" IS DISTINCT FROM NEW."closed_on"))',
                    func='INSERT INTO public."decisions_practiceevent" ("adjustment_id", "came_of_it", "closed_by_id", "closed_on", "id", "organisation_id", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "state", "stop_by", "what", "why_it_costs") VALUES (NEW."adjustment_id", NEW."came_of_it", NEW."closed_by_id", NEW."closed_on", NEW."id", NEW."organisation_id", NEW."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."state", NEW."stop_by", NEW."what", NEW."why_it_costs"); RETURN NULL;',
                    hash="364d3b4f561fb4ac8804d30098d118de52e432e3",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c7fda",
                    table="decisions_practice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="practice",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_practiceevent" ("adjustment_id", "came_of_it", "closed_by_id", "closed_on", "id", "organisation_id", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "state", "stop_by", "what", "why_it_costs") VALUES (OLD."adjustment_id", OLD."came_of_it", OLD."closed_by_id", OLD."closed_on", OLD."id", OLD."organisation_id", OLD."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."state", OLD."stop_by", OLD."what", OLD."why_it_costs"); RETURN NULL;',
                    hash="152eea0969e9dec89cabff0ac0d8e8a76a56e491",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_38326",
                    table="decisions_practice",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="practiceevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="practice_when"),
        ),
        migrations.AddIndex(
            model_name="practiceevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="practice_what"),
        ),
        *whose_they_are(),
    ]
