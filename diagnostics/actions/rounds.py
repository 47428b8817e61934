"""Preparing, opening and closing a round."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from diagnostics.actions.issuing import PersonalLink, RoundRefusedError, issue_links
from diagnostics.actions.open_links import offer_open_link
from diagnostics.closing import close
from diagnostics.completion import why_it_stays_closed
from diagnostics.invitees import MOST_PEOPLE, Invitee
from diagnostics.keys import draw_keys
from diagnostics.models import Invitation, ReminderKind, Round, RoundMode, RoundState, Subject
from diagnostics.questions import version_in_use
from diagnostics.seats import ready_open_link
from partnerships.access import check_can_edit
from partnerships.models import Participation, Person


def start_round(
    *,
    participation: Participation,
    people: Sequence[Invitee],
    closes_on: datetime.date,
    by: Person,
    reminders: Collection[str] = (),
    subject: Subject = Subject.PARTNERSHIP,
    open_link_for: int | None = None,
) -> Round:
    """Prepare a round: a draft that nobody can answer yet. ``reminders`` are the kinds that people are to have, and
    ``open_link_for`` how many others are to have an open link.

    Raises ValidationError where there are fewer people than it takes to show a result, too many, or somebody twice,
    where the last day is past, and where the partnership has a survey of the same subject under way.
    """
    check_can_edit(by, participation.organisation)
    check_people(people, others=open_link_for or 0)
    check_last_day(closes_on)
    try:
        with transaction.atomic():
            made = Round.objects.create(
                organisation=participation.organisation,
                participation=participation,
                subject=subject,
                instrument_version=version_in_use(participation.organisation, subject),
                threshold=settings.SURVEY_THRESHOLD,
                closes_on=closes_on,
                created_by=by,
                **_chosen(reminders),
            )
            Invitation.objects.bulk_create(
                Invitation(
                    organisation=participation.organisation,
                    round=made,
                    name=person.name,
                    email=person.email.lower(),
                    works_for=person.works_for,
                    role=person.role,
                )
                for person in people
            )
            if open_link_for:
                offer_open_link(round=made, people=open_link_for, by=by)
    except IntegrityError as problem:
        _refuse_a_second(problem)
        raise
    return made


@transaction.atomic
def start_rounds(
    *,
    asked: Mapping[Participation, Sequence[Invitee]],
    closes_on: datetime.date,
    by: Person,
    reminders: Collection[str] = (),
    open_links: Mapping[Participation, int] | None = None,
) -> list[Round]:
    """Prepare a round for each of these partnerships with its own people and the same last day, or none at all;
    ``open_links`` says for which of them so many others are to have an open link.

    Raises ValidationError with a message for each partnership of which no round can be made.
    """
    made: list[Round] = []
    problems: list[str] = []
    for participation, people in asked.items():
        try:
            made.append(
                start_round(
                    participation=participation,
                    people=people,
                    closes_on=closes_on,
                    by=by,
                    reminders=reminders,
                    open_link_for=(open_links or {}).get(participation),
                )
            )
        except ValidationError as problem:
            problems += [f"{participation.partnership.display_name}: {message}" for message in problem.messages]
    if problems:
        raise ValidationError(problems)
    return made


def _chosen(reminders: Collection[str]) -> dict[str, bool]:
    return {
        "remind_halfway": ReminderKind.HALFWAY in reminders,
        "remind_before_last_day": ReminderKind.BEFORE_LAST_DAY in reminders,
    }


def _refuse_a_second(problem: IntegrityError) -> None:
    """Say it in words where the database kept a partnership from having a second survey under way."""
    if "round_one_current" in str(problem):
        raise RoundRefusedError("This partnership already has a survey under way. Close that one first.") from problem


def check_last_day(closes_on: datetime.date) -> None:
    """Raise ValidationError for a day that has passed."""
    if closes_on < timezone.localdate():
        raise ValidationError("Enter a last day to answer that is today or later.")


def check_people(people: Sequence[Invitee], *, others: int = 0) -> None:
    """Raise ValidationError unless a survey of these people, and of so many others, could show a result."""
    if len(people) + others < settings.SURVEY_THRESHOLD:
        raise ValidationError(
            f"Enter at least {settings.SURVEY_THRESHOLD} people: with fewer answers nothing is ever shown, "
            "so that nobody’s answers can be guessed."
        )
    if problems := too_many(len(people) + others):
        raise ValidationError(problems)
    if len({person.email.lower() for person in people}) < len(people):
        raise ValidationError("Somebody is in the list twice. Remove the second line.")


def too_many(people: int) -> list[str]:
    """What to say of a list of so many; nothing where one survey can ask them."""
    return [f"Enter {MOST_PEOPLE} people or fewer. This list has {people}."] if people > MOST_PEOPLE else []


@transaction.atomic
def open_round(*, round: Round, by: Person) -> list[PersonalLink]:
    """Open a draft and give everybody their link: the only moment at which these links can be read.

    Raises RoundRefusedError where it is not a draft or its last day is past.
    """
    check_can_edit(by, round.organisation)
    today = timezone.localdate()
    if round.closes_on < today:
        raise RoundRefusedError("The last day to answer has passed. Discard this survey and start it again.")
    _move(
        round,
        RoundState.DRAFT,
        RoundState.OPEN,
        "This survey is already open or closed.",
        opened_at=timezone.now(),
        opened_by=by,
        opens_on=today,
    )
    # also where some are left of a survey of this number in a database that was set back
    ready_open_link(round, draw_keys(round))
    return issue_links(round=round, by=by)


@transaction.atomic
def open_rounds(*, rounds: Iterable[Round], by: Person) -> list[PersonalLink]:
    """Open all of these drafts and give everybody their links, or open none. Raises RoundRefusedError as one would."""
    links: list[PersonalLink] = []
    for one in sorted(rounds, key=lambda one: one.pk):
        try:
            links += open_round(round=one, by=by)
        except RoundRefusedError as problem:
            raise RoundRefusedError(f"{one.participation.partnership.display_name}: {problem.messages[0]}") from problem
    return links


@transaction.atomic
def close_round(*, round: Round, by: Person, at: datetime.datetime | None = None) -> Round:
    """Close an open round for good, now or as of a time in the past.

    Answers that were not sent in are deleted, and its key is destroyed (``diagnostics.closing``). Raises
    RoundRefusedError where it is not open.
    """
    check_can_edit(by, round.organisation)
    held = Round.objects.select_for_update().get(pk=round.pk)
    if not held.may_become(RoundState.CLOSED):
        raise RoundRefusedError("This survey is not open, or is closed already.")
    close(round, by=by, at=at)
    return round


def give_more_time(*, round: Round, closes_on: datetime.date, by: Person) -> Round:
    """Move the last day of a survey that is not closed, or open one again that closed without results.

    Whoever has not answered can then answer with the link they have, under a new key of the survey, and is reminded as
    before; an open link is a new one. Raises ValidationError for a day that has passed, and RoundRefusedError where it
    has to stay closed (``completion.why_it_stays_closed``), or the partnership has another survey under way.
    """
    check_can_edit(by, round.organisation)
    check_last_day(closes_on)
    try:
        with transaction.atomic():
            locked = Round.objects.select_for_update().get(pk=round.pk)
            locked.closes_on = closes_on
            opens_again = locked.state == RoundState.CLOSED
            if opens_again:
                _open_again(locked)
            locked.save(update_fields=["closes_on", "state", "closed_at", "closed_by", "opened_again_on"])
            if opens_again:
                ready_open_link(locked, draw_keys(locked))
    except IntegrityError as problem:
        _refuse_a_second(problem)
        raise
    return locked


@transaction.atomic
def choose_reminders(*, round: Round, reminders: Collection[str], by: Person) -> Round:
    """Say of a survey that is not closed which reminders people have from now on; those they had are not taken back."""
    check_can_edit(by, round.organisation)
    locked = Round.objects.select_for_update().get(pk=round.pk)
    if locked.state == RoundState.CLOSED:
        raise RoundRefusedError("This survey is closed, so nobody is reminded of it.")
    chosen = _chosen(reminders)
    for name, value in chosen.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(chosen))
    return locked


def _open_again(closed: Round) -> None:
    if reason := why_it_stays_closed(closed):
        raise RoundRefusedError(f"{reason} Start a new survey instead.")
    closed.opened_again_on = timezone.localdate()
    closed.state, closed.closed_at, closed.closed_by = RoundState.OPEN, None, None


@transaction.atomic
def read_answers_as(*, round: Round, mode: RoundMode, by: Person) -> Round:
    """Have answers read together, or by organisation: until the survey opens, with which people are told how. Somebody
    may have read it, and not have begun.

    Raises RoundRefusedError once it has, and where organisations would be named and somebody asked has none.
    """
    check_can_edit(by, round.organisation)
    locked = Round.objects.select_for_update().get(pk=round.pk)
    if locked.state == RoundState.CLOSED:
        raise RoundRefusedError("This survey has closed, and its answers were given for what people were told.")
    if locked.state == RoundState.OPEN:
        raise RoundRefusedError(
            "This survey has opened, and people were told who sees what, so this can no longer be changed."
        )
    if mode == RoundMode.NAMED:
        _check_everybody_has_an_organisation(locked)
    locked.mode = mode
    locked.save(update_fields=["mode"])
    return locked


def _check_everybody_has_an_organisation(round_: Round) -> None:
    without = [str(one) for one in round_.invitations.of_people().filter(works_for="")]
    if without:
        more = f" and {len(without) - 3} more" if len(without) > 3 else ""
        raise RoundRefusedError(
            f"To read answers by organisation, everybody asked needs one. It is missing for {', '.join(without[:3])}"
            f"{more}: discard this survey and start it again with the organisation after each email address."
        )


@transaction.atomic
def discard_round(*, round: Round, by: Person) -> None:
    """Delete a draft with its list of people; nobody has been asked anything. Raises RoundRefusedError otherwise."""
    check_can_edit(by, round.organisation)
    deleted, _ = Round.objects.filter(pk=round.pk, state=RoundState.DRAFT).delete()
    if not deleted:
        raise RoundRefusedError("Only a survey that is still being prepared can be discarded.")


def _move(round_: Round, was: RoundState, state: RoundState, refusal: str, **facts: object) -> None:
    """Change the state once: of two people who press the same button only the first moves it."""
    locked = Round.objects.select_for_update().get(pk=round_.pk)
    if locked.state != was or not locked.may_become(state):
        raise RoundRefusedError(refusal)
    facts["state"] = state
    for name, value in facts.items():
        setattr(round_, name, value)
    round_.save(update_fields=list(facts))
