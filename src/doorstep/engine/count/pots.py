"""Over which pots are the winners the same?

Two claims are made, and each says which it is. *Every* (`how` is "every pot"): Equal Shares without
completion, at every pot that differs from the real one by whole currency units, from `low` to
`high`, funds the same ideas. Stretches are proved by the runs at their two ends
(bounds.same_between), or counted pot by pot. *Some* (`how` is "pots counted"): for any other rule,
nothing proves what lies between two pots; at every pot that was counted from `low` to `high` the
winners were the same, those two among them.

In both, a count at `below` (one unit under `low`) and at `above` (one over `high`) had other
winners, where those are given. Ideas dearer than the real pot take part once a pot holds them.
What voters carried over stays what it is: the rest of each pot is shared equally.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, TypeAlias

from .decide import winners
from .election import WITHDRAWN, Election
from .layers import Layer, layer_named
from .outcome import Outcome
from .plain import Round
from .supporters import LARGEST_BITS
from .tally import Tally, tally

if TYPE_CHECKING:
    from .bounds import Run

Found: TypeAlias = "Run | list[Round]"

EVERY, SOME = "every pot", "pots counted"
# At most so many runs each way; what is proved or counted until then is what is claimed.
MOST_RUNS = 400
# Where nothing can be proved between, the first pot tried is so much of the pot away.
FIRST_STEP = 1000


@dataclass(frozen=True, slots=True)
class PotRange:
    """See the module. below is None where the least pot there is was reached, or the runs ended;
    above is None where no larger pot changes anything (endless), or the runs ended."""

    how: str
    low: Fraction
    high: Fraction
    below: Fraction | None
    above: Fraction | None
    endless: bool
    counts: int


def pot_range(election: Election, outcome: Outcome, layer: str | None = None) -> PotRange | None:
    """The range around a count's own pot; None where nobody voted."""
    if not election.voters:
        return None
    return _Pots(election, outcome, layer_named(layer)).range()


class _Pots:
    def __init__(self, election: Election, outcome: Outcome, layer: Layer) -> None:
        self.rule, self.layer, self.election = outcome.rule, layer, election
        self.base = tally(election, self.rule)
        place = {project.id: p for p, project in enumerate(election.projects)}
        self.won = frozenset(place[one] for one in outcome.winners)
        threshold = self.rule.threshold
        self.able = [
            p
            for p, project in enumerate(election.projects)
            if self.base.parts[p]
            and not project.extra.get(WITHDRAWN)
            and (threshold is None or self.base.score[p] >= threshold)
        ]
        self.counts = 0
        self.seen: dict[int, bool] = {0: True}

    def range(self) -> PotRange:
        budget = self.election.budget
        shared = budget - self.base.money(self.base.brought)
        fewer = ceil(shared) - 1
        if self.rule.integral_start:  # a share under one unit is no share
            fewer = max(0, floor(shared - self.base.voters))
        everything = sum(self.base.cost[p] for p in self.able)
        without = self.rule.name == "equal-shares" and self.rule.completion == "none"
        if without:  # a share that pays for everything alone: nobody ever lacks money
            everything = everything * self.base.voters + self.base.brought
        highest = max(0, -(-(everything - self.base.pot) // self.base.unit))
        exact = without and not self.rule.integral_start and self.base.columns is not None
        prover = _Prover(self) if exact else None
        search: Callable[[int, int], tuple[int, int | None]]
        search = prover.search if prover else self._gallop
        low, below = search(-1, fewer)
        high, above = search(1, highest)
        return PotRange(
            EVERY if prover else SOME,
            budget + low,
            budget + high,
            None if below is None else budget + below,
            None if above is None else budget + above,
            above is None and high == highest,
            self.counts,
        )

    def at(self, offset: int) -> Tally:
        """The tally with a pot so many currency units larger."""
        pot = self.base.pot + offset * self.base.unit
        again = replace(self.base, pot=pot)
        if self.base.columns is not None and pot.bit_length() <= LARGEST_BITS:
            again.__dict__["columns"] = self.base.columns
        return again

    def same(self, offset: int) -> bool:
        """Whether a count with that pot has the same winners."""
        if offset not in self.seen:
            again = self.at(offset)
            self.counts += 1
            taking_part = [p for p in self.able if again.cost[p] <= again.pot]
            self.seen[offset] = (
                frozenset(winners(again, self.rule, taking_part, self.layer)) == self.won
            )
        return self.seen[offset]

    def _gallop(self, way: int, most: int) -> tuple[int, int | None]:
        """The farthest pot counted with the same winners before one, next to it, with others."""
        same, step = 0, max(1, int(self.election.budget) // FIRST_STEP)
        while same < most:
            other = min(same + step, most)
            if not self.same(way * other):
                while other - same > 1:
                    middle = (same + other) // 2
                    same, other = (middle, other) if self.same(way * middle) else (same, middle)
                return way * same, way * other
            same, step = other, 2 * step
        return way * same, None


class _Prover:
    """Walks outwards in stretches that are proved, doubling while that succeeds."""

    def __init__(self, pots: _Pots) -> None:
        from .stepping import Shares

        self.pots, base = pots, pots.base
        assert base.columns is not None
        self.shares = Shares(base, base.columns, pots.able)
        self.step = base.unit // base.voters
        self.first = (base.pot - base.brought) // base.voters
        self.won = pots.won

    def search(self, way: int, most: int) -> tuple[int, int | None]:
        same, step, runs = 0, 1, 0
        here = self._run(0)
        while same < most and runs < MOST_RUNS:
            other = min(same + step, most)
            runs += 1
            there = self._proved(way, same, here, other)
            if there is not None:
                same, here, step = other, there, 2 * step
            elif other - same > 1:
                step = (other - same) // 2
            else:
                there = self._run(way * other)
                if frozenset(self.shares.winners(there)) != self.won:
                    return way * same, way * other
                same, here = other, there
        return way * same, None

    def _run(self, offset: int) -> Found:
        self.pots.counts += 1
        return self.shares.run(self.first + offset * self.step)

    def _proved(self, way: int, same: int, here: Found, other: int) -> Found | None:
        """The run at the other end, where it proves everything between."""
        from .bounds import Run, same_between, shift_for

        paying, ready = self.shares.paying, self.shares.ready
        self.pots.counts += 1
        ends = sorted((self.first + way * same * self.step, self.first + way * other * self.step))
        shift = shift_for(ready, paying, ends[1])
        lower = here
        if way < 0 or not isinstance(here, Run) or here.shift > shift:
            lower = self.shares.run(ends[0], shift)
        if not isinstance(lower, Run):
            return None
        upper = same_between(ready, paying, lower, ends[1])
        if upper is None or frozenset(self.shares.winners(upper)) != self.won:
            return None
        return upper if way > 0 else lower
