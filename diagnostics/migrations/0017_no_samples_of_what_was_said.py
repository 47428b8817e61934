"""What PostgreSQL had sampled of answers before it was told to keep no samples goes, and rows that closing a survey has
replaced are cleared within minutes rather than once many have come together.
"""

from django.db import migrations

SAID = {"diagnostics_answer": ("value", "reason", "item"), "diagnostics_response": ("place", "works_for")}
REWRITTEN = ("diagnostics_answer", "diagnostics_response", "diagnostics_invitation")
AT_ONCE = "autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 0"
NAMES = "autovacuum_vacuum_threshold, autovacuum_vacuum_scale_factor, autovacuum_vacuum_cost_delay"


def forget(table, column):
    return f"SELECT pg_clear_attribute_stats('public', '{table}', '{column}', false)"


class Migration(migrations.Migration):
    dependencies = [
        ("diagnostics", "0016_a_survey_asks_what_there_is"),
    ]

    operations = [
        *(
            migrations.RunSQL(forget(table, column), migrations.RunSQL.noop)
            for table, columns in SAID.items()
            for column in columns
        ),
        *(
            migrations.RunSQL(f"ALTER TABLE {table} SET ({AT_ONCE})", f"ALTER TABLE {table} RESET ({NAMES})")
            for table in REWRITTEN
        ),
    ]
