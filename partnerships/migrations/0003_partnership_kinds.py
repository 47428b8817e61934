"""The kinds of partner body an NHS organisation meets, as data."""

from django.db import migrations

KINDS = [
    ("integrated-care-partnership", "Integrated care partnership", "Sets the strategy for health and care of an area, with councils and others"),
    ("integrated-care-board", "Integrated care board", "The statutory board that plans and pays for most NHS services of an area"),
    ("integrated-care-system", "Integrated care system", "Work across a whole system that belongs to no single board"),
    ("provider-collaborative", "Provider collaborative", "Trusts that plan, deliver or improve services together"),
    ("acute-partnership", "Acute care partnership", "Hospitals that run or plan acute services together"),
    ("community-partnership", "Community care partnership", "Community, mental health and social care run together"),
    ("place-partnership", "Place partnership", "Health and care partners of one town, county or borough"),
    ("primary-care-network", "Primary care network", "General practices that work together for one neighbourhood"),
    ("nhs-england-region", "NHS England region", "Work led by the regional team of NHS England"),
    ("health-innovation-network", "Health innovation network", "Spreads new ideas and treatments; formerly an academic health science network"),
    ("cancer-alliance", "Cancer alliance", "Brings together those who diagnose and treat cancer in an area"),
    ("clinical-network", "Clinical network", "Clinicians of one speciality across several organisations"),
    ("hospital-group", "Hospital group", "Trusts that share a board, leaders or services as a group"),
    ("university", "University partnership", "Research, teaching or joint posts with a university"),
    ("council", "Council partnership", "Joint work or joint funding with a local authority"),
    ("voluntary-sector", "Voluntary sector partnership", "Work with charities, community groups and social enterprises"),
    ("local-medical-committee", "Local medical committee", "Work with the body that represents local general practitioners"),
    ("local-enterprise-partnership", "Local enterprise partnership", "Work with business and councils on jobs, skills and growth"),
    ("other", "Another kind", "A partnership that fits none of the other kinds"),
]  # fmt: skip


def add_kinds(apps, schema_editor):
    kind = apps.get_model("partnerships", "PartnershipKind")
    kind.objects.bulk_create(
        kind(code=code, name=name, description=description, position=position)
        for position, (code, name, description) in enumerate(KINDS)
    )


def remove_kinds(apps, schema_editor):
    apps.get_model("partnerships", "PartnershipKind").objects.filter(code__in=[code for code, _, _ in KINDS]).delete()


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0002_same_owner")]

    operations = [migrations.RunPython(add_kinds, remove_kinds)]
