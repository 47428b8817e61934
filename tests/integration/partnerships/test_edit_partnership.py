import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from partnerships.actions.participations import change_account
from partnerships.models import Participation, ParticipationState, RegisterSource
from tests.factories import PartnershipFactory, active_participation, organisation_with_people
from tests.integration.partnerships.conftest import Desk, form_on, words_of


def path_of(participation: Participation) -> str:
    return f"partnerships/{participation.partnership.slug}/edit/"


def open_form(desk: Desk, participation: Participation) -> dict[str, Any]:
    return form_on(desk.get(path_of(participation)))


def test_everything_is_saved_as_typed(desk: Desk) -> None:
    participation = desk.participation()
    level = desk.organisation.engagement_levels.get(code="prioritise")
    data = open_form(desk, participation) | {
        "name": "A better name",
        "purpose": "New purpose",
        "patient_benefit": "New benefit",
        "end_goal": "Done when",
        "what_it_is_not": "Not this",
        "stage": "norming",
        "governance_form": "alliance",
        "sponsor": "Ann Lee",
        "lead": "Mark Poole",
        "level": level.pk,
        "started_on-day": "1",
        "started_on-month": "4",
        "started_on-year": "2024",
        "began_on-day": "2",
        "began_on-month": "3",
        "began_on-year": "2019",
    }
    assert desk.post(path_of(participation), data).status_code == 302
    saved = desk.organisation.participations.get()
    for field in (
        "purpose",
        "patient_benefit",
        "end_goal",
        "what_it_is_not",
        "stage",
        "governance_form",
        "sponsor",
        "lead",
    ):
        assert getattr(saved, field) == data[field]
    assert saved.level == level
    assert saved.started_on == datetime.date(2024, 4, 1)
    assert saved.partnership.name == "A better name"
    assert saved.partnership.started_on == datetime.date(2019, 3, 2)
    assert saved.partnership.slug == participation.partnership.slug, "addresses stay when names change"


def test_saving_it_untouched_changes_nothing(desk: Desk) -> None:
    participation = desk.participation(stage="norming", started_on=datetime.date(2024, 4, 1), sponsor="Ann Lee")
    before = Participation.objects.filter(pk=participation.pk).values().get()
    assert desk.post(path_of(participation), open_form(desk, participation)).status_code == 302
    after = Participation.objects.filter(pk=participation.pk).values().get()
    assert {**before, "updated_at": None} == {**after, "updated_at": None}


def test_an_active_partnership_keeps_its_benefit_and_level(desk: Desk) -> None:
    participation = desk.participation()
    data = open_form(desk, participation) | {"patient_benefit": " ", "level": "", "purpose": "Kept as typed"}
    page = words_of(desk.post(path_of(participation), data))
    assert "Say how patients benefit. A partnership cannot be active without it." in page
    assert "Choose how much you give it today. A partnership cannot be active without it." in page
    assert "Kept as typed" in page
    assert '<a href="#id_patient_benefit">' in page


def test_a_draft_may_lack_both(desk: Desk) -> None:
    draft = desk.participation(state=ParticipationState.DRAFT)
    data = open_form(desk, draft) | {"patient_benefit": "", "level": ""}
    assert desk.post(path_of(draft), data).status_code == 302


def test_dates_in_the_wrong_order_are_said_at_the_date(desk: Desk) -> None:
    participation = desk.participation(state=ParticipationState.ENDED)
    data = open_form(desk, participation) | {
        "started_on-day": "1",
        "started_on-month": "4",
        "started_on-year": "2024",
        "ended_on-day": "31",
        "ended_on-month": "3",
        "ended_on-year": "2024",
    }
    page = words_of(desk.post(path_of(participation), data))
    assert '<a href="#id_ended_on-day">The end date is before the start date. Check both dates.</a>' in page
    assert 'value="31"' in page


def test_a_register_keeps_its_name_and_we_keep_our_words(desk: Desk) -> None:
    partnership = PartnershipFactory.create(
        recorded_by=None, source=RegisterSource.PRIMARY_CARE_NETWORKS, register_code="U00070", name="South West Network"
    )
    participation = desk.participation(partnership=partnership)
    page = desk.get(path_of(participation))
    assert 'name="name"' not in words_of(page)
    assert "come from a public register" in words_of(page)
    data = form_on(page) | {"name": "Renamed", "purpose": "Our own words"}
    assert desk.post(path_of(participation), data).status_code == 302
    saved = desk.organisation.participations.get()
    assert saved.partnership.name == "South West Network"
    assert saved.purpose == "Our own words"
    with pytest.raises(ValidationError, match="public register"):
        change_account(participation=participation, by=desk.lead, account={}, shared={"name": "Renamed"})


def test_another_members_words_are_never_touched(desk: Desk) -> None:
    other, _, _ = organisation_with_people()
    partnership = PartnershipFactory.create(
        recorded_by=None, source=RegisterSource.PRIMARY_CARE_NETWORKS, register_code="U00070"
    )
    theirs = active_participation(other, partnership=partnership, purpose="Their purpose")
    ours = desk.participation(partnership=partnership)
    desk.post(path_of(ours), open_form(desk, ours) | {"purpose": "Our purpose"})
    theirs.refresh_from_db()
    assert theirs.purpose == "Their purpose"
    assert "Their purpose" not in words_of(desk.get(f"partnerships/{partnership.slug}/"))


def test_two_tabs_the_second_is_told_and_sees_both(desk: Desk) -> None:
    participation = desk.participation()
    first, second = open_form(desk, participation), open_form(desk, participation)
    assert desk.post(path_of(participation), first | {"purpose": "From the first tab"}).status_code == 302
    page = desk.post(path_of(participation), second | {"purpose": "From the second tab"})
    words = words_of(page)
    assert "Somebody else saved this page while you were editing it" in words
    assert "From the first tab" in words
    assert "From the second tab" in words
    assert desk.organisation.participations.get().purpose == "From the first tab"
    assert [(one.label, one.stored, one.typed) for one in page.context["form"].differences] == [
        ("What it is for", "From the first tab", "From the second tab")
    ]
    assert desk.post(path_of(participation), form_on(page)).status_code == 302
    assert desk.organisation.participations.get().purpose == "From the second tab"


def test_two_people_editing_different_sections_do_not_disturb_each_other(desk: Desk) -> None:
    participation = desk.participation()
    about = open_form(desk, participation)
    days = form_on(desk.get(path_of(participation) + "days/"))
    assert desk.post(path_of(participation) + "days/", days).status_code == 302
    assert desk.post(path_of(participation), about | {"purpose": "Still saved"}).status_code == 302


def test_an_unknown_field_is_a_fault_of_the_caller(desk: Desk) -> None:
    with pytest.raises(KeyError, match="state"):
        change_account(participation=desk.participation(), by=desk.lead, account={"state": "ended"})


def test_an_executive_cannot_call_the_action(desk: Desk) -> None:
    with pytest.raises(PermissionDenied):
        change_account(participation=desk.participation(), by=desk.executive, account={"purpose": "x"})
