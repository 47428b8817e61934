"""What is typed in a meeting and not decided is kept with every step, is shown again, and counts as no decision."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from decisions.actions import begin_meeting, draft_version, end_meeting, keep_draft
from decisions.models import Decision, Draft, Meeting
from decisions.together import decided_levels
from partnerships.actions.merging import merge
from partnerships.actions.participations import change_state
from partnerships.models import Organisation, Participation, ParticipationState, Person, Role
from scoring.actions import request_run
from tests.factories import in_role
from tests.integration.decisions.scored import another_level, basis_of, decided, score, scored_portfolio
from tests.integration.decisions.test_pages import at, signed_in, words
from tests.integration.safety.contents import forms_of

pytestmark = pytest.mark.django_db
EMPTY = draft_version({})


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


@pytest.fixture
def here(people: tuple[Organisation, Person, Person], some: list[Participation]) -> str:
    return at(people[0], f"decide/?partnership={some[0].partnership.slug}")


def form_at(client: Client, address: str) -> dict[str, list[str]]:
    """What a browser would send of the meeting's form as its page stands."""
    return next(form.sent for form in forms_of(client.get(address)) if "draft_version" in form.offered)


def typed_in(sent: dict[str, list[str]], **typed: str) -> dict[str, list[str]]:
    return sent | {name.replace("__", "-"): [text] for name, text in typed.items()}


def step_to(one: Participation) -> dict[str, list[str]]:
    return {"go": [one.partnership.slug]}


@pytest.mark.parametrize("button", ["go", "keep", "end"])
def test_level_reason_and_days_are_kept_with_every_step(
    people: tuple[Organisation, Person, Person],
    some: list[Participation],
    meeting: Meeting,
    client: Client,
    here: str,
    button: str,
) -> None:
    organisation, lead, _ = people
    level = another_level(basis_of(some[0]))
    sent = typed_in(form_at(client, here), level=level, reason="The council\r\nasks", review_on__day="31")
    sent = typed_in(sent, review_on__month="2", review_on__year="next year", notes="")
    value = {"go": some[1].partnership.slug, "keep": "yes", "end": "yes"}[button]
    assert client.post(here, sent | {button: [value]}).status_code == 302
    assert not Decision.objects.exists()
    assert decided_levels(organisation) == {}
    draft = Draft.objects.get()
    assert draft.typed["reason"] == "The council\nasks"
    if button == "end":
        said = words(signed_in(lead).get(at(organisation, f"decisions/meetings/{meeting.pk}/")))
        assert "Nothing was decided." in said
        name = organisation.engagement_levels.get(code=level).name
        assert f"Typed, not decided What do you decide?: {name} Why: The council asks" in said
        assert "When to look again: 31 2 next year" in said
        reader = signed_in(in_role(organisation, Role.READER))
        assert "The council" not in words(reader.get(at(organisation, f"decisions/meetings/{meeting.pk}/")))
        return
    # Whoever of them comes back to it, also on another machine, has it before them.
    again = form_at(signed_in(lead), here)
    assert (again["level"], again["review_on-day"], again["review_on-year"]) == ([level], ["31"], ["next year"])
    page = signed_in(lead).get(here)
    assert "The council\nasks" in page.content.decode()
    assert f"Typed by {people[2]} on" in words(page)
    assert '<details class="nhsuk-details" open>' in page.content.decode()
    other = words(client.get(at(organisation, f"decide/?partnership={some[1].partnership.slug}")))
    assert other.count("Typed, not decided") == 1


def test_an_untouched_form_keeps_nothing_and_one_that_is_emptied_again_nothing_any_more(
    some: list[Participation], meeting: Meeting, client: Client, here: str
) -> None:
    client.post(here, form_at(client, here) | step_to(some[1]))
    assert not Draft.objects.exists()
    client.post(here, typed_in(form_at(client, here), reason="So") | step_to(some[1]))
    assert Draft.objects.get().typed == {"reason": "So"}
    client.post(here, typed_in(form_at(client, here), reason="") | step_to(some[1]))
    assert not Draft.objects.exists()


def test_it_is_gone_once_it_is_decided_in_the_meeting_or_elsewhere(
    people: tuple[Organisation, Person, Person],
    some: list[Participation],
    meeting: Meeting,
    client: Client,
    here: str,
) -> None:
    _, _, executive = people
    level = basis_of(some[0]).advice.recommended.code
    before = typed_in(form_at(client, here), level=level, reason="So be it")
    client.post(here, before | step_to(some[1]))
    sent = form_at(client, here)
    assert client.post(here, sent).status_code == 302
    assert Decision.objects.get().reason == "So be it"
    assert not Draft.objects.exists()
    # Back in the browser, and on: what was decided is not typed anew.
    client.post(here, before | step_to(some[1]))
    assert not Draft.objects.exists()
    item = meeting.agenda.get(participation=some[1])
    keep_draft(item=item, by=executive, typed={"reason": "Elsewhere"}, expected_version=EMPTY)
    decided(some[1], executive)
    assert not Draft.objects.exists()


def test_what_is_refused_or_to_be_confirmed_is_kept_too(
    some: list[Participation], meeting: Meeting, client: Client, here: str
) -> None:
    level = another_level(basis_of(some[0]))
    assert client.post(here, typed_in(form_at(client, here), level=level)).status_code == 200
    assert Draft.objects.get().typed == {"level": level}
    page = client.post(here, typed_in(form_at(client, here), level=level, reason="The council asks"))
    assert "Nothing is recorded yet." in words(page)
    assert Draft.objects.get().typed == {"level": level, "reason": "The council asks"}
    # Its own next step says that it saw what is kept by then.
    sent = next(form.sent for form in forms_of(page) if "draft_version" in form.offered)
    told = client.post(here, sent | step_to(some[1]), follow=True)
    assert "in another window" not in words(told)
    assert not Decision.objects.exists()


def test_of_two_windows_the_later_wins_and_says_so(
    people: tuple[Organisation, Person, Person],
    some: list[Participation],
    meeting: Meeting,
    client: Client,
    here: str,
) -> None:
    organisation, lead, _ = people
    other = signed_in(lead)
    mine, theirs, untouched = form_at(client, here), form_at(other, here), form_at(other, here)
    level = another_level(basis_of(some[0]))
    other.post(here, typed_in(theirs, level=level, reason="Theirs") | step_to(some[1]))
    page = client.post(here, typed_in(mine, reason="Mine") | step_to(some[1]), follow=True)
    name = organisation.engagement_levels.get(code=level).name
    said = f"{some[0].partnership.display_name}: {lead} had typed something else while your page was open"
    assert said in words(page)
    assert f"“{name}”. “Theirs”" in words(page)
    assert Draft.objects.get().typed == {"reason": "Mine"}
    # A window in which nobody typed anything changes nothing.
    quiet = other.post(here, untouched | step_to(some[1]), follow=True)
    assert "had typed something else" not in words(quiet)
    assert Draft.objects.get().typed == {"reason": "Mine"}


def test_who_decides_is_told_what_somebody_else_had_typed_meanwhile(
    people: tuple[Organisation, Person, Person],
    some: list[Participation],
    meeting: Meeting,
    client: Client,
    here: str,
) -> None:
    _, lead, _ = people
    other, level = signed_in(lead), basis_of(some[0]).advice.recommended.code
    mine = form_at(client, here)
    other.post(here, typed_in(form_at(other, here), reason="Ask the council first") | step_to(some[1]))
    page = client.post(here, typed_in(mine, level=level, confirmed=level), follow=True)
    assert "Decided: " in words(page)
    assert f"{lead} had typed something else while your page was open" in words(page)
    assert "It went with the decision: “Ask the council first”" in words(page)
    assert not Draft.objects.exists()


def test_what_cannot_be_kept_stops_the_step_and_stays_in_the_form(
    some: list[Participation], meeting: Meeting, client: Client, here: str
) -> None:
    for odd, said in (("x" * 2001, "too long to be kept"), ("a\x00b", "a character in it that cannot be kept")):
        page = client.post(here, typed_in(form_at(client, here), reason=odd) | step_to(some[1]))
        assert page.status_code == 200
        assert said in words(page)
        assert odd.replace("\x00", "") in page.content.decode().replace("\x00", "")
    assert not Draft.objects.exists()


def test_agreeing_to_a_recommendation_that_is_out_of_date_holds_for_that_one(
    people: tuple[Organisation, Person, Person],
    some: list[Participation],
    meeting: Meeting,
    client: Client,
    here: str,
) -> None:
    organisation, lead, _ = people
    request_run(organisation=organisation, by=lead)
    assert "anyway" in client.get(here).content.decode()
    client.post(here, typed_in(form_at(client, here), anyway="on", reason="So") | step_to(some[1]))
    assert form_at(client, here)["anyway"] == ["on"]
    score(organisation, lead)
    request_run(organisation=organisation, by=lead)
    assert 'name="anyway"' in client.get(here).content.decode()
    again = form_at(client, here)
    assert "anyway" not in again
    assert again["reason"][0].strip() == "So"


def test_a_level_that_is_no_choice_any_more_is_not_chosen(
    people: tuple[Organisation, Person, Person],
    some: list[Participation],
    meeting: Meeting,
    client: Client,
    here: str,
) -> None:
    item = meeting.agenda.get(participation=some[0])
    keep_draft(item=item, by=people[2], typed={"level": "gone", "reason": "So"}, expected_version=EMPTY)
    sent = form_at(client, here)
    assert "level" not in sent
    assert "Choose one of the levels" in words(client.post(here, sent))


def test_only_who_decides_keeps_it_and_only_while_the_meeting_is_under_way(
    people: tuple[Organisation, Person, Person], some: list[Participation], meeting: Meeting
) -> None:
    organisation, _, executive = people
    item = meeting.agenda.get(participation=some[0])
    reader = in_role(organisation, Role.READER)
    with pytest.raises(PermissionDenied):
        keep_draft(item=item, by=reader, typed={"reason": "So"}, expected_version=EMPTY)
    end_meeting(meeting=meeting, by=executive)
    with pytest.raises(ValidationError, match="has ended"):
        keep_draft(item=item, by=executive, typed={"reason": "So"}, expected_version=EMPTY)
    assert not Draft.objects.exists()


def test_the_database_keeps_none_without_a_word(
    people: tuple[Organisation, Person, Person], some: list[Participation], meeting: Meeting
) -> None:
    organisation, _, executive = people
    item, now = meeting.agenda.get(participation=some[0]), timezone.now()
    with pytest.raises(IntegrityError, match="draft_has_something_typed"), transaction.atomic():
        Draft.objects.create(organisation=organisation, item=item, typed={}, typed_by=executive, typed_at=now)


def test_undoing_shows_what_was_typed_elsewhere_on_the_agenda(
    people: tuple[Organisation, Person, Person],
    some: list[Participation],
    meeting: Meeting,
    client: Client,
    here: str,
) -> None:
    _, _, executive = people
    facts: dict[str, Any] = {"decided_by": None, "decided_in": meeting.name, "meeting": meeting}
    decision = decided(some[1], executive, **facts)
    client.post(here, typed_in(form_at(client, here), reason="Half a thought") | {"undo": [str(decision.pk)]})
    assert Draft.objects.get().typed == {"reason": "Half a thought"}
    assert not Decision.objects.all().current().exists()


def test_drafts_of_a_long_agenda_take_no_more_queries(
    people: tuple[Organisation, Person, Person],
    some: list[Participation],
    meeting: Meeting,
    client: Client,
    here: str,
) -> None:
    _, _, executive = people
    counted = []
    for item in meeting.agenda.order_by("position"):
        keep_draft(item=item, by=executive, typed={"reason": "So"}, expected_version=EMPTY)
        client.get(here)
        with CaptureQueriesContext(connection) as queries:
            client.get(here)
        counted.append(len(queries))
    assert len(set(counted)) == 1


@pytest.mark.parametrize("how", ["ended", "merged", "draft"])
@pytest.mark.parametrize("button", ["decide", "keep", "go", "end"])
def test_what_was_typed_can_be_read_where_there_is_nothing_to_decide_any_more(
    people: tuple[Organisation, Person, Person],
    some: list[Participation],
    meeting: Meeting,
    client: Client,
    here: str,
    how: str,
    button: str,
) -> None:
    organisation, lead, _ = people
    level = another_level(basis_of(some[0]))
    untouched = form_at(client, here)
    sent = typed_in(untouched, level=level, reason="They asked us to", notes="The chair agreed")
    pressed = {"decide": {}, "go": step_to(some[1]), "keep": {"keep": ["yes"]}, "end": {"end": ["yes"]}}[button]
    if how == "ended":
        change_state(participation=some[0], by=lead, to=ParticipationState.ENDED)
    elif how == "merged":
        merge(duplicate=some[0], into=some[2], by=lead)
    else:
        Participation.objects.filter(pk=some[0].pk).update(state=ParticipationState.DRAFT)
    page = client.post(here, sent | pressed)
    assert page.status_code == 409
    shown = words(page)
    name = organisation.engagement_levels.get(code=level).name
    assert f"What do you decide? {name} Why They asked us to" in shown
    assert meeting.agenda.get(participation=some[0]).notes == "The chair agreed"
    meeting.refresh_from_db()
    assert meeting.ended_at is None
    assert not Decision.objects.exists()
    # The notes can be written on in, and the way goes on from there.
    again = next(form.sent for form in forms_of(page) if "notes" in form.offered)
    assert client.post(here, again | {"notes": ["The chair agreed, and signed"]} | step_to(some[1])).status_code == 302
    assert meeting.agenda.get(participation=some[0]).notes == "The chair agreed, and signed"


def test_an_untouched_form_does_not_stop_where_there_is_nothing_to_decide_any_more(
    people: tuple[Organisation, Person, Person], some: list[Participation], meeting: Meeting, client: Client, here: str
) -> None:
    untouched = form_at(client, here)
    change_state(participation=some[0], by=people[1], to=ParticipationState.ENDED)
    assert client.post(here, untouched | step_to(some[1])).status_code == 302
