"""Applying one register file: organisations, then partnerships, then memberships, in one transaction.

What is counted: an entry of the file is **created** when nothing had been known of it; **closed** when the file gives
it a last day that was not known (or, for a membership, no longer lists it); **changed** when it has another name, or
its last day was corrected or taken back; **unchanged** otherwise. Postcodes, regions, opening days and the board a
trust counts towards are kept up to date without being counted.
"""

from __future__ import annotations

import datetime

from django.db import connection, transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from partnerships.actions.register.memberships import apply_memberships, memberships_noun, newest_day
from partnerships.actions.register.organisations import NOUNS, apply_organisations
from partnerships.actions.register.partnerships import Known as KnownPartnership
from partnerships.actions.register.partnerships import apply_partnerships, partnerships_noun
from partnerships.actor import loading_register
from partnerships.audit import record_register_import
from partnerships.models import Organisation, Partnership, PartnershipMembership, Person, RegisterFile, RegisterSource
from partnerships.register_facts import Outcome, RegisterFacts

ONE_IMPORT_AT_A_TIME = 7_209_311  # an arbitrary number that names this lock among the database's
ENDS_WITH_ITS_MEMBERS = frozenset(
    {RegisterSource.ICB_PARTNERS, RegisterSource.EPILEPSY_NETWORKS, RegisterSource.DIABETES_NETWORKS}
)


@loading_register()
@transaction.atomic
def apply_register(
    *,
    facts: RegisterFacts,
    file_name: str,
    sha256: str,
    as_of: datetime.date | None,
    by: Person | None,
    allow_short: bool = False,
) -> Outcome:
    """Bring the database into line with one file dated ``as_of``; ``by`` is None for somebody at the server.

    Without ``as_of`` the file is dated as it was when it was applied before, or today.

    A file that was applied before and has been followed by another of the same register changes nothing, so that a
    list of files can be given again. Raises ``RegisterFileRefusedError`` for a list that is suspiciously short.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_IMPORT_AT_A_TIME])
    as_of = as_of or _day_before(facts.source, sha256) or timezone.localdate()
    outcome = Outcome(facts.source, as_of, refused=list(facts.refused), remarks=list(facts.remarks))
    if _was_followed(facts.source, sha256):
        _count_unchanged(facts, outcome)
        outcome.note = "This file was applied before, and another of its register after it: nothing to do."
        return outcome
    newest = newest_day(facts.source)
    is_older = newest is not None and as_of < newest
    if newest is not None and is_older:
        outcome.note = f"A newer file, of {newest:%-d %B %Y}, was applied before: what it says of members stands."
    organisations = apply_organisations(facts, as_of, outcome, is_older=is_older)
    partnerships = apply_partnerships(facts, as_of, outcome) if facts.kind else {}
    apply_memberships(facts, as_of, outcome, organisations, partnerships, newest=newest, allow_short=allow_short)
    if facts.source in ENDS_WITH_ITS_MEMBERS and facts.lists_members and not is_older:
        _end_deserted(facts, partnerships, as_of, outcome)
    _place_in_boards()
    _record(facts, file_name, sha256, outcome, by)
    return outcome


def _day_before(source: RegisterSource, sha256: str) -> datetime.date | None:
    """The day the same content was dated when it was last applied."""
    same = RegisterFile.objects.filter(source=source, sha256=sha256).order_by("-pk")
    return same.values_list("as_of", flat=True).first()


def _was_followed(source: RegisterSource, sha256: str) -> bool:
    """Whether the same content was applied before, and something else of the same register after it."""
    applied = RegisterFile.objects.filter(source=source)
    same = applied.filter(sha256=sha256).order_by("-pk").first()
    return same is not None and applied.filter(pk__gt=same.pk).exists()


def _count_unchanged(facts: RegisterFacts, outcome: Outcome) -> None:
    kinds = {fact.code: fact.kind for fact in facts.organisations}
    for fact in facts.organisations:
        outcome.tally(NOUNS[fact.kind]).unchanged += 1
    if facts.partnerships:
        outcome.tally(partnerships_noun(facts)).unchanged += len(facts.partnerships)
    for membership in facts.memberships:
        outcome.tally(memberships_noun(kinds[membership.organisation_code])).unchanged += 1


def _end_deserted(
    facts: RegisterFacts, partnerships: dict[str, KnownPartnership], as_of: datetime.date, outcome: Outcome
) -> None:
    """A board or network all of whose members have left, and that the newer list no longer has, has ended."""
    listed = {fact.code for fact in facts.partnerships}
    unlisted = [held.id for code, held in partnerships.items() if code not in listed and held.ended_on is None]
    memberships = PartnershipMembership.objects.filter(partnership__in=unlisted)
    deserted = set(memberships.values_list("partnership_id", flat=True)) - set(
        memberships.current_on(as_of).values_list("partnership_id", flat=True)
    )
    ended = Partnership.objects.filter(pk__in=deserted).update(ended_on=as_of, as_of=as_of)
    if ended:
        outcome.tally(partnerships_noun(facts)).closed += ended


def _place_in_boards() -> None:
    """Lead each network to the board its sub-ICB location now counts towards."""
    area = Organisation.objects.filter(code=OuterRef("sub_icb_code")).exclude(icb_code="")
    placed = Partnership.objects.exclude(sub_icb_code="").annotate(now_in=Subquery(area.values("icb_code")[:1]))
    placed.filter(now_in__isnull=False).exclude(icb_code=F("now_in")).update(
        icb_code=Subquery(area.values("icb_code")[:1])
    )


def _record(facts: RegisterFacts, file_name: str, sha256: str, outcome: Outcome, by: Person | None) -> None:
    """Remember the application, unless it only repeated one."""
    counts = {what: outcome.total(what) for what in ("created", "changed", "closed", "unchanged")}
    repeated = RegisterFile.objects.filter(source=facts.source, sha256=sha256, as_of=outcome.as_of)
    if repeated.exists() and not (counts["created"] or counts["changed"] or counts["closed"]):
        return
    RegisterFile.objects.create(
        name=file_name[:255],
        sha256=sha256,
        source=facts.source,
        as_of=outcome.as_of,
        imported_by=by,
        refused=len(outcome.refused),
        **counts,
    )
    record_register_import(what=f"{facts.source.label}: {file_name}", rows=sum(counts.values()), by=by)
