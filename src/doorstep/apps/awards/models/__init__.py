"""Awards and what is paid on them, by noun: forms and applications, quick money,
decisions, awards, agreements, payees, payments."""

from .agreements import Agreement, Instalment, PayeeKind, Side, Signature
from .applying import Application, GrantForm, Said
from .award import Award, AwardKind
from .decisions import Decision, DecisionKind, Delegation
from .evidence import QuestionsFixed
from .hosting import (
    CloseOut,
    Funding,
    Move,
    MoveKind,
    MoveState,
    PaidFrom,
    Part,
    SpendReport,
)
from .payees import Confirmation, HeldFrom, MandateCheck, MandateHold
from .payments import Approval, Declared, Payment, PaymentFile, PaymentFileLine, PaymentState, Stop
from .quick import Found, Review, Say, SayKind, SharedHome
from .reports import Outcome, Receipt, ReceiptState, ResultNote, YearReport

__all__ = [
    "Agreement",
    "Application",
    "Approval",
    "Award",
    "AwardKind",
    "CloseOut",
    "Confirmation",
    "Decision",
    "DecisionKind",
    "Declared",
    "Delegation",
    "Found",
    "Funding",
    "GrantForm",
    "HeldFrom",
    "Instalment",
    "MandateCheck",
    "MandateHold",
    "Move",
    "MoveKind",
    "MoveState",
    "Outcome",
    "PaidFrom",
    "Part",
    "PayeeKind",
    "Payment",
    "PaymentFile",
    "PaymentFileLine",
    "PaymentState",
    "QuestionsFixed",
    "Receipt",
    "ReceiptState",
    "ResultNote",
    "Review",
    "Said",
    "Say",
    "SayKind",
    "SharedHome",
    "Side",
    "Signature",
    "SpendReport",
    "Stop",
    "YearReport",
]
