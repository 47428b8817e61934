"""Ways of creating value get the named top of their range, as objectives have it: a step whose end nobody named cannot
be weighed.
"""

from django.db import migrations, models

# The ways that every organisation began with, as long as they bear their first name.
FIRST_WAYS = {
    ("join-up", "Join up care"): "Everybody whose care we share has one plan, one record and one team to turn to",
    ("learn", "Learn and improve together"): (
        "What is proven in one of our places is everyday practice in all of them within a year"
    ),
    ("pool", "Pool strength"): "No service of ours stops or waits because one of us alone lacks staff, space or money",
    ("align", "Align for wider change"): (
        "All of us act on one plan, and something that none of us could move alone has moved"
    ),
}
NOT_NAMED = "all that it could be. Nobody has said yet what that is: say it under “Change ways of creating value”"
LONGEST = 250


def top_of(code, name, description):
    """What to call the top of a way that had none."""
    if first := FIRST_WAYS.get((code, name)):
        return first
    described = f"all that it could be: {description}" if description else NOT_NAMED
    return described if len(described) <= LONGEST else description


def name_tops(apps, schema_editor):
    ways = apps.get_model("partnerships", "WayOfCreatingValue").objects
    for way in ways.filter(top_of_range=""):
        way.top_of_range = top_of(way.code, way.name, way.description)
        way.save(update_fields=["top_of_range"])


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0022_roles_from_claims")]

    operations = [
        migrations.AddField(
            model_name="wayofcreatingvalue",
            name="top_of_range",
            field=models.CharField(
                default="", help_text="What 100 means here, so that people weigh the same thing.", max_length=250
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="objective",
            name="top_of_range",
            field=models.CharField(
                help_text="What 100 means here, so that people weigh the same thing.", max_length=250
            ),
        ),
        migrations.RunPython(name_tops, migrations.RunPython.noop),
    ]
