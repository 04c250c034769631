"""Sequential Phragmén on bounds: every load lies between two whole numbers of 64 bits.

As in bounds.py; what the bounds leave open, plain.py decides.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .auction import Auction, Offer
from .columns import MOST_BITS, Columns
from .plain import Rate, Round


def phragmen(ready: Columns, entrants: Sequence[int], pot: int) -> list[Round]:
    """As plain.phragmen, over columns whose parts are all one. Raises Unsure."""
    rounds = _Loads(ready, entrants, pot).bought()
    exact = rates(ready, [project for project, _ in rounds])
    return [Round(p, rate, tied) for (p, tied), rate in zip(rounds, exact, strict=True)]


class _Loads(Auction):
    def __init__(self, ready: Columns, entrants: Sequence[int], pot: int) -> None:
        # All loads together are what was bought; one more project is looked at than that.
        most = pot + max(ready.cost[p] for p in entrants)
        super().__init__(ready, entrants, MOST_BITS - most.bit_length())
        self.pot = pot
        self.low = np.zeros(len(ready.weight), np.int64)
        self.high = self.low.copy()

    def bought(self) -> list[tuple[int, tuple[int, ...]]]:
        """The projects bought, in order, and what each was level with."""
        rounds: list[tuple[int, tuple[int, ...]]] = []
        while offers := self.offers():
            level = self.lowest(offers)
            if any(self.ready.cost[one.project] > self.pot for one in level):
                break
            first = level[0]
            rounds.append((first.project, tuple(one.project for one in level)))
            members = self.ready.supporters[first.project]
            self.low[members], self.high[members] = first.low, first.high
            self.pot -= self.ready.cost[first.project]
            self.keep(offers, first)
        return rounds

    def offer(self, p: int, limit: int | None) -> Offer | None:
        members, voters = self.ready.supporters[p], self.ready.voters_of[p]
        cost, all_voters = self.ready.cost[p] << self.shift, self.ready.parts[p]
        low = max(self.known[p], (cost + int((voters * self.low[members]).sum())) // all_voters)
        if limit is not None and low > limit:
            self.known[p] = low
            return None
        carried = int((voters * self.high[members]).sum())
        high = -(-(cost + carried) // all_voters)
        return Offer(p, low, high, 0 if carried else all_voters)


def rates(ready: Columns, chosen: Sequence[int]) -> list[Rate]:
    """The exact loads that projects bought in this order bring their supporters to: each is the
    cost, and the loads that they carry from the last round in which each took part, shared."""
    since = np.zeros(len(ready.weight), np.int64)  # 0: no load yet; else one more than the round
    solved: list[int] = []  # numerators over the denominator of the latest
    found: list[Rate] = []
    below = 1
    for number, project in enumerate(chosen):
        members, voters = ready.supporters[project], ready.voters_of[project]
        carried = np.zeros(number + 1, np.int64)
        np.add.at(carried, since[members], voters)
        above = ready.cost[project] * below
        above += sum(rate * int(k) for rate, k in zip(solved, carried[1:], strict=True))
        solved = [rate * ready.parts[project] for rate in solved] + [above]
        below *= ready.parts[project]
        since[members] = number + 1
        found.append(Rate(above, below))
    return found
