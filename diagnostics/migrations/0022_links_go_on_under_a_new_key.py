"""Links that people have go on working where a survey that was opened again makes others for them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("diagnostics", "0021_too_few_answers_are_deleted")]

    operations = [
        migrations.RemoveConstraint(model_name="earlierlink", name="earlier_link_of_each_number"),
        migrations.AlterModelOptions(name="earlierlink", options={"ordering": ["invitation", "link_number", "pk"]}),
        migrations.AddField(
            model_name="earlierlink",
            name="is_handed",
            field=models.BooleanField(
                default=False, help_text="Whether it was shown to be handed out: its person begins with it, once."
            ),
        ),
    ]
