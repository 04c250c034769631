"""How many ballots are like no other: what publishing whole ballots may give away.

A ballot that nobody else cast is a fingerprint: whoever knows part of it (a neighbour who said
what she supports) finds the rest. So the share of such ballots is shown before a place chooses
what to publish, from real elections of about its size, and again once its own are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .election import Election


def unique_share(election: Election) -> Fraction:
    """The part of the ballots that nobody else cast exactly so, from 0 to 1; 0 without ballots."""
    alone = sum(ballot.weight == 1 for ballot in election.ballots)
    return Fraction(alone, election.voters) if election.voters else Fraction()


def expected_unique(election: Election, voters: int) -> float:
    """unique_share to be expected of so many of its voters, drawn at random.

    For a ballot that w of N voters cast, a drawn one of them is alone when the other draws all
    come from the N - w who voted otherwise. Raises ValueError for more voters than there are.
    """
    everyone = election.voters
    if not 0 < voters <= everyone:
        raise ValueError(f"cannot draw {voters} of {everyone} voters")
    expected = 0.0
    for ballot in election.ballots:
        alone = 1.0
        for drawn in range(voters - 1):
            alone *= max(everyone - ballot.weight - drawn, 0) / (everyone - 1 - drawn)
            if alone < 1e-6:
                break
        expected += alone * ballot.weight / everyone
    return expected


# Measured with expected_unique on the approval elections of Pabulib that this project tests with:
# in those with up to so many ideas, of so many voters, the share in percent that a tenth of the
# elections stay under, half, and nine tenths; and how many elections were large enough.
VOTERS = (30, 50, 100, 300, 1000)
MEASURED: dict[int, tuple[tuple[int, int, int, int], ...]] = {
    6: ((0, 15, 34, 82), (0, 9, 22, 82), (0, 4, 10, 80), (0, 1, 3, 73), (0, 0, 1, 22)),
    10: ((31, 45, 65, 100), (23, 35, 53, 100), (13, 23, 37, 98), (4, 10, 19, 85), (1, 3, 8, 31)),
    15: ((43, 69, 82, 56), (36, 61, 75, 56), (28, 48, 63, 56), (16, 31, 43, 47), (7, 17, 26, 25)),
    20: ((59, 78, 98, 36), (53, 72, 97, 36), (43, 60, 92, 34), (31, 49, 74, 33), (19, 33, 71, 26)),
    30: ((64, 89, 95, 46), (61, 85, 93, 46), (57, 77, 89, 46), (45, 65, 80, 44), (35, 50, 70, 39)),
    60: ((76, 92, 99, 32), (71, 90, 99, 32), (66, 87, 98, 32), (57, 83, 95, 32), (50, 74, 88, 31)),
}


@dataclass(frozen=True, slots=True)
class LikelyShare:
    """What real elections of about this size had, in percent: a low, a middle and a high one.

    voters is the size that was measured, at most the one asked for.
    """

    voters: int
    low: int
    middle: int
    high: int
    elections: int


def likely_unique(ideas: int, voters: int) -> LikelyShare | None:
    """The share to expect before anybody voted; None where too few real elections can say.

    Fewer voters mean more ballots alone, so the measured size at or below the one asked for is
    taken: it never promises more secrecy than there will be.
    """
    most_ideas = next((most for most in MEASURED if ideas <= most), None)
    measured = [size for size in VOTERS if size <= voters]
    if most_ideas is None or not measured:
        return None
    size = measured[-1]
    low, middle, high, elections = MEASURED[most_ideas][VOTERS.index(size)]
    return LikelyShare(size, low, middle, high, elections)
