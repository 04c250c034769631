"""Awards and what is paid on them, by noun: decisions, awards, agreements, payees, payments."""

from .agreements import Agreement, Instalment, PayeeKind, Side, Signature
from .award import Award, AwardKind
from .decisions import Decision, DecisionKind, Delegation
from .payees import Confirmation, HeldFrom, MandateCheck, MandateHold
from .payments import Approval, Declared, Payment, PaymentFile, PaymentFileLine, PaymentState, Stop
from .reports import Outcome, Receipt, ReceiptState, ResultNote, YearReport

__all__ = [
    "Agreement",
    "Approval",
    "Award",
    "AwardKind",
    "Confirmation",
    "Decision",
    "DecisionKind",
    "Declared",
    "Delegation",
    "HeldFrom",
    "Instalment",
    "MandateCheck",
    "MandateHold",
    "Outcome",
    "PayeeKind",
    "Payment",
    "PaymentFile",
    "PaymentFileLine",
    "PaymentState",
    "Receipt",
    "ReceiptState",
    "ResultNote",
    "Side",
    "Signature",
    "Stop",
    "YearReport",
]
