"""The kernel as a layer: the same runs and steps as the NumPy layer, taken in C."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from .. import plain
from ..auction import Unsure
from ..bounds import Run
from ..columns import Columns, Ints
from ..plain import Interval, Rate, Round, Stepping, WatchStep
from ..prices import Paid, rounds_of, solved
from ..stepping import Shares
from ..tally import Tally
from ..vectors import Vectors
from .library import ElectionColumns, PricesColumns, library

UNSURE, FINE = -1, 0
ENDED, OVERSPENDS, SHOW, OPEN, PAUSED = range(1, 6)
LOG = 4096
# Purses looked at between two looks at the log: a fifth of a second, so that progress is seen.
WORK = 50_000_000
MOST_VOTERS = 2**31 - 1


def _nobody(step: int, rounds: list[Round]) -> None:
    """Watches nothing."""


class Kernel(Vectors):
    """See layers.Layer."""

    name = "kernel"

    def shares(self, tally: Tally, entrants: Sequence[int]) -> Shares | None:
        ready = tally.columns
        if ready is None or ready.wide or tally.voters > MOST_VOTERS:
            return super().shares(tally, entrants)
        return KernelShares(tally, ready, entrants)

    def steps(
        self, shares: Shares, share: int, exhaustive: bool, watch: WatchStep | None
    ) -> Stepping:
        if isinstance(shares, KernelShares):
            return shares.steps(share, exhaustive, watch)
        return super().steps(shares, share, exhaustive, watch)


class KernelShares(Shares):
    """Equal Shares over some entrants, in C."""

    def __init__(self, tally: Tally, ready: Columns, entrants: Sequence[int]) -> None:
        super().__init__(tally, ready, entrants)
        loaded = library()
        assert loaded is not None
        self.library = loaded
        self.columns = self._columns()
        self.handle = loaded.doorstep_open(ctypes.byref(self._election()), LOG)
        if not self.handle:
            raise MemoryError

    def __del__(self) -> None:
        if getattr(self, "handle", None):
            self.library.doorstep_close(self.handle)

    def _columns(self) -> dict[str, Ints | None]:
        ready = self.ready
        lists = {
            "cost": ready.cost,
            "parts": ready.parts,
            "worth": ready.worth,
            "order": ready.order,
            "paying": self.paying,
        }
        arrays: dict[str, Ints | None] = {
            name: np.array(values, np.int64) for name, values in lists.items()
        }
        for name in ("start", "members", "each", "weight", "carried"):
            arrays[name] = getattr(ready, name)
        ballots = ready.by_ballot
        arrays["ballot_start"], arrays["choice_parts"] = ballots.start, ballots.each
        return arrays

    def _election(self) -> ElectionColumns:
        return ElectionColumns(
            projects=len(self.ready.cost),
            ballots=len(self.ready.weight),
            voters=self.ready.voters,
            pot=self.tally.pot,
            entrants=len(self.paying),
            brought=self.ready.brought,
            choices=self.ready.by_ballot.projects.ctypes.data,
            **{
                name: None if column is None else column.ctypes.data
                for name, column in self.columns.items()
            },
        )

    def rates(self, found: Run) -> list[Rate]:
        return solved(self.ready, found, self._followed(found))

    def _followed(self, found: Run) -> Iterator[Paid]:
        """As prices.followed, in one call."""
        rounds = len(found.chosen)
        taken = [found.chosen, found.low, found.high]
        given = [*(np.array(one, np.int64) for one in taken), rounds_of(self.ready, found)]
        full, voters, brought = (np.zeros(rounds, np.int64) for _ in range(3))
        paid = np.zeros((rounds, rounds), np.int64)
        columns = PricesColumns(
            rounds,
            found.share,
            found.shift,
            *(one.ctypes.data for one in (*given, full, voters, brought, paid)),
        )
        if self.library.doorstep_prices(self.handle, ctypes.byref(columns)) != FINE:
            raise Unsure
        numbers = zip(full.tolist(), voters.tolist(), brought.tolist(), strict=True)
        for number, (able, gave, carried) in enumerate(numbers):
            yield Paid(able, gave, carried, paid[number, :number].tolist())

    def run(self, share: int, shift: int | None = None) -> Run | list[Round]:
        answer = self.library.doorstep_equal_shares(self.handle, share)
        return self._read(after=False) if answer == FINE else self._plainly(answer, share)

    def _plainly(self, answer: int, share: int) -> list[Round]:
        if answer not in (UNSURE, OPEN):
            raise MemoryError
        return self.plainly(share)

    def _read(self, *, after: bool) -> Run:
        """A run out of C's memory, which its next one will overwrite."""
        one = self.library.doorstep_run(self.handle, after).contents
        rounds = one.rounds
        sizes = one.tie_size[:rounds]
        ends = list(accumulate(map(abs, sizes)))
        return Run(
            share=one.share,
            shift=one.shift,
            chosen=one.chosen[:rounds],
            low=one.low[:rounds],
            high=one.high[:rounds],
            full=one.full[:rounds],
            tied=[
                (number, tuple(one.tied[end - abs(size) : end]), size > 0)
                for number, (size, end) in enumerate(zip(sizes, ends, strict=True))
                if size
            ],
        )

    def steps(self, first: int, exhaustive: bool, watch: WatchStep | None) -> Stepping:
        """As plain.add1."""
        self.library.doorstep_begin(self.handle, first, self.tally.step, exhaustive)
        intervals: list[Interval] = []
        counted: list[Round] | None = None  # the step that stands, where plain counted it
        tell = watch or _nobody
        while True:
            answer = self.library.doorstep_advance(self.handle, WORK)
            self._read_log(intervals)
            step = self.library.doorstep_step(self.handle)
            if self.library.doorstep_has_current(self.handle):
                counted = None
            if answer in (SHOW, OVERSPENDS):
                tell(step + 1, self.shown(self._read(after=True)))
            elif answer == PAUSED and counted is None:
                tell(step, self.shown(self._read(after=False)))
            if answer in (ENDED, OVERSPENDS):
                break
            if answer in (SHOW, PAUSED):
                continue
            more = self._plainly(answer, first + (step + 1) * self.tally.step)
            tell(step + 1, more)
            if step >= 0 and plain.spent(self.tally, more) > self.tally.pot:
                break
            self.library.doorstep_counted(self.handle)
            counted, step = more, step + 1
            intervals.append(Interval(step, step, self.winners(more)))
            if self.ended(self.winners(more), exhaustive):
                break
        rounds = self.rounds(self._read(after=False)) if counted is None else counted
        return Stepping(first + step * self.tally.step, rounds, step, tuple(intervals))

    def _read_log(self, intervals: list[Interval]) -> None:
        """Add the stretches that were proved since the log was last read, and the steps counted."""
        logged, winners = ctypes.c_int64(), ctypes.POINTER(ctypes.c_int32)()
        log: Any = self.library.doorstep_log(
            self.handle, ctypes.byref(logged), ctypes.byref(winners)
        )
        free = tuple(one.project for one in self.free)
        place, known = -1, intervals[-1].winners if intervals else ()
        for one in log[: logged.value]:
            if one.winners != place:
                place = one.winners
                found = free + tuple(winners[place + 1 : place + 1 + winners[place]])
                known = known if found == known else found
            if intervals and one.last > one.first == intervals[-1].first == intervals[-1].last:
                intervals.pop()
            intervals.append(Interval(one.first, one.last, known))
