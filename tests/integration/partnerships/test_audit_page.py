"""Who did what: every line in words, searched, a page at a time and as a file, and never another organisation's."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.actor import commanding, working_on
from partnerships.audit import AGAIN, record_deed
from partnerships.exports import record
from partnerships.isolation import acting_for
from partnerships.models import (
    AccessGrant,
    CapacityPool,
    DaysNeeded,
    Deed,
    DeedKind,
    Objective,
    Organisation,
    Participation,
    Partnership,
    Person,
    Role,
)
from partnerships.record.lines import Place, Search, newest_of, page_of, tables
from partnerships.record.words import FIELDS, Line, fact_of, in_words
from partnerships.recording import RECORDED
from tests.factories import PersonFactory, active_participation, in_role, organisation_with_people
from tests.integration.partnerships.conftest import Desk, Page, words_of
from tests.integration.partnerships.test_edit_days import box, open_form, path_of
from tests.integration.safety.world import furnish

AUDIT = "audit/"


@pytest.fixture
def office(desk: Desk) -> Desk:
    """The same organisation with its administrator at the desk."""
    return desk.as_(in_role(desk.organisation, Role.ADMINISTRATOR))


def lines_on(page: Page) -> list[Line]:
    lines: list[Line] = page.context["lines"]
    return lines


def all_lines(organisation: Organisation, **search: Any) -> list[Line]:
    pages = newest_of(Search(organisation, **search), most=10_000, at_a_time=500)
    return [line for entries in pages for line in in_words(organisation, entries)]


def sentences(page: Page) -> list[str]:
    return [f"{line.who}: {line}" for line in lines_on(page)]


def renamed(person: Person, name: str) -> Person:
    Person.objects.filter(pk=person.pk).update(name=name)
    person.name = name
    return person


def pools(organisation: Organisation, many: int) -> None:
    """So many lines of one moment, as one transaction makes them."""
    with acting_for(organisation), commanding("a_test"):
        CapacityPool.objects.bulk_create(
            CapacityPool(organisation=organisation, code=f"p{number}", name=f"Pool {number}") for number in range(many)
        )


# In words


def test_a_change_of_days_is_one_sentence_with_what_it_was(desk: Desk, office: Desk) -> None:
    renamed(desk.lead, "Ada Shah")
    participation = desk.participation()
    path, name = path_of(participation), participation.partnership.display_name
    desk.post(path, open_form(desk, participation) | {box(desk, "sustain", "likely"): "10"})
    desk.post(path, open_form(desk, participation) | {box(desk, "sustain", "likely"): "12"})
    page = office.get(AUDIT)
    [changed] = [line for line in lines_on(page) if line.is_change and "days" in line.what]
    assert (changed.who, str(changed)) == ("Ada Shah", f"Changed the days of {name}: Executive, Sustain")
    assert "likely: 10 → 12" in map(str, changed.changes)
    assert f"/partnerships/{participation.partnership.slug}/" in words_of(page)


def others(field: Any, row: models.Model) -> Iterator[Any]:
    """What a field could say instead."""
    now = getattr(row, field.attname)
    if field.related_model is not None:
        rows = field.related_model._base_manager.exclude(pk=now)
        if "organisation" in {one.name for one in field.related_model._meta.fields}:
            rows = rows.filter(organisation=row.organisation)  # type: ignore[attr-defined]
        yield from rows.order_by("pk").values_list("pk", flat=True)[:8]
    elif field.choices:
        yield from (choice for choice, _ in field.choices if choice != now)
    elif isinstance(field, models.BooleanField):
        yield not now
    elif isinstance(field, models.DateTimeField):
        yield timezone.now() + datetime.timedelta(days=400)
    elif isinstance(field, models.DateField):
        yield from (datetime.date(2027, month, 1) for month in (1, 4, 10))
    elif isinstance(field, models.DecimalField | models.IntegerField):
        yield from ((now or 0) + step for step in (1, -1, 7))
        yield 0.5
    elif isinstance(field, models.CharField | models.TextField):
        yield "other.words@example.org"
    else:
        yield ["reader", "executive"]


def changed_everywhere(organisation: Organisation, model: type[models.Model]) -> int:
    """How many fields of a model's rows the database lets us change, each left as it was found afterwards."""
    recorded = RECORDED[model]
    kept = {field.name for field in recorded.events._meta.local_fields} - recorded.left_out
    done = 0
    for row in rows_of(organisation, model)[:3]:
        for field in (one for one in model._meta.local_fields if one.name in kept):
            done += any(accepted(model, row, field, value) for value in others(field, row))
    return done


def accepted(model: type[models.Model], row: models.Model, field: Any, value: Any) -> bool:
    try:
        with transaction.atomic():
            model._base_manager.filter(pk=row.pk).update(**{field.attname: value})
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except (DatabaseError, ValidationError):
        return False
    return True


def removed(row: models.Model) -> bool:
    try:
        with transaction.atomic():
            row.delete()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except (DatabaseError, models.ProtectedError):
        return False
    return True


def rows_of(organisation: Organisation, model: type[models.Model]) -> Any:
    names = {one.name for one in model._meta.fields}
    rows: Any
    if model is Person:
        rows = Person.objects.filter(access_grants__organisation=organisation).distinct()
    elif model._meta.model_name == "partnershipmembership":
        rows = model._base_manager.filter(partnership__recorded_by=organisation)
    else:
        owner = "organisation" if "organisation" in names else "recorded_by"
        rows = model._base_manager.filter(**{owner: organisation})
    return rows.order_by("pk")


def test_whatever_is_recorded_has_a_sentence_for_what_came_changed_and_went(db: None) -> None:
    """One of every recorded model is added, changed in every field that can be, and removed where it can be."""
    house = furnish("Ownhouse")
    organisation, seen = house.organisation, dict[str, set[str]]()
    with acting_for(organisation), commanding("a_test"):
        trackers = {model: one.events.pgh_trackers or () for model, one in RECORDED.items()}  # type: ignore[attr-defined]
        changing = [model for model in RECORDED if len(trackers[model]) > 2]
        for model in changing:
            assert changed_everywhere(organisation, model), model
        gone = {model for model in reversed(RECORDED) for row in rows_of(organisation, model) if removed(row)}
    assert len(gone) > 12
    for entries in newest_of(Search(organisation), most=10_000, at_a_time=500):
        for entry, line in zip(entries, in_words(organisation, entries), strict=True):
            seen.setdefault(entry.table, set()).add(entry.label)
            said_plainly(line)
    expected = {model._meta.label_lower for model in RECORDED} | {"deed"} - ({"deed"} - set(seen))
    assert expected <= set(seen)
    assert {table for table, labels in seen.items() if "delete" in labels} == {one._meta.label_lower for one in gone}
    assert sum("update" in labels for labels in seen.values()) >= len(changing) > 40


def leads_to_a_partnership(model: type[models.Model]) -> bool:
    """Whether a row is of one partnership, by itself or by a recorded row that it belongs to (not one of its own)."""
    fields = [field for field in model._meta.local_fields if not field.one_to_one]
    targets = {field.related_model for field in fields if field.related_model in RECORDED}
    return (
        model is Partnership
        or bool(targets & {Partnership, Participation})
        or any(RECORDED[target].partnership for target in targets)
    )


def test_whatever_is_of_a_partnership_is_found_by_it(db: None) -> None:
    house = furnish("Ownhouse")
    with acting_for(house.organisation):
        every = all_lines(house.organisation)
        by_it = [
            (participation.partnership, line)
            for participation in house.organisation.participations.all()
            for line in all_lines(house.organisation, partnership=participation.partnership_id)
        ]
        ids = house.organisation.participations.values_list("partnership", flat=True)
        found = {
            entry.table
            for pk in ids
            for entries in newest_of(Search(house.organisation, partnership=pk), most=10_000, at_a_time=500)
            for entry in entries
        }
    assert all(line.partnership and line.partnership.name == one.display_name for one, line in by_it)
    assert not [str(line) for line in every if "no longer there" in str(line)]
    assert len(by_it) == sum(line.partnership is not None for line in every)
    assert found >= {"decisions.planaction", "partnerships.capacityadjustment", "partnerships.adjusteddays"}
    assert found >= {
        model._meta.label_lower
        for model, one in RECORDED.items()
        if one.owner == "organisation_id" and leads_to_a_partnership(model)
    }


def said_plainly(line: Line) -> None:
    said = [str(line), line.who, *(change.fact for change in line.changes)]
    for words in said:
        assert words
        assert "_" not in words, words
        assert "None" not in words, words
        assert "no longer there" not in words, words
        assert "participation" not in words, words
        assert not re.search(r"\b(pgh|pk|id)\b", words), words
    for change in line.changes:
        assert "no longer there" not in str(change), change
        assert change.new not in ("", "None", "True", "False"), change
    if line.is_change:
        assert line.changes, line


def test_every_field_is_called_something_plain() -> None:
    for recorded in RECORDED.values():
        for field in recorded.events._meta.local_fields:
            if not field.name.startswith("pgh_") and field.name not in recorded.left_out:
                words = fact_of(field)
                assert "_" not in words
                assert field.name in FIELDS or not re.search(r"^is |^may | (at|on)$", words), words


def test_deeds_are_sentences_too(office: Desk) -> None:
    renamed(office.lead, "Ada Shah")
    participation = office.participation()
    name = participation.partnership.display_name
    told: dict[str, Any] = {"organisation": office.organisation, "by": office.lead}
    with acting_for(office.organisation):
        record_deed(DeedKind.EXPORTED, what="the portfolio as CSV", rows=24, **told)
        in_survey: dict[str, Any] = {"what": f"in the survey of {name}", "participation": participation}
        record_deed(DeedKind.READ_FREE_TEXT, rows=1, **in_survey, **told)
        record_deed(DeedKind.TOOK_LINKS, what=f"of the survey of {name}", rows=12, participation=participation, **told)
        for kind in (DeedKind.SIGNED_IN, DeedKind.SIGNED_OUT, DeedKind.SIGN_IN_FAILED, DeedKind.IMPORTED_REGISTER):
            record_deed(kind, **told)
        record_deed(DeedKind.SIGN_IN_FAILED, what="refused", **told)
        record_deed(DeedKind.RECORDED_SUCCESSOR, what="Somerset took over from Yeovil on 1 April 2023", **told)
        record_deed(DeedKind.SIGN_IN_FAILED, what=f"too many tries {AGAIN}", **told)
    assert sentences(office.get(AUDIT))[:10] == [
        "Ada Shah: Did not get in as Ada Shah: too many tries when asked again who it is",
        "Ada Shah: Recorded that Somerset took over from Yeovil on 1 April 2023",
        "Somebody not signed in: Did not get in as Ada Shah: refused",
        "Ada Shah: Imported the register",
        "Somebody not signed in: Did not get in as Ada Shah: wrong password or code",
        "Ada Shah: Signed out",
        "Ada Shah: Signed in",
        f"Ada Shah: Took the personal links of the survey of {name}: 12 links",
        f"Ada Shah: Read what people wrote in the survey of {name}: 1 answer",
        "Ada Shah: Downloaded the portfolio as CSV: 24 rows",
    ]


def test_who_it_was_where_it_was_no_person(office: Desk) -> None:
    with acting_for(office.organisation):
        with working_on("scoring.score"):
            CapacityPool.objects.create(organisation=office.organisation, code="a", name="A")
        with commanding("import_portfolio"):
            CapacityPool.objects.create(organisation=office.organisation, code="b", name="B")
        CapacityPool.objects.create(organisation=office.organisation, code="c", name="C")
    assert set(sentences(office.get(AUDIT))) > {
        "A background task: Added the capacity pool: A",
        "A command at the server: Added the capacity pool: B",
        "Somebody not signed in, or at the database itself: Added the capacity pool: C",
    }


def test_a_row_that_is_gone_keeps_its_name(office: Desk) -> None:
    participation = office.participation()
    pool = CapacityPool.objects.create(organisation=office.organisation, code="spare", name="Spare hands")
    facts: dict[str, Any] = {"organisation": office.organisation, "low": 1, "likely": 2, "high": 3, "pool": pool}
    facts["level"] = participation.level
    days = DaysNeeded.objects.create(participation=participation, **facts)
    days.delete()
    pool.delete()
    name = participation.partnership.display_name
    assert f"Removed the days of {name}: Spare hands, Sustain" in map(str, lines_on(office.get(AUDIT)))


def test_the_page_works_after_a_partnership_was_removed(office: Desk) -> None:
    participation = office.participation()
    slug, name = participation.partnership.slug, participation.partnership.display_name
    participation.delete()
    page = office.get(f"{AUDIT}?partnership={slug}")
    assert "Removed the record of " + name in [str(line) for line in lines_on(page)]
    assert f"/partnerships/{slug}/" not in words_of(page)
    with acting_for(office.organisation), commanding("a_test"):
        participation.partnership.delete()
    page = office.get(AUDIT)
    assert "Removed the public record of " + name in [str(line) for line in lines_on(page)]


def test_a_long_text_shows_what_differs(office: Desk) -> None:
    participation = office.participation(purpose="To plan services together. " * 20 + "First.")
    participation.purpose = "To plan services together. " * 20 + "Second."
    participation.save()
    [line] = [line for line in lines_on(office.get(AUDIT)) if line.is_change]
    [shown], [whole] = line.in_short, line.changes
    assert shown.old.startswith("…")
    assert shown.old.endswith("First.")
    assert shown.new.endswith("Second.")
    assert len(shown.new) < 60 < len(whole.new)


# Search


def test_by_person_by_partnership_and_by_both(desk: Desk, office: Desk) -> None:
    first, second = desk.participation(), desk.participation()
    for one in (first, second):
        desk.post(path_of(one), open_form(desk, one) | {box(desk, "sustain", "likely"): "4"})
    of_lead = office.get(f"{AUDIT}?person={desk.lead.pk}")
    assert {line.who for line in lines_on(of_lead)} == {desk.lead.name}
    of_first = office.get(f"{AUDIT}?partnership={first.partnership.slug}")
    names = {line.partnership.name for line in lines_on(of_first) if line.partnership}
    assert names == {first.partnership.display_name}
    assert len(lines_on(of_first)) >= 2
    both = office.get(f"{AUDIT}?person={desk.lead.pk}&partnership={first.partnership.slug}")
    assert [(line.who, line.what) for line in lines_on(both)] == [(desk.lead.name, "Added the days")]


def day(name: str, value: datetime.date) -> str:
    return f"{name}-day={value.day}&{name}-month={value.month}&{name}-year={value.year}"


def deed_at(organisation: Organisation, at: datetime.datetime, what: str) -> None:
    Deed.objects.create(organisation=organisation, kind=DeedKind.EXPORTED, what=what, done_at=at)


def test_by_days_both_counted_in_as_the_clock_here_has_them(office: Desk) -> None:
    for what, at in {
        "before": datetime.datetime(2026, 6, 9, 22, 59, tzinfo=datetime.UTC),
        "first": datetime.datetime(2026, 6, 9, 23, 0, tzinfo=datetime.UTC),  # midnight in British summer time
        "last": datetime.datetime(2026, 6, 11, 22, 59, tzinfo=datetime.UTC),
        "after": datetime.datetime(2026, 6, 11, 23, 0, tzinfo=datetime.UTC),
    }.items():
        deed_at(office.organisation, at, what)
    since, until = datetime.date(2026, 6, 10), datetime.date(2026, 6, 11)
    page = office.get(f"{AUDIT}?{day('since', since)}&{day('until', until)}")
    assert [str(line) for line in lines_on(page)] == ["Downloaded last", "Downloaded first"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "since-day=2&since-month=5&since-year=2026&until-day=1&until-month=5&until-year=2026",
            "The day to search to is before the day to search from. Check both.",
        ),
        ("since-day=31&since-month=2&since-year=2026", "Enter a real date, for example 1 4 2026."),
        ("until-day=3&until-month=2", "Enter the day, the month and the year, for example 1 4 2026."),
        ("since-day=3&since-month=2&since-year=26", "Enter the day to search from with all four figures of its year."),
        ("until-day=3&until-month=2&until-year=9999", "Enter the day to search to with all four figures of its year."),
        ("person=999999", "Choose the person from the list."),
        ("partnership=no-such", "Choose the partnership from the list."),
    ],
)
def test_what_cannot_be_searched_for_is_said_and_nothing_typed_is_lost(office: Desk, query: str, said: str) -> None:
    page = office.get(f"{AUDIT}?{query}")
    assert page.status_code == 200
    words = words_of(page)
    assert words.count(said) == 2  # above, and at the field
    assert "There is a problem" in words
    assert lines_on(page) == []
    for name, typed in (part.split("=") for part in query.split("&") if part.startswith(("since", "until"))):
        assert re.search(rf'name="{name}"[^>]*value="{typed}"', words), name
    to_the_page = office.get(f"audit/export.csv?{query}")
    assert (to_the_page.status_code, to_the_page["Location"]) == (302, f"{office.at(AUDIT)}?{query}")


def test_nothing_found_and_nothing_recorded_say_what_to_do(office: Desk) -> None:
    page = office.get(f"{AUDIT}?since-day=1&since-month=1&since-year=2090")
    assert "Nothing on the record matches this search." in words_of(page)
    assert f'href="{office.at(AUDIT)}">show everything</a>' in words_of(page)


# Pages


def test_pages_lead_through_every_line_once_and_back(office: Desk) -> None:
    pools(office.organisation, 140)
    found: list[str] = []
    page = office.get(AUDIT)
    first = lines_on(page)
    assert len(first) == 50
    assert page.context["page"].newer is None
    while page.context["page"].older:
        found += map(str, lines_on(page))
        back = page
        page = office.get(f"{AUDIT}?older={quote(str(page.context['page'].older))}")
        up = office.get(f"{AUDIT}?newer={quote(str(page.context['page'].newer))}")
        assert [str(line) for line in lines_on(up)] == [str(line) for line in lines_on(back)]
    found += map(str, lines_on(page))
    assert found == [str(line) for line in all_lines(office.organisation)]
    assert [line for line in found if "Pool 1" in line].count("Added the capacity pool: Pool 139") == 1


def test_lines_of_one_moment_in_many_tables_are_neither_lost_nor_doubled(db: None) -> None:
    """Everything of one transaction has one moment: table and number tell the lines apart."""
    organisation = organisation_with_people()[0]
    now = timezone.now()
    for number in range(5):
        deed_at(organisation, now, str(number))
    active_participation(organisation)
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
    whole = [entry.place for entry in page_of(Search(organisation), size=500).entries]
    assert len({place.at for place in whole}) < len(whole) / 4
    assert len(set(whole)) == len(whole)
    for size in (1, 3, 7):
        by_steps = [entry.place for page in newest_of(Search(organisation), most=500, at_a_time=size) for entry in page]
        assert by_steps == whole
    upwards = page_of(Search(organisation), newer=whole[-1], size=len(whole))
    assert [entry.place for entry in upwards.entries] == whole[:-1]
    assert upwards.newer is None


@pytest.mark.parametrize("place", ["x", "20260101T000000.000000~deed~1", "20260101T000000.000000~nothing~1", "~~", "-"])
def test_what_is_no_place_is_the_first_page(office: Desk, place: str) -> None:
    assert Place.from_text(place) is None
    page = office.get(f"{AUDIT}?older={place}")
    assert lines_on(page)
    assert page.context["page"].newer is None


def test_a_place_can_be_written_down_and_read(office: Desk) -> None:
    deed_at(office.organisation, timezone.now(), "it")
    for entry in page_of(Search(office.organisation)).entries:
        assert Place.from_text(str(entry.place)) == entry.place


def test_the_number_of_queries_does_not_grow(office: Desk) -> None:
    def queries(query: str = "") -> int:
        with CaptureQueriesContext(connection) as caught:
            assert lines_on(office.get(f"{AUDIT}{query}"))
        return len(caught)

    office.participation()
    few = queries()
    for _ in range(20):
        office.participation()
    pools(office.organisation, 200)
    for number in range(20):
        AccessGrant.objects.create(
            organisation=office.organisation, person=in_role(office.organisation, Role.READER), role=Role.EXECUTIVE
        )
        Objective.objects.create(organisation=office.organisation, code=f"o{number}", name=f"Objective {number}")
    older = page_of(Search(office.organisation)).older
    assert queries() <= few
    assert queries(f"?older={quote(str(older))}") <= few
    assert few < 30


def test_each_table_is_read_by_its_index(office: Desk) -> None:
    """And from the place on: what stands before a page is not read, however far down it is."""
    with CaptureQueriesContext(connection) as caught:
        page_of(Search(office.organisation), older=Place(timezone.now(), tables()[3], 5))
    [statement] = [one["sql"] for one in caught if "UNION ALL" in one["sql"]]
    with connection.cursor() as cursor:
        for other in ("seqscan", "bitmapscan", "sort", "incremental_sort"):  # what tables of a few rows are read by
            cursor.execute(f"SET LOCAL enable_{other} = off")
        cursor.execute("EXPLAIN " + statement.rpartition("; ")[2])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    # beside these, the policy of accounts asks for the times at which somebody held a role
    scans = re.findall(r"using \w+_when on (?!\w+ held).*\n\s*Index Cond: (.*)", plan)
    assert len(scans) == len(tables()) + 1  # accounts are looked for twice
    assert all(re.search("(pgh_created_at|done_at) <", condition) for condition in scans)


# Files


def test_the_csv_is_what_is_searched_for_and_is_itself_on_the_record(desk: Desk, office: Desk) -> None:
    renamed(desk.lead, "Ada Shah")
    participation = desk.participation()
    desk.post(path_of(participation), open_form(desk, participation) | {box(desk, "sustain", "likely"): "4"})
    answer = office.get(f"audit/export.csv?person={desk.lead.pk}")
    assert answer["Content-Disposition"] == f'attachment; filename="who-did-what-{office.organisation.code}.csv"'
    headings, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert headings == ["When", "Who", "What", "Partnership", "Details"]
    name = participation.partnership.display_name
    added = ["Ada Shah", f"Added the days of {name}: Executive, Sustain", name, "low: 2.8; likely: 4; high: 5.2"]
    assert added in [row[1:] for row in rows]
    assert {row[1] for row in rows} == {"Ada Shah"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", rows[0][0])
    [deed] = Deed.objects.filter(kind=DeedKind.EXPORTED)
    assert (deed.what, deed.rows) == ("who did what as CSV (Ada Shah)", len(rows))
    assert str(lines_on(office.get(AUDIT))[0]).startswith("Downloaded who did what as CSV (Ada Shah)")


def test_the_workbook_has_the_same(office: Desk) -> None:
    office.participation()
    by_csv = [*csv.reader(io.StringIO(office.get("audit/export.csv").content.decode("utf-8-sig")))]
    answer = office.get("audit/export.xlsx")
    sheet: Any = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == by_csv[0]
    assert rows[2:] == by_csv[1:]  # the first line of the later file is the download of the earlier
    assert "as CSV" in rows[1][2]


def test_no_cell_is_a_formula(office: Desk) -> None:
    """Names are what people typed; whatever a cell of ours begins with, a spreadsheet takes it for text."""
    renamed(office.lead, "=HYPERLINK(1)")
    told: dict[str, Any] = {"organisation": office.organisation, "by": office.lead}
    record_deed(DeedKind.EXPORTED, what="the portfolio", **told)
    text = office.get("audit/export.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert not [cell for row in csv.reader(io.StringIO(text)) for cell in row if cell[:1] in ("=", "+", "-", "@", "\t")]
    sheet: Any = openpyxl.load_workbook(io.BytesIO(office.get("audit/export.xlsx").content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value]
    assert "=HYPERLINK(1)" in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} == {"s"}


def test_a_file_that_is_cut_says_so(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnerships.views.audit.MOST_LINES", 7)
    monkeypatch.setattr(record, "AT_A_TIME", 3)
    pools(office.organisation, 20)
    assert "At most the newest 7 lines" in words_of(office.get(AUDIT))
    rows = [*csv.reader(io.StringIO(office.get("audit/export.csv").content.decode("utf-8-sig")))]
    assert len(rows) == 9
    assert rows[-1] == ["Only the newest 7 lines are here. Search for fewer days to have the others."]
    assert [row[2] for row in rows[1:-1]] == [str(line) for line in all_lines(office.organisation)[1:8]]


# Who may, and whose


@pytest.mark.parametrize("path", [AUDIT, "audit/export.csv", "audit/export.xlsx"])
def test_only_administrators_of_the_organisation_and_only_by_reading(office: Desk, path: str) -> None:
    assert office.get(path).status_code == 200
    assert office.post(path, {}).status_code == 405
    for role in set(Role) - {Role.ADMINISTRATOR}:
        refused = office.as_(in_role(office.organisation, role)).get(path)
        assert refused.status_code == 403
    elsewhere = in_role(organisation_with_people()[0], Role.ADMINISTRATOR)
    assert office.as_(elsewhere).get(path).status_code == 404
    signed_out = Client().get(office.at(path))
    assert (signed_out.status_code, signed_out["Location"]) == (302, f"/accounts/login/?next={office.at(path)}")


def test_a_refused_reader_leaves_no_deed(desk: Desk) -> None:
    assert desk.get("audit/export.csv").status_code == 403
    assert not Deed.objects.filter(kind=DeedKind.EXPORTED).exists()


def test_another_organisation_is_on_no_page_and_in_no_file(office: Desk) -> None:
    other, lead, _ = organisation_with_people()
    renamed(lead, "Otherhouse Lead")
    theirs = active_participation(other, purpose="Otherhouse purpose")
    with acting_for(other, person=lead):
        record_deed(DeedKind.EXPORTED, organisation=other, by=lead, what="Otherhouse portfolio")
        CapacityPool.objects.create(organisation=other, code="x", name="Otherhouse pool")
    assert "Otherhouse" not in words_of(office.get(AUDIT))
    for query in (f"person={lead.pk}", f"partnership={theirs.partnership.slug}"):
        page = office.get(f"{AUDIT}?{query}")
        assert page.status_code == 200
        assert lines_on(page) == []
        assert "from the list." in words_of(page)
        assert "Otherhouse" not in words_of(page)
    assert b"Otherhouse" not in office.get("audit/export.csv").content


def test_the_database_alone_keeps_the_lines_of_others_back(office: Desk) -> None:
    """Code that asks for another organisation's record while it acts for ours finds nothing."""
    other, _, _ = organisation_with_people()
    active_participation(other)
    assert page_of(Search(other)).entries
    with acting_for(office.organisation):
        seen = page_of(Search(other)).entries
    # nobody's doing, about accounts of our own people
    assert {entry.table for entry in seen} <= {"partnerships.person"}
    ours = {grant.person_id for grant in office.organisation.access_grants.all()}
    assert {entry.said["id"] for entry in seen} <= ours


def test_an_account_is_read_for_the_time_at_which_its_person_had_a_role_here(office: Desk) -> None:
    """Somebody who left, came back and left again: what they did to their account in between is another employer's."""
    person, now = PersonFactory.create(name="Sam Away"), timezone.now()
    days = datetime.timedelta
    grant = AccessGrant(organisation=office.organisation, person=person, role=Role.READER)
    for ago, until in ((90, 60), (30, 10)):
        grant.granted_at, grant.expires_at = now - days(ago), None
        grant.save()
        grant.expires_at = now - days(until)
        grant.save()
    for ago in (100, 80, 50, 20, 5):
        note_a_name(person, f"Sam, {ago} days ago", now - days(ago))
    with acting_for(office.organisation):
        seen = list(RECORDED[Person].events._default_manager.filter(pgh_obj=person.pk).values_list("name", flat=True))
    assert sorted(seen) == ["Sam, 20 days ago", "Sam, 80 days ago"]
    page = words_of(office.get(f"{AUDIT}?person={person.pk}"))
    assert "Sam, 20 days ago" in page
    assert "Sam, 5 days ago" not in page


def note_a_name(person: Person, name: str, at: datetime.datetime) -> None:
    """A line of what somebody did to their own account, acting for nobody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO partnerships_personevent (pgh_created_at, pgh_label, pgh_obj_id, id, email, name, is_active, "
            "is_staff, is_superuser, pgh_context) SELECT %s, 'update', id, id, email, %s, is_active, false, false, "
            "jsonb_build_object('kind', 'person', 'person', id) FROM partnerships_person WHERE id = %s",
            [at, name, person.pk],
        )


def test_a_partnership_shared_by_two_shows_each_what_it_did_itself(office: Desk) -> None:
    other, _, _ = organisation_with_people()
    theirs: Participation = active_participation(other, purpose="Otherhouse purpose")
    ours = office.participation(partnership=theirs.partnership)
    with acting_for(other), commanding("a_test"):
        theirs.partnership.postcode = "OT1 1HR"
        theirs.partnership.save()
        theirs.stage = "norming"
        theirs.save()
    page = office.get(f"{AUDIT}?partnership={ours.partnership.slug}")
    assert lines_on(page)
    assert "OT1 1HR" not in words_of(page)
    assert "Otherhouse" not in words_of(page)
    assert not [line for line in lines_on(page) if line.is_change]


# Ways to it


def test_the_way_to_it_is_shown_to_those_who_may(desk: Desk, office: Desk) -> None:
    participation = desk.participation()
    path = f"partnerships/{participation.partnership.slug}/"
    link = f"{office.at(AUDIT)}?partnership={participation.partnership.slug}"
    assert link in words_of(office.get(path))
    assert office.at(AUDIT) in words_of(office.get("people/"))
    assert office.at(AUDIT) not in words_of(desk.get(path))
    page = Client()
    page.force_login(office.as_(in_role(office.organisation, Role.ADMINISTRATOR)).lead)
    assert lines_on(office.get(link.removeprefix(office.at(""))))
