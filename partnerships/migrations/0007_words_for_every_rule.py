# Only the words for people change: the database's own rules stay as they are.

import django.db.models.constraints
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0006_registers_of_networks_and_places_of_partnerships"),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name="engagementlevel",
            name="level_code_once",
            constraint=models.UniqueConstraint(
                fields=("organisation", "code"),
                name="level_code_once",
                violation_error_message="You already have a level with this name.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="engagementlevel",
            name="level_position_once",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("organisation", "position"),
                name="level_position_once",
                violation_error_message="Two levels cannot stand at the same place of the ladder.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="objective",
            name="objective_code_once",
            constraint=models.UniqueConstraint(
                fields=("organisation", "code"),
                name="objective_code_once",
                violation_error_message="You already have an objective with this name.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="objectiveweight",
            name="objective_weight_once",
            constraint=models.UniqueConstraint(
                fields=("decision_maker", "objective"),
                name="objective_weight_once",
                violation_error_message="You have already weighed this objective.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="participation",
            name="participation_harm_reviewed_by_and_at",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("harm_reviewed_at__isnull", True), ("harm_reviewed_by__isnull", True)),
                    models.Q(("harm_reviewed_at__isnull", False), ("harm_reviewed_by__isnull", False)),
                    _connector="OR",
                ),
                name="participation_harm_reviewed_by_and_at",
                violation_error_message="Record both who reviewed the harm of leaving and when, or neither.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="wayofcreatingvalue",
            name="way_code_once",
            constraint=models.UniqueConstraint(
                fields=("organisation", "code"),
                name="way_code_once",
                violation_error_message="You already have a way of creating value with this name.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="wayweight",
            name="way_weight_once",
            constraint=models.UniqueConstraint(
                fields=("decision_maker", "way"),
                name="way_weight_once",
                violation_error_message="You have already weighed this way of creating value.",
            ),
        ),
    ]
