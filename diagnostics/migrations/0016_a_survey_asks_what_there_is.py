"""A survey asks a version of the questions that there is, about what the survey asks about."""

from django.db import migrations

# The versions that come with the service are files, which the database cannot read: each new one is named here, in a
# migration that replaces the function (tests/integration/diagnostics/test_rounds.py holds that none is forgotten).
# The organisation's own are rows, which whoever changes a survey may read. What is no subject at all is another rule's.
FUNCTION = """
    CREATE FUNCTION public.refuse_unknown_questions() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $body$
    BEGIN
        IF (NEW.subject, NEW.instrument_version) IN (
            ('partnership', 'eight-characteristics-1'),
            ('partnership', 'eight-characteristics-2'),
            ('partnership', 'eight-characteristics-3'),
            ('by_partners', 'good-partner-by-partners-1'),
            ('by_partners', 'good-partner-by-partners-2'),
            ('by_us', 'good-partner-by-us-1'),
            ('by_us', 'good-partner-by-us-2')
        ) OR EXISTS (
            SELECT FROM public.diagnostics_instrumentversion AS own
            WHERE own.organisation_id = NEW.organisation_id AND own.version = NEW.instrument_version
            AND own.subject = NEW.subject AND own.published_at IS NOT NULL
        ) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'There is no version % of the questions that this survey could ask.', NEW.instrument_version
        USING ERRCODE = 'check_violation', CONSTRAINT = 'round_questions_exist', TABLE = 'diagnostics_round';
    END
    $body$
"""
TRIGGER = """
    CREATE TRIGGER refuse_unknown_questions BEFORE INSERT OR UPDATE OF organisation_id, subject, instrument_version
    ON diagnostics_round FOR EACH ROW WHEN (NEW.subject IN ('partnership', 'by_partners', 'by_us'))
    EXECUTE FUNCTION public.refuse_unknown_questions()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("diagnostics", "0015_own_words_for_both_sides"),
    ]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION public.refuse_unknown_questions()"),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER refuse_unknown_questions ON diagnostics_round"),
    ]
