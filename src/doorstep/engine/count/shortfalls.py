"""What every loser lacked, from floats with a bound on their error and few exact sums.

It gives what reasons.Shortfalls gives when it watches plain.py, by the same two formulas; but it
asks them only in those rounds that can be the best for a project. Of the other rounds it is
certain that they were not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .purchases import GRAIN, Floats, Purchases, Truths, Whole
from .reasons import Shortfall, Shortfalls


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Bounds for every paid round (rows) and loser (columns): how many more supporters were
    needed, the part of the cost that was covered, and whether nobody could pay in full."""

    fewest: Floats
    most: Floats
    covered_least: Floats
    covered_most: Floats
    all_poor: Truths


class _Exactly(Shortfalls):
    """Its formulas, over columns."""

    def __init__(self, purchases: Purchases, losers: Sequence[int], lots: Sequence[str]) -> None:
        super().__init__(purchases.tally, losers, purchases.share, lots)
        self.purchases = purchases

    def most(self, p: int) -> int:
        return int(self.purchases.of(p).parts.max())


def shortfalls(
    purchases: Purchases, losers: Sequence[int], lots: Sequence[str]
) -> dict[int, Shortfall]:
    """Every loser's Shortfall, equal to the plain way's."""
    exact = _Exactly(purchases, losers, lots)
    if losers:
        wanted = _wanted(purchases, exact, _bounds(purchases, exact, losers), losers)
        for now in purchases.replay():
            one = purchases.paid[now]
            for p in wanted[now]:
                rate = exact.rate_for(p, one.project, one.rate)
                exact.look(p, rate, one.project, purchases.at(p, rate, now), purchases.scale)
    return exact.of


def _bounds(purchases: Purchases, exact: Shortfalls, losers: Sequence[int]) -> _Bounds:
    tally, share = purchases.tally, float(purchases.share)
    backers = [purchases.of(p) for p in losers]
    sizes = [len(one.ballots) for one in backers]
    starts = np.cumsum([0, *sizes[:-1]])
    ballots = np.concatenate([one.ballots for one in backers])
    parts = np.concatenate([one.parts for one in backers]).astype(np.float64)
    weight = purchases.weight[ballots].astype(np.float64)
    people = np.add.reduceat(weight, starts)
    cost = np.array([float(tally.cost[p]) for p in losers])
    largest = np.array([float(exact.most(p)) for p in losers])
    even = bool((parts == 1).all())
    rows: list[tuple[Floats, Floats, Floats, Floats]] = []
    poor: list[Truths] = []
    for now in purchases.replay():
        one = purchases.paid[now]
        own = np.full(len(losers), one.rate.above / one.rate.below)
        if tally.by_cost:
            own *= cost / float(tally.cost[one.project])
        asked = np.repeat(own, sizes)
        if not even:
            asked *= parts
        held = purchases.money[ballots]
        given = np.minimum(held, asked)
        cover = np.add.reduceat(given * weight, starts)
        # Each summand is off by the purse's error and three roundings of the price; each addition
        # by one rounding of the sum.
        wrong = people * purchases.error + cover * GRAIN * (4 + max(sizes))
        each = np.minimum(share, largest * own)
        lacking = (cost - cover) / each
        doubt = (wrong + cost * GRAIN) / each * 1.0001 + np.abs(lacking) * 8 * GRAIN
        margin = purchases.error + 4 * GRAIN * purchases.largest
        rich = np.maximum.reduceat(held - asked, starts) > -margin
        part_doubt = wrong / cost * 1.0001 + 4 * GRAIN
        rows.append(
            (
                np.ceil(lacking - doubt),
                np.floor(lacking + doubt) + 1,
                cover / cost - part_doubt,
                cover / cost + part_doubt,
            )
        )
        poor.append(~rich)
    shape = (len(rows), len(losers))
    fewest, most, low, high = (np.array([row[k] for row in rows]).reshape(shape) for k in range(4))
    return _Bounds(fewest, most, low, high, np.array(poor, dtype=bool).reshape(shape))


def _wanted(
    purchases: Purchases, exact: Shortfalls, bounds: _Bounds, losers: Sequence[int]
) -> list[list[int]]:
    """Which losers must be looked at exactly in which round. Notes what is certain by itself."""
    rounds = len(purchases.paid)
    wanted: list[list[int]] = [[] for _ in range(rounds)]
    for column, p in enumerate(losers):
        exact.end(p, purchases.held(purchases.of(p).ballots, rounds), purchases.scale)
        fewest, most = bounds.fewest[:, column], bounds.most[:, column]
        certain = np.flatnonzero(fewest == most)
        if len(certain):
            exact.note(exact.of[p], int(fewest[certain].min()))
        needed = exact.of[p].needed
        assert needed is not None
        look = set(np.flatnonzero((fewest != most) & (fewest < needed)).tolist())
        look |= _best_covered(bounds, column)
        for now in look:
            wanted[now].append(p)
    return wanted


def _best_covered(bounds: _Bounds, column: int) -> set[int]:
    """The rounds in which the supporters may have covered most. Where nobody could pay in full
    they gave all they had, and nobody ever has more later: only the first such round counts."""
    low, high = bounds.covered_least[:, column], bounds.covered_most[:, column]
    if not len(low):
        return set()
    may = np.flatnonzero(high >= low.max())
    poor: Whole = may[bounds.all_poor[may, column]]
    first = np.flatnonzero(bounds.all_poor[:, column])
    kept = set(may.tolist()) - set(poor.tolist())
    if len(poor):
        kept.add(int(first[0]))
    return kept
