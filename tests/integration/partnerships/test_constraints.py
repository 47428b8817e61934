"""Every named rule of the ground floor's tables: broken once, refused by the database, and said in plain words."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from partnerships.models import (
    AccessGrant,
    AccessInvitation,
    AdjustedDays,
    AdjustmentKind,
    Audience,
    CapacityAdjustment,
    CapacityPool,
    CapacityQuarter,
    CostOfChange,
    DaysNeeded,
    Deed,
    Difference,
    DifferenceChange,
    EngagementLevel,
    ImportPreview,
    LedgerEntry,
    MeasurePoint,
    Objective,
    ObjectiveRank,
    ObjectiveWeight,
    Organisation,
    OrganisationName,
    OutcomeMeasure,
    Participation,
    ParticipationState,
    ParticipationStateChange,
    Partnership,
    PartnershipMembership,
    PastRule,
    Person,
    PoolShare,
    PortfolioRule,
    RecordLink,
    RecordNote,
    RegisterSource,
    Role,
    RuleKind,
    RuleMember,
    SharedLevel,
    Sharing,
    ValueRating,
    WayOfCreatingValue,
    WayRank,
    WayWeight,
)
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PartnershipFactory,
    active_participation,
    organisation_with_people,
)

DAY = datetime.timedelta(days=1)
ENDS = ("accepted", "withdrawn")
SPRING = datetime.date(2026, 4, 1)
EARLY, LATE = datetime.date(2020, 1, 1), datetime.date(2024, 1, 1)


class World:
    """One organisation with one of everything, so that each rule needs only its own fault."""

    def __init__(self) -> None:
        self.organisation, self.lead, self.executive = organisation_with_people()
        self.level = self.organisation.engagement_levels.get(code="sustain")
        self.pool = self.organisation.capacity_pools.get(code="executive")
        self.objective = self.organisation.objectives.get(code="patients")
        self.way = self.organisation.ways_of_creating_value.get(code="learn")
        self.participation = active_participation(self.organisation)
        self.partnership = self.participation.partnership
        self.ours = {"organisation": self.organisation}

    def days(self, low: int, likely: int, high: int) -> DaysNeeded:
        facts = {"participation": self.participation, "level": self.level, "pool": self.pool}
        return DaysNeeded(low=low, likely=likely, high=high, **facts, **self.ours)

    def rating(self, low: Any, likely: Any, high: Any) -> ValueRating:
        facts = {"participation": self.participation, "objective": self.objective, "way": self.way}
        return ValueRating(low=low, likely=likely, high=high, **facts, **self.ours)

    def quarter(self, **facts: Any) -> CapacityQuarter:
        spring = {"pool": self.pool, "quarter": datetime.date(2026, 4, 1), "days": 1, **self.ours}
        return CapacityQuarter(**{**spring, **facts})

    def rule(self, kind: str = RuleKind.NOT_BOTH, **facts: Any) -> PortfolioRule:
        who = {"recorded_by": self.lead, "recorded_at": timezone.now(), **self.ours}
        return PortfolioRule(**{"kind": kind, "level": self.level, "source": "An order", **who, **facts})

    def member(self, **facts: Any) -> RuleMember:
        rule = self.rule()
        rule.save()
        return RuleMember(**{"rule": rule, "participation": self.participation, "position": 0, **self.ours, **facts})

    def share(self, **facts: Any) -> PoolShare:
        who = {"recorded_by": self.lead, "recorded_at": timezone.now(), **self.ours}
        what = {"pool": self.pool, "shared_with": "Two trusts", "percent": 40, "from_quarter": SPRING}
        return PoolShare(**{**what, **who, **facts})

    def adjustment(self, **facts: Any) -> CapacityAdjustment:
        who = {"recorded_by": self.lead, "recorded_at": timezone.now(), **self.ours}
        what = {"kind": AdjustmentKind.SET_ASIDE, "what_for": "Train the chairs", "from_quarter": SPRING}
        return CapacityAdjustment(**{**what, **who, **facts})

    def adjusted(self, **facts: Any) -> AdjustedDays:
        """Of an adjustment that is saved, unless ``facts`` name one."""
        adjustment = facts.pop("adjustment", None) or self.adjustment()
        if adjustment.pk is None:
            adjustment.save()
        return AdjustedDays(**{"adjustment": adjustment, "pool": self.pool, "days": 3, **self.ours, **facts})

    def sharing(self, **facts: Any) -> Sharing:
        what = {"participation": self.participation, "audience": Audience.MEMBERS, "shared_at": timezone.now()}
        return Sharing(**{**what, "shared_by": self.lead, **self.ours, **facts})

    def invitation(self, **facts: Any) -> AccessInvitation:
        what = {"email": "kim@example.org", "roles": ["reader"], "link_hash": "a" * 64, "invited_by": self.lead}
        return AccessInvitation(**{**what, "expires_at": timezone.now() + DAY, **self.ours, **facts})

    def entry(self, **facts: Any) -> dict[str, Any]:
        """What every entry of the relationship record has, with ``facts`` of its own."""
        who = {"recorded_by": self.lead, "recorded_at": timezone.now()}
        return {"participation": self.participation, **who, **self.ours, **facts}

    def note(self, **facts: Any) -> RecordNote:
        return RecordNote(**self.entry(kind="success", text="It went well") | facts)

    def difference(self, **facts: Any) -> Difference:
        return Difference(**self.entry(what="Who pays", raised_on=EARLY, state="open") | facts)

    def step(self, **facts: Any) -> DifferenceChange:
        difference = self.difference()
        difference.save()
        who = {"changed_by": self.lead, "changed_at": timezone.now()}
        return DifferenceChange(**{"difference": difference, "was": "", "became": "open", **who, **self.ours, **facts})

    def given(self, **facts: Any) -> LedgerEntry:
        return LedgerEntry(**self.entry(kind="lost", side="us", what="Two beds", on_day=EARLY) | facts)

    def link(self, **facts: Any) -> RecordLink:
        return RecordLink(**self.entry(title="Minutes", address="https://example.org") | facts)

    def measure(self, **facts: Any) -> OutcomeMeasure:
        return OutcomeMeasure(**self.entry(name="Days to first contact", better="lower") | facts)

    def point(self, **facts: Any) -> MeasurePoint:
        measure = self.measure()
        measure.save()
        return MeasurePoint(**self.entry(measure=measure, on_day=EARLY, value=1) | facts)

    def changed(self, row: Any, **facts: Any) -> Any:
        for name, value in facts.items():
            setattr(row, name, value)
        return row

    def twice(self, row: Any) -> Any:
        """The row saved, and another just like it."""
        row.save()
        again = type(row)(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})
        again.pk = None
        return again


def register_partnership(**facts: Any) -> Partnership:
    source = {"source": RegisterSource.PRIMARY_CARE_NETWORKS, "register_code": "U00070", "recorded_by": None}
    partnership: Partnership = PartnershipFactory.build(**{**source, **facts})
    partnership.kind = PartnershipFactory.create().kind
    return partnership


BROKEN: dict[str, Callable[[World], Any]] = {
    "access_grant_ends_after_it_starts": lambda w: AccessGrant(
        person=w.lead, role=Role.READER, expires_at=timezone.now() - datetime.timedelta(days=1), **w.ours
    ),
    "access_invitation_once_waiting": lambda w: w.changed(
        w.twice(w.invitation()), email="KIM@example.org", link_hash="b" * 64
    ),
    "access_invitation_roles_are_known": lambda w: w.invitation(roles=["reader", "king"]),
    "access_invitation_expires_after_it_is_sent": lambda w: w.invitation(expires_at=timezone.now() - DAY),
    "access_invitation_accepted_by_and_at": lambda w: w.invitation(accepted_by=w.lead),
    "access_invitation_withdrawn_by_and_at": lambda w: w.invitation(withdrawn_at=timezone.now()),
    "access_invitation_ends_in_one_way": lambda w: w.invitation(
        **{f"{end}_by": w.lead for end in ENDS}, **{f"{end}_at": timezone.now() for end in ENDS}
    ),
    "pool_code_once": lambda w: w.changed(
        w.twice(CapacityPool(code="digital", name="Digital", **w.ours)), name="Analysts"
    ),
    "pool_name_once": lambda w: w.changed(
        w.twice(CapacityPool(code="digital", name="Digital", **w.ours)), code="other", name="DIGITAL"
    ),
    "capacity_once_a_quarter": lambda w: w.twice(w.quarter()),
    "capacity_quarter_is_a_first_day": lambda w: w.quarter(quarter=datetime.date(2026, 4, 2)),
    "capacity_days_not_negative": lambda w: w.quarter(days=-1),
    "capacity_reserve_is_a_percentage": lambda w: w.quarter(reserve_percent=101),
    "level_code_once": lambda w: EngagementLevel(
        code="sustain", name="S", position=9, share_of_value=1, share_of_days=1, load=1, **w.ours
    ),
    "level_position_once": lambda w: EngagementLevel(
        code="new", name="New", position=w.level.position, share_of_value=1, share_of_days=1, load=1, **w.ours
    ),
    "level_shares_between_0_and_1": lambda w: w.changed(w.level, share_of_days=Decimal("1.1")),
    "level_bottom_is_nothing": lambda w: w.changed(w.organisation.engagement_levels.get(position=0), load=1),
    "organisation_code_is_capitals": lambda w: OrganisationFactory.build(code="rh5"),
    "organisation_closes_after_it_opens": lambda w: w.changed(w.organisation, opened_on=LATE, closed_on=EARLY),
    "organisation_successor_has_a_date": lambda w: w.changed(w.organisation, successor=OrganisationFactory.create()),
    "organisation_does_not_succeed_itself": lambda w: w.changed(
        w.organisation, successor=w.organisation, succeeded_on=LATE
    ),
    "organisation_has_one_current_name": lambda w: w.twice(OrganisationName(organisation=w.organisation, name="A")),
    "organisation_name_ends_after_it_starts": lambda w: OrganisationName(
        organisation=w.organisation, name="A", valid_from=LATE, valid_until=EARLY
    ),
    "partnership_register_code_once": lambda w: w.changed(w.twice(register_partnership()), slug="another"),
    "partnership_ends_after_it_starts": lambda w: w.changed(w.partnership, started_on=LATE, ended_on=EARLY),
    "partnership_has_an_origin": lambda w: w.changed(w.partnership, recorded_by=None),
    "membership_once_from_a_day": lambda w: w.twice(
        PartnershipMembership(partnership=w.partnership, organisation=w.organisation)
    ),
    "membership_one_lead": lambda w: w.changed(
        w.twice(PartnershipMembership(partnership=w.partnership, organisation=w.organisation, is_lead=True)),
        organisation=OrganisationFactory.create(),
    ),
    "membership_ends_after_it_starts": lambda w: PartnershipMembership(
        partnership=w.partnership, organisation=w.organisation, joined_on=LATE, left_on=EARLY
    ),
    "participation_once": lambda w: w.twice(w.participation),
    "participation_active_has_patient_benefit": lambda w: w.changed(w.participation, patient_benefit=" \n"),
    "participation_active_has_a_level": lambda w: w.changed(w.participation, level=None),
    "participation_mandate_has_a_source": lambda w: w.changed(w.participation, mandate_level=w.level),
    "participation_harm_between_0_and_100": lambda w: w.changed(w.participation, harm_of_declining=101),
    "participation_harm_reviewed_by_and_at": lambda w: w.changed(w.participation, harm_reviewed_by=w.lead),
    "participation_merged_has_ended": lambda w: w.changed(
        w.participation, merged_into=active_participation(w.organisation)
    ),
    "participation_not_merged_into_itself": lambda w: w.changed(
        w.participation, merged_into=w.participation, state=ParticipationState.ENDED
    ),
    "participation_ends_after_it_starts": lambda w: w.changed(w.participation, started_on=LATE, ended_on=EARLY),
    "days_needed_once": lambda w: w.twice(w.days(1, 2, 3)),
    "days_needed_low_likely_high": lambda w: w.days(3, 2, 4),
    "objective_code_once": lambda w: Objective(code="patients", name="Again", top_of_range="x", **w.ours),
    "way_code_once": lambda w: WayOfCreatingValue(code="learn", name="Again", **w.ours),
    "objective_weight_once": lambda w: w.twice(
        ObjectiveWeight(decision_maker=w.lead, objective=w.objective, points=1, **w.ours)
    ),
    "objective_weight_0_to_100": lambda w: ObjectiveWeight(
        decision_maker=w.lead, objective=w.objective, points=101, **w.ours
    ),
    "way_weight_once": lambda w: w.twice(WayWeight(decision_maker=w.lead, way=w.way, points=1, **w.ours)),
    "way_weight_0_to_100": lambda w: WayWeight(decision_maker=w.lead, way=w.way, points=-1, **w.ours),
    "rating_once": lambda w: w.twice(w.rating(1, 2, 3)),
    "rating_all_or_no_numbers": lambda w: w.rating(1, None, None),
    "rating_low_likely_high": lambda w: w.rating(3, 2, 4),
    "import_preview_used_by_and_at": lambda w: ImportPreview(
        file_name="a", headers=["Name"], rows=[], uploaded_by=w.lead, used_at=timezone.now(), **w.ours
    ),
    "access_grant_once": lambda w: w.twice(w.organisation.access_grants.get(person=w.executive)),
    "access_grant_role_is_known": lambda w: AccessGrant(organisation=w.organisation, person=w.lead, role="owner"),
    "difference_change_changes_something": lambda w: w.step(was="open"),
    "difference_says_what": lambda w: w.difference(what=" "),
    "difference_settled_after_it_came_up": lambda w: w.difference(
        state="settled", how="Halves", raised_on=LATE, settled_on=EARLY
    ),
    "difference_settled_says_how_and_when": lambda w: w.difference(state="settled", settled_on=LATE),
    "difference_state_is_known": lambda w: w.difference(state="lost"),
    "ledger_done_about_a_loss_and_when": lambda w: w.given(kind="gave", done_about_it="Thanked", done_on=LATE),
    "ledger_done_after_the_loss": lambda w: w.given(done_about_it="Paid", on_day=LATE, done_on=EARLY),
    "ledger_kind_is_known": lambda w: w.given(kind="stole"),
    "ledger_names_the_partner": lambda w: w.given(side="partner"),
    "ledger_says_what": lambda w: w.given(what=" "),
    "measure_baseline_and_its_day": lambda w: w.measure(baseline=1),
    "measure_better_is_known": lambda w: w.measure(better="redder"),
    "measure_has_a_name": lambda w: w.measure(name=" "),
    "measure_once": lambda w: w.twice(w.measure()),
    "measure_point_once_a_day": lambda w: w.twice(w.point()),
    "measure_target_after_the_baseline": lambda w: w.measure(baseline=1, baseline_on=LATE, target=2, target_on=EARLY),
    "measure_target_has_a_direction": lambda w: w.measure(better="neither", target=1),
    "record_link_has_a_title": lambda w: w.link(title=" "),
    "record_link_is_https": lambda w: w.link(address="http://example.org"),
    "record_link_once": lambda w: w.twice(w.link()),
    "record_note_kind_is_known": lambda w: w.note(kind="blame"),
    "record_note_says_something": lambda w: w.note(text="\n"),
    "rule_kind_is_known": lambda w: w.rule("either-or"),
    "rule_at_least_has_a_number": lambda w: w.rule(RuleKind.AT_LEAST),
    "rule_over_a_kind_says_how_many": lambda w: w.rule(partnership_kind=w.partnership.kind),
    "rule_needs_has_both_levels": lambda w: w.rule(RuleKind.NEEDS),
    "rule_synergy_has_points": lambda w: w.rule(RuleKind.SYNERGY, points=0),
    "rule_has_a_reason": lambda w: w.rule(source=" "),
    "past_rule_keeps_its_words": lambda w: PastRule(
        words=" ",
        source="An order",
        recorded_by=w.lead,
        recorded_at=timezone.now(),
        ended_by=w.lead,
        ended_at=timezone.now(),
        **w.ours,
    ),
    "rule_member_once": lambda w: w.changed(w.twice(w.member()), position=1),
    "rule_member_position_once": lambda w: w.changed(
        w.twice(w.member()), participation=active_participation(w.organisation)
    ),
    "cost_of_change_0_to_100": lambda w: CostOfChange(up=-1, set_by=w.lead, set_at=timezone.now(), **w.ours),
    "objective_rank_once": lambda w: w.twice(
        ObjectiveRank(decision_maker=w.lead, objective=w.objective, place=1, **w.ours)
    ),
    "objective_rank_counts_from_1": lambda w: ObjectiveRank(
        decision_maker=w.lead, objective=w.objective, place=0, **w.ours
    ),
    "deed_kind_is_known": lambda w: Deed(kind="wished", person=w.lead, **w.ours),
    "sharing_once_in_force": lambda w: w.twice(w.sharing()),
    "sharing_audience_is_known": lambda w: w.sharing(audience="all"),
    "sharing_with_a_system_names_it": lambda w: w.sharing(system=w.organisation),
    "sharing_withdrawn_by_and_at": lambda w: w.sharing(withdrawn_at=timezone.now() + datetime.timedelta(days=1)),
    "sharing_withdrawn_after_it_was_shared": lambda w: w.sharing(
        withdrawn_at=timezone.now() - datetime.timedelta(days=1), withdrawn_by=w.lead
    ),
    "way_rank_once": lambda w: w.twice(WayRank(decision_maker=w.lead, way=w.way, place=1, **w.ours)),
    "way_rank_counts_from_1": lambda w: WayRank(decision_maker=w.lead, way=w.way, place=0, **w.ours),
    "adjustment_kind_is_known": lambda w: w.adjustment(kind="lent"),
    "adjustment_says_what_for": lambda w: w.adjustment(what_for=" "),
    "adjustment_quarters_are_first_days": lambda w: w.adjustment(from_quarter=datetime.date(2026, 4, 2)),
    "adjustment_ends_after_it_starts": lambda w: w.adjustment(until_quarter=datetime.date(2026, 1, 1)),
    "adjustment_sets_aside_from_a_quarter": lambda w: w.adjustment(from_quarter=None),
    "adjustment_considered_never_counts": lambda w: w.adjustment(kind=AdjustmentKind.CONSIDERED),
    "adjustment_given_back_by_and_on": lambda w: w.adjustment(given_back_on=SPRING),
    "adjusted_days_once_a_pool": lambda w: w.twice(w.adjusted()),
    "adjusted_days_are_some": lambda w: w.adjusted(days=0),
    "pool_share_once_from_a_quarter": lambda w: w.twice(w.share()),
    "pool_share_is_a_percentage": lambda w: w.share(percent=0),
    "pool_share_quarters_are_first_days": lambda w: w.share(from_quarter=datetime.date(2026, 4, 2)),
    "pool_share_ends_after_it_starts": lambda w: w.share(until_quarter=datetime.date(2026, 1, 1)),
    "pool_share_says_with_whom": lambda w: w.share(shared_with=" "),
    "state_change_changes_something": lambda w: ParticipationStateChange(
        participation=w.participation,
        was=ParticipationState.ACTIVE,
        became=ParticipationState.ACTIVE,
        changed_by=w.lead,
        **w.ours,
    ),
}


def named_constraints() -> dict[str, models.BaseConstraint]:
    floor = apps.get_app_config("partnerships").get_models()
    return {constraint.name: constraint for model in floor for constraint in model._meta.constraints}


def words_of(constraint: models.BaseConstraint) -> str:
    return str(constraint.violation_error_message)


@transaction.atomic
def save_and_check(row: Any) -> None:
    """Save, and have the rules checked that otherwise wait for the end of the transaction."""
    row.save()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(BROKEN))
def test_breaking_it_is_refused_by_the_database(name: str) -> None:
    row = BROKEN[name](World())
    with pytest.raises(IntegrityError, match=f'"{name}"'):
        save_and_check(row)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(BROKEN))
def test_breaking_it_is_explained_before_it_gets_that_far(name: str) -> None:
    row = BROKEN[name](World())
    with pytest.raises(ValidationError) as problem:
        row.validate_constraints()
    assert words_of(named_constraints()[name]) in problem.value.messages


def test_no_rule_is_left_out() -> None:
    assert sorted(BROKEN) == sorted(named_constraints())


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_its_words_are_a_sentence_for_people(name: str) -> None:
    words = words_of(named_constraints()[name])
    assert words.endswith(".")
    assert words[0].isupper()
    assert "constraint" not in words.lower()
    assert "_" not in words


def kept_by_people() -> list[type[models.Model]]:
    """The models but those that record the changes of others: such a row copies what its table already holds to."""
    every = apps.get_app_config("partnerships").get_models()
    return [model for model in every if not hasattr(model, "pgh_tracked_model")]


def test_who_and_when_are_both_known_or_neither() -> None:
    """Each pair of columns named …_at and …_by is either never empty or held together by a rule of its own."""
    pairs = []
    for model in kept_by_people():
        names = {field.name: field for field in model._meta.concrete_fields}
        for name, by in names.items():
            at = names.get(f"{name.removesuffix('_by')}_at") if name.endswith("_by") else None
            if at is None:
                continue
            pairs.append((model.__name__, name))
            if at.null or by.null:
                assert any(rule.name.endswith(f"{name}_and_at") for rule in model._meta.constraints), (model, name)
    assert {("Participation", "harm_reviewed_by"), ("ImportPreview", "used_by")} <= set(pairs)


OWNED_CHILDREN: dict[str, Callable[[World, World], Any]] = {
    "participation level": lambda w, other: w.changed(w.participation, level=other.level),
    "participation duty": lambda w, other: w.changed(w.participation, mandate_level=other.level, mandate_source="Act"),
    "days of a participation": lambda w, other: w.changed(w.days(1, 2, 3), participation=other.participation),
    "days of a level": lambda w, other: w.changed(w.days(1, 2, 3), level=other.level),
    "days of a pool": lambda w, other: w.changed(w.days(1, 2, 3), pool=other.pool),
    "capacity of a pool": lambda w, other: w.quarter(pool=other.pool),
    "weight of an objective": lambda w, other: ObjectiveWeight(
        decision_maker=w.lead, objective=other.objective, points=1, **w.ours
    ),
    "weight of a way": lambda w, other: WayWeight(decision_maker=w.lead, way=other.way, points=1, **w.ours),
    "rating of a participation": lambda w, other: w.changed(w.rating(1, 2, 3), participation=other.participation),
    "rating of an objective": lambda w, other: w.changed(w.rating(1, 2, 3), objective=other.objective),
    "rating of a way": lambda w, other: w.changed(w.rating(1, 2, 3), way=other.way),
    "level of a rule": lambda w, other: w.rule(level=other.level),
    "other level of a rule": lambda w, other: w.rule(RuleKind.NEEDS, other_level=other.level),
    "member of a rule": lambda w, other: w.member(rule=other.member().rule),
    "participation of a rule": lambda w, other: w.member(participation=other.participation),
    "merge of a participation": lambda w, other: w.changed(
        w.participation, merged_into=other.participation, state=ParticipationState.ENDED
    ),
    "note on a participation": lambda w, other: w.note(participation=other.participation),
    "difference in a participation": lambda w, other: w.difference(participation=other.participation),
    "step of a difference": lambda w, other: w.step(difference=other.step().difference),
    "give and take of a participation": lambda w, other: w.given(participation=other.participation),
    "link of a participation": lambda w, other: w.link(participation=other.participation),
    "measure of a participation": lambda w, other: w.measure(participation=other.participation),
    "figure of a participation": lambda w, other: w.point(participation=other.participation),
    "figure of a measure": lambda w, other: w.point(measure=other.point().measure),
    "rank of an objective": lambda w, other: ObjectiveRank(
        decision_maker=w.lead, objective=other.objective, place=1, **w.ours
    ),
    "rank of a way": lambda w, other: WayRank(decision_maker=w.lead, way=other.way, place=1, **w.ours),
    "adjustment of a participation": lambda w, other: w.adjustment(participation=other.participation),
    "adjusted days of an adjustment": lambda w, other: w.adjusted(adjustment=other.adjustment()),
    "adjusted days of a pool": lambda w, other: w.adjusted(pool=other.pool),
    "share of a pool": lambda w, other: w.share(pool=other.pool),
    "sharing of a participation": lambda w, other: w.sharing(participation=other.participation),
    "state change of a participation": lambda w, other: ParticipationStateChange(
        participation=other.participation,
        was=ParticipationState.DRAFT,
        became=ParticipationState.ACTIVE,
        changed_by=w.lead,
        **w.ours,
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", sorted(OWNED_CHILDREN))
def test_a_childs_organisation_is_its_parents(what: str) -> None:
    row = OWNED_CHILDREN[what](World(), World())
    with pytest.raises(IntegrityError, match="same_owner"):
        save_and_check(row)


def test_every_owned_parent_is_held_by_such_a_key() -> None:
    """Each foreign key from one owned table to another is among those tried above."""
    owned = {model for model in kept_by_people() if hasattr(model, "organisation")}
    owned -= {Organisation, Person, AccessGrant, OrganisationName, PartnershipMembership, SharedLevel, Deed}
    keys = [
        (model.__name__, field.name)
        for model in owned
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model in owned
    ]
    assert len(keys) == len(OWNED_CHILDREN), sorted(keys)


@pytest.mark.django_db
def test_people_and_shared_rows_are_not_deleted_from_under_others() -> None:
    world = World()
    Participation.objects.filter(pk=world.participation.pk).update(
        harm_reviewed_by=world.lead, harm_reviewed_at=timezone.now()
    )
    MembershipFactory.create(partnership=world.partnership)
    for row in (world.lead, world.organisation, world.partnership, world.level):
        with pytest.raises(models.ProtectedError):
            row.delete()
