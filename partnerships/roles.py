"""What each role may do, said once: the checks, the pages' guards, the buttons and the page that explains it read this.

A role opens what its name promises and no more. An administrator lets people in and sees who did what, and does not
thereby change the portfolio or decide; somebody who does both holds two roles. A system reader is a guest from the
system: of the organisation's own pages they see none.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from partnerships.models.people import Role


@dataclass(frozen=True)
class Capability:
    """One thing that people may do: ``code`` names it in templates (``may_edit``), ``words`` and ``covers`` on pages.

    ``refusal`` is what somebody reads who may not.
    """

    code: str
    words: str
    covers: str
    roles: frozenset[Role]
    refusal: str

    def open_to(self, roles: Collection[str]) -> bool:
        """Whether any of these roles has it."""
        return not self.roles.isdisjoint(roles)


READ = Capability(
    "read",
    "See the portfolio",
    "Partnerships and what is on record about them, capacity, what matters, rules, surveys and their results, "
    "recommendations, what-ifs, what was decided and why, letters to partners, promises and the plan, without changing "
    "any of them. Whoever sees to a promise or an action says themselves what became of it, and whoever sees to a "
    "practice that is to go says when it has; an action that is done or stopped gives its days back.",
    frozenset({Role.ADMINISTRATOR, Role.STRATEGY_LEAD, Role.EXECUTIVE, Role.CONTRIBUTOR, Role.READER}),
    "You do not have access to this organisation’s portfolio. Ask its administrator for a role that may see it.",
)
EXPORT = Capability(
    "export",
    "Download the portfolio",
    "As a spreadsheet; each recommendation as a workbook, the days of promises and reviews for a calendar, letters to "
    "partners, also before they are sent, and the results of a survey, with what people wrote where that is asked for.",
    frozenset({Role.STRATEGY_LEAD, Role.EXECUTIVE, Role.CONTRIBUTOR, Role.READER}),
    "Your role does not include downloads. Ask your strategy lead for the file.",
)
FILL_IN = Capability(
    "fill_in",
    "Fill in what a partnership is and needs",
    "Its description, today’s level, days at each level and value ratings; and what you know about working together: "
    "notes, differences, give and take, measures and links. For every partnership in the portfolio.",
    frozenset({Role.STRATEGY_LEAD, Role.CONTRIBUTOR}),
    "Only a strategy lead or a contributor can change this. Ask one of yours to make the change.",
)
EDIT = Capability(
    "edit",
    "Change the portfolio",
    "Add, import, merge, start and end partnerships, their members and duties, and say who took over an organisation "
    "that has closed, which everybody then sees; capacity, levels, objectives and ways of creating value; rules; how "
    "scoring works, and adopting a what-if; surveys, their questions, who is asked, their links, and what partners are "
    "told was done with what they said; and the words that letters to partners begin with.",
    frozenset({Role.STRATEGY_LEAD}),
    "Only a strategy lead can change this. Ask yours to make the change.",
)
DECIDE = Capability(
    "decide",
    "Decide",
    "Record what was decided, alone or in a meeting, which sets a level from its day, what was promised, and what was "
    "found as a decision was looked at again; write letters to partners in the organisation’s name, send them and take "
    "them back, and record who was told, the reply and what is handed over; change actions of the plan, practices to "
    "remove and options for more capacity, with the days that they set aside, free or would add; set their own weights "
    "or ranking, ask for a new recommendation, try what-ifs and save them.",
    frozenset({Role.EXECUTIVE, Role.STRATEGY_LEAD}),
    "Only an executive or a strategy lead can do this. Ask one of yours.",
)
SHARE = Capability(
    "share",
    "Share with the system",
    "Choose which partnerships’ levels and decisions their members or the integrated care board may see.",
    frozenset({Role.STRATEGY_LEAD}),
    "Only a strategy lead can share something with other organisations. Ask yours.",
)
MANAGE_PEOPLE = Capability(
    "manage_people",
    "Let people in and out",
    "Invite people, give and end roles, and hand on the partnerships of somebody who leaves.",
    frozenset({Role.ADMINISTRATOR}),
    "Only an administrator can see and change who has access. Ask yours.",
)
READ_AUDIT = Capability(
    "read_audit",
    "See who did what",
    "The record of changes, downloads and sign-ins of the organisation, on a page and as a spreadsheet.",
    frozenset({Role.ADMINISTRATOR}),
    "Only an administrator can see who did what. Ask yours.",
)
READ_SYSTEM = Capability(
    "read_system",
    "See what was shared with the system",
    "What organisations of the system chose to share, and nothing else.",
    frozenset({Role.SYSTEM_READER}),
    "Only a system reader of this organisation can see what was shared with it. Ask its administrator.",
)

# What comes with belonging at all, such as the page that explains the roles; not a line of that page.
ANY_ROLE = Capability("belong", "Belong", "", frozenset(Role), "You have no role at this organisation.")

CAPABILITIES = (READ, FILL_IN, EDIT, DECIDE, EXPORT, SHARE, MANAGE_PEOPLE, READ_AUDIT, READ_SYSTEM)


@dataclass(frozen=True)
class RoleInWords:
    """A role as pages explain it: what it is for in a sentence, what it may do, and what it may not."""

    role: Role
    purpose: str

    @property
    def may(self) -> tuple[Capability, ...]:
        return tuple(one for one in CAPABILITIES if self.role in one.roles)

    @property
    def may_not(self) -> tuple[Capability, ...]:
        return tuple(one for one in CAPABILITIES if self.role not in one.roles)


ROLES_IN_WORDS = (
    RoleInWords(Role.ADMINISTRATOR, "Decides who has access, and sees who did what."),
    RoleInWords(Role.STRATEGY_LEAD, "Keeps the portfolio, runs the surveys and takes the recommendation to the board."),
    RoleInWords(Role.EXECUTIVE, "Says what matters, and decides with the recommendation on the table."),
    RoleInWords(Role.CONTRIBUTOR, "Knows some partnerships well, and fills in what they are, need and are worth."),
    RoleInWords(Role.READER, "Follows what the organisation is in and why."),
    RoleInWords(Role.SYSTEM_READER, "Works for the system and sees what its organisations chose to share with it."),
)
