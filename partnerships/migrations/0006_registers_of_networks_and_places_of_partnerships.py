from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0005_state_change_same_owner"),
    ]

    operations = [
        migrations.AddField(
            model_name="partnership",
            name="postcode",
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name="partnership",
            name="sub_icb_code",
            field=models.CharField(blank=True, help_text="The sub-ICB location whose area it lies in.", max_length=12),
        ),
        migrations.AlterField(
            model_name="organisation",
            name="source",
            field=models.CharField(
                choices=[
                    ("etr", "NHS trusts (etr)"),
                    ("eccg", "Sub-ICB locations and former CCGs (eccg)"),
                    ("icb_partners", "ICB partner register"),
                    ("epcn", "Primary care networks (ePCN)"),
                    ("epilepsy_networks", "Paediatric epilepsy networks"),
                    ("diabetes_networks", "Paediatric diabetes networks"),
                    ("person", "Entered by a person"),
                ],
                default="person",
                help_text="The register whose word counts for this organisation.",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="organisationname",
            name="source",
            field=models.CharField(
                choices=[
                    ("etr", "NHS trusts (etr)"),
                    ("eccg", "Sub-ICB locations and former CCGs (eccg)"),
                    ("icb_partners", "ICB partner register"),
                    ("epcn", "Primary care networks (ePCN)"),
                    ("epilepsy_networks", "Paediatric epilepsy networks"),
                    ("diabetes_networks", "Paediatric diabetes networks"),
                    ("person", "Entered by a person"),
                ],
                default="person",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="partnership",
            name="source",
            field=models.CharField(
                choices=[
                    ("etr", "NHS trusts (etr)"),
                    ("eccg", "Sub-ICB locations and former CCGs (eccg)"),
                    ("icb_partners", "ICB partner register"),
                    ("epcn", "Primary care networks (ePCN)"),
                    ("epilepsy_networks", "Paediatric epilepsy networks"),
                    ("diabetes_networks", "Paediatric diabetes networks"),
                    ("person", "Entered by a person"),
                ],
                default="person",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="partnershipmembership",
            name="source",
            field=models.CharField(
                choices=[
                    ("etr", "NHS trusts (etr)"),
                    ("eccg", "Sub-ICB locations and former CCGs (eccg)"),
                    ("icb_partners", "ICB partner register"),
                    ("epcn", "Primary care networks (ePCN)"),
                    ("epilepsy_networks", "Paediatric epilepsy networks"),
                    ("diabetes_networks", "Paediatric diabetes networks"),
                    ("person", "Entered by a person"),
                ],
                default="person",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="registerfile",
            name="source",
            field=models.CharField(
                choices=[
                    ("etr", "NHS trusts (etr)"),
                    ("eccg", "Sub-ICB locations and former CCGs (eccg)"),
                    ("icb_partners", "ICB partner register"),
                    ("epcn", "Primary care networks (ePCN)"),
                    ("epilepsy_networks", "Paediatric epilepsy networks"),
                    ("diabetes_networks", "Paediatric diabetes networks"),
                    ("person", "Entered by a person"),
                ],
                max_length=20,
            ),
        ),
    ]
