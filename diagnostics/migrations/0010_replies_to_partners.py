"""What an organisation tells its partners after they rated it, and who was told of it."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import diagnostics.models.replies
import partnerships.recording
from partnerships.recording import append_only
from partnerships.row_security import gives_out_ids, protect

EVENTS = ["partnerreply", "replyline"]
# child table, column that names the parent, parent table
SAME_OWNER = [
    ("partnerreply", "participation_id", "partnerships_participation"),
    ("partnerreply", "round_id", "diagnostics_round"),
    ("replyline", "reply_id", "diagnostics_partnerreply"),
    ("replyletter", "reply_id", "diagnostics_partnerreply"),
    ("replyletter", "invitation_id", "diagnostics_invitation"),
]


def same_owner():
    """A child's organisation is its parent's."""
    yield migrations.RunSQL(
        "ALTER TABLE diagnostics_partnerreply ADD CONSTRAINT reply_with_owner UNIQUE (id, organisation_id)",
        "ALTER TABLE diagnostics_partnerreply DROP CONSTRAINT reply_with_owner",
    )
    for child, column, parent in SAME_OWNER:
        name = f"survey_{child}_{column}_same_owner"
        yield migrations.RunSQL(
            f"ALTER TABLE diagnostics_{child} ADD CONSTRAINT {name} FOREIGN KEY ({column}, organisation_id) "
            f"REFERENCES {parent} (id, organisation_id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE diagnostics_{child} DROP CONSTRAINT {name}",
        )


class Migration(migrations.Migration):
    dependencies = [
        ("diagnostics", "0009_an_open_link_gives_out_seats"),
        ("partnerships", "0030_accounts_while_they_had_a_role"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PartnerReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "token",
                    models.CharField(
                        default=diagnostics.models.replies.new_token, editable=False, max_length=64, unique=True
                    ),
                ),
                ("link_hash", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "opening",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="what you say first",
                    ),
                ),
                ("shows_means", models.BooleanField(default=False, verbose_name="partners’ means are shown")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("published", models.JSONField(blank=True, null=True)),
                (
                    "publishing",
                    models.PositiveSmallIntegerField(default=0, help_text="How often it has been published."),
                ),
                ("letters_waiting", models.BooleanField(default=False)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
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
                        related_name="partner_replies",
                        to="partnerships.organisation",
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partner_replies",
                        to="partnerships.participation",
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
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reply", to="diagnostics.round"
                    ),
                ),
                (
                    "withdrawn_by",
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
            name="PartnerReplyEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "opening",
                    models.TextField(
                        blank=True,
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="what you say first",
                    ),
                ),
                ("shows_means", models.BooleanField(default=False, verbose_name="partners’ means are shown")),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
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
                        to="diagnostics.partnerreply",
                    ),
                ),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReplyLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("publishing", models.PositiveSmallIntegerField()),
                ("taken_on", models.DateField()),
                ("sent", models.BooleanField(default=False)),
                (
                    "invitation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reply_letters",
                        to="diagnostics.invitation",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reply_letters",
                        to="partnerships.organisation",
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="diagnostics.partnerreply",
                    ),
                ),
            ],
            options={
                "ordering": ["reply", "publishing", "invitation"],
            },
        ),
        migrations.CreateModel(
            name="ReplyLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("characteristic", models.CharField(max_length=20)),
                (
                    "heard",
                    models.TextField(
                        validators=[django.core.validators.MaxLengthValidator(1000)], verbose_name="what you heard"
                    ),
                ),
                (
                    "doing",
                    models.TextField(
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="what you do about it",
                    ),
                ),
                (
                    "progress",
                    models.CharField(
                        choices=[("planned", "Planned"), ("under_way", "Under way"), ("done", "Done")],
                        default="planned",
                        max_length=9,
                    ),
                ),
                ("on_day", models.DateField(blank=True, null=True, verbose_name="by when, or since when")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reply_lines",
                        to="partnerships.organisation",
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="diagnostics.partnerreply"
                    ),
                ),
            ],
            options={
                "ordering": ["reply", "characteristic"],
            },
        ),
        migrations.CreateModel(
            name="ReplyLineEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("characteristic", models.CharField(max_length=20)),
                (
                    "heard",
                    models.TextField(
                        validators=[django.core.validators.MaxLengthValidator(1000)], verbose_name="what you heard"
                    ),
                ),
                (
                    "doing",
                    models.TextField(
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="what you do about it",
                    ),
                ),
                (
                    "progress",
                    models.CharField(
                        choices=[("planned", "Planned"), ("under_way", "Under way"), ("done", "Done")],
                        default="planned",
                        max_length=9,
                    ),
                ),
                ("on_day", models.DateField(blank=True, null=True, verbose_name="by when, or since when")),
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
                        to="diagnostics.replyline",
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="diagnostics.partnerreply",
                    ),
                ),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="partnerreply",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("opening"), 1000
                ),
                name="reply_opening_is_short",
                violation_error_message="Use 1000 characters or fewer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerreply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("published__isnull", True),
                        ("published_at__isnull", True),
                        ("published_by__isnull", True),
                        ("publishing", 0),
                    ),
                    models.Q(
                        ("published__isnull", False),
                        ("published_at__isnull", False),
                        ("published_by__isnull", False),
                        ("publishing__gte", 1),
                    ),
                    _connector="OR",
                ),
                name="reply_published_by_and_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerreply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(
                        ("published_at__isnull", False),
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="reply_withdrawn_by_and_at",
                violation_error_message="Only a reply that was published can be withdrawn.",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnerreply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("letters_waiting", False),
                    models.Q(("published_at__isnull", False), ("withdrawn_at__isnull", True)),
                    _connector="OR",
                ),
                name="reply_letters_of_what_is_public",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnerreply",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_partnerreplyevent" ("id", "opening", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "shows_means", "withdrawn_at") VALUES (NEW."id", NEW."opening", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."published_at", NEW."shows_means", NEW."withdrawn_at"); RETURN NULL;',
                    hash="8319c4420f50f9e41016c100515158af74dee403",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_556a6",
                    table="diagnostics_partnerreply",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnerreply",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."participation_id" IS DISTINCT FROM NEW."participation_id" OR OLD."opening" IS DISTINCT FROM NEW."opening" OR OLD."shows_means" IS DISTINCT FROM NEW."shows_means" OR OLD."published_at" IS DISTINCT FROM NEW."published_at" OR OLD."withdrawn_at" IS DISTINCT FROM NEW."withdrawn_at"))',
                    func='INSERT INTO public."diagnostics_partnerreplyevent" ("id", "opening", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "shows_means", "withdrawn_at") VALUES (NEW."id", NEW."opening", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."published_at", NEW."shows_means", NEW."withdrawn_at"); RETURN NULL;',
                    hash="dea0988272eead60170bd7939a0f38d99bb1514d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a538b",
                    table="diagnostics_partnerreply",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnerreply",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_partnerreplyevent" ("id", "opening", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "shows_means", "withdrawn_at") VALUES (OLD."id", OLD."opening", OLD."organisation_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."published_at", OLD."shows_means", OLD."withdrawn_at"); RETURN NULL;',
                    hash="46abb0d19ee9cf201d4b735be6ae9752e423aa6f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e6151",
                    table="diagnostics_partnerreply",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="partnerreplyevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="partnerreply_when"),
        ),
        migrations.AddIndex(
            model_name="partnerreplyevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="partnerreply_what"),
        ),
        migrations.AddConstraint(
            model_name="replyletter",
            constraint=models.UniqueConstraint(
                fields=("reply", "invitation", "publishing"),
                name="reply_letter_once",
                violation_error_message="This person has had this letter.",
            ),
        ),
        migrations.AddConstraint(
            model_name="replyline",
            constraint=models.UniqueConstraint(
                fields=("reply", "characteristic"),
                name="reply_line_once_a_characteristic",
                violation_error_message="Somebody has written about this characteristic meanwhile. Look again.",
            ),
        ),
        migrations.AddConstraint(
            model_name="replyline",
            constraint=models.CheckConstraint(
                condition=models.Q(("progress__in", ["planned", "under_way", "done"])),
                name="reply_line_progress_is_known",
                violation_error_message="Choose how far it is.",
            ),
        ),
        migrations.AddConstraint(
            model_name="replyline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length("heard"), 1000),
                    django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length("doing"), 1000),
                ),
                name="reply_line_is_short",
                violation_error_message="Use 1000 characters or fewer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="replyline",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("heard", ""), _negated=True), models.Q(("doing", ""), _negated=True)),
                name="reply_line_says_something",
                violation_error_message="Enter what you heard and what you do about it.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="replyline",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_replylineevent" ("characteristic", "doing", "heard", "id", "on_day", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "progress", "reply_id") VALUES (NEW."characteristic", NEW."doing", NEW."heard", NEW."id", NEW."on_day", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."progress", NEW."reply_id"); RETURN NULL;',
                    hash="fb2a59eca544e9d5eb5332a06e7a3a4e8f353ce3",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_4202d",
                    table="diagnostics_replyline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="replyline",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."reply_id" IS DISTINCT FROM NEW."reply_id" OR OLD."characteristic" IS DISTINCT FROM NEW."characteristic" OR OLD."heard" IS DISTINCT FROM NEW."heard" OR OLD."doing" IS DISTINCT FROM NEW."doing" OR OLD."progress" IS DISTINCT FROM NEW."progress" OR OLD."on_day" IS DISTINCT FROM NEW."on_day"))',
                    func='INSERT INTO public."diagnostics_replylineevent" ("characteristic", "doing", "heard", "id", "on_day", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "progress", "reply_id") VALUES (NEW."characteristic", NEW."doing", NEW."heard", NEW."id", NEW."on_day", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."progress", NEW."reply_id"); RETURN NULL;',
                    hash="1806563902ec4a0c4b93c21d3de2616950305cde",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2789c",
                    table="diagnostics_replyline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="replyline",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_replylineevent" ("characteristic", "doing", "heard", "id", "on_day", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "progress", "reply_id") VALUES (OLD."characteristic", OLD."doing", OLD."heard", OLD."id", OLD."on_day", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."progress", OLD."reply_id"); RETURN NULL;',
                    hash="a08f38fc106bcb3cb8679ae03d6391b6456db415",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_71048",
                    table="diagnostics_replyline",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="replylineevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="replyline_when"),
        ),
        migrations.AddIndex(
            model_name="replylineevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="replyline_what"),
        ),
        *same_owner(),
        protect("diagnostics_partnerreply", link="link_hash"),
        protect("diagnostics_replyline"),
        protect("diagnostics_replyletter"),
        *(protect(f"diagnostics_{name}event") for name in EVENTS),
        *(append_only(f"diagnostics_{name}event") for name in EVENTS),
        # Where are people still to be told of a reply?
        gives_out_ids(
            "diagnostics_with_letters_waiting()",
            "SETOF bigint",
            "SELECT DISTINCT organisation_id FROM public.diagnostics_partnerreply WHERE letters_waiting",
        ),
    ]
