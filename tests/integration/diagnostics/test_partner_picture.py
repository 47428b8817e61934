"""How good a partner an organisation is over all partnerships, each counting once."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import numpy
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from scipy import stats

from diagnostics.models import Round, Subject
from diagnostics.partner_picture import partner_picture
from partnerships.models import Participation, ParticipationState
from tests.factories import PartnershipFactory, active_participation, organisation_with_people
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.survey_data import closed, draft

THEIRS = ([2, 3, 2, 3, 2], [4, 4, 5, 4, 4, 4, 4], [3, 3, 3, 4, 4])
OURS = ([4, 4, 4, 5, 4], [4, 5, 4, 4, 4, 4], [5, 4, 4, 4, 5])


@pytest.fixture
def executive(client: Client, setting: Setting) -> Client:
    client.force_login(setting.executive)
    return client


def words_of(answered: Any) -> str:
    return " ".join(answered.content.decode().split())


def page(setting: Setting, client: Client) -> Any:
    return client.get(f"/o/{setting.code}/partner/")


def more(setting: Setting, number: int) -> list[Participation]:
    before = setting.organisation.participations.count()
    return [
        active_participation(
            setting.organisation,
            partnership=PartnershipFactory.create(name=f"Alliance {before + one}", recorded_by=setting.organisation),
        )
        for one in range(number)
    ]


def asked(setting: Setting, one: Participation, values: Sequence[int], subject: Subject, days_ago: int = 0) -> Round:
    made = closed(one, setting.lead, values, invited=8, subject=subject)
    Round.objects.filter(pk=made.pk).update(closed_at=timezone.now() - datetime.timedelta(days=days_ago))
    return made


def in_three(setting: Setting) -> list[Participation]:
    """Partners and own people asked in three partnerships, of different numbers of people."""
    three = [setting.participation, *more(setting, 2)]
    for one, theirs, ours in zip(three, THEIRS, OURS, strict=True):
        asked(setting, one, theirs, Subject.BY_PARTNERS)
        asked(setting, one, ours, Subject.BY_US)
    return three


def test_each_partnership_counts_once(setting: Setting) -> None:
    in_three(setting)
    picture = partner_picture(setting.organisation)
    partners, ours = ([numpy.mean(values) for values in side] for side in (THEIRS, OURS))
    assert (picture.with_partners, picture.with_ours, picture.with_both) == (3, 3, 3)
    assert len(picture.lines) == 12
    for line in picture.lines:
        assert line.partners is not None
        assert line.gap is not None
        assert line.partners.mean == pytest.approx(numpy.mean(partners))
        reach = stats.t.ppf(0.975, 2) * stats.sem(partners)
        assert (line.partners.low, line.partners.high) == pytest.approx(
            (max(1, numpy.mean(partners) - reach), min(5, numpy.mean(partners) + reach))
        )
        exact = stats.ttest_rel(ours, partners).confidence_interval(0.95)
        assert (line.gap.low, line.gap.high) == pytest.approx((exact.low, exact.high))


def test_what_cannot_be_shown_is_counted_and_goes_into_nothing(setting: Setting, executive: Client) -> None:
    silent, other, ended = more(setting, 3)
    asked(setting, setting.participation, THEIRS[0], Subject.BY_PARTNERS)
    before = partner_picture(setting.organisation).lines
    asked(setting, silent, [5, 5, 5, 5], Subject.BY_PARTNERS)
    asked(setting, other, [5, 5, 5, 5], Subject.BY_US)
    asked(setting, ended, [5] * 8, Subject.BY_PARTNERS)
    Participation.objects.filter(pk=ended.pk).update(state=ParticipationState.ENDED)
    picture = partner_picture(setting.organisation)
    assert picture.lines == before
    assert (picture.with_partners, picture.too_few, picture.unasked) == (1, 1, 1)
    words = words_of(page(setting, executive))
    assert "In 1 partnership partners were asked and too few answered to show anything." in words
    assert "1 other partnership has no closed survey of partners yet." in words


def test_nothing_has_been_asked(setting: Setting, executive: Client, client: Client) -> None:
    closed(setting.participation, setting.lead, [4] * 7)
    words = words_of(page(setting, executive))
    assert "Nobody’s view can be shown yet." in words
    assert "Your strategy lead can ask." in words
    client.force_login(setting.lead)
    words = words_of(page(setting, client))
    assert f'href="/o/{setting.code}/partner/start/"' in words
    draft(setting.participation, setting.lead, subject=Subject.BY_PARTNERS)
    assert "Being asked now" in words_of(page(setting, client))


def test_one_partnership_alone_has_no_range(setting: Setting, executive: Client) -> None:
    asked(setting, setting.participation, THEIRS[0], Subject.BY_PARTNERS)
    asked(setting, setting.participation, OURS[0], Subject.BY_US)
    picture = partner_picture(setting.organisation)
    assert picture.finding == ""
    assert '<strong>2.4</strong> <span class="survey-interval">one partnership</span>' in words_of(
        page(setting, executive)
    )


def test_since_last_time_is_over_the_same_partnerships(setting: Setting, executive: Client) -> None:
    first, second, third = setting.participation, *more(setting, 2)
    for one, values in ((first, [2, 2, 3, 2, 2]), (second, [3, 3, 2, 3, 3])):
        asked(setting, one, values, Subject.BY_PARTNERS, days_ago=200)
    for one, values in ((first, [4, 4, 4, 5, 4]), (second, [5, 4, 5, 5, 5]), (third, [1, 1, 1, 1, 1])):
        asked(setting, one, values, Subject.BY_PARTNERS)
    picture = partner_picture(setting.organisation)
    assert picture.partners_since is not None
    assert picture.ours_since is None
    assert picture.partners_since.partnerships == 2
    overall = dict(picture.partners_since.changes)["Overall"]
    assert (overall.before, overall.after) == pytest.approx((2.5, 4.5))
    assert [one.mean.mean for one in picture.quarters] == [pytest.approx(2.5), pytest.approx((4.2 + 4.8 + 1) / 3)]
    assert [one.mean.people for one in picture.quarters] == [2, 3]
    words = words_of(page(setting, executive))
    assert "in the 2 partnerships that have both." in words
    assert "What partners say, by quarter" in words


def test_since_last_time_leaves_out_partnerships_that_have_ended(setting: Setting, executive: Client) -> None:
    first, second, ended = setting.participation, *more(setting, 2)
    for one, before, after in ((first, 2, 4), (second, 2, 4), (ended, 5, 1)):
        asked(setting, one, [before] * 5, Subject.BY_PARTNERS, days_ago=200)
        asked(setting, one, [after] * 5, Subject.BY_PARTNERS)
    with_it = partner_picture(setting.organisation).partners_since
    assert with_it is not None
    assert (with_it.partnerships, dict(with_it.changes)["Overall"].after) == (3, 3)
    Participation.objects.filter(pk=ended.pk).update(state=ParticipationState.ENDED)
    since = partner_picture(setting.organisation).partners_since
    assert since is not None
    assert since.partnerships == 2
    assert (dict(since.changes)["Overall"].before, dict(since.changes)["Overall"].after) == (2, 4)
    assert "in the 2 partnerships that have both." in words_of(page(setting, executive))


def test_one_quarter_is_no_trend(setting: Setting, executive: Client) -> None:
    asked(setting, setting.participation, THEIRS[0], Subject.BY_PARTNERS)
    assert partner_picture(setting.organisation).quarters == []
    assert "by quarter" not in words_of(page(setting, executive))


def test_another_organisations_surveys_are_none_of_it(setting: Setting) -> None:
    other, lead, _ = organisation_with_people()
    closed(active_participation(other), lead, [4] * 7, subject=Subject.BY_PARTNERS)
    assert partner_picture(setting.organisation).rows == []


def test_queries_do_not_grow_with_partnerships_or_people(setting: Setting, executive: Client) -> None:
    in_three(setting)
    counts = []
    for values in ([], [4] * 8):
        for one in more(setting, 3) if values else []:
            asked(setting, one, values, Subject.BY_PARTNERS, days_ago=200)
            asked(setting, one, values, Subject.BY_PARTNERS)
            asked(setting, one, values, Subject.BY_US)
        page(setting, executive)
        with CaptureQueriesContext(connection) as queries:
            page(setting, executive)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 20
