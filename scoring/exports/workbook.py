"""The whole recommendation as an XLSX workbook with native tables and charts."""

from __future__ import annotations

import datetime
from io import BytesIO

from django.utils import timezone
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

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
from partnerships.models import Organisation
from scoring.findings import Findings
from scoring.models import Label

SIZE = {"x_scale": 1.6, "y_scale": 1.5}
# Shape before colour, as on the page.
MARKERS = {
    Label.PRIORITISE: "circle",
    Label.SUSTAIN: "square",
    Label.BUILD: "triangle",
    Label.DO_THE_MINIMUM: "plus",
    Label.STEP_DOWN: "diamond",
    Label.FIND_OUT_FIRST: "star",
    Label.SAY_NO_KINDLY: "x",
}


def recommendation_workbook(
    organisation: Organisation, findings: Findings, *, made_at: datetime.datetime | None = None
) -> bytes:
    """The bytes of the workbook. ``made_at``: when it was scored; now by default."""
    out = BytesIO()
    book = workbook_into(out)
    moment = timezone.localtime(made_at or timezone.now())
    book.set_properties({"title": f"Recommendation for {organisation.display_name}", "comments": findings.sentence})
    formats = Formats.of(book)
    _summary(book.add_worksheet("Summary"), formats, organisation, findings, moment)
    _recommendation(book, book.add_worksheet("Recommendation"), formats, findings)
    _capacity(book, book.add_worksheet("Capacity"), formats, findings)
    if findings.result["load_curve"] is not None:
        _load_curve(book, book.add_worksheet("Load curve"), formats, findings)
    _levels(book.add_worksheet("Levels"), formats, findings)
    _about(book.add_worksheet("About"), formats, organisation, findings, moment)
    book.close()
    return out.getvalue()


def _summary(
    sheet: Worksheet, formats: Formats, organisation: Organisation, findings: Findings, moment: datetime.datetime
) -> None:
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 90)
    write_cell(sheet, 0, 0, f"Recommendation for {organisation.display_name}", formats.title)
    pairs: list[tuple[str, Cell]] = [
        ("In one sentence", findings.sentence),
        ("Scored", f"{moment:%-d %B %Y at %H:%M}"),
        ("Partnerships", len(findings.partnerships)),
    ]
    pairs += [(label.label, count) for label, count in findings.counts.items()]
    pairs += [
        ("Value promised today (points)", findings.promised_today),
        ("Value that can be delivered today (points)", findings.deliverable_today),
        ("Value recommended (points)", findings.recommended_value),
    ]
    if organisation.is_invented:
        pairs.insert(0, ("Please note", INVENTED))
    row = write_pairs(sheet, formats, pairs, first_row=2)
    for line, caveat in enumerate(findings.caveats):
        write_cell(sheet, row + line, 0, "What this rests on" if line == 0 else None, formats.heading)
        write_cell(sheet, row + line, 1, caveat, formats.wrapped)


def _recommendation(book: Workbook, sheet: Worksheet, formats: Formats, findings: Findings) -> None:
    columns = [
        Column("Number", 9, formats.whole),
        Column("Partnership", 44, formats.wrapped),
        Column("Recommendation", 18, formats.text),
        Column("Level", 16, formats.text),
        Column("Today", 16, formats.text),
        Column("How sure", 14, formats.text),
        Column("Best in this share of versions", 14, formats.share),
        Column("Value (points)", 11, formats.value),
        Column("Value today (points)", 11, formats.value),
        Column("Value if fully ready (points)", 13, formats.value),
        Column("Readiness", 11, formats.share),
    ]
    columns += [Column(f"{pool.label} days a quarter", 12, formats.days) for pool in findings.pools]
    columns += [
        Column("Duty", 8, formats.text),
        Column("Reason", 80, formats.wrapped),
        Column("More", 90, formats.wrapped),
    ]
    rows: list[list[Cell]] = []
    for one in findings.advice:
        level, today = one.recommended, one.today
        rows.append(
            [
                one.number,
                one.name,
                one.label.label,
                level.name,
                today.name if today else None,
                one.confidence.label,
                level.share,
                level.value,
                today.value if today else None,
                one.value_at_full_readiness,
                one.readiness,
                *(level.days.get(pool.id, 0.0) for pool in findings.pools),
                "Yes" if one.is_mandated else "No",
                one.reason,
                " ".join(one.because),
            ]
        )
    first, last = write_table(sheet, "Recommendation", columns, rows, first_row=0)
    sheet.freeze_panes(1, 2)
    scarcest = next(place for place, pool in enumerate(findings.pools) if pool == findings.scarcest)
    _value_chart(book, sheet, findings, days_column=11 + scarcest, below=last + 2, first=first)


def _value_chart(
    book: Workbook, sheet: Worksheet, findings: Findings, *, days_column: int, below: int, first: int
) -> None:
    """A native scatter, one series a label: the rows of a label stand together, because the list is in that order."""
    chart = book.add_chart({"type": "scatter"})
    row = first
    for label, group in findings.groups:
        end = row + len(group) - 1
        chart.add_series(
            {
                "name": label.label,
                "categories": ["Recommendation", row, days_column, end, days_column],
                "values": ["Recommendation", row, 7, end, 7],
                "marker": {"type": MARKERS[label], "size": 9},
            }
        )
        row = end + 1
    chart.set_title({"name": "Value and days at the recommended level"})
    chart.set_x_axis({"name": f"{findings.scarcest.label} days a quarter"})
    chart.set_y_axis({"name": "Value (points)"})
    sheet.insert_chart(below, 1, chart, SIZE)


def _capacity(book: Workbook, sheet: Worksheet, formats: Formats, findings: Findings) -> None:
    columns = [
        Column("Pool", 24, formats.text),
        Column("Days available a quarter", 16, formats.days),
        Column("Asked for today", 16, formats.days),
        Column("Recommended", 16, formats.days),
        Column("Chance of too few days", 16, formats.share),
    ]
    overload = findings.result["overload"]
    rows: list[list[Cell]] = [
        [pool.label, pool.available, pool.today, pool.recommended, overload[pool.id]] for pool in findings.pools
    ]
    first, last = write_table(sheet, "Capacity", columns, rows, first_row=0)
    chart = book.add_chart({"type": "column"})
    for column in (1, 2, 3):
        chart.add_series(
            {
                "name": ["Capacity", 0, column],
                "categories": ["Capacity", first, 0, last, 0],
                "values": ["Capacity", first, column, last, column],
            }
        )
    chart.set_title({"name": "Days available, asked for today and recommended"})
    chart.set_y_axis({"name": "Days a quarter"})
    sheet.insert_chart(last + 2, 0, chart, SIZE)


def _load_curve(book: Workbook, sheet: Worksheet, formats: Formats, findings: Findings) -> None:
    curve = findings.result["load_curve"]
    columns = [
        Column("Attention (points)", 18, formats.whole),
        Column("Best total value (points)", 18, formats.value),
        Column("If attention were free (points)", 22, formats.value),
    ]
    rows: list[list[Cell]] = [[point["load"], point["value"], point["before_penalty"]] for point in curve["points"]]
    first, last = write_table(sheet, "LoadCurve", columns, rows, first_row=0)
    chart = book.add_chart({"type": "scatter", "subtype": "straight"})
    for column in (1, 2):
        chart.add_series(
            {
                "name": ["Load curve", 0, column],
                "categories": ["Load curve", first, 0, last, 0],
                "values": ["Load curve", first, column, last, column],
            }
        )
    chart.set_title({"name": "The tipping point"})
    chart.set_x_axis({"name": "Attention asked for (points)"})
    chart.set_y_axis({"name": "Total value (points)"})
    sheet.insert_chart(1, 4, chart, SIZE)
    noted = findings.assumptions["tipping_point"]
    marks: list[tuple[str, Cell]] = [
        ("Today", None if curve["today"] is None else curve["today"]["load"]),
        ("Recommended", findings.result["advised"]["load"]),
        ("Highest value at", curve["highest"]["load"] if curve["highest"] else None),
        ("One more starts to hurt at (assumed)", noted["hurts_from"]),
        ("One more adds nothing at (assumed)", noted["adds_nothing_at"]),
    ]
    write_pairs(sheet, formats, marks, first_row=last + 2)


def _levels(sheet: Worksheet, formats: Formats, findings: Findings) -> None:
    """Every level of every partnership: the numbers behind the choice."""
    columns = [
        Column("Partnership", 44, formats.wrapped),
        Column("Level", 16, formats.text),
        Column("Value (points)", 12, formats.value),
        Column("Best in this share of versions", 14, formats.share),
        Column("Lost if forced (points)", 14, formats.value),
    ]
    columns += [Column(f"{pool.label} days a quarter", 12, formats.days) for pool in findings.pools]
    rows: list[list[Cell]] = [
        [
            one.name,
            level.name,
            level.value,
            level.share,
            level.loss,
            *(level.days.get(pool.id, 0.0) for pool in findings.pools),
        ]
        for one in findings.advice
        for level in one.levels
    ]
    write_table(sheet, "Levels", columns, rows, first_row=0)
    sheet.freeze_panes(1, 1)


def _about(
    sheet: Worksheet, formats: Formats, organisation: Organisation, findings: Findings, moment: datetime.datetime
) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 100)
    write_cell(sheet, 0, 0, "About this recommendation", formats.title)
    people = findings.document["weights"]
    pairs: list[tuple[str, Cell]] = [
        ("Organisation", f"{organisation.display_name} ({organisation.code})"),
        ("Run", findings.run_number or "Scored for this file alone; not stored as a run"),
        ("Scored", f"{moment:%-d %B %Y at %H:%M}"),
        ("Engine version", findings.result["engine_version"]),
        ("Inputs (SHA-256)", findings.inputs_hash),
        ("Plausible versions tried", findings.result["draws"]),
        ("Weights of", f"{len(people)} decision makers" if people else "nobody yet: all equal"),
        ("Value", "Points on your own criteria, compared with no partnership; only differences matter."),
        ("How sure", "How often a level is best over plausible versions of the inputs. Not a chance of success."),
    ]
    if findings.result["today"] is not None:
        pairs.append(("Today", findings.result["today"]["assumption"]))
    if organisation.is_invented:
        pairs.insert(0, ("Please note", INVENTED))
    row = write_pairs(sheet, formats, pairs, first_row=2)
    for line, caveat in enumerate(findings.caveats):
        write_cell(sheet, row + line, 0, "Assumption", formats.heading)
        write_cell(sheet, row + line, 1, caveat, formats.wrapped)
