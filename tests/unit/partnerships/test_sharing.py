"""Where organisations pull apart, from their levels alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from partnerships.models import Organisation, Partnership, SharedLevel
from partnerships.sharing import Agreement, SystemPicture, system_rows


def shared(partnership: int, organisation: int, commitment: str) -> SharedLevel:
    return SharedLevel(
        organisation=Organisation(pk=organisation, code=f"O{organisation}", name=f"Organisation {organisation}"),
        partnership=Partnership(pk=partnership, name=f"Partnership {partnership}", slug=f"p{partnership}"),
        level="as they call it",
        commitment=Decimal(commitment),
    )


@pytest.mark.parametrize(
    ("commitments", "agreement"),
    [
        (["1"], Agreement.ALONE),
        (["0.5", "0.5"], Agreement.AGREE),
        (["0.5", "1"], Agreement.DIFFER),  # exactly half the scale is not more than half
        (["0.499", "1"], Agreement.APART),
        (["0", "0.5", "1"], Agreement.APART),
    ],
)
def test_they_pull_apart_where_their_levels_are_more_than_half_the_scale_apart(
    commitments: list[str], agreement: Agreement
) -> None:
    [row] = system_rows([shared(1, number, one) for number, one in enumerate(commitments)])
    assert row.agreement == agreement
    assert [level.commitment for level in row.levels] == sorted(map(Decimal, commitments), reverse=True)


def test_the_widest_gap_comes_first_and_what_one_alone_has_shared_last() -> None:
    levels = [
        *(shared(1, 1, "1") for _ in range(1)),
        *(shared(2, number, "0.5") for number in (1, 2)),
        *(shared(3, number, one) for number, one in ((1, "1"), (2, "0.25"))),
        *(shared(4, number, one) for number, one in ((1, "1"), (2, "0"))),
        *(shared(5, number, one) for number, one in ((1, "0.5"), (3, "0.25"))),
    ]
    picture = SystemPicture(system_rows(levels))
    assert [row.partnership.pk for row in picture.rows] == [4, 3, 5, 2, 1]
    assert (picture.organisations, picture.apart, picture.compared) == (3, 2, 4)


def test_nothing_shared_is_an_empty_picture() -> None:
    picture = SystemPicture(system_rows([]))
    assert (list(picture.rows), picture.organisations, picture.apart, picture.compared) == ([], 0, 0, 0)
