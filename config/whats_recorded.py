"""Of which tables every change is recorded, and why of the others it is not; said once for every model there is.

A test walks the models: a new one has to be named here, and one that is recorded has to have its triggers
(``partnerships.recording``).
"""

from __future__ import annotations

from django.apps import apps

from partnerships import recording

RECORDED = frozenset(
    {
        "partnerships.AccessGrant",
        "partnerships.AccessInvitation",
        "partnerships.AdjustedDays",
        "partnerships.CapacityAdjustment",
        "partnerships.CapacityPool",
        "partnerships.CapacityQuarter",
        "partnerships.CostOfChange",
        "partnerships.DaysNeeded",
        "partnerships.Difference",
        "partnerships.EngagementLevel",
        "partnerships.LedgerEntry",
        "partnerships.MeasurePoint",
        "partnerships.Objective",
        "partnerships.ObjectiveRank",
        "partnerships.ObjectiveWeight",
        "partnerships.OutcomeMeasure",
        "partnerships.Participation",
        "partnerships.Partnership",
        "partnerships.PartnershipMembership",
        "partnerships.Person",
        "partnerships.PoolShare",
        "partnerships.PortfolioRule",
        "partnerships.RecordLink",
        "partnerships.RecordNote",
        "partnerships.RuleMember",
        "partnerships.Sharing",
        "partnerships.ValueRating",
        "partnerships.WayOfCreatingValue",
        "partnerships.WayRank",
        "partnerships.WayWeight",
        "diagnostics.InstrumentChoice",
        "diagnostics.InstrumentVersion",
        "diagnostics.OpenLink",
        "diagnostics.PartnerReply",
        "diagnostics.ReplyLine",
        "diagnostics.Round",
        "scoring.Run",
        "scoring.TippingPoint",
        "scoring.WhatIf",
        "decisions.AgendaItem",
        "decisions.CapacityOption",
        "decisions.ChecklistItem",
        "decisions.Decision",
        "decisions.KindNo",
        "decisions.Letter",
        "decisions.LetterReply",
        "decisions.LetterTemplate",
        "decisions.Meeting",
        "decisions.PlanAction",
        "decisions.Practice",
        "decisions.Promise",
        "decisions.PromiseMoved",
        "decisions.Review",
        "decisions.TakenEffect",
        "decisions.Telling",
    }
)

ANONYMOUS = "answers are anonymous: a line of who answered when would break that promise"
WORKED_OUT = "worked out from inputs that are recorded"
A_HISTORY = "is itself a history to which lines are only added"
BY_THE_CODE = "is itself a history, which the code only adds to; what it tells of is recorded"

NOT_RECORDED: dict[str, str] = {
    "partnerships.Deed": A_HISTORY,
    "partnerships.DifferenceChange": BY_THE_CODE,
    "partnerships.ImportPreview": "a file that waits to be imported; what the import changes is recorded",
    "partnerships.Organisation": "the public register; each import of it is a deed, and its file is kept with counts",
    "partnerships.OrganisationName": "the public register",
    "partnerships.ParticipationStateChange": BY_THE_CODE,
    "partnerships.PartnershipKind": "a list that comes with the service, and that no page changes",
    "partnerships.PastRule": BY_THE_CODE,
    "partnerships.Person_groups": "not used, and empty",
    "partnerships.Person_user_permissions": "not used, and empty",
    "partnerships.RegisterFile": "which public files were read; each import is a deed besides",
    "partnerships.SharedLevel": "a view of levels that are recorded",
    "diagnostics.Answer": ANONYMOUS,
    "diagnostics.EarlierLink": "which links of invitations were replaced; that new ones were shown is a deed",
    "diagnostics.Invitation": ANONYMOUS,
    "diagnostics.Reminder": ANONYMOUS,
    "diagnostics.ReplyLetter": "who was written to about a reply; the reply itself is recorded",
    "diagnostics.Response": ANONYMOUS,
    "decisions.Draft": "typed in a meeting and not decided; it goes with the decision, which is recorded",
    "decisions.DueReminder": "who was reminded of a promise, an action, a practice or a review; these are recorded",
    "decisions.SharedDecision": "a view of decisions that are recorded",
    "scoring.Explanation": WORKED_OUT,
    "scoring.Night": WORKED_OUT,
    "scoring.Recommendation": WORKED_OUT,
    "scoring.RunChange": WORKED_OUT,
}

# Beside the tables of events, those to which lines are only added.
ADDED_TO = (
    "partnerships.Deed",
    "decisions.Decision",
    "decisions.PromiseMoved",
    "decisions.Review",
    "decisions.TakenEffect",
)

# Whole apps that are not ours.
NOT_RECORDED_APPS: dict[str, str] = {
    "account": "addresses of accounts, as they stand on the account, which is recorded",
    "auth": "groups and permissions, which are not used",
    "contenttypes": "the names of the models",
    "mfa": "second steps of signing in: secrets, of which no copy may be kept",
    "pghistory": "the library of the record itself; its tables are not used",
    "sessions": "who is signed in just now; signing in and out are deeds",
    "socialaccount": "the sign-in service's name for an account; signing in is a deed",
    "usersessions": "the browsers in which somebody is signed in; signing in and out are deeds",
}


def lines_are_only_added_to() -> set[str]:
    """The tables from which nobody but their owner takes a line, or changes one: of events, of deeds, of decisions."""
    return {apps.get_model(name)._meta.db_table for name in ADDED_TO} | {
        one.events._meta.db_table for one in recording.RECORDED.values()
    }
