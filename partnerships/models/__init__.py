"""The ground floor: what an organisation is, who may act for it, what it takes part in and what that costs.

Shared rows (organisations, partnerships, who is a member of what) come from public registers and are the same for
everybody. Owned rows (a participation and all that hangs off it, pools, criteria) belong to one organisation, carry its
id, and are reached through it: ``organisation.participations``. What an organisation says *about* a partnership
(purpose, benefit to patients, stage) is its own account and stands on its participation.
"""

from partnerships.models.access_invitations import AccessInvitation, InvitationState
from partnerships.models.adjustments import AdjustedDays, AdjustmentKind, CapacityAdjustment
from partnerships.models.capacity import CapacityPool, CapacityQuarter, PoolShare, Quarter
from partnerships.models.cost_of_change import CostOfChange
from partnerships.models.criteria import (
    Objective,
    ObjectiveRank,
    ObjectiveWeight,
    ValueRating,
    WayOfCreatingValue,
    WayRank,
    WayWeight,
)
from partnerships.models.deeds import Deed, DeedKind
from partnerships.models.differences import Difference, DifferenceChange, DifferenceState
from partnerships.models.import_previews import ImportPreview
from partnerships.models.ledger import LedgerEntry, LedgerKind, Side
from partnerships.models.levels import EngagementLevel
from partnerships.models.organisations import Organisation, OrganisationKind, OrganisationName
from partnerships.models.outcome_measures import Better, MeasurePoint, OutcomeMeasure
from partnerships.models.participations import (
    DaysNeeded,
    GovernanceForm,
    Participation,
    ParticipationState,
    Stage,
)
from partnerships.models.partnerships import Partnership, PartnershipKind, PartnershipMembership
from partnerships.models.people import AccessGrant, Person, Role
from partnerships.models.record_links import RecordLink
from partnerships.models.record_notes import NoteKind, RecordNote
from partnerships.models.registers import RegisterFile, RegisterSource
from partnerships.models.rules import PastRule, PortfolioRule, RuleKind, RuleMember
from partnerships.models.sharing import Audience, SharedLevel, Sharing
from partnerships.models.state_changes import ParticipationStateChange

__all__ = [
    "AccessGrant",
    "AccessInvitation",
    "AdjustedDays",
    "AdjustmentKind",
    "Audience",
    "Better",
    "CapacityAdjustment",
    "CapacityPool",
    "CapacityQuarter",
    "CostOfChange",
    "DaysNeeded",
    "Deed",
    "DeedKind",
    "Difference",
    "DifferenceChange",
    "DifferenceState",
    "EngagementLevel",
    "GovernanceForm",
    "ImportPreview",
    "InvitationState",
    "LedgerEntry",
    "LedgerKind",
    "MeasurePoint",
    "NoteKind",
    "Objective",
    "ObjectiveRank",
    "ObjectiveWeight",
    "Organisation",
    "OrganisationKind",
    "OrganisationName",
    "OutcomeMeasure",
    "Participation",
    "ParticipationState",
    "ParticipationStateChange",
    "Partnership",
    "PartnershipKind",
    "PartnershipMembership",
    "PastRule",
    "Person",
    "PoolShare",
    "PortfolioRule",
    "Quarter",
    "RecordLink",
    "RecordNote",
    "RegisterFile",
    "RegisterSource",
    "Role",
    "RuleKind",
    "RuleMember",
    "SharedLevel",
    "Sharing",
    "Side",
    "Stage",
    "ValueRating",
    "WayOfCreatingValue",
    "WayRank",
    "WayWeight",
]
