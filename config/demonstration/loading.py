"""Writes the demonstration, all of it or nothing, through the actions that the pages use.

Invented organisations have no action, so they are written here. What nobody can do at a keyboard is done here too, and
only for this organisation: passwords that stand in the README, and survey rounds that lie in the past.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.demonstration.decided import read_decided
from config.demonstration.deciding import decide_all
from config.demonstration.plan import write_plan
from config.demonstration.promises import make_promises
from config.demonstration.reading import Demonstration, Partner, PartnershipFacts, Ranking, RuleFacts, Somebody, read
from config.demonstration.records import write_record
from config.demonstration.rounds import reply_to_partners, run_partner_rounds, run_rounds
from config.demonstration.sign_ins import PASSWORD
from config.demonstration.system import by_short_name, write_system
from partnerships.actions.capacity import PoolCapacity, set_capacity
from partnerships.actions.cost_of_change import set_cost_of_change
from partnerships.actions.criteria import set_ranking, set_weights
from partnerships.actions.days import record_days
from partnerships.actions.members import add_member, choose_lead
from partnerships.actions.participations import add_participation, change_account, change_state, set_duty
from partnerships.actions.people import add_person
from partnerships.actions.pool_shares import record_share
from partnerships.actions.ratings import Rating, record_ratings
from partnerships.actions.rules import RuleFacts as Rule
from partnerships.actions.rules import add_rule
from partnerships.estimates import Estimate
from partnerships.isolation import acting_for
from partnerships.models import (
    AccessGrant,
    Organisation,
    OrganisationName,
    Participation,
    ParticipationState,
    PartnershipKind,
    Person,
    Quarter,
    Role,
    RuleKind,
)
from scoring.actions import set_tipping_point


class DemonstrationRefusedError(RuntimeError):
    """The demonstration does not go into this database; the text says why and what to do."""


@transaction.atomic
def load(*, beside_real_organisations: bool = False) -> bool:
    """Load the demonstration where it is not there yet; says whether it was loaded now.

    Raises DemonstrationRefusedError where real organisations have people here (unless ``beside_real_organisations``),
    and where its code belongs to something else.
    """
    demonstration = read()
    present = Organisation.objects.filter(code=demonstration.code).first()
    if present is not None:
        if not present.is_invented:
            raise DemonstrationRefusedError(
                f"A real organisation has the code {demonstration.code} here, so the demonstration cannot be loaded."
            )
        return False
    real = Organisation.objects.using_the_service().filter(is_invented=False).order_by("code").first()
    if real is not None and not beside_real_organisations:
        raise DemonstrationRefusedError(
            f"People of {real} use this database, and the demonstration's passwords are public. "
            "Load it into a database of its own, or add --yes to load it here all the same."
        )
    _check_codes_are_free(demonstration)
    _write(demonstration)
    return True


def _check_codes_are_free(demonstration: Demonstration) -> None:
    codes = [partner.code for partner in demonstration.partners]
    taken = Organisation.objects.filter(code__in=codes).order_by("code").first()
    if taken is not None:
        raise DemonstrationRefusedError(
            f"{taken} already has the code {taken.code} here, so the demonstration cannot be loaded."
        )


def _write(demonstration: Demonstration) -> None:
    organisation = _organisation(Partner(demonstration.code, demonstration.name, demonstration.kind))
    partners = {partner.code: _organisation(partner) for partner in demonstration.partners}
    partners[organisation.code] = organisation
    neighbour, system = partners[demonstration.neighbour_code], demonstration.system
    board = partners[system.board]
    for one in (organisation, neighbour):
        one.icb_code = board.code
        one.save()
    with acting_for(neighbour):
        neighbours_lead = _person(demonstration.neighbour, neighbour)
    with acting_for(board):
        for somebody in system.people:
            _person(somebody, board)
    with acting_for(organisation):
        lead = _write_portfolio(organisation, partners, demonstration)
        write_system(system, organisation=organisation, lead=lead, neighbour=neighbour, neighbours_lead=neighbours_lead)
        decide_all(read_decided(), organisation, lead=lead)


def _write_portfolio(
    organisation: Organisation, partners: Mapping[str, Organisation], demonstration: Demonstration
) -> Person:
    """Everything of the organisation's own; returns its strategy lead."""
    # An organisation begins with its administrator; what else is written follows the order of the data.
    for somebody in sorted(demonstration.people, key=lambda one: one.role != Role.ADMINISTRATOR):
        _person(somebody, organisation)
    people = [Person.objects.get(email=somebody.email) for somebody in demonstration.people]
    lead = next(person for person, somebody in zip(people, demonstration.people, strict=True) if _leads(somebody))
    _write_capacity(organisation, demonstration, lead)
    for person, somebody in zip(people, demonstration.people, strict=True):
        _write_weights(organisation, person, somebody)
    set_cost_of_change(organisation=organisation, by=lead, up=demonstration.change_up, down=demonstration.change_down)
    set_tipping_point(
        organisation=organisation,
        by=lead,
        hurts_from=demonstration.hurts_from,
        adds_nothing_at=demonstration.adds_nothing_at,
    )
    portfolio = _Portfolio(organisation, partners, lead)
    for number, facts in enumerate(demonstration.partnerships):
        participation = portfolio.add(facts)
        write_record(participation, facts.record, by=lead)
        run_rounds(participation, facts, partners, by=lead, after=17 * number)
        run_partner_rounds(participation, facts, partners, by=lead, after=17 * number)
        reply_to_partners(participation, facts, by=lead)
        make_promises(participation, facts, by=lead)
    for rule in demonstration.rules:
        portfolio.rule(rule)
    write_plan(organisation, by=lead)
    return lead


def _leads(somebody: Somebody) -> bool:
    return somebody.role == Role.STRATEGY_LEAD


def _organisation(partner: Partner) -> Organisation:
    organisation = Organisation(code=partner.code, name=partner.name, kind=partner.kind, is_invented=True)
    organisation.full_clean()
    organisation.save()
    OrganisationName.objects.create(organisation=organisation, name=partner.name)
    return organisation


def _person(somebody: Somebody, organisation: Organisation) -> Person:
    """Somebody whose sign-in is not printed has no password, and so cannot sign in: no action makes such a person."""
    if not somebody.sign_in:
        person = Person.objects.create_user(somebody.email, None, name=somebody.name)
        AccessGrant.objects.create(organisation=organisation, person=person, role=Role(somebody.role))
        return person
    return add_person(
        email=somebody.email,
        name=somebody.name,
        password=PASSWORD,
        organisation=organisation,
        role=Role(somebody.role),
        by=None,
    )


def _write_capacity(organisation: Organisation, demonstration: Demonstration, by: Person) -> None:
    """The same days for this quarter and the next, so that the demonstration does not run dry overnight."""
    amounts = {
        pool.pk: PoolCapacity(demonstration.days_available[pool.code], demonstration.reserve_percent)
        for pool in organisation.capacity_pools.all()
    }
    this_quarter = Quarter.containing(timezone.localdate())
    for quarter in (this_quarter, this_quarter.next()):
        set_capacity(organisation=organisation, by=by, quarter=quarter, amounts=amounts)
    for shared in demonstration.shared_pools:
        last = this_quarter
        for _ in range(shared.quarters - 1):
            last = last.next()
        record_share(
            organisation=organisation,
            by=by,
            pool=organisation.capacity_pools.get(code=shared.pool),
            shared_with=shared.shared_with,
            percent=shared.percent,
            from_quarter=this_quarter,
            until_quarter=last,
        )


def _write_weights(organisation: Organisation, person: Person, somebody: Somebody) -> None:
    """Everybody gives their own weights, or only a ranking; those who have neither in the data leave it."""
    objectives = {objective.code: objective.pk for objective in organisation.objectives.all()}
    ways = {way.code: way.pk for way in organisation.ways_of_creating_value.all()}
    if somebody.objective_ranking:
        set_ranking(
            organisation=organisation,
            by=person,
            objective_places=_places(somebody.objective_ranking, objectives),
            way_places=_places(somebody.way_ranking, ways),
        )
    if not somebody.objective_weights:
        return
    set_weights(
        organisation=organisation,
        by=person,
        objective_points={objectives[code]: points for code, points in somebody.objective_weights.items()},
        way_points={ways[code]: points for code, points in somebody.way_weights.items()},
    )


def _places(ranking: Ranking, ids: Mapping[str, int]) -> dict[int, int]:
    return {ids[code]: place for place, alike in enumerate(ranking, start=1) for code in alike}


class _Portfolio:
    """Adds partnerships to one organisation, whose levels, pools and criteria it looks up once."""

    def __init__(self, organisation: Organisation, partners: Mapping[str, Organisation], by: Person) -> None:
        self.organisation, self.partners, self.by = organisation, partners, by
        self.kinds = {kind.code: kind for kind in PartnershipKind.objects.all()}
        self.levels = {level.code: level for level in organisation.engagement_levels.all()}
        self.pools = {pool.code: pool for pool in organisation.capacity_pools.all()}
        self.objectives = {objective.code: objective for objective in organisation.objectives.all()}
        self.ways = {way.code: way for way in organisation.ways_of_creating_value.all()}

    def add(self, facts: PartnershipFacts) -> Participation:
        participation = add_participation(
            organisation=self.organisation,
            by=self.by,
            name=facts.name,
            kind=self.kinds[facts.kind],
            started_on=facts.started_on,
            level_id=self.levels[facts.today].pk,
            **dict[str, Any](facts.account),
        )
        self._add_members(participation, facts)
        change_account(participation=participation, by=self.by, account={}, shared={"started_on": facts.started_on})
        record_days(participation=participation, by=self.by, estimates=self._estimates(facts))
        record_ratings(participation=participation, by=self.by, ratings=self._ratings(facts))
        set_duty(
            participation=participation,
            by=self.by,
            mandate_level=self.levels[facts.mandate_level] if facts.mandate_level else None,
            mandate_source=facts.mandate_source,
            harm_of_declining=facts.harm,
            harm_is_reviewed=True,
        )
        return change_state(participation=participation, by=self.by, to=ParticipationState.ACTIVE)

    def rule(self, facts: RuleFacts) -> None:
        ids = by_short_name(self.organisation)
        add_rule(
            organisation=self.organisation,
            by=self.by,
            facts=Rule(
                kind=RuleKind(facts.kind),
                level=self.levels[facts.level].pk,
                source=facts.source,
                members=tuple(ids[slug].pk for slug in facts.members),
                at_least=facts.at_least,
                partnership_kind=self.kinds[facts.partnership_kind].pk if facts.partnership_kind else None,
                other_level=self.levels[facts.other_level].pk if facts.other_level else None,
                points=facts.points,
            ),
        )

    def _add_members(self, participation: Participation, facts: PartnershipFacts) -> None:
        for code in facts.members:
            add_member(
                participation=participation,
                by=self.by,
                organisation=self.partners[code],
                joined_on=facts.started_on,
            )
        choose_lead(participation=participation, by=self.by, organisation=self.partners[facts.lead])

    def _estimates(self, facts: PartnershipFacts) -> dict[tuple[int, int], Estimate | None]:
        return {
            (self.levels[level].pk, self.pools[pool].pk): Estimate(*days) for (level, pool), days in facts.days.items()
        }

    def _ratings(self, facts: PartnershipFacts) -> dict[tuple[int, int], Rating | None]:
        return {
            (self.objectives[one.objective].pk, self.ways[one.way].pk): Rating(
                one.low, one.likely, one.high, one.evidence
            )
            for one in facts.ratings
        }
