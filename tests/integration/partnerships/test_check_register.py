from __future__ import annotations

import datetime
import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.models import OrganisationKind
from tests.factories import MembershipFactory, OrganisationFactory, PartnershipFactory

pytestmark = pytest.mark.django_db
DAY = datetime.date


def check(*options: str) -> str:
    said = io.StringIO()
    call_command("check_register", *options, stdout=said)
    return said.getvalue()


def as_json(*options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(check("--json", *options))
    return found


def test_closed_members_are_listed_with_their_successors() -> None:
    heir = OrganisationFactory.create(code="RH5", name="SOMERSET NHS FOUNDATION TRUST")
    closed = OrganisationFactory.create(
        code="RA4", name="Yeovil", closed_on=DAY(2023, 3, 31), successor=heir, succeeded_on=DAY(2023, 4, 1)
    )
    partnership = PartnershipFactory.create(name="Alliance")
    MembershipFactory.create(partnership=partnership, organisation=closed)
    MembershipFactory.create(partnership=partnership, organisation=heir)
    assert as_json() == [
        {
            "partnership": "Alliance",
            "partnership_code": "",
            "register": "Entered by a person",
            "code": "RA4",
            "name": "Yeovil",
            "trust_code": None,
            "trust_name": None,
            "closed_on": "2023-03-31",
            "successor_code": "RH5",
            "successor_name": "Somerset NHS Foundation Trust",
            "succeeded_on": "2023-04-01",
        }
    ]
    assert check().splitlines()[0] == (
        "Alliance (no code): RA4 Yeovil, closed 2023-03-31, "
        "succeeded by RH5 Somerset NHS Foundation Trust on 2023-04-01"
    )
    assert check().splitlines()[-1].startswith("1 closed members in 1 live partnerships on ")


def test_a_unit_goes_with_its_trust_and_shows_both_codes() -> None:
    trust = OrganisationFactory.create(code="RVY", name="Southport", closed_on=DAY(2023, 6, 30))
    unit = OrganisationFactory.create(code="RVY02", name="", kind=OrganisationKind.UNIT, parent=trust)
    MembershipFactory.create(organisation=unit)
    (found,) = as_json()
    assert (found["code"], found["trust_code"], found["closed_on"]) == ("RVY02", "RVY", "2023-06-30")
    assert "RVY02 (a unit of RVY Southport), closed 2023-06-30, no successor recorded" in check()


def test_the_day_a_person_gives_for_the_succession_counts_before_the_register_knows() -> None:
    heir = OrganisationFactory.create()
    active = OrganisationFactory.create(successor=heir, succeeded_on=DAY(2025, 4, 1))
    MembershipFactory.create(organisation=active)
    assert as_json("--on", "2025-03-31") == []
    assert [one["closed_on"] for one in as_json("--on", "2025-04-01")] == ["2025-04-01"]


def test_who_has_left_and_what_has_ended_is_not_listed() -> None:
    closed = OrganisationFactory.create(closed_on=DAY(2023, 3, 31))
    MembershipFactory.create(organisation=closed, left_on=DAY(2023, 3, 31))
    MembershipFactory.create(organisation=closed, partnership=PartnershipFactory.create(ended_on=DAY(2023, 3, 31)))
    not_listed_by_any_register = OrganisationFactory.create(code="TAD")
    MembershipFactory.create(organisation=not_listed_by_any_register)
    assert as_json() == []
    assert check("--on", "2026-01-01") == "No member of a live partnership had closed by 1 January 2026.\n"


def test_a_wrong_day_is_explained() -> None:
    with pytest.raises(CommandError, match="--on soon is not a day"):
        check("--on", "soon")


def test_however_many_they_are_it_is_one_query() -> None:
    for _ in range(5):
        heir = OrganisationFactory.create()
        trust = OrganisationFactory.create(closed_on=DAY(2023, 6, 30), successor=heir, succeeded_on=DAY(2023, 7, 1))
        MembershipFactory.create(organisation=OrganisationFactory.create(kind=OrganisationKind.UNIT, parent=trust))
    with CaptureQueriesContext(connection) as asked:
        assert len(as_json()) == 5
    reads = [one["sql"] for one in asked.captured_queries if 'FROM "partnerships_partnershipmembership"' in one["sql"]]
    assert len(reads) == 1
