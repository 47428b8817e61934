"""An organisation that has an administrator without an end keeps one, whoever ends, changes or deletes a role.

The check takes hold of the organisation first, so that two administrators who remove each other at the same moment are
looked at one after the other: a statement after the wait sees what the other has committed. It runs with the rights of
the tables' owner, since it has to see every grant of the organisation, whomever the statement acts for.
"""

from django.db import migrations

FUNCTION = """
    CREATE FUNCTION public.keep_an_administrator() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
    BEGIN
        PERFORM 1 FROM public.partnerships_organisation WHERE id = OLD.organisation_id FOR NO KEY UPDATE;
        IF NOT EXISTS (
            SELECT 1 FROM public.partnerships_accessgrant AS kept
            JOIN public.partnerships_person AS person ON person.id = kept.person_id AND person.is_active
            WHERE kept.organisation_id = OLD.organisation_id
            AND kept.role = 'administrator' AND kept.expires_at IS NULL
        ) THEN
            RAISE EXCEPTION 'Organisation % would be left without an administrator.', OLD.organisation_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'access_grant_keeps_an_administrator',
                  TABLE = 'partnerships_accessgrant';
        END IF;
        RETURN NULL;
    END
    $body$
"""
TRIGGER = """
    CREATE TRIGGER keep_an_administrator AFTER UPDATE OR DELETE ON partnerships_accessgrant
    FOR EACH ROW WHEN (OLD.role = 'administrator' AND OLD.expires_at IS NULL)
    EXECUTE FUNCTION public.keep_an_administrator()
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0016_strategy_leads_become_administrators")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION public.keep_an_administrator()"),
        migrations.RunSQL("REVOKE ALL ON FUNCTION public.keep_an_administrator() FROM PUBLIC", migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER keep_an_administrator ON partnerships_accessgrant"),
    ]
