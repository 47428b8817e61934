import pytest
from django.test import Client

from tests.factories import organisation_with_people

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["/o/%00/", "/o/{code}/surveys/start/?partnership=%00", "/o/{code}/successors/%00/", "/?next=a%00b"]
)
def test_a_null_character_is_no_address(client: Client, address: str) -> None:
    organisation, lead, _ = organisation_with_people()
    client.force_login(lead)
    assert client.get(address.format(code=organisation.code)).status_code == 404


@pytest.mark.parametrize("quarter", ["9999-12-31", "0001-01-01", "2026-13-01", "nonsense"])
def test_a_quarter_out_of_reach_is_this_one(client: Client, quarter: str) -> None:
    organisation, lead, _ = organisation_with_people()
    client.force_login(lead)
    for page in ("capacity/", "capacity/change/"):
        assert client.get(f"/o/{organisation.code}/{page}?quarter={quarter}").status_code == 200
