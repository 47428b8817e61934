"""PostgreSQL itself keeps the rules of a survey: what is read, added and changed, by whom and when."""

from __future__ import annotations

import os
from collections import Counter
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from diagnostics.actions import GivenAnswer, close_round, record_answers, respondent_with
from diagnostics.models import Answer, Response, Round
from partnerships.isolation import acting_for, acting_for_nobody, acting_on_response
from tests.factories import active_participation, organisation_with_people
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.hidden import every_answer, every_response
from tests.integration.diagnostics.survey_data import ITEMS, answer, closed, opened


def seen() -> tuple[int, int]:
    return Response.objects.count(), Answer.objects.count()


def begun(setting: Setting) -> tuple[Round, str, str]:
    """An open survey with one response sent in and one begun: their keys."""
    made, links = opened(setting.participation, setting.lead)
    keys = [respondent_with(link.secret)[0].response_key for link in links[:2]]
    answer(links[0], 4)
    respondent, _ = respondent_with(links[1].secret)
    record_answers(respondent=respondent, answers={"PUR1": GivenAnswer(1, "Words")})
    return made, keys[0], keys[1]


def test_of_an_open_survey_only_ones_own_is_seen(setting: Setting) -> None:
    _, sent, under_way = begun(setting)
    with acting_for(setting.organisation):
        assert seen() == (0, 0)
        with acting_on_response(sent):
            assert seen() == (1, len(ITEMS))
        with acting_on_response(under_way):
            assert seen() == (1, 1)
            assert Answer.objects.get().reason == "Words"
    with acting_for_nobody(), acting_on_response(sent):
        assert seen() == (0, 0)


@pytest.mark.parametrize(("answered", "shown"), [(4, 0), (5, 5)])
def test_of_a_closed_one_all_or_none(setting: Setting, answered: int, shown: int) -> None:
    made = closed(setting.participation, setting.lead, [4] * answered)
    assert made.sent_in == answered
    with acting_for(setting.organisation):
        assert seen() == (shown, shown * len(ITEMS))
    other, *_ = organisation_with_people()
    with acting_for(other):
        assert seen() == (0, 0)


def test_a_survey_that_takes_more_shows_nothing_under_it(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead)
    Round.objects.filter(pk=made.pk).update(threshold=6)
    for link in links[:5]:
        answer(link, 4)
    close_round(round=made, by=setting.lead)
    assert seen() == (0, 0)
    assert (made.sent_in, every_response()) == (5, [])


def test_nobody_changes_or_deletes_what_is_not_their_own(setting: Setting) -> None:
    _, sent, under_way = begun(setting)
    with acting_for(setting.organisation), acting_on_response(under_way):
        assert Response.objects.filter(key=sent).update(place="board") == 0
        assert Answer.objects.filter(response=sent).update(value=1) == 0
        assert Answer.objects.filter(response=sent).delete()[0] == 0
        assert Answer.objects.update(value=2) == 1
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Answer.objects.update(response=sent)
    assert [one.value for one in every_answer() if one.response_id == sent] == [4] * len(ITEMS)


def test_nothing_is_changed_in_a_survey_that_is_closed(setting: Setting) -> None:
    made = closed(setting.participation, setting.lead, [4] * 5)
    key = Response.objects.all()[0].key
    with acting_for(setting.organisation):
        assert Answer.objects.update(value=1) == 0
        assert Response.objects.update(place="board") == 0
        assert Answer.objects.all().delete()[0] == 0
        day = timezone.localdate()
        for row in (
            Response(key="f" * 64, organisation=setting.organisation, round=made, started_on=day),
            Answer(organisation=setting.organisation, response_id=key, item="NEW1", value=1, answered_on=day),
        ):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                row.save(force_insert=True)


def test_closing_writes_everything_once_more_with_one_date(setting: Setting) -> None:
    made, links = opened(setting.participation, setting.lead)
    for link, value in zip(links[:6], (1, 2, 3, 4, 5, 5), strict=True):
        answer(link, value)
    before = {one.key for one in every_response()}
    rows = {one.pk for one in every_answer()}
    close_round(round=made, by=setting.lead)
    after = every_response()
    assert not before & {one.key for one in after}
    assert not rows & {one.pk for one in every_answer()}
    assert {(one.started_on, one.submitted_on) for one in after} == {(timezone.localdate(),) * 2}
    by_response = {one.key: {item.value or 0 for item in one.answers.all()} for one in Response.objects.all()}
    assert sorted(sorted(values) for values in by_response.values()) == [[1], [2], [3], [4], [5], [5]]


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"threshold": 5}, "round_threshold_stays"),
        ({"mode": "named"}, "round_mode_stays"),
    ],
)
def test_what_respondents_were_told_stays(setting: Setting, changes: dict[str, Any], constraint: str) -> None:
    made, links = opened(setting.participation, setting.lead)
    Round.objects.filter(pk=made.pk).update(threshold=6)
    answer(links[0], 4)
    with pytest.raises(IntegrityError, match="told") as refused, transaction.atomic():
        Round.objects.filter(pk=made.pk).update(**changes)
    assert refused.value.__cause__.diag.constraint_name == constraint  # type: ignore[union-attr]


def test_until_somebody_answers_the_mode_can_change(setting: Setting) -> None:
    made, _ = opened(setting.participation, setting.lead)
    assert Round.objects.filter(pk=made.pk).update(mode="named") == 1


def test_results_that_were_shown_stay_closed_and_how_many_there_are_is_counted(setting: Setting) -> None:
    made = closed(setting.participation, setting.lead, [4] * 5)
    open_again = {"state": "open", "closed_at": None, "closed_by": None}
    with pytest.raises(IntegrityError, match="have been shown"), transaction.atomic():
        Round.objects.filter(pk=made.pk).update(**open_again)
    few = closed(active_participation(setting.organisation), setting.lead, [4] * 3)
    for one, counted in ((made, 5), (few, 3)):
        Round.objects.filter(pk=one.pk).update(sent_in=99)
        one.refresh_from_db()
        assert one.sent_in == counted
    Round.objects.filter(pk=few.pk).update(**open_again)
    few.refresh_from_db()
    assert few.sent_in is None


@pytest.mark.parametrize(
    ("people", "kept"),
    [
        ({"front_line": 5, "lead": 5}, {}),  # ten: nothing is broken down under eleven
        ({"front_line": 6, "lead": 5}, {"front_line": 6, "lead": 5}),
        ({"front_line": 6, "lead": 5, "board": 1}, {"front_line": 6}),  # one alone would be known, being the rest
        ({"front_line": 5, "lead": 6, "board": 5}, {"front_line": 5, "lead": 6, "board": 5}),
        ({"front_line": 7, "lead": 4, "board": 1}, {"front_line": 7}),
        ({"front_line": 9, "lead": 2}, {}),
        ({"front_line": 8, "elsewhere": 5}, {"front_line": 8, "elsewhere": 5}),
        ({"front_line": 6, "lead": 6, "board": 2, "elsewhere": 2}, {"front_line": 6}),
    ],
)
def test_where_few_work_is_forgotten_as_the_survey_closes(
    setting: Setting, people: dict[str, int], kept: dict[str, int]
) -> None:
    made, links = opened(setting.participation, setting.lead, 17)
    places = list(Counter(people).elements())
    for link, place in zip(links, places, strict=False):
        answer(link, 4, place=place)
    close_round(round=made, by=setting.lead)
    found = Counter(one.place for one in every_response())
    assert found == +Counter({**kept, "": len(places) - sum(kept.values())})


@pytest.mark.django_db
def test_no_samples_are_kept_of_what_people_said() -> None:
    """For the planner PostgreSQL keeps the commonest values of a column, as they are, long after its rows are gone."""
    said = {("diagnostics_answer", name) for name in ("value", "reason", "item")}
    said |= {("diagnostics_response", name) for name in ("place", "works_for")}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attrelid::regclass::text, attname FROM pg_attribute WHERE attstattarget = 0 AND attnum > 0 "
            "AND attrelid IN ('diagnostics_answer'::regclass, 'diagnostics_response'::regclass)"
        )
        assert set(cursor.fetchall()) == said


@pytest.mark.django_db
def test_the_upgrade_takes_the_samples_away_that_were_kept_before() -> None:
    """The planner's samples are read by superusers only, so one looks here, in a transaction that is taken back."""
    upgrade = import_module("diagnostics.migrations.0017_no_samples_of_what_was_said")
    host = parse_qs(urlsplit(os.environ["MIGRATION_DATABASE_URL"]).query)["host"][0]
    driver = psycopg2.connect(host=host, user="postgres", dbname=connection.settings_dict["NAME"])
    try:
        cursor = driver.cursor()
        cursor.execute(
            "SET LOCAL session_replication_role = replica;"
            "ALTER TABLE diagnostics_answer ALTER value SET STATISTICS -1;"
            "INSERT INTO diagnostics_answer (id, organisation_id, response_id, item, value, reason, answered_on) "
            "SELECT gen_random_uuid(), 1, md5(number::text), 'PUR1', 1 + number % 5, '', current_date "
            "FROM generate_series(1, 100) AS number; ANALYZE diagnostics_answer"
        )

        def samples() -> list[Any]:
            cursor.execute(
                "SELECT attname FROM pg_statistic JOIN pg_attribute ON attrelid = starelid AND attnum = staattnum "
                "WHERE starelid = 'diagnostics_answer'::regclass AND attname = ANY (%s)",
                [list(upgrade.SAID["diagnostics_answer"])],
            )
            return cursor.fetchall()

        assert samples() == [("value",)]
        for column in upgrade.SAID["diagnostics_answer"]:
            cursor.execute(upgrade.forget("diagnostics_answer", column))
        assert samples() == []
    finally:
        driver.rollback()
        driver.close()


@pytest.mark.django_db
def test_rows_that_closing_replaces_are_cleared_as_soon_as_there_are_any() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE reloptions @> "
            "'{autovacuum_vacuum_threshold=0,autovacuum_vacuum_scale_factor=0}' AND oid = ANY "
            "('{diagnostics_answer,diagnostics_response,diagnostics_invitation}'::regclass[])"
        )
        assert cursor.fetchall() == [(3,)]
