"""Portfolios that others have published with their optimum, beside table 1 of PROBE (in `test_worked_examples`)."""

from __future__ import annotations

from typing import Any

from scoring.engine import solve


def projects(values: list[float], *budgets: tuple[list[float], float]) -> dict[str, Any]:
    """A document with one project a value: taken or not, each using something of each budget."""
    return {
        "format": "triage/1",
        "pools": [{"id": f"budget{k}", "days": limit} for k, (_, limit) in enumerate(budgets)],
        "partnerships": [
            {
                "id": f"project{n + 1}",
                "options": [
                    {"level": "no", "value": 0},
                    {
                        "level": "yes",
                        "value": value,
                        "days": {f"budget{k}": used[n] for k, (used, _) in enumerate(budgets)},
                    },
                ],
            }
            for n, value in enumerate(values)
        ],
    }


def taken(result: dict[str, Any]) -> list[int]:
    return [int(one["id"].removeprefix("project")) for one in result["partnerships"] if one["level"] == "yes"]


def test_nine_investments_in_two_years() -> None:
    """Lorie and Savage (1955), Three problems in rationing capital; its optimum in whole projects is 70."""
    result = solve(
        projects(
            [14, 17, 17, 15, 40, 12, 14, 10, 12],
            ([12, 54, 6, 6, 30, 6, 48, 36, 18], 50),
            ([3, 7, 6, 2, 35, 6, 4, 3, 3], 20),
        )
    )
    assert (result["total_value"], taken(result)) == (70, [1, 3, 4, 6, 9])


def test_six_projects_and_ten_budgets() -> None:
    """Petersen (1967), Computational experience with variants of the Balas algorithm, problem 1; optimum 3800."""
    result = solve(
        projects(
            [100, 600, 1200, 2400, 500, 2000],
            ([8, 12, 13, 64, 22, 41], 80),
            ([8, 12, 13, 75, 22, 41], 96),
            ([3, 6, 4, 18, 6, 4], 20),
            ([5, 10, 8, 32, 6, 12], 36),
            ([5, 13, 8, 42, 6, 20], 44),
            ([5, 13, 8, 48, 6, 20], 48),
            ([0, 0, 0, 0, 8, 0], 10),
            ([3, 0, 4, 0, 8, 0], 18),
            ([3, 2, 4, 0, 8, 4], 22),
            ([3, 2, 4, 8, 8, 4], 24),
        )
    )
    assert (result["total_value"], taken(result)) == (3800, [2, 3, 6])
