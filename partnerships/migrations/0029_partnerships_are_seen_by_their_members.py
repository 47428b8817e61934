"""A partnership that an organisation recorded, and who is in it, is seen by its members alone; a register's by everybody.

Else its name, or the number at the end of its address, would tell any other organisation that there is such a one.
"""

from django.db import migrations

from partnerships.row_security import (
    ACTING_FOR,
    BY_MEMBERS,
    IN_REGISTER_OR_RECORDED_HERE,
    IN_SIGHT,
    KEPT,
    MEMBER_AS_ITS_PARTNERSHIP,
    MEMBER_IN_REGISTER_OR_RECORDED_HERE,
    PUBLIC,
    gives_out_ids,
    with_parts,
)

# What somebody takes part in, is a member of, itself or with a unit, or was shown by a member.
SEEN = with_parts(
    """
SELECT partnership_id FROM public.partnerships_participation WHERE {takes_part}
UNION
SELECT membership.partnership_id FROM public.partnerships_organisation AS member
JOIN public.partnerships_partnershipmembership AS membership ON membership.organisation_id = member.id
WHERE ({is_member} OR {has_a_member})
  AND membership.source = 'person'
  AND (membership.left_on IS NULL OR membership.left_on > current_date)
UNION
SELECT partnership_id FROM public.partnerships_sharedlevel
""",
    takes_part=ACTING_FOR.format(column="organisation_id"),
    is_member=ACTING_FOR.format(column="member.id"),
    has_a_member=ACTING_FOR.format(column="member.parent_id"),
)


def show_to_members(table: str, column: str, *, seen: str, written: str) -> migrations.RunSQL:
    policies = {
        PUBLIC: f"USING ({seen}) WITH CHECK ({written})",
        BY_MEMBERS: f"FOR SELECT USING ({IN_SIGHT.format(column=column)})",
        KEPT: "TO CURRENT_USER USING (true) WITH CHECK (true)",
    }
    return migrations.RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            *(f"CREATE POLICY {name} ON {table} {rule}" for name, rule in policies.items()),
        ],
        [
            *(f"DROP POLICY {name} ON {table}" for name in policies),
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0028_every_change_leaves_a_line")]

    operations = [
        gives_out_ids("partnerships_in_sight()", "SETOF bigint", SEEN),
        show_to_members(
            "partnerships_partnership", "id", seen=IN_REGISTER_OR_RECORDED_HERE, written=IN_REGISTER_OR_RECORDED_HERE
        ),
        show_to_members(
            "partnerships_partnershipmembership",
            "partnership_id",
            seen=MEMBER_IN_REGISTER_OR_RECORDED_HERE,
            written=MEMBER_AS_ITS_PARTNERSHIP,
        ),
    ]
