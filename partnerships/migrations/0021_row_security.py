"""Every owned row of this app is seen by its organisation only; a grant also by its person. See row_security."""

from django.db import migrations

from partnerships.row_security import gives_out_ids, protect

OWNED = [
    "capacitypool",
    "capacityquarter",
    "costofchange",
    "daysneeded",
    "engagementlevel",
    "importpreview",
    "objective",
    "objectiverank",
    "objectiveweight",
    "participation",
    "participationstatechange",
    "pastrule",
    "poolshare",
    "portfoliorule",
    "rulemember",
    "valuerating",
    "wayofcreatingvalue",
    "wayrank",
    "wayweight",
]


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0020_invitations_to_organisations")]

    operations = [
        *(protect(f"partnerships_{table}") for table in OWNED),
        protect("partnerships_accessgrant", person="person_id"),
        # Who uses the service: the demonstration keeps away from real organisations.
        gives_out_ids(
            "partnerships_organisations_in_use()",
            "SETOF bigint",
            "SELECT DISTINCT organisation_id FROM public.partnerships_accessgrant",
        ),
    ]
