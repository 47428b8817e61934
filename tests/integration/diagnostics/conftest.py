from __future__ import annotations

from dataclasses import dataclass

import pytest

from partnerships.models import Organisation, Participation, Person
from tests.factories import PartnershipFactory, active_participation, organisation_with_people


@dataclass(frozen=True)
class Setting:
    organisation: Organisation
    lead: Person
    executive: Person
    participation: Participation

    @property
    def code(self) -> str:
        return self.organisation.code


@pytest.fixture
def setting(db: None) -> Setting:
    organisation, lead, executive = organisation_with_people(name="Westmere Community Trust")
    partnership = PartnershipFactory.create(name="Westmere Frailty Alliance", recorded_by=organisation)
    return Setting(organisation, lead, executive, active_participation(organisation, partnership=partnership))
