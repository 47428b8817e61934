"""Agreement, against published figures, an independent library and its own extremes."""

from __future__ import annotations

import random
from statistics import variance

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from diagnostics.instrument.agreement import (
    Agreement,
    between,
    in_words,
    r_star_wg,
    r_wg_j,
    variance_over,
    widest_variance,
)

# Six people rated by four judges each: Shrout and Fleiss 1979, Psychological Bulletin 86(2), table 2. Each person's
# ratings are one group.
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_the_published_example_of_intraclass_correlation() -> None:
    made = between(SHROUT_FLEISS)
    assert made is not None
    # Their table 4: ICC(1,1) = .17 and ICC(1,4) = .44.
    assert (round(made.icc1, 2), round(made.icc2, 2)) == (0.17, 0.44)
    assert (made.groups, made.people) == (6, 24)


scores = st.lists(st.integers(1, 5).map(float), min_size=2, max_size=12)


@given(st.lists(scores, min_size=2, max_size=8))
def test_intraclass_correlation_follows_from_another_librarys_analysis_of_variance(groups: list[list[float]]) -> None:
    made = between(groups)
    flat = [score for group in groups for score in group]
    if len({sum(group) / len(group) for group in groups}) == 1:
        assert made is None
        return
    assert made is not None
    if all(len(set(group)) == 1 for group in groups):
        assert made.icc1 == made.icc2 == pytest.approx(1)
        return
    ratio = stats.f_oneway(*groups).statistic
    size = (len(flat) - sum(len(group) ** 2 for group in groups) / len(flat)) / (len(groups) - 1)
    # ICC(2) = 1 − 1/F and, by Spearman and Brown's formula turned round, ICC(1) = (F − 1)/(F + k − 1).
    assert made.icc2 == pytest.approx(1 - 1 / ratio, rel=1e-6, abs=1e-9)
    assert made.icc1 == pytest.approx((ratio - 1) / (ratio + size - 1), rel=1e-6, abs=1e-9)


def test_one_group_or_one_opinion_has_nothing_between() -> None:
    assert between([[1, 2, 3]]) is None
    assert between([[1, 2, 3], [4]]) is None
    assert between([[3, 3], [3, 3]]) is None


@pytest.mark.parametrize(("people", "widest"), [(2, 8), (4, 16 / 3), (5, 4.8), (1000, 4 * 1000 / 999)])
def test_the_widest_spread_is_half_at_each_end(people: int, widest: float) -> None:
    # For many people it is 4 on a five-point scale: Lindell and Brandt 1999.
    assert widest_variance(people) == pytest.approx(widest)
    half = [1.0] * (people - people // 2) + [5.0] * (people // 2)
    assert widest_variance(people) == pytest.approx(stats.tvar(half))


def test_alone_nobody_agrees_or_differs() -> None:
    assert r_star_wg([[3], []]) is None
    assert in_words([[3]]) is None
    assert r_wg_j([[3], []]) is None
    with pytest.raises(ValueError, match="two people"):
        widest_variance(1)


@given(st.lists(st.lists(st.floats(1, 5), min_size=2, max_size=30), min_size=1, max_size=6))
def test_agreement_lies_between_two_camps_and_one_voice(items: list[list[float]]) -> None:
    made = r_star_wg(items)
    assert made is not None
    assert -1e-9 <= made <= 1 + 1e-9


def test_agreement_by_hand() -> None:
    assert r_star_wg([[4] * 6]) == 1
    assert r_star_wg([[1, 1, 1, 5, 5, 5]]) == pytest.approx(0)
    # Variance of 3, 4, 4, 4, 5 is 0.5; the widest of five people is 4.8.
    assert r_star_wg([[3, 4, 4, 4, 5]]) == pytest.approx(1 - 0.5 / 4.8)


def test_agreement_over_a_scale_is_that_of_its_items_by_hand() -> None:
    # Variances 0.5 and 1.3, mean 0.9, of at most 4.8 (Lindell, Brandt and Whitney 1999).
    assert r_star_wg([[3, 4, 4, 4, 5], [2, 3, 4, 4, 5]]) == pytest.approx(1 - 0.9 / 4.8)
    # More items of the same spread agree no better, unlike rwg(j).
    assert r_star_wg([[3, 4, 4, 4, 5]] * 10) == pytest.approx(1 - 0.5 / 4.8)
    # Everybody has the mean 3, and they are two camps on either statement.
    assert r_star_wg([[1, 1, 5, 5], [5, 5, 1, 1]]) == pytest.approx(0)
    assert in_words([[1, 1, 5, 5], [5, 5, 1, 1]]) is Agreement.DIVIDED


def test_people_who_answer_at_random_do_not_agree() -> None:
    chance = random.Random(22)
    for _ in range(300):
        items = [[float(chance.randint(1, 5)) for _ in range(12)] for _ in range(4)]
        assert in_words(items) is not Agreement.AGREE
        at_random = r_star_wg(items)
        assert at_random is not None
        assert at_random < 0.8


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([3, 4, 4, 4, 5], Agreement.AGREE),
        ([2, 3, 4, 4, 5], Agreement.DIFFER),
        ([1, 1, 2, 5, 5], Agreement.DIVIDED),
    ],
)
def test_agreement_in_words(values: list[float], words: Agreement) -> None:
    assert in_words([values]) is words


def test_agreement_on_several_items_by_hand() -> None:
    # One item of variance 0.5 against 2 at random: the single-item rwg, 1 − 0.5/2 = 0.75 (James et al. 1984).
    assert r_wg_j([[3, 4, 4, 4, 5]]) == pytest.approx(0.75)
    # Two of them: 2·0.75/(2·0.75 + 0.25).
    assert r_wg_j([[3, 4, 4, 4, 5]] * 2) == pytest.approx(1.5 / 1.75)
    # Ten items with the same spread agree almost wholly, which is what the measure is criticised for.
    assert r_wg_j([[3, 4, 4, 4, 5]] * 10) == pytest.approx(7.5 / 7.75)


def test_people_who_differ_more_than_at_random_have_no_agreement() -> None:
    assert r_wg_j([[1, 1, 5, 5]]) == 0


def test_the_variance_over_groups_is_that_of_one_sample_where_they_are_as_large() -> None:
    one, other = [1.0, 2, 4], [5.0, 5, 3]
    assert variance_over([one, other]) == pytest.approx(variance([*one, *other]))
    # By hand: means 2 and 5, of both 3.5; squares (2.25 + 2.25)/2 and 2.25; 1 − (1/2 + 1/4)/4 = 13/16.
    assert variance_over([[2.0, 2], [5.0, 5, 5, 5]]) == pytest.approx(2.25 / (13 / 16))
    assert [variance_over(groups) for groups in ([], [[3.0]], [[3.0, 4], []])] == [None] * 3
