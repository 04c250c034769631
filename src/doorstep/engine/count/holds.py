"""How firmly a funded idea was funded: how many of its supporters could have left it out.

Whoever withdraws is a voter still and supports whatever else they did; only this idea goes from
their ballot. Two figures are proved: whichever `safe_below` - 1 supporters had left it out, it
would still have been funded; and some `lost_with` of them would have lost it. Where they are
equal the figure is exact. They hold at the final share (under the greedy rules, as it was counted).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .final import Final
from .plain import Rate
from .purchases import GRAIN, Floats, Purchases, Truths, Whole
from .tally import Tally

FEW = 100  # ballots among which every sum is tried exactly


@dataclass(frozen=True, slots=True)
class Held:
    """One funded idea. unit is what is counted: supporters, or points where those rank."""

    project: str
    safe_below: int | Fraction
    lost_with: int | Fraction
    unit: str = "supporters"

    @property
    def exact(self) -> bool:
        """Whether fewer never lose it and that many can."""
        return self.safe_below == self.lost_with


def held_by_shares(final: Final) -> list[Held]:
    """Every winner that shares paid for, in the order funded.

    Without its own purchase the rounds after it go another way: they are counted again without
    it, and in each of them it would have been chosen with enough supporters.
    """
    held = []
    for one in final.rounds:
        p = one.project
        if not final.tally.cost[p]:
            everybody = sum(final.tally.weight[b] for _, g in final.tally.support[p] for b in g)
            held.append(Held(final.id(p), everybody, everybody))
            continue
        others = [q for q in final.entrants if q != p]
        purchases = Purchases(final.tally, final.share, final.run(final.tally, others, final.share))
        held.append(_Winner(final, p, purchases).held())
    return held


class _Winner:
    """One winner, beside the rounds as they go without it."""

    def __init__(self, final: Final, p: int, without: Purchases) -> None:
        self.final, self.p, self.without = final, p, without
        self.backers = without.of(p)
        self.people = int(without.weight[self.backers.ballots].sum())
        self.cost = final.tally.cost[p]

    def held(self) -> Held:
        safe = 1
        hardest = together = np.zeros(len(self.backers.ballots))
        for now in self._through():
            least, gives = self._least(now)
            if least > safe:
                safe, hardest = least, gives
            together = together + gives * least / max(float(gives.max()), 1.0)
        safe = min(safe, self.people)
        lost = min(self._lost_with(safe, np.argsort(-one)) for one in (hardest, together))
        under = self._under_threshold()
        return Held(self.final.id(self.p), min(safe, under), min(lost, under))

    def _through(self) -> Iterator[int]:
        """Each paid round with the purses as before it, and then the end."""
        yield from self.without.replay()
        yield len(self.without.paid)

    def _least(self, now: int) -> tuple[int, Floats]:
        """No fewer than so many must go before it is not chosen in this round, and what each
        ballot's voters give there. The last "round" is the end: it asks for all they have."""
        rate = self._rate(now)
        parts, poor = self._at(rate, now)
        surplus = self._cover(rate, parts, poor) - self.cost
        held = self.without.money[self.backers.ballots]
        asked = self.backers.parts * float(Fraction(*rate)) if rate else held
        gives: Floats = np.minimum(held, asked)
        if surplus < 0:
            return 0, gives
        if rate and self._even():
            people = int(Fraction(surplus * rate.below, rate.above))
            if people < parts:
                exactly = Fraction(rate.above, rate.below) * people == surplus
                return people + (not exactly or not self._yields(now, people)), gives
        if len(gives) <= FEW:
            return self._least_exactly(rate, surplus, now), gives
        return self._least_by_floats(gives, float(surplus)), gives

    def _least_exactly(self, rate: Rate | None, surplus: Fraction, now: int) -> int:
        """Whoever gives most goes first, until what is left no longer reaches the cost."""
        able: Truths = np.zeros(len(self.backers.ballots), dtype=bool)
        if rate:
            able = self.without.able(self.backers, rate, now)
        gives: list[tuple[Fraction, int]] = []
        for at, ballot in enumerate(self.backers.ballots):
            people = int(self.without.weight[ballot])
            if rate and able[at]:
                gives.append((int(self.backers.parts[at]) * Fraction(*rate), people))
            else:
                purse = self.without.held(self.backers.ballots[at : at + 1], now)
                gives.append((Fraction(purse, self.without.scale * people), people))
        gone = 0
        for each, people in sorted(gives, reverse=True):
            if each * people >= surplus and each:
                more = int(surplus / each)
                level = rate is not None and more * each == surplus
                if not level or (gone + more and self._yields(now, gone + more)):
                    return gone + more + (not level)
                if more < people:
                    return gone + more + 1
            surplus -= each * people
            gone += people
        return self.people

    def _least_by_floats(self, gives: Floats, surplus: float) -> int:
        """A safe figure: sums are taken too high, and the surplus too low."""
        order = np.argsort(-gives)
        weight = self.without.weight[self.backers.ballots[order]].astype(float)
        each = (np.maximum(gives[order], 0.0) + self.without.error) * (1 + 8 * GRAIN)
        given = np.cumsum(each * weight) * (1 + GRAIN * (4 + len(each)))
        target = surplus * (1 - 4 * GRAIN)
        place = int(np.searchsorted(given, target))
        if place == len(given):
            return self.people
        before = float(given[place - 1]) if place else 0.0
        more = max(0, int(np.ceil((target - before) / each[place] * (1 - 8 * GRAIN))))
        return int(weight[:place].sum()) + more

    def _lost_with(self, safe: int, order: Whole) -> int:
        """The fewest in this order that lose it: the more leave it out, the less is paid."""
        low, high = safe - 1, safe
        while high < self.people and not self._loses(high, order):
            low, high = high, min(2 * high - safe + 1, self.people)
        while high - low > 1 and low >= safe:
            middle = (low + high) // 2
            if middle >= self.people or self._loses(middle, order):
                high = middle
            else:
                low = middle
        return high

    def _loses(self, people: int, order: Whole) -> bool:
        """Whether it is chosen in no round when the first so many in this order leave it out."""
        ballots = self.backers.ballots[order]
        weight = self.without.weight[ballots]
        gone = np.minimum(weight, np.maximum(people - (np.cumsum(weight) - weight), 0))
        kept = np.zeros(len(gone), dtype=np.int64)
        kept[order] = weight - gone
        return not any(self._wins_in(now, kept, people) for now in self._through())

    def _wins_in(self, now: int, kept: Whole, people: int) -> bool:
        """Whether those who are kept (voters of each of its ballots) would have it chosen there."""
        rate, ballots = self._rate(now), self.backers.ballots
        if rate is None:
            able = np.zeros(len(ballots), dtype=bool)
        else:
            able = self.without.able(self.backers, rate, now)
        parts = int((kept[able] * self.backers.parts[able]).sum())
        full = self.without.weight[ballots]
        whole = ~able & (kept == full)
        poor = Fraction(self.without.held(ballots[whole], now))
        for at in np.flatnonzero(~able & (kept < full) & (kept > 0)):
            purse = self.without.held(ballots[at : at + 1], now)
            poor += Fraction(purse * int(kept[at]), int(full[at]))
        cover = self._cover(rate, parts, poor)
        if cover != self.cost or rate is None:
            return cover >= self.cost
        return not parts or not self._yields(now, people)

    def _rate(self, now: int) -> Rate | None:
        if now == len(self.without.paid):
            return None
        one = self.without.paid[now]
        return self.final.rates.rate_for(self.p, one.project, one.rate)

    def _at(self, rate: Rate | None, now: int) -> tuple[int, int]:
        if rate is None:
            return 0, self.without.held(self.backers.ballots, now)
        return self.without.at(self.p, rate, now)

    def _cover(self, rate: Rate | None, parts: int, poor: int | Fraction) -> Fraction:
        full = parts * Fraction(*rate) if rate else Fraction()
        return full + Fraction(poor) / self.without.scale

    def _even(self) -> bool:
        return bool((self.backers.parts == 1).all())

    def _yields(self, now: int, fewer: int) -> bool:
        """Whether, with so many votes fewer, it comes after that round's chosen one in a tie."""
        tally, lots, rival = self.final.tally, self.final.lots, self.without.paid[now].project
        ours = (self.cost, fewer - tally.votes[self.p], lots[self.p], self.final.id(self.p))
        theirs = (tally.cost[rival], -tally.votes[rival], lots[rival], self.final.id(rival))
        return ours > theirs

    def _under_threshold(self) -> int:
        """How many supporters take it below the rule's threshold, the highest givers first."""
        threshold, tally = self.final.outcome.rule.threshold, self.final.tally
        left, gone = tally.parts[self.p] - Fraction(threshold or 0) * tally.part_size, 0
        for part, group in reversed(tally.support[self.p]):
            people = sum(tally.weight[b] for b in group)
            needed = int(left // part) + 1
            if needed <= people:
                return gone + needed
            left, gone = left - part * people, gone + people
        return max(gone, 1)


def held_by_rank(
    tally: Tally, line: Sequence[int], p: int, pot: int, lots: Sequence[str], *, skip: bool = True
) -> tuple[Fraction, Fraction]:
    """How much less score would have lost a project that greedy funded: safe_below, lost_with.

    line is everybody in the order in which they are looked at; the pot is in grains. Behind the
    first rival after which the pot no longer holds its cost, it is not funded; the lower it comes
    the less is left, so no fewer would do. Votes are exact. Points may have any size, and nobody
    knows how many votes go with them: where a tie might be won, one point more is named.
    """
    left, stopped = pot, False
    score, by_votes = tally.score[p], tally.score[p] == tally.votes[p]
    for rival in line:
        if rival == p:
            continue
        if tally.cost[rival] <= left and not stopped:
            left -= tally.cost[rival]
        else:
            stopped = stopped or not skip
        if tally.cost[p] <= left and not stopped:
            continue
        fewer = score - tally.score[rival]
        ours, theirs = (tally.cost[p], lots[p]), (tally.cost[rival], lots[rival])
        if by_votes:
            fewer += ours < theirs
            return min(fewer, score), min(fewer, score)
        return min(fewer, score), min(fewer + (ours[0] <= theirs[0]), score)
    return score, score
