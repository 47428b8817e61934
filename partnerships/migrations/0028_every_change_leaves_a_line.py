"""A change of a partnership or of its members leaves a line also where nobody says who made it.

Only what says that it loads a register leaves none. A line that names no organisation is nobody's: it is added and not
read, but by the owner of the tables.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

import partnerships.recording
from partnerships.row_security import OF_NOBODY


def take_nobodys(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE POLICY {OF_NOBODY} ON {table} FOR INSERT WITH CHECK (for_organisation IS NULL)",
        f"DROP POLICY {OF_NOBODY} ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0027_the_last_administrator_stays_active"),
    ]

    operations = [
        take_nobodys("partnerships_partnershipevent"),
        take_nobodys("partnerships_partnershipmembershipevent"),
        pgtrigger.migrations.RemoveTrigger(
            model_name="partnership",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="partnership",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="partnership",
            name="found_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="partnership",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="partnershipmembership",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="partnershipmembership",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="partnershipmembership",
            name="found_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="partnershipmembership",
            name="delete_delete",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnership",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    condition="WHEN (current_setting('triage.loading_register', true) IS DISTINCT FROM 'on')",
                    func='INSERT INTO public."partnerships_partnershipevent" ("as_of", "ended_on", "icb_code", "id", "kind_id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "recorded_by_id", "register_code", "slug", "source", "started_on", "sub_icb_code") VALUES (NEW."as_of", NEW."ended_on", NEW."icb_code", NEW."id", NEW."kind_id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."postcode", NEW."recorded_by_id", NEW."register_code", NEW."slug", NEW."source", NEW."started_on", NEW."sub_icb_code"); RETURN NULL;',
                    hash="c0568ba44ceb39460018ecb0e4e579bb6a6bd173",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_80689",
                    table="partnerships_partnership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnership",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."name" IS DISTINCT FROM NEW."name" OR OLD."kind_id" IS DISTINCT FROM NEW."kind_id" OR OLD."register_code" IS DISTINCT FROM NEW."register_code" OR OLD."icb_code" IS DISTINCT FROM NEW."icb_code" OR OLD."sub_icb_code" IS DISTINCT FROM NEW."sub_icb_code" OR OLD."postcode" IS DISTINCT FROM NEW."postcode" OR OLD."started_on" IS DISTINCT FROM NEW."started_on" OR OLD."ended_on" IS DISTINCT FROM NEW."ended_on") AND current_setting(\'triage.loading_register\', true) IS DISTINCT FROM \'on\')',
                    func='INSERT INTO public."partnerships_partnershipevent" ("as_of", "ended_on", "icb_code", "id", "kind_id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "recorded_by_id", "register_code", "slug", "source", "started_on", "sub_icb_code") VALUES (NEW."as_of", NEW."ended_on", NEW."icb_code", NEW."id", NEW."kind_id", NEW."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."postcode", NEW."recorded_by_id", NEW."register_code", NEW."slug", NEW."source", NEW."started_on", NEW."sub_icb_code"); RETURN NULL;',
                    hash="f775784841298ac811e63580c4c50bd8cc5cadff",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5ca94",
                    table="partnerships_partnership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnership",
            trigger=pgtrigger.compiler.Trigger(
                name="found_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."name" IS DISTINCT FROM NEW."name" OR OLD."kind_id" IS DISTINCT FROM NEW."kind_id" OR OLD."register_code" IS DISTINCT FROM NEW."register_code" OR OLD."icb_code" IS DISTINCT FROM NEW."icb_code" OR OLD."sub_icb_code" IS DISTINCT FROM NEW."sub_icb_code" OR OLD."postcode" IS DISTINCT FROM NEW."postcode" OR OLD."started_on" IS DISTINCT FROM NEW."started_on" OR OLD."ended_on" IS DISTINCT FROM NEW."ended_on") AND current_setting(\'triage.loading_register\', true) IS DISTINCT FROM \'on\')',
                    func='INSERT INTO public."partnerships_partnershipevent" ("as_of", "ended_on", "icb_code", "id", "kind_id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "recorded_by_id", "register_code", "slug", "source", "started_on", "sub_icb_code") VALUES (OLD."as_of", OLD."ended_on", OLD."icb_code", OLD."id", OLD."kind_id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'found\', OLD."id", OLD."postcode", OLD."recorded_by_id", OLD."register_code", OLD."slug", OLD."source", OLD."started_on", OLD."sub_icb_code"); RETURN NULL;',
                    hash="46834475ac5ff92e90820ede841899b3b4ccf523",
                    operation="UPDATE",
                    pgid="pgtrigger_found_update_21696",
                    table="partnerships_partnership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnership",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    condition="WHEN (current_setting('triage.loading_register', true) IS DISTINCT FROM 'on')",
                    func='INSERT INTO public."partnerships_partnershipevent" ("as_of", "ended_on", "icb_code", "id", "kind_id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "recorded_by_id", "register_code", "slug", "source", "started_on", "sub_icb_code") VALUES (OLD."as_of", OLD."ended_on", OLD."icb_code", OLD."id", OLD."kind_id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."postcode", OLD."recorded_by_id", OLD."register_code", OLD."slug", OLD."source", OLD."started_on", OLD."sub_icb_code"); RETURN NULL;',
                    hash="bc44d39c40c5a9113b6b0b1a3fdecf5a18e19a42",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b61a9",
                    table="partnerships_partnership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnershipmembership",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=partnerships.recording.UnskippableSql(
                    condition="WHEN (current_setting('triage.loading_register', true) IS DISTINCT FROM 'on')",
                    func='INSERT INTO public."partnerships_partnershipmembershipevent" ("as_of", "id", "is_lead", "joined_on", "left_on", "organisation_id", "partnership_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (NEW."as_of", NEW."id", NEW."is_lead", NEW."joined_on", NEW."left_on", NEW."organisation_id", NEW."partnership_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'insert\', NEW."id", NEW."source"); RETURN NULL;',
                    hash="dc68e2c9e831097ff632acecca6da71984acdf25",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_adac8",
                    table="partnerships_partnershipmembership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnershipmembership",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."partnership_id" IS DISTINCT FROM NEW."partnership_id" OR OLD."is_lead" IS DISTINCT FROM NEW."is_lead" OR OLD."joined_on" IS DISTINCT FROM NEW."joined_on" OR OLD."left_on" IS DISTINCT FROM NEW."left_on") AND current_setting(\'triage.loading_register\', true) IS DISTINCT FROM \'on\')',
                    func='INSERT INTO public."partnerships_partnershipmembershipevent" ("as_of", "id", "is_lead", "joined_on", "left_on", "organisation_id", "partnership_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (NEW."as_of", NEW."id", NEW."is_lead", NEW."joined_on", NEW."left_on", NEW."organisation_id", NEW."partnership_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', NEW."id", NEW."source"); RETURN NULL;',
                    hash="7de78d42463cacb58c4840d156cb24f7ac8fd96f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8dc48",
                    table="partnerships_partnershipmembership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnershipmembership",
            trigger=pgtrigger.compiler.Trigger(
                name="found_update",
                sql=partnerships.recording.UnskippableSql(
                    condition='WHEN ((OLD."partnership_id" IS DISTINCT FROM NEW."partnership_id" OR OLD."is_lead" IS DISTINCT FROM NEW."is_lead" OR OLD."joined_on" IS DISTINCT FROM NEW."joined_on" OR OLD."left_on" IS DISTINCT FROM NEW."left_on") AND current_setting(\'triage.loading_register\', true) IS DISTINCT FROM \'on\')',
                    func='INSERT INTO public."partnerships_partnershipmembershipevent" ("as_of", "id", "is_lead", "joined_on", "left_on", "organisation_id", "partnership_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (OLD."as_of", OLD."id", OLD."is_lead", OLD."joined_on", OLD."left_on", OLD."organisation_id", OLD."partnership_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'found\', OLD."id", OLD."source"); RETURN NULL;',
                    hash="2c1781d0fb4faa968ec9d85aa2c19b3da2d01f72",
                    operation="UPDATE",
                    pgid="pgtrigger_found_update_e813a",
                    table="partnerships_partnershipmembership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="partnershipmembership",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=partnerships.recording.UnskippableSql(
                    condition="WHEN (current_setting('triage.loading_register', true) IS DISTINCT FROM 'on')",
                    func='INSERT INTO public."partnerships_partnershipmembershipevent" ("as_of", "id", "is_lead", "joined_on", "left_on", "organisation_id", "partnership_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (OLD."as_of", OLD."id", OLD."is_lead", OLD."joined_on", OLD."left_on", OLD."organisation_id", OLD."partnership_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."source"); RETURN NULL;',
                    hash="8f34725061081aa13f24d7c3488b1dd85d96583c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fcecc",
                    table="partnerships_partnershipmembership",
                    when="AFTER",
                ),
            ),
        ),
    ]
