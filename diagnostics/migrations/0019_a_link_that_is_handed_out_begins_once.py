"""A link that is shown to be handed out begins a survey once, and is not the one that its person goes on with."""

from django.db import migrations, models

from partnerships.row_security import BY_HANDED_LINK, WITH_LINK

# As ``protect`` has it of the first link.
SEEN = f"FOR SELECT USING ({WITH_LINK.format(column='handed_hash')})"


class Migration(migrations.Migration):
    dependencies = [
        ("diagnostics", "0018_opening_on_a_day"),
        ("partnerships", "0038_taking_part_in_what_is_seen"),
    ]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="handed_hash",
            field=models.CharField(
                blank=True,
                help_text="Of the link that was shown to be handed out, with which its person begins once.",
                max_length=64,
                null=True,
                unique=True,
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="begun_with",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Of what was begun with a link that was handed out: the digest of the form that began it, so that whoever sends it twice is let in. Empty from the first answer on.",
                max_length=64,
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("handed_hash__isnull", True),
                    models.Q(("link_by_letter", False), ("link_hash__isnull", False), ("seat_batch__isnull", True)),
                    _connector="OR",
                ),
                name="invitation_handed_out_to_somebody",
                violation_error_message="A link is handed out, or comes by letter, to somebody who is asked by name.",
            ),
        ),
        # What is written once more (0007, 0014) was sent in, and so has none.
        migrations.RunSQL(
            "ALTER TABLE diagnostics_response ALTER COLUMN begun_with SET DEFAULT ''",
            "ALTER TABLE diagnostics_response ALTER COLUMN begun_with DROP DEFAULT",
        ),
        migrations.RunSQL(
            f"CREATE POLICY {BY_HANDED_LINK} ON diagnostics_invitation {SEEN}",
            f"DROP POLICY {BY_HANDED_LINK} ON diagnostics_invitation",
        ),
    ]
