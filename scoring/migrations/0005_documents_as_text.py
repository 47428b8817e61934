from django.db import migrations

import scoring.models.json_text


class Migration(migrations.Migration):
    """What is stored once and read whole is kept as text: from ``jsonb`` to ``json``."""

    dependencies = [("scoring", "0004_nights")]

    operations = [
        migrations.AlterField(
            "run",
            "document",
            scoring.models.json_text.JsonTextField(
                blank=True, help_text="The frozen inputs, a triage/1 document.", null=True
            ),
        ),
        migrations.AlterField(
            "run",
            "result",
            scoring.models.json_text.JsonTextField(blank=True, help_text="A triage-result/1 document.", null=True),
        ),
        migrations.AlterField(
            "whatif",
            "result",
            scoring.models.json_text.JsonTextField(blank=True, help_text="A triage-result/1 document.", null=True),
        ),
    ]
