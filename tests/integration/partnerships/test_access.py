"""Checks behind the pages: a role that has ended counts as none in actions, lists of people and parts of pages."""

from __future__ import annotations

import datetime
from decimal import Decimal
from importlib import import_module

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from partnerships import access
from partnerships.actions.criteria import set_weights
from partnerships.actions.days import record_days
from partnerships.actions.levels import change_levels
from partnerships.actions.participations import change_account
from partnerships.actions.ratings import record_ratings
from partnerships.actions.successors import can_record_successor
from partnerships.models import AccessGrant, Organisation, Person, Role
from partnerships.roles import CAPABILITIES, DECIDE, EDIT, Capability
from partnerships.weighing import weights_by_person
from scoring.runner.weights import frozen_weights
from tests.factories import OrganisationFactory, PersonFactory, in_role
from tests.integration.partnerships.conftest import Desk, words_of

DAY = datetime.timedelta(days=1)
pytestmark = pytest.mark.django_db


def end(person: Person) -> None:
    now = timezone.now()
    person.access_grants.update(granted_at=now - DAY, expires_at=now)


@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda one: one.code)
def test_a_check_and_its_answer_agree_for_every_role(desk: Desk, capability: Capability) -> None:
    for role in Role:
        person = in_role(desk.organisation, role)
        assert access.can(person, desk.organisation, capability) == (role in capability.roles)
        if role in capability.roles:
            access.check_can(person, desk.organisation, capability)
        else:
            with pytest.raises(PermissionDenied, match=capability.refusal[:20]):
                access.check_can(person, desk.organisation, capability)


@pytest.mark.parametrize("name", ["read", "fill_in", "edit", "decide", "manage_people"])
def test_the_named_checks_are_the_tables(desk: Desk, name: str) -> None:
    capability = next(one for one in CAPABILITIES if one.code == name)
    can, check = getattr(access, f"can_{name}"), getattr(access, f"check_can_{name}")
    for role in Role:
        person = in_role(desk.organisation, role)
        assert can(person, desk.organisation) == (role in capability.roles)
        if role not in capability.roles:
            with pytest.raises(PermissionDenied):
                check(person, desk.organisation)


def test_a_role_counts_until_its_end_and_not_after(desk: Desk) -> None:
    now = timezone.now()
    soon = in_role(desk.organisation, Role.STRATEGY_LEAD, expires_at=now + DAY)
    over = in_role(desk.organisation, Role.STRATEGY_LEAD, granted_at=now - DAY, expires_at=now)
    assert access.can_edit(soon, desk.organisation)
    assert not access.can_edit(over, desk.organisation)
    assert not over.organisations.exists()
    assert [grant.is_current for grant in (soon.access_grants.get(), over.access_grants.get())] == [True, False]


def test_somebody_switched_off_may_do_nothing(desk: Desk) -> None:
    desk.lead.is_active = False
    desk.lead.save()
    assert access.roles_of(desk.lead, desk.organisation) == frozenset()
    assert not desk.organisation.access_grants.current().of_roles([Role.STRATEGY_LEAD]).exists()


def test_actions_refuse_a_role_that_has_ended(desk: Desk) -> None:
    participation = desk.participation()
    end(desk.lead)
    for act in (
        lambda: change_account(participation=participation, by=desk.lead, account={"purpose": "Other"}),
        lambda: record_days(participation=participation, by=desk.lead, estimates={}),
        lambda: record_ratings(participation=participation, by=desk.lead, ratings={}),
        lambda: change_levels(organisation=desk.organisation, by=desk.lead, changes={}),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert not can_record_successor(desk.lead, desk.organisation)


def test_a_part_of_a_page_is_refused_too(desk: Desk) -> None:
    desk.participation()
    assert desk.get("partnerships/", headers={"HX-Request": "true"}).status_code == 200
    end(desk.lead)
    assert desk.get("partnerships/", headers={"HX-Request": "true"}).status_code in {403, 404}


def test_a_contributor_describes_a_partnership_and_leaves_its_name(desk: Desk) -> None:
    participation = desk.participation()
    contributor = in_role(desk.organisation, Role.CONTRIBUTOR)
    change_account(participation=participation, by=contributor, account={"purpose": "In our own words"})
    participation.refresh_from_db()
    assert participation.purpose == "In our own words"
    with pytest.raises(PermissionDenied):
        change_account(participation=participation, by=contributor, account={}, shared={"name": "Another"})


def test_a_contributors_pages_offer_what_a_contributor_may_do(desk: Desk) -> None:
    slug = desk.participation().partnership.slug
    contributor = desk.as_(in_role(desk.organisation, Role.CONTRIBUTOR))
    page = words_of(contributor.get(f"partnerships/{slug}/"))
    assert "edit/days/" in page
    assert "edit/ratings/" in page
    assert "edit/duty/" not in page
    assert "edit/members/" not in page
    assert 'value="ended"' not in page
    form = contributor.get(f"partnerships/{slug}/edit/")
    assert "name" not in form.context["form"].fields
    assert "Your strategy lead can change this partnership’s name" in words_of(form)


def test_posting_a_name_that_was_not_offered_changes_nothing(desk: Desk) -> None:
    participation = desk.participation()
    contributor = desk.as_(in_role(desk.organisation, Role.CONTRIBUTOR))
    form = contributor.get(f"partnerships/{participation.partnership.slug}/edit/").context["form"]
    sent = {
        "version": form["version"].value(),
        "patient_benefit": "Shorter waits",
        "level": participation.level_id,
        "name": "Taken over",
        "organisation": OrganisationFactory.create().pk,
    }
    answer = contributor.post(f"partnerships/{participation.partnership.slug}/edit/", sent)
    assert answer.status_code == 302
    was = participation.partnership.name
    participation.refresh_from_db()
    participation.partnership.refresh_from_db()
    assert participation.patient_benefit == "Shorter waits"
    assert participation.partnership.name == was
    assert participation.organisation == desk.organisation


def test_weights_of_somebody_who_may_no_longer_decide_are_kept_and_not_counted(desk: Desk) -> None:
    objectives = list(desk.organisation.objectives.all())
    points = {one.pk: Decimal(10) for one in objectives}
    ways = {one.pk: Decimal(10) for one in desk.organisation.ways_of_creating_value.all()}
    set_weights(organisation=desk.organisation, by=desk.executive, objective_points=points, way_points=ways)
    assert desk.executive in [one.person for one in weights_by_person(desk.organisation)]
    assert [one["who"] for one in frozen_weights(desk.organisation, objectives, [])[0]] == [desk.executive.email]
    end(desk.executive)
    assert desk.executive not in [one.person for one in weights_by_person(desk.organisation)]
    assert frozen_weights(desk.organisation, objectives, [])[0] == []
    assert desk.organisation.objective_weights.filter(decision_maker=desk.executive).exists()


def test_everybody_who_decides_is_listed_once(desk: Desk) -> None:
    AccessGrant.objects.create(organisation=desk.organisation, person=desk.lead, role=Role.EXECUTIVE)
    assert sorted(one.person.pk for one in weights_by_person(desk.organisation)) == [desk.lead.pk, desk.executive.pk]
    assert {Role.STRATEGY_LEAD, Role.EXECUTIVE} == DECIDE.roles > EDIT.roles


@pytest.fixture
def first_administrators() -> str:
    name = "partnerships.migrations.0016_strategy_leads_become_administrators"
    # The tables are those of today: a column that came later is filled in as its migration did.
    then: str = import_module(name).FIRST_ADMINISTRATORS
    return then.replace("granted_at)", "granted_at, from_claims)").replace("now()", "now(), false")


def administrators(organisation: Organisation) -> set[Person]:
    return {grant.person for grant in organisation.access_grants.filter(role=Role.ADMINISTRATOR)}


def test_organisations_of_before_get_their_leads_as_administrators(desk: Desk, first_administrators: str) -> None:
    second = in_role(desk.organisation, Role.STRATEGY_LEAD)
    has_one = OrganisationFactory.create()
    chosen = in_role(has_one, Role.ADMINISTRATOR)
    in_role(has_one, Role.STRATEGY_LEAD)
    without = OrganisationFactory.create()
    in_role(without, Role.EXECUTIVE)
    with connection.cursor() as cursor:
        cursor.execute(first_administrators)
        cursor.execute(first_administrators)
    assert administrators(desk.organisation) == {desk.lead, second}
    assert administrators(has_one) == {chosen}
    assert administrators(without) == set()


def test_somebody_without_any_role_holds_none(desk: Desk) -> None:
    assert access.roles_of(PersonFactory.create(), desk.organisation) == frozenset()
