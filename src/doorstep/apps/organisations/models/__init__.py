"""The passport of a group: who it is, who speaks for it, its papers, where its money goes, and who
may read all that. Uploaded once."""

from doorstep.apps.organisations.models.bank import (
    BankMandate,
    ChangeState,
    MandateChange,
    Signatory,
)
from doorstep.apps.organisations.models.bodies import Identifier, Officer, Organisation
from doorstep.apps.organisations.models.passport import (
    Document,
    Opening,
    Share,
    Sponsorship,
    Tie,
    TiesSaid,
)

__all__ = [
    "BankMandate",
    "ChangeState",
    "Document",
    "Identifier",
    "MandateChange",
    "Officer",
    "Opening",
    "Organisation",
    "Share",
    "Signatory",
    "Sponsorship",
    "Tie",
    "TiesSaid",
]
