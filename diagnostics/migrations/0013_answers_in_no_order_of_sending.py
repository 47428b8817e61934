"""What was sent in can be written once more in random order while a survey is open, and PostgreSQL keeps no samples of
what people answered and wrote.
"""

from django.db import migrations

from partnerships.row_security import gives_out_ids

# Nobody who plans a statement needs to know how answers spread, and a copy of them would outlive the survey.
SAID = {"diagnostics_answer": ("value", "reason", "item"), "diagnostics_response": ("place", "works_for")}


def keep_no_samples():
    for table, columns in SAID.items():
        yield migrations.RunSQL(
            [f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0" for column in columns],
            [f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS -1" for column in columns],
        )


class Migration(migrations.Migration):
    dependencies = [
        ("diagnostics", "0012_closed_by_its_date"),
    ]

    operations = [
        # Sorting comes between taking away and writing, so that nothing is written before all of it is gone.
        gives_out_ids(
            "diagnostics_shuffle(round bigint)",
            "bigint",
            "WITH sent AS ("
            "  DELETE FROM public.diagnostics_response AS gone USING public.diagnostics_round AS asked"
            "  WHERE asked.id = $1 AND asked.state = 'open' AND gone.round_id = asked.id"
            "  AND gone.submitted_on IS NOT NULL RETURNING gone.*"
            "), given AS ("
            "  DELETE FROM public.diagnostics_answer AS gone USING sent WHERE gone.response_id = sent.key RETURNING gone.*"
            "), responses AS ("
            "  INSERT INTO public.diagnostics_response"
            "  (key, organisation_id, round_id, place, works_for, started_on, submitted_on)"
            "  SELECT key, organisation_id, round_id, place, works_for, started_on, submitted_on FROM sent"
            "  ORDER BY gen_random_uuid() RETURNING key"
            "), answers AS ("
            "  INSERT INTO public.diagnostics_answer"
            "  (id, organisation_id, response_id, item, value, reason, answered_on)"
            "  SELECT gen_random_uuid(), organisation_id, response_id, item, value, reason, answered_on FROM given"
            "  ORDER BY gen_random_uuid() RETURNING id"
            ") SELECT count(*) FROM responses",
            locks=True,
        ),
        *keep_no_samples(),
    ]
