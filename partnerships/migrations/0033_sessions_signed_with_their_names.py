"""What a session says is signed together with the name of its row from now on; those of before say nothing, and go.

Whoever is signed in signs in once more. The cookies of respondents are none of these, and stay good.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0032_successors_are_deeds")]

    operations = [
        migrations.RunSQL(
            ["DELETE FROM public.usersessions_usersession", "DELETE FROM public.django_session"],
            ["DELETE FROM public.usersessions_usersession", "DELETE FROM public.django_session"],
        )
    ]
