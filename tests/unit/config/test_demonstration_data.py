"""The demonstration's files and what is drawn from them, without a database."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from statistics import mean, pstdev

import pytest

from config.demonstration.decided import read_decided
from config.demonstration.people import invitees
from config.demonstration.reading import DATA, DataError, Health, PartnershipFacts, read
from config.demonstration.survey_answers import REASONS, draw
from diagnostics.instrument import instrument
from partnerships.models import Role
from partnerships.naming import short_slug

ROOT = Path(__file__).resolve().parents[3]
GUIDE = sorted((ROOT / "docs" / "guide").glob("*.md"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def spoil(file: Path, what: str, instead: str) -> None:
    text = file.read_text()
    assert what in text
    file.write_text(text.replace(what, instead, 1))


def test_there_are_twenty_four_partnerships_over_at_least_fifteen_kinds() -> None:
    partnerships = read().partnerships
    assert len(partnerships) == 24
    assert len({one.kind for one in partnerships}) >= 15


def test_a_file_is_called_what_the_partnerships_address_will_be() -> None:
    assert [one.slug for one in read().partnerships] == [
        short_slug(one.name) for one in sorted(read().partnerships, key=lambda one: one.slug)
    ]


def test_about_35_percent_of_the_cells_are_claimed_and_nearly_all_of_them_rest_on_something() -> None:
    ratings = [rating for one in read().partnerships for rating in one.ratings]
    assert 0.33 < len(ratings) / (24 * 16) < 0.40
    unrated = [rating for rating in ratings if rating.likely is None]
    assert 0 < len(unrated) < 0.1 * len(ratings)
    assert all(rating.evidence for rating in ratings if rating.likely is not None)


def test_every_account_is_complete() -> None:
    for one in read().partnerships:
        assert all(words.strip() for words in one.account.values()), one.slug
        assert bool(one.mandate_level) == bool(one.mandate_source), one.slug


def test_executives_are_asked_for_about_130_days_and_have_about_80() -> None:
    demonstration = read()
    asked = sum(one.days[one.today, "executive"][1] for one in demonstration.partnerships)
    available = demonstration.days_available["executive"] * (100 - demonstration.reserve_percent) / 100
    assert 125 <= asked <= 135
    assert 78 <= available <= 82


@pytest.mark.parametrize(
    ("file", "what", "instead", "said"),
    [
        ("partnerships/frailty-at-home.toml", "executive = [5, 7, 9]", "executive = [7, 5, 9]", "low, likely and high"),
        ("partnerships/frailty-at-home.toml", '["money", "align"]', '["money", "align", 9, 1, 2, ""]', "-100 to 100"),
        ("partnerships/frailty-at-home.toml", '["money", "align"]', '["money", "align", 9]', "not enough values"),
        ("partnerships/frailty-at-home.toml", "purpose =", "purpos =", "KeyError: 'purpose'"),
        ("partnerships/frailty-at-home.toml", "answered = 12", "answered = 99", "99 cannot have answered"),
        ("partners.toml", "[partners]", "[partners", "Expected"),
        (
            "organisation.toml",
            '["frailty-at-home", "moss',
            '["frailty-at-work", "moss',
            "names frailty-at-work, and there is no",
        ),
        ("organisation.toml", 'points = "1.5"', 'points = "many"', "InvalidOperation"),
        ("organisation.toml", "executive = 89", 'executive = "many"', "InvalidOperation"),
    ],
)
def test_a_slip_in_a_file_is_named_with_the_file(folder: Path, file: str, what: str, instead: str, said: str) -> None:
    spoil(folder / file, what, instead)
    with pytest.raises(DataError, match=said) as refused:
        read(folder)
    assert str(refused.value).startswith(Path(file).name)


@pytest.mark.parametrize(
    ("what", "instead", "said"),
    [
        ('applies = "next quarter"', 'applies = "soon"', "cannot apply from 'soon'"),
        ("review_days_ago = 4\n", "", "KeyError: 'review_days_ago'"),
        ("sent_days_ago", "sent_day_ago", "sent_day_ago"),
    ],
)
def test_a_slip_in_what_was_decided_is_named_with_the_file(folder: Path, what: str, instead: str, said: str) -> None:
    spoil(folder / "decisions.toml", what, instead)
    with pytest.raises(DataError, match=said) as refused:
        read_decided(folder)
    assert str(refused.value).startswith("decisions.toml")


def test_what_was_decided_is_about_partnerships_and_people_that_there_are() -> None:
    demonstration, decided = read(), read_decided()
    named = {one.partnership for one in decided.alone} | {one.partnership for one in decided.meeting.items}
    assert named <= {one.slug for one in demonstration.partnerships}
    emails = {one.email for one in demonstration.people}
    assert {decided.meeting.begun_by, decided.meeting.recorded_by} <= emails
    for alone in decided.alone:
        assert {alone.decided_by, alone.recorded_by, *(one.owner for one in alone.promises)} <= emails


def test_the_same_name_always_draws_the_same_answers() -> None:
    one = draw(instrument(), Health(3.5, 3.2, 3.0), respondents=9, name="frailty")
    assert one == draw(instrument(), Health(3.5, 3.2, 3.0), respondents=9, name="frailty")
    assert one != draw(instrument(), Health(3.5, 3.2, 3.0), respondents=9, name="cancer")


def overall(health: Health, name: str, place: str = "") -> float:
    drawn = draw(instrument(), health, respondents=200, name=name)
    return mean(
        answer.value
        for one in drawn
        if not place or one.place == place
        for answer in one.answers.values()
        if answer.value is not None
    )


def test_answers_lie_around_the_means_given_and_spread_as_published_ones_do() -> None:
    drawn = draw(instrument(), Health(3.5, 3.2, 3.0), respondents=200, name="spread")
    values = [one.answers["GOV1"].value for one in drawn]
    known = [value for value in values if value is not None]
    assert abs(mean(known) - 3.0) < 0.5
    # standard deviations of items in the published tables: 0.65 to 0.90
    assert 0.6 < pstdev(known) < 0.95
    assert 0.01 < values.count(None) / len(values) < 0.12
    assert overall(Health(4.2, 4.0, 3.8), "high") > overall(Health(2.5, 2.6, 2.4), "low") + 1


def test_the_front_line_can_see_less_than_the_board() -> None:
    health = Health(3.5, 3.5, 3.5, front_line=-0.8)
    assert overall(health, "contrast", "front_line") < overall(health, "contrast", "board") - 0.4


def test_only_low_answers_are_explained() -> None:
    drawn = draw(instrument(), Health(2.6, 2.6, 2.6), respondents=50, name="reasons")
    explained = [answer for one in drawn for answer in one.answers.values() if answer.reason]
    assert explained
    assert all(answer.value in instrument().low_values for answer in explained)


def test_there_is_a_reason_for_every_atom() -> None:
    assert set(REASONS) == {atom.code for atom in instrument().atoms}


def test_nobody_is_invited_twice() -> None:
    people = invitees(18, employers=["Here", "There"], after=40)
    assert len({person.email for person in people}) == 18
    assert {person.works_for for person in people} == {"Here", "There"}


def largest_round(one: PartnershipFacts) -> int:
    return max((survey.answered for survey in one.surveys), default=0)


def test_rounds_are_of_every_sort() -> None:
    closed = [survey for one in read().partnerships for survey in one.surveys if survey.days_ago is not None]
    assert sum(5 <= survey.answered <= 15 for survey in closed) >= 12
    assert sum(survey.answered < 5 for survey in closed) == 1
    assert sum(survey.days_ago is None for one in read().partnerships for survey in one.surveys) == 1
    assert sum(largest_round(one) == 0 for one in read().partnerships) >= 3


def test_the_readme_and_the_guide_quote_the_demonstration_as_it_is() -> None:
    """The picture is of today, when what one person decided in the past, to take no part, holds already."""
    demonstration = read()
    left = {one.partnership for one in read_decided().alone}
    still = [one for one in demonstration.partnerships if one.slug not in left]
    asked = sum(one.days[one.today, "executive"][1] for one in still)
    available = demonstration.days_available["executive"] * (100 - demonstration.reserve_percent) / 100
    readme = (ROOT / "README.md").read_text()
    assert f"ask for {asked:.0f} executive days a quarter, and it has {available:.0f}" in readme
    assert f"A survey of {len(instrument().items)} statements" in " ".join(readme.split())
    for somebody in [*demonstration.people, demonstration.neighbour, *demonstration.system.people]:
        assert not somebody.sign_in or somebody.name in readme, somebody


def test_the_guide_has_a_page_with_pictures_for_each_role() -> None:
    """Readers see what executives see, and have their page."""
    readme = (ROOT / "README.md").read_text()
    for role in set(Role) - {Role.READER}:
        page = f"docs/guide/{role.replace('_', '-')}.md"
        assert page in readme
        assert "-wide.png)" in (ROOT / page).read_text()
    assert "Readers" in (ROOT / "docs/guide/executive.md").read_text()


@pytest.mark.parametrize("page", ["README.md", *(f"docs/guide/{one.name}" for one in GUIDE)])
def test_every_picture_and_page_that_a_document_links_to_is_there(page: str) -> None:
    file = ROOT / page
    links = re.findall(r"\]\(([^)#]+)", file.read_text())
    assert links
    assert [link for link in links if "://" not in link and not (file.parent / link).exists()] == []
