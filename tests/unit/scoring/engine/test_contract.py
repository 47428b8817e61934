"""The documents of docs/contract are what the engine reads and writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from scoring.engine import solve
from scoring.engine.portfolio import OUTPUTS
from tests.unit.scoring.engine.portfolios import random_portfolio
from tests.unit.scoring.engine.test_document import CRITERIA, VALUES, WRONG_CRITERIA, WRONG_VALUES, changed

CONTRACT = Path(__file__).parents[4] / "docs" / "contract"
EXAMPLES = ("four-projects", "values", "criteria", "ranking", "two-rankings", "shortfall", "conflict")


def load(name: str) -> Any:
    return json.loads((CONTRACT / name).read_text(encoding="utf-8"))


READS = jsonschema.Draft202012Validator(load("triage-1.schema.json"))
WRITES = jsonschema.Draft202012Validator(load("triage-result-1.schema.json"))

# What a schema cannot say: names that must exist, lists that must agree, sums and orders.
BEYOND_A_SCHEMA = (
    "is not one of",
    "is not a level of",
    "is given twice",
    "value_draws",
    "exact to 0.001",
    "in that order",
    "lowest level up",
    "must rise",
    "at least one weight above zero",
    "must sum to 1",
    "is wider than",
    "rates the same",
    "holds no answer",
    "only one of draws",
    "is missing",
)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_answered_as_published(name: str) -> None:
    document, published = load(f"{name}.json"), load(f"{name}.result.json")
    assert list(READS.iter_errors(document)) == []
    assert json.loads(json.dumps(solve(document))) == published


@pytest.mark.parametrize("path", sorted(path.name for path in CONTRACT.glob("*.result.json")))
def test_published_results_follow_the_schema(path: str) -> None:
    assert list(WRITES.iter_errors(load(path))) == []


def test_the_schemas_are_schemas() -> None:
    jsonschema.Draft202012Validator.check_schema(READS.schema)
    jsonschema.Draft202012Validator.check_schema(WRITES.schema)


@pytest.mark.parametrize("seed", range(20))
def test_results_follow_the_schema(seed: int) -> None:
    document = random_portfolio(seed, 3, draws=seed % 3)
    assert list(READS.iter_errors(document)) == []
    assert list(WRITES.iter_errors(solve(document))) == []


@pytest.mark.parametrize("output", OUTPUTS)
def test_results_of_one_output_follow_the_schema(output: str) -> None:
    result = solve({**CRITERIA, "outputs": [output]})
    assert list(WRITES.iter_errors(result)) == []
    assert set(result["outputs"]) <= {"choice", output}


@pytest.mark.parametrize("document", [VALUES, CRITERIA])
def test_what_the_engine_reads_follows_the_schema(document: Any) -> None:
    assert list(READS.iter_errors(document)) == []


@pytest.mark.parametrize(("path", "value", "field"), WRONG_VALUES + WRONG_CRITERIA)
def test_the_schema_refuses_what_the_engine_refuses(path: str, value: object, field: str) -> None:
    """Wherever a schema can say it; the rest is listed above by the engine's own words."""
    document = changed(VALUES if (path, value, field) in WRONG_VALUES else CRITERIA, path, value)
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - DocumentError is a ValueError, and its text is looked at
        solve(document)
    if not any(words in str(caught.value) for words in BEYOND_A_SCHEMA):
        if (isinstance(value, float) and value != value) or value == float("inf"):
            return  # JSON has neither
        assert not READS.is_valid(document)
