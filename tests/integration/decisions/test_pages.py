"""The pages of decisions: what they say, what they keep of what was typed, and a meeting from beginning to end."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from decisions.actions import begin_meeting, end_meeting
from decisions.models import AgendaItem, Decision, Meeting
from decisions.saying_yes import YesOverCapacity
from partnerships.editing import version_of
from partnerships.models import Organisation, Participation, Person, Role
from scoring.actions import request_run
from tests.factories import in_role
from tests.integration.decisions.scored import another_level, basis_of, decided, score, scored_portfolio
from tests.integration.safety.test_forms import ODD
from tests.integration.scoring.portfolio import add_partnership, portfolio

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SCORING_DRAWS = 4
    monkeypatch.setattr("scoring.tasks.send", lambda number: None)


@pytest.fixture
def people() -> tuple[Organisation, Person, Person]:
    return scored_portfolio()


@pytest.fixture
def one(people: tuple[Organisation, Person, Person]) -> Participation:
    found: Participation = people[0].participations.select_related("partnership").get(partnership__name="Alliance 4")
    return found


@pytest.fixture
def client(people: tuple[Organisation, Person, Person]) -> Client:
    return signed_in(people[2])


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def words(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def leads_to(page: Any) -> str:
    return str(page.url)


def filled(basis: Any, person: Person, **facts: str) -> dict[str, str]:
    """The form as the page offers it, with the recommended level ticked."""
    today = timezone.localdate()
    days = {
        f"{name}-{part}": str(getattr(day, part))
        for name, day in (
            ("decided_on", today),
            ("applies_from", today),
            ("review_on", today.replace(year=today.year + 1, day=1)),
        )
        for part in ("day", "month", "year")
    }
    return {
        "level": basis.advice.recommended.code,
        "reason": "",
        "decided_by": str(person.pk),
        "decided_in": "",
        "seen": basis.seen,
        "run": str(basis.run.pk),
        "confirmed": "",
        **days,
        **facts,
    }


def at(organisation: Organisation, rest: str) -> str:
    return f"/o/{organisation.code}/{rest}"


def test_a_recommendation_is_accepted(
    people: tuple[Organisation, Person, Person], one: Participation, client: Client
) -> None:
    address = at(people[0], f"decisions/{one.partnership.slug}/")
    shown = words(client.get(address))
    assert "Nothing is decided yet." in shown
    assert "What is recommended" in shown
    basis = basis_of(one)
    accepted = filled(basis, people[2], confirmed=basis.advice.recommended.code)  # from today, which is short notice
    assert leads_to(client.post(address, accepted)) == address
    shown = words(client.get(address))
    assert f"Decided {basis.advice.recommended.name}" in shown
    assert str(people[2]) in shown
    assert "Decide anew" in shown


def test_overruling_shows_its_cost_before_it_is_confirmed(
    people: tuple[Organisation, Person, Person], one: Participation, client: Client
) -> None:
    address, basis = at(people[0], f"decisions/{one.partnership.slug}/"), basis_of(one)
    code = another_level(basis)
    sent = filled(basis, people[2], level=code, reason="The council asks for it")
    asked = client.post(address, sent)
    assert asked.status_code == 200
    shown = words(asked)
    assert basis.cost_in_words(code) in shown.replace("&quot;", '"')
    assert "Nothing is recorded yet." in shown
    assert "The council asks for it" in shown
    assert not Decision.objects.exists()
    again = re.search(r'name="confirmed"[^>]*value="([^"]*)"', asked.content.decode())
    assert again is not None
    assert again[1] == code
    assert "Nothing is recorded yet." in words(client.post(address, sent)), "the form's own button says no yes"
    assert not Decision.objects.exists()
    assert client.post(address, sent | {"confirmed": again[1]}).status_code == 302
    assert Decision.objects.get().level_code == code
    assert "points of all your partnerships together" in words(client.get(address))


def test_overruling_alone_is_confirmed_too_where_it_asks_for_no_more_days(
    people: tuple[Organisation, Person, Person], client: Client
) -> None:
    """Lower than today's, so that no pool is overrun by it."""
    first = people[0].participations.select_related("partnership").get(partnership__name="Alliance 0")
    basis = basis_of(first)
    today = next(place for place, level in enumerate(basis.advice.levels) if level.is_today)
    lower = next(level for level in basis.advice.levels[:today] if not level.is_recommended)
    assert YesOverCapacity.of(basis, lower.code, day=timezone.localdate(), today=timezone.localdate()) is None
    address = at(people[0], f"decisions/{first.partnership.slug}/")
    asked = client.post(address, filled(basis, people[2], level=lower.code, reason="The council asks for it"))
    assert "Confirm: “" in words(asked)
    assert "instead of" in words(asked)
    assert "Nothing is recorded yet." in words(asked)
    assert not Decision.objects.exists()


def test_confirming_one_level_does_not_confirm_another(
    people: tuple[Organisation, Person, Person], one: Participation, client: Client
) -> None:
    address, basis = at(people[0], f"decisions/{one.partnership.slug}/"), basis_of(one)
    first, second = [level.code for level in basis.choices if not level.is_recommended][:2]
    sent = filled(basis, people[2], level=second, reason="So", confirmed=first)
    assert client.post(address, sent).status_code == 200
    assert not Decision.objects.exists()


def test_without_a_reason_overruling_keeps_what_was_typed(
    people: tuple[Organisation, Person, Person], one: Participation, client: Client
) -> None:
    address, basis = at(people[0], f"decisions/{one.partnership.slug}/"), basis_of(one)
    answer = client.post(address, filled(basis, people[2], level=another_level(basis), decided_in="Board"))
    shown = answer.content.decode()
    assert "Error: " in shown
    assert "Say why you decide otherwise than recommended." in shown
    assert 'value="Board"' in shown


def test_the_second_of_two_tabs_reads_the_first_decision(
    people: tuple[Organisation, Person, Person], one: Participation, client: Client
) -> None:
    organisation, lead, executive = people
    address, basis = at(organisation, f"decisions/{one.partnership.slug}/"), basis_of(one)
    decided(one, lead, decided_by=None, decided_in="Trust board")
    score(organisation, lead)
    answer = client.post(address, filled(basis, executive, run=str(basis_of(one).run.pk)))
    shown = words(answer)
    assert answer.status_code == 200
    assert "Trust board decided" in shown
    assert Decision.objects.count() == 1
    fields = dict(re.findall(r'name="(seen|run|confirmed)"[^>]*value="([^"]*)"', answer.content.decode()))
    assert fields["seen"] == str(Decision.objects.get().pk)
    assert client.post(address, filled(basis, executive, **fields)).status_code == 302
    assert Decision.objects.count() == 2


def test_an_out_of_date_recommendation_offers_to_score_again_or_to_decide_all_the_same(
    people: tuple[Organisation, Person, Person], one: Participation, client: Client
) -> None:
    organisation, lead, executive = people
    address = at(organisation, f"decisions/{one.partnership.slug}/")
    basis = basis_of(one)
    decided(organisation.participations.get(partnership__name="Alliance 0"), lead, level_code="sustain", reason="So")
    request_run(organisation=organisation, by=lead)
    shown = client.get(address).content.decode()
    assert 'name="anyway"' in shown
    assert "Something changed since this was scored" in shown
    link = f'<a href="/o/{organisation.code}/">Score again</a>'
    assert link in shown
    begin_meeting(organisation=organisation, by=lead, name="Board", held_on=timezone.localdate(), agenda=[one])
    in_the_meeting = client.get(at(organisation, "decide/")).content.decode()
    assert 'name="anyway"' in in_the_meeting
    assert link in in_the_meeting
    assert ">Score again<" in client.get(at(organisation, "")).content.decode()
    refused = client.post(address, filled(basis, executive))
    assert "Score again first, or tick that you decide all the same." in words(refused)
    meant = filled(basis, executive, anyway="on", confirmed=basis.advice.recommended.code)
    assert client.post(address, meant).status_code == 302
    assert Decision.objects.get(participation=one).was_out_of_date


def test_what_cannot_be_decided_says_what_to_do(client: Client, people: tuple[Organisation, Person, Person]) -> None:
    organisation, lead, _ = people
    late = add_partnership(organisation, 9, reviewed_by=lead)
    page = words(client.get(at(organisation, f"decisions/{late.partnership.slug}/")))
    assert "came after the last scoring. Score again, then decide." in page
    assert client.get(at(organisation, "decisions/no-such-thing/")).status_code == 404


def test_before_the_first_recommendation_the_pages_say_what_is_needed() -> None:
    organisation, _, executive = portfolio()
    client = signed_in(executive)
    assert "Have your partnerships scored first" in words(client.get(at(organisation, "decisions/")))
    assert "There is no recommendation to decide on yet." in words(client.get(at(organisation, "decide/")))
    one = organisation.participations.first()
    assert one is not None
    page = words(client.get(at(organisation, f"decisions/{one.partnership.slug}/")))
    assert "Your partnerships have to be scored first." in page


def test_undo_by_its_button(people: tuple[Organisation, Person, Person], one: Participation, client: Client) -> None:
    address = at(people[0], f"decisions/{one.partnership.slug}/")
    decision = decided(one, people[2])
    for wrong in ("", "x", "9" * 30, str(decision.pk + 1)):
        assert "That decision is not here" in words(client.post(address, {"undo": wrong}, follow=True))
    shown = words(client.post(address, {"undo": str(decision.pk)}, follow=True))
    assert "Undone. It stays on record" in shown
    assert "Nothing is decided yet." in shown


def test_the_list_has_what_is_overdue_first(
    people: tuple[Organisation, Person, Person], one: Participation, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation, _, executive = people
    other = organisation.participations.get(partnership__name="Alliance 1")
    today = timezone.localdate()
    decided(one, executive, review_on=today + datetime.timedelta(days=400))
    decided(other, executive, review_on=today + datetime.timedelta(days=1))
    waiting = words(client.get(at(organisation, "decisions/")))
    assert "Time to look again" not in waiting
    later = today + datetime.timedelta(days=30)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: later)
    shown = words(client.get(at(organisation, "decisions/")))
    assert shown.index("Alliance 1") < shown.index("Time to look again (1)")  # the button that records its review
    shown = shown[shown.index("Time to look again (1)") :]
    assert shown.index("Alliance 1") < shown.index("What we decided (1)") < shown.rindex("Alliance 4")


def test_the_list_takes_as_many_queries_for_many_as_for_few(client: Client) -> None:
    counted = []
    for size in (3, 8):
        organisation, _, executive = scored_portfolio(size=size)
        for participation in organisation.participations.all():
            decided(participation, executive)
        reader = signed_in(executive)
        reader.get(at(organisation, "decisions/"))
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(at(organisation, "decisions/")).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_a_meeting_from_beginning_to_end(people: tuple[Organisation, Person, Person], client: Client) -> None:
    organisation, _, executive = people
    page = client.get(at(organisation, "decide/"))
    assert "One partnership at a time" in words(page)
    today = timezone.localdate()
    day = {f"held_on-{part}": str(getattr(today, part)) for part in ("day", "month", "year")}
    refused = client.post(at(organisation, "decide/"), {"name": "Executive team", **day})
    assert "Choose at least one partnership to decide about." in words(refused)
    slugs = list(organisation.participations.order_by("partnership__name").values_list("partnership__slug", flat=True))
    begun = client.post(at(organisation, "decide/"), {"name": "Executive team", **day, "agenda": slugs[:2]})
    assert begun.status_code == 302
    meeting = Meeting.objects.get()
    first, second = [item.participation for item in meeting.agenda.order_by("position")]
    shown = words(client.get(at(organisation, "decide/")))
    assert "1 of 2" in shown
    assert f"Next: {second.partnership.display_name}" in shown

    here = at(organisation, f"decide/?partnership={first.partnership.slug}")
    basis = basis_of(first)
    sent = {name: value for name, value in filled(basis, executive).items() if not name.startswith("decided")}
    of_meeting = {"meeting": str(meeting.pk)}
    notes = {"notes": "All agreed", "version": version_of([""])}
    answer = client.post(here, sent | of_meeting | notes)
    assert leads_to(answer) == at(organisation, "decide/")
    decision = Decision.objects.get()
    assert (decision.decided_in, decision.decided_by, decision.meeting) == ("Executive team", None, meeting)
    assert meeting.agenda.get(participation=first).notes == "All agreed"
    assert not hasattr(decision, "taken_effect")
    shown = words(client.get(at(organisation, "decide/")))
    assert "2 of 2" in shown

    undone = client.post(at(organisation, "decide/"), of_meeting | {"undo": str(decision.pk), "notes": ""})
    assert leads_to(undone) == here
    assert not Decision.objects.all().current().exists()
    basis = basis_of(first)
    assert client.post(here, sent | of_meeting | notes | {"seen": basis.seen}).status_code == 302
    basis = basis_of(second)
    there = at(organisation, f"decide/?partnership={second.partnership.slug}")
    sent = {name: value for name, value in filled(basis, executive).items() if not name.startswith("decided")}
    assert client.post(there, sent | of_meeting | {"notes": ""}).status_code == 302
    assert "The agenda is through" in words(client.get(at(organisation, "decide/")))

    ended = client.post(at(organisation, "decide/"), of_meeting | {"end": "yes"})
    assert leads_to(ended) == at(organisation, "decisions/")
    meeting.refresh_from_db()
    assert meeting.ended_by == executive
    assert all(hasattr(one, "taken_effect") for one in Decision.objects.all().current())
    assert "Executive team" in words(client.get(at(organisation, "decisions/")))


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((), "has ended. Nothing was decided."),
        ((30,), "has ended. What was decided takes effect on its day."),
        ((0,), "has ended. What was decided for now has taken effect."),
        ((0, 30), "What was decided for now has taken effect. The rest does on its day."),
    ],
)
def test_the_end_of_a_meeting_says_what_takes_effect(
    people: tuple[Organisation, Person, Person], client: Client, days: tuple[int, ...], said: str
) -> None:
    organisation, _, executive = people
    some = list(organisation.participations.select_related("partnership").order_by("pk")[:2])
    meeting = begun(organisation, executive, some)
    today = timezone.localdate()
    for participation, later in zip(some, days, strict=False):
        applies_from = today + datetime.timedelta(days=later)
        held = {"decided_by": None, "decided_in": meeting.name, "meeting": meeting, "applies_from": applies_from}
        decided(participation, executive, **held)
    ended = client.post(at(organisation, "decide/"), {"meeting": str(meeting.pk), "end": "yes"}, follow=True)
    shown = words(ended)
    assert said in shown
    assert ("taken effect" in shown) == (0 in days)


def test_the_keys_are_as_many_as_there_are_levels(
    people: tuple[Organisation, Person, Person], one: Participation, client: Client
) -> None:
    begun(people[0], people[2], [one])
    shown = words(client.get(at(people[0], "decide/")))
    assert f"1 to {len(basis_of(one).choices)} choose a level" in shown


def test_notes_alone_are_kept(people: tuple[Organisation, Person, Person], one: Participation, client: Client) -> None:
    organisation, _, executive = people
    meeting = begun(organisation, executive, [one])
    here = at(organisation, f"decide/?partnership={one.partnership.slug}")
    sent = {"keep": "yes", "meeting": str(meeting.pk), "version": version_of([""])}
    assert leads_to(client.post(here, sent | {"notes": "Ask the council first"})) == here
    assert meeting.agenda.get().notes == "Ask the council first"
    too_long = client.post(here, sent | {"notes": "x" * 4001})
    assert "Shorten the notes to 4000 characters or fewer." in words(too_long)
    assert meeting.agenda.get().notes == "Ask the council first"


def test_the_agenda_takes_another_order_and_one_more(
    people: tuple[Organisation, Person, Person], one: Participation, client: Client
) -> None:
    organisation, _, executive = people
    others = list(organisation.participations.exclude(pk=one.pk).order_by("pk")[:2])
    meeting = begun(organisation, executive, [one, others[0]])
    address = at(organisation, "decide/agenda/")
    items = list(meeting.agenda.order_by("position"))
    order = {f"place-{items[0].pk}": "5", f"place-{items[1].pk}": "1"}
    of_meeting = {"meeting": str(meeting.pk)}
    order |= of_meeting
    assert client.post(address, order).status_code == 302
    assert list(meeting.agenda.order_by("position")) == [items[1], items[0]]
    refused = client.post(address, order | {f"place-{items[0].pk}": "first"})
    assert "Enter a place as a whole number, such as 2." in words(refused)
    assert client.post(address, {"add": others[1].partnership.slug, **of_meeting}).status_code == 302
    assert client.post(address, {"add": others[1].partnership.slug, **of_meeting}).status_code == 302
    assert [item.participation for item in meeting.agenda.order_by("position")] == [others[0], one, others[1]]
    assert "Choose one of the partnerships in the list." in words(
        client.post(address, {"add": "x", **of_meeting}, follow=True)
    )


def test_the_second_to_note_something_reads_the_first(
    people: tuple[Organisation, Person, Person], one: Participation, client: Client
) -> None:
    organisation, _, executive = people
    meeting = begun(organisation, executive, [one])
    here = at(organisation, f"decide/?partnership={one.partnership.slug}")
    sent = {"keep": "yes", "meeting": str(meeting.pk), "version": version_of([""])}
    client.post(here, sent | {"notes": "The council agrees"})
    second = client.post(here, sent | {"notes": "The trust pays"})
    assert "The council agrees The trust pays" in re.sub(r"Yours, not saved yet\s+", "", words(second))
    assert "Choose one of the levels" not in words(second)
    assert meeting.agenda.get().notes == "The council agrees"
    assert f'name="version" value="{version_of(["The council agrees"])}"' in second.content.decode()
    client.post(here, sent | {"notes": "Both", "version": version_of(["The council agrees"])})
    assert meeting.agenda.get().notes == "Both"


def test_nothing_is_put_on_record_as_another_meetings(
    people: tuple[Organisation, Person, Person], one: Participation, client: Client
) -> None:
    """The page of a meeting that has ended meanwhile, with another under way or none: what was typed can be read."""
    organisation, lead, executive = people
    ended = begun(organisation, executive, [one])
    here = at(organisation, f"decide/?partnership={one.partnership.slug}")
    sent = filled(
        basis_of(one), executive, level=another_level(basis_of(one)), reason="They asked us to", confirmed="x"
    )
    sent |= {"meeting": str(ended.pk), "notes": "The chair agreed", "version": version_of([""])}
    end_meeting(meeting=ended, by=lead)
    for begin in (False, True):
        if begin:
            begun(organisation, lead, [one])
        page = client.post(here, sent)
        assert page.status_code == 409
        shown = words(page)
        assert f"“Executive team” was ended by {lead}" in shown
        assert "They asked us to" in shown
        assert "The chair agreed" in shown
        assert f'href="{at(organisation, f"decisions/{one.partnership.slug}/")}"' in page.content.decode()
        assert not Decision.objects.exists()
        assert not AgendaItem.objects.exclude(notes="").exists()
    for address in ("decide/", "decide/agenda/"):
        for deed in ({"end": "yes"}, {"undo": "1"}, {"add": one.partnership.slug}):
            assert client.post(at(organisation, address), deed | {"meeting": str(ended.pk)}).status_code == 409
    assert Meeting.objects.open().count() == 1


def test_the_form_that_begins_a_meeting_sent_twice_begins_one(
    people: tuple[Organisation, Person, Person], one: Participation, client: Client
) -> None:
    organisation, _, executive = people
    begun(organisation, executive, [one])
    answer = client.post(at(organisation, "decide/"), {"name": "Executive team", "agenda": [one.partnership.slug]})
    assert leads_to(answer) == at(organisation, "decide/")
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(("what", "values"), ODD.items())
def test_an_odd_value_in_the_form_that_begins_a_meeting_begins_none(
    people: tuple[Organisation, Person, Person], client: Client, what: str, values: list[str]
) -> None:
    """The walks of every form meet a meeting under way, so that this form is not among theirs."""
    organisation, _, _ = people
    names = ("name", "held_on-day", "held_on-month", "held_on-year", "agenda")
    assert client.post(at(organisation, "decide/"), dict.fromkeys(names, values)).status_code == 200, what
    assert not Meeting.objects.exists()


def test_a_meeting_begins_with_partnerships_of_the_organisation_only(
    people: tuple[Organisation, Person, Person], one: Participation, client: Client
) -> None:
    organisation, _, executive = people
    theirs, _, _ = scored_portfolio()
    other = theirs.participations.select_related("partnership").latest("pk")
    day = timezone.localdate()
    sent = {"name": "<b>Board</b>", "held_on-day": day.day, "held_on-month": day.month, "held_on-year": day.year}
    planted = {"organisation": theirs.pk, "begun_by": theirs.pk, "ended_at": "2020-01-01"}
    refused = client.post(at(organisation, "decide/"), sent | planted | {"agenda": [other.partnership.slug]})
    assert refused.status_code == 200
    assert not Meeting.objects.exists()
    begun_one = client.post(at(organisation, "decide/"), sent | planted | {"agenda": [one.partnership.slug]})
    assert begun_one.status_code == 302
    meeting = Meeting.objects.get()
    assert (meeting.organisation, meeting.begun_by, meeting.ended_at) == (organisation, executive, None)
    assert "&lt;b&gt;Board&lt;/b&gt;" in client.get(at(organisation, "decide/")).content.decode()


def test_two_meetings_at_once_are_refused(people: tuple[Organisation, Person, Person], one: Participation) -> None:
    organisation, lead, executive = people
    begun(organisation, executive, [one])
    with pytest.raises(ValidationError, match="A meeting is under way already"):
        begun(organisation, lead, [one])


def begun(organisation: Organisation, by: Person, agenda: list[Participation]) -> Meeting:
    return begin_meeting(
        organisation=organisation, by=by, name="Executive team", held_on=timezone.localdate(), agenda=agenda
    )


def test_the_record_says_who_decided_what(people: tuple[Organisation, Person, Person], one: Participation) -> None:
    organisation, _, executive = people
    decided(one, executive, decided_by=None, decided_in="Trust board", level_code="sustain", reason="So it was said")
    begun(organisation, executive, [one])
    page = words(signed_in(in_role(organisation, Role.ADMINISTRATOR)).get(at(organisation, "audit/")))
    assert "Recorded the decision of Alliance 4" in page
    assert "So it was said" in page
    assert "Began the meeting" in page
