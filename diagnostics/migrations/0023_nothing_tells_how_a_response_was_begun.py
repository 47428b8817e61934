"""Every response has the digest of a form or as many digits drawn at random, so that nothing tells which were begun with
a link that was handed out.
"""

from django.db import migrations, models

import diagnostics.models.responses

# Of what is written once more (0014, 0021) too. Not the digits of the numbers themselves, some of which are always the
# same in those, and are not in a digest.
DRAWN = "encode(sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea), 'hex')"


class Migration(migrations.Migration):
    dependencies = [("diagnostics", "0022_links_go_on_under_a_new_key")]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE diagnostics_response ALTER COLUMN begun_with SET DEFAULT {DRAWN}",
            "ALTER TABLE diagnostics_response ALTER COLUMN begun_with SET DEFAULT ''",
        ),
        # Of all, so that those which had one do not stand out by not being written.
        migrations.RunSQL("UPDATE diagnostics_response SET begun_with = DEFAULT", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="response",
            name="begun_with",
            field=models.CharField(
                default=diagnostics.models.responses.drawn_digest,
                help_text="The digest of the form that began it, so that whoever sends it twice is let in; where no form did, digits drawn at random, so that nothing tells which were begun with a link that was handed out.",
                max_length=64,
            ),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.CheckConstraint(
                condition=models.Q(("begun_with__regex", "^[0-9a-f]{64}$")), name="response_begun_with_a_digest"
            ),
        ),
    ]
