"""What voting keeps: the poll, its codes, what a code was used for, and the sealed ballots.

Nothing here says when: no row that outlives the close carries a time or an order beyond need.
"""

from doorstep.apps.voting.models.codes import (
    Channel,
    CodeBatch,
    CodePlan,
    CodeState,
    Credential,
    LetterAddress,
)
from doorstep.apps.voting.models.envelopes import Claim, Envelope, EnvelopeBatch, Way
from doorstep.apps.voting.models.paper import Keying, PaperSheet, PaperStack, Print, StackCount
from doorstep.apps.voting.models.poll import Poll, PollState
from doorstep.apps.voting.models.trustees import (
    HouseAsk,
    KeyCopy,
    KeyGone,
    Opening,
    RoundKey,
    Trustee,
)

__all__ = [
    "Channel",
    "Claim",
    "CodeBatch",
    "CodePlan",
    "CodeState",
    "Credential",
    "Envelope",
    "EnvelopeBatch",
    "HouseAsk",
    "KeyCopy",
    "KeyGone",
    "Keying",
    "LetterAddress",
    "Opening",
    "PaperSheet",
    "PaperStack",
    "Poll",
    "PollState",
    "Print",
    "RoundKey",
    "StackCount",
    "Trustee",
    "Way",
]
