"""``manage.py check_register [--on DAY] [--json]``: members of live partnerships that have closed.

A care trust or anybody else a register does not list has not closed. With ``--json`` the answer is one array with an
object for each membership, a line each: ``partnership``, ``partnership_code``, ``register``, ``code`` and ``name`` of
the member, ``trust_code`` and ``trust_name`` where it is a unit, ``closed_on``, ``successor_code`` and
``successor_name`` (null where nobody has recorded one), and ``succeeded_on``.
"""

from __future__ import annotations

import datetime
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from partnerships.commands import IsolatedCommand
from partnerships.isolation import acting_for_several
from partnerships.models import Organisation, OrganisationKind, PartnershipMembership


class Command(IsolatedCommand):
    help = "List every membership in a live partnership whose organisation has closed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", metavar="DAY", help="the day to look at, as 2025-12-01; else today")
        parser.add_argument("--json", action="store_true", help="answer with one JSON array, a line a membership")

    def handle(self, *args: Any, **options: Any) -> None:
        day = self._day(options["on"])
        gone = Organisation.objects.closed_on_or_before(day)
        with acting_for_several(gone.values_list("pk", flat=True)):  # what an organisation recorded, its members see
            found = [described(one) for one in PartnershipMembership.objects.of_gone_organisations(day)]
        if options["json"]:
            lines = ",\n ".join(json.dumps(one, ensure_ascii=False) for one in found)
            self.stdout.write(f"[{lines}]")
            return
        for one in found:
            self.stdout.write(sentence(one))
        partnerships = len({(one["register"], one["partnership_code"], one["partnership"]) for one in found})
        self.stdout.write(
            f"{len(found)} closed members in {partnerships} live partnerships on {day:%-d %B %Y}."
            if found
            else f"No member of a live partnership had closed by {day:%-d %B %Y}."
        )

    def _day(self, written: str | None) -> datetime.date:
        if written is None:
            return timezone.localdate()
        try:
            return datetime.date.fromisoformat(written)
        except ValueError:
            raise CommandError(f"--on {written} is not a day. Write it as 2025-12-01.") from None


def described(membership: PartnershipMembership) -> dict[str, str | None]:
    """One membership as the JSON answer has it."""
    member, ended = membership.organisation, membership.organisation.ended_with
    trust = member.parent if member.kind == OrganisationKind.UNIT else None
    gone, successor = member.gone_since(), ended.successor
    return {
        "partnership": membership.partnership.display_name,
        "partnership_code": membership.partnership.register_code,
        "register": membership.partnership.get_source_display(),
        "code": member.code,
        "name": member.display_name,
        "trust_code": trust.code if trust else None,
        "trust_name": trust.display_name if trust else None,
        "closed_on": gone.isoformat() if gone else None,
        "successor_code": successor.code if successor else None,
        "successor_name": successor.display_name if successor else None,
        "succeeded_on": ended.succeeded_on.isoformat() if ended.succeeded_on else None,
    }


def sentence(one: dict[str, str | None]) -> str:
    member = f"{one['code']} {one['name']}" if one["name"] != one["code"] else f"{one['code']}"
    if one["trust_code"]:
        member += f" (a unit of {one['trust_code']} {one['trust_name']})"
    took_over = "no successor recorded"
    if one["successor_code"]:
        took_over = f"succeeded by {one['successor_code']} {one['successor_name']} on {one['succeeded_on']}"
    partnership = f"{one['partnership']} ({one['partnership_code'] or 'no code'})"
    return f"{partnership}: {member}, closed {one['closed_on']}, {took_over}"
