"""A survey that closes with too few answers to show any keeps none of them, but only how many there were.

One that opens again afterwards asks everybody anew. What is there of surveys that closed so before is deleted here.
"""

import importlib

from django.db import migrations, models

EARLIER = importlib.import_module("diagnostics.migrations.0007_answers_by_the_surveys_rules")
# As in 0007, but for what happens where too few were sent in.
RULES = """
    CREATE OR REPLACE FUNCTION public.diagnostics_keep_the_rules_of_a_round() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
    DECLARE
        day date;
        kept_places text[];
    BEGIN
        IF TG_OP = 'INSERT' THEN
            NEW.sent_in := CASE WHEN NEW.state = 'closed' THEN 0 END;
            RETURN NEW;
        END IF;
        NEW.sent_in := OLD.sent_in;
        IF OLD.state <> 'draft' AND NEW.threshold < OLD.threshold THEN
            RAISE EXCEPTION 'Respondents were told that it takes % answers to show anything.', OLD.threshold
            USING ERRCODE = 'check_violation', CONSTRAINT = 'round_threshold_stays', TABLE = 'diagnostics_round';
        END IF;
        IF NEW.mode <> OLD.mode
            AND EXISTS (SELECT FROM public.diagnostics_response WHERE round_id = OLD.id) THEN
            RAISE EXCEPTION 'Somebody has begun to answer survey %, and was told how it is read.', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'round_mode_stays', TABLE = 'diagnostics_round';
        END IF;
        IF OLD.state = 'closed' AND NEW.state <> 'closed' THEN
            IF OLD.sent_in >= OLD.threshold THEN
                RAISE EXCEPTION 'The results of survey % have been shown.', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'round_shown_stays_closed', TABLE = 'diagnostics_round';
            END IF;
            NEW.sent_in := NULL;
        END IF;
        IF NEW.state = 'closed' AND OLD.state <> 'closed' THEN
            day := (NEW.closed_at AT TIME ZONE 'Europe/London')::date;
            SELECT count(*) INTO NEW.sent_in FROM public.diagnostics_response
            WHERE round_id = NEW.id AND submitted_on IS NOT NULL;
            IF NEW.sent_in < NEW.threshold THEN
                -- So few are known by being so few, and nobody is ever shown them: nothing of theirs is kept.
                DELETE FROM public.diagnostics_answer USING public.diagnostics_response AS its
                WHERE its.round_id = NEW.id AND response_id = its.key;
                DELETE FROM public.diagnostics_response WHERE round_id = NEW.id;
                RETURN NEW;
            END IF;
            -- Where few work tells who they are: places with enough people stay, while the others together are enough or none.
            WITH places AS (
                SELECT place, row_number() OVER by_size AS nth, NEW.sent_in - sum(people) OVER by_size AS others
                FROM (
                    SELECT place, count(*) AS people FROM public.diagnostics_response
                    WHERE round_id = NEW.id AND submitted_on IS NOT NULL AND place <> ''
                    GROUP BY place HAVING count(*) >= NEW.threshold
                ) AS large WINDOW by_size AS (ORDER BY people DESC, place)
            )
            SELECT array_agg(place) INTO kept_places FROM places
            WHERE NEW.sent_in >= 11
                AND nth <= (SELECT max(nth) FROM places WHERE others = 0 OR others >= NEW.threshold);
            WITH of_round AS MATERIALIZED (
                SELECT key, replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '') AS new_key,
                    submitted_on IS NOT NULL AS is_sent
                FROM public.diagnostics_response WHERE round_id = NEW.id
            ), answers AS (
                DELETE FROM public.diagnostics_answer AS gone USING of_round WHERE gone.response_id = of_round.key
                RETURNING gone.*, of_round.new_key, of_round.is_sent
            ), responses AS (
                DELETE FROM public.diagnostics_response AS gone USING of_round WHERE gone.key = of_round.key
                RETURNING gone.*, of_round.new_key, of_round.is_sent
            ), written AS (
                INSERT INTO public.diagnostics_response (key, organisation_id, round_id, place, works_for, started_on, submitted_on)
                SELECT new_key, organisation_id, round_id, CASE WHEN place = ANY (kept_places) THEN place ELSE '' END,
                    works_for, day, day FROM responses WHERE is_sent ORDER BY gen_random_uuid()
            )
            INSERT INTO public.diagnostics_answer (id, organisation_id, response_id, item, value, reason, answered_on)
            SELECT gen_random_uuid(), organisation_id, new_key, item, value, reason, day
            FROM answers WHERE is_sent ORDER BY gen_random_uuid();
        END IF;
        RETURN NEW;
    END
    $body$
"""
# What is there of those that closed so before.
OF_TOO_FEW = [
    "DELETE FROM diagnostics_answer WHERE response_id IN (SELECT its.key FROM diagnostics_response AS its "
    "JOIN diagnostics_round AS asked ON asked.id = its.round_id "
    "WHERE asked.state = 'closed' AND asked.sent_in < asked.threshold)",
    "DELETE FROM diagnostics_response WHERE round_id IN (SELECT asked.id FROM diagnostics_round AS asked "
    "WHERE asked.state = 'closed' AND asked.sent_in < asked.threshold)",
]


class Migration(migrations.Migration):
    dependencies = [("diagnostics", "0020_earlier_links_are_kept")]

    operations = [
        *(
            migrations.AlterField(
                model_name=model,
                name="opened_again_on",
                field=models.DateField(
                    blank=True,
                    null=True,
                    help_text="Where it had closed with too few answers, which were deleted: everybody is asked anew.",
                ),
            )
            for model in ("round", "roundevent")
        ),
        migrations.RunSQL(RULES, EARLIER.RULES.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
        migrations.RunSQL(OF_TOO_FEW, migrations.RunSQL.noop),
    ]
