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
from diagnostics.actions.opening_day import set_opening_day
from diagnostics.actions.people import check_everybody_has_an_organisation, check_people, invite, people_of_round
from diagnostics.closing import close
from diagnostics.completion import why_it_stays_closed
from diagnostics.invitees import Invitee
from diagnostics.keys import draw_keys
from diagnostics.models import MeanOver, ReminderKind, Round, RoundMode, RoundState, Subject
from diagnostics.opening import held_draft, open_now, renew_links_handed_out, renew_links_not_sent
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
    opens_by_itself_on: datetime.date | None = None,
) -> Round:
    """Prepare a round: a draft that nobody can answer yet. ``reminders`` are the kinds that people are to have,
    ``open_link_for`` how many others are to have an open link, and ``opens_by_itself_on`` the day to open it, if any.

    Raises ValidationError where there are fewer people than it takes to show a result, too many, or somebody twice,
    where the last day is past or the day to open it cannot be, and where the partnership has a survey of the same
    subject under way.
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
                **_counted_as_last_time(participation, subject, people),
            )
            invite(made, people)
            if open_link_for:
                offer_open_link(round=made, people=open_link_for, by=by)
            if opens_by_itself_on:
                made = set_opening_day(round=made, day=opens_by_itself_on, by=by)
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
    opens_by_itself_on: datetime.date | None = None,
) -> list[Round]:
    """Prepare a round for each of these partnerships with its own people and the same days, or none at all;
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
                    opens_by_itself_on=opens_by_itself_on,
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


def _counted_as_last_time(participation: Participation, subject: Subject, people: Sequence[Invitee]) -> dict[str, str]:
    """Whose views count, as in the last survey of the same, so that the two can be compared; organisations only where
    everybody who is asked has one.
    """
    rounds = participation.survey_rounds.filter(subject=subject).closed()
    last = rounds.order_by("-closed_at", "-pk").first()
    if last is None or not last.counts_organisations or not all(one.works_for for one in people):
        return {}
    return {"mode": last.mode, "mean_over": last.mean_over}


def _refuse_a_second(problem: IntegrityError) -> None:
    """Say it in words where the database kept a partnership from having a second survey under way."""
    if "round_one_current" in str(problem):
        raise RoundRefusedError("This partnership already has a survey under way. Close that one first.") from problem


def check_last_day(closes_on: datetime.date) -> None:
    """Raise ValidationError for a day that has passed."""
    if closes_on < timezone.localdate():
        raise ValidationError("Enter a last day to answer that is today or later.")


@transaction.atomic
def open_round(*, round: Round, by: Person, by_hand: bool = False) -> list[PersonalLink]:
    """Open a draft and give everybody their link, for a letter or to be handed out ``by_hand``: the only moment at
    which these links can be read.

    Where it was to open by itself later, it does not: nobody is sent a second link. Raises RoundRefusedError where it
    is not a draft or its last day is past.
    """
    check_can_edit(by, round.organisation)
    if round.closes_on < timezone.localdate():
        raise RoundRefusedError("The last day to answer has passed. Discard this survey and start it again.")
    if held_draft(round) is None:
        raise RoundRefusedError("This survey is already open or closed.")
    round.opens_by_itself_on = round.opening_set_by = None
    open_now(round, by=by)
    return issue_links(round=round, by=by, by_hand=by_hand)


@transaction.atomic
def open_rounds(*, rounds: Iterable[Round], by: Person, by_hand: bool = False) -> list[PersonalLink]:
    """Open all of these drafts and give everybody their links, or open none. Raises RoundRefusedError as one would."""
    links: list[PersonalLink] = []
    for one in sorted(rounds, key=lambda one: one.pk):
        try:
            links += open_round(round=one, by=by, by_hand=by_hand)
        except RoundRefusedError as problem:
            raise RoundRefusedError(f"{one.participation.partnership.display_name}: {problem.messages[0]}") from problem
    return links


@transaction.atomic
def close_round(*, round: Round, by: Person, at: datetime.datetime | None = None) -> Round:
    """Close an open round for good, now or as of a time in the past.

    Answers that were not sent in are deleted, all of them where too few were, and its key is destroyed
    (``diagnostics.closing``). Raises
    RoundRefusedError where it is not open.
    """
    check_can_edit(by, round.organisation)
    held = Round.objects.select_for_update().get(pk=round.pk)
    if not held.may_become(RoundState.CLOSED):
        raise RoundRefusedError("This survey is not open, or is closed already.")
    close(round, by=by, at=at)
    return round


def give_more_time(*, round: Round, closes_on: datetime.date, by: Person) -> Round:
    """Move the last day of a survey that is not closed, or open one again that closed with too few answers.

    Those were deleted, so everybody can then answer with the link they have, under a new key of the survey, and is
    reminded as before; an open link is a new one. Raises ValidationError for a day that has passed, and
    RoundRefusedError where it has to stay closed (``completion.why_it_stays_closed``), or the partnership has another
    survey under way.
    """
    check_can_edit(by, round.organisation)
    check_last_day(closes_on)
    try:
        with transaction.atomic():
            locked = Round.objects.select_for_update().get(pk=round.pk)
            locked.closes_on = closes_on
            _check_it_still_opens(locked)
            opens_again = locked.state == RoundState.CLOSED
            if opens_again:
                _open_again(locked)
            locked.save(update_fields=["closes_on", "state", "closed_at", "closed_by", "opened_again_on"])
            if opens_again:
                keys = draw_keys(locked)
                ready_open_link(locked, keys)
                renew_links_not_sent(locked, keys)
                renew_links_handed_out(locked, keys)
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


def _check_it_still_opens(held: Round) -> None:
    """Raise ValidationError where a draft would open by itself after its last day."""
    day = held.opens_by_itself_on
    if held.state == RoundState.DRAFT and day is not None and held.closes_on < day:
        raise ValidationError(
            f"This survey opens by itself on {day:%-d %B %Y}. Enter that day or a later one, or change first when it "
            "opens."
        )


def _open_again(closed: Round) -> None:
    if reason := why_it_stays_closed(closed):
        raise RoundRefusedError(f"{reason} Start a new survey instead.")
    closed.invitations.update(completed=False)  # what they had sent in was deleted
    closed.opened_again_on = timezone.localdate()
    closed.state, closed.closed_at, closed.closed_by = RoundState.OPEN, None, None


@transaction.atomic
def read_answers_as(*, round: Round, mode: RoundMode, by: Person, mean_over: MeanOver = MeanOver.PEOPLE) -> Round:
    """Have answers read together, or by organisation, and means count people or organisations: until the survey opens,
    with which people are told how. Somebody may have read it, and not have begun.

    Raises RoundRefusedError once it has, where organisations would be named and somebody asked has none, and where
    organisations would count that are not named, or in a survey about how good a partner we are.
    """
    check_can_edit(by, round.organisation)
    locked = Round.objects.select_for_update().get(pk=round.pk)
    if locked.state == RoundState.CLOSED:
        raise RoundRefusedError("This survey has closed, and its answers were given for what people were told.")
    if locked.state == RoundState.OPEN:
        raise RoundRefusedError(
            "This survey has opened, and people were told who sees what, so this can no longer be changed."
        )
    if mean_over == MeanOver.ORGANISATIONS and mode != RoundMode.NAMED:
        raise RoundRefusedError(
            "Answers without names carry no organisation, so each person counts once. Have answers read by "
            "organisation, or count people."
        )
    if mean_over == MeanOver.ORGANISATIONS and locked.is_about_us:
        raise RoundRefusedError(
            "How good a partner you are is a mean over people: your own people are one organisation, and what they say "
            "could not be held against what partners say."
        )
    if mode == RoundMode.NAMED:
        check_everybody_has_an_organisation(people_of_round(locked))
    locked.mode, locked.mean_over = mode, mean_over
    locked.save(update_fields=["mode", "mean_over"])
    return locked


@transaction.atomic
def discard_round(*, round: Round, by: Person) -> None:
    """Delete a draft with its list of people; nobody has been asked anything. Raises RoundRefusedError otherwise."""
    check_can_edit(by, round.organisation)
    deleted, _ = Round.objects.filter(pk=round.pk, state=RoundState.DRAFT).delete()
    if not deleted:
        raise RoundRefusedError("Only a survey that is still being prepared can be discarded.")
