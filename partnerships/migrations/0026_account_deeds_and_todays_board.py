"""What people do with their own accounts is on the record, and only today's board sees what is shared with one."""

from django.db import migrations, models

ACTING_FOR = (
    "ANY ((SELECT string_to_array(NULLIF(current_setting('triage.organisations', true), ''), ',')::bigint[])::bigint[])"
)
# As in 0018, but that the board it was shared with has to be the one that the organisation counts towards today.
SHARED_LEVELS = """
CREATE OR REPLACE VIEW partnerships_sharedlevel WITH (security_barrier) AS
SELECT sharing.id AS sharing_id, sharing.organisation_id, participation.partnership_id, sharing.audience,
       sharing.system_id, sharing.shared_at, level.name AS level, level.share_of_value AS commitment
FROM partnerships_sharing AS sharing
JOIN partnerships_participation AS participation ON participation.id = sharing.participation_id
JOIN partnerships_engagementlevel AS level ON level.id = participation.level_id
WHERE sharing.withdrawn_at IS NULL
  AND participation.state = 'active'
  AND (
    (sharing.audience = 'system' AND sharing.system_id = $acting $todays)
    OR (sharing.audience = 'members' AND EXISTS (
      SELECT FROM partnerships_partnershipmembership AS membership
      JOIN partnerships_organisation AS member ON member.id = membership.organisation_id
      WHERE membership.partnership_id = participation.partnership_id
        AND (membership.left_on IS NULL OR membership.left_on > current_date)
        AND (member.id = $acting OR member.parent_id = $acting)
    ))
  )
"""
TODAYS_BOARD = """AND EXISTS (
      SELECT FROM partnerships_organisation AS sharer
      JOIN partnerships_organisation AS board ON board.code = sharer.icb_code
      WHERE sharer.id = sharing.organisation_id AND board.id = sharing.system_id
    )"""


def shared_levels(todays: str) -> str:
    return SHARED_LEVELS.replace("$todays", todays).replace("$acting", ACTING_FOR)


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0025_pool_names_once"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="deed",
            name="deed_kind_is_known",
        ),
        migrations.AlterField(
            model_name="deed",
            name="kind",
            field=models.CharField(
                choices=[
                    ("exported", "downloaded"),
                    ("read_free_text", "read what people wrote in"),
                    ("took_links", "took the personal links"),
                    ("signed_in", "signed in"),
                    ("sign_in_failed", "did not get in: wrong email address, password or code"),
                    ("signed_out", "signed out"),
                    ("password_changed", "changed their password"),
                    ("second_step_set_up", "set up their second step of signing in"),
                    ("second_step_removed", "took their second step of signing in away"),
                    ("recovery_codes_made", "made new recovery codes"),
                    ("sessions_ended", "signed out their other browsers"),
                    ("sign_in_reset", "had their signing in reset at the server"),
                    ("imported_register", "imported the register"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="deed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "exported",
                            "read_free_text",
                            "took_links",
                            "signed_in",
                            "sign_in_failed",
                            "signed_out",
                            "password_changed",
                            "second_step_set_up",
                            "second_step_removed",
                            "recovery_codes_made",
                            "sessions_ended",
                            "sign_in_reset",
                            "imported_register",
                        ],
                    )
                ),
                name="deed_kind_is_known",
                violation_error_message="Choose a kind of deed from the list.",
            ),
        ),
        migrations.RunSQL(shared_levels(TODAYS_BOARD), shared_levels("")),
    ]
