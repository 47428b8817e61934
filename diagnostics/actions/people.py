"""Changing who is asked, as long as nobody has been."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from diagnostics.actions.issuing import RoundRefusedError
from diagnostics.invitees import MOST_PEOPLE, Invitee
from diagnostics.models import Invitation, Round, Subject
from diagnostics.opening import held_draft
from diagnostics.partner_people import names_of, works_for_us
from partnerships.access import check_can_edit
from partnerships.audit import record_deed
from partnerships.editing import check_version, version_of
from partnerships.models import DeedKind, Person


def people_of_round(round_: Round) -> list[Invitee]:
    """Who is asked by name, in the order in which they were entered."""
    rows = round_.invitations.of_people().order_by("pk")
    return [Invitee(one.name, one.email, one.works_for, one.role) for one in rows]


def people_version(round_: Round) -> str:
    """A short name for exactly who is asked now, which tells whether somebody changed it meanwhile."""
    rows = round_.invitations.of_people().order_by("email")
    return version_of(rows.values_list("name", "email", "works_for", "role"))


@transaction.atomic
def change_people(*, round: Round, people: Sequence[Invitee], by: Person, expected_version: str) -> Round:
    """Ask these people instead of those who were on the list; whoever has an open link is asked as before.

    Raises RoundRefusedError where the survey is not being prepared any more, or answers are read by organisation and
    somebody has none, ValidationError as starting one does, and ChangedMeanwhile.
    """
    check_can_edit(by, round.organisation)
    held = held_draft(round)
    if held is None:
        raise RoundRefusedError(
            "This survey has opened already, or was discarded, so who is asked can no longer be changed."
        )
    check_version(expected_version, people_version(held))
    check_people(people, others=held.invitations.seats().count())
    _check_side(held, people)
    if held.names_organisations:
        check_everybody_has_an_organisation(people)
    before = set(held.invitations.of_people().values_list("name", "email", "works_for", "role"))
    held.invitations.of_people().delete()
    invite(held, people)
    _record_change(held, before, by)
    return held


def _record_change(held: Round, before: set[tuple[str, str, str, str]], by: Person) -> None:
    """Who changed the list is on the record, and how much of it; whom it names is not, since an open survey's people
    leave no trace there.
    """
    now = set(held.invitations.of_people().values_list("name", "email", "works_for", "role"))
    added, gone = len(now - before), len(before - now)
    if added or gone:
        record_deed(
            DeedKind.CHANGED_WHO_IS_ASKED,
            organisation=held.organisation,
            by=by,
            what=f"({added} added, {gone} taken off) in the survey of {held.participation.partnership.display_name}",
            participation=held.participation,
        )


def _check_side(held: Round, people: Sequence[Invitee]) -> None:
    """Raise ValidationError where somebody is on the wrong side of asking how good a partner we are, or on both."""
    if held.subject == Subject.BY_PARTNERS:
        names = names_of(held.organisation)
        if ours := [one.email for one in people if works_for_us(one, names)]:
            raise ValidationError(
                f"{ours[0]} works for you. This survey asks your partners: leave your own people out."
            )
    if held.is_about_us:
        beside = held.participation.survey_rounds.about_us().current().exclude(pk=held.pk)
        asked = Invitation.objects.of_people().filter(round__in=beside, email__in=[one.email.lower() for one in people])
        if both := asked.order_by("email").values_list("email", flat=True).first():
            raise ValidationError(f"{both} is asked in the survey of the other side too. Leave each person in one.")


def invite(round_: Round, people: Iterable[Invitee]) -> None:
    """Put people on the list of a round."""
    Invitation.objects.bulk_create(
        Invitation(
            organisation_id=round_.organisation_id,
            round=round_,
            name=person.name,
            email=person.email.lower(),
            works_for=person.works_for,
            role=person.role,
        )
        for person in people
    )


def check_everybody_has_an_organisation(people: Iterable[Invitee]) -> None:
    """Raise RoundRefusedError, with who has none."""
    without = [person.name or person.email for person in people if not person.works_for]
    if without:
        more = f" and {len(without) - 3} more" if len(without) > 3 else ""
        raise RoundRefusedError(
            f"To read answers by organisation, everybody asked needs one. It is missing for {', '.join(without[:3])}"
            f"{more}: on the list of who is asked, add the organisation after the email address."
        )


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
