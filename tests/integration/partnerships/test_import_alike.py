"""A spreadsheet whose new names are like what is there already: it asks, and what is answered counts."""

from __future__ import annotations

import random
import shlex
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.imports.portfolio.plan import ANOTHER, Fate
from partnerships.imports.portfolio.planning import plan_rows
from partnerships.imports.portfolio.reading import read_table
from partnerships.models import ImportPreview, Participation, Partnership, PartnershipKind, RegisterSource
from tests.factories import PartnershipFactory
from tests.integration.partnerships.conftest import Desk, Page, words_of
from tests.integration.partnerships.test_import_portfolio import confirm, csv_of, previewed

HEADINGS = ["Name", "Kind", "What it is for"]
ROW = ["Mossbury Central Primary Care Network", "Primary care network", "To plan together"]


def in_a_register(name: str, code: str) -> Partnership:
    made: Partnership = PartnershipFactory.create(
        name=name,
        kind=PartnershipKind.objects.get(code="primary-care-network"),
        source=RegisterSource.PRIMARY_CARE_NETWORKS,
        register_code=code,
        recorded_by=None,
    )
    return made


@pytest.fixture
def network(db: None) -> Partnership:
    return in_a_register("MOSSBURY CENTRAL PCN", "U12345")


@pytest.fixture
def ours(desk: Desk) -> Participation:
    made = desk.participation(purpose="To meet")
    made.partnership.name = "Frailty at Home"
    made.partnership.save()
    return made


def answer(desk: Desk, path: str, **means: object) -> Page:
    typed = {name.replace("_", "-"): str(value) for name, value in means.items()}
    return desk.client.post(desk.at(path), {"keep_answers": "yes", **typed}, follow=True)


def only(desk: Desk, path: str) -> Participation:
    """The one participation, once the file at its preview is imported."""
    confirm(desk, path, desk.get(path))
    return desk.organisation.participations.select_related("partnership").get()


def test_a_new_name_that_is_like_another_is_asked_about_and_nothing_is_imported(
    desk: Desk, network: Partnership
) -> None:
    path, page = previewed(desk, [HEADINGS, ROW])
    words = words_of(page)
    assert "1 that may be there already" in words
    assert "The same as Mossbury Central PCN" in words
    assert "Another one: add it under the name in the file" in words
    assert page.context["plan"].rows[0].fate == Fate.ASKED
    refused = confirm(desk, path, page)
    assert "Some rows cannot be used yet. Nothing was imported." in words_of(refused)
    assert not desk.organisation.participations.exists()
    assert ImportPreview.objects.get().used_at is None


def test_the_same_is_taken_from_the_register_with_what_the_file_says(desk: Desk, network: Partnership) -> None:
    path, _ = previewed(desk, [HEADINGS, ROW])
    page = answer(desk, path, means_2=network.pk)
    assert "Look through what happens now, then import." in words_of(page)
    assert "stay as the register has them" in words_of(page)
    taken = only(desk, path)
    assert taken.partnership == network
    assert taken.purpose == "To plan together"
    network.refresh_from_db()
    assert network.name == "MOSSBURY CENTRAL PCN"
    assert Partnership.objects.count() == 1


def test_another_one_is_added_under_its_own_name(desk: Desk, network: Partnership) -> None:
    path, _ = previewed(desk, [HEADINGS, ROW])
    answer(desk, path, means_2=ANOTHER)
    added = only(desk, path)
    assert added.partnership != network
    assert added.partnership.name == ROW[0]


def test_the_same_as_one_of_ours_changes_that_one_and_keeps_its_name(desk: Desk, ours: Participation) -> None:
    kind = ours.partnership.kind.name
    path, page = previewed(desk, [HEADINGS, ["Frailty at home (Fernshire)", kind, "To care at home"]])
    assert "in your portfolio (active): the row changes it" in words_of(page)
    page = answer(desk, path, means_2=ours.partnership_id)
    assert "To meet becomes To care at home" in words_of(page)
    changed = only(desk, path)
    assert (changed.pk, changed.purpose, changed.partnership.name) == (ours.pk, "To care at home", "Frailty at Home")


def test_what_is_not_answered_is_named_and_what_is_stays(desk: Desk, network: Partnership) -> None:
    other = in_a_register("SALTMERE COAST PCN", "U54321")
    rows = [HEADINGS, ROW, ["Saltmere Coast Primary Care Network", "Primary care network", ""], ["Mendip", ROW[1], ""]]
    path, _ = previewed(desk, rows)
    said = words_of(answer(desk, path, means_2=ANOTHER, means_4=network.pk))
    assert "Your answers are kept. Choose an answer for row 3 too." in said
    assert ImportPreview.objects.get().answers == {"2": ANOTHER}
    said = words_of(answer(desk, path, means_3=other.pk))
    assert "Look through what happens now" in said
    assert [row.fate for row in desk.get(path).context["plan"].rows] == [Fate.NEW] * 3
    assert words_of(desk.get(path)).count(" checked>") == 2


@pytest.mark.parametrize("odd", ["", "0", "-1", "yes", "9999999999999999999", "1 or 1", "\x00"])
def test_an_odd_answer_is_none(desk: Desk, network: Partnership, odd: str) -> None:
    path, _ = previewed(desk, [HEADINGS, ROW])
    page = answer(desk, path, means_2=odd)
    assert "Choose an answer for row 2 too." in words_of(page)
    assert ImportPreview.objects.get().answers == {}


def test_a_row_cannot_mean_what_it_is_not_like(desk: Desk, network: Partnership) -> None:
    stranger = in_a_register("WHOLLY OTHER", "U99999")
    path, _ = previewed(desk, [HEADINGS, ROW])
    assert "Choose an answer for row 2 too." in words_of(answer(desk, path, means_2=stranger.pk))


def test_two_rows_that_mean_the_same_are_refused(desk: Desk, network: Partnership) -> None:
    path, _ = previewed(desk, [HEADINGS, ROW, ["Mosbury Central PCN", *ROW[1:]]])
    page = answer(desk, path, means_2=network.pk, means_3=network.pk)
    assert "Row 2 is for the same partnership. Keep one of the two." in words_of(page)
    answer(desk, path, means_3=ANOTHER)
    assert [row.fate for row in desk.get(path).context["plan"].rows] == [Fate.NEW, Fate.NEW]


def test_the_rest_can_be_imported_and_the_question_stays_open(desk: Desk, network: Partnership) -> None:
    path, page = previewed(desk, [HEADINGS, ROW, ["Mendip Voices", ROW[1], ""]])
    done = confirm(desk, path, page, good_rows_only="yes")
    assert "1 added, 0 changed" in words_of(done)
    assert desk.organisation.participations.get().partnership.name == "Mendip Voices"


def test_an_answer_after_the_preview_was_made_is_seen_before_it_is_imported(desk: Desk, network: Partnership) -> None:
    """Two tabs: the one that shows another answer imports nothing."""
    path, _ = previewed(desk, [HEADINGS, ROW])
    answer(desk, path, means_2=ANOTHER)
    shown = desk.get(path)
    answer(desk, path, means_2=network.pk)
    refused = confirm(desk, path, shown)
    assert "Look through it again." in words_of(refused)
    assert not desk.organisation.participations.exists()


def test_what_another_organisation_recorded_for_itself_is_not_looked_at(desk: Desk) -> None:
    PartnershipFactory.create(name=ROW[0], kind=PartnershipKind.objects.get(code="primary-care-network"))
    _, page = previewed(desk, [HEADINGS, ROW])
    assert page.context["plan"].rows[0].fate == Fate.NEW


def counted(desk: Desk, rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """How many queries it takes to plan a file, and of how many rows it asks."""
    table = read_table(csv_of([HEADINGS, *rows]))
    with CaptureQueriesContext(connection) as queries:
        plan = plan_rows(desk.organisation, table)
    return len(queries), len([row for row in plan.rows if row.is_asked])


def test_thousands_of_names_take_as_many_queries_as_one(desk: Desk, network: Partnership) -> None:
    kind = PartnershipKind.objects.get(code="primary-care-network")
    few, asked = counted(desk, [ROW])
    assert asked == 1
    drawn = random.Random(1)
    places = sorted({f"{place(drawn)} {place(drawn)}" for _ in range(3000)})
    Partnership.objects.bulk_create(
        Partnership(
            name=f"{one} PCN".upper(),
            slug=f"a-place-{number}",
            kind=kind,
            source=RegisterSource.PRIMARY_CARE_NETWORKS,
            register_code=f"U{number:05}",
        )
        for number, one in enumerate(places)
    )
    rows = [[f"{one} Primary Care Network", ROW[1], ""] for one in places[:2990:10]]
    many, asked = counted(desk, rows)
    assert many == few
    assert asked == len(rows) == 299


def place(drawn: random.Random) -> str:
    """The name of a place that there is not."""
    return "".join(drawn.choice("bcdfghlmnprst") + drawn.choice("aeiou") for _ in range(4)).title()


def commanded(desk: Desk, folder: Path, *options: str, rows: Sequence[Sequence[str]] = (HEADINGS, ROW)) -> str:
    file = folder / "portfolio.csv"
    file.write_bytes(csv_of(rows))
    out = StringIO()
    try:
        call_command("import_portfolio", desk.organisation.code, str(file), *options, stdout=out)
    except CommandError as problem:
        return f"{out.getvalue()}{problem}"
    return out.getvalue()


def offered(said: str, option: str) -> list[str]:
    """What the command wrote out to be added, as a shell reads it."""
    line = next(one for one in said.splitlines() if f"add: {option} " in one)
    return shlex.split(line.partition("add: ")[2])


def test_the_command_writes_out_what_to_add_and_nothing_is_written(
    desk: Desk, network: Partnership, tmp_path: Path
) -> None:
    said = commanded(desk, tmp_path)
    assert offered(said, "--same") == ["--same", f"{ROW[0]}={network.slug}"]
    assert offered(said, "--new") == ["--new", ROW[0]]
    assert "If it is Mossbury Central PCN, add: --same 'Mossbury Central Primary Care Network=" in said
    assert "add --same or --new as written above" in said
    assert not desk.organisation.participations.exists()


def test_the_command_takes_the_one_that_is_there(desk: Desk, network: Partnership, tmp_path: Path) -> None:
    assert "1 added, 0 changed" in commanded(desk, tmp_path, *offered(commanded(desk, tmp_path), "--same"))
    assert desk.organisation.participations.get().partnership == network


def test_the_command_adds_another_one(desk: Desk, network: Partnership, tmp_path: Path) -> None:
    assert "1 added, 0 changed" in commanded(desk, tmp_path, *offered(commanded(desk, tmp_path), "--new"))
    added = desk.organisation.participations.get().partnership
    assert (added.name, added == network) == (ROW[0], False)
    assert "0 added, 0 changed, 1 unchanged" in commanded(desk, tmp_path, "--new", ROW[0])


def test_the_command_changes_one_of_ours_and_shows_it_first(desk: Desk, ours: Participation, tmp_path: Path) -> None:
    """Under a name with a sign of equality in it, typed with other capitals."""
    rows = [HEADINGS, ["Frailty at home (=Fernshire)", ours.partnership.kind.name, "To care at home"]]
    same = f"FRAILTY at home  (=Fernshire)={ours.partnership.slug}"
    shown = commanded(desk, tmp_path, "--same", same, "--dry-run", rows=rows)
    assert "To meet becomes To care at home" in shown
    assert "0 added, 1 changed" in commanded(desk, tmp_path, "--same", same, rows=rows)
    ours.refresh_from_db()
    assert ours.purpose == "To care at home"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--same", "{name}"], "write the name in the file, an equals sign, and the slug, NAME=SLUG"),
        (["--same", "{name}=wholly-other"], "is not like wholly-other. It may mean: {slug}."),
        (["--new", "Nobody"], "no row named “Nobody”. Those that may be there already: “{name}”."),
        (["--new", "{name}", "--same", "{name}={slug}"], "is given twice, with different meanings. Give it once."),
    ],
)
def test_the_command_says_what_can_be_said(
    desk: Desk, network: Partnership, tmp_path: Path, options: list[str], expected: str
) -> None:
    names = {"name": ROW[0], "slug": network.slug}
    said = commanded(desk, tmp_path, *(one.format(**names) for one in options))
    assert expected.format(**names) in said
    assert not desk.organisation.participations.exists()


def answers_file(folder: Path, *rows: Sequence[str], name: str = "answers.csv") -> list[str]:
    file = folder / name
    file.write_bytes(csv_of([["Name", "Answer", "Slug"], *rows]))
    return ["--answers", str(file)]


def test_a_file_answers_what_the_page_asks(desk: Desk, network: Partnership, tmp_path: Path) -> None:
    """One is the same, one is new; the same command once more changes nothing."""
    other = in_a_register("PILLAR COMMON PCN", "U54321")
    rows = [HEADINGS, ROW, ["Pillar Common Primary Care Network", *ROW[1:]]]
    answers = answers_file(
        tmp_path, [ROW[0].upper(), " Same ", network.slug], ["Pillar  Common Primary Care Network", "NEW", ""]
    )
    assert "0 added" not in commanded(desk, tmp_path, *answers, "--dry-run", rows=rows)
    assert not desk.organisation.participations.exists()
    assert "2 added, 0 changed" in commanded(desk, tmp_path, *answers, rows=rows)
    found = {one.partnership for one in desk.organisation.participations.select_related("partnership")}
    assert network in found
    assert other not in found
    assert {one.name for one in found} == {network.name, "Pillar Common Primary Care Network"}
    assert "0 added, 0 changed, 2 unchanged" in commanded(desk, tmp_path, *answers, rows=rows)


def test_a_file_of_answers_goes_with_those_of_the_command(desk: Desk, network: Partnership, tmp_path: Path) -> None:
    in_a_register("PILLAR COMMON PCN", "U54321")
    rows = [HEADINGS, ROW, ["Pillar Common Primary Care Network", *ROW[1:]]]
    half = answers_file(tmp_path, [ROW[0], "same", network.slug])
    assert "or --answers with a file that says it" in commanded(desk, tmp_path, *half, rows=rows)
    assert not desk.organisation.participations.exists()
    both = [*half, "--new", "Pillar Common Primary Care Network"]
    assert "2 added" in commanded(desk, tmp_path, *both, rows=rows)


@pytest.mark.parametrize(
    ("rows", "more", "expected"),
    [
        ([["{name}", "perhaps", ""]], [], "In row 2, write same or new in the column Answer for “{name}”."),
        ([["{name}", "same", ""]], [], "In row 2, “{name}” is the same as which? Write its slug in the column Slug."),
        ([["{name}", "new", "{slug}"]], [], "In row 2, “{name}” is new, so leave the column Slug empty"),
        ([["", "new", ""]], [], "In row 2 there is no name."),
        ([["{name}", "same", "wholly-other"]], [], "is not like wholly-other. It may mean: {slug}."),
        ([["Nobody", "new", ""]], [], "no row named “Nobody”. Those that may be there already: “{name}”."),
        ([["{name}", "new", ""], ["{name}", "same", "{slug}"]], [], "given twice, with different meanings."),
        ([["{name}", "new", ""]], ["--same", "{name}={slug}"], "given twice, with different meanings."),
    ],
)
def test_a_file_of_answers_that_says_nothing_clear_is_refused_whole(
    desk: Desk, network: Partnership, tmp_path: Path, rows: list[list[str]], more: list[str], expected: str
) -> None:
    names = {"name": ROW[0], "slug": network.slug}
    answers = answers_file(tmp_path, *([cell.format(**names) for cell in row] for row in rows))
    said = commanded(desk, tmp_path, *answers, *(one.format(**names) for one in more))
    assert expected.format(**names) in said
    assert not desk.organisation.participations.exists()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "add --same or --new"),
        (b"Who,What\nA,B\n", "answers.csv: It has no column Name and Answer."),
        (b"Name,Slug\nA,B\n", "answers.csv: It has no column Answer."),
        (b"\x00\x01\x02", "answers.csv: This is not a spreadsheet that can be read."),
        (None, "answers.csv cannot be read: No such file"),
    ],
)
def test_a_file_that_is_none_of_answers_says_so(
    desk: Desk, network: Partnership, tmp_path: Path, content: bytes | None, expected: str
) -> None:
    file = tmp_path / "answers.csv"
    if content is not None:
        file.write_bytes(content)
    assert expected in commanded(desk, tmp_path, "--answers", str(file))
    assert not desk.organisation.participations.exists()


def test_two_rows_of_the_command_cannot_mean_the_same(desk: Desk, network: Partnership, tmp_path: Path) -> None:
    rows = [HEADINGS, ROW, ["Mosbury Central PCN", *ROW[1:]]]
    both = ["--same", f"{ROW[0]}={network.slug}", "--same", f"Mosbury Central PCN={network.slug}"]
    assert "Row 2 is for the same partnership. Keep one of the two." in commanded(desk, tmp_path, *both, rows=rows)
    apart = ["--same", f"{ROW[0]}={network.slug}", "--new", "Mosbury Central PCN"]
    assert "2 added, 0 changed" in commanded(desk, tmp_path, *apart, rows=rows)
