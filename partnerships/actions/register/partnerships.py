"""Partnerships of a register file: integrated care boards, primary care networks, clinical networks."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from partnerships.actions.register.bulk_rows import insert_rows, new_keys, update_rows
from partnerships.isolation import acting_for_several
from partnerships.models import Partnership, PartnershipKind
from partnerships.naming import same_name, short_slug
from partnerships.over_all_organisations import ids_of
from partnerships.register_facts import Outcome, PartnershipFact, RegisterFacts

FACTS = ("name", "icb_code", "sub_icb_code", "postcode", "as_of", "started_on", "ended_on")


@dataclass(slots=True)
class Known:
    """A partnership as the database has it; changed in place, and written back where it then differs."""

    id: int
    code: str
    name: str
    icb_code: str
    sub_icb_code: str
    postcode: str
    as_of: datetime.date | None
    started_on: datetime.date | None
    ended_on: datetime.date | None

    def facts(self) -> tuple[object, ...]:
        return (
            self.name, self.icb_code, self.sub_icb_code, self.postcode, self.as_of, self.started_on, self.ended_on,
        )  # fmt: skip


def known_partnerships(facts: RegisterFacts) -> dict[str, Known]:
    """All partnerships of the file's register by register code, also those the file does not list."""
    held = Partnership.objects.filter(source=facts.source).order_by()
    return {row[1]: Known(*row) for row in held.values_list("id", "register_code", *FACTS)}


def apply_partnerships(facts: RegisterFacts, as_of: datetime.date, outcome: Outcome) -> dict[str, Known]:
    """Write the file's partnerships; returns all those of its register by code as they then stand."""
    known = known_partnerships(facts)
    before = {code: held.facts() for code, held in known.items()}
    noun = partnerships_noun(facts)
    new = [fact for fact in facts.partnerships if fact.code not in known]
    for fact in facts.partnerships:
        if fact.code in known:
            what = _compare(fact, known[fact.code], as_of)
            tally = outcome.tally(noun)
            setattr(tally, what, getattr(tally, what) + 1)
    rows = [(held.id, *held.facts()) for code, held in known.items() if held.facts() != before[code]]
    update_rows(Partnership, "id", FACTS, rows)
    if new:
        _add(new, facts, as_of, known)
        outcome.tally(noun).created += len(new)
    return known


def partnerships_noun(facts: RegisterFacts) -> str:
    return f"partnerships: {facts.kind.replace('-', ' ')}s"


def _compare(fact: PartnershipFact, held: Known, as_of: datetime.date) -> str:
    if held.as_of and as_of < held.as_of:
        return "unchanged"
    renamed = not same_name(fact.name, held.name)
    closed = held.ended_on is None and fact.ended_on is not None
    redated = held.ended_on != fact.ended_on
    if renamed or held.name == held.name.upper():
        held.name = fact.name
    held.icb_code = fact.icb_code or held.icb_code
    held.sub_icb_code = fact.sub_icb_code or held.sub_icb_code
    held.postcode = fact.postcode or held.postcode
    held.as_of, held.started_on, held.ended_on = as_of, fact.started_on, fact.ended_on
    if closed:
        return "closed"
    return "changed" if renamed or redated else "unchanged"


def _add(new: list[PartnershipFact], facts: RegisterFacts, as_of: datetime.date, known: dict[str, Known]) -> None:
    """Add partnerships; ``known`` gains them."""
    kind = PartnershipKind.objects.get(code=facts.kind)
    slugs = _free_slugs(new)
    for key, fact in zip(new_keys(Partnership, len(new)), new, strict=True):
        known[fact.code] = Known(
            key, fact.code, fact.name, fact.icb_code, fact.sub_icb_code, fact.postcode,
            as_of, fact.started_on, fact.ended_on,
        )  # fmt: skip
    insert_rows(
        Partnership,
        ("id", "register_code", "slug", *FACTS),
        [(known[code].id, code, slug, *known[code].facts()) for code, slug in slugs.items()],
        kind_id=kind.pk,
        source=facts.source.value,
    )


def _free_slugs(new: Iterable[PartnershipFact]) -> dict[str, str]:
    """A readable address for each; where a name is borne by several, all but the first to come get their code too."""
    wanted = {fact.code: short_slug(fact.name) for fact in new}
    times = Counter(wanted.values())
    # Where an organisation recorded one before the ends of addresses were drawn, its address may be as short.
    with acting_for_several(ids_of("partnerships_organisations_in_use")):
        taken = set(Partnership.objects.filter(slug__in=wanted.values()).order_by().values_list("slug", flat=True))
    return {
        code: f"{slug}-{code.lower()}" if slug in taken or times[slug] > 1 else slug for code, slug in wanted.items()
    }
