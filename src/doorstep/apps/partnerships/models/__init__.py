"""The residents who decide, and how they do it: members, meetings and what was decided there."""

from doorstep.apps.partnerships.models.council import (
    CouncilAgreement,
    CouncilDuty,
    CouncilSide,
    CouncilSignature,
    CouncilState,
)
from doorstep.apps.partnerships.models.learning import (
    DoneBefore,
    Duty,
    LearningEntry,
    LearningKind,
    LearningWithdrawn,
    SupportKind,
)
from doorstep.apps.partnerships.models.meetings import (
    AgendaItem,
    Declaration,
    Meeting,
    MeetingState,
    Paper,
)
from doorstep.apps.partnerships.models.members import (
    HostAgreement,
    Household,
    Interest,
    Membership,
    Partnership,
)
from doorstep.apps.partnerships.models.outcomes import (
    ItemDecision,
    Method,
    MinutesStep,
    Outcome,
    Presence,
)
from doorstep.apps.partnerships.models.plans import (
    LineAgreed,
    LineKind,
    MemorandumSide,
    MemorandumSignature,
    Plan,
    PlanLine,
    PlanReview,
    PlanState,
)
from doorstep.apps.partnerships.models.seats import Candidate, Filling, FillingState
from doorstep.apps.partnerships.models.starting import Listening, Start, StartMoney

__all__ = [
    "AgendaItem",
    "Candidate",
    "CouncilAgreement",
    "CouncilDuty",
    "CouncilSide",
    "CouncilSignature",
    "CouncilState",
    "Declaration",
    "DoneBefore",
    "Duty",
    "Filling",
    "FillingState",
    "HostAgreement",
    "Household",
    "Interest",
    "ItemDecision",
    "LearningEntry",
    "LearningKind",
    "LearningWithdrawn",
    "LineAgreed",
    "LineKind",
    "Listening",
    "Meeting",
    "MeetingState",
    "Membership",
    "MemorandumSide",
    "MemorandumSignature",
    "Method",
    "MinutesStep",
    "Outcome",
    "Paper",
    "Partnership",
    "Plan",
    "PlanLine",
    "PlanReview",
    "PlanState",
    "Presence",
    "Start",
    "StartMoney",
    "SupportKind",
]
