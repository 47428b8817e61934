"""Each organisation counting once: the mean and its interval, who counts of their own, and what an attacker learns."""

from __future__ import annotations

import itertools
import math
import random
from statistics import fmean, stdev, variance

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from diagnostics.instrument import Instrument, instrument
from diagnostics.instrument.beside import OVERALL
from diagnostics.instrument.breakdown import by_name
from diagnostics.instrument.change import Comparison, compare
from diagnostics.instrument.groups import groups_of
from diagnostics.instrument.scoring import (
    OTHERS,
    Answers,
    Estimate,
    Groups,
    Summary,
    estimate,
    over_groups,
    spread_of,
    summarise,
)
from diagnostics.instrument.shown import filled_in, summarise_shown, what_counts

INSTRUMENT = instrument()
ITEMS = tuple(INSTRUMENT.item_by_code)
FEWEST = 5
People = list[tuple[str, Answers]]


def people_of(**organisations: list[int]) -> People:
    return [(name, dict.fromkeys(ITEMS, value)) for name, values in organisations.items() for value in values]


def grouped(people: People, **invited: int) -> Groups | None:
    return groups_of(people, INSTRUMENT, invited=invited, fewest=FEWEST)


def summary(people: People, groups: Groups | None) -> Summary:
    return summarise_shown(INSTRUMENT, [one for _, one in people], 100, fewest=FEWEST, groups=groups)


def test_each_organisation_counts_once_however_many_answered_for_it() -> None:
    people = people_of(trust=[5] * 12, council=[2] * 6)
    made = summary(people, grouped(people, trust=20, council=10))
    assert made.overall is not None
    assert made.overall.mean == pytest.approx(3.5)  # over people it would be 4
    assert made.characteristics["focus"].mean == pytest.approx(3.5)
    assert made.items["FOC1"].estimate == made.characteristics["focus"]
    spread = spread_of(ITEMS, [one for _, one in people], grouped(people))
    assert spread is not None
    assert (spread.shares[5], spread.shares[2]) == (0.5, 0.5)


def test_the_interval_is_that_of_an_independent_source() -> None:
    """Half the difference of two means has the error of half their sum, and SciPy has Welch's interval for it."""
    one, other = [2.0, 3, 3, 4, 3, 4, 2], [4.0, 5, 4, 3, 4]
    groups = Groups(["a"] * 7 + ["b"] * 5, {"a": 10**9, "b": 10**9})
    made = over_groups([*one, *other], groups)
    assert made is not None
    found = stats.ttest_ind(one, other, equal_var=False)
    assert made.mean == pytest.approx((fmean(one) + fmean(other)) / 2)
    interval = found.confidence_interval(0.95)
    ours, theirs = (made.high - made.low) / 2, (interval.high - interval.low) / 4
    assert theirs <= ours <= theirs * 1.02  # whole degrees of freedom, rounded down
    assert made.degrees == math.floor(found.df)
    assert made.spread**2 / made.people == pytest.approx(variance(one) / 28 + variance(other) / 20)


def test_over_every_sample_that_could_be_drawn_the_error_is_right() -> None:
    """Of every pair of samples without replacement: the mean is unbiased, and the squared error is its variance."""
    first, second = [2.0, 2.4, 3.0, 3.2, 3.9, 4.0], [3.0, 3.5, 4.2, 2.6, 3.3, 4.4]
    means, errors = [], []
    for one, other in itertools.product(itertools.combinations(first, 4), itertools.combinations(second, 5)):
        made = over_groups([*one, *other], Groups(["a"] * 4 + ["b"] * 5, {"a": 6, "b": 6}))
        assert made is not None
        unknown = [(variance(one) / 16 * 2 / 6, 3), (variance(other) / 20 * 1 / 6, 4)]
        degrees = sum(part for part, _ in unknown) ** 2 / sum(part**2 / of for part, of in unknown)
        means.append(made.mean)
        errors.append(((made.high - made.low) / 2 / stats.t.ppf(0.975, math.floor(degrees + 1e-9))) ** 2)
        assert min(stdev(one), stdev(other)) > 0.289  # the floor of rounding is not what is looked at here
    assert fmean(means) == pytest.approx(fmean([fmean(first), fmean(second)]))
    assert fmean(errors) == pytest.approx(fmean((one - fmean(means)) ** 2 for one in means))


def test_where_everybody_of_every_organisation_answered_nothing_is_left_open() -> None:
    made = over_groups([3.0, 4, 4, 5, 5], Groups(["a", "a", "b", "b", "b"], {"a": 2, "b": 3}))
    assert made is not None
    assert made.is_of_everybody
    assert over_groups([3.0, None], Groups(["a", "b"], {})) is None
    with pytest.raises(ValueError, match="Everybody who answered is in a group"):
        over_groups([3.0], Groups(["a", "b"], {}))


def test_small_organisations_count_together() -> None:
    people = people_of(trust=[4] * 6, council=[2] * 3, hospice=[1] * 2)
    groups = grouped(people, trust=6, council=9, hospice=2, silent=8)
    assert groups is not None
    assert set(groups.of) == {"trust", OTHERS}
    assert groups.invited == {"trust": 14, OTHERS: 19}  # whom nobody of theirs was heard of may be with either


def test_nobody_is_said_to_have_been_heard_of_whom_somebody_was_asked_and_nobody_answered() -> None:
    people = people_of(trust=[4] * 6, council=[3] * 6)
    everybody = summary(people, grouped(people, trust=6, council=6))
    assert everybody.overall is not None
    assert everybody.overall.is_of_everybody
    without_the_hospice = summary(people, grouped(people, trust=6, council=6, hospice=9))
    assert without_the_hospice.overall is not None
    assert without_the_hospice.overall.mean == everybody.overall.mean
    assert without_the_hospice.overall.low < everybody.overall.mean < without_the_hospice.overall.high


@pytest.mark.parametrize(
    "organisations",
    [
        {"trust": [4] * 5, "council": [2] * 5},  # ten answers
        {"trust": [4] * 10, "hospice": [1]},  # with the one the ten are one group
        {"trust": [4] * 14},
        {},
    ],
)
def test_people_count_where_organisations_cannot(organisations: dict[str, list[int]]) -> None:
    assert grouped(people_of(**organisations)) is None


def test_where_one_organisation_has_too_few_views_on_one_statement_it_does_not_stand_alone() -> None:
    people = people_of(trust=[4] * 6, council=[2] * 5, mind=[3] * 5)
    assert grouped(people) is not None
    people[6] = ("council", {**people[6][1], "FOC1": None})
    groups = grouped(people)
    assert groups is not None
    assert set(groups.of) == {"trust", OTHERS}  # four views: with the next smallest


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcde"), st.sets(st.sampled_from(ITEMS), max_size=4)), min_size=11, max_size=60
    ),
    st.integers(5, 8),
)
def test_on_every_statement_shown_every_group_has_enough_views(drawn: list[tuple[str, set[str]]], fewest: int) -> None:
    people: People = [(name, {item: None if item in unknown else 3 for item in ITEMS}) for name, unknown in drawn]
    groups = groups_of(people, INSTRUMENT, invited={}, fewest=fewest)
    if groups is None:
        return
    shown = what_counts(INSTRUMENT, [one for _, one in people], fewest=fewest)
    for places in groups.among(len(people)):
        for item in shown.items:
            assert sum(people[place][1][item.code] is not None for place in places) >= fewest
    assert len(set(groups.of)) > 1


def test_an_attacker_cannot_tell_who_of_the_small_organisations_said_what() -> None:
    """They know everybody's organisation and all that is shown, to the last digit: whichever of the five of the small
    ones said the odd thing, what is shown is the same. Counted of its own, the hospice would stand out.
    """
    said = [5, 5, 5, 5, 1]
    every = set()
    alone = set()
    for order in set(itertools.permutations(said)):
        people = people_of(trust=[4, 3, 4, 5, 4, 4], council=list(order[:4]), hospice=[order[4]])
        answers = [one for _, one in people]
        groups = grouped(people, trust=9, council=6, hospice=3)
        assert groups is not None
        spreads = [spread_of([item], answers, groups) for item in ITEMS]
        every.add(repr((summary(people, groups), spreads)))
        alone.add(repr(summarise(INSTRUMENT, answers, 18, Groups([name for name, _ in people], {}))))
    assert len(every) == 1
    assert len(alone) == 2


def test_who_passes_a_statement_by_has_the_mean_of_their_own_organisation() -> None:
    people = people_of(trust=[5] * 6, council=[1] * 6)
    people[0] = ("trust", {**people[0][1], "FOC1": None})
    groups = grouped(people)
    filled = filled_in(INSTRUMENT, [one for _, one in people], groups)
    assert filled[0]["FOC1"] == 5.0
    assert filled_in(INSTRUMENT, [one for _, one in people])[0]["FOC1"] == pytest.approx(31 / 11)
    made = summary(people, groups)
    assert made.characteristics["focus"].mean == pytest.approx(3)


def test_two_surveys_are_compared_only_where_they_count_alike() -> None:
    before, after = people_of(trust=[2] * 12, council=[4] * 6), people_of(trust=[4] * 12, council=[4] * 6)

    def change(first: Groups | None, second: Groups | None) -> tuple[bool, float | None]:
        sides = ([one for _, one in people] for people in (before, after))
        one, other = sides
        made = compare(INSTRUMENT, one, INSTRUMENT, other, fewest=FEWEST, groups=(first, second))
        return made.counted_otherwise, made.overall.by if made.overall else None

    counted_otherwise, by = change(None, None)
    assert not counted_otherwise
    assert by == pytest.approx(4 / 3)
    counted_otherwise, by = change(grouped(before), grouped(after))
    assert not counted_otherwise
    assert by == pytest.approx(1)
    assert change(None, grouped(after)) == (True, None)
    assert change(grouped(before), None) == (True, None)


def test_organisations_that_count_together_once_do_so_in_both_surveys_that_are_compared() -> None:
    """The same answers less one: a group of its own becomes one of the others, and nothing has changed."""
    before = people_of(trust=[4] * 40, town=[3] * 20, council=[2] * 5)
    after = people_of(trust=[4] * 40, town=[3] * 20, council=[2] * 4)
    groups = grouped(before), grouped(after)
    assert [set(one.of) for one in groups if one] == [{"trust", "town", "council"}, {"trust", OTHERS}]
    sides = [one for _, one in before], [one for _, one in after]
    made = compare(INSTRUMENT, sides[0], INSTRUMENT, sides[1], fewest=FEWEST, groups=groups)
    assert made.over_organisations
    assert made.overall is not None
    assert made.overall.before == pytest.approx((4 + 70 / 25) / 2)  # the town and the council together, in both
    assert made.overall.after == pytest.approx((4 + 68 / 24) / 2)
    assert not [code for code, one in made.by_scale.items() if one.is_beyond_chance]


def compared(before: People, after: People) -> Comparison:
    sides = [one for _, one in before], [one for _, one in after]
    groups = grouped(before), grouped(after)
    assert None not in groups
    return compare(INSTRUMENT, sides[0], INSTRUMENT, sides[1], fewest=FEWEST, groups=groups)


def test_others_who_are_not_the_same_organisations_both_times_are_left_out_of_the_comparison() -> None:
    """By hand. The trust has 4 both times; the council rises from 2 to 4. The others, a hospice and Mind, said 5; the
    next time these are a hospice and a school, and they said 1: over all the mean would fall, from 11/3 to 9/3.

    Without them it rises from (4 + 2) / 2 to (4 + 4) / 2, by 1. Every variance is 6 / 5, of six people: each mean's is
    (1.2/6 + 1.2/6) / 2² = 0.1, with (0.05 + 0.05)² / (0.05²/5 + 0.05²/5) = 10 degrees of freedom; the change's is 0.2,
    with 0.2² / (0.1²/10 + 0.1²/10) = 20, whose t is 2.086. 2.086 × √0.2 = 0.933.
    """
    low, high = [1, 1, 1, 3, 3, 3], [3, 3, 3, 5, 5, 5]
    before = people_of(trust=high, council=low, hospice=[5] * 3, mind=[5] * 2)
    after = people_of(trust=high, council=high, hospice=[1] * 3, school=[1] * 2)
    made = compared(before, after)
    assert made.counted == {"trust", "council"}
    assert made.together == frozenset()
    assert made.left_out == {"hospice", "mind", "school"}
    assert made.overall is not None
    assert [made.overall.before, made.overall.after] == pytest.approx([3, 4])
    assert [made.overall.low, made.overall.high] == pytest.approx([1 - 0.933, 1 + 0.933], abs=5e-4)
    assert all(one.by == pytest.approx(1) for one in made.by_scale.values())


def test_others_who_are_the_same_organisations_both_times_count_in_the_comparison() -> None:
    """By hand: from (4 + 2 + 5) / 3 to (4 + 2 + 2) / 3, by 1; the hospice had three people and has two."""
    before = people_of(trust=[4] * 6, council=[2] * 6, hospice=[5] * 3, mind=[5] * 2)
    after = people_of(trust=[4] * 6, council=[2] * 6, hospice=[2] * 2, mind=[2] * 3)
    made = compared(before, after)
    assert made.counted == {"trust", "council"}
    assert made.together == {"hospice", "mind"}
    assert made.left_out == frozenset()
    assert made.overall is not None
    assert [made.overall.before, made.overall.after] == pytest.approx([11 / 3, 8 / 3])


def test_who_counts_of_its_own_the_second_time_only_is_no_change_of_the_others() -> None:
    """The town was not asked before: it is left out, and nothing of those in both has changed."""
    before = people_of(trust=[4] * 6, council=[2] * 6)
    made = compared(before, people_of(trust=[4] * 6, council=[2] * 6, town=[5] * 30))
    assert made.left_out == {"town"}
    assert {one.by for one in made.by_scale.values()} == {0}
    assert made.by_scale
    assert made.over_other_groups, "by itself the later survey counts the town, whose mean is another"
    assert not compared(before, before).over_other_groups


def test_one_organisation_alone_is_no_mean_over_organisations() -> None:
    before = people_of(trust=[4] * 8, hospice=[5] * 3, mind=[5] * 2)
    made = compared(before, people_of(trust=[4] * 8, hospice=[5] * 3, school=[5] * 2))
    assert (made.counted_otherwise, made.by_scale) == (True, {})


@settings(deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=9), min_size=2, max_size=5),
    st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=9), min_size=2, max_size=5),
    st.permutations("abcde"),
)
def test_what_is_compared_is_whole_groups_of_enough_people(
    before: list[list[int]], after: list[list[int]], order: list[str]
) -> None:
    """Every mean compared is worked out again here over the organisations that it is said to be over."""
    sides = [
        people_of(**dict(zip(names, values, strict=False))) for names, values in (("abcde", before), (order, after))
    ]
    groups = [grouped(people) for people in sides]
    if None in groups:
        return
    made = compared(*sides)
    if made.counted_otherwise:
        return
    assert len(made.counted) + bool(made.together) > 1
    for side, of in zip(sides, groups, strict=True):
        names = {name for name, _ in side}
        assert of is not None
        assert made.counted <= set(of.of)
        assert made.together | made.left_out >= names - made.counted
    assert made.overall is not None
    for side, mean in zip(sides, (made.overall.before, made.overall.after), strict=True):
        strata = [{one} for one in made.counted] + ([set(made.together)] if made.together else [])
        said = [[answers["FOC1"] or 0 for name, answers in side if name in stratum] for stratum in strata]
        assert all(len(values) >= FEWEST for values in said)
        assert mean == pytest.approx(fmean(fmean(values) for values in said))


def test_two_surveys_in_which_no_organisation_counts_both_times_are_not_compared() -> None:
    before, after = people_of(trust=[4] * 12, council=[2] * 6), people_of(town=[3] * 12, county=[4] * 9)
    sides = [one for _, one in before], [one for _, one in after]
    groups = grouped(before), grouped(after)
    assert None not in groups
    made = compare(INSTRUMENT, sides[0], INSTRUMENT, sides[1], fewest=FEWEST, groups=groups)
    assert (made.counted_otherwise, made.by_scale) == (True, {})


def test_over_people_it_is_as_it_was() -> None:
    people = people_of(trust=[5] * 12, council=[2] * 6)
    assert summary(people, None).overall == estimate([5] * 12 + [2] * 6, 100)


def test_how_all_answers_to_several_statements_spread() -> None:
    answers: list[Answers] = [{"FOC1": 1, "FOC2": 5}, {"FOC1": 5, "FOC2": None}, {"FOC1": 5}]
    spread = spread_of(["FOC1", "FOC2"], answers)
    assert spread is not None
    assert spread.shares == {1: 0.25, 2: 0, 3: 0, 4: 0, 5: 0.75}
    assert spread.dont_know == pytest.approx(1 / 5)
    assert spread_of(["FOC2"], [{"FOC2": None}]) is None
    assert spread_of(["FOC1"], answers, Groups(["a", "b", "b"], {})) is not None
    assert spread_of(["FOC2"], answers, Groups(["a", "b", "b"], {})) is None


def test_a_group_without_a_view_on_a_statement_leaves_no_mean_over_groups() -> None:
    """None of the small ones knows of one statement, so no other has to join them, and there is no mean of theirs."""
    knows = people_of(trust=[4] * 6, council=[2] * 6)
    without: Answers = {**dict.fromkeys(ITEMS, 3), "FOC1": None}
    assert grouped([*knows, *[("hospice", without)] * 3, *[("mind", without)] * 2]) is None
    assert grouped([*knows, ("hospice", dict.fromkeys(ITEMS, None))]) is None
    with_one = [*knows, *[("hospice", dict.fromkeys(ITEMS, 3))] * 3, *[("mind", without)] * 2]
    assert grouped(with_one) is not None  # three views are too few, so another joins


def test_how_many_answers_it_takes_can_be_raised_and_not_lowered() -> None:
    twelve, ten = people_of(trust=[4] * 6, council=[2] * 6), people_of(trust=[4] * 5, council=[2] * 5)
    made = {
        (len(people), fewest_in_all): groups_of(
            people, INSTRUMENT, invited={}, fewest=FEWEST, fewest_in_all=fewest_in_all
        )
        is not None
        for people in (twelve, ten)
        for fewest_in_all in (5, 12, 13)
    }
    assert made == {(12, 5): True, (12, 12): True, (12, 13): False, (10, 5): False, (10, 12): False, (10, 13): False}


def test_who_joins_the_small_ones_hangs_on_who_was_asked_and_on_nobody_s_view() -> None:
    """Of two that are as large a single "don't know" would else decide, and the next survey not be comparable."""
    asked = {"council": 9, "trust": 8, "mind": 1}
    for names in ((), ("council",), ("trust",), ("council", "trust")):
        people = people_of(council=[4] * 7, trust=[3] * 7, mind=[1])
        for name in names:
            place = next(at for at, (one, _) in enumerate(people) if one == name)
            people[place] = (name, {**people[place][1], "FOC1": None})
        groups = grouped(people, **asked)
        assert groups is not None
        assert groups.own == {"council"}
        assert groups.others == {"mind", "trust"}
        assert groups.joined == {"trust"}


def test_who_is_large_enough_and_who_is_not_is_told_apart() -> None:
    groups = grouped(people_of(trust=[4] * 6, council=[2] * 3, hospice=[1] * 2))
    assert groups is not None
    assert groups.own == {"trust"}
    assert groups.others == {"council", "hospice"}
    assert groups.joined == frozenset()


def means_by_name(people: People, shown: Instrument) -> dict[tuple[str, str], Estimate]:
    table = by_name(people, shown, invited={})
    return {(part.code, scale): one for part in table for scale, one in part.estimates.items()}


@pytest.mark.parametrize("over_organisations", [True, False])
def test_one_answer_does_not_follow_from_the_means_of_an_organisation_and_the_statements(
    over_organisations: bool,
) -> None:
    """As somebody reckoned it who has the workbook: of a trust of six one person does not know of the second of two
    statements. Twice six times the trust's mean, less its sums on both, was that person's other answer.

    Over organisations the trust's sums follow from the shares; over people the sums of all do, and those of the
    council, of whom everybody knows both statements, from its mean.
    """
    chance = random.Random(3)
    one, other = INSTRUMENT.items_of("focus")
    found = 0
    for _ in range(40):
        people: People = [
            (name, {item: chance.randint(1, 5) for item in ITEMS}) for name in ["trust"] * 6 + ["council"] * 7
        ]
        people[0] = ("trust", {**people[0][1], other: None})
        answers = [of for _, of in people]
        groups = grouped(people, trust=8, council=9) if over_organisations else None
        assert (groups is not None) is over_organisations
        table = means_by_name(people, what_counts(INSTRUMENT, answers, fewest=FEWEST))
        trust, council = (round(table[name, "focus"].mean, 2) for name in ("trust", "council"))
        if over_organisations:
            sums = sum(of[item] or 0 for name, of in people if name == "trust" for item in (one, other))
        else:
            sums = sum(of[item] or 0 for of in answers for item in (one, other)) - round(2 * 7 * council)
        found += round(2 * 6 * trust - sums) == people[0][1][one]
    assert found < 20, "one in five by chance; all forty where the mean is over people's own"


# Everybody's answers: to all with a slip here and there.
slips = st.fixed_dictionaries(dict.fromkeys(ITEMS, st.sampled_from([None, 1, 2, 3, 4, 4, 5, 5])))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("aaaaabbbbbcd"), slips), min_size=11, max_size=24), st.data())
def test_nothing_with_a_name_tells_what_they_said_who_passed_a_statement_by(
    people: People, data: st.DataObject
) -> None:
    """Had they and a colleague said each other's, nothing shown would be other than it is, over people or groups."""
    answers = [one for _, one in people]
    shown = what_counts(INSTRUMENT, answers, fewest=FEWEST)
    apart = [
        (first, second, item)
        for items in shown.items_by_characteristic.values()
        for first, second in itertools.permutations(range(len(people)), 2)
        if people[first][0] == people[second][0] and any(answers[first][item] is None for item in items)
        for item in items
        if None not in (answers[first][item], answers[second][item])
    ]
    assume(apart)
    first, second, item = data.draw(st.sampled_from(apart))
    swapped = list(people)
    swapped[first] = (people[first][0], {**answers[first], item: answers[second][item]})
    swapped[second] = (people[second][0], {**answers[second], item: answers[first][item]})

    def seen(of: People) -> dict[tuple[str, str], tuple[float, float, float]]:
        found = means_by_name(of, shown)
        return {key: (round(one.mean, 9), round(one.low, 9), round(one.high, 9)) for key, one in found.items()}

    assert seen(swapped) == seen(people)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("aaaabbbbccd"), slips), min_size=11, max_size=24))
def test_the_means_of_all_organisations_add_up_to_what_the_statements_say(people: People) -> None:
    """So what an organisation's people said to one of two statements does not follow from these together: weighed by
    its views, which whoever was there may know, each mean is in the sum, and the sum is that of the distributions.
    """
    answers = [one for _, one in people]
    shown = what_counts(INSTRUMENT, answers, fewest=FEWEST)
    table = means_by_name(people, shown)
    for code, items in shown.items_by_characteristic.items():
        if not items or {name for name, _ in people} - {name for name, scale in table if scale == code}:
            continue
        views = [(name, value) for name, of in people for item in items if (value := of[item]) is not None]
        if len({len(shown.items_of_atom(atom)) for atom in shown.atoms_by_characteristic[code]} - {0}) == 1:
            assert sum(table[name, code].mean for name, _ in views) == pytest.approx(sum(value for _, value in views))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("aabbc"), slips), min_size=5, max_size=15))
def test_a_mean_with_a_name_lies_in_its_interval_and_overall_is_that_of_the_others(people: People) -> None:
    shown = what_counts(INSTRUMENT, [one for _, one in people], fewest=FEWEST)
    for part in by_name(people, shown, invited={"a": 30}):
        assert all(1 <= one.low <= one.mean <= one.high <= 5 for one in part.estimates.values())
        eight = [one.mean for code, one in part.estimates.items() if code != OVERALL]
        if OVERALL in part.estimates:
            assert part.estimates[OVERALL].mean == pytest.approx(fmean(eight))


def test_a_mean_with_a_name_is_no_surer_than_its_least_known_statement_lets_it_be() -> None:
    """One of the trust has a view on the second statement, and it is the lowest: over the statements the mean is 3, and
    may be 5; over the views it is 36 / 8. That the first interval ended with the scale makes the second no shorter.
    """
    people = people_of(trust=[5] * 7, council=[3] * 7)
    for number, (name, answers) in enumerate(people):
        if name == "trust":
            people[number] = (name, {**answers, "FOC2": 1 if number == 0 else None})
    counted = what_counts(INSTRUMENT, [one for _, one in people], fewest=FEWEST)
    found = next(one for one in by_name(people, counted, invited={"trust": 7}) if one.code == "trust")
    focus = found.estimates["focus"]
    assert focus.mean == pytest.approx(36 / 8)
    assert focus.low <= 3
    assert focus.high == 5


def test_over_parts_there_are_the_fewest_degrees_of_freedom_of_any() -> None:
    people = people_of(trust=[4, 3, 5, 4, 4, 2], council=[2, 3, 1, 2, 2, 4, 2])
    people[0] = ("trust", {**people[0][1], "FOC2": None})
    made = summary(people, grouped(people, trust=20, council=20))
    each = [one.freedom for code in ("FOC1", "FOC2") if (one := made.items[code].estimate)]
    assert made.characteristics["focus"].people == 13
    assert made.characteristics["focus"].degrees == min(each)
    assert 0 < min(each) < 12


def test_the_share_of_dont_know_counts_what_was_chosen_over_what_is_shown() -> None:
    """By hand. One in six of the trust does not know of a statement, and nobody of the council: over people one in
    thirty of those answers, over the two half of one in six. A statement that is hidden is in neither.
    """
    people = people_of(trust=[4] * 6, council=[2] * 24)
    people[0] = ("trust", {**people[0][1], "FOC1": None})
    hidden: People = [(name, {**of, "FOC2": None}) for name, of in people]
    kept = len(ITEMS)
    assert summary(people, None).dont_know == pytest.approx(1 / (30 * kept))
    assert summary(people, grouped(people)).dont_know == pytest.approx(1 / (6 * kept) / 2)
    assert summary(hidden, None).dont_know == pytest.approx(1 / (30 * (kept - 1)))
    nobody_knows: People = [(name, dict.fromkeys(ITEMS, None)) for name, _ in people]
    assert summary(nobody_knows, None).dont_know is None
