"""Answers stay hidden in the database itself until their survey is closed with enough of them.

A trigger keeps the rules of a survey. As a survey closes it counts what was sent in, deletes the rest, and writes every
response and answer once more under random keys, in random order and with one date: the rows of a table lie in the order
of writing, and each carries the transaction that wrote it. Where somebody works is kept only where enough others do.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import partnerships.recording
from diagnostics.answers_security import POLICIES, THEIRS
from partnerships.row_security import KEPT, OWNED, gives_out_ids

COUNT_WHAT_WAS_SENT_IN = """
    UPDATE diagnostics_round SET sent_in = (
        SELECT count(*) FROM diagnostics_response AS sent
        WHERE sent.round_id = diagnostics_round.id AND sent.submitted_on IS NOT NULL
    ) WHERE state = 'closed'
"""
RULES = """
    CREATE FUNCTION public.diagnostics_keep_the_rules_of_a_round() RETURNS trigger LANGUAGE plpgsql
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


TRIGGER = """
    CREATE TRIGGER keep_the_rules BEFORE INSERT OR UPDATE ON diagnostics_round
    FOR EACH ROW EXECUTE FUNCTION public.diagnostics_keep_the_rules_of_a_round()
"""
FUNCTION = "public.diagnostics_keep_the_rules_of_a_round()"


def replace_the_policies():
    """The rules of ``diagnostics.answers_security`` in place of those that show an organisation all of its rows."""
    for table, policies in POLICIES.items():
        added = {name: rule for name, rule in policies.items() if name != KEPT}
        yield migrations.RunSQL(
            [
                f"DROP POLICY {OWNED} ON {table}",
                *(f"CREATE POLICY {name} ON {table} {rule}" for name, rule in added.items()),
            ],
            [
                *(f"DROP POLICY {name} ON {table}" for name in added),
                f"CREATE POLICY {OWNED} ON {table} USING ({THEIRS}) WITH CHECK ({THEIRS})",
            ],
        )


class Migration(migrations.Migration):
    dependencies = [
        ("diagnostics", "0006_own_versions_of_the_questions"),
        ("partnerships", "0028_every_change_leaves_a_line"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="round",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="round",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="round",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="invitation",
            name="link_number",
            field=models.PositiveSmallIntegerField(default=0, help_text="How often the link has been replaced."),
        ),
        migrations.AddField(
            model_name="response",
            name="works_for",
            field=models.CharField(
                blank=True,
                help_text="The organisation whose view it is, in a survey that names organisations; empty in any other.",
                max_length=120,
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="mode",
            field=models.CharField(
                choices=[("anonymous", "Together, without names"), ("named", "By organisation, with its name")],
                default="anonymous",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="sent_in",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="roundevent",
            name="mode",
            field=models.CharField(
                choices=[("anonymous", "Together, without names"), ("named", "By organisation, with its name")],
                default="anonymous",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="roundevent",
            name="sent_in",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.RunSQL(COUNT_WHAT_WAS_SENT_IN, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="round",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_roundevent" ("closed_at", "closed_by_id", "closes_on", "created_at", "created_by_id", "id", "instrument_version", "mode", "opened_at", "opened_by_id", "opens_on", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_before_last_day", "remind_halfway", "sent_in", "state", "threshold") VALUES (NEW."closed_at", NEW."closed_by_id", NEW."closes_on", NEW."created_at", NEW."created_by_id", NEW."id", NEW."instrument_version", NEW."mode", NEW."opened_at", NEW."opened_by_id", NEW."opens_on", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."remind_before_last_day", NEW."remind_halfway", NEW."sent_in", NEW."state", NEW."threshold"); RETURN NULL;',
                    hash="73642facf878f2f19ec21353f5212d9fa614f37f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_cc260",
                    table="diagnostics_round",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="round",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."participation_id" IS DISTINCT FROM NEW."participation_id" OR OLD."instrument_version" IS DISTINCT FROM NEW."instrument_version" OR OLD."state" IS DISTINCT FROM NEW."state" OR OLD."mode" IS DISTINCT FROM NEW."mode" OR OLD."threshold" IS DISTINCT FROM NEW."threshold" OR OLD."opens_on" IS DISTINCT FROM NEW."opens_on" OR OLD."closes_on" IS DISTINCT FROM NEW."closes_on" OR OLD."remind_halfway" IS DISTINCT FROM NEW."remind_halfway" OR OLD."remind_before_last_day" IS DISTINCT FROM NEW."remind_before_last_day"))',
                    func='INSERT INTO public."diagnostics_roundevent" ("closed_at", "closed_by_id", "closes_on", "created_at", "created_by_id", "id", "instrument_version", "mode", "opened_at", "opened_by_id", "opens_on", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_before_last_day", "remind_halfway", "sent_in", "state", "threshold") VALUES (NEW."closed_at", NEW."closed_by_id", NEW."closes_on", NEW."created_at", NEW."created_by_id", NEW."id", NEW."instrument_version", NEW."mode", NEW."opened_at", NEW."opened_by_id", NEW."opens_on", NEW."organisation_id", NEW."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."remind_before_last_day", NEW."remind_halfway", NEW."sent_in", NEW."state", NEW."threshold"); RETURN NULL;',
                    hash="f446f0f940cc344cf8ff1e5c2747515467e0b886",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c35bd",
                    table="diagnostics_round",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="round",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    func='INSERT INTO public."diagnostics_roundevent" ("closed_at", "closed_by_id", "closes_on", "created_at", "created_by_id", "id", "instrument_version", "mode", "opened_at", "opened_by_id", "opens_on", "organisation_id", "participation_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_before_last_day", "remind_halfway", "sent_in", "state", "threshold") VALUES (OLD."closed_at", OLD."closed_by_id", OLD."closes_on", OLD."created_at", OLD."created_by_id", OLD."id", OLD."instrument_version", OLD."mode", OLD."opened_at", OLD."opened_by_id", OLD."opens_on", OLD."organisation_id", OLD."participation_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."remind_before_last_day", OLD."remind_halfway", OLD."sent_in", OLD."state", OLD."threshold"); RETURN NULL;',
                    hash="a4adb320a1efa49f6910d67991b27165a3a61fa5",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d04bc",
                    table="diagnostics_round",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_in__isnull", False), ("state", "closed")),
                    models.Q(models.Q(("state", "closed"), _negated=True), ("sent_in__isnull", True)),
                    _connector="OR",
                ),
                name="round_sent_in_is_counted_on_closing",
            ),
        ),
        migrations.RunSQL(RULES, f"DROP FUNCTION {FUNCTION}"),
        migrations.RunSQL(f"REVOKE ALL ON FUNCTION {FUNCTION} FROM PUBLIC", migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER keep_the_rules ON diagnostics_round"),
        # Whoever can name the keys of responses, which takes the key of their survey, learns which are sent in.
        gives_out_ids(
            "diagnostics_responses_with(keys text[])",
            "TABLE (key text, is_sent boolean)",
            "SELECT one.key::text, one.submitted_on IS NOT NULL FROM public.diagnostics_response AS one "
            "WHERE one.key = ANY (keys)",
        ),
        *replace_the_policies(),
    ]
