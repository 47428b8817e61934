"""Duties over a class: rules that keep at least some of several partnerships, and what they leave to decide.

Each such rule says where it is written. One of the partnerships may be let go as long as enough of the others are kept,
by what is decided about them, or recommended where nothing is.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from decisions.models import Decision
from decisions.together import DecidedLevel, decided_levels
from partnerships.models import EngagementLevel, Organisation, Participation, PortfolioRule, RuleKind
from partnerships.rule_reach import ReachedRule, reach_of
from scoring.findings import Findings

NOBODY = DecidedLevel("", datetime.date.min)


@dataclass(frozen=True)
class ClassDuty:
    """That a partnership has to be kept at ``rule.level`` or above from ``day``, since too few of the others are; from
    ``until`` on enough of them are again, None where that is not so.
    """

    rule: PortfolioRule
    day: datetime.date
    until: datetime.date | None

    @property
    def level(self) -> EngagementLevel:
        return self.rule.level

    @property
    def in_words(self) -> str:
        when = f" on {self.day:%-d %B %Y}" if self.day > timezone.localdate() else ""
        enough = f"From {self.until:%-d %B %Y} on enough are, and less can be decided from then. " if self.until else ""
        first = "To begin earlier, decide" if self.until else "Decide"
        return (
            f"The least that can be decided is “{self.level.name}”, because of a duty over several partnerships: "
            f"“{self.rule.in_words()}” ({self.rule.source}). Too few of the others are kept at that level{when}. "
            f"{enough}{first} on a higher level for another of them first, or change the rule if it no longer holds."
        )


@dataclass(frozen=True)
class Standing:
    """What stands of every active partnership of an organisation, by its slug: what is decided, else what the findings
    recommend, else today's level.
    """

    levels: Mapping[str, DecidedLevel]
    undecided: Mapping[str, DecidedLevel]  # what would stand if nothing were decided
    places: Mapping[str, int]  # of each level on the ladder, by its code

    def kept(self, rule: PortfolioRule, members: Sequence[Participation], day: datetime.date) -> int:
        """How many of them are at the rule's level or above on a day."""
        return sum(self.place(one.partnership.slug, day) >= rule.level.position for one in members)

    def place(self, slug: str, day: datetime.date) -> int:
        one = self.levels.get(slug, NOBODY)
        return self.places.get(one.code if one.applies_from <= day else one.today, -1)

    def days_after(self, day: datetime.date, members: Sequence[Participation]) -> list[datetime.date]:
        """That day, and the later ones on which a level of one of them begins to hold."""
        begin = {self.levels.get(one.partnership.slug, NOBODY).applies_from for one in members}
        return [day, *sorted(later for later in begin if later > day)]

    def without(self, decision: Decision, again: Decision | None) -> Standing:
        """The same once a decision is undone: the one before stands again, or what is recommended."""
        slug = decision.participation.partnership.slug
        if slug not in self.levels:
            return self
        left = self.undecided[slug]
        if again is not None and again.applies_from is not None:
            left = DecidedLevel(again.level_code, again.applies_from, self.levels[slug].today)
        return Standing({**self.levels, slug: left}, self.undecided, self.places)


def standing_in(organisation: Organisation, findings: Findings) -> Standing:
    today = organisation.participations.active().values_list("partnership__slug", "level__code")
    levels = {slug: DecidedLevel(code or "", datetime.date.min) for slug, code in today.order_by()}
    advised = {one.id: DecidedLevel(one.recommended.code, datetime.date.min) for one in findings.advice}
    undecided = levels | {slug: one for slug, one in advised.items() if slug in levels}
    places = dict(organisation.engagement_levels.values_list("code", "position"))
    return Standing(undecided | decided_levels(organisation), undecided, places)


def class_rules(organisation: Organisation) -> list[ReachedRule]:
    """The rules over a class that count today. A fixed number of queries; one where there is none."""
    rules = list(organisation.rules.filter(kind=RuleKind.AT_LEAST).in_full())
    if not rules:
        return []
    active = list(organisation.participations.active().select_related("partnership").order_by("partnership__slug"))
    return [reached for rule in rules if (reached := reach_of(rule, active)).counts]


def class_duty_of(
    participation: Participation, findings: Findings, day: datetime.date | None = None
) -> ClassDuty | None:
    """The strictest duty over a class that binds one partnership from a day on; without a day, once all that is decided
    holds. None where enough of the others are kept.
    """
    reached = [one for one in class_rules(participation.organisation) if participation in one.members]
    if not reached:
        return None
    standing = standing_in(participation.organisation, findings)
    bound = [duty for one in reached if (duty := _binds(one, participation, standing, day))]
    return max(bound, key=lambda duty: duty.level.position, default=None)


def _binds(
    reached: ReachedRule, participation: Participation, standing: Standing, day: datetime.date | None
) -> ClassDuty | None:
    rule, others = reached.rule, [one for one in reached.members if one != participation]
    days = standing.days_after(day or timezone.localdate(), others)
    looked_at = days if day else days[-1:]
    short = [one for one in looked_at if standing.kept(rule, others, one) < (rule.at_least or 0)]
    if not short:
        return None
    until = next((one for one in looked_at if one > short[-1]), None)
    return ClassDuty(rule, short[0], until)


def broken_by(
    organisation: Organisation, before: Standing, after: Standing, day: datetime.date
) -> PortfolioRule | None:
    """A rule over a class that was kept before a change and is not after it, if there is one."""
    for reached in class_rules(organisation):
        wanted, members = reached.rule.at_least or 0, reached.members
        days = sorted({*before.days_after(day, members), *after.days_after(day, members)})
        if any(
            after.kept(reached.rule, members, one) < wanted <= before.kept(reached.rule, members, one) for one in days
        ):
            return reached.rule
    return None
