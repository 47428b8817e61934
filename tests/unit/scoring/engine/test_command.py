"""`python -m scoring.engine` as a person at a shell meets it."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.scoring.engine.portfolios import random_portfolio

ROOT = Path(__file__).parents[4]


def run(text: bytes) -> subprocess.CompletedProcess[bytes]:
    """The command with this on its standard input."""
    return subprocess.run(
        [sys.executable, "-m", "scoring.engine"], input=text, capture_output=True, cwd=ROOT, timeout=120, check=False
    )


def noise(size: int) -> bytes:
    """Bytes that mean nothing."""
    return random.Random(1).randbytes(size)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"{}",
        b"\xff\xfe\x00",
        b'{"format": "triage/1", "format": "triage/1"}',
        b'{"format": "triage/1", "seed": NaN}',
        b"[" * 1_000_000,
        b'{"format": "triage/1\\n\\u2028\\ud800"}',
        b'{"format": "triage/1", "pools": [], "partnerships": [], "\\nodd\\u0007": 1}',
        noise(10_000_000),
        b'"' + b"x" * 10_000_000 + b'"',
    ],
    ids=["nothing", "null", "empty", "bytes", "twice", "nan", "deep", "odd", "odd key", "noise", "long text"],
)
def test_a_wrong_document_gets_one_line_and_exit_2(text: bytes) -> None:
    done = run(text)
    assert done.returncode == 2
    assert done.stdout == b""
    assert len(done.stderr.splitlines()) == 1
    assert len(done.stderr.decode().splitlines()) == 1
    assert done.stderr.endswith(b"\n")
    assert b"Traceback" not in done.stderr


def test_a_result_goes_to_standard_output_and_nothing_else_does() -> None:
    done = run(json.dumps(random_portfolio(5, 6, draws=3)).encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["status"] == "optimal"


def test_infeasible_is_a_result() -> None:
    document = random_portfolio(5, 3, rules=0)
    document["pools"] = [{"id": pool["id"], "days": 0} for pool in document["pools"]]
    for partnership in document["partnerships"]:
        partnership["at_least"] = "prioritise"
    done = run(json.dumps(document).encode())
    assert done.returncode == 0
    assert json.loads(done.stdout)["status"] == "infeasible"


def test_the_same_document_gives_the_same_bytes_in_any_order() -> None:
    document = random_portfolio(11, 7, draws=5)
    shuffled = {**document, "partnerships": document["partnerships"][::-1], "pools": document["pools"][::-1]}
    first = run(json.dumps(document).encode()).stdout
    assert first == run(json.dumps(document).encode()).stdout
    assert first == run(json.dumps(shuffled).encode()).stdout


def test_the_inner_loops_compile_ahead_of_time() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scoring.engine.warm"], capture_output=True, cwd=ROOT, timeout=300, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"compiled" in done.stdout
