from diagnostics.models import Round
from diagnostics.results import RoundResults
from partnerships.access import OrganisationRequest
from partnerships.audit import record_deed
from partnerships.models import DeedKind


def record_reading(request: OrganisationRequest, found: Round, results: RoundResults | None) -> None:
    """Who looks at what people wrote in is on the record; what they wrote is not."""
    if results and results.reasons_shown:
        record_deed(
            DeedKind.READ_FREE_TEXT,
            organisation=request.organisation,
            by=request.user,
            what=f"in the survey of {found.participation.partnership.display_name}",
            rows=results.reasons_shown,
            participation=found.participation,
        )
