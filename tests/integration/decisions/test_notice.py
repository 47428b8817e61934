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


def in_parts(**days: datetime.date) -> dict[str, str]:
    """Days as the boxes of a form send them."""
    return {
        f"{name}-{part}": str(getattr(day, part)) for name, day in days.items() for part in ("day", "month", "year")
    }


def from_day(day: datetime.date) -> dict[str, str]:
    return in_parts(applies_from=day)


def days_offered(form: Any) -> dict[str, str]:
    return in_parts(**{name: form[name].value() for name in ("applies_from", "review_on")})


def test_a_no_that_is_recommended_is_offered_with_a_fair_notice(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    organisation, _, executive = people
    page = signed_in(executive).get(at(organisation, f"decisions/{one.partnership.slug}/"))
    assert gives_less(one, basis_of(one).advice.recommended.code)
    form = page.context["form"]
    assert form["applies_from"].value() == fair_start(timezone.localdate())
    assert (form["review_on"].value() - form["applies_from"].value()).days in {91, 182}, "after it has begun"


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
    assert f"It would hold from {fair:%-d %B %Y}, and be looked at again on" in words(asked)
    assert "They have less from you, and this is the first quarter that leaves them four weeks." in words(asked)
    assert dict(asked.context["form"]["applies_from"].value()) == {
        part: str(getattr(fair, part)) for part in ("day", "month", "year")
    }
    sent = filled(basis, executive, confirmed=no["level"], **no, **from_day(fair))
    assert client.post(address, sent).status_code == 302
    assert Decision.objects.get().applies_from == fair


@pytest.fixture
def put_off(people: tuple[Organisation, Person, Person]) -> tuple[Any, Any, str, dict[str, str]]:
    """The question about a lower level than is recommended and held today, whose day was moved: who reads it, its basis
    and address, and what its form sends.
    """
    organisation, _, executive = people
    bases = [basis_of(each) for each in organisation.participations.all()]
    basis = next(
        each
        for each in bases
        if each.advice.recommended.is_today and gives_less(each.participation, each.choices[-1].code)
    )
    client, address = signed_in(executive), at(organisation, f"decisions/{basis.participation.partnership.slug}/")
    days = days_offered(client.get(address).context["form"])
    sent = filled(basis, executive, level=basis.choices[-1].code, reason="We have no days", **days)
    asked = client.post(address, sent)
    return client, basis, address, {**sent, **{name: str(value) for name, value in asked.context["form"].data.items()}}


def test_a_day_that_was_put_off_is_not_kept_for_another_level(put_off: tuple[Any, Any, str, dict[str, str]]) -> None:
    client, basis, address, sent = put_off
    assert sent["moved_for"] == sent["level"]
    assert client.post(address, sent | {"level": basis.advice.recommended.code, "reason": ""}).status_code == 302
    decision = Decision.objects.get()
    assert decision.applies_from == timezone.localdate()
    assert decision.review_on is not None
    assert decision.applies_from is not None
    assert (decision.review_on - decision.applies_from).days in {91, 182}


def test_it_is_looked_at_again_as_long_after_the_day_it_was_put_off_to(
    put_off: tuple[Any, Any, str, dict[str, str]],
) -> None:
    client, _, address, sent = put_off
    assert client.post(address, sent | {"confirmed": sent["level"]}).status_code == 302
    decision = Decision.objects.get()
    assert decision.applies_from == fair_start(timezone.localdate())
    assert decision.review_on is not None
    assert decision.applies_from is not None
    assert (decision.review_on - decision.applies_from).days in {91, 182}


def test_a_yes_is_to_the_day_that_was_asked_about(put_off: tuple[Any, Any, str, dict[str, str]]) -> None:
    """Another day is asked about again, and not put off once more."""
    client, _, address, sent = put_off
    today = timezone.localdate()
    asked = client.post(address, sent | from_day(today) | {"confirmed": sent["level"]})
    assert asked.status_code == 200
    assert "They have less from you at once, which is short notice." in words(asked)
    again = {name: str(value) for name, value in asked.context["form"].data.items()}
    assert client.post(address, again | {"confirmed": sent["level"]}).status_code == 302
    assert Decision.objects.get().applies_from == today


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


def test_whoever_is_asked_about_more_than_the_step_down_that_was_offered_reads_from_when(
    people: tuple[Organisation, Person, Person], one: Participation
) -> None:
    """The page offered a fair day for the step-down; going on as today begins at once, and the question says so."""
    organisation, _, executive = people
    basis = basis_of(one)
    client, address = signed_in(executive), at(organisation, f"decisions/{one.partnership.slug}/")
    days = days_offered(client.get(address).context["form"])
    asked = client.post(address, filled(basis, executive, level="prioritise", reason="They need us", **days))
    today = timezone.localdate()
    assert f"It would hold from {today:%-d %B %Y}, and be looked at again on" in words(asked)
    assert Decision.objects.count() == 0
