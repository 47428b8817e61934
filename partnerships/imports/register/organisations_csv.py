"""The ODS extracts ``etr`` (NHS trusts) and ``eccg`` (sub-ICB locations and former CCGs).

Both have the same 27 columns and no header, as has every extract of that family (sites, practices, pharmacies …), so
neither the shape nor the file's name tells them apart. Codes and names do: a trust's code begins with R (or T, a care
trust) and its name says "trust"; a commissioner's begins with a figure and its name says "CCG", "ICB" or
"commissioning". Codes of five characters, given out to either since 2020, go by the name alone.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from partnerships.imports.register.cells import (
    AREA,
    COMMISSIONER,
    TRUST,
    CodePattern,
    UnusableCellError,
    check_order,
    code_of,
    day_of,
    name_of,
    optional_code,
    postcode_of,
    text_of,
)
from partnerships.imports.register.columns import FirstSeen, Refusals
from partnerships.imports.register.texts import Text
from partnerships.models import OrganisationKind, RegisterSource
from partnerships.register_facts import OrganisationFact, RegisterFacts, RegisterFileRefusedError

COLUMNS = 27
CODE, NAME, REGION, ICB, POSTCODE, OPENED, CLOSED = 0, 1, 2, 3, 9, 10, 11
TITLES = {
    CODE: "A (code)",
    NAME: "B (name)",
    REGION: "C (region)",
    ICB: "D (integrated care board)",
    OPENED: "K (open date)",
    CLOSED: "L (close date)",
}
NAMES_A_TRUST = re.compile(r"\bTRUST\b")
NAMES_A_COMMISSIONER = re.compile(r"\b(CCG|ICB|COMMISSIONING|SUB-ICB)\b")


def is_extract(text: Text) -> bool:
    """Whether most rows have the 27 columns of an ODS extract."""
    return sum(len(row) == COLUMNS for _, row in text.rows) * 2 > len(text.rows)


def read_extract(text: Text, latest: datetime.date) -> RegisterFacts:
    rows = text.rows[1:] if _is_header(text.first) else text.rows
    kind, codes = _recognised([row for _, row in rows])
    source = RegisterSource.TRUSTS if kind == OrganisationKind.TRUST else RegisterSource.COMMISSIONERS
    organisations, refusals, seen = [], Refusals(), FirstSeen()
    for number, row in rows:
        try:
            fact = _fact(row, number, kind, codes, latest)
            seen.check((fact.code,), number, TITLES[CODE])
            organisations.append(fact)
        except UnusableCellError as problem:
            refusals.add("", number, problem)
    return RegisterFacts(source=source, organisations=tuple(organisations), refused=tuple(refusals.rows))


def _is_header(row: Sequence[str]) -> bool:
    """Somebody may have given the extract a header line; its first cells then are words, not a code and a name."""
    return "CODE" in text_of(row[CODE]).upper() and len(row) > NAME and "NAME" in text_of(row[NAME]).upper()


def _recognised(rows: Sequence[Sequence[str]]) -> tuple[OrganisationKind, CodePattern]:
    pairs = [(text_of(row[CODE]).upper(), text_of(row[NAME]).upper()) for row in rows if len(row) == COLUMNS]
    trusts = sum(_is_trust(code, name) for code, name in pairs)
    commissioners = sum(_is_commissioner(code, name) for code, name in pairs)
    # a few stray or broken rows do not change what a file is; two extracts in one file are neither
    if trusts * 2 >= len(pairs) and trusts >= commissioners * 3 and trusts:
        return OrganisationKind.TRUST, TRUST
    if commissioners * 2 >= len(pairs) and commissioners >= trusts * 3 and commissioners:
        return OrganisationKind.SUB_ICB, COMMISSIONER
    raise RegisterFileRefusedError(
        "it has the columns of an ODS extract, but its codes and names are neither those of NHS trusts (etr) nor of "
        f"sub-ICB locations (eccg): of {len(pairs)} rows {trusts} name a trust and {commissioners} a commissioner."
    )


def _is_trust(code: str, name: str) -> bool:
    return TRUST.matches(code) and NAMES_A_TRUST.search(name) is not None


def _is_commissioner(code: str, name: str) -> bool:
    return COMMISSIONER.matches(code) and NAMES_A_COMMISSIONER.search(name) is not None


def _fact(
    row: Sequence[str], number: int, kind: OrganisationKind, codes: CodePattern, latest: datetime.date
) -> OrganisationFact:
    if len(row) != COLUMNS:
        raise UnusableCellError("A to AA", f"the row has {len(row)} columns instead of {COLUMNS}.")
    code = code_of(row[CODE], TITLES[CODE], codes)
    name = name_of(row[NAME], TITLES[NAME])
    _check_kind(code, name.upper(), kind)
    opened = day_of(row[OPENED], TITLES[OPENED], latest)
    closed = day_of(row[CLOSED], TITLES[CLOSED], latest)
    check_order(opened, closed, TITLES[CLOSED], "open date", "close date")
    return OrganisationFact(
        code=code,
        name=name,
        kind=kind,
        sheet="",
        row=number,
        region_code=optional_code(row[REGION], TITLES[REGION], AREA),
        icb_code=optional_code(row[ICB], TITLES[ICB], AREA),
        postcode=postcode_of(row[POSTCODE]),
        opened_on=opened,
        closed_on=closed,
    )


def _check_kind(code: str, name: str, kind: OrganisationKind) -> None:
    """A row of the other extract, with a code that either may have, is told by its name."""
    is_trust, is_commissioner = NAMES_A_TRUST.search(name), NAMES_A_COMMISSIONER.search(name)
    if kind == OrganisationKind.TRUST and is_commissioner and not is_trust:
        raise UnusableCellError(TITLES[NAME], f"{code} is named like a commissioner, in a file of NHS trusts.")
    if kind == OrganisationKind.SUB_ICB and is_trust and not is_commissioner:
        raise UnusableCellError(TITLES[NAME], f"{code} is named like a trust, in a file of sub-ICB locations.")
