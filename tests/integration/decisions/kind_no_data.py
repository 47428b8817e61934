"""A partnership that is stepped down, with the member that is told, and its letter."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from decisions.actions.kind_noes import TEXTS, kind_no_version, write_kind_no
from decisions.actions.letters import Words, letter_version, send_letter, write_letter
from decisions.models import Decision, KindNo, Letter
from decisions.saying_no import ToBeSaid, last_decision, to_be_said
from partnerships.models import Organisation, Participation, PartnershipMembership, Person
from tests.factories import OrganisationFactory
from tests.integration.decisions.scored import decided, scored_portfolio

ADDRESS = "asha@partner.example"


@dataclass(frozen=True)
class House:
    organisation: Organisation
    lead: Person
    executive: Person
    one: Participation
    member: Organisation
    decision: Decision

    def at(self, rest: str = "") -> str:
        return f"/o/{self.organisation.code}/decisions/{self.one.partnership.slug}/{rest}"

    def current(self) -> Decision:
        found = last_decision(self.one)
        assert found is not None
        return found

    def said(self) -> ToBeSaid:
        found = to_be_said(self.one)
        assert found is not None
        return found

    def letter(self) -> Letter:
        found = self.said().letter
        assert found is not None
        return found


def stepped_down(**facts: Any) -> House:
    """Decided today by the executive, from "Prioritise" to "Keep in touch"."""
    organisation, lead, executive = scored_portfolio(**facts)
    one = organisation.participations.select_related("partnership", "organisation").get(partnership__name="Alliance 4")
    member = OrganisationFactory.create(name="EASTFIELD COUNCIL")
    PartnershipMembership.objects.create(partnership=one.partnership, organisation=member)
    decision = step_down(one, executive)
    return House(organisation, lead, executive, one, member, decision)


def step_down(one: Participation, by: Person, **facts: Any) -> Decision:
    return decided(one, by, **{"level_code": "keep-in-touch", "reason": "We have no days", **facts})


def pack(house: House, **texts: str) -> KindNo:
    said = dict.fromkeys(TEXTS, "") | {"continues": "A call twice a year.", **texts}
    version = kind_no_version(house.current())
    return write_kind_no(participation=house.one, by=house.lead, expected_version=version, texts=said)


def words(house: House, **facts: Any) -> Words:
    given = {
        "recipient": house.member.pk,
        "recipient_name": "Asha Rao",
        "email": ADDRESS,
        "address": "1 High Street\nEastfield",
        "subject": "Alliance 4: what we can do",
        "body": "Dear Asha,\n\nThank you.\n\nYours sincerely\n\nPriya",
        **facts,
    }
    return Words(**given)


def written(house: House, **facts: Any) -> Letter:
    return write_letter(
        participation=house.one,
        by=house.lead,
        expected_version=letter_version(house.said()),
        words=words(house, **facts),
    )


def sent(house: House, *, held: bool = False, **facts: Any) -> Letter:
    """On its way, and unless ``held`` with its time come."""
    letter = written(house, **facts)
    meant = {"without_reason": True, "without_continues": True}
    letter = send_letter(participation=house.one, by=house.lead, words=Words.of(letter), **meant)
    if not held:
        be_due(letter)
    return letter


def be_due(letter: Letter) -> None:
    """As if it had been sent a quarter of an hour ago."""
    before = timezone.now() - datetime.timedelta(minutes=15)
    Letter.objects.filter(pk=letter.pk).update(asked_at=before, send_after=before + datetime.timedelta(minutes=10))
    letter.refresh_from_db()


def partner_leaves(house: House) -> None:
    today = timezone.localdate()
    PartnershipMembership.objects.filter(partnership=house.one.partnership, organisation=house.member).update(
        joined_on=today - datetime.timedelta(days=400), left_on=today - datetime.timedelta(days=1)
    )
