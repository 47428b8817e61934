from decimal import Decimal

import pytest

from partnerships.consistency import OBJECTIVES, WAYS, Step, question_about


def steps(**points: str) -> list[Step]:
    return [Step(name, f"the top of {name}", Decimal(given)) for name, given in points.items()]


@pytest.mark.parametrize(
    ("points", "given", "follows"),
    [
        (
            {"A": "100", "B": "50"},
            "You gave A 100 and B 50.",
            "So going from nothing to the top on A (the top of A) is worth twice as much to you as going from nothing "
            "to the top on B (the top of B).",
        ),
        ({"A": "100", "B": "80", "C": "45", "D": "0"}, "You gave A 100 and C 45.", "about 2.2 times as much to you as"),
        ({"A": "20", "B": "60"}, "You gave B 60 and A 20.", "is worth 3 times as much to you as"),
        ({"A": "100", "B": "40"}, "You gave A 100 and B 40.", "is worth 2.5 times as much to you as"),
        ({"A": "100", "B": "51"}, "You gave A 100 and B 51.", "is worth about twice as much to you as"),
        ({"A": "100", "B": "97.5"}, "You gave A 100 and B 97.5.", "is worth slightly more to you than going"),
        (
            {"A": "100", "B": "0", "C": "0"},
            "You gave no points to B and C.",
            "So whatever a partnership adds to any of them counts for nothing.",
        ),
        ({"A": "9", "B": "0"}, "You gave no points to B.", "whatever a partnership adds to it counts for nothing."),
        ({"A": "50", "B": "50", "C": "50"}, "You gave every objective the same points.", "exactly as much to you as"),
    ],
)
def test_the_question_follows_from_the_points(points: dict[str, str], given: str, follows: str) -> None:
    question = question_about(steps(**points), OBJECTIVES)
    assert question is not None
    assert question.given == given
    assert follows in question.follows


@pytest.mark.parametrize("points", [{}, {"A": "100"}, {"A": "0", "B": "0"}])
def test_where_nothing_can_be_compared_nothing_is_asked(points: dict[str, str]) -> None:
    assert question_about(steps(**points), OBJECTIVES) is None


@pytest.mark.parametrize(
    ("points", "given", "follows"),
    [
        (
            {"A": "100", "B": "50"},
            "You gave A 100 and B 50.",
            "So going from nothing to the top on A (the top of A) is worth twice as much to you as going from nothing "
            "to the top on B (the top of B).",
        ),
        ({"A": "9", "B": "0"}, "You gave no points to B.", "So whatever a partnership adds in that way counts for"),
        (
            {"A": "9", "B": "0", "C": "0"},
            "You gave no points to B and C.",
            "So whatever a partnership adds in any of those ways counts for nothing.",
        ),
        ({"A": "5", "B": "5"}, "You gave every way of creating value the same points.", "exactly as much to you as"),
    ],
)
def test_of_ways_it_speaks_of_ways(points: dict[str, str], given: str, follows: str) -> None:
    question = question_about(steps(**points), WAYS)
    assert question is not None
    assert question.given == given
    assert follows in question.follows
