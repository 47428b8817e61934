"""What is saved most often is a function, since PostgreSQL then plans it once a connection: working out the plan took
longer than running it. It runs with the rights and under the policies of whoever calls it.
"""

from django.db import migrations

# The survey is locked first, as it is by whoever closes it.
FUNCTION = """
CREATE FUNCTION public.diagnostics_add_answers(
    response_key text, link text, today date, items text[], item_values smallint[], reasons text[]
) RETURNS SETOF text LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan AS $body$
BEGIN
    RETURN QUERY
    WITH held AS MATERIALIZED (
        SELECT answered.key, answered.organisation_id
        FROM public.diagnostics_response AS answered
        JOIN public.diagnostics_round AS asked ON asked.id = answered.round_id
        JOIN public.diagnostics_invitation AS invited ON invited.round_id = asked.id
        WHERE answered.key = response_key AND answered.submitted_on IS NULL AND invited.link_hash = link
        AND asked.state = 'open' AND asked.closes_on >= today
        FOR SHARE OF asked FOR UPDATE OF answered
    )
    INSERT INTO public.diagnostics_answer AS kept (id, organisation_id, response_id, item, value, reason, answered_on)
    SELECT gen_random_uuid(), held.organisation_id, held.key, given.item, given.value, given.reason, today
    FROM held, unnest(items, item_values, reasons) AS given (item, value, reason)
    ON CONFLICT (response_id, item) DO NOTHING
    RETURNING kept.item::text;
END
$body$
"""


class Migration(migrations.Migration):
    dependencies = [("diagnostics", "0024_whose_views_a_mean_counts")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION public.diagnostics_add_answers"),
    ]
