"""How many had answered by the day before, in whole groups of as many as it takes to show anything.

Marks of who has answered wait until there are enough people to hide among, which in a small survey is its end. A lead
needs a number before that, and this one joins nobody: it changes once a day, and by a group at a time.

What is sent in is now written once more only by who acts for the organisation of the survey, and nobody is told how much.
"""

from django.db import migrations

from partnerships.row_security import ACTING_FOR, gives_out_ids, with_parts

THEIRS = ACTING_FOR.format(column="asked.organisation_id")

SENT = with_parts(
    "SELECT count(*) / greatest(max(asked.threshold), $3) * greatest(max(asked.threshold), $3) "
    "FROM public.diagnostics_response AS sent JOIN public.diagnostics_round AS asked ON asked.id = sent.round_id "
    "WHERE asked.id = $1 AND sent.submitted_on < least($2, current_date) AND {theirs}",
    theirs=THEIRS,
)

# As in 0013, but for whom it is for and what it tells.
SHUFFLE = with_parts(
    """
    CREATE OR REPLACE FUNCTION public.diagnostics_shuffle(round bigint) RETURNS bigint LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
    WITH sent AS (
      DELETE FROM public.diagnostics_response AS gone USING public.diagnostics_round AS asked
      WHERE asked.id = $1 AND asked.state = 'open' AND {theirs} AND gone.round_id = asked.id
      AND gone.submitted_on IS NOT NULL RETURNING gone.*
    ), given AS (
      DELETE FROM public.diagnostics_answer AS gone USING sent WHERE gone.response_id = sent.key RETURNING gone.*
    ), responses AS (
      INSERT INTO public.diagnostics_response
      (key, organisation_id, round_id, place, works_for, started_on, submitted_on)
      SELECT key, organisation_id, round_id, place, works_for, started_on, submitted_on FROM sent
      ORDER BY gen_random_uuid() RETURNING key
    ), answers AS (
      INSERT INTO public.diagnostics_answer
      (id, organisation_id, response_id, item, value, reason, answered_on)
      SELECT gen_random_uuid(), organisation_id, response_id, item, value, reason, answered_on FROM given
      ORDER BY gen_random_uuid() RETURNING id
    ) SELECT 0::bigint FROM (SELECT count(*) FROM responses) AS done
    $body$
    """,
    theirs=THEIRS,
)


class Migration(migrations.Migration):
    dependencies = [("diagnostics", "0013_answers_in_no_order_of_sending")]

    operations = [
        gives_out_ids("diagnostics_sent_before(round bigint, day date, fewest bigint)", "bigint", SENT),
        migrations.RunSQL(SHUFFLE, migrations.RunSQL.noop),
    ]
