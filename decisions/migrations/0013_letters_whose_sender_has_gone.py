"""A letter is held where whoever sent it may not decide any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0012_the_better_partner_plan"),
    ]

    operations = [
        migrations.AlterField(
            model_name="letter",
            name="held_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("decided_anew", "What was decided has changed since the letter was written."),
                    ("partner_left", "The organisation that it is for has left the partnership."),
                    ("sender_gone", "Whoever sent it may not decide here any more."),
                ],
                max_length=12,
                verbose_name="why it is held",
            ),
        ),
        migrations.AlterField(
            model_name="letterevent",
            name="held_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("decided_anew", "What was decided has changed since the letter was written."),
                    ("partner_left", "The organisation that it is for has left the partnership."),
                    ("sender_gone", "Whoever sent it may not decide here any more."),
                ],
                max_length=12,
                verbose_name="why it is held",
            ),
        ),
    ]
