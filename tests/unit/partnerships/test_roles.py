"""Who may do what, written out a second time: a change of the table is a change of policy and shows here."""

import pytest

from partnerships.models import Role
from partnerships.roles import CAPABILITIES, ROLES_IN_WORDS, Capability

POLICY = {
    Role.ADMINISTRATOR: {"read", "manage_people", "read_audit"},
    Role.STRATEGY_LEAD: {"read", "export", "fill_in", "edit", "decide", "share"},
    Role.EXECUTIVE: {"read", "export", "decide"},
    Role.CONTRIBUTOR: {"read", "export", "fill_in"},
    Role.READER: {"read", "export"},
    Role.SYSTEM_READER: {"read_system"},
}


@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_this_and_no_more(role: Role) -> None:
    assert {one.code for one in CAPABILITIES if one.open_to([role])} == POLICY[role]


def test_every_role_is_explained_once() -> None:
    assert [one.role for one in ROLES_IN_WORDS] == list(Role)
    for one in ROLES_IN_WORDS:
        assert {it.code for it in one.may} == POLICY[one.role]
        assert set(one.may) | set(one.may_not) == set(CAPABILITIES)


def test_several_roles_together_may_do_what_each_may() -> None:
    assert {one.code for one in CAPABILITIES if one.open_to([Role.ADMINISTRATOR, Role.EXECUTIVE])} == (
        POLICY[Role.ADMINISTRATOR] | POLICY[Role.EXECUTIVE]
    )
    assert not any(one.open_to([]) for one in CAPABILITIES)


@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda one: one.code)
def test_a_refusal_says_whom_to_ask(capability: Capability) -> None:
    assert capability.roles
    assert "Ask" in capability.refusal
