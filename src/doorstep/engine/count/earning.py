"""Margins under sequential Phragmén: how firmly an idea was funded, and what another one lacked.

Everybody earns at the same pace, and a bought idea takes all that its supporters have. So until an
idea is bought, everything goes as it would without it: who supports it changes nothing before. It
is bought as soon as its supporters together have its cost, if that is while the pot still holds
it. Between two purchases what they have only grows; so it wins exactly where, at the moment of some
purchase while the pot holds it, or before the moment that ends the count, they have enough. That
moment ends it for whoever is only then level.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from .counting import entrants
from .election import Election
from .holds import Held
from .layers import layer_named
from .losers import Lacked, cheaper
from .outcome import Outcome
from .plain import Round
from .tally import Tally, lot, tally

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class _Moment:
    """Just before a purchase, or the end (rival is None): everybody has earned time / pace grains
    times scale, the pot holds left, and since[ballot] says in which round a ballot last paid."""

    time: int
    pace: int
    left: int
    rival: int | None
    since: Whole


class PhragmenMargins:
    """The margins of a count by Phragmén. Everything that leaves it is exact."""

    def __init__(self, election: Election, outcome: Outcome, layer: str | None = None) -> None:
        self.tally: Tally = tally(election, outcome.rule)
        self.ids = [project.id for project in election.projects]
        self.lots = [lot(outcome.rule.seed, one) for one in self.ids]
        self.entrants = entrants(election, outcome.rule, self.tally)
        self.layer = layer_named(layer)
        self.threshold = outcome.rule.threshold
        self.weight = np.array(self.tally.weight, np.int64)
        self.ballots = [
            np.array([b for _, group in groups for b in group], np.int64)
            for groups in self.tally.support
        ]

    def held(self) -> list[Held]:
        """Every winner, in the order funded."""
        rounds = self._run(self.entrants)
        return [self._held(one.project) for one in rounds]

    def lacked(self) -> list[Lacked]:
        """Every idea that took part and was not funded, in the order of the file."""
        run = _Played(self, self._run(self.entrants), self.entrants)
        enders = run.enders()
        return [
            self._lacked(p, run, self._without(p) if p in enders else run)
            for p in sorted(run.waiting)
        ]

    def _without(self, p: int) -> _Played:
        others = [q for q in self.entrants if q != p]
        return _Played(self, self._run(others), others)

    def _run(self, some: Sequence[int]) -> list[Round]:
        return self.layer.phragmen(self.tally, some, self.tally.pot)

    # What was funded ------------------------------------------------------------------------

    def _held(self, p: int) -> Held:
        votes = self.tally.votes[p]
        safe, lost = votes, votes
        if self.tally.cost[p]:
            run = self._without(p)
            moments = [one for one in run.moments() if one.left >= self.tally.cost[p]]
            if moments[-1].time >= 0:  # else the others are all bought in the end: all must go
                safe, lost = self._bounds(p, run, moments)
        if self.threshold is not None:
            above = self.tally.score[p] - Fraction(self.threshold)
            safe, lost = min(safe, int(above) + 1), min(lost, int(above) + 1)
        return Held(self.ids[p], safe, lost)

    def _bounds(self, p: int, run: _Played, moments: Sequence[_Moment]) -> tuple[int, int]:
        """safe_below and lost_with: whoever has most goes first, at the hardest moment."""
        orders = [self._richest(p, run, one) for one in moments]
        least = [
            self._fewest(p, order, run, [one]) for order, one in zip(orders, moments, strict=True)
        ]
        safe = max(least)
        order = orders[least.index(safe)]
        return safe, self._fewest(p, order, run, moments)

    def _richest(self, p: int, run: _Played, at: _Moment) -> Whole:
        """The supporters' places, those with most money first: whose last purchase is oldest."""
        ages = np.array(run.ranks, np.int64)[at.since[self.ballots[p]]]
        return np.argsort(ages, kind="stable")

    def _fewest(self, p: int, order: Whole, run: _Played, moments: Sequence[_Moment]) -> int:
        """The fewest, in this order, with whom gone it wins at none of the moments: the more go,
        the less the others have."""
        weight = self.weight[self.ballots[p]]
        before = np.cumsum(weight[order]) - weight[order]

        def still(gone: int) -> bool:
            kept = np.empty_like(weight)
            kept[order] = weight[order] - np.clip(gone - before, 0, weight[order])
            have = (self._has(p, kept, gone, run, one) for one in moments)
            return gone < int(weight.sum()) and any(have)

        low, high = -1, int(weight.sum())
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if still(middle) else (low, middle)
        return high

    def _has(self, p: int, kept: Whole, gone: int, run: _Played, at: _Moment) -> bool:
        """Whether those who are kept have its cost in time."""
        money = run.money(self.ballots[p], kept, at)
        over = money - self.tally.cost[p] * run.scale * at.pace
        return over > 0 or (not over and at.rival is not None and not self._yields(p, -gone, at))

    def _yields(self, p: int, more: int, at: _Moment, cost: Fraction | None = None) -> bool:
        """Whether, with so many votes more, it comes after the one bought then in a tie."""
        assert at.rival is not None
        votes, costs, q = self.tally.votes, self.tally.cost, at.rival
        own = costs[p] if cost is None else cost
        return (own, -(votes[p] + more), self.lots[p], self.ids[p]) > (
            costs[q], -votes[q], self.lots[q], self.ids[q],
        )  # fmt: skip

    # What was not ---------------------------------------------------------------------------

    def _lacked(self, p: int, run: _Played, without: _Played) -> Lacked:
        """without: as it would have gone on, were it not for p."""
        cost, ballots = self.tally.cost[p], self.ballots[p]
        weight = self.weight[ballots]
        needed: int | None = None
        best, there = Fraction(0), False
        for at in without.moments():
            limit, in_time = Fraction(at.left), True
            if at.time >= 0:  # else nobody else waits, and all that fits is bought in the end
                money = without.had(ballots, weight, at)
                limit = min(money, limit)
                in_time = money > limit or (
                    at.rival is not None and not self._yields(p, 0, at, cost=limit)
                )
                if at.left >= cost and at.time:
                    enough = self._newcomers(p, cost - money, at, without)
                    needed = enough if needed is None else min(needed, enough)
            best, there = max((best, there), (limit, in_time))
        had = [run.had(ballots, weight, at) for at in run.moments()]
        size = self.tally.unit
        below = best / size
        return Lacked(
            project=self.ids[p],
            wins_below=below,
            wins_there=there,
            cheaper_by=cheaper(Fraction(cost, size), below, there),
            spent_on=tuple(
                (self.ids[won], amount / size) for won, amount in run.spent(ballots) if amount
            ),
            money_left=had[-1] / size,
            needed=needed,
            covered=min(max(had) / cost, Fraction(1)),
        )

    def _newcomers(self, p: int, missing: Fraction, at: _Moment, run: _Played) -> int:
        """How many more voters who support it alone would have been enough at this moment: each
        brings all that was earned until then."""
        each = Fraction(at.time, run.scale * at.pace)
        needed = -(-missing // each)
        if needed * each == missing and (at.rival is None or self._yields(p, needed, at)):
            needed += 1
        return int(needed)


class _Played:
    """A run by Phragmén once more: what everybody had at each moment, in grains times scale."""

    def __init__(self, of: PhragmenMargins, rounds: list[Round], some: Sequence[int]) -> None:
        self.of, self.rounds = of, rounds
        rates = [one.rate for one in rounds if one.rate]
        self.scale = lcm(*(one.below for one in rates))
        self.loads = [0, *(one.above * (self.scale // one.below) for one in rates)]
        won = {one.project for one in rounds}
        self.waiting = [p for p in some if p not in won]
        place = {load: at for at, load in enumerate(sorted(set(self.loads)))}
        self.ranks = [place[load] for load in self.loads]

    def moments(self) -> Iterator[_Moment]:
        since = np.zeros(len(self.of.weight), np.int64)
        left = self.of.tally.pot
        for number, one in enumerate(self.rounds, start=1):
            yield _Moment(self.loads[number], 1, left, one.project, since.copy())
            since[self.of.ballots[one.project]] = number
            left -= self.of.tally.cost[one.project]
        yield self._end(left, since)

    def _end(self, left: int, since: Whole) -> _Moment:
        """When the next could be bought, which would overspend; a time of -1 where there is none:
        then whoever is supported wins."""
        times = [self._time(p, since) for p in self.waiting]
        if not times:
            return _Moment(-1, 1, left, None, since)
        end = min(times)
        return _Moment(end.numerator, end.denominator, left, None, since)

    def _time(self, p: int, since: Whole) -> Fraction:
        """When the supporters of a project that waits have its cost, in grains times scale."""
        ballots = self.of.ballots[p]
        carried = self._carried(ballots, self.of.weight[ballots], since)
        return Fraction(self.of.tally.cost[p] * self.scale + carried, self.of.tally.votes[p])

    def enders(self) -> set[int]:
        """Those that end the count: without one of them it might have gone on."""
        since = [*self.moments()][-1].since
        times = {p: self._time(p, since) for p in self.waiting}
        return {p for p in times if times[p] == min(times.values())}

    def _carried(self, ballots: Whole, people: Whole, since: Whole) -> int:
        """The loads of so many people of these ballots together."""
        each = np.bincount(since[ballots], weights=people, minlength=1)
        return sum(int(some) * self.loads[at] for at, some in enumerate(each) if some)

    def money(self, ballots: Whole, people: Whole, at: _Moment) -> int:
        """What so many people of these ballots have together, times the moment's pace."""
        return int(people.sum()) * at.time - self._carried(ballots, people, at.since) * at.pace

    def had(self, ballots: Whole, people: Whole, at: _Moment) -> Fraction:
        """What so many people of these ballots have together, in grains."""
        return Fraction(self.money(ballots, people, at), self.scale * at.pace)

    def spent(self, ballots: Whole) -> Iterator[tuple[int, Fraction]]:
        """What the voters of these ballots paid for each winner, in grains."""
        for at in self.moments():
            if at.rival is not None:
                both = np.intersect1d(ballots, self.of.ballots[at.rival])
                money = self.money(both, self.of.weight[both], at)
                yield at.rival, Fraction(money, self.scale)
