"""What the demonstration decided: scored, decided, told to the partner and carried out through the pages' own actions.

People decide on a recommendation, so the portfolio is scored on the way, as a worker does it, before each sitting. What
no page can do is done here: runs, meetings and letters that lie in the past are put on the days that the file says. A
letter counts as sent without being handed to any mail server: nobody invented reads letters.
"""

from __future__ import annotations

import datetime

from django.utils import timezone

from config.demonstration.decided import (
    AloneFacts,
    ChecklistFacts,
    Decided,
    DecisionFacts,
    KindNoFacts,
    LetterFacts,
    MeetingFacts,
)
from config.demonstration.promises import close, days_ago, promise
from config.demonstration.system import by_short_name
from decisions.actions import begin_meeting, decide, end_meeting, note_item, notes_version
from decisions.actions.deciding import Wanted
from decisions.actions.kind_noes import (
    Mark,
    kind_no_version,
    record_reply,
    record_telling,
    settle_items,
    version_of_item,
    write_kind_no,
)
from decisions.actions.letters import Words, letter_version, write_letter
from decisions.basis import Basis
from decisions.models import ChecklistItem, Decision, Letter, LetterState, Meeting
from decisions.saying_no import first_words, last_decision, to_be_said
from partnerships.models import Organisation, Participation, ParticipationStateChange, Person, Quarter
from scoring.actions import request_run
from scoring.models import Run
from scoring.runner import carry_out
from scoring.situation import situation_of

DAYS_BEFORE = 1  # a recommendation is read before one decides
ACTIVE_FOR = 500  # days, longer than anything was decided ago


def decide_all(decided: Decided, organisation: Organisation, *, lead: Person) -> None:
    """Everything that was decided, the earliest first. A worker then scores it as it stands today."""
    ParticipationStateChange.objects.filter(organisation=organisation).update(changed_at=_moment(ACTIVE_FOR))
    for alone in decided.alone:
        _score(organisation, alone.days_ago + DAYS_BEFORE, by=lead)
        _decide_alone(alone, organisation)
    _score(organisation, decided.meeting.days_ago + DAYS_BEFORE, by=lead)
    _hold(decided.meeting, organisation)
    request_run(organisation=organisation, by=lead)


def _score(organisation: Organisation, ago: int, *, by: Person) -> None:
    """Score it now, and have that done so many days ago."""
    asked = request_run(organisation=organisation, by=by)
    run = Run.objects.claim(asked.pk, worker="demonstration", now=timezone.now())
    if run is None:
        raise RuntimeError("Somebody else scores the demonstration while it is being loaded.")
    carry_out(run)
    at = _moment(ago)
    Run.objects.filter(pk=run.pk).update(requested_at=at, started_at=at, finished_at=at)
    run.changes.update(at=at)


def _decide_alone(facts: AloneFacts, organisation: Organisation) -> None:
    participation = _ours(organisation, facts.partnership)
    by, decided_by = _person(facts.recorded_by), _person(facts.decided_by)
    decision = _decide(participation, facts.decision, facts.days_ago, by=by, decided_by=decided_by)
    promises = [(promise(participation, one, by=by, decision=decision), one) for one in facts.promises]
    if facts.kind_no is not None:
        _say_no(participation, facts.kind_no, by=by)
    for made, one in promises:
        close(made, one)


def _hold(facts: MeetingFacts, organisation: Organisation) -> None:
    chair, by = _person(facts.begun_by), _person(facts.recorded_by)
    participations = {one.partnership: _ours(organisation, one.partnership) for one in facts.items}
    meeting = begin_meeting(
        organisation=organisation,
        by=chair,
        name=facts.name,
        held_on=days_ago(facts.days_ago),
        agenda=list(participations.values()),
    )
    for one in facts.items:
        participation = participations[one.partnership]
        item = meeting.agenda.get(participation=participation)
        note_item(item=item, by=by, notes=one.notes, expected_version=notes_version(item))
        if one.decision is not None:
            _decide(participation, one.decision, facts.days_ago, by=by, meeting=meeting)
        if one.kind_no is not None:
            _say_no(participation, one.kind_no, by=by)
    end_meeting(meeting=meeting, by=chair)
    began = _moment(facts.days_ago)
    ended = began + datetime.timedelta(minutes=50)
    Meeting.objects.filter(pk=meeting.pk).update(begun_at=began, ended_at=ended)


def _decide(
    participation: Participation,
    facts: DecisionFacts,
    ago: int,
    *,
    by: Person,
    decided_by: Person | None = None,
    meeting: Meeting | None = None,
) -> Decision:
    basis = Basis.of(participation, situation_of(participation.organisation))
    next_quarter = Quarter.containing(timezone.localdate()).next().first_day
    wanted = Wanted(
        level_code=facts.level or basis.advice.recommended.code,
        reason=facts.reason,
        decided_by=decided_by,
        decided_in=meeting.name if meeting else "",
        decided_on=days_ago(ago),
        applies_from=next_quarter if facts.applies_days_ago is None else days_ago(facts.applies_days_ago),
        review_on=days_ago(-facts.review_in_days),
    )
    return decide(
        participation=participation,
        by=by,
        wanted=wanted,
        run=basis.run.pk,
        seen=basis.seen,
        meeting=meeting,
        at=_moment(ago),
    )


def _say_no(participation: Participation, facts: KindNoFacts, *, by: Person) -> None:
    decision = last_decision(participation)
    if decision is None:
        raise ValueError(f"{participation}: a kind no needs a decision")
    version = kind_no_version(decision)
    kind_no = write_kind_no(participation=participation, by=by, expected_version=version, texts=facts.texts)
    if facts.letter is not None:
        _send(participation, facts.letter, by=by)
    for telling in facts.tellings:
        record_telling(
            participation=participation,
            by=by,
            who=telling.who,
            whom=telling.whom,
            how=telling.how,
            told_on=days_ago(telling.days_ago),
        )
    for one in facts.replies:
        record_reply(
            participation=participation,
            by=by,
            who=one.who,
            replied_on=days_ago(one.days_ago),
            answer=one.answer,
            doing=one.doing,
        )
    if facts.checklist is not None:
        _settle(list(kind_no.checklist.all()), facts.checklist, by=by)


def _send(participation: Participation, facts: LetterFacts, *, by: Person) -> None:
    """Written with the words that the service begins with, then sent, as if a mail server had taken it on that day."""
    said = to_be_said(participation)
    if said is None:
        raise ValueError(f"{participation}: a letter needs a decision")
    subject, body = first_words(said, name=facts.to, signatory=_person(facts.signed_by))
    member = participation.partnership.memberships.get(organisation__code=facts.member)
    letter = write_letter(
        participation=participation,
        by=by,
        expected_version=letter_version(said),
        words=Words(member.organisation_id, facts.to, facts.email, "", subject, body),
    )
    asked = _moment(facts.sent_days_ago)
    left = asked + datetime.timedelta(minutes=11)
    letters = Letter.objects.all()
    sender = _person(facts.sent_by)
    for since, to, when in (
        (
            LetterState.DRAFT,
            LetterState.WAITING,
            {"asked_by": sender, "asked_at": asked, "send_after": left, "last_word": said.decision},
        ),
        (LetterState.WAITING, LetterState.TAKEN, {"taken_at": left}),
        (LetterState.TAKEN, LetterState.SENT, {"sent_at": left}),
    ):
        letters.move(letter.pk, to, since=since, **when)


def _settle(items: list[ChecklistItem], facts: ChecklistFacts, *, by: Person) -> None:
    known = {item.words for item in items}
    unknown = sorted({*facts.done, *facts.not_needed} - known)
    if unknown:
        raise ValueError(f"decisions.toml: nothing on the list says {unknown[0]!r}")
    marks = {
        item.pk: Mark(item.words in facts.done, facts.not_needed.get(item.words, ""), version_of_item(item))
        for item in items
    }
    settle_items(kind_no=items[0].kind_no, by=by, marks=marks)
    done = ChecklistItem.objects.filter(kind_no=items[0].kind_no, done_at__isnull=False)
    done.update(done_at=_moment(facts.done_days_ago))


def _ours(organisation: Organisation, slug: str) -> Participation:
    return by_short_name(organisation)[slug]


def _person(email: str) -> Person:
    return Person.objects.get(email=email)


def _moment(ago: int) -> datetime.datetime:
    """Ten in the morning so many days ago."""
    day = days_ago(ago)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))
