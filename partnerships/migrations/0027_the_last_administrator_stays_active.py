"""An organisation's last administrator without an end is not switched off either, and their account is not deleted.

The same rule as in ``0017_the_last_administrator_stays``, from the side of the account. It takes hold of the same rows,
those of the organisations, and in the order of their numbers, so that neither two accounts that are switched off at the
same moment nor one account and another's role leave an organisation with nobody.
"""

from django.db import migrations

FUNCTION = """
    CREATE FUNCTION public.keep_an_active_administrator() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
    DECLARE organisation bigint;
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.is_active THEN
            RETURN NULL;
        END IF;
        FOR organisation IN
            SELECT DISTINCT organisation_id FROM public.partnerships_accessgrant
            WHERE person_id = OLD.id AND role = 'administrator' AND expires_at IS NULL ORDER BY 1
        LOOP
            PERFORM 1 FROM public.partnerships_organisation WHERE id = organisation FOR NO KEY UPDATE;
            IF NOT EXISTS (
                SELECT 1 FROM public.partnerships_accessgrant AS kept
                JOIN public.partnerships_person AS person ON person.id = kept.person_id AND person.is_active
                WHERE kept.organisation_id = organisation
                AND kept.role = 'administrator' AND kept.expires_at IS NULL
            ) THEN
                RAISE EXCEPTION 'Organisation % would be left without an administrator.', organisation
                USING ERRCODE = 'check_violation', CONSTRAINT = 'access_grant_keeps_an_administrator',
                      TABLE = 'partnerships_person';
            END IF;
        END LOOP;
        RETURN NULL;
    END
    $body$
"""
TRIGGER = """
    CREATE TRIGGER keep_an_active_administrator AFTER UPDATE OF is_active OR DELETE ON partnerships_person
    FOR EACH ROW WHEN (OLD.is_active) EXECUTE FUNCTION public.keep_an_active_administrator()
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0026_account_deeds_and_todays_board")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION public.keep_an_active_administrator()"),
        migrations.RunSQL(
            "REVOKE ALL ON FUNCTION public.keep_an_active_administrator() FROM PUBLIC", migrations.RunSQL.noop
        ),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER keep_an_active_administrator ON partnerships_person"),
    ]
