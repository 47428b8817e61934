"""Two organisations that have one of everything, so that a walker finds on every page what it looks for."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from http.cookies import SimpleCookie
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.test import Client
from django.utils import timezone

from decisions.actions import (
    Considered,
    Found,
    Planned,
    Promised,
    Proposed,
    add_action,
    begin_meeting,
    consider_option,
    end_meeting,
    keep_draft,
    make_promise,
    move_promise,
    note_item,
    notes_version,
    promise_version,
    propose_practice,
    record_review,
)
from decisions.models import (
    Characteristic,
    ChecklistItem,
    Decision,
    DueKind,
    DueReminder,
    KindNo,
    Letter,
    LetterReply,
    LetterState,
    LetterTemplate,
    Meeting,
    Promise,
    ReviewOutcome,
    Telling,
)
from diagnostics.actions import (
    GivenAnswer,
    issue_link,
    offer_open_link,
    open_round,
    read_answers_as,
    record_answers,
    record_place,
    respondent_with,
    start_round,
)
from diagnostics.actions.questions import change_item, choose_version, publish_draft
from diagnostics.actions.replies import publish_reply, reply_to, reply_version, write_line, write_reply
from diagnostics.instrument import CURRENT
from diagnostics.instrument.reading import LONGEST_TEXT
from diagnostics.keys import keys_of
from diagnostics.links import Link
from diagnostics.models import (
    Answer,
    Invitation,
    PartnerReply,
    Progress,
    Reminder,
    ReminderKind,
    ReplyLetter,
    Response,
    Round,
    RoundMode,
    Subject,
)
from diagnostics.questions import questions_to_change, state_of
from partnerships.actions.invitations import invite
from partnerships.actions.pool_shares import record_share
from partnerships.actions.rules import remove_rule
from partnerships.models import (
    Audience,
    CostOfChange,
    ImportPreview,
    ObjectiveRank,
    ObjectiveWeight,
    Organisation,
    OrganisationName,
    Participation,
    ParticipationState,
    ParticipationStateChange,
    PartnershipMembership,
    Person,
    PortfolioRule,
    Quarter,
    Role,
    RuleKind,
    RuleMember,
    Sharing,
    WayRank,
    WayWeight,
)
from partnerships.models.ownership import OwnedModel
from scoring.actions import ask_for_explanation, save_what_if, try_what_if
from scoring.models import Night, Run, RunTrigger, TippingPoint, WhatIf
from scoring.runner import carry_out, explain
from scoring.runner.working_out import work_out
from scoring.what_if import Days
from tests.factories import OrganisationFactory, PersonFactory, in_role
from tests.integration.decisions.scored import decided
from tests.integration.diagnostics.hidden import every_answer, every_response, rewrite
from tests.integration.diagnostics.open_links import start
from tests.integration.diagnostics.survey_data import ITEMS, closed, draft, next_week, people
from tests.integration.safety.relationship import write_the_record
from tests.integration.scoring.portfolio import portfolio

Page = Any  # a response as the test client gives it
HTMX = {"HX-Request": "true"}

# What is written in a text column but by no person: codes, hashes and states. Everything else in a text column of an
# owned table is somebody's words, also where a later change adds it.
NOBODYS_WORDS = {
    "code", "slug", "key", "item", "place", "state", "instrument_version", "link_hash", "handed_hash",
    "begun_with", "was", "became", "inputs_hash",
    "entered_hash", "engine_version", "fingerprint", "document", "result", "level_code", "best_code", "today_code",
    "version", "based_on", "token", "characteristic", "progress",
}  # fmt: skip
# A text that the database takes only where another column says that there is one.
ONLY_BESIDE_SOMETHING = {
    "mandate_source", "reason", "became", "failure", "claimed_by", "not_needed_because", "partner", "done_about_it",
    "evidence", "why", "came_of_it",
}  # fmt: skip
COMPUTED = {"scoring.Recommendation", "scoring.RunChange"}  # made from other people's words when a run is scored
ONLY_ADDED_TO = {
    "decisions.Decision",
    "decisions.PromiseMoved",
    "decisions.Review",
    "decisions.TakenEffect",
}  # so they are made with somebody's words
A_LINK = "https://example.org/"  # what the address of a web page begins with, whatever follows
Text = Callable[[str, Any], str]
# Of which the application's role reads none before its survey closes.
HIDDEN: dict[type[models.Model], Callable[[], list[Any]]] = {Answer: every_answer, Response: every_response}


@dataclass
class House:
    """An organisation with one of everything, somebody in each role, and the addresses of its things."""

    organisation: Organisation
    people: dict[str, Person]
    parameters: dict[str, Any]
    secrets: list[str] = field(default_factory=list)

    @property
    def lead(self) -> Person:
        return self.people[Role.STRATEGY_LEAD]

    @property
    def code(self) -> str:
        return self.organisation.code


def is_owned(model: type[models.Model]) -> bool:
    """Whether its rows belong to one organisation: what nobody of another one may see."""
    return issubclass(model, OwnedModel) or model._meta.label == "partnerships.AccessGrant"


def owned_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if is_owned(model)]


def texts_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The columns of a model that hold people's words."""
    return [
        one
        for one in model._meta.concrete_fields
        if isinstance(one, models.CharField | models.TextField)
        and not one.choices
        and not isinstance(one, models.EmailField)
        and one.name not in NOBODYS_WORDS
        and type(one).__name__ not in {"JsonTextField", "JSONField"}
    ]


def write_into_every_text(
    organisation: Organisation, text: Text, *, of: Iterable[type[models.Model]] | None = None
) -> int:
    """Put ``text(column, row)`` into every text column of every row of an organisation, as it fits; how many. ``of``
    names the models, where it is not all.
    """
    written = 0
    for model in of or owned_models():
        columns = texts_of(model)
        if not columns or model._meta.label in COMPUTED | ONLY_ADDED_TO:
            continue
        changed = []
        for row in _rows_of(model, organisation):
            filled = [one for one in columns if one.name not in ONLY_BESIDE_SOMETHING or getattr(row, one.name)]
            for one in filled:
                before = A_LINK if isinstance(one, models.URLField) else ""
                setattr(row, one.name, (before + text(one.name, row))[: one.max_length or 500])
            written += len(filled)
            changed += [row] if filled else []
        names = [one.name for one in columns]
        if model in HIDDEN:  # no deed changes what is not one's own
            for row in changed:
                for name in names:
                    rewrite(row, name, getattr(row, name))
        else:
            model._default_manager.bulk_update(changed, names, batch_size=500)
    return written


def _rows_of(model: type[models.Model], organisation: Organisation) -> list[Any]:
    if model in HIDDEN:
        return [row for row in HIDDEN[model]() if row.organisation_id == organisation.pk]
    rows = model._default_manager.filter(organisation=organisation)
    if model is Invitation:
        rows = rows.filter(seat_batch=None)  # of nobody, and the database keeps them so
    return list(rows)


def furnish(name: str, text: Text | None = None) -> House:
    """An organisation that has one of everything; ``text`` writes its people's words, before anything is scored."""
    organisation, lead, executive = portfolio(4, name=name)
    people: dict[str, Person] = {Role.STRATEGY_LEAD: lead, Role.EXECUTIVE: executive}
    people |= {str(role): in_role(organisation, role) for role in Role if role not in people}
    for role, person in people.items():
        Person.objects.filter(pk=person.pk).update(name=f"{words_of(name)} {Role(role).label}")
        person.refresh_from_db()
    house = House(organisation, {str(role): person for role, person in people.items()}, {})
    _write_the_portfolio(house)
    house.parameters |= write_the_record(organisation.participations.get(pk=house.parameters["participation"]), lead)
    _ask_in_surveys(house)
    _make_own_questions(house, text or marked(name))
    if text is not None:
        write_into_every_text(organisation, text)
    _score(house)
    _decide(house, text or marked(name))
    _say_no(house, text or marked(name))
    # whoever is taken off the list of people is asked who takes over from them
    Participation.objects.filter(pk=house.parameters["participation"]).update(lead=people[Role.READER].name)
    return house


def _write_the_portfolio(house: House) -> None:
    organisation, lead = house.organisation, house.lead
    OrganisationName.objects.create(organisation=organisation, name=organisation.name)
    first, second, third, _ = organisation.participations.order_by("pk")
    Participation.objects.filter(pk=third.pk).update(state=ParticipationState.DRAFT)
    Participation.objects.filter(organisation=organisation).update(sponsor=lead.name, lead=lead.name)
    top = organisation.engagement_levels.get(code="sustain")
    pool = organisation.capacity_pools.get(code="clinical")
    for one in (first, second):
        PartnershipMembership.objects.create(partnership=one.partnership, organisation=organisation)
    partner = OrganisationFactory.create(name=f"A partner of {organisation.name}")
    PartnershipMembership.objects.create(partnership=first.partnership, organisation=partner)
    participation_duty = {"mandate_level": top, "mandate_source": "An order"}
    Participation.objects.filter(pk=second.pk).update(**participation_duty)
    facts = {"organisation": organisation, "level": top, "source": "An order", "recorded_by": lead}
    rules = [
        PortfolioRule.objects.create(kind=RuleKind.NOT_BOTH, recorded_at=timezone.now(), **facts) for _ in range(2)
    ]
    for rule, members in zip(rules, [(first, third), (second, third)], strict=True):
        for position, member in enumerate(members):
            RuleMember.objects.create(organisation=organisation, rule=rule, participation=member, position=position)
    remove_rule(rule=rules.pop(), by=lead)
    ParticipationStateChange.objects.create(
        organisation=organisation, participation=first, was="draft", became="active", changed_by=lead
    )
    organisation.icb_code = organisation.code  # it is a system's board itself, and so reads what it shares with one
    organisation.save()
    Sharing.objects.create(
        organisation=organisation,
        participation=first,
        audience=Audience.SYSTEM,
        system=organisation,
        with_decisions=True,
        shared_at=timezone.now(),
        shared_by=lead,
    )
    TippingPoint.objects.create(
        organisation=organisation, hurts_from=50, adds_nothing_at=100, set_by=lead, set_at=timezone.now()
    )
    quarter = Quarter.containing(timezone.localdate())
    shared: dict[str, Any] = {
        "shared_with": "A neighbour",
        "percent": Decimal(50),
        "from_quarter": quarter,
        "until_quarter": None,
    }
    share = record_share(organisation=organisation, by=lead, pool=pool, **shared)
    CostOfChange.objects.create(
        organisation=organisation, up=Decimal(1), down=Decimal(2), set_by=lead, set_at=timezone.now()
    )
    weigh(organisation, lead, house.people[Role.EXECUTIVE])
    preview = ImportPreview.objects.create(
        organisation=organisation,
        file_name="portfolio.csv",
        headers=["Name", "Kind"],
        rows=[[2, [f"A new one of {words_of(organisation.name)}", "Council partnership"]], [3, ["", "No such kind"]]],
        uploaded_by=lead,
    )
    asked = invite(
        organisation=organisation,
        email=f"asked@{organisation.code.lower()}.example",
        roles=[Role.READER],
        last_day=None,
        by=house.people[Role.ADMINISTRATOR],
    )
    house.parameters |= {
        "access_invitation": asked.invitation.pk,
        "invitation_secret": asked.secret,
        "slug": first.partnership.slug,
        "participation": first.pk,
        "preview": preview.pk,
        "rule": rules[0].pk,
        "share": share.pk,
        "member": organisation.code,
        "partner": partner.pk,
    }


def weigh(organisation: Organisation, by_points: Person, by_rank: Person) -> None:
    """One decision maker gives points, the other ranks."""
    for position, objective in enumerate(organisation.objectives.all(), 1):
        shared: dict[str, Any] = {"organisation": organisation, "objective": objective}
        ObjectiveWeight.objects.create(decision_maker=by_points, points=Decimal(10), **shared)
        ObjectiveRank.objects.create(decision_maker=by_rank, place=position, **shared)
    for position, way in enumerate(organisation.ways_of_creating_value.all(), 1):
        shared = {"organisation": organisation, "way": way}
        WayWeight.objects.create(decision_maker=by_points, points=Decimal(10), **shared)
        WayRank.objects.create(decision_maker=by_rank, place=position, **shared)


def _ask_in_surveys(house: House) -> None:
    """One survey is closed with answers enough to show, one open with a respondent under way, one being prepared.

    The open one names organisations, so that whoever starts with its open link is asked for whom they work.
    """
    first, second, third, _ = house.organisation.participations.order_by("pk")
    done = closed(first, house.lead, [1, 2, 2, 3, 4, 5, 5])
    partners = closed(first, house.lead, [1, 2, 2, 3, 4, 5, 5], subject=Subject.BY_PARTNERS)
    closed(first, house.lead, [4] * 7, subject=Subject.BY_US)
    asked = [replace(one, works_for="Their organisation") for one in people()]
    under_way = start_round(participation=second, people=asked, closes_on=next_week(), by=house.lead)
    read_answers_as(round=under_way, mode=RoundMode.NAMED, by=house.lead)
    links = open_round(round=under_way, by=house.lead)
    prepared = draft(third, house.lead)
    house.secrets = [link.secret for link in links]
    open_link = offer_open_link(round=under_way, people=9, by=house.lead)
    open_secret = keys_of(under_way).secret_of_open_link(open_link.link_number)
    seat = start(under_way, open_secret)
    respondent, _ = respondent_with(house.secrets[0])
    record_place(respondent=respondent, place="lead")
    record_answers(respondent=respondent, answers=dict.fromkeys(ITEMS[:3], GivenAnswer(1, "A reason")))
    handed = issue_link(invitation=links[1].invitation, by=house.lead, by_hand=True)
    reply = _reply(house, partners)
    last = under_way.invitations.order_by("-name")[0]
    Reminder.objects.create(
        organisation=house.organisation,
        invitation=last,
        kind=ReminderKind.HALFWAY,
        last_day=under_way.closes_on,
        taken_on=timezone.localdate(),
    )
    house.parameters |= {
        "closed_round": done.pk,
        "partner_round": partners.pk,
        "reply_token": reply.token,
        "round": under_way.pk,
        "draft_round": prepared.pk,
        "secret": house.secrets[0],
        "handle": respondent.link.handle,
        "open_secret": open_secret,
        "open_handle": Link.with_secret(open_secret).handle,
        "handed_secret": handed.secret,
        "handed_handle": Link.with_secret(handed.secret).handle,
        "seat_secret": seat.secret,
        "seat_handle": Link.with_secret(seat.secret).handle,
        "invitation": last.pk,
    }


def _reply(house: House, partners: Round) -> PartnerReply:
    """What partners were told, and of which one of them had a letter."""
    known: dict[str, Any] = {"round": partners, "by": house.lead}
    said: dict[str, Any] = {"heard": "Slow", "doing": "Sooner", "progress": Progress.DONE, "on_day": None}
    write_line(characteristic="governance", expected_version=reply_version(None), **said, **known)
    written = reply_version(reply_to(partners))
    write_reply(opening="Thank you", shows_means=True, expected_version=written, **known)
    made = publish_reply(tell=False, expected_version=reply_version(reply_to(partners)), **known)
    ReplyLetter.objects.create(
        organisation=house.organisation,
        reply=made,
        invitation=partners.invitations.order_by("name")[0],
        publishing=1,
        taken_on=timezone.localdate(),
    )
    return made


def _make_own_questions(house: House, text: Text) -> None:
    """A version that is published and one that is a draft, each with a statement that somebody wrote."""
    organisation, lead = house.organisation, house.lead
    known: dict[str, Any] = {"organisation": organisation, "by": lead}
    for number in (1, 2):
        words = "".join(filter(str.isprintable, text("text", organisation)))[: LONGEST_TEXT - 2]
        changed = change_item(
            code="TRU1",
            text=f"{words} {number}",
            same_question=True,
            expected_version=state_of(questions_to_change(organisation)),
            **known,
        )
        if number == 1:
            publish_draft(note="Why", use_it=True, expected_version=state_of(changed.instrument), **known)
            house.parameters["questions"] = changed.version
    choose_version(version=CURRENT, **known)


def _score(house: House) -> None:
    organisation, lead = house.organisation, house.lead
    before = scored(organisation, lead)
    for quarter in organisation.capacity_quarters.all():
        quarter.days = quarter.days * Decimal("0.5")
        quarter.save()
    after = scored(organisation, lead)
    explanation = ask_for_explanation(before=before, after=after, by=lead)
    explain(explanation)
    what_ifs = []
    for days in (6, 8):
        made = try_what_if(organisation=organisation, by=lead, run=after, levers=[Days("executive", days)])
        claimed = WhatIf.objects.claim(made.pk, now=timezone.now())
        assert claimed is not None
        work_out(claimed)
        what_ifs.append(save_what_if(what_if=claimed, by=lead, name=f"{words_of(organisation.name)} {days} days"))
    house.parameters |= {
        "earlier": before.pk,
        "run": after.pk,
        "what_if": what_ifs[0].pk,
        "other_what_if": what_ifs[1].pk,
    }


def _decide(house: House, text: Text) -> None:
    """One decision has taken effect and was reviewed, a meeting is over, and another is under way."""
    organisation, lead = house.organisation, house.lead
    first, second, *_ = organisation.participations.order_by("pk")
    decision = _decided_as_today(house, first, text)
    house.parameters["past_meeting"] = end_meeting(meeting=_meeting(house, text, [first]), by=lead).pk
    _meeting(house, text, [second, first])
    house.parameters["promise"] = _promise(house, text).pk
    _plan(house, text)
    next_time = timezone.localdate() + datetime.timedelta(days=90)
    found = Found(text("found", organisation)[:500], ReviewOutcome.STAYS, next_time)
    record_review(decision=decision, by=lead, found=found, seen="")
    today = timezone.localdate()
    DueReminder.objects.create(
        organisation=organisation, decision=decision, kind=DueKind.REVIEW, day=today, to=lead, taken_on=today
    )


def _meeting(house: House, text: Text, agenda: list[Participation]) -> Meeting:
    """A meeting under way, with notes."""
    organisation, lead = house.organisation, house.lead
    name, today = text("name", organisation)[:120], timezone.localdate()
    meeting = begin_meeting(organisation=organisation, by=lead, name=name, held_on=today, agenda=agenda)
    for item in meeting.agenda.all():
        note_item(item=item, by=lead, notes=text("notes", item)[:500], expected_version=notes_version(item))
        keep_draft(item=item, by=lead, typed={"reason": text("reason", item)[:500]}, expected_version="")
    return meeting


def _promise(house: House, text: Text) -> Promise:
    """A promise that its owner, the strategy lead, sees to, and whose day has moved."""
    organisation, lead, today = house.organisation, house.lead, timezone.localdate()
    promise = make_promise(
        participation=organisation.participations.order_by("pk")[0],
        by=lead,
        promised=Promised(
            what=text("what", organisation)[:500],
            made_to=text("made_to", organisation)[:120],
            owner=lead,
            made_on=today,
            due_on=today,
        ),
    )
    return move_promise(
        promise=promise,
        by=lead,
        due_on=today + datetime.timedelta(days=9),
        reason=text("reason", organisation)[:500],
        expected_version=promise_version(promise),
    )


def _plan(house: House, text: Text) -> None:
    """An action in the first partnership and one of the whole organisation, a practice to remove and an option for more
    capacity, each with days.
    """
    organisation, lead, today = house.organisation, house.lead, timezone.localdate()
    days = {organisation.capacity_pools.order_by("pk")[0].pk: Decimal(2)}
    action = add_action(
        organisation=organisation,
        by=lead,
        planned=Planned(
            characteristic=Characteristic.TRUST,
            what=text("what", organisation)[:400],
            owner=lead,
            begins_on=today,
            due_on=today,
            participation=organisation.participations.active().order_by("pk")[0],
            days=days,
        ),
    )
    everywhere = Planned(
        characteristic=Characteristic.LEARNING,
        what=text("what", organisation)[:400],
        owner=lead,
        begins_on=today,
        due_on=today,
        days=days,
    )
    add_action(organisation=organisation, by=lead, planned=everywhere)
    proposed = Proposed(text("what", organisation)[:400], text("why_it_costs", organisation)[:400], lead, today, days)
    practice = propose_practice(organisation=organisation, by=lead, proposed=proposed)
    considered = Considered(text("name", organisation)[:200], days, Decimal(1000))
    option = consider_option(organisation=organisation, by=lead, considered=considered)
    house.parameters |= {"plan_action": action.pk, "practice": practice.pk, "option": option.pk}


def _decided_as_today(house: House, one: Participation, text: Text) -> Decision:
    return decided(
        one,
        house.lead,
        level_code=one.level.code if one.level else "",
        reason=text("reason", house.organisation)[:500],
        decided_by=None,
        decided_in=text("decided_in", house.organisation)[:120],
    )


def _say_no(house: House, text: Text) -> None:
    """One letter is held, since what it tells was decided anew; the other, about that, is a draft. Each with its pack,
    as if that had been a no.
    """
    organisation, lead = house.organisation, house.lead
    first = organisation.participations.order_by("pk")[0]
    now = timezone.now()
    known: dict[str, Any] = {"organisation": organisation, "participation": first}
    noted: dict[str, Any] = known | {"recorded_by": lead, "recorded_at": now}
    asked = {"state": LetterState.WAITING, "asked_by": lead, "asked_at": now, "send_after": now}
    for place, standing in enumerate((asked, {})):
        decision = first.decisions.current().get() if place == 0 else _decided_as_today(house, first, text)
        kind_no = KindNo.objects.create(decision=decision, kind="step-down", begun_by=lead, begun_at=now, **known)
        ChecklistItem.objects.create(kind_no=kind_no, position=0, words="One thing", **known)
        Telling.objects.create(kind_no=kind_no, who="A", whom="B", how="call", told_on=timezone.localdate(now), **noted)
        LetterReply.objects.create(kind_no=kind_no, who="B", replied_on=timezone.localdate(now), answer="C", **noted)
        words = {"recipient_name": "B", "email": f"partner@{organisation.code.lower()}.example"}
        Letter.objects.create(kind_no=kind_no, kind="step-down", subject="S", body="T", **words, **known, **standing)
    LetterTemplate.objects.create(
        organisation=organisation, kind="step-down", subject="S", body="T", changed_by=lead, changed_at=now
    )
    theirs = (KindNo, ChecklistItem, Telling, LetterReply, Letter, LetterTemplate)
    write_into_every_text(organisation, text, of=theirs)


def scored(organisation: Organisation, by: Person) -> Run:
    now = timezone.now()
    queued = Run.objects.create(
        organisation=organisation, requested_by=by, requested_at=now, sent_at=now, trigger=RunTrigger.BUTTON
    )
    run = Run.objects.claim(queued.pk, worker="a test", now=now)
    assert run is not None
    carry_out(run)
    run.refresh_from_db()
    return run


@dataclass
class World:
    """Our house, the others' house, those who belong to neither, and everybody's browser."""

    own: House
    other: House
    roleless: Person
    staff: Person
    night: Night
    cookies: dict[str, str] = field(default_factory=dict)
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def as_(self, who: str) -> Client:
        """The browser of an actor, as it was when everybody had signed in: a role of our house, ``nobody`` (signed
        out), ``roleless``, ``staff`` or ``respondent``, who has opened a link of their own, the open one, and the one
        that this led to.
        """
        self.client.cookies = SimpleCookie(self.cookies[who])
        return self.client

    def ask(self, who: str, method: str, address: str, data: Any = None, **extra: Any) -> Page:
        """What somebody gets; whatever the request wrote is undone."""
        with undone():
            return getattr(self.as_(who), method)(address, data, **extra)

    def sign_everybody_in(self) -> None:
        for who in (*ROLES, *OUTSIDERS):
            person = {"roleless": self.roleless, "staff": self.staff}.get(who) or self.own.people.get(who)
            self.client.cookies = SimpleCookie()
            if who == "respondent":
                for secret in ("secret", "seat_secret", "open_secret", "handed_secret"):
                    self.client.get(f"/s/{self.own.parameters[secret]}/")
            elif person is not None:
                self.client.force_login(person)
            self.cookies[who] = self.client.cookies.output(header="", sep=";")


ROLES = tuple(str(role) for role in Role)
OUTSIDERS = ("nobody", "roleless", "staff", "respondent")


# Above every number that somebody types in a form or that a page counts.
FAR_OFF = 40_000_000


def number_from_far_off() -> None:
    """Have the next rows of every table numbered from ``FAR_OFF``.

    Low numbers are numbers of days, parts of dates and points as well: which fields would seem to name a row would
    hang on the tests that ran before.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT tests.number_from(%s)", [FAR_OFF])


def two_houses(text: Callable[[str], Text] | None = None) -> World:
    """Ours and theirs; ``text`` gives for the name of a house what writes its people's words."""
    number_from_far_off()
    text = text or marked
    own, other = (furnish(name, text(name)) for name in ("Ownhouse", "Otherhouse"))
    night = Night.objects.create(started_at=timezone.now(), organisations=0)
    for house in (own, other):
        house.parameters |= {"night": night.pk, "person": house.people[Role.READER].pk}
    world = World(own, other, PersonFactory.create(), PersonFactory.create(is_staff=True), night)
    world.sign_everybody_in()
    return world


def marked(name: str) -> Text:
    return lambda column, row: f"{words_of(name)} {row.pk} {column.replace('_', ' ')} of {row._meta.object_name}"


def words_of(name: str) -> str:
    """What stands in every text that people of a house have written, and in none that is public, as its name is."""
    return f"{name}-words"


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is as if it had never been."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
