"""The record of changes: triggers, the tables they write, and that nothing may be changed or taken out of them."""

import uuid
from decimal import Decimal

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.fields.json
import django.db.models.functions.comparison
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import partnerships.recording
from partnerships.recording import append_only, begin_with_what_is_there
from partnerships.row_security import protect

EVENTS_OF = [
    "AccessGrant",
    "AccessInvitation",
    "CapacityPool",
    "CapacityQuarter",
    "CostOfChange",
    "DaysNeeded",
    "EngagementLevel",
    "Objective",
    "ObjectiveRank",
    "ObjectiveWeight",
    "Participation",
    "Person",
    "PoolShare",
    "PortfolioRule",
    "RuleMember",
    "Sharing",
    "ValueRating",
    "WayOfCreatingValue",
    "WayRank",
    "WayWeight",
    "Partnership",
    "PartnershipMembership",
]
SHARED = ("Person", "Partnership", "PartnershipMembership")


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0023_what_100_means_on_a_way"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessGrantEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("administrator", "Administrator"),
                            ("strategy_lead", "Strategy lead"),
                            ("executive", "Executive"),
                            ("contributor", "Contributor"),
                            ("reader", "Reader"),
                            ("system_reader", "System reader"),
                        ],
                        max_length=20,
                    ),
                ),
                ("granted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField(blank=True, help_text="Blank where it has no end.", null=True)),
                (
                    "from_claims",
                    models.BooleanField(
                        default=False,
                        help_text="It came from the sign-in provider, and goes when the provider no longer says it.",
                    ),
                ),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AccessInvitationEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("email", models.EmailField(max_length=254)),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("administrator", "Administrator"),
                                ("strategy_lead", "Strategy lead"),
                                ("executive", "Executive"),
                                ("contributor", "Contributor"),
                                ("reader", "Reader"),
                                ("system_reader", "System reader"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                (
                    "last_day",
                    models.DateField(blank=True, help_text="The last day of these roles; blank for no end.", null=True),
                ),
                ("is_handed_over", models.BooleanField(default=False)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CapacityPoolEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("code", models.SlugField(db_index=False, max_length=30)),
                ("name", models.CharField(max_length=60)),
                ("description", models.CharField(blank=True, max_length=200)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CapacityQuarterEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("quarter", models.DateField(help_text="The first day of the quarter.")),
                (
                    "days",
                    models.DecimalField(
                        decimal_places=2, max_digits=8, validators=[django.core.validators.MinValueValidator(0)]
                    ),
                ),
                (
                    "reserve_percent",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("10"),
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CostOfChangeEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "up",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                (
                    "down",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                ("set_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DaysNeededEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("low", models.DecimalField(decimal_places=2, max_digits=7)),
                ("likely", models.DecimalField(decimal_places=2, max_digits=7)),
                ("high", models.DecimalField(decimal_places=2, max_digits=7)),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Deed",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("exported", "downloaded"),
                            ("read_free_text", "read what people wrote in"),
                            ("took_links", "took the personal links"),
                            ("signed_in", "signed in"),
                            ("sign_in_failed", "did not get in: wrong email address, password or code"),
                            ("signed_out", "signed out"),
                            ("imported_register", "imported the register"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "what",
                    models.CharField(blank=True, help_text="Of what: the file or the page, in words.", max_length=200),
                ),
                (
                    "rows",
                    models.PositiveIntegerField(
                        blank=True, help_text="How many rows it gave out or took in.", null=True
                    ),
                ),
                ("done_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "context",
                    models.JSONField(
                        blank=True, help_text="The request, task or command, as events have it.", null=True
                    ),
                ),
            ],
            options={
                "ordering": ["-done_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="EngagementLevelEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("code", models.SlugField(db_index=False, max_length=30)),
                ("name", models.CharField(max_length=40)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "share_of_value",
                    models.DecimalField(
                        decimal_places=3,
                        help_text="The share of a partnership's value that this level obtains, 0 to 1.",
                        max_digits=4,
                    ),
                ),
                (
                    "share_of_days",
                    models.DecimalField(
                        decimal_places=3,
                        help_text="Days at this level as a share of the top level's, used where nobody has estimated them.",
                        max_digits=4,
                    ),
                ),
                ("load", models.PositiveSmallIntegerField(help_text="Attention and interfaces, in points; not days.")),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ObjectiveEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("code", models.SlugField(db_index=False, max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("description", models.CharField(blank=True, max_length=250)),
                (
                    "top_of_range",
                    models.CharField(
                        help_text="What 100 means here, so that people weigh the same thing.", max_length=250
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ObjectiveRankEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("place", models.PositiveSmallIntegerField()),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ObjectiveWeightEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "points",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ParticipationEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("active", "Active"), ("ended", "Ended")],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("purpose", models.TextField(blank=True)),
                ("patient_benefit", models.TextField(blank=True, verbose_name="benefit to patients")),
                ("end_goal", models.TextField(blank=True)),
                ("what_it_is_not", models.TextField(blank=True, verbose_name="what it is not")),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("forming", "Forming"),
                            ("storming", "Storming"),
                            ("norming", "Norming"),
                            ("performing", "Performing"),
                            ("ending", "Coming to an end"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "governance_form",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("informal", "Informal, nothing signed"),
                            ("memorandum", "Memorandum of understanding"),
                            ("alliance", "Alliance agreement"),
                            ("prime_contractor", "Prime contractor or lead provider"),
                            ("committees_in_common", "Committees in common"),
                            ("joint_committee", "Joint committee"),
                            ("joint_venture", "Joint venture"),
                            ("group", "Group or shared board"),
                            ("statutory", "Set up in law"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "sponsor",
                    models.CharField(blank=True, help_text="The executive who answers for it.", max_length=120),
                ),
                ("lead", models.CharField(blank=True, help_text="The person who does the work of it.", max_length=120)),
                ("started_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "mandate_source",
                    models.CharField(blank=True, help_text="Where that duty is written.", max_length=250),
                ),
                (
                    "harm_of_declining",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        help_text="What we or patients would lose by leaving, on the value scale of 0 to 100.",
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                ("harm_reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PartnershipEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "for_organisation",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Cast(
                            django.db.models.fields.json.KeyTextTransform("organisation", "pgh_context"),
                            models.BigIntegerField(),
                        ),
                        output_field=models.BigIntegerField(null=True),
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("slug", models.SlugField(db_index=False, max_length=80)),
                ("name", models.CharField(max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("etr", "NHS trusts (etr)"),
                            ("eccg", "Sub-ICB locations and former CCGs (eccg)"),
                            ("icb_partners", "ICB partner register"),
                            ("epcn", "Primary care networks (ePCN)"),
                            ("epilepsy_networks", "Paediatric epilepsy networks"),
                            ("diabetes_networks", "Paediatric diabetes networks"),
                            ("person", "Entered by a person"),
                        ],
                        default="person",
                        max_length=20,
                    ),
                ),
                ("register_code", models.CharField(blank=True, max_length=20)),
                ("icb_code", models.CharField(blank=True, help_text="The ICB whose area it lies in.", max_length=12)),
                (
                    "sub_icb_code",
                    models.CharField(
                        blank=True, help_text="The sub-ICB location whose area it lies in.", max_length=12
                    ),
                ),
                ("postcode", models.CharField(blank=True, max_length=10)),
                ("as_of", models.DateField(blank=True, null=True)),
                ("started_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PartnershipMembershipEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "for_organisation",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Cast(
                            django.db.models.fields.json.KeyTextTransform("organisation", "pgh_context"),
                            models.BigIntegerField(),
                        ),
                        output_field=models.BigIntegerField(null=True),
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("is_lead", models.BooleanField(default=False)),
                ("joined_on", models.DateField(blank=True, null=True)),
                ("left_on", models.DateField(blank=True, null=True)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("etr", "NHS trusts (etr)"),
                            ("eccg", "Sub-ICB locations and former CCGs (eccg)"),
                            ("icb_partners", "ICB partner register"),
                            ("epcn", "Primary care networks (ePCN)"),
                            ("epilepsy_networks", "Paediatric epilepsy networks"),
                            ("diabetes_networks", "Paediatric diabetes networks"),
                            ("person", "Entered by a person"),
                        ],
                        default="person",
                        max_length=20,
                    ),
                ),
                ("as_of", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PersonEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "for_organisation",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Cast(
                            django.db.models.fields.json.KeyTextTransform("organisation", "pgh_context"),
                            models.BigIntegerField(),
                        ),
                        output_field=models.BigIntegerField(null=True),
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("name", models.CharField(max_length=150)),
                ("is_active", models.BooleanField(default=True)),
                ("is_staff", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PoolShareEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("shared_with", models.CharField(help_text="The organisations that share it.", max_length=200)),
                (
                    "percent",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                ("from_quarter", models.DateField(help_text="The first day of the first quarter it holds for.")),
                (
                    "until_quarter",
                    models.DateField(
                        blank=True,
                        help_text="The first day of the last quarter it holds for; blank until further notice.",
                        null=True,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PortfolioRuleEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("at-least", "Keep at least some of these"),
                            ("needs", "One needs another"),
                            ("not-both", "Not both"),
                            ("synergy", "Together they add more"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at_least", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "points",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="What they add together, on the value scale of 0 to 100.",
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                ("source", models.CharField(help_text="Where it is written, or why it holds.", max_length=250)),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RuleMemberEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("position", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SharingEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("members", "The partnership’s other members"),
                            ("system", "The integrated care board"),
                        ],
                        max_length=8,
                    ),
                ),
                ("shared_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ValueRatingEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "low",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-100),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                (
                    "likely",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-100),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                (
                    "high",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-100),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                (
                    "evidence",
                    models.TextField(blank=True, help_text="What this rests on: a measure, a report, or judgement."),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WayOfCreatingValueEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("code", models.SlugField(db_index=False, max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("description", models.CharField(blank=True, max_length=250)),
                (
                    "top_of_range",
                    models.CharField(
                        help_text="What 100 means here, so that people weigh the same thing.", max_length=250
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WayRankEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                ("place", models.PositiveSmallIntegerField()),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WayWeightEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("id", models.BigIntegerField()),
                (
                    "points",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["-pgh_created_at", "-pgh_id"],
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="accessgrant",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_accessgrantevent" ("expires_at", "from_claims", "given_by_id", "granted_at", "id", "organisation_id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (NEW."expires_at", NEW."from_claims", NEW."given_by_id", NEW."granted_at", NEW."id", NEW."organisation_id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."role"); RETURN NULL;',
                    hash="42aa020b51c2260a8b7398c487b9aed959276cc6",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7e44f",
                    table="partnerships_accessgrant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="accessgrant",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."person_id" IS DISTINCT FROM NEW."person_id" OR OLD."role" IS DISTINCT FROM NEW."role" OR OLD."expires_at" IS DISTINCT FROM NEW."expires_at" OR OLD."from_claims" IS DISTINCT FROM NEW."from_claims"))',
                    func='INSERT INTO public."partnerships_accessgrantevent" ("expires_at", "from_claims", "given_by_id", "granted_at", "id", "organisation_id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (NEW."expires_at", NEW."from_claims", NEW."given_by_id", NEW."granted_at", NEW."id", NEW."organisation_id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."role"); RETURN NULL;',
                    hash="3b164954238f01079ab5eb1a79d30896b7452a30",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c78d0",
                    table="partnerships_accessgrant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="accessgrant",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_accessgrantevent" ("expires_at", "from_claims", "given_by_id", "granted_at", "id", "organisation_id", "person_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (OLD."expires_at", OLD."from_claims", OLD."given_by_id", OLD."granted_at", OLD."id", OLD."organisation_id", OLD."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."role"); RETURN NULL;',
                    hash="c5a55fd6b48ab9c2114308b57123507197fe8357",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e8fbf",
                    table="partnerships_accessgrant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="accessinvitation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_accessinvitationevent" ("accepted_at", "email", "expires_at", "id", "is_handed_over", "last_day", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "roles", "withdrawn_at") VALUES (NEW."accepted_at", NEW."email", NEW."expires_at", NEW."id", NEW."is_handed_over", NEW."last_day", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."roles", NEW."withdrawn_at"); RETURN NULL;',
                    hash="c279244480fd64e80831d869a3c609d154ef5236",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7bf03",
                    table="partnerships_accessinvitation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="accessinvitation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."email" IS DISTINCT FROM NEW."email" OR OLD."roles" IS DISTINCT FROM NEW."roles" OR OLD."last_day" IS DISTINCT FROM NEW."last_day" OR OLD."is_handed_over" IS DISTINCT FROM NEW."is_handed_over" OR OLD."expires_at" IS DISTINCT FROM NEW."expires_at" OR OLD."accepted_at" IS DISTINCT FROM NEW."accepted_at" OR OLD."withdrawn_at" IS DISTINCT FROM NEW."withdrawn_at"))',
                    func='INSERT INTO public."partnerships_accessinvitationevent" ("accepted_at", "email", "expires_at", "id", "is_handed_over", "last_day", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "roles", "withdrawn_at") VALUES (NEW."accepted_at", NEW."email", NEW."expires_at", NEW."id", NEW."is_handed_over", NEW."last_day", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."roles", NEW."withdrawn_at"); RETURN NULL;',
                    hash="8c455c651d76a2bd0f62166469463fee83c4fab3",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_94147",
                    table="partnerships_accessinvitation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="accessinvitation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_accessinvitationevent" ("accepted_at", "email", "expires_at", "id", "is_handed_over", "last_day", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "roles", "withdrawn_at") VALUES (OLD."accepted_at", OLD."email", OLD."expires_at", OLD."id", OLD."is_handed_over", OLD."last_day", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."roles", OLD."withdrawn_at"); RETURN NULL;',
                    hash="80643321e089d44be73de63b35beeff546f9d40f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f4812",
                    table="partnerships_accessinvitation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="capacitypool",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_capacitypoolevent" ("code", "description", "id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (NEW."code", NEW."description", NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."position"); RETURN NULL;',
                    hash="fc58b8f35ca5968dda756cdf1309832b57b0af3c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_73e5e",
                    table="partnerships_capacitypool",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="capacitypool",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."name" IS DISTINCT FROM NEW."name" OR OLD."description" IS DISTINCT FROM NEW."description" OR OLD."position" IS DISTINCT FROM NEW."position"))',
                    func='INSERT INTO public."partnerships_capacitypoolevent" ("code", "description", "id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (NEW."code", NEW."description", NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."position"); RETURN NULL;',
                    hash="1d8fa3cc1bfd1d5fd7808a68ae6f8f4a2a67589b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2755f",
                    table="partnerships_capacitypool",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="capacitypool",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_capacitypoolevent" ("code", "description", "id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (OLD."code", OLD."description", OLD."id", OLD."name", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."position"); RETURN NULL;',
                    hash="98f0d68998cb069fb5e87aaf613f076534f3fbc5",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3f584",
                    table="partnerships_capacitypool",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="capacityquarter",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_capacityquarterevent" ("days", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pool_id", "quarter", "reserve_percent") VALUES (NEW."days", NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."pool_id", NEW."quarter", NEW."reserve_percent"); RETURN NULL;',
                    hash="7f0a25a59d850532c4859be275a02a6718d5a027",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a192c",
                    table="partnerships_capacityquarter",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="capacityquarter",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."pool_id" IS DISTINCT FROM NEW."pool_id" OR OLD."quarter" IS DISTINCT FROM NEW."quarter" OR OLD."days" IS DISTINCT FROM NEW."days" OR OLD."reserve_percent" IS DISTINCT FROM NEW."reserve_percent"))',
                    func='INSERT INTO public."partnerships_capacityquarterevent" ("days", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pool_id", "quarter", "reserve_percent") VALUES (NEW."days", NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."pool_id", NEW."quarter", NEW."reserve_percent"); RETURN NULL;',
                    hash="98aeb7ae07b837b9dcf05343e47a88b498d9246e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6548b",
                    table="partnerships_capacityquarter",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="capacityquarter",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_capacityquarterevent" ("days", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pool_id", "quarter", "reserve_percent") VALUES (OLD."days", OLD."id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."pool_id", OLD."quarter", OLD."reserve_percent"); RETURN NULL;',
                    hash="c0eb87c24babf80366bc40d91ced2dfb94beb8be",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_78d24",
                    table="partnerships_capacityquarter",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="costofchange",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_costofchangeevent" ("down", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "up") VALUES (NEW."down", NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."set_at", NEW."set_by_id", NEW."up"); RETURN NULL;',
                    hash="a635533103cb2babe4e86d03d6fcce7636680cb3",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_735b4",
                    table="partnerships_costofchange",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="costofchange",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."up" IS DISTINCT FROM NEW."up" OR OLD."down" IS DISTINCT FROM NEW."down"))',
                    func='INSERT INTO public."partnerships_costofchangeevent" ("down", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "up") VALUES (NEW."down", NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."set_at", NEW."set_by_id", NEW."up"); RETURN NULL;',
                    hash="2d0d9932f4b17da29f69821a6f03aed3aeeb36c4",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_feefd",
                    table="partnerships_costofchange",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="costofchange",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_costofchangeevent" ("down", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "up") VALUES (OLD."down", OLD."id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."set_at", OLD."set_by_id", OLD."up"); RETURN NULL;',
                    hash="3bec639cd1d43c473b175698cb87add5ba82d52b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_34782",
                    table="partnerships_costofchange",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="daysneeded",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_daysneededevent" ("high", "id", "level_id", "likely", "low", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pool_id") VALUES (NEW."high", NEW."id", NEW."level_id", NEW."likely", NEW."low", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."pool_id"); RETURN NULL;',
                    hash="9cfe41c321f17b82ad5b44c0ebaee772c09ad0ec",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_72c60",
                    table="partnerships_daysneeded",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="daysneeded",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."participation_id" IS DISTINCT FROM NEW."participation_id" OR OLD."level_id" IS DISTINCT FROM NEW."level_id" OR OLD."pool_id" IS DISTINCT FROM NEW."pool_id" OR OLD."low" IS DISTINCT FROM NEW."low" OR OLD."likely" IS DISTINCT FROM NEW."likely" OR OLD."high" IS DISTINCT FROM NEW."high"))',
                    func='INSERT INTO public."partnerships_daysneededevent" ("high", "id", "level_id", "likely", "low", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pool_id") VALUES (NEW."high", NEW."id", NEW."level_id", NEW."likely", NEW."low", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."pool_id"); RETURN NULL;',
                    hash="6e524cfe6ef271e53d1471e69338c35799b44970",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_80f87",
                    table="partnerships_daysneeded",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="daysneeded",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_daysneededevent" ("high", "id", "level_id", "likely", "low", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pool_id") VALUES (OLD."high", OLD."id", OLD."level_id", OLD."likely", OLD."low", OLD."organisation_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."pool_id"); RETURN NULL;',
                    hash="ea8263d131c1dd9a6d6a6c0c45700ddafbc123b3",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fd698",
                    table="partnerships_daysneeded",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="engagementlevel",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_engagementlevelevent" ("code", "id", "load", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "share_of_days", "share_of_value") VALUES (NEW."code", NEW."id", NEW."load", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."position", NEW."share_of_days", NEW."share_of_value"); RETURN NULL;',
                    hash="7bba0cdf408133454dcfd796d853efebf9236f35",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_657e4",
                    table="partnerships_engagementlevel",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="engagementlevel",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."name" IS DISTINCT FROM NEW."name" OR OLD."position" IS DISTINCT FROM NEW."position" OR OLD."share_of_value" IS DISTINCT FROM NEW."share_of_value" OR OLD."share_of_days" IS DISTINCT FROM NEW."share_of_days" OR OLD."load" IS DISTINCT FROM NEW."load"))',
                    func='INSERT INTO public."partnerships_engagementlevelevent" ("code", "id", "load", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "share_of_days", "share_of_value") VALUES (NEW."code", NEW."id", NEW."load", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."position", NEW."share_of_days", NEW."share_of_value"); RETURN NULL;',
                    hash="1028a6d9c56d1d36eadf903d67b45fbe4f27bc38",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_51cc5",
                    table="partnerships_engagementlevel",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="engagementlevel",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_engagementlevelevent" ("code", "id", "load", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "share_of_days", "share_of_value") VALUES (OLD."code", OLD."id", OLD."load", OLD."name", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."position", OLD."share_of_days", OLD."share_of_value"); RETURN NULL;',
                    hash="430967522ff36049124772adca0a33f24e84a21d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3440a",
                    table="partnerships_engagementlevel",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="objective",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_objectiveevent" ("code", "description", "id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "top_of_range") VALUES (NEW."code", NEW."description", NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."position", NEW."top_of_range"); RETURN NULL;',
                    hash="9934bf6379b34fbb757e158393a65ae2d7d6a794",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_873c2",
                    table="partnerships_objective",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="objective",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."name" IS DISTINCT FROM NEW."name" OR OLD."description" IS DISTINCT FROM NEW."description" OR OLD."top_of_range" IS DISTINCT FROM NEW."top_of_range" OR OLD."position" IS DISTINCT FROM NEW."position"))',
                    func='INSERT INTO public."partnerships_objectiveevent" ("code", "description", "id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "top_of_range") VALUES (NEW."code", NEW."description", NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."position", NEW."top_of_range"); RETURN NULL;',
                    hash="be0b6d98f62e70a6039b9cc19830328ec657ebd7",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_27856",
                    table="partnerships_objective",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="objective",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_objectiveevent" ("code", "description", "id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "top_of_range") VALUES (OLD."code", OLD."description", OLD."id", OLD."name", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."position", OLD."top_of_range"); RETURN NULL;',
                    hash="a1604d4df64f8f4ba86bd83fd6360a427c8d72e3",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a4ec6",
                    table="partnerships_objective",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="objectiverank",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_objectiverankevent" ("decision_maker_id", "id", "objective_id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "updated_at") VALUES (NEW."decision_maker_id", NEW."id", NEW."objective_id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."place", NEW."updated_at"); RETURN NULL;',
                    hash="a3c43400b6fae6d8fed690d2e382ba59db6fafba",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c0462",
                    table="partnerships_objectiverank",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="objectiverank",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."decision_maker_id" IS DISTINCT FROM NEW."decision_maker_id" OR OLD."objective_id" IS DISTINCT FROM NEW."objective_id" OR OLD."place" IS DISTINCT FROM NEW."place"))',
                    func='INSERT INTO public."partnerships_objectiverankevent" ("decision_maker_id", "id", "objective_id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "updated_at") VALUES (NEW."decision_maker_id", NEW."id", NEW."objective_id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."place", NEW."updated_at"); RETURN NULL;',
                    hash="60e50f2099b1b9992899252a62cdc09df16ca762",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_48ac4",
                    table="partnerships_objectiverank",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="objectiverank",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_objectiverankevent" ("decision_maker_id", "id", "objective_id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "updated_at") VALUES (OLD."decision_maker_id", OLD."id", OLD."objective_id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."place", OLD."updated_at"); RETURN NULL;',
                    hash="6b32790421f35db808bdfa60b17ac7840b59c580",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_89acd",
                    table="partnerships_objectiverank",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="objectiveweight",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_objectiveweightevent" ("decision_maker_id", "id", "objective_id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "updated_at") VALUES (NEW."decision_maker_id", NEW."id", NEW."objective_id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."points", NEW."updated_at"); RETURN NULL;',
                    hash="5d7a919dbe44a447a01b0b4faaa7939485c25819",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_eb8bf",
                    table="partnerships_objectiveweight",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="objectiveweight",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."decision_maker_id" IS DISTINCT FROM NEW."decision_maker_id" OR OLD."objective_id" IS DISTINCT FROM NEW."objective_id" OR OLD."points" IS DISTINCT FROM NEW."points"))',
                    func='INSERT INTO public."partnerships_objectiveweightevent" ("decision_maker_id", "id", "objective_id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "updated_at") VALUES (NEW."decision_maker_id", NEW."id", NEW."objective_id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."points", NEW."updated_at"); RETURN NULL;',
                    hash="25349be9073a01f4af38b54d340db8da605dfabb",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_dbcf8",
                    table="partnerships_objectiveweight",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="objectiveweight",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_objectiveweightevent" ("decision_maker_id", "id", "objective_id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "updated_at") VALUES (OLD."decision_maker_id", OLD."id", OLD."objective_id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."points", OLD."updated_at"); RETURN NULL;',
                    hash="1ba0a3ac5c487dbf587db0db22da7245b3bd0acd",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d0790",
                    table="partnerships_objectiveweight",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="participation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_participationevent" ("end_goal", "ended_on", "governance_form", "harm_of_declining", "harm_reviewed_at", "harm_reviewed_by_id", "id", "lead", "level_id", "mandate_level_id", "mandate_source", "organisation_id", "partnership_id", "patient_benefit", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "sponsor", "stage", "started_on", "state", "updated_at", "what_it_is_not") VALUES (NEW."end_goal", NEW."ended_on", NEW."governance_form", NEW."harm_of_declining", NEW."harm_reviewed_at", NEW."harm_reviewed_by_id", NEW."id", NEW."lead", NEW."level_id", NEW."mandate_level_id", NEW."mandate_source", NEW."organisation_id", NEW."partnership_id", NEW."patient_benefit", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."purpose", NEW."sponsor", NEW."stage", NEW."started_on", NEW."state", NEW."updated_at", NEW."what_it_is_not"); RETURN NULL;',
                    hash="316ee1dbdc7aa4f803d6a9a64098f5a9b2cc7c55",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_94cb4",
                    table="partnerships_participation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="participation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."partnership_id" IS DISTINCT FROM NEW."partnership_id" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."purpose" IS DISTINCT FROM NEW."purpose" OR OLD."patient_benefit" IS DISTINCT FROM NEW."patient_benefit" OR OLD."end_goal" IS DISTINCT FROM NEW."end_goal" OR OLD."what_it_is_not" IS DISTINCT FROM NEW."what_it_is_not" OR OLD."stage" IS DISTINCT FROM NEW."stage" OR OLD."governance_form" IS DISTINCT FROM NEW."governance_form" OR OLD."sponsor" IS DISTINCT FROM NEW."sponsor" OR OLD."lead" IS DISTINCT FROM NEW."lead" OR OLD."started_on" IS DISTINCT FROM NEW."started_on" OR OLD."ended_on" IS DISTINCT FROM NEW."ended_on" OR OLD."level_id" IS DISTINCT FROM NEW."level_id" OR OLD."mandate_level_id" IS DISTINCT FROM NEW."mandate_level_id" OR OLD."mandate_source" IS DISTINCT FROM NEW."mandate_source" OR OLD."harm_of_declining" IS DISTINCT FROM NEW."harm_of_declining" OR OLD."harm_reviewed_by_id" IS DISTINCT FROM NEW."harm_reviewed_by_id" OR OLD."harm_reviewed_at" IS DISTINCT FROM NEW."harm_reviewed_at"))',
                    func='INSERT INTO public."partnerships_participationevent" ("end_goal", "ended_on", "governance_form", "harm_of_declining", "harm_reviewed_at", "harm_reviewed_by_id", "id", "lead", "level_id", "mandate_level_id", "mandate_source", "organisation_id", "partnership_id", "patient_benefit", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "sponsor", "stage", "started_on", "state", "updated_at", "what_it_is_not") VALUES (NEW."end_goal", NEW."ended_on", NEW."governance_form", NEW."harm_of_declining", NEW."harm_reviewed_at", NEW."harm_reviewed_by_id", NEW."id", NEW."lead", NEW."level_id", NEW."mandate_level_id", NEW."mandate_source", NEW."organisation_id", NEW."partnership_id", NEW."patient_benefit", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."purpose", NEW."sponsor", NEW."stage", NEW."started_on", NEW."state", NEW."updated_at", NEW."what_it_is_not"); RETURN NULL;',
                    hash="e341b398fe2d09288761e627cbaa273a368ad747",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_88ec6",
                    table="partnerships_participation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="participation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_participationevent" ("end_goal", "ended_on", "governance_form", "harm_of_declining", "harm_reviewed_at", "harm_reviewed_by_id", "id", "lead", "level_id", "mandate_level_id", "mandate_source", "organisation_id", "partnership_id", "patient_benefit", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "sponsor", "stage", "started_on", "state", "updated_at", "what_it_is_not") VALUES (OLD."end_goal", OLD."ended_on", OLD."governance_form", OLD."harm_of_declining", OLD."harm_reviewed_at", OLD."harm_reviewed_by_id", OLD."id", OLD."lead", OLD."level_id", OLD."mandate_level_id", OLD."mandate_source", OLD."organisation_id", OLD."partnership_id", OLD."patient_benefit", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."purpose", OLD."sponsor", OLD."stage", OLD."started_on", OLD."state", OLD."updated_at", OLD."what_it_is_not"); RETURN NULL;',
                    hash="feca3ba19c3e19dd75144ba2bf119d5e02bcd15a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e9175",
                    table="partnerships_participation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnership",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    condition="WHEN ((NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'organisation') IS NOT NULL)",
                    func='INSERT INTO public."partnerships_partnershipevent" ("as_of", "ended_on", "icb_code", "id", "kind_id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "recorded_by_id", "register_code", "slug", "source", "started_on", "sub_icb_code") VALUES (NEW."as_of", NEW."ended_on", NEW."icb_code", NEW."id", NEW."kind_id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."postcode", NEW."recorded_by_id", NEW."register_code", NEW."slug", NEW."source", NEW."started_on", NEW."sub_icb_code"); RETURN NULL;',
                    hash="dff6a12a579b1ef746ae72f2a7ff2a8415dae775",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_80689",
                    table="partnerships_partnership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnership",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."name" IS DISTINCT FROM NEW."name" OR OLD."kind_id" IS DISTINCT FROM NEW."kind_id" OR OLD."register_code" IS DISTINCT FROM NEW."register_code" OR OLD."icb_code" IS DISTINCT FROM NEW."icb_code" OR OLD."sub_icb_code" IS DISTINCT FROM NEW."sub_icb_code" OR OLD."postcode" IS DISTINCT FROM NEW."postcode" OR OLD."started_on" IS DISTINCT FROM NEW."started_on" OR OLD."ended_on" IS DISTINCT FROM NEW."ended_on") AND (NULLIF(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb ->> \'organisation\') IS NOT NULL)',
                    func='INSERT INTO public."partnerships_partnershipevent" ("as_of", "ended_on", "icb_code", "id", "kind_id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "recorded_by_id", "register_code", "slug", "source", "started_on", "sub_icb_code") VALUES (NEW."as_of", NEW."ended_on", NEW."icb_code", NEW."id", NEW."kind_id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."postcode", NEW."recorded_by_id", NEW."register_code", NEW."slug", NEW."source", NEW."started_on", NEW."sub_icb_code"); RETURN NULL;',
                    hash="e155750dea105dcb7c275887a81ac0bb14613bba",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5ca94",
                    table="partnerships_partnership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnership",
            trigger=pgtrigger.compiler.Trigger(
                name="found_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."name" IS DISTINCT FROM NEW."name" OR OLD."kind_id" IS DISTINCT FROM NEW."kind_id" OR OLD."register_code" IS DISTINCT FROM NEW."register_code" OR OLD."icb_code" IS DISTINCT FROM NEW."icb_code" OR OLD."sub_icb_code" IS DISTINCT FROM NEW."sub_icb_code" OR OLD."postcode" IS DISTINCT FROM NEW."postcode" OR OLD."started_on" IS DISTINCT FROM NEW."started_on" OR OLD."ended_on" IS DISTINCT FROM NEW."ended_on") AND (NULLIF(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb ->> \'organisation\') IS NOT NULL)',
                    func='INSERT INTO public."partnerships_partnershipevent" ("as_of", "ended_on", "icb_code", "id", "kind_id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "recorded_by_id", "register_code", "slug", "source", "started_on", "sub_icb_code") VALUES (OLD."as_of", OLD."ended_on", OLD."icb_code", OLD."id", OLD."kind_id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'found\', OLD."id", OLD."postcode", OLD."recorded_by_id", OLD."register_code", OLD."slug", OLD."source", OLD."started_on", OLD."sub_icb_code"); RETURN NULL;',
                    hash="8f5ea97acd8f7f5d8421fa6dc8745fa27b33a8c1",
                    operation="UPDATE",
                    pgid="pgtrigger_found_update_21696",
                    table="partnerships_partnership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnership",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    condition="WHEN ((NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'organisation') IS NOT NULL)",
                    func='INSERT INTO public."partnerships_partnershipevent" ("as_of", "ended_on", "icb_code", "id", "kind_id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "recorded_by_id", "register_code", "slug", "source", "started_on", "sub_icb_code") VALUES (OLD."as_of", OLD."ended_on", OLD."icb_code", OLD."id", OLD."kind_id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."postcode", OLD."recorded_by_id", OLD."register_code", OLD."slug", OLD."source", OLD."started_on", OLD."sub_icb_code"); RETURN NULL;',
                    hash="3a879977644ad6b679fceae18b1d854710457f05",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b61a9",
                    table="partnerships_partnership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnershipmembership",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    condition="WHEN ((NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'organisation') IS NOT NULL)",
                    func='INSERT INTO public."partnerships_partnershipmembershipevent" ("as_of", "id", "is_lead", "joined_on", "left_on", "organisation_id", "partnership_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (NEW."as_of", NEW."id", NEW."is_lead", NEW."joined_on", NEW."left_on", NEW."organisation_id", NEW."partnership_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."source"); RETURN NULL;',
                    hash="2c238c2118ff059f5ddb8051b403827e7946522e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_adac8",
                    table="partnerships_partnershipmembership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnershipmembership",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."partnership_id" IS DISTINCT FROM NEW."partnership_id" OR OLD."is_lead" IS DISTINCT FROM NEW."is_lead" OR OLD."joined_on" IS DISTINCT FROM NEW."joined_on" OR OLD."left_on" IS DISTINCT FROM NEW."left_on") AND (NULLIF(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb ->> \'organisation\') IS NOT NULL)',
                    func='INSERT INTO public."partnerships_partnershipmembershipevent" ("as_of", "id", "is_lead", "joined_on", "left_on", "organisation_id", "partnership_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (NEW."as_of", NEW."id", NEW."is_lead", NEW."joined_on", NEW."left_on", NEW."organisation_id", NEW."partnership_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."source"); RETURN NULL;',
                    hash="37808205170c1e3bf5ff401ef7c3f40b5c6e1a4c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8dc48",
                    table="partnerships_partnershipmembership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnershipmembership",
            trigger=pgtrigger.compiler.Trigger(
                name="found_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."partnership_id" IS DISTINCT FROM NEW."partnership_id" OR OLD."is_lead" IS DISTINCT FROM NEW."is_lead" OR OLD."joined_on" IS DISTINCT FROM NEW."joined_on" OR OLD."left_on" IS DISTINCT FROM NEW."left_on") AND (NULLIF(current_setting(\'pghistory.context_metadata\', true), \'\')::jsonb ->> \'organisation\') IS NOT NULL)',
                    func='INSERT INTO public."partnerships_partnershipmembershipevent" ("as_of", "id", "is_lead", "joined_on", "left_on", "organisation_id", "partnership_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (OLD."as_of", OLD."id", OLD."is_lead", OLD."joined_on", OLD."left_on", OLD."organisation_id", OLD."partnership_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'found\', OLD."id", OLD."source"); RETURN NULL;',
                    hash="5b1c1b7906a7cc008126371a0416f13ba57f4275",
                    operation="UPDATE",
                    pgid="pgtrigger_found_update_e813a",
                    table="partnerships_partnershipmembership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnershipmembership",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    condition="WHEN ((NULLIF(current_setting('pghistory.context_metadata', true), '')::jsonb ->> 'organisation') IS NOT NULL)",
                    func='INSERT INTO public."partnerships_partnershipmembershipevent" ("as_of", "id", "is_lead", "joined_on", "left_on", "organisation_id", "partnership_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (OLD."as_of", OLD."id", OLD."is_lead", OLD."joined_on", OLD."left_on", OLD."organisation_id", OLD."partnership_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."source"); RETURN NULL;',
                    hash="81024ef996679573dbb2b207256046f77e0d82e3",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fcecc",
                    table="partnerships_partnershipmembership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_personevent" ("email", "id", "is_active", "is_staff", "is_superuser", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."email", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="ea3c6851dd3bbea1cc0d5b54bf50e194e673f655",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6c144",
                    table="partnerships_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."is_superuser" IS DISTINCT FROM NEW."is_superuser" OR OLD."email" IS DISTINCT FROM NEW."email" OR OLD."name" IS DISTINCT FROM NEW."name" OR OLD."is_active" IS DISTINCT FROM NEW."is_active" OR OLD."is_staff" IS DISTINCT FROM NEW."is_staff"))',
                    func='INSERT INTO public."partnerships_personevent" ("email", "id", "is_active", "is_staff", "is_superuser", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."email", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="68efbeb06967f9bef8ff9672ba96e64584973ec0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4e77b",
                    table="partnerships_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_personevent" ("email", "id", "is_active", "is_staff", "is_superuser", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."email", OLD."id", OLD."is_active", OLD."is_staff", OLD."is_superuser", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id"); RETURN NULL;',
                    hash="c8ffa595639cbaaad954d1d6a4970ffc3a1dc252",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_83a75",
                    table="partnerships_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="poolshare",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_poolshareevent" ("from_quarter", "id", "organisation_id", "percent", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pool_id", "recorded_at", "recorded_by_id", "shared_with", "until_quarter") VALUES (NEW."from_quarter", NEW."id", NEW."organisation_id", NEW."percent", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."pool_id", NEW."recorded_at", NEW."recorded_by_id", NEW."shared_with", NEW."until_quarter"); RETURN NULL;',
                    hash="1e0481a940639d32ce3c2137af4fb0ebecb5d0c6",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ddf70",
                    table="partnerships_poolshare",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="poolshare",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."pool_id" IS DISTINCT FROM NEW."pool_id" OR OLD."shared_with" IS DISTINCT FROM NEW."shared_with" OR OLD."percent" IS DISTINCT FROM NEW."percent" OR OLD."from_quarter" IS DISTINCT FROM NEW."from_quarter" OR OLD."until_quarter" IS DISTINCT FROM NEW."until_quarter"))',
                    func='INSERT INTO public."partnerships_poolshareevent" ("from_quarter", "id", "organisation_id", "percent", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pool_id", "recorded_at", "recorded_by_id", "shared_with", "until_quarter") VALUES (NEW."from_quarter", NEW."id", NEW."organisation_id", NEW."percent", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."pool_id", NEW."recorded_at", NEW."recorded_by_id", NEW."shared_with", NEW."until_quarter"); RETURN NULL;',
                    hash="291df9230d31d2b5e995cee2c239579aeb019239",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f97a2",
                    table="partnerships_poolshare",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="poolshare",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_poolshareevent" ("from_quarter", "id", "organisation_id", "percent", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pool_id", "recorded_at", "recorded_by_id", "shared_with", "until_quarter") VALUES (OLD."from_quarter", OLD."id", OLD."organisation_id", OLD."percent", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."pool_id", OLD."recorded_at", OLD."recorded_by_id", OLD."shared_with", OLD."until_quarter"); RETURN NULL;',
                    hash="9214843664f28b6c25480671d0c05459dbb50a23",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fa82f",
                    table="partnerships_poolshare",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="portfoliorule",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_portfolioruleevent" ("at_least", "id", "kind", "level_id", "organisation_id", "other_level_id", "partnership_kind_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "recorded_at", "recorded_by_id", "source") VALUES (NEW."at_least", NEW."id", NEW."kind", NEW."level_id", NEW."organisation_id", NEW."other_level_id", NEW."partnership_kind_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."points", NEW."recorded_at", NEW."recorded_by_id", NEW."source"); RETURN NULL;',
                    hash="6216095753328d68877b788965bb2232f9ed2f13",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c8f39",
                    table="partnerships_portfoliorule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="portfoliorule",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."level_id" IS DISTINCT FROM NEW."level_id" OR OLD."other_level_id" IS DISTINCT FROM NEW."other_level_id" OR OLD."at_least" IS DISTINCT FROM NEW."at_least" OR OLD."partnership_kind_id" IS DISTINCT FROM NEW."partnership_kind_id" OR OLD."points" IS DISTINCT FROM NEW."points" OR OLD."source" IS DISTINCT FROM NEW."source"))',
                    func='INSERT INTO public."partnerships_portfolioruleevent" ("at_least", "id", "kind", "level_id", "organisation_id", "other_level_id", "partnership_kind_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "recorded_at", "recorded_by_id", "source") VALUES (NEW."at_least", NEW."id", NEW."kind", NEW."level_id", NEW."organisation_id", NEW."other_level_id", NEW."partnership_kind_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."points", NEW."recorded_at", NEW."recorded_by_id", NEW."source"); RETURN NULL;',
                    hash="0951f9625d688802db80982026be80906068fb24",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_485ac",
                    table="partnerships_portfoliorule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="portfoliorule",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_portfolioruleevent" ("at_least", "id", "kind", "level_id", "organisation_id", "other_level_id", "partnership_kind_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "recorded_at", "recorded_by_id", "source") VALUES (OLD."at_least", OLD."id", OLD."kind", OLD."level_id", OLD."organisation_id", OLD."other_level_id", OLD."partnership_kind_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."points", OLD."recorded_at", OLD."recorded_by_id", OLD."source"); RETURN NULL;',
                    hash="e8e1614cd26a162afded5db0033e747b0de17386",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2efcc",
                    table="partnerships_portfoliorule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rulemember",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_rulememberevent" ("id", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "rule_id") VALUES (NEW."id", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."position", NEW."rule_id"); RETURN NULL;',
                    hash="f9495d11d9fc9dda45bcc6cd1f97e8810343a0dc",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7c5c9",
                    table="partnerships_rulemember",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rulemember",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."rule_id" IS DISTINCT FROM NEW."rule_id" OR OLD."participation_id" IS DISTINCT FROM NEW."participation_id"))',
                    func='INSERT INTO public."partnerships_rulememberevent" ("id", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "rule_id") VALUES (NEW."id", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."position", NEW."rule_id"); RETURN NULL;',
                    hash="150381345620b18c73e00b81263996dc555018cf",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f6544",
                    table="partnerships_rulemember",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rulemember",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_rulememberevent" ("id", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "rule_id") VALUES (OLD."id", OLD."organisation_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."position", OLD."rule_id"); RETURN NULL;',
                    hash="432857859e0a32b3875c125b37784cc1e5f7f89b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_44569",
                    table="partnerships_rulemember",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sharing",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_sharingevent" ("audience", "id", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "shared_at", "shared_by_id", "system_id", "withdrawn_at", "withdrawn_by_id") VALUES (NEW."audience", NEW."id", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."shared_at", NEW."shared_by_id", NEW."system_id", NEW."withdrawn_at", NEW."withdrawn_by_id"); RETURN NULL;',
                    hash="ab19ee699f4b1ec3dfec79576ea5711116c1dd86",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_9fbd3",
                    table="partnerships_sharing",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sharing",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."participation_id" IS DISTINCT FROM NEW."participation_id" OR OLD."audience" IS DISTINCT FROM NEW."audience" OR OLD."system_id" IS DISTINCT FROM NEW."system_id" OR OLD."withdrawn_at" IS DISTINCT FROM NEW."withdrawn_at"))',
                    func='INSERT INTO public."partnerships_sharingevent" ("audience", "id", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "shared_at", "shared_by_id", "system_id", "withdrawn_at", "withdrawn_by_id") VALUES (NEW."audience", NEW."id", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."shared_at", NEW."shared_by_id", NEW."system_id", NEW."withdrawn_at", NEW."withdrawn_by_id"); RETURN NULL;',
                    hash="4319a111e960084f0f38159aa9a710263cf30b0f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_22122",
                    table="partnerships_sharing",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sharing",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_sharingevent" ("audience", "id", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "shared_at", "shared_by_id", "system_id", "withdrawn_at", "withdrawn_by_id") VALUES (OLD."audience", OLD."id", OLD."organisation_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."shared_at", OLD."shared_by_id", OLD."system_id", OLD."withdrawn_at", OLD."withdrawn_by_id"); RETURN NULL;',
                    hash="ad969fe06bd6910f6153c5b38947dd6a29d2442b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_582dd",
                    table="partnerships_sharing",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="valuerating",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_valueratingevent" ("evidence", "high", "id", "likely", "low", "objective_id", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rated_by_id", "updated_at", "way_id") VALUES (NEW."evidence", NEW."high", NEW."id", NEW."likely", NEW."low", NEW."objective_id", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."rated_by_id", NEW."updated_at", NEW."way_id"); RETURN NULL;',
                    hash="339e74befec6d54122a9af2fdded40aab62e73a3",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_bbfb8",
                    table="partnerships_valuerating",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="valuerating",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."participation_id" IS DISTINCT FROM NEW."participation_id" OR OLD."objective_id" IS DISTINCT FROM NEW."objective_id" OR OLD."way_id" IS DISTINCT FROM NEW."way_id" OR OLD."low" IS DISTINCT FROM NEW."low" OR OLD."likely" IS DISTINCT FROM NEW."likely" OR OLD."high" IS DISTINCT FROM NEW."high" OR OLD."evidence" IS DISTINCT FROM NEW."evidence"))',
                    func='INSERT INTO public."partnerships_valueratingevent" ("evidence", "high", "id", "likely", "low", "objective_id", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rated_by_id", "updated_at", "way_id") VALUES (NEW."evidence", NEW."high", NEW."id", NEW."likely", NEW."low", NEW."objective_id", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."rated_by_id", NEW."updated_at", NEW."way_id"); RETURN NULL;',
                    hash="018daeb14f79392de9b293d5850f187526e9601c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_fa813",
                    table="partnerships_valuerating",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="valuerating",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_valueratingevent" ("evidence", "high", "id", "likely", "low", "objective_id", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "rated_by_id", "updated_at", "way_id") VALUES (OLD."evidence", OLD."high", OLD."id", OLD."likely", OLD."low", OLD."objective_id", OLD."organisation_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."rated_by_id", OLD."updated_at", OLD."way_id"); RETURN NULL;',
                    hash="89bb7660481c3b5269aaed3723a5b747dcde3b92",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2b5be",
                    table="partnerships_valuerating",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="wayofcreatingvalue",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_wayofcreatingvalueevent" ("code", "description", "id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "top_of_range") VALUES (NEW."code", NEW."description", NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."position", NEW."top_of_range"); RETURN NULL;',
                    hash="f825efe2592e33c4d5eab1bba5ae606be7096816",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c44f0",
                    table="partnerships_wayofcreatingvalue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="wayofcreatingvalue",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."name" IS DISTINCT FROM NEW."name" OR OLD."description" IS DISTINCT FROM NEW."description" OR OLD."top_of_range" IS DISTINCT FROM NEW."top_of_range" OR OLD."position" IS DISTINCT FROM NEW."position"))',
                    func='INSERT INTO public."partnerships_wayofcreatingvalueevent" ("code", "description", "id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "top_of_range") VALUES (NEW."code", NEW."description", NEW."id", NEW."name", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."position", NEW."top_of_range"); RETURN NULL;',
                    hash="15687dc8a07c6a53fc64845e59b313b4996be9d8",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_04c72",
                    table="partnerships_wayofcreatingvalue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="wayofcreatingvalue",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_wayofcreatingvalueevent" ("code", "description", "id", "name", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "top_of_range") VALUES (OLD."code", OLD."description", OLD."id", OLD."name", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."position", OLD."top_of_range"); RETURN NULL;',
                    hash="2901c800c266c4a06becb549fe809abe9594d6c8",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f89ec",
                    table="partnerships_wayofcreatingvalue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="wayrank",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_wayrankevent" ("decision_maker_id", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "updated_at", "way_id") VALUES (NEW."decision_maker_id", NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."place", NEW."updated_at", NEW."way_id"); RETURN NULL;',
                    hash="77b4559f2dbe9e441f491c08e1510957a50cfd3e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_60355",
                    table="partnerships_wayrank",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="wayrank",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."decision_maker_id" IS DISTINCT FROM NEW."decision_maker_id" OR OLD."way_id" IS DISTINCT FROM NEW."way_id" OR OLD."place" IS DISTINCT FROM NEW."place"))',
                    func='INSERT INTO public."partnerships_wayrankevent" ("decision_maker_id", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "updated_at", "way_id") VALUES (NEW."decision_maker_id", NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."place", NEW."updated_at", NEW."way_id"); RETURN NULL;',
                    hash="e3d6174b35a4780e60d6706383832a298d819d08",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8afb1",
                    table="partnerships_wayrank",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="wayrank",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_wayrankevent" ("decision_maker_id", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "updated_at", "way_id") VALUES (OLD."decision_maker_id", OLD."id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."place", OLD."updated_at", OLD."way_id"); RETURN NULL;',
                    hash="16e67a9845cbe274b243aaa05945daca10adb272",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1ae5a",
                    table="partnerships_wayrank",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="wayweight",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_wayweightevent" ("decision_maker_id", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "updated_at", "way_id") VALUES (NEW."decision_maker_id", NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."points", NEW."updated_at", NEW."way_id"); RETURN NULL;',
                    hash="969fda4366ce66c451248d4cad931729bb20e369",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c0516",
                    table="partnerships_wayweight",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="wayweight",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."decision_maker_id" IS DISTINCT FROM NEW."decision_maker_id" OR OLD."way_id" IS DISTINCT FROM NEW."way_id" OR OLD."points" IS DISTINCT FROM NEW."points"))',
                    func='INSERT INTO public."partnerships_wayweightevent" ("decision_maker_id", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "updated_at", "way_id") VALUES (NEW."decision_maker_id", NEW."id", NEW."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."points", NEW."updated_at", NEW."way_id"); RETURN NULL;',
                    hash="d613ce37ac87021f8ef38393209e8f910ce79f42",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_fddde",
                    table="partnerships_wayweight",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="wayweight",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."partnerships_wayweightevent" ("decision_maker_id", "id", "organisation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "updated_at", "way_id") VALUES (OLD."decision_maker_id", OLD."id", OLD."organisation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."points", OLD."updated_at", OLD."way_id"); RETURN NULL;',
                    hash="7621c1dd73eaf3d03664c96cfca4865856de57a7",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3a481",
                    table="partnerships_wayweight",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="accessgrantevent",
            name="given_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                help_text="Blank where it was given at the server.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="accessgrantevent",
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
            model_name="accessgrantevent",
            name="person",
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
            model_name="accessgrantevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.accessgrant",
            ),
        ),
        migrations.AddField(
            model_name="accessinvitationevent",
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
            model_name="accessinvitationevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.accessinvitation",
            ),
        ),
        migrations.AddField(
            model_name="capacitypoolevent",
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
            model_name="capacitypoolevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.capacitypool",
            ),
        ),
        migrations.AddField(
            model_name="capacityquarterevent",
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
            model_name="capacityquarterevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.capacityquarter",
            ),
        ),
        migrations.AddField(
            model_name="capacityquarterevent",
            name="pool",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.capacitypool",
            ),
        ),
        migrations.AddField(
            model_name="costofchangeevent",
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
            model_name="costofchangeevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.costofchange",
            ),
        ),
        migrations.AddField(
            model_name="costofchangeevent",
            name="set_by",
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
            model_name="daysneededevent",
            name="level",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.engagementlevel",
            ),
        ),
        migrations.AddField(
            model_name="daysneededevent",
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
            model_name="daysneededevent",
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
            model_name="daysneededevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.daysneeded",
            ),
        ),
        migrations.AddField(
            model_name="daysneededevent",
            name="pool",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.capacitypool",
            ),
        ),
        migrations.AddField(
            model_name="deed",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="deeds",
                to="partnerships.organisation",
            ),
        ),
        migrations.AddField(
            model_name="deed",
            name="participation",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.participation",
            ),
        ),
        migrations.AddField(
            model_name="deed",
            name="person",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="engagementlevelevent",
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
            model_name="engagementlevelevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.engagementlevel",
            ),
        ),
        migrations.AddField(
            model_name="objectiveevent",
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
            model_name="objectiveevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.objective",
            ),
        ),
        migrations.AddField(
            model_name="objectiverankevent",
            name="decision_maker",
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
            model_name="objectiverankevent",
            name="objective",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.objective",
            ),
        ),
        migrations.AddField(
            model_name="objectiverankevent",
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
            model_name="objectiverankevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.objectiverank",
            ),
        ),
        migrations.AddField(
            model_name="objectiveweightevent",
            name="decision_maker",
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
            model_name="objectiveweightevent",
            name="objective",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.objective",
            ),
        ),
        migrations.AddField(
            model_name="objectiveweightevent",
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
            model_name="objectiveweightevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.objectiveweight",
            ),
        ),
        migrations.AddField(
            model_name="participationevent",
            name="harm_reviewed_by",
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
            model_name="participationevent",
            name="level",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.engagementlevel",
            ),
        ),
        migrations.AddField(
            model_name="participationevent",
            name="mandate_level",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                help_text="The least level that law or contract requires of us.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.engagementlevel",
            ),
        ),
        migrations.AddField(
            model_name="participationevent",
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
            model_name="participationevent",
            name="partnership",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.partnership",
            ),
        ),
        migrations.AddField(
            model_name="participationevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.participation",
            ),
        ),
        migrations.AddField(
            model_name="partnershipevent",
            name="kind",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.partnershipkind",
            ),
        ),
        migrations.AddField(
            model_name="partnershipevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.partnership",
            ),
        ),
        migrations.AddField(
            model_name="partnershipevent",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                help_text="The organisation that added it; blank where a register did.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.organisation",
            ),
        ),
        migrations.AddField(
            model_name="partnershipmembershipevent",
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
            model_name="partnershipmembershipevent",
            name="partnership",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.partnership",
            ),
        ),
        migrations.AddField(
            model_name="partnershipmembershipevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.partnershipmembership",
            ),
        ),
        migrations.AddField(
            model_name="personevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="poolshareevent",
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
            model_name="poolshareevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.poolshare",
            ),
        ),
        migrations.AddField(
            model_name="poolshareevent",
            name="pool",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.capacitypool",
            ),
        ),
        migrations.AddField(
            model_name="poolshareevent",
            name="recorded_by",
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
            model_name="portfolioruleevent",
            name="level",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.engagementlevel",
            ),
        ),
        migrations.AddField(
            model_name="portfolioruleevent",
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
            model_name="portfolioruleevent",
            name="other_level",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.engagementlevel",
            ),
        ),
        migrations.AddField(
            model_name="portfolioruleevent",
            name="partnership_kind",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.partnershipkind",
            ),
        ),
        migrations.AddField(
            model_name="portfolioruleevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.portfoliorule",
            ),
        ),
        migrations.AddField(
            model_name="portfolioruleevent",
            name="recorded_by",
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
            model_name="rulememberevent",
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
            model_name="rulememberevent",
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
            model_name="rulememberevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.rulemember",
            ),
        ),
        migrations.AddField(
            model_name="rulememberevent",
            name="rule",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.portfoliorule",
            ),
        ),
        migrations.AddField(
            model_name="sharingevent",
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
            model_name="sharingevent",
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
            model_name="sharingevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.sharing",
            ),
        ),
        migrations.AddField(
            model_name="sharingevent",
            name="shared_by",
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
            model_name="sharingevent",
            name="system",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                help_text="The integrated care board that may see it.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.organisation",
            ),
        ),
        migrations.AddField(
            model_name="sharingevent",
            name="withdrawn_by",
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
            model_name="valueratingevent",
            name="objective",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.objective",
            ),
        ),
        migrations.AddField(
            model_name="valueratingevent",
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
            model_name="valueratingevent",
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
            model_name="valueratingevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.valuerating",
            ),
        ),
        migrations.AddField(
            model_name="valueratingevent",
            name="rated_by",
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
            model_name="valueratingevent",
            name="way",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.wayofcreatingvalue",
            ),
        ),
        migrations.AddField(
            model_name="wayofcreatingvalueevent",
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
            model_name="wayofcreatingvalueevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.wayofcreatingvalue",
            ),
        ),
        migrations.AddField(
            model_name="wayrankevent",
            name="decision_maker",
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
            model_name="wayrankevent",
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
            model_name="wayrankevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.wayrank",
            ),
        ),
        migrations.AddField(
            model_name="wayrankevent",
            name="way",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.wayofcreatingvalue",
            ),
        ),
        migrations.AddField(
            model_name="wayweightevent",
            name="decision_maker",
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
            model_name="wayweightevent",
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
            model_name="wayweightevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="partnerships.wayweight",
            ),
        ),
        migrations.AddField(
            model_name="wayweightevent",
            name="way",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnerships.wayofcreatingvalue",
            ),
        ),
        migrations.AddIndex(
            model_name="accessgrantevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="accessgrant_when"),
        ),
        migrations.AddIndex(
            model_name="accessgrantevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="accessgrant_what"),
        ),
        migrations.AddIndex(
            model_name="accessinvitationevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="accessinvitation_when"),
        ),
        migrations.AddIndex(
            model_name="accessinvitationevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="accessinvitation_what"),
        ),
        migrations.AddIndex(
            model_name="capacitypoolevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="capacitypool_when"),
        ),
        migrations.AddIndex(
            model_name="capacitypoolevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="capacitypool_what"),
        ),
        migrations.AddIndex(
            model_name="capacityquarterevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="capacityquarter_when"),
        ),
        migrations.AddIndex(
            model_name="capacityquarterevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="capacityquarter_what"),
        ),
        migrations.AddIndex(
            model_name="costofchangeevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="costofchange_when"),
        ),
        migrations.AddIndex(
            model_name="costofchangeevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="costofchange_what"),
        ),
        migrations.AddIndex(
            model_name="daysneededevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="daysneeded_when"),
        ),
        migrations.AddIndex(
            model_name="daysneededevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="daysneeded_what"),
        ),
        migrations.AddIndex(
            model_name="deed",
            index=models.Index(fields=["organisation", "done_at", "id"], name="deed_when"),
        ),
        migrations.AddConstraint(
            model_name="deed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "exported",
                            "read_free_text",
                            "took_links",
                            "signed_in",
                            "sign_in_failed",
                            "signed_out",
                            "imported_register",
                        ],
                    )
                ),
                name="deed_kind_is_known",
                violation_error_message="Choose a kind of deed from the list.",
            ),
        ),
        migrations.AddIndex(
            model_name="engagementlevelevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="engagementlevel_when"),
        ),
        migrations.AddIndex(
            model_name="engagementlevelevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="engagementlevel_what"),
        ),
        migrations.AddIndex(
            model_name="objectiveevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="objective_when"),
        ),
        migrations.AddIndex(
            model_name="objectiveevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="objective_what"),
        ),
        migrations.AddIndex(
            model_name="objectiverankevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="objectiverank_when"),
        ),
        migrations.AddIndex(
            model_name="objectiverankevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="objectiverank_what"),
        ),
        migrations.AddIndex(
            model_name="objectiveweightevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="objectiveweight_when"),
        ),
        migrations.AddIndex(
            model_name="objectiveweightevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="objectiveweight_what"),
        ),
        migrations.AddIndex(
            model_name="participationevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="participation_when"),
        ),
        migrations.AddIndex(
            model_name="participationevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="participation_what"),
        ),
        migrations.AddIndex(
            model_name="partnershipevent",
            index=models.Index(fields=["for_organisation", "pgh_created_at", "pgh_id"], name="partnership_when"),
        ),
        migrations.AddIndex(
            model_name="partnershipevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="partnership_what"),
        ),
        migrations.AddIndex(
            model_name="partnershipmembershipevent",
            index=models.Index(
                fields=["for_organisation", "pgh_created_at", "pgh_id"], name="partnershipmembership_when"
            ),
        ),
        migrations.AddIndex(
            model_name="partnershipmembershipevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="partnershipmembership_what"),
        ),
        migrations.AddIndex(
            model_name="personevent",
            index=models.Index(fields=["for_organisation", "pgh_created_at", "pgh_id"], name="person_when"),
        ),
        migrations.AddIndex(
            model_name="personevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="person_what"),
        ),
        migrations.AddIndex(
            model_name="poolshareevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="poolshare_when"),
        ),
        migrations.AddIndex(
            model_name="poolshareevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="poolshare_what"),
        ),
        migrations.AddIndex(
            model_name="portfolioruleevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="portfoliorule_when"),
        ),
        migrations.AddIndex(
            model_name="portfolioruleevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="portfoliorule_what"),
        ),
        migrations.AddIndex(
            model_name="rulememberevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="rulemember_when"),
        ),
        migrations.AddIndex(
            model_name="rulememberevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="rulemember_what"),
        ),
        migrations.AddIndex(
            model_name="sharingevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="sharing_when"),
        ),
        migrations.AddIndex(
            model_name="sharingevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="sharing_what"),
        ),
        migrations.AddIndex(
            model_name="valueratingevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="valuerating_when"),
        ),
        migrations.AddIndex(
            model_name="valueratingevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="valuerating_what"),
        ),
        migrations.AddIndex(
            model_name="wayofcreatingvalueevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="wayofcreatingvalue_when"),
        ),
        migrations.AddIndex(
            model_name="wayofcreatingvalueevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="wayofcreatingvalue_what"),
        ),
        migrations.AddIndex(
            model_name="wayrankevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="wayrank_when"),
        ),
        migrations.AddIndex(
            model_name="wayrankevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="wayrank_what"),
        ),
        migrations.AddIndex(
            model_name="wayweightevent",
            index=models.Index(fields=["organisation", "pgh_created_at", "pgh_id"], name="wayweight_when"),
        ),
        migrations.AddIndex(
            model_name="wayweightevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="wayweight_what"),
        ),
        append_only("partnerships_deed"),
        *(protect(f"partnerships_{name.lower()}event") for name in EVENTS_OF if name not in SHARED),
        protect("partnerships_partnershipevent", owner="for_organisation"),
        protect("partnerships_partnershipmembershipevent", owner="for_organisation"),
        protect("partnerships_personevent", owner="for_organisation", account="pgh_obj_id", nobodys=True),
        protect("partnerships_deed", nobodys=True),
        *(append_only(f"partnerships_{name.lower()}event") for name in EVENTS_OF),
        # Of the others nothing is known until somebody does something with them.
        begin_with_what_is_there("partnerships", *EVENTS_OF[:-2]),
    ]
