"""The rules of counting as written law.

This file is the definition: exact, standard library only, and meant to be read aloud. Every
number is a whole number of grains (tally.py) or a ratio of two such numbers; nothing is rounded
and nothing is guessed. Faster engines must decide exactly as this one does.

Method of Equal Shares: Peters & Skowron, "Proportionality and the Limits of Welfarism" (2020);
Peters, Pierczyński & Skowron, "Proportional Participatory Budgeting with Additive Utilities"
(2021). Sequential Phragmén for budgets: Los, Christoff & Grossi (2022). Greedy: Pabulib.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from .supporters import Support
from .tally import Tally


class Rate(NamedTuple):
    """Grains for each part of utility, as the ratio above / below."""

    above: int
    below: int


class Round(NamedTuple):
    """One project chosen, what it cost its supporters, and which projects it was level with.

    rate is None where no share paid (greedy). tied begins with the chosen one; greedy leaves
    ties to the order of its list.
    """

    project: int
    rate: Rate | None
    tied: tuple[int, ...]


# Greedy -----------------------------------------------------------------------------------------


def greedy(tally: Tally, entrants: Iterable[int], pot: int, *, skip: bool = True) -> list[Round]:
    """Go down the list from the highest score and fund whatever still fits in the pot.

    With skip, a project that does not fit is passed over; without it, the count ends there.
    """
    rounds: list[Round] = []
    for project in tally.ranked(list(entrants)):
        if tally.cost[project] <= pot:
            rounds.append(Round(project, None, (project,)))
            pot -= tally.cost[project]
        elif not skip:
            break
    return rounds


# Method of Equal Shares -------------------------------------------------------------------------


class Purses:
    """What each ballot's voters still have of their shares.

    The money of ballot b is money[b] / scales[since[b]] grains. Each purchase makes a finer scale,
    and a purse moves to it only when it pays: so all stay whole numbers, and few are touched.
    """

    def __init__(self, share: int, weight: list[int], carried: list[int] | None = None) -> None:
        self.weight = weight
        self.money = [share + more for more in carried or [0] * len(weight)]
        self.since = [0] * len(weight)
        self.scales = [1]

    def asked(self, part: int, rate: Rate) -> list[int]:
        """The least money, on each scale, that pays for that many parts in full at a rate."""
        return [-(-part * rate.above * scale // rate.below) for scale in self.scales]

    def at(self, support: Support, rate: Rate) -> tuple[int, int]:
        """If each supporter paid that rate, or all they have: the parts that are paid in full,
        and the money of those who cannot pay in full, on the newest scale."""
        money, since, weight = self.money, self.since, self.weight
        parts, poor = 0, [0] * len(self.scales)
        for part, ballots in support:
            asked, able = self.asked(part, rate), 0
            for b in ballots:
                if money[b] >= asked[since[b]]:
                    able += weight[b]
                else:
                    poor[since[b]] += weight[b] * money[b]
            parts += able * part
        now = self.scales[-1]
        return parts, sum(sums * (now // self.scales[i]) for i, sums in enumerate(poor) if sums)

    def rate(self, support: Support, cost: int, rate: Rate) -> Rate | None:
        """The lowest rate at which the supporters together pay the cost; None if they cannot.

        It starts from a rate that is certainly not too high. Whoever cannot pay it in full gives
        all they have, and the others share the rest: that gives a higher rate, again not too
        high. When it rises no more, it is the rate.
        """
        now = self.scales[-1]
        while True:
            parts, poor = self.at(support, rate)
            if not parts:
                return None
            higher = Rate(cost * now - poor, parts * now)
            if higher.above * rate.below == rate.above * higher.below:
                return higher
            rate = higher

    def pay(self, support: Support, rate: Rate) -> None:
        """Each supporter pays the rate for their parts, or all they have."""
        finer, now = rate.below, len(self.scales)
        lift = [finer // scale for scale in self.scales]
        for part, ballots in support:
            asked = self.asked(part, rate)
            for b in ballots:
                since = self.since[b]
                able = self.money[b] >= asked[since]
                self.money[b] = self.money[b] * lift[since] - part * rate.above if able else 0
                self.since[b] = now
        self.scales.append(finer)


Watch = Callable[[Purses, int, Rate], None]
WatchStep = Callable[[int, list[Round]], None]


def equal_shares(
    tally: Tally, entrants: Iterable[int], share: int, watch: Watch | None = None
) -> tuple[list[Round], Purses]:
    """Give every voter the same share, and whatever they carried over. Then, again and again,
    fund the project whose supporters pay least for each part of what it is worth to them, until no
    supporters can pay together.

    A project that costs nothing is funded first. A rate only ever rises as purses empty, so
    the last known rate of a project is a lower bound: who is above the best is not asked again.
    watch is shown the purses, the project chosen and its rate before each payment.
    """
    purses = Purses(share, tally.weight, tally.carried)
    entrants = sorted(entrants, key=tally.tie_order.__getitem__)
    rounds = [Round(p, Rate(0, 1), (p,)) for p in entrants if not tally.cost[p]]
    worth = {p: tally.cost[p] if tally.by_cost else 1 for p in entrants if tally.cost[p]}
    known = {p: Rate(tally.cost[p], tally.parts[p]) for p in worth}
    floor = {p: (known[p].above << 64) // (known[p].below * worth[p]) for p in known}
    while True:
        best: list[int] = []
        for p in sorted(known, key=floor.__getitem__):
            if best and floor[p] > floor[best[0]]:
                break
            higher = purses.rate(tally.support[p], tally.cost[p], known[p])
            if higher is None:
                del known[p]
                continue
            known[p], floor[p] = higher, (higher.above << 64) // (higher.below * worth[p])
            best = _lowest(best, p, known, worth)
        if not best:
            return rounds, purses
        best.sort(key=tally.tie_order.__getitem__)
        rate = known.pop(best[0])
        rounds.append(Round(best[0], rate, tuple(best)))
        if watch:
            watch(purses, best[0], rate)
        purses.pay(tally.support[best[0]], rate)


def _lowest(best: list[int], p: int, known: dict[int, Rate], worth: dict[int, int]) -> list[int]:
    """Those with the lowest rate for each part of worth, compared exactly."""
    if not best:
        return [p]
    ours = known[p].above * known[best[0]].below * worth[best[0]]
    theirs = known[best[0]].above * known[p].below * worth[p]
    return [p] if ours < theirs else [*best, p] if ours == theirs else best


class Interval(NamedTuple):
    """Steps first to last of add1, all of which fund the same projects in the same order.

    The counts at first and last prove it (bounds.same_between); they may be one and the same step.
    """

    first: int
    last: int
    winners: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stepping:
    """Where add1 ended: the share, what it funded, and after how many steps.

    intervals cover every step from 0 to the last, in order; one may begin at the step where the
    one before ended. Here each step is counted by itself, and none are given.
    """

    share: int
    rounds: list[Round]
    steps: int
    intervals: tuple[Interval, ...] = ()


def add1(
    tally: Tally,
    entrants: Iterable[int],
    share: int,
    *,
    stop_when_exhaustive: bool,
    watch: WatchStep | None = None,
) -> Stepping:
    """Raise everybody's share step by step and count afresh each time. It ends before the first
    step that would overspend the pot, or when every entrant has won (or, if so published, when
    nothing more fits). Every step is taken: the outcome may overspend and come back, so no
    shortcut that guesses is sound. watch is shown the rounds of every step, the last one too.
    """
    entrants = list(entrants)
    rounds, _ = equal_shares(tally, entrants, share)
    if watch:
        watch(0, rounds)
    steps = 0
    while not _ended(tally, entrants, rounds, stop_when_exhaustive):
        next_rounds, _ = equal_shares(tally, entrants, share + tally.step)
        if watch:
            watch(steps + 1, next_rounds)
        if spent(tally, next_rounds) > tally.pot:
            break
        share, rounds, steps = share + tally.step, next_rounds, steps + 1
    return Stepping(share, rounds, steps)


def _ended(tally: Tally, entrants: list[int], rounds: list[Round], exhaustive: bool) -> bool:
    won = {one.project for one in rounds}
    left = tally.pot - spent(tally, rounds)
    return not any(p not in won and (not exhaustive or tally.cost[p] <= left) for p in entrants)


def spent(tally: Tally, rounds: Iterable[Round]) -> int:
    """What the chosen projects cost together, in grains."""
    return sum(tally.cost[one.project] for one in rounds)


# Sequential Phragmén ----------------------------------------------------------------------------


def phragmen(tally: Tally, entrants: Iterable[int], pot: int) -> list[Round]:
    """Every voter earns money at the same pace, and a project is bought as soon as its supporters
    together have its cost. The first project that could be bought but would overspend ends it.

    In terms of loads: a bought project brings all its supporters to the same load, and the next
    is the one that brings its supporters to the lowest.
    """
    since = [0] * len(tally.weight)  # the round that set the load of each ballot; 0: no load yet
    loads = [0]  # the load set in each round, in grains times scale
    scale, rounds, waiting = 1, list[Round](), set(entrants)
    even = dict.fromkeys(waiting, 1)
    while waiting:
        load: dict[int, Rate] = {}
        best: list[int] = []
        for p in waiting:
            carried = sum(
                tally.weight[b] * loads[since[b]] for _, group in tally.support[p] for b in group
            )
            load[p] = Rate(tally.cost[p] * scale + carried, tally.votes[p] * scale)
            best = _lowest(best, p, load, even)
        if any(tally.cost[p] > pot for p in best):
            break
        best.sort(key=tally.tie_order.__getitem__)
        chosen, supporters = best[0], tally.votes[best[0]]
        rounds.append(Round(chosen, load[chosen], tuple(best)))
        loads = [one * supporters for one in loads] + [load[chosen].above]
        scale *= supporters
        for _, group in tally.support[chosen]:
            for b in group:
                since[b] = len(rounds)
        pot -= tally.cost[chosen]
        waiting.discard(chosen)
    return rounds
