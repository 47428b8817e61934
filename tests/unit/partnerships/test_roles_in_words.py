"""The page of roles has words for whatever an address lets a role do.

Who may open an address, and send its form, stands in the table that ``test_access`` compares with the code; each line
of it that is of an organisation has to be somewhere in what the page says of just these roles.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from partnerships.models import Role
from partnerships.roles import (
    CAPABILITIES,
    DECIDE,
    EDIT,
    EXPORT,
    FILL_IN,
    MANAGE_PEOPLE,
    READ,
    READ_AUDIT,
    READ_SYSTEM,
    SHARE,
    Capability,
)

TABLE = Path(__file__).resolve().parents[2] / "integration" / "safety" / "access_table.txt"
COLUMNS = (
    Role.ADMINISTRATOR,
    Role.STRATEGY_LEAD,
    Role.EXECUTIVE,
    Role.CONTRIBUTOR,
    Role.READER,
    Role.SYSTEM_READER,
)
CLOSED = {"403", "404", "405"}

# By capability, the words that its line has, and the addresses that they are about: what one may see there where
# nothing can be sent, and what one may do there otherwise.
WORDS: dict[Capability, dict[str, str]] = {
    READ: {
        "Partnerships and what is on record": "partnerships:portfolio partnerships:record partnerships:measure "
        "partnerships:timeline partnerships:timeline_of_kind diagnostics:partnership_health",
        "capacity": "partnerships:capacity",
        "what matters": "partnerships:criteria",
        "rules": "partnerships:rules",
        "surveys and their results": "diagnostics:surveys diagnostics:compare_partnerships diagnostics:last_surveys "
        "diagnostics:survey_questions diagnostics:questions_about diagnostics:questions_file diagnostics:partner "
        "diagnostics:partner_view",
        "recommendations": "scoring:run_changes scoring:reports scoring:partnership_recommendation",
        "what-ifs": "scoring:compare_what_ifs",
        "what was decided and why": "decisions:decisions decisions:year decisions:past_meeting decisions:due",
        "promises": "decisions:promises",
        "the plan": "decisions:plan_history",
        "Whoever sees to a promise or an action says themselves what became of it": "decisions:promise "
        "decisions:plan_action",
        "whoever sees to a practice that is to go says when it has": "decisions:practice",
    },
    EXPORT: {
        "As a spreadsheet": "partnerships:portfolio_export partnerships:capacity_file",
        "each recommendation as a workbook": "scoring:recommendation_report scoring:run_report",
        "the days of promises and reviews": "decisions:due_days_file",
        "letters to partners, also before they are sent": "decisions:letter_docx",
        "the results of a survey, with what people wrote": "diagnostics:results_file",
    },
    FILL_IN: {
        "description, today’s level": "partnerships:edit_partnership partnerships:record_choices",
        "days at each level": "partnerships:edit_days",
        "value ratings": "partnerships:edit_ratings",
        "notes": "partnerships:add_note partnerships:change_note",
        "differences": "partnerships:add_difference partnerships:change_difference",
        "give and take": "partnerships:add_give_and_take partnerships:change_give_and_take",
        "measures": "partnerships:add_measure partnerships:change_measure partnerships:add_figures "
        "partnerships:change_figure",
        "links": "partnerships:add_link partnerships:change_link",
    },
    EDIT: {
        "Add, import, merge, start and end partnerships": "partnerships:start partnerships:add_partnership "
        "partnerships:import_portfolio partnerships:import_preview partnerships:import_problems "
        "partnerships:portfolio_template partnerships:merging partnerships:partnership",
        "their members and duties": "partnerships:edit_members partnerships:edit_duty",
        "who took over an organisation that has closed": "partnerships:successor",
        "capacity, levels": "partnerships:change_capacity partnerships:change_pools partnerships:pool_shares "
        "partnerships:change_levels",
        "objectives and ways of creating value": "partnerships:change_objectives partnerships:change_ways",
        "rules": "partnerships:add_rule partnerships:change_rule",
        "how scoring works": "partnerships:cost_of_change scoring:tipping_point",
        "adopting a what-if": "scoring:adopt_what_if",
        "surveys": "diagnostics:start_survey diagnostics:start_surveys diagnostics:start_surveys_from_list "
        "diagnostics:open_surveys diagnostics:round diagnostics:close_survey diagnostics:more_time "
        "diagnostics:opening_day diagnostics:reminders diagnostics:read_as diagnostics:start_partner_survey",
        "their questions": "diagnostics:questions_draft diagnostics:add_question diagnostics:change_question "
        "diagnostics:upload_questions diagnostics:questions_version",
        "who is asked": "diagnostics:change_people diagnostics:correct_address",
        "their links": "diagnostics:open_link diagnostics:links_download diagnostics:open_link_sheet "
        "diagnostics:open_link_svg diagnostics:open_link_png",
        "what partners are told was done with what they said": "diagnostics:reply diagnostics:reply_line",
        "the words that letters to partners begin with": "decisions:letter_template",
    },
    DECIDE: {
        "Record what was decided, alone or in a meeting": "decisions:decide decisions:agenda decisions:decision",
        "what was promised": "decisions:make_promise",
        "what was found as a decision was looked at again": "decisions:review",
        "write letters to partners in the organisation’s name, send them and take them back": "decisions:letter",
        "who was told, the reply and what is handed over": "decisions:kind_no decisions:telling "
        "decisions:letter_reply decisions:checklist",
        "actions of the plan": "decisions:plan decisions:add_action",
        "practices to remove": "decisions:propose_practice",
        "options for more capacity": "decisions:consider_option decisions:remove_option",
        "set their own weights or ranking": "partnerships:set_weights partnerships:set_ranking",
        "ask for a new recommendation": "scoring:dashboard scoring:run",
        "try what-ifs and save them": "scoring:what_ifs scoring:what_if",
    },
    SHARE: {"Choose which partnerships’ levels and decisions": "partnerships:sharing"},
    MANAGE_PEOPLE: {
        "Invite people": "partnerships:invite partnerships:sent_invitation",
        "give and end roles": "partnerships:change_person partnerships:people",
        "hand on the partnerships of somebody who leaves": "partnerships:remove_person",
    },
    READ_AUDIT: {"The record of changes": "partnerships:audit partnerships:audit_file"},
    READ_SYSTEM: {
        "What organisations of the system chose to share": "partnerships:system decisions:system_partnership"
    },
}
# The page of roles itself, which comes with belonging, and what whoever has a link opens with it.
ANYBODYS = (
    "partnerships:roles partnerships:invitation_link diagnostics:begin diagnostics:check diagnostics:open_start "
    "diagnostics:personal_link diagnostics:place diagnostics:questions diagnostics:reply_page diagnostics:thanks "
    "diagnostics:welcome diagnostics:withdraw diagnostics:works_for"
)


def rows() -> Iterator[tuple[str, frozenset[Role]]]:
    """Each address of an organisation with the roles that may send its form, or may open it where it takes none."""
    for line in TABLE.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        looks, sends, others = (part.split() for part in line.split("|"))
        if others == ["-", "-"]:
            continue
        name, *looks = looks
        answers = looks if set(sends[: len(COLUMNS)]) == {"405"} else sends
        yield (
            name,
            frozenset(role for role, answer in zip(COLUMNS, answers, strict=False) if answer[:3] not in CLOSED),
        )


ROWS = dict(rows())
SAID = {
    name: (capability, words)
    for capability, of_it in WORDS.items()
    for words, names in of_it.items()
    for name in names.split()
}


def test_every_capability_and_every_address_of_an_organisation_has_words() -> None:
    assert set(WORDS) == set(CAPABILITIES)
    assert ROWS.keys() == SAID.keys() | set(ANYBODYS.split()), (
        "add the address above, and what it lets people do to partnerships/roles.py"
    )


@pytest.mark.parametrize("name", sorted(SAID))
def test_the_page_says_it_of_just_the_roles_that_may(name: str) -> None:
    capability, words = SAID[name]
    assert words in capability.covers
    assert ROWS[name] == capability.roles
