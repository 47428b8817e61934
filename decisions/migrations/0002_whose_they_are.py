"""Decisions are seen by their organisation only, belong to what they speak of, and are added to and never changed."""

from django.db import migrations

from partnerships.recording import append_only
from partnerships.row_security import gives_out_ids, protect

TABLES = ["agendaitem", "decision", "meeting", "takeneffect"]
EVENTS = ["agendaitemevent", "decisionevent", "meetingevent", "takeneffectevent"]
ONLY_ADDED_TO = ["decision", "takeneffect", *EVENTS]

# child table, column that names the parent, parent table; both have the same organisation
SAME_OWNER = [
    ("agendaitem", "meeting_id", "decisions_meeting"),
    ("agendaitem", "participation_id", "partnerships_participation"),
    ("decision", "participation_id", "partnerships_participation"),
    ("decision", "run_id", "scoring_run"),
    ("decision", "meeting_id", "decisions_meeting"),
    ("takeneffect", "decision_id", "decisions_decision"),
    ("takeneffect", "participation_id", "partnerships_participation"),
]


def same_owner():
    for table in ("meeting", "decision"):
        yield migrations.RunSQL(
            f"ALTER TABLE decisions_{table} ADD CONSTRAINT {table}_with_owner UNIQUE (id, organisation_id)",
            f"ALTER TABLE decisions_{table} DROP CONSTRAINT {table}_with_owner",
        )
    for child, column, parent in SAME_OWNER:
        name = f"{child}_{column}_same_owner"
        yield migrations.RunSQL(
            f"ALTER TABLE decisions_{child} ADD CONSTRAINT {name} FOREIGN KEY ({column}, organisation_id) "
            f"REFERENCES {parent} (id, organisation_id) DEFERRABLE INITIALLY DEFERRED",
            f"ALTER TABLE decisions_{child} DROP CONSTRAINT {name}",
        )
    # A decision follows one about the same partnership.
    yield migrations.RunSQL(
        [
            "ALTER TABLE decisions_decision ADD CONSTRAINT decision_with_partnership UNIQUE (id, participation_id)",
            "ALTER TABLE decisions_decision ADD CONSTRAINT decision_supersedes_same_partnership "
            "FOREIGN KEY (supersedes_id, participation_id) REFERENCES decisions_decision (id, participation_id) "
            "DEFERRABLE INITIALLY DEFERRED",
        ],
        [
            "ALTER TABLE decisions_decision DROP CONSTRAINT decision_supersedes_same_partnership",
            "ALTER TABLE decisions_decision DROP CONSTRAINT decision_with_partnership",
        ],
    )


class Migration(migrations.Migration):
    dependencies = [("decisions", "0001_decisions_and_meetings"), ("scoring", "0009_the_record_of_changes")]

    operations = [
        *same_owner(),
        *(protect(f"decisions_{table}") for table in [*TABLES, *EVENTS]),
        *(append_only(f"decisions_{table}") for table in ONLY_ADDED_TO),
        # Whose decisions begin to hold on a day, and who has not put them into effect?
        gives_out_ids(
            "decisions_with_effects_due(day date)",
            "SETOF bigint",
            "SELECT DISTINCT due.organisation_id FROM public.decisions_decision AS due WHERE due.applies_from <= day "
            "AND due.outcome <> 'undone' "
            "AND NOT EXISTS (SELECT FROM public.decisions_takeneffect AS taken WHERE taken.decision_id = due.id) "
            "AND NOT EXISTS (SELECT FROM public.decisions_meeting AS held WHERE held.id = due.meeting_id "
            "AND held.ended_at IS NULL) "
            "AND NOT EXISTS (SELECT FROM public.decisions_decision AS later WHERE later.supersedes_id = due.id) "
            "ORDER BY due.organisation_id",
        ),
    ]
