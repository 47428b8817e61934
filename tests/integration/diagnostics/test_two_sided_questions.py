"""What partners and our own people are asked, in an organisation's own words: made, asked, and compared."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from diagnostics.actions import close_round
from diagnostics.actions.questions import (
    add_item,
    change_item,
    choose_version,
    discard_draft,
    publish_draft,
)
from diagnostics.instrument import BY_PARTNERS, BY_US, CURRENT, as_text, instrument
from diagnostics.instrument.naming import PLACE
from diagnostics.models import InstrumentChoice, InstrumentVersion, Round, Subject
from diagnostics.over_time import since_last_time
from diagnostics.partner_picture import partner_picture
from diagnostics.questions import draft_of, questions_in_use, questions_to_change, state_of, version_in_use
from diagnostics.two_sided import two_sided
from partnerships.models import Organisation, Participation
from tests.factories import PartnershipFactory, active_participation
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.survey_data import answer, closed, draft, opened

pytestmark = pytest.mark.django_db

THEIRS, OURS = Subject.BY_PARTNERS, Subject.BY_US
SIDES = (THEIRS, OURS)
NAME = "Westmere Community Trust"
TEXT = f"{NAME} tells us early what will change."


@pytest.fixture
def lead(client: Client, setting: Setting) -> Client:
    client.force_login(setting.lead)
    return client


def words_of(answered: Any) -> str:
    return " ".join(answered.content.decode().split())


def known(setting: Setting, subject: Subject) -> dict[str, Any]:
    """What every change of a draft says."""
    organisation = setting.organisation
    seen = state_of(questions_to_change(organisation, subject))
    return {"organisation": organisation, "by": setting.lead, "subject": subject, "expected_version": seen}


def change(setting: Setting, subject: Subject, code: str, text: str, *, same: bool) -> InstrumentVersion:
    return change_item(code=code, text=text, same_question=same, **known(setting, subject))


def publish(setting: Setting, subject: Subject) -> InstrumentVersion:
    return publish_draft(note="Partners asked what it meant", use_it=True, **known(setting, subject))


def ask_otherwise(setting: Setting, subject: Subject, *codes: str) -> InstrumentVersion:
    for code in codes:
        change(setting, subject, code, f"Another question than {code}.", same=False)
    return publish(setting, subject)


def answered(setting: Setting, subject: Subject, value: int, **others: int) -> Round:
    """A closed survey of six: ``others`` are answers to those statements that shipped versions do not ask."""
    made, links = opened(setting.participation, setting.lead, subject=subject)
    for link in links[:6]:
        answer(link, {code: others.get("own", value) if not code.startswith("US-") else value
                      for code in made.instrument.item_by_code})  # fmt: skip
    return close_round(round=made, by=setting.lead)


def in_another(setting: Setting, name: str = "Quay Alliance") -> Setting:
    partnership = PartnershipFactory.create(name=name, recorded_by=setting.organisation)
    other: Participation = active_participation(setting.organisation, partnership=partnership)
    return Setting(setting.organisation, setting.lead, setting.executive, other)


def test_each_side_has_versions_drafts_and_a_choice_of_its_own(setting: Setting) -> None:
    code = setting.code.lower()
    theirs = change(setting, THEIRS, "US-COM1", "They keep their word.", same=True)
    ours = change(setting, OURS, "US-COM1", "We keep our word.", same=True)
    about = change(setting, Subject.PARTNERSHIP, "TRU1", "We make time for one another.", same=True)
    assert [one.version for one in (theirs, ours, about)] == [f"{code}-by-partners-1", f"{code}-by-us-1", f"{code}-1"]
    assert [one.based_on for one in (theirs, ours, about)] == [BY_PARTNERS, BY_US, CURRENT]
    publish(setting, THEIRS)
    discard_draft(organisation=setting.organisation, by=setting.lead, subject=OURS)
    assert draft_of(setting.organisation) == about
    assert [version_in_use(setting.organisation, one) for one in Subject] == [CURRENT, theirs.version, BY_US]
    asked = [draft(setting.participation, setting.lead, subject=one).instrument_version for one in SIDES]
    assert asked == [theirs.version, BY_US]
    choose_version(organisation=setting.organisation, version=BY_PARTNERS, by=setting.lead, subject=THEIRS)
    assert version_in_use(setting.organisation, THEIRS) == BY_PARTNERS


def test_partners_read_the_name_that_the_organisation_has_by_then(setting: Setting) -> None:
    made = change(setting, THEIRS, "US-COM1", TEXT, same=True)
    assert made.instrument.item_by_code["US-COM1"].text == f"{PLACE} tells us early what will change."
    publish(setting, THEIRS)
    asked = draft(setting.participation, setting.lead, subject=THEIRS)
    assert Round.objects.get(pk=asked.pk).instrument.item_by_code["US-COM1"].text == TEXT
    with_questions = setting.organisation.survey_rounds.with_questions().get(pk=asked.pk)
    assert with_questions.instrument.item_by_code["US-COM1"].text == TEXT
    Organisation.objects.filter(pk=setting.organisation.pk).update(name="Wye Trust")
    assert Round.objects.get(pk=asked.pk).instrument.item_by_code["US-COM1"].text.startswith("Wye Trust tells us")


def test_what_is_about_something_else_cannot_be_chosen(setting: Setting) -> None:
    own = ask_otherwise(setting, THEIRS, "US-COM1").version
    for subject, version in ((OURS, own), (OURS, BY_PARTNERS), (THEIRS, CURRENT), (Subject.PARTNERSHIP, own)):
        with pytest.raises(ValidationError, match="These questions are"):
            choose_version(organisation=setting.organisation, version=version, by=setting.lead, subject=subject)
    assert version_in_use(setting.organisation) == CURRENT


def test_other_words_for_the_same_question_keep_the_whole_gap(setting: Setting) -> None:
    change(setting, THEIRS, "US-COM1", TEXT, same=True)
    publish(setting, THEIRS)
    closed(setting.participation, setting.lead, [2] * 6, subject=THEIRS)
    closed(setting.participation, setting.lead, [4] * 6, subject=OURS)
    both = two_sided(setting.participation)
    assert all(line.gap is not None and line.gap.by == 2 for line in both.lines)
    assert (both.not_comparable, both.asked_of_one_side) == ([], ([], []))


def test_the_gap_is_over_what_both_were_asked_and_says_where_it_is_not(setting: Setting, lead: Client) -> None:
    ask_otherwise(setting, THEIRS, "US-PUR1", "US-PUR2", "US-GOA1", "US-TRU1")
    answered(setting, THEIRS, 2, own=5)
    answered(setting, OURS, 4)
    both = two_sided(setting.participation)
    by_code = {line.code: line for line in both.lines}
    trust, purpose = by_code["trust"], by_code["purpose"]
    assert trust.partners is not None
    assert trust.partners.mean == 3.5
    assert trust.gap is not None
    assert trust.gap.by == 2  # over the statement that both were asked
    assert (purpose.gap, purpose.not_comparable, purpose.in_words) == (None, True, "Not comparable")
    assert [(one.name, one.shared.items, one.shared.of) for one in both.not_comparable] == [
        ("Clear purpose, realistic goals", 1, 4)
    ]
    page = words_of(lead.get(f"/o/{setting.code}/partnerships/{setting.participation.partnership.slug}/partner/"))
    assert "Clear purpose, realistic goals: 1 of 4 statements were asked of both" in page
    assert (
        "Another question than US-TRU1." in page.partition("Partners alone:")[2].partition("Your own people alone:")[0]
    )
    assert "Not comparable" in page.partition("The eight characteristics")[2]


def test_with_nothing_in_common_nobody_is_said_to_rate_us_higher(setting: Setting) -> None:
    ask_otherwise(setting, THEIRS, *(code for code in instrument(BY_PARTNERS).item_by_code if code != "US-ALL1"))
    answered(setting, THEIRS, 2, own=2)
    answered(setting, OURS, 4)
    assert two_sided(setting.participation).finding == (
        "What partners say and what we say cannot be held against each other here"
    )


def test_a_statement_may_be_added_for_both_sides(setting: Setting) -> None:
    made = add_item(about="trust-generosity", text=TEXT, **known(setting, THEIRS))
    [code] = made.instrument.item_by_code.keys() - instrument(BY_PARTNERS).item_by_code.keys()
    ours = add_item(about="", text="We tell partners early.", same_as=code, **known(setting, OURS))
    assert ours.instrument.item_by_code[code].atom == "trust-generosity"
    for wrong in (code, "US-NONE"):
        with pytest.raises(ValidationError, match="The questions of the other side have changed meanwhile"):
            add_item(about="", text="Once more.", same_as=wrong, **known(setting, OURS))
    with pytest.raises(ValidationError, match="The questions of the other side have changed meanwhile"):
        add_item(about="", text="Once more.", same_as=code, **known(setting, Subject.PARTNERSHIP))
    for subject in SIDES:
        publish(setting, subject)
    answered(setting, THEIRS, 2, own=2)
    answered(setting, OURS, 4, own=5)
    both = two_sided(setting.participation)
    trust = next(line for line in both.lines if line.code == "trust")
    assert trust.gap is not None
    assert trust.gap.by == pytest.approx((4 + 4 + 5) / 3 - 2)
    assert both.asked_of_one_side == ([], [])


def test_two_questions_of_two_sides_never_have_the_same_code(setting: Setting) -> None:
    """Also while both are drafts: they would be taken for the same question."""
    made = [change(setting, one, "US-TRU1", f"Another one, {one}.", same=False) for one in SIDES]
    own = [one.instrument.item_by_code.keys() - instrument(BY_US).item_by_code.keys() for one in made]
    assert own[0].isdisjoint(own[1])
    about = change(setting, Subject.PARTNERSHIP, "TRU1", "Another one.", same=False)
    assert about.instrument.item_by_code.keys().isdisjoint(own[0] | own[1])


def test_round_on_round_is_over_what_both_asked(setting: Setting) -> None:
    closed(setting.participation, setting.lead, [2] * 6, subject=THEIRS)
    change(setting, THEIRS, "US-LEA1", TEXT, same=True)
    ask_otherwise(setting, THEIRS, "US-PUR1", "US-PUR2", "US-GOA1")
    since = since_last_time(answered(setting, THEIRS, 4, own=1))
    assert since is not None
    assert since.by_characteristic["learning"].by == 2
    assert [(one.name, one.shared.items) for one in since.not_comparable] == [("Clear purpose, realistic goals", 1)]
    assert [(one.was.text, one.now.text) for one in since.asked_otherwise.reworded] == [
        (f"{NAME} shares what it knows about whether our work makes a difference.", TEXT)
    ]


def test_over_partnerships_a_mean_is_over_what_all_were_asked(setting: Setting, lead: Client) -> None:
    other = in_another(setting)
    closed(other.participation, setting.lead, [4] * 6, subject=THEIRS)
    alike = partner_picture(setting.organisation)
    assert (alike.over_fewer, alike.left_out) == (False, [])
    ask_otherwise(setting, THEIRS, "US-PUR1", "US-PUR2", "US-GOA1", "US-TRU1")
    answered(setting, THEIRS, 2, own=5)
    picture = partner_picture(setting.organisation)
    means = {line.code: line.partners.mean for line in picture.lines if line.partners}
    assert means["trust"] == 3  # 2 and 4, over the one statement that both surveys asked
    assert means["purpose"] == pytest.approx((5 + 5 + 5 + 2) / 4)  # of the newest alone
    assert means["overall"] == pytest.approx((2 + 4) / 2)
    assert picture.over_fewer
    assert [(one.name, one.subject, [name for name, _ in one.of]) for one in picture.left_out] == [
        ("Quay Alliance", "by_partners", ["Clear purpose, realistic goals"])
    ]
    page = words_of(lead.get(f"/o/{setting.code}/partner/"))
    assert "Quay Alliance, partners’ view: Clear purpose, realistic goals (1 of 4)" in page
    assert "Not all were asked the same" in page


def test_a_group_is_over_partnerships_only_where_all_of_it_can_be_compared(setting: Setting) -> None:
    other = in_another(setting)
    closed(other.participation, setting.lead, [4] * 6, subject=THEIRS)
    ask_otherwise(setting, THEIRS, "US-PUR1", "US-PUR2", "US-GOA1")
    answered(setting, THEIRS, 2, own=2)
    people = {line.code: line.partners.people for line in partner_picture(setting.organisation).lines if line.partners}
    assert (people["purpose"], people["strategy"], people["culture"], people["overall"]) == (1, 1, 2, 2)


RULES: dict[str, dict[str, Any]] = {
    "instrument_version_one_draft": {"version": "x-2"},
    "instrument_version_subject_is_known": {"version": "x-2", "subject": "weather"},
}


@pytest.mark.parametrize("rule", RULES)
def test_the_rules_of_the_database(setting: Setting, rule: str) -> None:
    row = {"subject": THEIRS, "based_on": BY_PARTNERS, "document": {}, "created_by": setting.lead}
    InstrumentVersion.objects.create(organisation=setting.organisation, **row | {"version": "x-1"})
    InstrumentVersion.objects.create(organisation=setting.organisation, **row | {"version": "x-3", "subject": OURS})
    with pytest.raises(IntegrityError, match=rule):
        InstrumentVersion.objects.create(organisation=setting.organisation, **row | RULES[rule])


def test_the_database_keeps_one_choice_a_subject(setting: Setting) -> None:
    row = {"organisation": setting.organisation, "set_by": setting.lead, "version": BY_US}
    InstrumentChoice.objects.create(subject=OURS, **row)
    InstrumentChoice.objects.create(subject=THEIRS, **row)
    for rule, subject in (("instrument_choice_once", OURS), ("instrument_choice_subject_is_known", "weather")):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            InstrumentChoice.objects.create(subject=subject, **row)


def test_what_a_published_version_is_about_stays(setting: Setting) -> None:
    made = ask_otherwise(setting, THEIRS, "US-COM1")
    with pytest.raises(IntegrityError, match="is published and stays as it is"), transaction.atomic():
        InstrumentVersion.objects.filter(pk=made.pk).update(subject=OURS)
    assert questions_in_use(setting.organisation, THEIRS) == made.instrument


def at(setting: Setting, address: str = "", side: str = "partners-view") -> str:
    return f"/o/{setting.code}/surveys/questions/{side}/{address}"


def filled(page: Any, **changes: Any) -> dict[str, Any]:
    form = page.context["form"]
    return {name: form[name].value() or "" for name in form.fields} | changes


def test_from_other_words_to_what_partners_are_asked(setting: Setting, lead: Client) -> None:
    first = words_of(lead.get(f"/o/{setting.code}/surveys/questions/"))
    assert f'href="{at(setting)}"' in first
    page = words_of(lead.get(at(setting)))
    assert f"{NAME} does what it said it would do." in page
    assert "are asked the same questions, each in words of their own" in page
    address = at(setting, "draft/statements/US-COM1/")
    seen = lead.get(address)
    assert seen.context["form"]["text"].value() == f"{NAME} does what it said it would do."
    same = lead.post(address, filled(seen, same="same"))
    assert "These are the words it has already." in words_of(same)
    changed = lead.post(address, filled(seen, text=TEXT, same="same"), follow=True)
    assert changed.redirect_chain[-1][0] == at(setting, "draft/")
    assert f"“{TEXT}” instead of “{NAME} does what it said it would do.”" in words_of(changed)
    done = lead.post(at(setting, "draft/"), filled(changed, note="Partners asked", use_it="on"), follow=True)
    assert done.redirect_chain[-1][0] == at(setting)
    assert TEXT in words_of(done)
    assert PLACE not in words_of(done)
    version = version_in_use(setting.organisation, THEIRS)
    seen_version = words_of(lead.get(at(setting, f"versions/{version}/")))
    assert TEXT in seen_version
    assert "New surveys ask this version." in seen_version
    assert lead.get(at(setting, f"versions/{version}/", "our-view")).status_code == 404
    back = lead.post(at(setting, f"versions/{BY_PARTNERS}/"), follow=True)
    assert "New surveys ask this version." in words_of(back)
    assert version_in_use(setting.organisation, THEIRS) == BY_PARTNERS


def test_the_page_of_a_new_statement_offers_what_the_other_side_is_asked(setting: Setting, lead: Client) -> None:
    add = at(setting, "draft/add/")
    assert "Is the other side asked it too?" not in words_of(lead.get(add))
    lead.post(add, filled(lead.get(add), about="trust-generosity", text=TEXT))
    theirs = questions_to_change(setting.organisation, THEIRS)
    [code] = theirs.item_by_code.keys() - instrument(BY_US).item_by_code.keys()
    add = at(setting, "draft/add/", "our-view")
    page = lead.get(add)
    assert f"Yes: “{TEXT}”" in words_of(page)
    assert "Choose what it is about." in words_of(lead.post(add, filled(page, text="We tell partners early.")))
    lead.post(add, filled(page, text="We tell partners early.", same_as=code))
    assert questions_to_change(setting.organisation, OURS).item_by_code[code].text == "We tell partners early."
    assert "Is the other side asked it too?" not in words_of(lead.get(add))


def test_the_draft_says_where_the_two_sides_can_no_longer_be_compared(setting: Setting, lead: Client) -> None:
    for code in ("US-PUR1", "US-PUR2", "US-GOA1"):
        change(setting, THEIRS, code, f"Another question than {code}.", same=False)
    words = words_of(lead.get(at(setting, "draft/")))
    assert "Not comparable with earlier surveys." in words
    assert "Partners and your own people cannot be held against each other here." in words
    assert "Clear purpose, realistic goals: 1 of 4" in words.partition("cannot be held against each other")[2]
    publish(setting, THEIRS)
    for side in ("partners-view", "our-view"):
        words = words_of(lead.get(at(setting, side=side)))
        assert "are not asked all of the same questions" in words
        assert "Clear purpose, realistic goals: 1 of 4" in words
    both = words_of(lead.get(f"/o/{setting.code}/surveys/questions/"))
    assert "Partners: “Another question than US-PUR1.” Your own people are not asked this." in both


def test_a_file_of_a_side_comes_back_to_that_side_alone(setting: Setting, lead: Client) -> None:
    file = lead.get(at(setting, f"versions/{BY_PARTNERS}.json")).content.decode()
    assert file == as_text(instrument(BY_PARTNERS))
    document = json.loads(file)
    document["items"][0]["text"] = TEXT

    def sent(side: str) -> str:
        content = SimpleUploadedFile("questions.json", json.dumps(document).encode())
        return words_of(lead.post(at(setting, "upload/", side), {"file": content}, follow=True))

    assert "topics: your own version keeps the topics" in sent("partnership")
    assert f"“{TEXT}” instead of “{NAME} is clear" in sent("partners-view")
    kept = questions_to_change(setting.organisation, THEIRS).items[0].text
    assert kept == f"{PLACE} tells us early what will change."
