"""A round: what was asked, what was proposed, the ballots, and the count that can be repeated."""

from doorstep.apps.rounds.models.box import BallotBox, Counting, Looks, Recount, Result
from doorstep.apps.rounds.models.room import Tally, TallySheet
from doorstep.apps.rounds.models.round import (
    NEIGHBOUR_WORDS,
    Project,
    Round,
    RoundState,
    VoteType,
    Withdrawal,
)
from doorstep.apps.rounds.models.terms import Ground, Publication, RoundSize, Secrecy, Terms

__all__ = [
    "NEIGHBOUR_WORDS",
    "BallotBox",
    "Counting",
    "Ground",
    "Looks",
    "Project",
    "Publication",
    "Recount",
    "Result",
    "Round",
    "RoundSize",
    "RoundState",
    "Secrecy",
    "Tally",
    "TallySheet",
    "Terms",
    "VoteType",
    "Withdrawal",
]
