"""The keys of surveys: in files of their own, readable by nobody else, and gone when they are destroyed."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from diagnostics.keys import KeyMissingError, destroy_keys, draw_keys, kept_keys, keys_of
from diagnostics.models import Invitation, Round


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.SURVEY_KEYS = str(tmp_path / "keys" / "of surveys")
    return Path(settings.SURVEY_KEYS)


def survey(number: int = 7) -> Round:
    return Round(pk=number, organisation_id=3)


def test_a_key_is_read_again_and_belongs_to_one_survey(folder: Path) -> None:
    drawn = draw_keys(survey(7))
    assert keys_of(survey(7)) == drawn
    assert draw_keys(survey(8)) != drawn
    assert list(kept_keys()) == [(3, 7), (3, 8)]
    with pytest.raises(KeyMissingError):
        keys_of(survey(9))


def test_nobody_else_on_the_machine_may_read_it(folder: Path) -> None:
    draw_keys(survey())
    [file] = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_key_that_is_destroyed_is_written_over_and_gone(folder: Path) -> None:
    drawn = draw_keys(survey())
    [file] = folder.iterdir()
    beside = folder / "the same file under another name"
    beside.hardlink_to(file)
    destroy_keys(3, 7)
    destroy_keys(3, 7)
    assert not file.exists()
    assert beside.read_bytes() == bytes(64)
    assert drawn.links not in beside.read_bytes()


def test_opening_anew_draws_a_new_key(folder: Path) -> None:
    """A database that was set back gives a number twice; the second survey has nothing of the first one's key."""
    first = draw_keys(survey())
    assert draw_keys(survey()) != first


@pytest.mark.parametrize("content", [b"", b"short", bytes(65)])
def test_a_file_that_is_no_key_is_missing(folder: Path, content: bytes) -> None:
    draw_keys(survey())
    [file] = folder.iterdir()
    file.write_bytes(content)
    with pytest.raises(KeyMissingError):
        keys_of(survey())


def test_links_and_responses_tell_nothing_of_each_other(folder: Path) -> None:
    keys = draw_keys(survey())
    people = [Invitation(pk=number) for number in range(1, 200)]
    secrets = [keys.secret_of(one) for one in people]
    responses = [keys.response_key_of(one) for one in people]
    assert len({*secrets, *responses}) == 2 * len(people)
    assert {len(one) for one in secrets} == {43}
    assert {len(one) for one in responses} == {64}
    assert keys.links != keys.responses


def test_a_new_link_leads_to_another_response_and_the_earlier_ones_are_known(folder: Path) -> None:
    keys = draw_keys(survey())
    asked = Invitation(pk=5)
    before = keys.secret_of(asked), keys.response_key_of(asked)
    asked.link_number += 1
    assert keys.secret_of(asked) != before[0]
    assert keys.response_keys_of(asked) == [before[1], keys.response_key_of(asked)]
    assert keys.response_key_of(asked) != before[1]
