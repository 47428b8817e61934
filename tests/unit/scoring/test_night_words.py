"""How a night goes, in words that its numbers bear."""

from __future__ import annotations

import datetime

import pytest

from scoring.models import Night, NightProgress
from scoring.night_words import NightInWords, duration

BEGAN = datetime.datetime(2026, 3, 4, 2, 0, tzinfo=datetime.UTC)


def night(
    after: float = 600,
    *,
    ended: bool = False,
    lately: int = 0,
    waiting: int = 0,
    running: int = 0,
    done: int = 0,
    skipped: int = 0,
    failed: int = 0,
    already: int = 0,
) -> NightInWords:
    now = BEGAN + datetime.timedelta(seconds=after)
    row = Night(started_at=BEGAN, ended_at=now if ended else None, already_waiting=already)
    return NightInWords(row, NightProgress(waiting, running, done, skipped, failed), now, lately)


def test_under_way_it_says_how_far_and_how_long() -> None:
    words = night(1800, waiting=288, running=2, done=180, skipped=29, failed=1, lately=100)
    assert words.sentence == "210 of 500 organisations are finished."
    assert words.left == "At the pace of the last 5 minutes the rest takes about 14 minutes."
    assert words.progress.percent == 42
    assert not words.is_stuck


def test_a_night_that_has_just_begun_uses_the_time_there_was() -> None:
    words = night(30, waiting=90, done=10, lately=10)
    assert words.left == "At the pace of the last 30 seconds the rest takes about 4 minutes."


@pytest.mark.parametrize(("after", "lately"), [(0, 0), (20, 0), (20, 4), (600, 4)])
def test_from_a_few_no_pace_is_taken(after: float, lately: int) -> None:
    words = night(after, waiting=90, done=lately, lately=lately)
    assert words.left == "It is too early to say how long it takes."


def test_where_nothing_moves_it_says_so() -> None:
    words = night(3600, waiting=90, done=10)
    assert words.is_stuck
    assert words.left == "None has finished in the last 5 minutes. Check that a worker runs for the night’s queue."


def test_the_end_is_told_with_the_time_it_took() -> None:
    words = night(1320, ended=True, done=400, skipped=97, failed=3)
    assert (words.sentence, words.left) == ("All 500 organisations were finished in 22 minutes.", "")


def test_the_last_to_finish_is_followed_by_the_end() -> None:
    words = night(done=4)
    assert (words.sentence, words.left, words.is_stuck) == ("All 4 organisations are finished.", "", False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (night(ended=True, done=1), "The one organisation was finished in 10 minutes."),
        (night(waiting=1), "The one organisation is not finished yet."),
        (night(waiting=3, running=1), "None of 4 is finished yet."),
        (night(waiting=1, done=1), "1 of 2 organisations is finished."),
        (night(ended=True), "There is nothing to score: no organisation is ready, or each has a run waiting already."),
    ],
)
def test_few_and_none(words: NightInWords, said: str) -> None:
    assert words.sentence == said


def test_who_was_not_part_of_it() -> None:
    assert night(done=3).without_us == ""
    assert night(done=3, already=1).without_us.startswith("1 more organisation had a run waiting already")
    assert night(done=3, already=4).without_us.startswith("4 more organisations had a run waiting already")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "1 second"),
        (89, "89 seconds"),
        (90, "2 minutes"),
        (5399, "90 minutes"),
        (5400, "1.5 hours"),
        (36000, "10 hours"),
    ],
)
def test_lengths_of_time(seconds: float, said: str) -> None:
    assert duration(seconds) == said
