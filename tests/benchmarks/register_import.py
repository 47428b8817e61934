"""The whole ePCN workbook, from its bytes to committed rows, against a bare COPY of the same rows.

Measured: reading the workbook, checking each row, comparing it with the database and writing what is new, into an empty
database. Reference: the very rows that this makes (organisations, their names, networks, memberships), ready as text,
put by COPY into the same tables, whose keys, indexes and constraints a row has to meet to be there at all. A second
figure imports the file again, when everything has to be compared and nothing written. Each is the median of several
rounds, in which the two sides take turns. COPY is the superuser's, since PostgreSQL lets nobody copy into a table with
policies that hold for them. Beside the figures stands what it does into tables that have no key, index or constraint,
which no import could use.

The published workbook is used where ``../shared/data`` holds it, else one of the same size is made up.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import xlsxwriter
from psycopg2 import extensions

from partnerships.actions.register import apply_register
from partnerships.imports.register import read_register
from partnerships.isolation import acting_for_nobody
from partnerships.models import Organisation, OrganisationName, Partnership, PartnershipMembership, RegisterFile
from tests.benchmarks._superuser import connected_as_superuser

QUICK = True
ROUNDS = 5
MOST_TIMES = 10  # as long as the bare COPY
PUBLISHED = Path(__file__).resolve().parents[3] / "shared/data/ods_pcn/ePCN_2024-10.xlsx"
AS_OF = datetime.date(2024, 10, 31)
TABLES = (Organisation, OrganisationName, Partnership, PartnershipMembership)  # in an order their keys allow
PRACTICES, NETWORKS = 7_705, 1_366


def main() -> None:
    with acting_for_nobody(), closing(connected_as_superuser()) as superuser:  # registers are everybody's
        import_and_copy(superuser)


def import_and_copy(superuser: extensions.connection) -> None:
    """Print both figures."""
    content = PUBLISHED.read_bytes() if PUBLISHED.exists() else made_up_workbook()
    import_workbook(content)  # warms what every process warms once, and makes the rows of the reference
    rows = {model._meta.db_table: copied_out(superuser, model._meta.db_table) for model in TABLES}
    imports, copies, bare, again = [], [], [], []
    for _ in range(ROUNDS):
        empty(superuser)
        copies.append(timed(lambda: copy_in(superuser, rows)))
        make_bare_tables(superuser)
        bare.append(timed(lambda: copy_in(superuser, rows, prefix="bare_")))
        empty(superuser)
        imports.append(timed(lambda: import_workbook(content)))
        again.append(timed(lambda: import_workbook(content)))
    number = sum(text.count("\n") for text in rows.values())
    figure("register-import", number, imports, copies)
    figure("register-import-again", number, again, copies)
    print(f"COPY of these {number:,} rows without keys or constraints: {number / statistics.median(bare):.0f} rows/s")


def figure(name: str, rows: int, measured: list[float], reference: list[float]) -> None:
    """One line, in rows a second; the ratio is of times, so that less is better."""
    ours, theirs = statistics.median(measured), statistics.median(reference)
    verdict = "PASS" if ours <= MOST_TIMES * theirs else "SHORT"
    print(
        f"{name} measured={rows / ours:.0f}rows/s reference={rows / theirs:.0f}rows/s "
        f"ratio={ours / theirs:.2f} required=<={MOST_TIMES} {verdict}"
    )


def import_workbook(content: bytes) -> None:
    facts = read_register(content, latest=datetime.date(2030, 1, 1))
    apply_register(facts=facts, file_name="ePCN.xlsx", sha256=hashlib.sha256(content).hexdigest(), as_of=AS_OF, by=None)


def timed(deed: Callable[[], None]) -> float:
    start = time.perf_counter()
    deed()
    return time.perf_counter() - start


def empty(superuser: extensions.connection) -> None:
    with superuser, superuser.cursor() as cursor:
        for model in (RegisterFile, *reversed(TABLES)):
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608  # our own tables


def make_bare_tables(superuser: extensions.connection) -> None:
    with superuser, superuser.cursor() as cursor:
        for model in TABLES:
            table = model._meta.db_table
            cursor.execute(f'DROP TABLE IF EXISTS "bare_{table}"')
            cursor.execute(f'CREATE TEMPORARY TABLE "bare_{table}" AS SELECT * FROM "{table}" WHERE false')  # noqa: S608


def copied_out(superuser: extensions.connection, table: str) -> str:
    text = io.StringIO()
    with superuser, superuser.cursor() as cursor:
        cursor.copy_expert(f'COPY "{table}" TO STDOUT', text)
    return text.getvalue()


def copy_in(superuser: extensions.connection, rows: dict[str, str], prefix: str = "") -> None:
    with superuser, superuser.cursor() as cursor:
        for table, text in rows.items():
            cursor.copy_expert(f'COPY "{prefix}{table}" FROM STDIN', io.StringIO(text))


def made_up_workbook() -> bytes:
    """A workbook of the published one's form and size, with invented names."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        details = workbook.add_worksheet("PCNDetails")
        address = [f"Address Line {line}" for line in range(1, 6)]
        headers = ["PCN Code", "PCN Name", "Current Sub ICB Loc Code", "Sub ICB Location", "Open Date", "Close Date"]
        details.write_row(0, 0, [*headers, *address, "Postcode"])
        for number in range(NETWORKS):
            area = f"{number % 100:02d}X"
            place = [f"{number} HIGH STREET", "", "", "TOWN", "", "TA1 1AA"]
            row = [f"U{number:05d}", f"NETWORK {number} PCN", area, f"NHS AREA ICB - {area}", "20191001", "", *place]
            details.write_row(number + 1, 0, row)
        members = workbook.add_worksheet("PCN Core Partner Details")
        areas = ["Practice\nParent\nSub ICB Loc Code", "Practice\nParent\nSub ICB Loc Name"]
        network = ["PCN Code", "PCN Name", "PCN Parent\nSub ICB Loc Code", "PCN Parent\nSub ICB Loc Name"]
        days = ["Practice to PCN\nRelationship\nStart Date", "Practice to PCN\nRelationship\nEnd Date"]
        members.write_row(0, 0, ["Partner\nOrganisation\nCode", "Partner\nName", *areas, *network, *days])
        for number in range(PRACTICES):
            home = number % NETWORKS
            area = f"{home % 100:02d}X"
            place = [area, f"NHS AREA ICB - {area}"]
            named = [f"A{number:05d}", f"PRACTICE {number}"]
            row = [*named, *place, f"U{home:05d}", f"NETWORK {home} PCN", *place, "20191001", ""]
            members.write_row(number + 1, 0, row)
    return content.getvalue()
