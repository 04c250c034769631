"""Add1 on bounds: every step decided, but not every step counted.

It takes the same decisions at the same steps as plain.add1, which counts afresh at each. Here a
stretch of steps may be proved to have one and the same outcome by the runs at its two ends
(bounds.same_between); it doubles while that succeeds. Nothing is ever guessed between: the
outcome may overspend and come back, so a bisection would be wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from . import plain
from .auction import Unsure
from .bounds import Run, run, same_between, shift_for
from .columns import Columns
from .plain import Interval, Rate, Round, Stepping, WatchStep
from .prices import rates
from .tally import Tally

LONGEST_WAIT = 64


class Shares:
    """Equal Shares over some entrants at any share: on bounds where they are sure, else plainly."""

    def __init__(self, tally: Tally, ready: Columns, entrants: Sequence[int]) -> None:
        self.tally, self.ready = tally, ready
        self.entrants = sorted(entrants, key=tally.tie_order.__getitem__)
        self.paying = [p for p in self.entrants if tally.cost[p]]
        self.free = [Round(p, Rate(0, 1), (p,)) for p in self.entrants if not tally.cost[p]]

    def run(self, share: int, shift: int | None = None) -> Run | list[Round]:
        """The run at a share, or plain's rounds where the bounds leave something open."""
        if shift is None:
            shift = shift_for(self.ready, self.paying, share)
        try:
            return run(self.ready, self.paying, share, shift)
        except Unsure:
            return self.plainly(share)

    def plainly(self, share: int) -> list[Round]:
        return plain.equal_shares(self.tally, self.entrants, share)[0]

    def rates(self, found: Run) -> list[Rate]:
        """The exact rates of a run. Raises Unsure."""
        return rates(self.ready, found)

    def rounds(self, found: Run | list[Round]) -> list[Round]:
        """What was funded, with exact rates."""
        if not isinstance(found, Run):
            return found
        try:
            exact = self.rates(found)
        except Unsure:
            return self.plainly(found.share)
        tied = {number: projects for number, projects, _ in found.tied}
        return self.free + [
            Round(p, rate, tied.get(number, (p,)))
            for number, (p, rate) in enumerate(zip(found.chosen, exact, strict=True))
        ]

    def shown(self, found: Run | list[Round]) -> list[Round]:
        """What was funded, for a watcher of steps: with rates that bear on a tie, and no others.

        Rates in a tie are exactly cost / full. A later round without such a rate was judged in the
        run to be at another (bounds.py), so None says what there is to say.
        """
        if not isinstance(found, Run):
            return found
        tied = {number: projects for number, projects, _ in found.tied}
        return self.free + [
            Round(p, Rate(self.tally.cost[p], full) if full else None, tied.get(number, (p,)))
            for number, (p, full) in enumerate(zip(found.chosen, found.full, strict=True))
        ]

    def spent(self, winners: Iterable[int]) -> int:
        return sum(self.tally.cost[p] for p in winners)

    def ended(self, winners: tuple[int, ...], exhaustive: bool) -> bool:
        """Whether every entrant has won, or, if so published, nothing more fits."""
        left = self.tally.pot - self.spent(winners)
        rest = set(self.entrants).difference(winners)
        return not any(not exhaustive or self.tally.cost[p] <= left for p in rest)

    def winners(self, found: Run | list[Round]) -> tuple[int, ...]:
        if isinstance(found, Run):
            return (*(one.project for one in self.free), *found.chosen)
        return tuple(one.project for one in found)


def add1(
    shares: Shares, share: int, *, stop_when_exhaustive: bool, watch: WatchStep | None = None
) -> Stepping:
    """As plain.add1; watch is not shown steps whose winners and ties it was shown already, but for
    the step that would overspend."""
    steps = _Steps(shares, share)
    step, found = 0, steps.run(0)
    steps.show(0, found, watch)
    winners = shares.winners(found)
    intervals = [Interval(0, 0, winners)]
    while not shares.ended(winners, stop_when_exhaustive):
        if skipped := steps.skip(step, found):
            if intervals[-1].first == step:
                intervals.pop()
            intervals.append(Interval(step, skipped[0], winners))
            step, found = skipped
            continue
        after = steps.run(step + 1)
        steps.show(step + 1, after, watch)
        more = shares.winners(after)
        if shares.spent(more) > shares.tally.pot:
            steps.show(step + 1, after, watch, again=True)
            break
        steps.waited += more == winners
        step, found, winners = step + 1, after, more
        intervals.append(Interval(step, step, winners))
    return Stepping(steps.share(step), shares.rounds(found), step, tuple(intervals))


class _Steps:
    """Runs at steps of add1, and how far a skip from one of them may be tried."""

    def __init__(self, shares: Shares, first: int) -> None:
        self.shares, self.first = shares, first
        self.shift = shift_for(shares.ready, shares.paying, 2 * first)
        self.shown: set[tuple[object, ...]] = set()
        self.gap, self.wait, self.waited = 2, 1, 1

    def share(self, step: int) -> int:
        return self.first + step * self.shares.tally.step

    def run(self, step: int) -> Run | list[Round]:
        share = self.share(step)
        if self._finest(share) < self.shift:
            self.shift = self._finest(2 * share)
        return self.shares.run(share, self.shift)

    def skip(self, step: int, found: Run | list[Round]) -> tuple[int, Run] | None:
        """The farthest step tried that surely has the outcome of this one, as have all between."""
        if not isinstance(found, Run) or self.waited < self.wait:
            return None
        last = step + self.gap
        if self._finest(self.share(last)) >= found.shift:
            shares = self.shares
            above = same_between(shares.ready, shares.paying, found, self.share(last))
            if above:
                self.gap, self.wait = self.gap * 2, 1
                return last, above
        if self.gap > 2:
            self.gap //= 2
        else:
            self.waited, self.wait = 0, min(2 * self.wait, LONGEST_WAIT)
        return None

    def show(
        self, step: int, found: Run | list[Round], watch: WatchStep | None, *, again: bool = False
    ) -> None:
        told = (self.shares.winners(found), *found.tied) if isinstance(found, Run) else None
        if watch and (again or told is None or told not in self.shown):
            self.shown.add(told or ())
            watch(step, self.shares.shown(found))

    def _finest(self, share: int) -> int:
        return shift_for(self.shares.ready, self.shares.paying, share)
