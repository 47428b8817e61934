"""The page of roles speaks of the plan where the code lets a role do what it says, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from decisions.models import PlanAction, PlanState
from partnerships.models import Organisation, Person, Role
from partnerships.roles import DECIDE, ROLES_IN_WORDS
from tests.factories import in_role
from tests.integration.decisions.test_pages import at, signed_in, words
from tests.integration.decisions.test_plan import People, added, moved, people, quick
from tests.integration.decisions.test_plan_worth import option_of, practice_of

__all__ = ["people", "quick"]
pytestmark = pytest.mark.django_db

# What the page of roles promises, and what somebody does by it.
PROMISED: dict[str, Callable[[Organisation, Person], Any]] = {
    "actions of the plan": added,
    "practices to remove": practice_of,
    "options for more capacity": option_of,
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("words_of_it", PROMISED)
def test_the_page_of_roles_names_what_of_the_plan_a_role_may(people: People, role: Role, words_of_it: str) -> None:
    organisation, *_ = people
    person = in_role(organisation, role)
    assert (words_of_it in covered(role)) == may(lambda: PROMISED[words_of_it](organisation, person))
    assert organisation.capacity_adjustments.exists() == (words_of_it in covered(role)), "with the days of it"


@pytest.mark.parametrize("role", Role)
def test_the_page_of_roles_says_who_tells_what_became_of_an_action(people: People, role: Role) -> None:
    organisation, lead, _ = people
    person = in_role(organisation, role)
    action = added(organisation, lead)
    PlanAction.objects.filter(pk=action.pk).update(owner=person)
    action.refresh_from_db()
    said = "Whoever sees to a promise or an action says themselves what became of it"
    assert (said in covered(role)) == may(lambda: moved(action, person, PlanState.STOPPED))
    given_back = organisation.capacity_adjustments.get().given_back_on is not None
    assert ("an action that is done or stopped gives its days back" in covered(role)) == given_back


def covered(role: Role) -> str:
    return " ".join(capability.covers for one in ROLES_IN_WORDS if one.role == role for capability in one.may)


def may(act: Callable[[], Any]) -> bool:
    try:
        act()
    except PermissionDenied:
        return False
    return True


def test_the_page_says_it(people: People) -> None:
    organisation, lead, _ = people
    page = words(signed_in(lead).get(at(organisation, "people/roles/")))
    assert DECIDE.covers in page
    assert "with the days that they set aside, free or would add" in DECIDE.covers
