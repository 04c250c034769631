"""What an idea that was not funded lacked in money, and what its supporters' shares went to.

Both hold at the final share, everything else as it was. The cost at which an idea would have been
funded is the cost reduction of Boehmer et al., "Evaluation of Project Performance in Participatory
Budgeting" (IJCAI 2024); it is exact, by Newton's method from above on a concave function of few
straight pieces.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np

from .final import Final
from .plain import Rate
from .purchases import GRAIN, Floats

HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Lacked:
    """One idea that shares did not pay for. Money is in the currency unit.

    wins_below: shares would have paid for it at any cost below this, and at no higher cost;
    wins_there says whether at exactly this cost too. cheaper_by is the least reduction in whole
    hundredths that does it. spent_on is what its supporters together paid for each winner: ids in
    the order of funding, none with nothing. The last three are the reason's own where voters have
    shares, and None here: under Phragmén (earning.py) what its supporters had when the count ended,
    how many more would have been enough, and the greatest part of its cost that they ever had.
    """

    project: str
    wins_below: Fraction
    wins_there: bool
    cheaper_by: Fraction
    spent_on: tuple[tuple[str, Fraction], ...]
    money_left: Fraction | None = None
    needed: int | None = None
    covered: Fraction | None = None


def lacked(final: Final) -> list[Lacked]:
    """Every idea that took part and was not funded, in the order of the file."""
    limits = _limits(final)
    purchases = final.purchases
    found = []
    for p in final.losers:
        below, there = limits[p]
        spent = purchases.spent_on(purchases.of(p).ballots)
        found.append(
            Lacked(
                final.id(p),
                final.money(below),
                there,
                cheaper(final.money(final.tally.cost[p]), final.money(below), there),
                tuple(
                    (final.id(one.project), final.money(amount))
                    for one, amount in zip(purchases.paid, spent, strict=True)
                    if amount
                ),
            )
        )
    return found


def cheaper(cost: Fraction, below: Fraction, there: bool) -> Fraction:
    steps = (cost - below) * HUNDREDTHS
    whole = ceil(steps)
    return min(Fraction(whole + (whole == steps and not there), HUNDREDTHS), cost)


def _limits(final: Final) -> dict[int, tuple[Fraction, bool]]:
    """For each loser the highest cost, in grains, at which shares would have paid for it.

    In a round it would have been chosen at a cost that its supporters could meet at the rate of
    the chosen one; after the last, at any cost up to what they still hold.
    """
    purchases, rounds = final.purchases, len(final.purchases.paid)
    best: dict[int, tuple[Fraction, bool]] = {}
    for p in final.losers:
        left = purchases.held(purchases.of(p).ballots, rounds)
        best[p] = Fraction(left, purchases.scale), True
    ceilings = _Ceilings(final)
    for now in purchases.replay():
        most = ceilings.now(now)
        for column, p in enumerate(final.losers):
            if most[column] >= float(best[p][0]) * (1 - 4 * GRAIN):
                best[p] = max(best[p], _limit_in(final, p, now))
    return best


def _limit_in(final: Final, p: int, now: int) -> tuple[Fraction, bool]:
    """The highest cost at which p would have been chosen in one round, and whether at it too.

    Supporters pay min(purse, rate x cost) together; that less the cost is concave in the cost,
    zero at zero and, for a loser, not above zero at its own cost. So the zeros of tangents fall
    to the highest zero, and reach it after few of its straight pieces.
    """
    purchases, one = final.purchases, final.purchases.paid[now]
    cost = Fraction(final.tally.cost[p])
    while True:
        rate = _rate_at(final, p, cost, one.project, one.rate)
        parts, poor = purchases.at(p, rate, now)
        money = Fraction(poor, purchases.scale)
        if not final.tally.by_cost:
            reached = parts * Fraction(rate.above, rate.below) + money
            return reached, _chosen(final, p, reached, one.project, level=parts > 0)
        slope = 1 - parts * Fraction(one.rate.above, one.rate.below * final.tally.cost[one.project])
        if slope <= 0:
            # As many can pay as for the chosen one, all of them in full: level at every cost, so
            # the tie order decides, and its first word is the lower cost.
            cost = min(cost, Fraction(final.tally.cost[one.project]))
            return cost, _chosen(final, p, cost, one.project, level=True)
        lower = money / slope
        if lower >= cost:
            return cost, _chosen(final, p, cost, one.project, level=parts > 0)
        if not lower:
            return lower, True
        cost = lower


def _rate_at(final: Final, p: int, cost: Fraction, chosen: int, rate: Rate) -> Rate:
    """The rate at which p, at that cost, would be level with the chosen one."""
    if not final.tally.by_cost:
        return rate
    return Rate(
        rate.above * cost.numerator, rate.below * final.tally.cost[chosen] * cost.denominator
    )


def _chosen(final: Final, p: int, cost: Fraction, rival: int, *, level: bool) -> bool:
    """Whether p at that cost comes before the rival, when its supporters just reach the cost.
    Where all of them give all they have its rate is lower; else they are level."""
    votes, costs, lots = final.tally.votes, final.tally.cost, final.lots
    ours = (cost, -votes[p], lots[p], final.id(p))
    return not level or ours < (costs[rival], -votes[rival], lots[rival], final.id(rival))


class _Ceilings:
    """An upper bound in floats, for every loser, on its limit in a round: one tangent."""

    def __init__(self, final: Final) -> None:
        self.final = final
        backers = [final.purchases.of(p) for p in final.losers]
        sizes = [len(one.ballots) for one in backers]
        self.sizes, self.starts = sizes, np.cumsum([0, *sizes[:-1]])
        none = [np.zeros(0, dtype=np.int64)]
        self.ballots = np.concatenate(none + [one.ballots for one in backers])
        self.parts = np.concatenate(none + [one.parts for one in backers]).astype(float)
        self.weight = final.purchases.weight[self.ballots].astype(float)
        self.cost = np.array([float(final.tally.cost[p]) for p in final.losers])

    def now(self, number: int) -> Floats:
        """Call while the purchases are played through, before that round is paid."""
        final, one = self.final, self.final.purchases.paid[number]
        if not final.losers:
            return np.zeros(0)
        rate = one.rate.above / one.rate.below
        own = np.full(len(self.cost), rate)
        if final.tally.by_cost:
            own *= self.cost / float(final.tally.cost[one.project])
        asked = np.repeat(own, self.sizes) * self.parts
        held = final.purchases.money[self.ballots] + final.purchases.error
        given = np.minimum(held, asked) * self.weight
        slack = 1 + GRAIN * (8 + max(self.sizes))
        cover = np.add.reduceat(given, self.starts) * slack
        if not final.tally.by_cost:
            return cover
        # The tangent at its own cost: whoever can pay in full pays in proportion to the cost.
        full = np.where(held >= asked * (1 - 8 * GRAIN), asked * self.weight, 0.0)
        rich = np.add.reduceat(full, self.starts) * slack
        surely_poor = np.add.reduceat(given - np.where(full > 0, full, 0.0), self.starts)
        poor = np.maximum(surely_poor, 0.0) * slack + self.cost * GRAIN * 8
        slope = 1 - rich / self.cost
        with np.errstate(divide="ignore", invalid="ignore"):
            bound = np.where(slope > 1e-9, poor / slope, self.cost)
        ceiling: Floats = np.minimum(bound * (1 + 1e-6), self.cost)
        return ceiling
