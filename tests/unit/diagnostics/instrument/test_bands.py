from __future__ import annotations

import pytest

from diagnostics.instrument import instrument
from diagnostics.instrument.bands import banding
from diagnostics.instrument.scoring import Estimate

BANDS = instrument().bands


@pytest.mark.parametrize(
    ("low", "high", "words", "code"),
    [
        (1.0, 2.94, "low", "low"),
        (2.98, 2.98, "mixed", "mixed"),  # "3.0" on the page
        (3.0, 3.94, "mixed", "mixed"),
        (4.0, 5.0, "strong", "strong"),
        (2.9, 3.1, "between low and mixed", "low-mixed"),
        (3.9, 4.0, "between mixed and strong", "mixed-strong"),
        (2.0, 4.5, "between low and strong", "low-strong"),
    ],
)
def test_an_interval_that_crosses_an_edge_is_between(low: float, high: float, words: str, code: str) -> None:
    made = banding(Estimate((low + high) / 2, low, high, 8, 0.5), BANDS)
    assert (made.words, made.code) == (words, code)
    assert made.is_sure == (" and " not in words)
