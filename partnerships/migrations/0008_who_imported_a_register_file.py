import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0007_words_for_every_rule"),
    ]

    operations = [
        migrations.AddField(
            model_name="registerfile",
            name="imported_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Blank: by a command on the server.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
