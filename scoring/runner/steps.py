"""What an organisation has to enter before a score can mean anything, in the order in which people do it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from partnerships.models import CapacityQuarter, DaysNeeded, Organisation, ParticipationState, ValueRating


@dataclass(frozen=True)
class Step:
    """One thing to do: what, why, where, and whether it is done."""

    title: str
    why: str
    href: str
    done: bool


def steps_to_a_score(organisation: Organisation) -> list[Step]:
    """The steps to a first score; scoring can start when all are done. A fixed number of queries.

    The night asks the same of everybody at once: ``scoring_ready_for_the_night``, in the migrations.
    """
    states = organisation.participations.aggregate(
        active=Count("pk", filter=Q(state=ParticipationState.ACTIVE)),
        drafts=Count("pk", filter=Q(state=ParticipationState.DRAFT)),
    )
    active = {"participation__state": ParticipationState.ACTIVE, "organisation": organisation}
    root = f"/o/{organisation.code}"
    if states["drafts"] and not states["active"]:
        drafts = "1 draft" if states["drafts"] == 1 else f"{states['drafts']} drafts"
        first = Step(
            "Complete a draft partnership",
            f"You have {drafts}. Say how patients benefit and choose today’s level, and make it active.",
            f"{root}/partnerships/",
            done=False,
        )
    else:
        first = Step(
            "Add the partnerships you are in",
            "Start from what the public registers already show for you, or bring a spreadsheet.",
            f"{root}/start/",
            done=bool(states["active"]),
        )
    return [
        first,
        Step(
            "Say how many days you have",
            "Days a quarter that executives, clinicians and others can give to working with partners.",
            f"{root}/capacity/",
            done=CapacityQuarter.objects.filter(organisation=organisation).exists(),
        ),
        Step(
            "Estimate the days each partnership needs",
            "Today’s level is enough to begin: the other levels are worked out from it until you know better.",
            f"{root}/partnerships/",
            done=DaysNeeded.objects.filter(**active, likely__gt=0).exists(),
        ),
        Step(
            "Rate what each partnership is worth to you",
            "Only where it claims to add something. The rest counts as nothing.",
            f"{root}/partnerships/",
            done=ValueRating.objects.filter(**active).exists(),
        ),
    ]
