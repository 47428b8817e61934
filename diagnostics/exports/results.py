"""The results of a closed survey as an XLSX workbook with native tables and a chart: what its page shows, and no more.

What people wrote in their own words is there only where it is asked for: a file travels further than a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO

from django.utils import timezone
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from diagnostics.instrument.scoring import Estimate
from diagnostics.models import Round
from diagnostics.organisations import Cell as OrganisationCell
from diagnostics.places import by_place
from diagnostics.results import ItemLine, Line, OrganisationsCounted, RoundResults
from partnerships.exports.sheets import (
    INVENTED,
    Cell,
    Column,
    Formats,
    workbook_into,
    write_cell,
    write_pairs,
    write_table,
)

READ_ALOUD = (
    (
        "Mean",
        "From 1 (strongly disagree) to 5 (strongly agree), over people, or over organisations where the "
        "summary says so; over statements where somebody had no view on "
        "one of them. Agreeing is always the healthy side.",
    ),
    (
        "Likely from, likely to",
        "Where the mean of everybody invited lies 95 times in 100, if those who answered are like those who did not; "
        "over organisations, of everybody invited by those that answered.",
    ),
    ("Band", "From 4 strong, from 3 mixed, below that low; “between” where the range crosses an edge."),
    ("r*wg", "1: everybody says the same. 0: two camps at either end of the scale."),
    ("rwg(j)", "The same over several statements, against answers given at random: from 0.7 people agree."),
    (
        "Hidden",
        "Too few people had a view on it, or on enough of its statements. Those are left out and count nowhere.",
    ),
)
# Where each organisation counts once.
STILL_COUNTS_PEOPLE = (
    "How many answered, were asked or had a view; the means of a single organisation. Every other mean or share, and "
    "agreement in words, counts organisations."
)
CHARACTERISTIC = "Characteristic"
HEIGHT = 480  # pixels of the chart: eight bars with their names
PLACES = 2  # decimals: a mean to its last digit says more of single answers than the page does


def results_workbook(round_: Round, results: RoundResults, *, with_reasons: bool) -> bytes:
    """The bytes of the workbook; ``with_reasons`` adds what people wrote, in no order, as the page shows it."""
    out = BytesIO()
    book = workbook_into(out)
    name = round_.participation.partnership.display_name
    book.set_properties({"title": f"Survey of {name}"})
    formats = Formats.of(book)
    _summary(book.add_worksheet("Summary"), formats, round_, results, with_reasons=with_reasons)
    _results(book, book.add_worksheet("Results"), formats, results)
    _statements(book.add_worksheet("Statements"), formats, results)
    _places(book, formats, results)
    _organisations(book, formats, results)
    if with_reasons:
        _reasons(book.add_worksheet("What people wrote"), formats, results)
    book.close()
    return out.getvalue()


def count_of_rows(results: RoundResults) -> int:
    """How many rows of results the workbook has, as the record of who took it says."""
    return len(list(_lines(results)))


def _summary(sheet: Worksheet, formats: Formats, round_: Round, results: RoundResults, *, with_reasons: bool) -> None:
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 100)
    write_cell(sheet, 0, 0, f"Survey of {round_.participation.partnership.display_name}", formats.title)
    closed = f"{timezone.localtime(round_.closed_at):%-d %B %Y}" if round_.closed_at else None
    pairs: list[tuple[str, Cell]] = [
        ("Organisation", f"{round_.organisation.display_name} ({round_.organisation.code})"),
        ("What was asked", round_.get_subject_display()),
        ("Closed", closed),
        ("Answered", f"{results.answered} of {results.invited}"),
        ("How answers are read", round_.get_mode_display()),
        ("What a mean counts", _counted(round_, results)),
        ("Nothing is shown under", f"{results.needed} answers"),
        ("Answers that were “don’t know”", _dont_know(results)),
        ("Questions", f"Version {round_.instrument_version}"),
    ]
    if results.over_organisations:
        pairs.append(("What counts people", STILL_COUNTS_PEOPLE))
    if round_.organisation.is_invented:
        pairs.insert(0, ("Please note", INVENTED))
    if with_reasons:
        pairs.append(
            (
                "What people wrote",
                "On its own sheet, in no order. Words can tell whose they are: take care who gets it.",
            )
        )
    row = write_pairs(sheet, formats, pairs, first_row=2)
    write_cell(sheet, row + 1, 0, "How to read it", formats.heading)
    write_pairs(sheet, formats, READ_ALOUD, first_row=row + 2)


def _dont_know(results: RoundResults) -> str:
    if results.dont_know is None:
        return "No statement is shown"
    once = ", each organisation counting once" if results.counts else ""
    return f"{results.dont_know:.0%} of those to the statements shown{once}; not in the means"


def _counted(round_: Round, results: RoundResults) -> str:
    if results.counts:
        return " ".join(_organisations_counted(results.counts, results.needed))
    if round_.counts_organisations:
        return "Each person once: too few people answered for organisations to count once each"
    return "Each person once"


def _organisations_counted(counts: OrganisationsCounted, needed: int) -> Iterator[str]:
    """As the page says it."""
    yield f"Each organisation once: {'; '.join(counts.own)}."
    if counts.few:
        each = " for each" if len(counts.few) > 1 else ""
        yield f"As one more, together: {'; '.join(counts.together)}."
        yield f"{'; '.join(counts.few)}: fewer than {needed} people had a view on some statement{each}."
    if counts.joined:
        yield (
            f"{'; '.join(counts.joined)} counts with them, who would be too few to show by themselves: of "
            "those with enough views, fewest people were asked there."
        )
    if counts.silent:
        yield f"No mean counts {'; '.join(counts.silent)}, for which nobody answered."


def _lines(results: RoundResults) -> Iterator[tuple[str, Line]]:
    """Every line of the results with what it is: overall, the groups, the eight, their parts, what stands beside."""
    yield "Overall", results.overall
    for line in results.groups:
        yield "Group", line
    for line in results.characteristics:
        yield CHARACTERISTIC, line
    for line in results.characteristics:
        for atom in line.atoms:
            yield f"Part of “{line.name}”", atom
    for line in results.topics:
        yield "Beside the eight", line


def _results(book: Workbook, sheet: Worksheet, formats: Formats, results: RoundResults) -> None:
    columns = [
        Column("What", 32, formats.wrapped),
        Column("Name", 44, formats.wrapped),
        Column("Mean", 8, formats.value),
        Column("Likely from", 11, formats.value),
        Column("Likely to", 10, formats.value),
        Column("Band", 24, formats.wrapped),
        Column("People with a view", 18, formats.whole),
        Column("Agreement", 20, formats.text),
        Column("r*wg", 8, formats.value),
        Column("rwg(j)", 8, formats.value),
        *(Column(f"Share: {choice.label}", 12, formats.share) for choice in results.instrument.scale),
        Column("Share of don’t know", 12, formats.share),
    ]
    rows = [[what, *_of_line(line), *_spread(line, results)] for what, line in _lines(results)]
    _, last = write_table(sheet, "Results", columns, rows, first_row=0)
    sheet.freeze_panes(1, 2)
    eight = [row for row, (what, _) in enumerate(_lines(results), start=1) if what == CHARACTERISTIC]
    _chart(book, sheet, first=eight[0], last=eight[-1], below=last + 2)


def _of_line(line: Line) -> list[Cell]:
    if line.estimate is None or line.banding is None:
        return [line.name, None, None, None, "Hidden", None, None, None, None]
    one = line.estimate
    agreement = line.agreement.value if line.agreement else None
    return [
        line.name,
        *_of_estimate(one),
        line.banding.words,
        one.people,
        agreement,
        _rounded(line.agreed),
        _rounded(line.agreed_on_items),
    ]


def _spread(line: Line, results: RoundResults) -> list[Cell]:
    if line.distribution is None:
        return [None] * results.columns_of_spread
    return [*(_rounded(share.percent / 100) for share in line.distribution.shares), _rounded(line.dont_know)]


def _of_estimate(one: Estimate) -> list[Cell]:
    return [_rounded(one.mean), _rounded(one.low), _rounded(one.high)]


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, PLACES)


def _chart(book: Workbook, sheet: Worksheet, *, first: int, last: int, below: int) -> None:
    """Native bars of the eight, which stand together."""
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "Mean",
            "categories": ["Results", first, 1, last, 1],
            "values": ["Results", first, 2, last, 2],
        }
    )
    chart.set_title({"name": "The eight characteristics: mean from 1 to 5"})
    chart.set_x_axis({"min": 1, "max": 5})
    chart.set_y_axis({"reverse": True})
    chart.set_legend({"none": True})
    chart.set_size({"width": 900, "height": HEIGHT})
    sheet.insert_chart(below, 1, chart)


def _statements(sheet: Worksheet, formats: Formats, results: RoundResults) -> None:
    labels = [choice.label for choice in results.instrument.scale]
    columns = [
        Column("About", 36, formats.wrapped),
        Column("Statement", 70, formats.wrapped),
        Column("Mean", 8, formats.value),
        Column("Likely from", 11, formats.value),
        Column("Likely to", 10, formats.value),
        Column("Agreement", 20, formats.text),
        *(Column(label, 12, formats.share if results.over_organisations else formats.whole) for label in labels),
        Column("Share of don’t know", 12, formats.share),
    ]
    rows = [[line.name, *_of_item(item)] for line, item in _shown_items(results)]
    write_table(sheet, "Statements", columns, rows, first_row=0)
    sheet.freeze_panes(1, 2)


def _shown_items(results: RoundResults) -> Iterator[tuple[Line, ItemLine]]:
    for line in (*results.characteristics, *results.topics):
        for item in line.items:
            yield line, item


def _of_item(item: ItemLine) -> list[Cell]:
    agreement = item.agreement.value if item.agreement else None
    shares = item.distribution.shares
    counts = [_rounded(one.percent / 100) if one.count is None else one.count for one in shares]
    return [item.item.text, *_of_estimate(item.estimate), agreement, *counts, _rounded(item.dont_know)]


def _places(book: Workbook, formats: Formats, results: RoundResults) -> None:
    places = by_place(results)
    if places is None:
        return
    columns = [
        Column("Where people work", 40, formats.text),
        Column("Answered", 10, formats.whole),
        *(Column(name, 16, formats.value) for name, _ in places.rows),
    ]
    rows: list[list[Cell]] = [
        [name, people, *(_rounded(cells[at][1].mean) for _, cells in places.rows)]
        for at, (name, people) in enumerate(places.columns)
    ]
    write_table(book.add_worksheet("Where people work"), "WherePeopleWork", columns, rows, first_row=0)


def _organisations(book: Workbook, formats: Formats, results: RoundResults) -> None:
    table = results.by_organisation
    if table is None:
        return
    columns = [
        Column("Organisation", 40, formats.text),
        Column("Answered", 10, formats.whole),
        Column("Asked", 10, formats.whole),
        *(Column(name, 16, formats.value) for name in table.scales),
    ]
    rows: list[list[Cell]] = [[row.name, row.answered, row.invited, *_means(row.cells)] for row in table.rows]
    write_table(book.add_worksheet("By organisation"), "ByOrganisation", columns, rows, first_row=0)


def _means(cells: Sequence[OrganisationCell]) -> list[Cell]:
    return [_rounded(cell.estimate.mean) if cell.estimate else None for cell in cells]


def _reasons(sheet: Worksheet, formats: Formats, results: RoundResults) -> None:
    columns = [
        Column("About", 36, formats.wrapped),
        Column("Statement", 60, formats.wrapped),
        Column("What somebody who disagreed wrote", 90, formats.wrapped),
    ]
    rows: list[list[Cell]] = [
        [line.name, item.item.text, reason] for line, item in _shown_items(results) for reason in item.reasons
    ]
    write_table(sheet, "WhatPeopleWrote", columns, rows, first_row=0)
