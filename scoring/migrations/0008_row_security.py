"""Runs, what-ifs and all that hangs off them are seen by their organisation only; see partnerships.row_security.

Workers, the reconciler and the night look after all organisations. They learn which have something waiting from the
functions below, which give out ids, counts and times, and then act for one organisation.
"""

from django.db import migrations

from partnerships.row_security import gives_out_ids, protect

OWNED = ["explanation", "recommendation", "run", "runchange", "tippingpoint", "whatif"]

OF_THE_NIGHT = "FROM public.scoring_run WHERE state = 'queued' AND trigger = 'night'"

FUNCTIONS = [
    # Whose row is it that a task brings the number of?
    (
        "scoring_owner_of(kind text, number bigint)",
        "SETOF bigint",
        "SELECT organisation_id FROM public.scoring_run WHERE kind = 'run' AND id = number "
        "UNION ALL SELECT organisation_id FROM public.scoring_whatif WHERE kind = 'whatif' AND id = number "
        "UNION ALL SELECT organisation_id FROM public.scoring_explanation WHERE kind = 'explanation' AND id = number",
    ),
    # Where did a worker die, or the broker lose something?
    (
        "scoring_with_runs_left(silent_since timestamptz, waiting_since timestamptz)",
        "SETOF bigint",
        "SELECT organisation_id FROM public.scoring_run WHERE state IN ('queued', 'running') AND ("
        "state = 'running' AND (heartbeat_at IS NULL OR heartbeat_at < silent_since) "
        "OR state = 'queued' AND trigger <> 'night' AND coalesce(sent_at, requested_at) < waiting_since) "
        "GROUP BY organisation_id ORDER BY min(id)",
    ),
    (
        "scoring_with_what_ifs_left(claimed_before timestamptz, waiting_since timestamptz, forgotten timestamptz)",
        "SETOF bigint",
        "SELECT organisation_id FROM public.scoring_whatif "
        "WHERE state = 'running' AND (claimed_at IS NULL OR claimed_at < claimed_before) "
        "OR state = 'queued' AND coalesce(sent_at, requested_at) < waiting_since "
        "OR name = '' AND requested_at < forgotten "
        "GROUP BY organisation_id ORDER BY min(id)",
    ),
    (
        "scoring_with_explanations_left(unsent_since timestamptz, sent_before timestamptz, forgotten timestamptz)",
        "SETOF bigint",
        "SELECT organisation_id FROM public.scoring_explanation "
        "WHERE finished_at IS NULL AND (sent_at IS NULL AND requested_at < unsent_since OR sent_at < sent_before) "
        "OR requested_at < forgotten GROUP BY organisation_id ORDER BY min(id)",
    ),
    # Who can be scored tonight, the largest first, and who has a run waiting already? The rule is that of
    # scoring.runner.steps, which tells people what is missing.
    (
        "scoring_ready_for_the_night()",
        "TABLE (organisation bigint, already_waiting boolean)",
        "SELECT one.organisation_id, EXISTS (SELECT 1 FROM public.scoring_run AS waiting "
        "WHERE waiting.organisation_id = one.organisation_id AND waiting.state = 'queued') "
        "FROM public.partnerships_participation AS one WHERE one.state = 'active' "
        "AND EXISTS (SELECT 1 FROM public.partnerships_capacityquarter AS days "
        "WHERE days.organisation_id = one.organisation_id) GROUP BY one.organisation_id "
        "HAVING EXISTS (SELECT 1 FROM public.partnerships_daysneeded AS need "
        "JOIN public.partnerships_participation AS part ON part.id = need.participation_id "
        "WHERE need.organisation_id = one.organisation_id AND part.state = 'active' AND need.likely > 0) "
        "AND EXISTS (SELECT 1 FROM public.partnerships_valuerating AS worth "
        "JOIN public.partnerships_participation AS part ON part.id = worth.participation_id "
        "WHERE worth.organisation_id = one.organisation_id AND part.state = 'active') "
        "ORDER BY count(*) DESC, one.organisation_id",
    ),
    # What of a night goes to the broker next, and what did it lose?
    (
        "scoring_night_unsent(most bigint)",
        "TABLE (organisation bigint, run bigint)",
        f"SELECT organisation_id, id {OF_THE_NIGHT} AND sent_at IS NULL ORDER BY id LIMIT most",
    ),
    (
        "scoring_night_sent()",
        "bigint",
        f"SELECT count(*) {OF_THE_NIGHT} AND sent_at IS NOT NULL",
    ),
    (
        "scoring_night_sent_before(moment timestamptz, most bigint)",
        "TABLE (organisation bigint, run bigint)",
        f"SELECT organisation_id, id {OF_THE_NIGHT} AND sent_at < moment ORDER BY id LIMIT most",
    ),
    # How does a night go?
    (
        "scoring_night_counts(nights bigint[])",
        "TABLE (night bigint, state text, runs bigint, last_finished timestamptz)",
        "SELECT night_id, state, count(*), max(finished_at) FROM public.scoring_run WHERE night_id = ANY (nights) "
        "GROUP BY night_id, state",
    ),
    (
        "scoring_night_finished_since(night bigint, moment timestamptz)",
        "bigint",
        "SELECT count(*) FROM public.scoring_run WHERE night_id = night AND finished_at >= moment",
    ),
    (
        "scoring_night_failed(night bigint, most bigint)",
        "TABLE (organisation bigint, run bigint)",
        "SELECT held.organisation_id, held.id FROM public.scoring_run AS held "
        "JOIN public.partnerships_organisation AS organisation ON organisation.id = held.organisation_id "
        "WHERE held.night_id = night AND held.state = 'failed' ORDER BY organisation.code LIMIT most",
    ),
]
LOCKING = [
    # Which run takes the place of one that ends? No other worker gets it before this transaction ends.
    (
        "scoring_night_next()",
        "TABLE (organisation bigint, run bigint)",
        f"SELECT organisation_id, id {OF_THE_NIGHT} AND sent_at IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED",
    ),
]


class Migration(migrations.Migration):
    dependencies = [("scoring", "0007_best_level_of_a_recommendation"), ("partnerships", "0021_row_security")]

    operations = [
        *(protect(f"scoring_{table}") for table in OWNED),
        *(gives_out_ids(*function) for function in FUNCTIONS),
        *(gives_out_ids(*function, locks=True) for function in LOCKING),
    ]
