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
from .supporters import Support
from .tally import Tally
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
            own = self.rate_for(p, chosen, rate)
            self.look(p, own, chosen, purses.at(self.tally.support[p], own), purses.scales[-1])

    def after(self, purses: Purses) -> None:
        """Called with the purses as they are when nothing more can be paid."""
        everything = Rate(self.share + max(self.tally.carried or [0]) + 1, 1)
        for p in self.of:
            parts, money = purses.at(self.tally.support[p], everything)
            assert not parts
            self.end(p, money, purses.scales[-1])

    def rate_for(self, p: int, chosen: int, rate: Rate) -> Rate:
        """The rate at which p would be level with the one that was chosen."""
        if not self.tally.by_cost:
            return rate
        return Rate(rate.above * self.tally.cost[p], rate.below * self.tally.cost[chosen])

    def most(self, p: int) -> int:
        """The most parts that anybody gets from a project: what a new supporter would too."""
        return self.tally.support[p][-1][0]

    def look(self, p: int, rate: Rate, chosen: int, at: tuple[int, int], scale: int) -> None:
        """One project in one round; `at` is Purses.at its rate, on that scale.

        All in units of 1 / (rate.below * scale) grains.
        """
        shortfall = self.of[p]
        parts, poor = at
        cost = self.tally.cost[p] * rate.below * scale
        cover = parts * rate.above * scale + poor * rate.below
        most = self.most(p)
        each = min(self.share * rate.below * scale, most * rate.above * scale)
        needed = -((cover - cost) // each)
        # Level with the chosen one, unless all would give all they have: then it was cheaper.
        level = parts or self.share * rate.below >= most * rate.above
        if needed * each == cost - cover and level and self._yields(p, needed, chosen):
            needed += 1
        shortfall.covered = max(shortfall.covered, Fraction(cover, cost))
        self.note(shortfall, needed)

    def end(self, p: int, money: int, scale: int) -> None:
        """One project when nothing more can be paid; money is what its supporters still hold."""
        shortfall = self.of[p]
        shortfall.money_left = Fraction(money, scale * self.tally.unit)
        missing = self.tally.cost[p] - shortfall.money_left * self.tally.unit
        shortfall.covered = max(shortfall.covered, 1 - missing / self.tally.cost[p])
        self.note(shortfall, -(-missing // self.share))

    def _yields(self, p: int, more: int, chosen: int) -> bool:
        """Whether p, with so many more votes, still comes after the chosen one in a tie."""
        votes, cost = self.tally.votes, self.tally.cost
        ours = (cost[p], -(votes[p] + more), self.lots[p])
        return ours > (cost[chosen], -votes[chosen], self.lots[chosen])

    @staticmethod
    def note(shortfall: Shortfall, needed: int) -> None:
        """Keep the least that would have been enough in any round."""
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
