"""The pages on which an organisation sees and changes what its surveys ask."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diagnostics.instrument import as_text, instrument, load
from diagnostics.instrument.reading import MOST_BYTES, read_text
from diagnostics.links import Link
from diagnostics.models import InstrumentVersion
from diagnostics.questions import questions_in_use
from tests.factories import organisation_with_people
from tests.integration.diagnostics.conftest import Setting
from tests.integration.diagnostics.survey_data import draft, opened

TEXT = "We make time to get to know one another."


@pytest.fixture
def lead(client: Client, setting: Setting) -> Client:
    client.force_login(setting.lead)
    return client


@pytest.fixture
def executive(setting: Setting) -> Client:
    client = Client()
    client.force_login(setting.executive)
    return client


def root(setting: Setting) -> str:
    return f"/o/{setting.code}/surveys/questions/"


def words_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def filled(page: Any, **changes: Any) -> dict[str, Any]:
    """What a form's page would send, with these changes."""
    form = page.context["form"]
    return {name: form[name].value() or "" for name in form.fields if name != "file"} | changes


def changed(setting: Setting, lead: Client, code: str = "TRU1", text: str = TEXT, same: str = "same") -> Any:
    address = f"{root(setting)}partnership/draft/statements/{code}/"
    return lead.post(address, filled(lead.get(address), text=text, same=same), follow=True)


def published(setting: Setting, lead: Client, **changes: Any) -> Any:
    address = f"{root(setting)}partnership/draft/"
    sent = {"note": "People asked", "use_it": "on", **changes}
    return lead.post(address, filled(lead.get(address), **sent), follow=True)


def test_everybody_who_reads_sees_every_statement_under_what_it_is_about(setting: Setting, executive: Client) -> None:
    words = words_of(executive.get(root(setting)))
    for one in (*instrument().items, *instrument().characteristics, *instrument().topics):
        assert escape(getattr(one, "text", "") or getattr(one, "name", "")) in words
    assert "Your strategy lead can change the questions" in words
    assert "Change the questions</a>" not in words
    assert "See what it asks" in words_of(executive.get(f"/o/{setting.code}/surveys/"))


def test_from_a_change_to_what_people_are_asked(setting: Setting, lead: Client) -> None:
    under_way, links = opened(setting.participation, setting.lead)
    page = changed(setting, lead)
    assert "Changed in the new version" in words_of(page)
    assert f"“{TEXT}” instead of “We take time to build trust between us.”" in words_of(page)
    assert "Go on with the new version" in words_of(lead.get(root(setting)))
    done = published(setting, lead)
    assert done.redirect_chain[-1][0] == f"{root(setting)}partnership/"
    assert "The new version is published" in words_of(done)
    assert TEXT in words_of(done)
    assert questions_in_use(setting.organisation).item_by_code["TRU1"].text == TEXT
    respondent = Client()
    respondent.get(f"/s/{links[0].secret}/")
    asked = words_of(respondent.get(f"/s/{Link.with_secret(links[0].secret).handle}/questions/trust/"))
    assert "We take time to build trust between us." in asked
    assert TEXT not in asked
    assert under_way.instrument == instrument()


def test_whoever_starts_a_survey_next_asks_the_new_words(setting: Setting, lead: Client) -> None:
    changed(setting, lead)
    published(setting, lead)
    made = draft(setting.participation, setting.lead)
    assert made.instrument.item_by_code["TRU1"].text == TEXT


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"text": ""}, "Enter the statement."),
        ({"text": "x" * 201}, "Shorten the statement to 200 characters"),
        ({"text": "We take time to build trust  between us."}, "These are the words it has already."),
        ({"same": ""}, "Choose whether it is still the same question."),
        ({"same": "maybe"}, "Choose whether it is still the same question."),
        ({"text": "We \u202e turn round."}, "U+202E"),
    ],
)
def test_a_wrong_change_says_what_to_do(setting: Setting, lead: Client, changes: dict[str, str], message: str) -> None:
    address = f"{root(setting)}partnership/draft/statements/TRU1/"
    answer = lead.post(address, filled(lead.get(address), **({"text": TEXT, "same": "same"} | changes)))
    assert message in words_of(answer)
    assert "Error: Change a statement" in words_of(answer)
    assert not InstrumentVersion.objects.exists()


def test_adding_and_no_longer_asking(setting: Setting, lead: Client) -> None:
    address = f"{root(setting)}partnership/draft/add/"
    assert "31 statements are asked, and 32 is the most" in words_of(lead.get(address))
    assert "Choose what it is about." in words_of(lead.post(address, filled(lead.get(address), text=TEXT)))
    added = lead.post(address, filled(lead.get(address), about="trust-generosity", text=TEXT), follow=True)
    assert "Asked in addition" in words_of(added)
    full = lead.post(address, filled(lead.get(address), about="time", text="One more."))
    assert "items: 33, and no survey asks more than 32." in words_of(full)
    out = f"{root(setting)}partnership/draft/statements/TRU2/"
    gone = lead.post(
        out, {"deed": "leave_out", "version": lead.get(out).context["form"]["version"].value()}, follow=True
    )
    assert "The new version no longer asks it." in words_of(gone)
    assert "No longer asked" in words_of(gone)
    again = f"{root(setting)}partnership/draft/statements/TRU1/"
    version = lead.get(again).context["form"]["version"].value()
    kept = lead.post(again, {"deed": "leave_out", "version": version}, follow=True)
    assert "atoms: trust-generosity needs at least 2 items." in words_of(kept)
    stale = lead.post(again, {"deed": "leave_out", "version": "old"}, follow=True)
    assert "Somebody else changed the questions meanwhile" in words_of(stale)
    assert lead.get(out).status_code == 404
    assert "Somebody else changed" in words_of(lead.post(out, {}, follow=True))


def test_the_second_to_save_is_told(setting: Setting, lead: Client) -> None:
    address = f"{root(setting)}partnership/draft/statements/TRU1/"
    seen = filled(lead.get(address), text="We find time for one another.", same="same")
    changed(setting, lead)
    answer = words_of(lead.post(address, seen))
    assert "Somebody else saved this page while you were editing it" in answer
    assert TEXT in answer
    assert "We find time for one another." in answer
    page = lead.get(f"{root(setting)}partnership/draft/")
    stale = filled(page, note="Why", use_it="on")
    changed(setting, lead, "TRU2", "We lend a hand.")
    assert "Somebody else saved this page" in words_of(lead.post(f"{root(setting)}partnership/draft/", stale))
    assert not InstrumentVersion.objects.published().exists()


def test_the_draft_says_what_can_no_longer_be_compared(setting: Setting, lead: Client) -> None:
    for code in ("PUR1", "PUR2", "GOA1"):
        page = changed(setting, lead, code, f"Something else than {code}.", "another")
    assert "Clear purpose, realistic goals: 1 of 4" in words_of(page)


def test_publishing_needs_a_reason_and_discarding_needs_none(setting: Setting, lead: Client) -> None:
    changed(setting, lead)
    assert "Enter why the questions change." in words_of(published(setting, lead, note=""))
    discarded = lead.post(f"{root(setting)}partnership/draft/", {"deed": "discard"}, follow=True)
    assert "The new version is discarded." in words_of(discarded)
    assert not InstrumentVersion.objects.exists()
    assert "Publish this version" not in words_of(lead.get(f"{root(setting)}partnership/draft/"))


def test_an_older_version_can_be_asked_again(setting: Setting, lead: Client, executive: Client) -> None:
    changed(setting, lead)
    published(setting, lead)
    address = f"{root(setting)}partnership/versions/eight-characteristics-1/"
    page = words_of(lead.get(address))
    assert "Against what new surveys ask now" in page
    assert "Have new surveys ask this version" not in words_of(executive.get(address))
    assert executive.post(address).status_code == 403
    assert "New surveys ask this version." in words_of(lead.post(address, follow=True))
    assert questions_in_use(setting.organisation) == instrument("eight-characteristics-1")
    assert "New surveys ask this version." in words_of(lead.get(address))


def test_a_draft_and_what_is_not_there_have_no_page_and_no_file(setting: Setting, lead: Client) -> None:
    changed(setting, lead)
    for version in (InstrumentVersion.objects.get().version, "eight-characteristics-9"):
        assert lead.get(f"{root(setting)}partnership/versions/{version}/").status_code == 404
        assert lead.get(f"{root(setting)}partnership/versions/{version}.json").status_code == 404


def test_anothers_version_is_not_found(setting: Setting, lead: Client) -> None:
    changed(setting, lead)
    published(setting, lead)
    version = InstrumentVersion.objects.get().version
    other, other_lead, _ = organisation_with_people()
    stranger = Client()
    stranger.force_login(other_lead)
    assert stranger.get(f"/o/{other.code}/surveys/questions/partnership/versions/{version}/").status_code == 404
    assert stranger.get(f"/o/{setting.code}/surveys/questions/partnership/versions/{version}/").status_code == 404
    assert stranger.get(f"/o/{other.code}/surveys/questions/partnership/versions/{version}.json").status_code == 404


def test_the_file_of_a_version_comes_back_as_a_draft_with_a_preview(setting: Setting, lead: Client) -> None:
    answer = lead.get(f"{root(setting)}partnership/versions/{instrument().version}.json")
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert f"survey-questions-{instrument().version}.json" in answer["Content-Disposition"]
    assert load(read_text(answer.content)) == instrument()
    same = upload(setting, lead, answer.content)
    assert "Nothing would change." in words_of(same)
    document = json.loads(answer.content)
    document["items"][0]["text"] = "I know what this partnership is for."
    page = upload(setting, lead, json.dumps(document).encode())
    assert "The file can be used. Look through what would change." in words_of(page)
    assert "“I know what this partnership is for.” instead of" in words_of(page)
    assert questions_in_use(setting.organisation) == instrument()
    again = upload(setting, lead, as_text(instrument("eight-characteristics-1")).encode())
    assert "There is a new version under way already" in words_of(again)


def upload(setting: Setting, lead: Client, content: bytes, name: str = "questions.json") -> Any:
    return lead.post(f"{root(setting)}partnership/upload/", {"file": SimpleUploadedFile(name, content)}, follow=True)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "This file is empty"),
        (b"PK\x03\x04\xff", "it is not text in UTF-8"),
        (b"hello", "file: it is not JSON: line 1, column 1"),
        (b"{}", "format: expected &#x27;survey-instrument/1&#x27;."),
        (b" " * (MOST_BYTES + 1), "file: larger than 200 kB"),
        (b"[" * 90_000, "too deep"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(setting: Setting, lead: Client, content: bytes, message: str) -> None:
    answer = upload(setting, lead, content)
    assert answer.status_code == 200
    assert message in words_of(answer)
    assert "Error: Bring questions from a file" in words_of(answer)
    assert not InstrumentVersion.objects.exists()


def test_no_file_is_told_apart(setting: Setting, lead: Client) -> None:
    assert "Choose a file of questions." in words_of(lead.post(f"{root(setting)}partnership/upload/", {}))


PARTS = [(name, number) for name in ("items", "pages", "topics", "atoms") for number in (0, 1)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(PARTS),
    st.sampled_from(["code", "text", "title", "atom", "items", "reversed", "name"]),
    st.one_of(st.none(), st.integers(), st.text(max_size=250), st.lists(st.text(max_size=3)), st.just("\ud800")),
)
def test_whatever_stands_in_a_file_is_a_preview_or_a_message(
    setting: Setting, lead: Client, part: tuple[str, int], key: str, value: Any
) -> None:
    document = json.loads(as_text(instrument()))
    document[part[0]][part[1]][key] = value
    answer = upload(setting, lead, json.dumps(document).encode())
    assert answer.status_code == 200
    words = words_of(answer)
    assert "The file can be used" in words or "nhsuk-error-summary" in words
    InstrumentVersion.objects.all().delete()


def test_hostile_words_are_words(setting: Setting, lead: Client) -> None:
    text = "<script>alert(1)</script>{{ 7*7 }}"
    changed(setting, lead, text=text)
    published(setting, lead)
    for address in ("", "draft/", "draft/statements/TRU1/", f"versions/{InstrumentVersion.objects.get().version}/"):
        words = lead.get(f"{root(setting)}partnership/{address}").content.decode()
        assert "<script>alert" not in words
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in words


def test_the_list_of_questions_takes_a_fixed_number_of_queries(
    setting: Setting, lead: Client, django_assert_num_queries: Any
) -> None:
    lead.get(root(setting))
    for number in (1, 2):
        changed(setting, lead, text=f"{TEXT} {number}")
        published(setting, lead)
        # Session, person, roles; the version in use twice, its questions, the versions, the draft; what both sides are
        # asked about the organisation; keeping the session.
        with django_assert_num_queries(13):
            lead.get(root(setting))
