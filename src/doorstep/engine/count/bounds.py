"""The Method of Equal Shares on bounds: every purse lies between two whole numbers of 64 bits.

plain.py keeps purses as ever longer integers. Here a purse is known to lie between `low` and
`high`, in units of a grain / 2**shift, the finest at which all money together still fits in 62
bits. Sums of such bounds are exact, in any order and on any machine; only a rate is rounded, down
for its lower bound and up for its upper one. So a comparison of bounds that do not overlap is
certain, whatever the numbers, and no tolerance is chosen anywhere. Where bounds overlap, and no
equality can be shown in whole numbers either, Unsure is raised and plain.py decides.

Where amounts alone are over 60 bits, purses are Python's integers and the unit is a grain / 2**62:
the same comparisons, slower.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from .auction import Auction, Offer, Unsure
from .columns import MOST_BITS, Columns, Ints


@dataclass(slots=True)
class Run:
    """What was funded at one share, and between which rates.

    chosen, low, high and full go together, one of each for a round: the project, the bounds of
    the rate that its supporters paid for each part, and, where that rate is known to be exactly
    cost / full, because nobody paid less than in full except with an empty purse, full; else 0.
    tied are the rounds with a tie: (index, the tied projects in tie order, whether it mattered).
    """

    share: int
    shift: int
    chosen: list[int] = field(default_factory=list)
    low: list[int] = field(default_factory=list)
    high: list[int] = field(default_factory=list)
    full: list[int] = field(default_factory=list)
    tied: list[tuple[int, tuple[int, ...], bool]] = field(default_factory=list)


def shift_for(ready: Columns, entrants: Sequence[int], share: int) -> int:
    """How fine the bounds can be for shares up to this one."""
    if ready.wide:
        return MOST_BITS
    most = max([ready.voters * share + ready.brought, *(ready.cost[p] for p in entrants)])
    return MOST_BITS - most.bit_length()


def purses(ready: Columns, share: int, shift: int) -> Ints:
    """What each voter of a ballot begins with, in grains / 2**shift."""
    begins: Ints = np.full(len(ready.weight), share << shift, ready.money)
    return begins if ready.carried is None else begins + (ready.carried << shift)


def run(ready: Columns, entrants: Sequence[int], share: int, shift: int) -> Run:
    """Equal Shares at one share, over entrants that cost something. Raises Unsure."""
    return _Shares(ready, entrants, share, shift).run()


def same_between(ready: Columns, entrants: Sequence[int], lower: Run, share: int) -> Run | None:
    """The run at a higher share, if it proves that at every share between the two the same
    projects win in the same order, with the same ties; else None.

    For one order of winners, a higher share leaves every purse at least as full after each round,
    so no rate is higher. Let the winner of each round have a lower rate at the lower share than
    any rival has at the higher share, and let nothing be affordable at the end at the higher one:
    then both hold at every share between, by induction over the rounds. A tie at rates that are
    exactly cost / full at both ends holds between as well.
    """
    try:
        return _Shares(ready, entrants, share, lower.shift).follow(lower)
    except Unsure:
        return None


class _Shares(Auction):
    def __init__(self, ready: Columns, entrants: Sequence[int], share: int, shift: int) -> None:
        super().__init__(ready, entrants, shift)
        self.done = Run(share, shift)
        self.low = purses(ready, share, shift)
        self.high = self.low.copy()

    def run(self) -> Run:
        while offers := self.offers():
            best = self.lowest(offers)
            self._buy(best)
            self.keep(offers, best[0])
        self._judge_ties()
        return self.done

    def follow(self, lower: Run) -> Run | None:
        ties = {number: projects for number, projects, _ in lower.tied}
        for number, project in enumerate(lower.chosen):
            ceiling = lower.high[number], self.ready.worth[project]
            offers = self.offers(ceiling)
            expected = ties.get(number, (project,))
            if {offer.project for offer in offers} != set(expected):
                return None
            if len(offers) > 1:
                offers = self.lowest(offers)
                if len(offers) != len(expected) or offers[0].full != lower.full[number]:
                    return None
            self._buy(offers)
            self.keep(offers, offers[0])
        if self.offers():
            return None
        self._judge_ties()
        return self.done if self.done.tied == lower.tied else None

    def offer(self, p: int, limit: int | None) -> Offer | None:
        """Bounds of the rate at which the supporters together pay the cost. None when they
        certainly cannot (p is then forgotten), or when the rate is certainly over the limit.

        At any trial rate, those who surely can pay it share what the others cannot cover. Taking
        the others' money at its most gives a lower bound of the rate; at its least, the next
        trial rate: too low again, or, when it covers the cost, an upper bound.
        """
        ready, cost = self.ready, self.ready.cost[p] << self.shift
        members, low = ready.supporters[p], self.known[p]
        held = self.low[members]
        payable = held if ready.parts_each is None else held // ready.parts_each[p]
        trial = low
        while True:
            poor = np.flatnonzero(payable < trial)
            least = most = 0
            full = ready.parts[p]
            if poor.size:
                voters = ready.voters_of[p][poor]
                least = int((voters * held[poor]).sum())
                most = int((voters * self.high[members[poor]]).sum())
                full -= int(ready.parts_of[p][poor].sum())
            if not full:
                if most < cost:
                    del self.known[p]
                    return None
                if least < cost:
                    raise Unsure
                return Offer(p, low, trial, 0)
            low = max(low, (cost - most) // full)
            if limit is not None and low > limit:
                self.known[p] = low
                return None
            if least + full * trial >= cost:
                return Offer(p, low, trial, 0 if most else full)
            trial = -((least - cost) // full)

    def _buy(self, level: list[Offer]) -> None:
        """The supporters of the first pay its rate, or all they have."""
        first, done = level[0], self.done
        if len(level) > 1:
            done.tied.append((len(done.chosen), tuple(one.project for one in level), True))
        for column, value in (
            (done.chosen, first.project),
            (done.low, first.low),
            (done.high, first.high),
            (done.full, first.full),
        ):
            column.append(value)
        members = self.ready.supporters[first.project]
        each = None if self.ready.parts_each is None else self.ready.parts_each[first.project]
        for purses, rate in ((self.low, first.high), (self.high, first.low)):
            held = purses[members]
            if each is None:
                purses[members] = np.maximum(held - rate, 0)
            else:
                purses[members] = np.where(held // each >= rate, held - each * rate, 0)

    def _judge_ties(self) -> None:
        """A tie did not matter when all in it were bought next, one after another at its rate."""
        done = self.done
        for place, (number, projects, _) in enumerate(done.tied):
            following = range(number, min(number + len(projects), len(done.chosen)))
            harmless = {done.chosen[i] for i in following} == set(projects) and all(
                self._level(number, i) for i in following
            )
            done.tied[place] = number, projects, not harmless

    def _level(self, tie: int, later: int) -> bool:
        """Whether a later round has exactly the rate, for each part of worth, of a tie."""
        done, worth = self.done, self.ready.worth
        one, other = (
            Offer(done.chosen[i], done.low[i], done.high[i], done.full[i]) for i in (tie, later)
        )
        if other.full:
            return not self.over(one, other)
        if other.low * worth[one.project] > one.high * worth[other.project]:
            return False
        raise Unsure
