from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.models import DaysNeeded, ParticipationState, PartnershipKind, ValueRating
from tests.factories import PartnershipFactory, active_participation, organisation_with_people
from tests.integration.partnerships.conftest import Desk, words_of


def fill(desk: Desk, how_many: int) -> None:
    organisation = desk.organisation
    pools, levels = list(organisation.capacity_pools.all()), list(organisation.engagement_levels.all())
    objective, way = organisation.objectives.all()[0], organisation.ways_of_creating_value.all()[0]
    for _ in range(how_many):
        one = desk.participation(sponsor="Ann Lee")
        DaysNeeded.objects.bulk_create(
            DaysNeeded(
                organisation=organisation, participation=one, level=levels[-1], pool=pool, low=1, likely=2, high=3
            )
            for pool in pools
        )
        ValueRating.objects.create(organisation=organisation, participation=one, objective=objective, way=way)


@pytest.mark.parametrize(
    "path", ["partnerships/", "partnerships/?state=active", "capacity/", "partnerships/export.csv"]
)
def test_the_number_of_queries_does_not_grow_with_the_portfolio(desk: Desk, path: str) -> None:
    counts = []
    for how_many in (5, 55):
        fill(desk, how_many)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert desk.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


def test_a_row_says_what_it_is_and_what_is_missing(desk: Desk) -> None:
    participation = desk.participation(stage="norming")
    pool = desk.organisation.capacity_pools.get(code="executive")
    top = desk.organisation.engagement_levels.get(code="prioritise")
    DaysNeeded.objects.create(
        organisation=desk.organisation,
        participation=participation,
        level=top,
        pool=pool,
        low=Decimal(8),
        likely=Decimal(10),
        high=Decimal(12),
    )
    row = words_of(desk.get("partnerships/"))
    for words in (
        "Provider collaborative",
        "Norming",
        "Sustain",
        "Executive&nbsp;3.5",
        "(suggested)",
        'ratings/">value',
    ):
        assert words in row
    assert ">days</a>" not in row


def test_nothing_recorded_says_what_to_do_first(desk: Desk) -> None:
    page = words_of(desk.get("partnerships/"))
    assert "Nothing is recorded yet" in page
    assert f'class="nhsuk-button" href="{desk.at("start/")}"' in page
    assert "Your strategy lead adds partnerships" in words_of(desk.as_(desk.executive).get("partnerships/"))


def test_one_main_button(desk: Desk) -> None:
    desk.participation()
    page = words_of(desk.get("partnerships/"))
    assert page.count('class="nhsuk-button"') == 1
    assert "Import a spreadsheet" in page
    assert "Start from the register" in page


def test_filters_by_kind_sponsor_stage_and_state(desk: Desk) -> None:
    council = PartnershipFactory.create(
        recorded_by=desk.organisation, name="The council one", kind=PartnershipKind.objects.get(code="council")
    )
    desk.participation(partnership=council, sponsor="Ann Lee", stage="forming")
    desk.participation(sponsor="Mark Poole", stage="norming")
    ended = desk.participation(state=ParticipationState.ENDED)
    assert ended.partnership.name not in words_of(desk.get("partnerships/"))
    for chosen in ("kind=council", "sponsor=Ann+Lee", "stage=forming"):
        page = words_of(desk.get(f"partnerships/?{chosen}"))
        assert "The council one" in page
        assert "1 partnership, filtered" in page
    assert ended.partnership.name in words_of(desk.get("partnerships/?state=ended"))
    assert "No partnership matches these filters" in words_of(desk.get("partnerships/?kind=council&stage=norming"))


def test_a_filter_that_names_nothing_is_explained_and_hides_nothing(desk: Desk) -> None:
    participation = desk.participation()
    page = words_of(desk.get("partnerships/?kind=no-such-kind"))
    assert "Choose the kind from the list." in page
    assert participation.partnership.name in page


def test_htmx_gets_the_table_alone_and_a_browser_the_page(desk: Desk) -> None:
    desk.participation()
    fragment = desk.get("partnerships/?stage=norming", headers={"HX-Request": "true"})
    assert words_of(fragment).strip().startswith('<div id="portfolio"')
    assert "<html" not in words_of(fragment)
    whole = desk.get("partnerships/?stage=norming")
    assert "<html" in words_of(whole)
    assert "HX-Request" in whole["Vary"]


def test_another_organisations_sponsors_are_not_offered(desk: Desk) -> None:
    other, _, _ = organisation_with_people()
    active_participation(other, sponsor="Somebody Else")
    desk.participation(sponsor="Ann Lee")
    page = words_of(desk.get("partnerships/"))
    assert "Ann Lee" in page
    assert "Somebody Else" not in page


def test_names_are_escaped(desk: Desk) -> None:
    partnership = PartnershipFactory.create(recorded_by=desk.organisation, name="<script>alert(1)</script> group")
    participation = desk.participation(partnership=partnership, sponsor="<img src=x>")
    for path in ("partnerships/", f"partnerships/{partnership.slug}/", f"partnerships/{partnership.slug}/edit/"):
        page = words_of(desk.get(path))
        assert "<script>alert" not in page
        assert "<img src=x>" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; group" in page
    assert participation.pk
