"""What the sections of a partnership's edit page share."""

from typing import Any

from django.shortcuts import get_object_or_404

from partnerships.access import OrganisationRequest
from partnerships.forms.versioned import VersionedForm
from partnerships.models import Participation


def participation_or_404(request: OrganisationRequest, slug: str) -> Participation:
    participations = request.organisation.participations.select_related("partnership__kind")
    return get_object_or_404(participations, partnership__slug=slug)


def section_page(participation: Participation, section: str, form: VersionedForm | None = None) -> dict[str, Any]:
    return {
        "form": form,
        "participation": participation,
        "partnership": participation.partnership,
        "section": section,
    }
