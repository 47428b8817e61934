"""Who may open what: every page and file of the portfolio, as each kind of person."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from partnerships.models import ImportPreview, PortfolioRule, Role, RuleKind
from tests.factories import PersonFactory, in_role, organisation_with_people
from tests.integration.partnerships.conftest import Desk

# path, whether everybody of the organisation may read it, whether it takes a POST
PAGES = [
    ("partnerships/", True, False),
    ("partnerships/add/", False, True),
    ("partnerships/a-partnership/", True, True),
    ("partnerships/a-partnership/edit/", False, True),
    ("partnerships/a-partnership/edit/members/", False, True),
    ("partnerships/a-partnership/edit/days/", False, True),
    ("partnerships/a-partnership/edit/ratings/", False, True),
    ("partnerships/a-partnership/edit/duty/", False, True),
    ("partnerships/import/", False, True),
    ("partnerships/import/template.csv", False, False),
    ("partnerships/import/template.xlsx", False, False),
    ("partnerships/import/PREVIEW/", False, True),
    ("partnerships/import/PREVIEW/rows-to-correct.csv", False, False),
    ("partnerships/export.csv", True, False),
    ("partnerships/export.xlsx", True, False),
    ("capacity/", True, False),
    ("capacity/export.csv", True, False),
    ("capacity/change/", False, True),
    ("capacity/pools/", False, True),
    ("capacity/levels/", False, True),
    ("capacity/sharing/", False, True),
    ("criteria/", True, False),
    ("criteria/weights/", True, True),
    ("criteria/ranking/", True, True),
    ("criteria/objectives/", False, True),
    ("criteria/ways/", False, True),
    ("criteria/cost-of-change/", False, True),
    ("rules/", True, False),
    ("rules/add/at-least/", False, True),
    ("rules/RULE/", False, True),
]
OWN = {"criteria/weights/", "criteria/ranking/"}  # everybody who decides sets their own
DAY = datetime.timedelta(days=1)
paths = pytest.mark.parametrize("path", [path for path, _, _ in PAGES])


@pytest.fixture
def filled(desk: Desk) -> Desk:
    participation = desk.participation()
    participation.partnership.slug = "a-partnership"
    participation.partnership.save()
    ImportPreview.objects.create(
        organisation=desk.organisation,
        file_name="portfolio.csv",
        headers=["Name", "Kind"],
        rows=[[2, ["A new one", "Council partnership"]]],
        uploaded_by=desk.lead,
    )
    PortfolioRule.objects.create(
        organisation=desk.organisation,
        kind=RuleKind.AT_LEAST,
        at_least=1,
        partnership_kind=participation.partnership.kind,
        level=desk.organisation.engagement_levels.get(code="sustain"),
        source="An order",
        recorded_by=desk.lead,
        recorded_at=timezone.now(),
    )
    return desk


def real(desk: Desk, path: str) -> str:
    preview = desk.organisation.import_previews.get()
    rule = desk.organisation.rules.get()
    return desk.at(path.replace("PREVIEW", str(preview.pk)).replace("RULE", str(rule.pk)))


@paths
def test_the_strategy_lead_opens_it(filled: Desk, path: str) -> None:
    assert filled.client.get(real(filled, path)).status_code == 200


@paths
def test_signed_out_it_leads_to_signing_in(filled: Desk, path: str) -> None:
    page = Client().get(real(filled, path))
    assert page.status_code == 302
    assert page["Location"].startswith("/accounts/login/")


@paths
@pytest.mark.parametrize("method", ["get", "post"])
def test_for_another_organisation_it_does_not_exist(filled: Desk, path: str, method: str) -> None:
    _, stranger, _ = organisation_with_people()
    client = Client()
    client.force_login(stranger)
    assert getattr(client, method)(real(filled, path)).status_code in ({404} if method == "get" else {404, 405})


@pytest.mark.parametrize("path", [path for path, _, _ in PAGES if "a-partnership" in path or path != path.lower()])
def test_one_organisations_things_are_not_under_anothers_address(filled: Desk, path: str) -> None:
    other, stranger, _ = organisation_with_people()
    client = Client()
    client.force_login(stranger)
    address = real(filled, path).replace(f"/o/{filled.organisation.code}/", f"/o/{other.code}/")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("path", "may_read"), [(path, may_read) for path, may_read, _ in PAGES])
def test_an_executive_reads_and_does_not_edit(filled: Desk, path: str, may_read: bool) -> None:
    executive = filled.as_(filled.executive)
    assert executive.client.get(real(filled, path)).status_code == (200 if may_read else 403)


@pytest.mark.parametrize("path", [path for path, _, takes_post in PAGES if takes_post and path not in OWN])
def test_an_executive_cannot_write(filled: Desk, path: str) -> None:
    executive = filled.as_(filled.executive)
    assert executive.client.post(real(filled, path), {"state": "ended"}).status_code == 403
    filled.organisation.participations.get(state="active")


FILLED_IN = {f"partnerships/a-partnership/edit/{section}" for section in ("", "days/", "ratings/")}
DOWNLOADS = {"partnerships/export.csv", "partnerships/export.xlsx", "capacity/export.csv"}
READ = {path for path, may_read, _ in PAGES if may_read} - OWN
OPEN_TO = {
    Role.ADMINISTRATOR: READ - DOWNLOADS,
    Role.CONTRIBUTOR: READ | FILLED_IN,
    Role.READER: READ,
    Role.SYSTEM_READER: set(),
}


@paths
@pytest.mark.parametrize("role", OPEN_TO)
def test_each_role_opens_what_is_its_own(filled: Desk, role: Role, path: str) -> None:
    somebody = filled.as_(in_role(filled.organisation, role))
    assert somebody.client.get(real(filled, path)).status_code == (200 if path in OPEN_TO[role] else 403)


@pytest.mark.parametrize("path", [path for path, _, takes_post in PAGES if takes_post])
@pytest.mark.parametrize("role", OPEN_TO)
def test_no_role_writes_what_is_not_its_own(filled: Desk, role: Role, path: str) -> None:
    somebody = filled.as_(in_role(filled.organisation, role))
    allowed = path in OPEN_TO[role] & FILLED_IN
    answer = somebody.client.post(real(filled, path), {"state": "ended"})
    assert answer.status_code in ({200, 302} if allowed else {403})
    filled.organisation.participations.get(state="active")


@paths
def test_a_role_that_has_ended_opens_nothing(filled: Desk, path: str) -> None:
    now = timezone.now()
    ended = in_role(filled.organisation, Role.STRATEGY_LEAD, granted_at=now - DAY, expires_at=now)
    for method in ("get", "post"):
        assert getattr(filled.as_(ended).client, method)(real(filled, path)).status_code in {403, 404, 405}


@pytest.mark.parametrize(("path", "takes_post"), [(path, takes_post) for path, _, takes_post in PAGES])
def test_other_methods_are_refused(filled: Desk, path: str, takes_post: bool) -> None:
    address = real(filled, path)
    assert filled.client.delete(address).status_code == 405
    assert filled.client.put(address).status_code == 405
    if not takes_post:
        assert filled.client.post(address).status_code == 405


def test_a_person_without_a_role_finds_nothing(filled: Desk) -> None:
    client = Client()
    client.force_login(PersonFactory.create())
    assert client.get(filled.at("partnerships/")).status_code == 404
