import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from partnerships.saving import save_checked
from tests.factories import PartnershipFactory
from tests.integration.partnerships.conftest import Desk


def test_a_broken_rule_speaks_and_the_transaction_goes_on(desk: Desk) -> None:
    participation = desk.participation()
    participation.patient_benefit = " "
    with pytest.raises(ValidationError, match="Say how patients benefit"):
        save_checked(participation)
    participation.refresh_from_db()
    assert participation.patient_benefit == "Shorter waits for people in our area"
    assert not connection.needs_rollback


def test_a_value_that_its_field_does_not_take_is_named(desk: Desk) -> None:
    participation = desk.participation()
    participation.sponsor = "x" * 121
    with pytest.raises(ValidationError) as problem:
        save_checked(participation)
    assert list(problem.value.message_dict) == ["sponsor"]


def test_what_is_no_named_rule_of_the_row_stays_a_fault(db: None) -> None:
    first, second = PartnershipFactory.create(), PartnershipFactory.create()
    second.slug = first.slug
    with pytest.raises(IntegrityError):
        save_checked(second)
