"""A meeting loses no note on its way, begins in the order that somebody chose, and holds though nobody ended it."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from decisions.actions import begin_meeting, end_meeting, note_item, notes_version
from decisions.models import AgendaItem, Decision, Meeting, TakenEffect
from decisions.notice import fair_start
from decisions.tasks import put_into_effect_for
from partnerships.actions.participations import change_state
from partnerships.editing import version_of
from partnerships.models import Organisation, Participation, ParticipationState, Person, Role
from partnerships.over_all_organisations import ids_of
from tests.factories import in_role
from tests.integration.decisions.scored import basis_of, decided, scored_portfolio
from tests.integration.decisions.test_pages import at, filled, leads_to, signed_in, words

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SCORING_DRAWS = 4
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)


@pytest.fixture
def people() -> tuple[Organisation, Person, Person]:
    return scored_portfolio()


@pytest.fixture
def some(people: tuple[Organisation, Person, Person]) -> list[Participation]:
    return list(people[0].participations.select_related("partnership").order_by("pk")[:3])


@pytest.fixture
def meeting(people: tuple[Organisation, Person, Person], some: list[Participation]) -> Meeting:
    today = timezone.localdate()
    return begin_meeting(organisation=people[0], by=people[2], name="Executive", held_on=today, agenda=some)


@pytest.fixture
def client(people: tuple[Organisation, Person, Person]) -> Client:
    return signed_in(people[2])


def level_of(one: Participation) -> str:
    stored = Participation.objects.select_related("level").get(pk=one.pk)
    return stored.level.code if stored.level else ""


def in_meeting(one: Participation, by: Person, meeting: Meeting) -> Decision:
    facts: dict[str, Any] = {"decided_by": None, "decided_in": meeting.name, "meeting": meeting}
    return decided(one, by, level_code="decline", reason="No days", **facts)


@pytest.mark.parametrize("step", ["go", "undo", "end"])
def test_what_stands_in_the_notes_is_kept_with_every_step(
    people: tuple[Organisation, Person, Person],
    some: list[Participation],
    meeting: Meeting,
    client: Client,
    step: str,
) -> None:
    organisation, _, executive = people
    decision = in_meeting(some[1], executive, meeting)
    here = at(organisation, f"decide/?partnership={some[0].partnership.slug}")
    value = {"go": some[2].partnership.slug, "undo": str(decision.pk), "end": "yes"}[step]
    sent = {"meeting": str(meeting.pk), "notes": "Ask the council", "version": version_of([""]), step: value}
    page = client.get(here).content.decode()
    form = page[page.index('id="meeting-form"') : page.index("</form>", page.index('id="meeting-form"'))]
    assert 'name="notes"' in form
    assert (f'name="{step}"' in form) or f'form="meeting-form" name="{step}"' in " ".join(page.split())
    answer = client.post(here, sent)
    assert answer.status_code == 302
    assert meeting.agenda.get(participation=some[0]).notes == "Ask the council"
    if step == "go":
        assert leads_to(answer) == at(organisation, f"decide/?partnership={some[2].partnership.slug}")
        assert not AgendaItem.objects.exclude(participation=some[0]).exclude(notes="").exists()
    assert Decision.objects.all().current().exists() == (step != "undo")
    meeting.refresh_from_db()
    assert (meeting.ended_at is not None) == (step == "end")


@pytest.mark.parametrize("step", ["go", "undo", "end"])
def test_notes_that_cannot_be_kept_stop_the_step_and_stay_in_the_form(
    people: tuple[Organisation, Person, Person],
    some: list[Participation],
    meeting: Meeting,
    client: Client,
    step: str,
) -> None:
    organisation, lead, executive = people
    decision = in_meeting(some[1], executive, meeting)
    item = meeting.agenda.get(participation=some[0])
    note_item(item=item, by=lead, notes="The chair agrees", expected_version=notes_version(item))
    here = at(organisation, f"decide/?partnership={some[0].partnership.slug}")
    value = {"go": some[2].partnership.slug, "undo": str(decision.pk), "end": "yes"}[step]
    sent = {"meeting": str(meeting.pk), "notes": "The trust pays", "version": version_of([""]), step: value}
    page = client.post(here, sent)
    shown = words(page)
    assert page.status_code == 200
    assert "The chair agrees" in shown
    assert "The trust pays" in page.content.decode()
    assert "Choose one of the levels" not in shown
    assert list(Decision.objects.all().current()) == [decision]
    meeting.refresh_from_db()
    assert meeting.ended_at is None


def test_a_step_to_what_is_not_on_the_agenda_stays(
    people: tuple[Organisation, Person, Person], some: list[Participation], meeting: Meeting, client: Client
) -> None:
    here = at(people[0], f"decide/?partnership={some[0].partnership.slug}")
    for odd in ("x", "", "\x00", "9" * 99):
        assert leads_to(client.post(here, {"meeting": str(meeting.pk), "notes": "", "go": odd})) == here


def test_a_meeting_begins_in_the_order_that_was_chosen(
    people: tuple[Organisation, Person, Person], some: list[Participation], client: Client
) -> None:
    organisation, _, _ = people
    day = timezone.localdate()
    sent: dict[str, Any] = {"name": "Executive"}
    sent |= {f"held_on-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
    page = client.get(at(organisation, "decide/")).content.decode()
    offered = re.findall(r'name="place-([^"]+)"', page)
    slugs = sent["agenda"] = list(offered)
    sent |= {f"place-{slug}": str(place) for place, slug in enumerate(offered, start=1)}
    sent |= {f"place-{slugs[3]}": "1", f"place-{slugs[1]}": "", f"place-{slugs[0]}": "4"}
    refused = client.post(at(organisation, "decide/"), sent | {f"place-{slugs[0]}": "first"})
    assert "Enter a place as a whole number, such as 2." in words(refused)
    assert not Meeting.objects.exists()
    assert client.post(at(organisation, "decide/"), sent).status_code == 302
    found = [item.participation.partnership.slug for item in Meeting.objects.get().agenda.order_by("position")]
    assert found == [slugs[3], slugs[1], slugs[2], slugs[0], slugs[4]]


def test_what_nobody_ended_takes_effect_once_the_day_is_over(
    people: tuple[Organisation, Person, Person],
    some: list[Participation],
    meeting: Meeting,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    organisation, _, executive = people
    decision = in_meeting(some[0], executive, meeting)
    today = timezone.localdate()
    here = at(organisation, f"decide/?partnership={some[0].partnership.slug}")
    assert "It takes effect when the meeting ends, at the latest once this day is over." in words(client.get(here))
    assert ids_of("decisions_with_effects_due", today) == []
    assert level_of(some[0]) == "prioritise"
    assert ids_of("decisions_with_effects_due", today + DAY) == [organisation.pk]
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *at: today + (DAY if not at else 0 * DAY))
    put_into_effect_for(organisation.pk)
    assert level_of(some[0]) == "decline"
    assert TakenEffect.objects.get().decision == decision
    meeting.refresh_from_db()
    assert meeting.ended_at is None
    assert "nobody has ended it. What it decided before today takes effect all the same" in words(client.get(here))
    reader = signed_in(in_role(organisation, Role.READER))
    listed = words(reader.get(at(organisation, "decisions/")))
    assert "“Executive” is under way. It was begun on" in listed
    assert "nobody has ended it: what it decided before today takes effect all the same." in listed


def test_what_is_decided_on_its_own_page_holds_still_until_the_meeting_ends(
    people: tuple[Organisation, Person, Person], some: list[Participation], meeting: Meeting, client: Client
) -> None:
    """Else everything would be scored again under those who sit in it."""
    organisation, _, executive = people
    address = at(organisation, f"decisions/{some[2].partnership.slug}/")
    sent = filled(basis_of(some[2]), executive, level="decline", reason="No days", confirmed="decline")
    answer = client.post(address, sent, follow=True)
    assert "“Executive” is under way: it takes effect when that ends." in words(answer)
    assert level_of(some[2]) == "prioritise"
    put_into_effect_for(organisation.pk)
    assert level_of(some[2]) == "prioritise"
    assert not organisation.runs.queued().exists()
    end_meeting(meeting=meeting, by=executive)
    assert level_of(some[2]) == "decline"
    assert TakenEffect.objects.count() == 1


def test_what_holds_already_is_not_undone_under_a_meeting(
    people: tuple[Organisation, Person, Person], some: list[Participation], client: Client
) -> None:
    organisation, _, executive = people
    decision = decided(some[2], executive, level_code="decline", reason="No days")
    assert level_of(some[2]) == "decline"
    held = begin_meeting(
        organisation=organisation, by=executive, name="Executive", held_on=timezone.localdate(), agenda=some
    )
    address = at(organisation, f"decisions/{some[2].partnership.slug}/")
    shown = words(client.post(address, {"undo": str(decision.pk)}, follow=True))
    assert "“Executive” is under way, and this decision holds already" in shown
    assert level_of(some[2]) == "decline"
    end_meeting(meeting=held, by=executive)
    client.post(address, {"undo": str(decision.pk)})
    assert level_of(some[2]) == "prioritise"


def test_a_meeting_of_today_is_named_as_under_way_and_no_more(
    people: tuple[Organisation, Person, Person], meeting: Meeting, client: Client
) -> None:
    listed = words(client.get(at(people[0], "decisions/")))
    assert "“Executive” is under way." in listed
    assert "nobody has ended it" not in listed


def test_nobody_is_led_to_what_has_ended_since(
    people: tuple[Organisation, Person, Person], some: list[Participation], meeting: Meeting, client: Client
) -> None:
    organisation, lead, executive = people
    first, second, third = [item.participation for item in meeting.agenda.order_by("position")]
    change_state(participation=first, by=lead, to=ParticipationState.ENDED)
    page = client.get(at(organisation, "decide/"))
    assert page.context["partnership"] == second.partnership
    for one in (second, third):
        in_meeting(one, executive, meeting)
    assert "The agenda is through" in words(client.get(at(organisation, "decide/")))


def test_days_that_were_moved_stand_open_and_no_other_is_named_as_offered(
    people: tuple[Organisation, Person, Person], client: Client
) -> None:
    organisation, _, executive = people
    one = organisation.participations.select_related("partnership").get(partnership__name="Alliance 4")
    today = timezone.localdate()
    begin_meeting(organisation=organisation, by=executive, name="Executive", held_on=today, agenda=[one])
    page = client.get(at(organisation, "decide/"))
    offered = f"From when ({fair_start(today):%-d %B %Y} unless you change it), and when to look again"
    assert offered in words(page)
    assert '<details class="nhsuk-details">' in page.content.decode()
    form = page.context["form"]
    sent = {name: form[name].value() for name in ("seen", "run")} | form.boxes["applies_from"] | form.boxes["review_on"]
    sent |= {"meeting": page.context["meeting"].pk, "notes": "", "version": version_of([""]), "draft_version": ""}
    asked = client.post(at(organisation, "decide/"), sent | {"level": "prioritise", "reason": "They need us"})
    assert f"It would hold from {today:%-d %B %Y}, and be looked at again on" in words(asked)
    assert "unless you change it" not in words(asked)
    assert '<details class="nhsuk-details" open>' in asked.content.decode()
