"""A scored portfolio to decide about, and decisions with the fewest facts that are allowed."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from decisions.actions import decide
from decisions.actions.deciding import Wanted
from decisions.basis import Basis
from decisions.models import Decision
from partnerships.models import Organisation, Participation, Person
from scoring.models import Run, RunTrigger
from scoring.runner import carry_out
from scoring.situation import situation_of
from tests.integration.scoring.portfolio import portfolio


def scored_portfolio(**facts: Any) -> tuple[Organisation, Person, Person]:
    """An organisation with a recommendation of now, its strategy lead and its executive."""
    organisation, lead, executive = portfolio(**facts)
    score(organisation, lead)
    return organisation, lead, executive


def score(organisation: Organisation, by: Person) -> Run:
    now = timezone.now()
    organisation.runs.queued().delete()
    run = Run.objects.create(
        organisation=organisation, requested_by=by, requested_at=now, sent_at=now, trigger=RunTrigger.BUTTON
    )
    claimed = Run.objects.claim(run.pk, worker="a test", now=now)
    assert claimed is not None
    carry_out(claimed)
    run.refresh_from_db()
    return run


def basis_of(participation: Participation) -> Basis:
    fresh = Participation.objects.select_related("partnership", "organisation", "mandate_level", "level").get(
        pk=participation.pk
    )
    return Basis.of(fresh, situation_of(fresh.organisation))


def wanted(basis: Basis, by: Person, **facts: Any) -> Wanted:
    """What is recommended, decided today by that person, to be looked at again in half a year."""
    today = timezone.localdate()
    given = {
        "level_code": basis.advice.recommended.code,
        "reason": "",
        "decided_by": by,
        "decided_in": "",
        "decided_on": today,
        "applies_from": today,
        "review_on": today + datetime.timedelta(days=180),
        **facts,
    }
    return Wanted(**given)


def decided(participation: Participation, by: Person, **facts: Any) -> Decision:
    """Decide as recommended, unless ``facts`` say otherwise, after whatever was decided before."""
    basis = basis_of(participation)
    meeting = facts.pop("meeting", None)
    return decide(
        participation=participation,
        by=by,
        wanted=wanted(basis, by, **facts),
        run=basis.run.pk,
        seen=basis.seen,
        meeting=meeting,
        accepts_out_of_date=True,
    )


def another_level(basis: Basis) -> str:
    """A level that is not recommended and that some portfolio has."""
    return next(one.code for one in basis.choices if not one.is_recommended and one.loss is not None)
