"""One partnership from both sides: what is shown, what is hidden, and the gap against an independent library."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from scipy import stats

from diagnostics.instrument import BY_PARTNERS, instrument
from diagnostics.models import Answer, Round, Subject
from diagnostics.two_sided import TwoSided, two_sided
from partnerships.models import Deed, DeedKind
from tests.factories import active_participation, organisation_with_people
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.hidden import rewrite
from tests.integration.diagnostics.survey_data import closed, draft

ITEMS = tuple(instrument(BY_PARTNERS).item_by_code)
PARTNERS = [2, 3, 2, 3, 4, 3]
OURS = [4, 5, 4, 5, 4, 5, 4]


@pytest.fixture
def executive(client: Client, setting: Setting) -> Client:
    client.force_login(setting.executive)
    return client


def words_of(answered: Any) -> str:
    return " ".join(answered.content.decode().split())


def asked(setting: Setting, subject: Subject, values: Sequence[int | Mapping[str, int | None]], **facts: Any) -> Round:
    return closed(setting.participation, setting.lead, values, subject=subject, **facts)


def page(setting: Setting, client: Client) -> Any:
    return client.get(f"/o/{setting.code}/partnerships/{setting.participation.partnership.slug}/partner/")


def long_ago(made: Round, days: int) -> None:
    Round.objects.filter(pk=made.pk).update(closed_at=timezone.now() - datetime.timedelta(days=days))


def by_code(both: TwoSided, code: str) -> Any:
    return next(one for one in both.lines if one.code == code)


def all_but(value: int, **others: int | None) -> dict[str, int | None]:
    return {**dict.fromkeys(ITEMS, value), **{code.replace("US_", "US-"): one for code, one in others.items()}}


def test_the_gap_is_welchs(setting: Setting) -> None:
    asked(setting, Subject.BY_PARTNERS, PARTNERS)
    asked(setting, Subject.BY_US, OURS)
    both = two_sided(setting.participation)
    assert [one.code for one in both.lines][:4] == ["overall", "strategy", "culture", "structure"]
    assert len(both.lines) == 12
    test = stats.ttest_ind(OURS, PARTNERS, equal_var=False)
    error = test.statistic and (sum(OURS) / 7 - sum(PARTNERS) / 6) / test.statistic
    reach = stats.t.ppf(0.975, int(test.df)) * error
    for line in both.lines:
        assert line.partners is not None
        assert line.ours is not None
        assert line.gap is not None
        assert line.partners.mean == pytest.approx(17 / 6)
        assert line.ours.mean == pytest.approx(31 / 7)
        assert line.gap.by == pytest.approx(31 / 7 - 17 / 6)
        assert line.gap.high - line.gap.by == pytest.approx(reach)
    assert both.finding == "We rate ourselves higher than partners do"


def test_nothing_has_been_asked(setting: Setting, executive: Client) -> None:
    words = words_of(page(setting, executive))
    assert "Nobody has been asked yet how good a partner you are here." in words
    assert "Partners: not asked yet." in words
    assert "The eight characteristics</h2>" not in words
    assert "partner/start/" not in words  # who may not start is not sent there


def test_whoever_may_start_is_offered_it(setting: Setting, client: Client) -> None:
    client.force_login(setting.lead)
    start = f"/o/{setting.code}/partner/start/?partnership={setting.participation.partnership.slug}"
    assert start in words_of(page(setting, client))
    draft(setting.participation, setting.lead, subject=Subject.BY_US)
    words = words_of(page(setting, client))
    assert start not in words
    assert "Your own people: a survey is being prepared." in words


@pytest.mark.parametrize("shown", [Subject.BY_PARTNERS, Subject.BY_US])
def test_where_one_side_has_too_few_the_other_is_shown(setting: Setting, executive: Client, shown: Subject) -> None:
    for subject in (Subject.BY_PARTNERS, Subject.BY_US):
        asked(setting, subject, [4] * (5 if subject == shown else 4))
    both = two_sided(setting.participation)
    assert not both.has_gap
    hidden = "ours" if shown == Subject.BY_PARTNERS else "partners"
    assert all(getattr(line, hidden) is None and line.gap is None for line in both.lines)
    assert all(one.ours or one.partners for one in both.lines)
    words = words_of(page(setting, executive))
    who = "Your own people" if shown == Subject.BY_PARTNERS else "Partners"
    assert f"{who}: too few answered the" in words
    assert "It takes 5 answers." in words
    assert "Not shown" in words
    assert words.count("statement by statement</h2>") == 1


def test_both_with_too_few_show_nothing(setting: Setting, executive: Client) -> None:
    for subject in (Subject.BY_PARTNERS, Subject.BY_US):
        asked(setting, subject, [5, 4, 3, 2])
    page_ = page(setting, executive)
    assert not page_.context["both"].shows_anything
    words = words_of(page_)
    assert "There is nothing to show yet." in words
    assert "statement by statement" not in words


def test_a_characteristic_hidden_on_one_side_has_no_gap(setting: Setting) -> None:
    silent = all_but(4, US_FOC1=None, US_FOC2=None)
    asked(setting, Subject.BY_PARTNERS, [*[silent] * 2, *[all_but(4)] * 4])
    asked(setting, Subject.BY_US, OURS)
    line = by_code(two_sided(setting.participation), "focus")
    assert (line.partners, line.gap) == (None, None)
    assert line.ours is not None
    assert by_code(two_sided(setting.participation), "trust").gap is not None


def test_a_later_one_with_too_few_leaves_the_earlier_and_says_so(setting: Setting, executive: Client) -> None:
    first = asked(setting, Subject.BY_PARTNERS, PARTNERS)
    asked(setting, Subject.BY_PARTNERS, [5, 5])
    both = two_sided(setting.participation)
    assert both.partners.round == first
    assert both.partners.too_few is not None
    assert "Partners: 6 of 7 answered." in words_of(page(setting, executive))


def test_sides_of_different_times_have_no_gap(setting: Setting, executive: Client) -> None:
    theirs = asked(setting, Subject.BY_PARTNERS, PARTNERS)
    asked(setting, Subject.BY_US, OURS)
    long_ago(theirs, 90)
    assert two_sided(setting.participation).has_gap
    long_ago(theirs, 95)
    both = two_sided(setting.participation)
    assert not both.has_gap
    assert all(one.partners and one.ours and not one.gap for one in both.lines)
    assert "closed more than three months apart, so no gap is worked out" in words_of(page(setting, executive))


def test_each_side_is_held_against_its_own_last_time(setting: Setting, executive: Client) -> None:
    asked(setting, Subject.BY_PARTNERS, [2, 2, 3, 3, 2, 3, 2])
    asked(setting, Subject.BY_US, [5, 5, 4, 5, 5, 5, 5])
    asked(setting, Subject.BY_PARTNERS, [4, 4, 5, 4, 5, 4, 4])
    words = words_of(page(setting, executive))
    assert "What partners say, since last time" in words
    assert "Overall the mean has risen from 2.4 to 4.3, more than chance would do." in words
    assert "What our own people say, since last time" not in words


def test_what_people_wrote_is_on_its_page_and_its_reading_on_the_record(setting: Setting, executive: Client) -> None:
    theirs = asked(setting, Subject.BY_PARTNERS, [1] * 6)
    for answered in Answer.objects.filter(response__round=theirs, item="US-COM1"):
        rewrite(answered, "reason", "They <b>never</b> came")
    words = words_of(page(setting, executive))
    assert "They &lt;b&gt;never&lt;/b&gt; came" in words
    deed = Deed.objects.get(kind=DeedKind.READ_FREE_TEXT)
    assert (deed.person, deed.rows, deed.participation) == (setting.executive, 6, setting.participation)


def test_another_organisation_sees_nothing_of_it(setting: Setting) -> None:
    asked(setting, Subject.BY_PARTNERS, PARTNERS)
    other, lead, _ = organisation_with_people()
    client = Client()
    client.force_login(lead)
    assert page(setting, client).status_code == 404
    slug = setting.participation.partnership.slug
    assert client.get(f"/o/{other.code}/partnerships/{slug}/partner/").status_code == 404


def test_queries_do_not_grow_with_people_or_surveys(setting: Setting, executive: Client) -> None:
    counts = []
    for values in (PARTNERS, [*PARTNERS, *OURS, *OURS]):
        for _ in range(2):
            for subject in (Subject.BY_PARTNERS, Subject.BY_US):
                asked(setting, subject, values, invited=len(values))
        page(setting, executive)
        with CaptureQueriesContext(connection) as queries:
            page(setting, executive)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 40


def test_its_own_page_leads_to_both_sides(setting: Setting, executive: Client) -> None:
    made = asked(setting, Subject.BY_PARTNERS, PARTNERS)
    words = words_of(executive.get(f"/o/{setting.code}/surveys/{made.pk}/"))
    assert "How good a partner we are: partners’ view" in words
    assert "See it beside the other side’s view" in words
    assert "Partnerships differ less" not in words
    listed = words_of(executive.get(f"/o/{setting.code}/surveys/"))
    assert "How good a partner we are: partners’ view" in listed


def test_a_partnership_that_is_not_there_is_not_found(setting: Setting, executive: Client) -> None:
    active_participation(setting.organisation)
    assert executive.get(f"/o/{setting.code}/partnerships/nonsense/partner/").status_code == 404
