import datetime
from decimal import Decimal

import pytest

from partnerships.editing import ChangedMeanwhile, check_version, version_of


def test_the_same_values_have_one_version_and_others_another() -> None:
    values = [1, Decimal("2.50"), datetime.date(2026, 4, 1), None, "text"]
    assert version_of(values) == version_of(list(values))
    assert version_of(values) != version_of(values[::-1])
    assert version_of([None]) != version_of([""])


def test_another_version_is_refused() -> None:
    check_version("a", "a")
    with pytest.raises(ChangedMeanwhile):
        check_version("a", "b")
