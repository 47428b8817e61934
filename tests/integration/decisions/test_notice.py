"""A partner hears early of it that they have less: the day that is offered, and what is said of one that is soon."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from decisions.models import Decision
from decisions.notice import fair_start, gives_less
from partnerships.models import Organisation, Participation, Person
from tests.integration.decisions.scored import basis_of, scored_portfolio
from tests.integration.decisions.test_pages import at, filled, signed_in, words

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def people(settings: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[Organisation, Person, Person]:
    settings.SCORING_DRAWS = 4
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)
    return scored_portfolio()


@pytest.fixture
def one(people: tuple[Organisation, Person, Person]) -> Participation:
    found: Participation = people[0].participations.select_related("partnership").get(partnership__name="Alliance 4")
    return found


def from_day(day: datetime.date) -> dict[str, str]:
    return {f"applies_from-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def test_a_no_that_is_recommended_is_offered_with_a_fair_notice(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, _, executive = people
    page = signed_in(executive).get(at(organisation, f"decisions/{one.partnership.slug}/"))
    assert gives_less(one, basis_of(one).advice.recommended.code)
    assert page.context["form"]["applies_from"].value() == fair_start(timezone.localdate())


def test_a_no_that_was_left_to_begin_today_is_put_off_and_shown_before_it_is_confirmed(
    people: tuple[Organisation, Person, Person],
) -> None:
    organisation, _, executive = people
    bases = [basis_of(each) for each in organisation.participations.all()]
    basis = next(
        each
        for each in bases
        if not gives_less(each.participation, each.advice.recommended.code)
        and gives_less(each.participation, each.choices[-1].code)
    )
    client, address = signed_in(executive), at(organisation, f"decisions/{basis.participation.partnership.slug}/")
    no = {"level": basis.choices[-1].code, "reason": "We have no days"}
    asked = client.post(address, filled(basis, executive, **no))
    fair = fair_start(timezone.localdate())
    assert asked.status_code == 200
    assert f"so it holds from {fair:%-d %B %Y}" in words(asked)
    assert dict(asked.context["form"]["applies_from"].value()) == {
        part: str(getattr(fair, part)) for part in ("day", "month", "year")
    }
    sent = filled(basis, executive, confirmed=no["level"], **no, **from_day(fair))
    assert client.post(address, sent).status_code == 302
    assert Decision.objects.get().applies_from == fair


def test_a_day_that_somebody_entered_stays_and_is_called_short(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, _, executive = people
    client, address = signed_in(executive), at(organisation, f"decisions/{one.partnership.slug}/")
    soon = timezone.localdate() + 5 * DAY
    sent = filled(basis_of(one), executive, level="decline", reason="We have no days", **from_day(soon))
    shown = words(client.post(address, sent))
    assert "They have less from you in 5 days, which is short notice." in shown
    assert client.post(address, sent | {"confirmed": "decline"}).status_code == 302
    assert Decision.objects.get().applies_from == soon


def test_more_than_today_begins_today_and_asks_for_no_notice(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, _, executive = people
    basis = basis_of(one)
    client, address = signed_in(executive), at(organisation, f"decisions/{one.partnership.slug}/")
    assert one.level is not None
    sent = filled(basis, executive, level=one.level.code, reason="They need us", confirmed=one.level.code)
    assert client.post(address, sent).status_code == 302
    assert Decision.objects.get().applies_from == timezone.localdate()
