"""What the timeline of a partnership says of its surveys, and of what partners were told."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from diagnostics.actions.replies import publish_reply, reply_to, reply_version, withdraw_reply, write_line, write_reply
from diagnostics.models import Subject
from diagnostics.models.replies import Progress
from partnerships.models import Organisation, Participation, Person
from partnerships.timeline import Kind, Moment, timeline_of
from tests.integration.decisions.test_pages import signed_in
from tests.integration.diagnostics.survey_data import closed, draft, opened
from tests.integration.scoring.portfolio import portfolio

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> tuple[Organisation, Person]:
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)
    return portfolio()[:2]


def one_of(organisation: Organisation) -> Participation:
    found: Participation = organisation.participations.select_related("partnership", "organisation").order_by("pk")[0]
    return found


def moments(one: Participation, only: Kind) -> list[Moment]:
    return list(timeline_of(one.organisation, [one.pk], only=only).moments)


def test_a_survey_opens_and_closes_and_has_its_results_elsewhere(people: tuple[Organisation, Person]) -> None:
    organisation, lead = people
    one = one_of(organisation)
    made = closed(one, lead, [4] * 6)
    opening, closing = sorted(moments(one, Kind.SURVEYS), key=lambda moment: moment.title, reverse=True)
    assert (opening.title, opening.text, opening.by) == ("Survey opened", Subject.PARTNERSHIP.label, str(lead))
    assert (closing.title, closing.day) == ("Survey closed", timezone.localdate())
    assert closing.text == f"{Subject.PARTNERSHIP.label}\nIts page has the results."
    address = closing.page.address(organisation.code, one.partnership.slug)
    assert address == f"/o/{organisation.code}/surveys/{made.pk}/"
    page: Any = signed_in(lead).get(
        f"/o/{organisation.code}/partnerships/{one.partnership.slug}/record/timeline/surveys/"
    )
    assert f'<a href="{address}">Survey closed</a>' in page.content.decode()


def test_one_with_too_few_answers_says_nothing_of_them(people: tuple[Organisation, Person]) -> None:
    organisation, lead = people
    one = one_of(organisation)
    closed(one, lead, [4] * 4)
    closing = next(moment for moment in moments(one, Kind.SURVEYS) if moment.title == "Survey closed")
    assert closing.text == Subject.PARTNERSHIP.label


def test_one_that_is_prepared_is_not_there_and_an_open_one_has_only_opened(people: tuple[Organisation, Person]) -> None:
    organisation, lead = people
    one = one_of(organisation)
    draft(one, lead, subject=Subject.BY_US)
    assert moments(one, Kind.SURVEYS) == []
    opened(one, lead)
    assert [moment.title for moment in moments(one, Kind.SURVEYS)] == ["Survey opened"]


def test_what_partners_were_told_is_there_once_it_was_published(people: tuple[Organisation, Person]) -> None:
    organisation, lead = people
    one = one_of(organisation)
    made = closed(one, lead, [4] * 6, subject=Subject.BY_PARTNERS)
    write_reply(round=made, opening="Thank you", shows_means=False, by=lead, expected_version=reply_version(None))
    known: dict[str, Any] = {"round": made, "by": lead}
    line: dict[str, Any] = {
        "characteristic": "trust",
        "heard": "Late answers",
        "doing": "We answer in a week",
        "progress": Progress.PLANNED,
    }
    write_line(**line, on_day=None, expected_version=reply_version(reply_to(made)), **known)
    assert moments(one, Kind.TOLD_PARTNERS) == []
    publish_reply(tell=False, expected_version=reply_version(reply_to(made)), **known)
    (told,) = moments(one, Kind.TOLD_PARTNERS)
    assert (told.title, told.did, told.by) == ("Partners told what we heard and do", "Published", str(lead))
    withdraw_reply(expected_version=reply_version(reply_to(made)), **known)
    assert len(moments(one, Kind.TOLD_PARTNERS)) == 2
