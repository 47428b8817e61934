"""Reviews: that a decision was looked at again, what was found, and when it is looked at next."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import partnerships.recording
from partnerships.recording import append_only
from partnerships.row_security import protect

# child table, column that names the parent, parent table, what both have the same of
SAME = [
    ("review", "participation_id", "partnerships_participation", "organisation_id"),
    ("review", "decision_id", "decisions_decision", "participation_id"),
    ("review", "follows_id", "decisions_review", "decision_id"),
]


def whose_they_are():
    """Reviews are seen by their organisation only, belong to what they speak of, and are added to and never changed."""
    yield migrations.RunSQL(
        "ALTER TABLE decisions_review ADD CONSTRAINT review_with_decision UNIQUE (id, decision_id)",
        "ALTER TABLE decisions_review DROP CONSTRAINT review_with_decision",
    )
    for child, column, parent, same in SAME:
        name = f"{child}_{column}_same_owner"
        yield migrations.RunSQL(
            f"ALTER TABLE decisions_{child} ADD CONSTRAINT {name} FOREIGN KEY ({column}, {same}) "
            f"REFERENCES {parent} (id, {same}) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE decisions_{child} DROP CONSTRAINT {name}",
        )
    for table in ("review", "reviewevent"):
        yield protect(f"decisions_{table}")
        yield append_only(f"decisions_{table}")


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0004_promises"),
        ("partnerships", "0034_sharing_what_is_decided"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("stays", "The decision stays"), ("decide_again", "It has to be decided again")],
                        max_length=12,
                    ),
                ),
                ("found", models.TextField(verbose_name="what was found")),
                ("since", models.TextField(blank=True, verbose_name="what had changed since")),
                ("reviewed_on", models.DateField(verbose_name="day of the review")),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="day to look again")),
                ("recorded_at", models.DateTimeField()),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="decisions.decision"
                    ),
                ),
                (
                    "follows",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="decisions.review",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="partnerships.organisation",
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="partnerships.participation",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-recorded_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ReviewEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[("stays", "The decision stays"), ("decide_again", "It has to be decided again")],
                        max_length=12,
                    ),
                ),
                ("found", models.TextField(verbose_name="what was found")),
                ("since", models.TextField(blank=True, verbose_name="what had changed since")),
                ("reviewed_on", models.DateField(verbose_name="day of the review")),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="day to look again")),
                ("recorded_at", models.DateTimeField()),
                (
                    "decision",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="decisions.decision",
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="decisions.review",
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
                        to="decisions.review",
                    ),
                ),
                (
                    "reviewed_by",
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
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("follows__isnull", True)),
                fields=("decision",),
                name="review_first_once",
                violation_error_message="Somebody else has reviewed this meanwhile. Look at their review first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["stays", "decide_again"])),
                name="review_outcome_is_known",
                violation_error_message="Choose whether the decision stays, or has to be decided again.",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("found__regex", "\\S")),
                name="review_says_what_was_found",
                violation_error_message="Say what you found.",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "stays"), ("review_on__isnull", False)),
                    models.Q(models.Q(("outcome", "stays"), _negated=True), ("review_on__isnull", True)),
                    _connector="OR",
                ),
                name="review_looks_again_where_it_stays",
                violation_error_message="Where the decision stays, enter when to look again; where not, leave it out.",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("review_on__isnull", True), ("review_on__gt", models.F("reviewed_on")), _connector="OR"
                ),
                name="review_looks_again_later",
                violation_error_message="Enter a day to look again that lies after the review.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="review",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_reviewevent" ("decision_id", "follows_id", "found", "id", "organisation_id", "outcome", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "review_on", "reviewed_by_id", "reviewed_on", "since") VALUES (NEW."decision_id", NEW."follows_id", NEW."found", NEW."id", NEW."organisation_id", NEW."outcome", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."review_on", NEW."reviewed_by_id", NEW."reviewed_on", NEW."since"); RETURN NULL;',
                    hash="1717c73a2056ebc322c999e8488056eae9160e23",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_46e55",
                    table="decisions_review",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="review",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."decisions_reviewevent" ("decision_id", "follows_id", "found", "id", "organisation_id", "outcome", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "review_on", "reviewed_by_id", "reviewed_on", "since") VALUES (OLD."decision_id", OLD."follows_id", OLD."found", OLD."id", OLD."organisation_id", OLD."outcome", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."review_on", OLD."reviewed_by_id", OLD."reviewed_on", OLD."since"); RETURN NULL;',
                    hash="83490afed74d8bb640fe735de2cbfbe5c97c5ef6",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e8bb8",
                    table="decisions_review",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="reviewevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="review_when"),
        ),
        migrations.AddIndex(
            model_name="reviewevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="review_what"),
        ),
        *whose_they_are(),
    ]
