"""Promises: what we said that we would do, who sees to it, by when, and what became of it."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import partnerships.recording
from partnerships.recording import append_only
from partnerships.row_security import protect

TABLES = ["promise", "promisemoved", "promiseevent", "promisemovedevent"]
ONLY_ADDED_TO = ["promisemoved", "promiseevent", "promisemovedevent"]
# child table, column that names the parent, parent table, what both have the same of
SAME = [
    ("promise", "participation_id", "partnerships_participation", "organisation_id"),
    ("promise", "decision_id", "decisions_decision", "participation_id"),
    ("promisemoved", "participation_id", "partnerships_participation", "organisation_id"),
    ("promisemoved", "promise_id", "decisions_promise", "participation_id"),
]


def whose_they_are():
    """Promises are seen by their organisation only, and belong to what they speak of."""
    yield migrations.RunSQL(
        "ALTER TABLE decisions_promise ADD CONSTRAINT promise_with_partnership UNIQUE (id, participation_id)",
        "ALTER TABLE decisions_promise DROP CONSTRAINT promise_with_partnership",
    )
    for child, column, parent, same in SAME:
        name = f"{child}_{column}_same_owner"
        yield migrations.RunSQL(
            f"ALTER TABLE decisions_{child} ADD CONSTRAINT {name} FOREIGN KEY ({column}, {same}) "
            f"REFERENCES {parent} (id, {same}) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE decisions_{child} DROP CONSTRAINT {name}",
        )
    for table in TABLES:
        yield protect(f"decisions_{table}")
    for table in ONLY_ADDED_TO:
        yield append_only(f"decisions_{table}")


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0003_decisions_are_shared"),
        ("partnerships", "0034_sharing_what_is_decided"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=500, verbose_name="what is promised")),
                ("made_to", models.CharField(max_length=120, verbose_name="to whom")),
                ("made_on", models.DateField(verbose_name="day on which it was made")),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("kept", "Kept"),
                            ("not_kept", "Not kept"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("evidence", models.TextField(blank=True)),
                ("why", models.TextField(blank=True)),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="day on which it was closed")),
                ("recorded_at", models.DateTimeField()),
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
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="decisions.decision",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
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
            name="PromiseEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("what", models.CharField(max_length=500, verbose_name="what is promised")),
                ("made_to", models.CharField(max_length=120, verbose_name="to whom")),
                ("made_on", models.DateField(verbose_name="day on which it was made")),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("kept", "Kept"),
                            ("not_kept", "Not kept"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("evidence", models.TextField(blank=True)),
                ("why", models.TextField(blank=True)),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="day on which it was closed")),
                ("recorded_at", models.DateTimeField()),
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
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="decisions.decision",
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
                        db_constraint=False,
                        db_index=False,
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
                        to="decisions.promise",
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
            name="PromiseMoved",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("was_due_on", models.DateField(verbose_name="due before")),
                ("due_on", models.DateField(verbose_name="due")),
                ("reason", models.TextField(verbose_name="why")),
                ("moved_at", models.DateTimeField()),
                (
                    "moved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partnerships.organisation"
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partnerships.participation"
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="decisions.promise"
                    ),
                ),
            ],
            options={
                "ordering": ["promise", "-moved_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PromiseMovedEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("was_due_on", models.DateField(verbose_name="due before")),
                ("due_on", models.DateField(verbose_name="due")),
                ("reason", models.TextField(verbose_name="why")),
                ("moved_at", models.DateTimeField()),
                (
                    "moved_by",
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
                    "participation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
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
                        to="decisions.promisemoved",
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="decisions.promise",
                    ),
                ),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("participation", "what", "due_on"),
                name="promise_once",
                violation_error_message="This promise is on record already, for the same day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "kept", "not_kept", "withdrawn"])),
                name="promise_state_is_known",
                violation_error_message="A promise is open, kept, not kept or withdrawn.",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(("what__regex", "\\S")),
                name="promise_says_what",
                violation_error_message="Enter what is promised.",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(("made_to__regex", "\\S")),
                name="promise_to_somebody",
                violation_error_message="Enter to whom it is promised.",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gte", models.F("made_on"))),
                name="promise_due_once_it_is_made",
                violation_error_message="A promise cannot be due before it was made. Enter that day or a later one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_by__isnull", True), ("closed_on__isnull", True), ("state", "open")),
                    models.Q(
                        models.Q(("state", "open"), _negated=True),
                        ("closed_by__isnull", False),
                        ("closed_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="promise_closed_by_and_on",
                violation_error_message="Record both who closed the promise and when, or neither while it is open.",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_on__isnull", True), ("closed_on__gte", models.F("made_on")), _connector="OR"
                ),
                name="promise_closed_once_it_was_made",
                violation_error_message="A promise cannot be closed before it was made.",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("evidence__regex", "\\S"), ("state", "kept")),
                    models.Q(models.Q(("state", "kept"), _negated=True), ("evidence", "")),
                    _connector="OR",
                ),
                name="promise_kept_by_evidence",
                violation_error_message="Say by what one can tell that the promise was kept.",
            ),
        ),
        migrations.AddConstraint(
            model_name="promise",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["not_kept", "withdrawn"]), ("why__regex", "\\S")),
                    models.Q(("state__in", ["open", "kept"]), ("why", "")),
                    _connector="OR",
                ),
                name="promise_not_kept_for_a_reason",
                violation_error_message="Say why the promise was not kept, or was taken back.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="promise",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_promiseevent" ("closed_by_id", "closed_on", "decision_id", "due_on", "evidence", "id", "made_on", "made_to", "organisation_id", "owner_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "state", "what", "why") VALUES (NEW."closed_by_id", NEW."closed_on", NEW."decision_id", NEW."due_on", NEW."evidence", NEW."id", NEW."made_on", NEW."made_to", NEW."organisation_id", NEW."owner_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."state", NEW."what", NEW."why"); RETURN NULL;',
                    hash="a4f1177e7b65fd63feecb56f02ad6787101fe22a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d3f56",
                    table="decisions_promise",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="promise",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."participation_id" IS DISTINCT FROM NEW."participation_id" OR OLD."what" IS DISTINCT FROM NEW."what" OR OLD."made_to" IS DISTINCT FROM NEW."made_to" OR OLD."owner_id" IS DISTINCT FROM NEW."owner_id" OR OLD."due_on" IS DISTINCT FROM NEW."due_on" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."evidence" IS DISTINCT FROM NEW."evidence" OR OLD."why" IS DISTINCT FROM NEW."why" OR OLD."closed_on" IS DISTINCT FROM NEW."closed_on"))',
                    func='INSERT INTO public."decisions_promiseevent" ("closed_by_id", "closed_on", "decision_id", "due_on", "evidence", "id", "made_on", "made_to", "organisation_id", "owner_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "state", "what", "why") VALUES (NEW."closed_by_id", NEW."closed_on", NEW."decision_id", NEW."due_on", NEW."evidence", NEW."id", NEW."made_on", NEW."made_to", NEW."organisation_id", NEW."owner_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."state", NEW."what", NEW."why"); RETURN NULL;',
                    hash="e6bb348e713e0a634f9cc27738afac9f2cfbad08",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c8f6a",
                    table="decisions_promise",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="promise",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_promiseevent" ("closed_by_id", "closed_on", "decision_id", "due_on", "evidence", "id", "made_on", "made_to", "organisation_id", "owner_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "state", "what", "why") VALUES (OLD."closed_by_id", OLD."closed_on", OLD."decision_id", OLD."due_on", OLD."evidence", OLD."id", OLD."made_on", OLD."made_to", OLD."organisation_id", OLD."owner_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."state", OLD."what", OLD."why"); RETURN NULL;',
                    hash="09581eb12b0f52ce40dbecfe7c09f03a57af059f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9d30d",
                    table="decisions_promise",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="promiseevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="promise_when"),
        ),
        migrations.AddIndex(
            model_name="promiseevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="promise_what"),
        ),
        migrations.AddConstraint(
            model_name="promisemoved",
            constraint=models.CheckConstraint(
                condition=models.Q(("was_due_on", models.F("due_on")), _negated=True),
                name="promise_moved_to_another_day",
                violation_error_message="It is due on this day already. Enter another one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="promisemoved",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "\\S")),
                name="promise_moved_for_a_reason",
                violation_error_message="Say why the day moves.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="promisemoved",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_promisemovedevent" ("due_on", "id", "moved_at", "moved_by_id", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "promise_id", "reason", "was_due_on") VALUES (NEW."due_on", NEW."id", NEW."moved_at", NEW."moved_by_id", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."promise_id", NEW."reason", NEW."was_due_on"); RETURN NULL;',
                    hash="13fccad296170992e025ceb3f608581796240ee6",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_4ceca",
                    table="decisions_promisemoved",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="promisemoved",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_promisemovedevent" ("due_on", "id", "moved_at", "moved_by_id", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "promise_id", "reason", "was_due_on") VALUES (OLD."due_on", OLD."id", OLD."moved_at", OLD."moved_by_id", OLD."organisation_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."promise_id", OLD."reason", OLD."was_due_on"); RETURN NULL;',
                    hash="2139ce7795f66c97cb1a9b7bf82aa00501515c29",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6804c",
                    table="decisions_promisemoved",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="promisemovedevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="promisemoved_when"),
        ),
        migrations.AddIndex(
            model_name="promisemovedevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="promisemoved_what"),
        ),
        *whose_they_are(),
    ]
