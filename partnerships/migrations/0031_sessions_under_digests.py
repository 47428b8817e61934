"""Sessions are kept under a digest of their key from now on; those of before can be found no more, and go.

Whoever is signed in signs in once more, and whoever answers a survey opens their link again.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0030_accounts_while_they_had_a_role"),
        ("sessions", "0001_initial"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            ["DELETE FROM public.usersessions_usersession", "DELETE FROM public.django_session"],
            ["DELETE FROM public.usersessions_usersession", "DELETE FROM public.django_session"],
        )
    ]
