"""Kind noes and their letters are seen by their organisation only, and belong to what they speak of."""

from django.db import migrations

from partnerships.recording import append_only
from partnerships.row_security import gives_out_ids, protect

TABLES = ["checklistitem", "kindno", "letter", "letterreply", "lettertemplate", "telling"]
EVENTS = [f"{table}event" for table in TABLES]

# child table, column that names the parent, parent table; both have the same organisation
SAME_OWNER = [
    ("kindno", "participation_id", "partnerships_participation"),
    ("kindno", "decision_id", "decisions_decision"),
    *((child, "kind_no_id", "decisions_kindno") for child in ("checklistitem", "letter", "letterreply", "telling")),
    *(
        (child, "participation_id", "partnerships_participation")
        for child in ("checklistitem", "letter", "letterreply", "telling")
    ),
]


def same_owner():
    yield migrations.RunSQL(
        "ALTER TABLE decisions_kindno ADD CONSTRAINT kindno_with_owner UNIQUE (id, organisation_id)",
        "ALTER TABLE decisions_kindno DROP CONSTRAINT kindno_with_owner",
    )
    for child, column, parent in SAME_OWNER:
        name = f"{child}_{column}_same_owner"
        yield migrations.RunSQL(
            f"ALTER TABLE decisions_{child} ADD CONSTRAINT {name} FOREIGN KEY ({column}, organisation_id) "
            f"REFERENCES {parent} (id, organisation_id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE decisions_{child} DROP CONSTRAINT {name}",
        )


def same_partnership():
    """A pack is about the partnership of its decision, and what belongs to a pack about that of the pack."""
    yield migrations.RunSQL(
        "ALTER TABLE decisions_kindno ADD CONSTRAINT kindno_with_partnership UNIQUE (id, participation_id)",
        "ALTER TABLE decisions_kindno DROP CONSTRAINT kindno_with_partnership",
    )
    parents = {"kindno": ("decision_id", "decisions_decision")} | dict.fromkeys(
        ("checklistitem", "letter", "letterreply", "telling"), ("kind_no_id", "decisions_kindno")
    )
    for child, (column, parent) in parents.items():
        yield migrations.RunSQL(
            f"ALTER TABLE decisions_{child} ADD CONSTRAINT {child}_{column}_same_partnership "
            f"FOREIGN KEY ({column}, participation_id) REFERENCES {parent} (id, participation_id) "
            "DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE decisions_{child} DROP CONSTRAINT {child}_{column}_same_partnership",
        )


class Migration(migrations.Migration):
    dependencies = [("decisions", "0010_letters")]

    operations = [
        *same_owner(),
        *same_partnership(),
        *(protect(f"decisions_{table}") for table in [*TABLES, *EVENTS]),
        *(append_only(f"decisions_{table}") for table in EVENTS),
        # Whose letters have been held long enough, or were taken and never heard of again?
        gives_out_ids(
            "decisions_with_letters_due(now timestamptz, taken_before timestamptz)",
            "SETOF bigint",
            "SELECT DISTINCT due.organisation_id FROM public.decisions_letter AS due "
            "WHERE due.state = 'waiting' AND due.send_after <= now "
            "OR due.state = 'taken' AND due.taken_at < taken_before ORDER BY due.organisation_id",
        ),
    ]
