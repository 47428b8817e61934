"""The command: files in order, a transaction each, one line for what is wrong, and what is counted."""

from __future__ import annotations

import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from partnerships.models import Organisation, Partnership, PartnershipMembership, RegisterFile
from tests.factories import PartnershipFactory, organisation_with_people
from tests.register_files import (
    DEVON,
    SOMERSET,
    YEOVIL,
    board,
    diabetes,
    eccg,
    epcn,
    epilepsy,
    etr,
    extract_row,
    icb_partners,
    pcn,
    practice,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


class Files:
    """Writes contents to files and imports them; returns the text and the counts of each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, content: bytes, name: str = "") -> str:
        path = self.folder / (name or f"file{len(list(self.folder.iterdir()))}")
        path.write_bytes(content)
        return str(path)

    def bring_in(
        self, *contents: bytes, as_of: str | None = None, options: tuple[str, ...] = ()
    ) -> list[tuple[int, ...]]:
        days = ("--as-of", as_of) if as_of else ()
        said = io.StringIO()
        call_command("import_register", *map(self.path, contents), *days, "--json", *options, stdout=said)
        self.said = said.getvalue()
        lines = [json.loads(line) for line in self.said.splitlines() if line.startswith("{")]
        return [
            tuple(line[what] for what in ("created", "changed", "closed", "unchanged", "refused")) for line in lines
        ]


def state() -> dict[str, list[Any]]:
    models = (Organisation, Partnership, PartnershipMembership, RegisterFile)
    return {model.__name__: list(model.objects.order_by("pk").values_list()) for model in models}


def members(code: str) -> list[tuple[str, DAY | None, DAY | None]]:
    found = PartnershipMembership.objects.filter(partnership__register_code=code)
    in_order = found.order_by("organisation__code", F("joined_on").asc(nulls_first=True))
    return list(in_order.values_list("organisation__code", "joined_on", "left_on"))


def test_the_report_is_for_a_person_and_then_for_a_machine(files: Files) -> None:
    path = files.path(etr(extract_row(*SOMERSET), extract_row("", "NO CODE NHS TRUST")), "trusts.csv")
    said = io.StringIO()
    call_command("import_register", path, "--as-of", "2025-12-01", "--json", stdout=said)
    lines = said.getvalue().splitlines()
    assert lines[0] == f"{path}: NHS trusts (etr), as of 1 December 2025"
    assert lines[1] == "  NHS trusts      1 created,      0 changed,      0 closed,      0 unchanged"
    assert lines[2].startswith("  not used: trusts.csv, row 2, column “A (code)”: there is no code of an NHS trust.")
    counts = {"created": 1, "changed": 0, "closed": 0, "unchanged": 0, "refused": 1}
    assert json.loads(lines[3]) == {"file": path, **counts}
    assert len(lines) == 4


def test_without_json_there_is_none(files: Files) -> None:
    said = io.StringIO()
    call_command("import_register", files.path(etr()), stdout=said)
    assert "{" not in said.getvalue()
    assert RegisterFile.objects.get().as_of == datetime.datetime.now(tz=datetime.UTC).date()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty."),
        (b"PK\x03\x04broken", "the workbook is damaged or cut short."),
        (b"some,other\nfile,here\n", "it is not a register this command knows."),
    ],
)
def test_a_wrong_file_is_refused_whole_and_those_before_it_stay(files: Files, content: bytes, reason: str) -> None:
    good, bad, later = files.path(etr()), files.path(content, "bad.docx"), files.path(eccg())
    said = io.StringIO()
    with pytest.raises(CommandError) as problem:
        call_command("import_register", good, bad, later, "--json", stdout=said)
    assert problem.value.returncode == 1
    assert str(problem.value).startswith(f"{bad}: {reason}")
    assert "\n" not in str(problem.value)
    assert [json.loads(line)["file"] for line in said.getvalue().splitlines() if line.startswith("{")] == [good]
    assert set(Organisation.objects.values_list("code", flat=True)) == {"RH5", "RA4", "RH8"}


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_cannot_be_opened_says_so(files: Files, name: str) -> None:
    with pytest.raises(CommandError, match="it cannot be opened"):
        call_command("import_register", str(files.folder / name))


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        (["yesterday"], "--as-of yesterday is not a day. Write it as 2025-12-01."),
        (["2205-12-01"], "is too far ahead"),
        (["2025-01-01", "2025-02-01", "2025-03-01"], "--as-of is given 3 times for 2 files"),
    ],
)
def test_a_wrong_day_is_explained_before_anything_is_read(files: Files, days: list[str], reason: str) -> None:
    options = [word for day in days for word in ("--as-of", day)]
    with pytest.raises(CommandError, match=reason):
        call_command("import_register", files.path(etr()), files.path(eccg()), *options)
    assert not RegisterFile.objects.exists()


def test_a_day_for_each_file(files: Files) -> None:
    call_command(
        "import_register", files.path(etr()), files.path(eccg()), "--as-of", "2022-03-01", "--as-of", "2025-12-01"
    )
    assert dict(RegisterFile.objects.values_list("source", "as_of")) == {
        "etr": DAY(2022, 3, 1),
        "eccg": DAY(2025, 12, 1),
    }


def test_a_newer_file_closes_and_renames_and_keeps_the_names(files: Files) -> None:
    files.bring_in(etr(), as_of="2022-03-01")
    newer = etr(
        extract_row(*SOMERSET),
        extract_row(*YEOVIL, closed="20230331"),
        extract_row("RH8", "ROYAL DEVON UNIVERSITY HEALTHCARE NHS FOUNDATION TRUST"),
        extract_row("RK9", "UNIVERSITY HOSPITALS PLYMOUTH NHS TRUST"),
    )
    assert files.bring_in(newer, as_of="2025-12-01") == [(1, 1, 1, 1, 0)]
    assert Organisation.objects.get(code="RA4").closed_on == DAY(2023, 3, 31)
    names = Organisation.objects.get(code="RH8").names.values_list("name", "valid_from", "valid_until")
    assert list(names) == [
        (DEVON[1], None, DAY(2025, 12, 1)),
        ("ROYAL DEVON UNIVERSITY HEALTHCARE NHS FOUNDATION TRUST", DAY(2025, 12, 1), None),
    ]


def test_other_facts_are_kept_up_to_date_without_being_counted(files: Files) -> None:
    files.bring_in(etr(extract_row(*SOMERSET)), as_of="2022-03-01")
    moved = extract_row(*SOMERSET, postcode="TA2 7PQ", icb="QJK", region="Y57", opened="20030401")
    assert files.bring_in(etr(moved), as_of="2025-12-01") == [(0, 0, 0, 1, 0)]
    somerset = Organisation.objects.get(code="RH5")
    assert (somerset.postcode, somerset.icb_code, somerset.region_code) == ("TA2 7PQ", "QJK", "Y57")
    assert somerset.opened_on == DAY(2003, 4, 1)


def test_a_trust_that_a_newer_file_leaves_out_is_not_closed(files: Files) -> None:
    files.bring_in(etr(), as_of="2022-03-01")
    files.bring_in(etr(extract_row(*SOMERSET)), as_of="2025-12-01")
    assert not Organisation.objects.exclude(closed_on=None).exists()


def test_a_closing_date_taken_back_is_a_change(files: Files) -> None:
    files.bring_in(etr(extract_row(*YEOVIL, closed="20230331")), as_of="2023-05-01")
    assert files.bring_in(etr(extract_row(*YEOVIL)), as_of="2023-06-01") == [(0, 1, 0, 0, 0)]
    assert Organisation.objects.get(code="RA4").closed_on is None


def test_an_older_file_never_overwrites_a_newer_one(files: Files) -> None:
    files.bring_in(etr(extract_row("RA4", "YEOVIL NHS TRUST", closed="20230331")), as_of="2025-12-01")
    assert files.bring_in(etr(), as_of="2022-03-01") == [(2, 0, 0, 1, 0)]
    yeovil = Organisation.objects.get(code="RA4")
    assert (yeovil.name, yeovil.closed_on, yeovil.as_of) == ("YEOVIL NHS TRUST", DAY(2023, 3, 31), DAY(2025, 12, 1))
    assert "A newer file, of 1 December 2025, was applied before: what it says stands." in files.said


def test_two_files_of_one_day_given_twice_change_nothing_the_second_time(files: Files) -> None:
    older, newer = etr(), etr(extract_row("RA4", "YEOVIL NHS TRUST"))
    files.bring_in(older, newer, as_of="2025-12-01")
    before = state()
    assert files.bring_in(older, newer, as_of="2025-12-01") == [(0, 0, 0, 3, 0), (0, 0, 0, 1, 0)]
    assert "applied before, and another of its register after it: nothing to do." in files.said
    assert state() == before


@pytest.mark.parametrize(
    "content", [etr(), eccg(), epcn(), icb_partners(), epilepsy(("RH5", "SWIPE")), diabetes(("RH5A8", "PN02"))]
)
def test_every_kind_of_file_changes_nothing_the_second_time(files: Files, content: bytes) -> None:
    (first,) = files.bring_in(content, as_of="2024-01-01")
    before = state()
    (second,) = files.bring_in(content)  # without a day it keeps the one it was dated before
    assert second == (0, 0, 0, first[0], 0)
    assert state() == before


def test_another_register_makes_a_trust_known_and_the_trusts_own_takes_over(files: Files) -> None:
    files.bring_in(epilepsy(("RH5", "SWIPE")), icb_partners(), as_of="2024-12-23")
    somerset = Organisation.objects.get(code="RH5")
    assert (somerset.name, somerset.source) == ("Somerset NHS Foundation Trust", "epilepsy_networks")
    assert files.bring_in(etr(extract_row(*SOMERSET)), as_of="2022-03-01") == [(0, 0, 0, 1, 0)]
    somerset.refresh_from_db()
    assert (somerset.name, somerset.source) == ("Somerset NHS Foundation Trust", "etr")
    assert somerset.names.count() == 1


def test_a_mention_never_renames_or_closes_but_may_be_easier_to_read(files: Files) -> None:
    files.bring_in(etr(extract_row(*SOMERSET), extract_row(*YEOVIL, closed="20230331")), as_of="2025-12-01")
    rows = [board(trust=("RH5", "Somerset NHS  Foundation Trust")), board(trust=("RA4", "Yeovil Trust"))]
    files.bring_in(icb_partners(rows), as_of="2026-01-01")
    names = dict(Organisation.objects.filter(kind="trust").values_list("code", "name"))
    assert names == {"RH5": "Somerset NHS Foundation Trust", "RA4": YEOVIL[1]}
    assert Organisation.objects.get(code="RA4").closed_on == DAY(2023, 3, 31)


def test_taking_over_with_another_name_is_a_renaming(files: Files) -> None:
    files.bring_in(icb_partners([board(trust=("RH5", "Somerset Partnership"))]), as_of="2024-12-23")
    assert files.bring_in(etr(extract_row(*SOMERSET)), as_of="2025-12-01") == [(0, 1, 0, 0, 0)]
    names = list(Organisation.objects.get(code="RH5").names.values_list("name", "valid_until"))
    assert names == [("Somerset Partnership", DAY(2025, 12, 1)), (SOMERSET[1], None)]


def test_an_older_file_that_takes_over_puts_a_mention_right_without_dating_it(files: Files) -> None:
    files.bring_in(icb_partners([board(trust=("RH5", "Somerset Partnership"))]), as_of="2024-12-23")
    assert files.bring_in(etr(extract_row(*SOMERSET)), as_of="2022-03-01") == [(0, 1, 0, 0, 0)]
    assert list(Organisation.objects.get(code="RH5").names.values_list("name", "valid_until")) == [(SOMERSET[1], None)]


def test_the_partner_register_says_which_board_a_trust_counts_towards(files: Files) -> None:
    files.bring_in(etr(extract_row(*SOMERSET, icb="QJK")), as_of="2025-12-01")
    files.bring_in(icb_partners(apportioned=[("QSL", "RH5", "Somerset NHS Foundation Trust")]), as_of="2024-12-23")
    assert Organisation.objects.get(code="RH5").icb_code == "QSL"
    files.bring_in(etr(extract_row(*SOMERSET, icb="QJK", postcode="TA9 9AA")), as_of="2026-01-01")
    assert Organisation.objects.get(code="RH5").icb_code == "QSL"


def test_a_membership_missing_from_a_newer_list_has_ended(files: Files) -> None:
    files.bring_in(epilepsy(("RH5", "SWIPE"), ("RA4", "SWIPE")), as_of="2022-01-01")
    assert files.bring_in(epilepsy(("RH5", "SWIPE"), ("RH8", "SWIPE")), as_of="2024-01-01") == [(2, 0, 1, 3, 0)]
    assert members("SWIPE") == [
        ("RA4", None, DAY(2024, 1, 1)),
        ("RH5", None, None),
        ("RH8", DAY(2024, 1, 1), None),
    ]


def test_one_networks_register_does_not_end_anothers_members(files: Files) -> None:
    files.bring_in(epilepsy(("RH5", "SWIPE")), as_of="2022-01-01")
    files.bring_in(diabetes(("RH5A8", "PN02")), as_of="2024-01-01")
    assert members("SWIPE") == [("RH5", None, None)]


def test_a_member_that_comes_back_is_a_member_anew(files: Files) -> None:
    with_yeovil = epilepsy(("RH5", "SWIPE"), ("RA4", "SWIPE"))
    files.bring_in(with_yeovil, as_of="2022-01-01")
    files.bring_in(epilepsy(("RH5", "SWIPE")), as_of="2023-01-01")
    files.bring_in(with_yeovil + b"RH8,Network SWIPE,SWIPE,England\n", as_of="2024-01-01")
    assert members("SWIPE") == [
        ("RA4", None, DAY(2023, 1, 1)),
        ("RA4", DAY(2024, 1, 1), None),
        ("RH5", None, None),
        ("RH8", DAY(2024, 1, 1), None),
    ]


def test_a_file_of_the_same_day_puts_an_ending_right(files: Files) -> None:
    files.bring_in(epilepsy(("RH5", "SWIPE"), ("RA4", "SWIPE")), as_of="2022-01-01")
    files.bring_in(epilepsy(("RH5", "SWIPE")), as_of="2023-01-01")
    corrected = epilepsy(("RA4", "SWIPE"), ("RH5", "SWIPE"))
    assert files.bring_in(corrected, as_of="2023-01-01") == [(0, 1, 0, 4, 0)]
    assert members("SWIPE") == [("RA4", None, None), ("RH5", None, None)]


def test_an_older_list_of_members_adds_and_ends_nothing(files: Files) -> None:
    files.bring_in(epilepsy(("RH5", "SWIPE")), as_of="2024-01-01")
    assert files.bring_in(epilepsy(("RA4", "SWIPE"), ("RH5", "SWIPE")), as_of="2022-01-01") == [(1, 0, 0, 3, 1)]
    assert members("SWIPE") == [("RH5", None, None)]
    assert "row 2, column “ods trust code”: a newer file, applied before, does not have this membership." in files.said


def test_a_board_without_members_in_a_newer_workbook_has_ended(files: Files) -> None:
    somerset, devon = board(trust=("RH5", "Somerset Trust")), ("RH8", "Devon Trust")
    both = [somerset, board(trust=devon, icb="QJK", name="NHS DEVON ICB")]
    files.bring_in(icb_partners(both), as_of="2024-12-23")
    merged = [somerset, board(trust=devon)]
    # Devon's membership, and the board with it; its trust is a member of the other board now
    assert files.bring_in(icb_partners(merged), as_of="2026-04-01") == [(1, 0, 2, 5, 0)]
    assert Partnership.objects.get(register_code="QJK").ended_on == DAY(2026, 4, 1)
    assert Organisation.objects.get(code="QJK").closed_on is None
    assert files.bring_in(icb_partners(both[::-1]), as_of="2026-05-01") == [(1, 1, 1, 6, 0)]
    assert Partnership.objects.get(register_code="QJK").ended_on is None


def test_a_practice_that_moves_network(files: Files) -> None:
    networks = [pcn(), pcn("U00002", "FROME PCN")]
    files.bring_in(epcn(networks), as_of="2023-01-31")
    moved = [practice(end="20240331"), practice(network="U00002", start="20240401")]
    assert files.bring_in(epcn(networks, moved), as_of="2024-10-31") == [(1, 0, 1, 4, 0)]
    assert members("U00001") == [("L85001", DAY(2019, 10, 1), DAY(2024, 3, 31))]
    assert members("U00002") == [("L85001", DAY(2024, 4, 1), None)]


def test_a_practice_missing_from_a_newer_workbook_has_left(files: Files) -> None:
    files.bring_in(epcn(practices=[practice(), practice("L85002", "OTHER SURGERY")]), as_of="2023-01-31")
    assert files.bring_in(epcn(practices=[practice()]), as_of="2024-10-31") == [(0, 0, 1, 4, 0)]
    assert members("U00001")[1] == ("L85002", DAY(2019, 10, 1), DAY(2024, 10, 31))


def test_networks_are_renamed_and_close(files: Files) -> None:
    files.bring_in(epcn([pcn(), pcn("U00002", "FROME PCN")]), as_of="2023-01-31")
    newer = epcn([pcn(closed="20240331"), pcn("U00002", "MENDIP PCN")], [practice()])
    assert files.bring_in(newer, as_of="2024-10-31") == [(0, 1, 1, 3, 0)]
    assert Partnership.objects.get(register_code="U00001").ended_on == DAY(2024, 3, 31)
    frome = Partnership.objects.get(register_code="U00002")
    assert (frome.name, frome.slug) == ("MENDIP PCN", "frome-pcn")


def test_networks_of_one_name_have_addresses_of_their_own(files: Files) -> None:
    files.bring_in(epcn([pcn(), pcn("U00002"), pcn("U00003", "FROME PCN")]))
    files.bring_in(epcn([pcn(), pcn("U00002"), pcn("U00003", "FROME PCN"), pcn("U00004", "FROME PCN")]))
    assert dict(Partnership.objects.values_list("register_code", "slug")) == {
        "U00001": "taunton-pcn-u00001",
        "U00002": "taunton-pcn-u00002",
        "U00003": "frome-pcn",
        "U00004": "frome-pcn-u00004",
    }


def test_a_network_named_like_what_an_organisation_recorded_has_an_address_of_its_own(files: Files) -> None:
    organisation, *_ = organisation_with_people()
    PartnershipFactory.create(name="Taunton PCN", slug="taunton-pcn", recorded_by=organisation)
    files.bring_in(epcn([pcn()]))
    assert Partnership.objects.get(register_code="U00001").slug == "taunton-pcn-u00001"


def test_a_row_refused_for_something_unknown_succeeds_once_it_is_known(files: Files) -> None:
    """The first workbook lacks a network that its own members' sheet names; a later one has it."""
    first = epcn([pcn()], [practice(), practice("L85002", "OTHER SURGERY", "U00002")])
    (counts,) = files.bring_in(first, as_of="2023-01-31")
    assert counts[4] == 1
    assert (
        "row 3, column “PCN Code”: U00002 is in no list of its kind: import the file that has it first." in files.said
    )
    files.bring_in(epcn([pcn(), pcn("U00002", "FROME PCN")]), as_of="2023-01-31")
    again = epcn([pcn()], [practice(), practice("L85002", "OTHER SURGERY", "U00002"), practice("L85003", "THIRD")])
    assert files.bring_in(again, as_of="2023-02-28")[0][4] == 0
    assert members("U00002") == [("L85002", DAY(2019, 10, 1), None)]


def test_a_code_that_two_registers_claim_stays_with_the_first(files: Files) -> None:
    files.bring_in(etr(extract_row("G6V2S", "NORTH LONDON NHS FOUNDATION TRUST")), as_of="2025-01-01")
    assert files.bring_in(
        eccg(extract_row("G6V2S", "NHS SOMEWHERE ICB - G6V2S"), extract_row("11X", "NHS SOMERSET ICB"))
    ) == [(1, 0, 0, 0, 1)]
    assert Organisation.objects.get(code="G6V2S").source == "etr"
    assert "NHS trusts (etr) has G6V2S as NORTH LONDON NHS FOUNDATION TRUST." in files.said


def test_a_list_cut_by_half_is_refused_unless_it_is_meant(files: Files) -> None:
    trusts = [(f"R{first}{second}", "SWIPE") for first in "ABCDEF" for second in "0123456789"]
    files.bring_in(epilepsy(*trusts), as_of="2022-01-01")
    before = state()
    with pytest.raises(CommandError, match="lists 20 memberships where 60 are known") as problem:
        files.bring_in(epilepsy(*trusts[:20]), as_of="2024-01-01")
    assert "--allow-short" in str(problem.value)
    assert state() == before
    assert files.bring_in(epilepsy(*trusts[:20]), as_of="2024-01-01", options=("--allow-short",)) == [(0, 0, 40, 41, 0)]


def test_units_belong_to_their_trust_whether_it_was_known_or_not(files: Files) -> None:
    files.bring_in(etr(extract_row(*SOMERSET)))
    files.bring_in(diabetes(("RH5A8", "PN02"), ("RVY02", "PN11"), ("G0W1C", "PN05")))
    parents = dict(Organisation.objects.filter(kind="unit").values_list("code", "parent__code"))
    assert parents == {"RH5A8": "RH5", "RVY02": "RVY", "G0W1C": None}
    assert str(Organisation.objects.get(code="RVY")) == "RVY"


# By the look that every command takes first at what its role could see.
AT_START = 8


def test_a_large_file_takes_no_more_queries_than_a_small_one(files: Files, django_assert_max_num_queries: Any) -> None:
    many = epcn(
        [pcn(f"U{number:05d}", f"NETWORK {number} PCN") for number in range(300)],
        [practice(f"L{number:05d}", f"SURGERY {number}", f"U{number % 300:05d}") for number in range(1500)],
    )
    with django_assert_max_num_queries(AT_START + 25):
        files.bring_in(many, as_of="2023-01-31")
    renamed = epcn(
        [pcn(f"U{number:05d}", f"NET {number} PCN") for number in range(300)],
        [practice(f"L{number:05d}", f"PRACTICE {number}", f"U{number % 300:05d}") for number in range(1400)],
    )
    with django_assert_max_num_queries(AT_START + 25):
        assert files.bring_in(renamed, as_of="2024-01-31") == [(0, 1700, 100, 1401, 0)]
