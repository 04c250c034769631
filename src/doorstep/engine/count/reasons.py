"""Why each project won, or what it would have needed: codes and exact parameters.

The words are in words.py, under the same codes. The figures under Equal Shares hold at the final
share: with that share fixed, that many more supporters, each bringing a full share and supporting
nothing else, make the project win, and one fewer does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .plain import Purses, Rate
from .tally import Support, Tally
from .words import Value

Params = dict[str, Value]


@dataclass
class Shortfall:
    """What one project lacked, gathered round by round at the final share."""

    needed: int | None = None
    covered: Fraction = field(default_factory=Fraction)
    money_left: Fraction = field(default_factory=Fraction)


class Shortfalls:
    """Watches equal_shares at the final share, and keeps for every loser how near it came.

    In a round, a project would have been chosen had its supporters' payments at that round's
    rate reached its cost. So what is missing, divided by what a new supporter would pay at that
    rate, is how many more would have been enough there; the least over all rounds counts. After
    the last round a new supporter brings a whole share.
    """

    def __init__(self, tally: Tally, losers: Sequence[int], share: int, lots: Sequence[str]):
        self.tally, self.share, self.lots = tally, share, lots
        self.of = {p: Shortfall() for p in losers}

    def watch(self, purses: Purses, chosen: int, rate: Rate) -> None:
        """Called before each payment."""
        for p in self.of:
            above, below = rate
            if self.tally.by_cost:
                above, below = above * self.tally.cost[p], below * self.tally.cost[chosen]
            self._look(purses, p, Rate(above, below), chosen)

    def after(self, purses: Purses) -> None:
        """Called with the purses as they are when nothing more can be paid."""
        everything = max(self.share, 1)
        for p, shortfall in self.of.items():
            parts, money = purses.at(self.tally.support[p], Rate(everything + 1, 1))
            assert not parts
            shortfall.money_left = Fraction(money, purses.scales[-1] * self.tally.unit)
            missing = self.tally.cost[p] - shortfall.money_left * self.tally.unit
            shortfall.covered = max(shortfall.covered, 1 - missing / self.tally.cost[p])
            self._note(shortfall, -(-missing // self.share))

    def _look(self, purses: Purses, p: int, rate: Rate, chosen: int) -> None:
        """One project in one round; all in units of 1 / (rate.below * scale) grains."""
        shortfall, scale = self.of[p], purses.scales[-1]
        parts, poor = purses.at(self.tally.support[p], rate)
        cost = self.tally.cost[p] * rate.below * scale
        cover = parts * rate.above * scale + poor * rate.below
        most = self.tally.support[p][-1][0]
        each = min(self.share * rate.below * scale, most * rate.above * scale)
        needed = -((cover - cost) // each)
        # Level with the chosen one, unless all would give all they have: then it was cheaper.
        level = parts or self.share * rate.below >= most * rate.above
        if needed * each == cost - cover and level and self._yields(p, needed, chosen):
            needed += 1
        shortfall.covered = max(shortfall.covered, Fraction(cover, cost))
        self._note(shortfall, needed)

    def _yields(self, p: int, more: int, chosen: int) -> bool:
        """Whether p, with so many more votes, still comes after the chosen one in a tie."""
        votes, cost = self.tally.votes, self.tally.cost
        ours = (cost[p], -(votes[p] + more), self.lots[p])
        return ours > (cost[chosen], -votes[chosen], self.lots[chosen])

    @staticmethod
    def _note(shortfall: Shortfall, needed: int) -> None:
        if shortfall.needed is None or needed < shortfall.needed:
            shortfall.needed = needed


def paying_in_full(purses: Purses, support: Support, rate: Rate) -> int:
    """How many supporters can pay a rate in full."""
    return sum(purses.at([(part, ballots)], rate)[0] // part for part, ballots in support)


def needed_to_rank(
    tally: Tally, line: Sequence[int], project: int, lots: Sequence[str]
) -> Fraction:
    """How much more score would have funded a project under greedy.

    line is the order in which the others were looked at, as far as the count went. The project
    must come before the last place at which the pot still held its cost.
    """
    funded_before = tally.pot
    rival = None
    for other in line:
        if funded_before < tally.cost[project]:
            break
        rival = other
        if tally.cost[other] <= funded_before:
            funded_before -= tally.cost[other]
    assert rival is not None, "a project within the pot that is alone in line wins"
    missing = tally.score[rival] - tally.score[project]
    by_votes = tally.score[project] == tally.votes[project]
    ours = (tally.cost[project], lots[project] if by_votes else "~")
    return missing if ours < (tally.cost[rival], lots[rival]) else missing + 1
