"""Lines of the record that belong to no organisation: they are added, and no role at any organisation reads them."""

from __future__ import annotations

import pytest
from django.db import connection

from partnerships.audit import record_on_account, record_register_import
from partnerships.isolation import acting_for, acting_for_nobody
from partnerships.models import Deed, DeedKind, Organisation, Person, Role
from partnerships.recording import RECORDED
from tests.factories import OrganisationFactory, PersonFactory, in_role

pytestmark = pytest.mark.django_db


def written(table: str) -> int:
    """How many lines this transaction has added, those that nobody may read among them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_get_xact_tuples_inserted(%s::regclass)", [table])
        return int(cursor.fetchone()[0])


def leave_lines_of_nobody() -> None:
    """A sign-in that names no account, a register that is loaded, and an account that no organisation knows."""
    with acting_for_nobody():
        record_on_account(DeedKind.SIGN_IN_FAILED, person=None)
        record_register_import(what="etr.csv", rows=2, by=None)
    stranger = PersonFactory.create()
    stranger.name = "Somebody else"
    stranger.save()


def read_by(person: Person, organisation: Organisation) -> list[str]:
    """The lines of nobody that the database shows to somebody who acts for an organisation."""
    with acting_for(organisation, person=person):
        shown = [str(deed) for deed in Deed.objects.filter(organisation=None)]
        for one in RECORDED.values():
            events = one.events._default_manager.filter(**{one.owner: None})
            if one.model is Person:  # of their own people they see what nobody in particular changed
                events = events.exclude(pgh_obj_id__in=organisation.access_grants.values("person"))
            shown += [f"{one.model.__name__} {line.pk}" for line in events]
    return shown


def test_no_role_reads_what_is_of_no_organisation() -> None:
    organisation = OrganisationFactory.create()
    people = {role: in_role(organisation, role) for role in Role}
    leave_lines_of_nobody()
    assert written("partnerships_deed") >= 2
    assert written("partnerships_personevent") > len(people)
    assert {role: read_by(person, organisation) for role, person in people.items()} == {role: [] for role in Role}


def test_nor_does_code_that_acts_for_every_organisation() -> None:
    OrganisationFactory.create()
    leave_lines_of_nobody()
    assert list(Deed.objects.filter(organisation=None)) == []
