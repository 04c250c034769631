"""The exact rates of a run whose winners are known: a few long integers instead of a long one
for every purse.

A supporter who could not pay in full had the share, and what they carried over, less all that they
had paid in full before. So the rates of a run obey a triangular system in whole numbers,

    full_t * rate_t = cost_t - voters_t * share - brought_t + sum over s < t of paid_ts * rate_s

where full_t are the parts paid in full in round t, voters_t the voters who gave all they had
(and had something), brought_t what those carried over, and paid_ts the parts that they had paid
for in round s.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import mul
from typing import NamedTuple

import numpy as np

from .auction import Unsure
from .bounds import Run, purses
from .columns import Columns, Ints
from .plain import Rate


class Paid(NamedTuple):
    """The whole numbers of one round; paid has one for each round before it."""

    full: int
    voters: int
    brought: int
    paid: list[int]


def rates(ready: Columns, run: Run) -> list[Rate]:
    """The rates of a run, round by round. Raises Unsure when the bounds of the run leave open
    whether some supporter paid in full."""
    return solved(ready, run, followed(ready, run))


def solved(ready: Columns, run: Run, rounds: Iterator[Paid]) -> list[Rate]:
    """The rates that the whole numbers of all rounds give."""
    numerators: list[int] = []  # over the denominator of the latest
    found: list[Rate] = []
    below = 1
    for project, one in zip(run.chosen, rounds, strict=True):
        above = (ready.cost[project] - one.voters * run.share - one.brought) * below
        above += sum(map(mul, one.paid, numerators))
        numerators = [rate * one.full for rate in numerators] + [above]
        below *= one.full
        found.append(Rate(above, below))
    return found


def followed(ready: Columns, run: Run) -> Iterator[Paid]:
    """Every purse followed through a run once more. Raises Unsure as rates does."""
    low = purses(ready, run.share, run.shift)
    high = low.copy()
    round_of = rounds_of(ready, run)
    for number, project in enumerate(run.chosen):
        members, voters = ready.supporters[project], ready.voters_of[project]
        held, most = low[members], high[members]
        each: Ints | int = 1
        payable, at_most = held, most
        if ready.parts_each is not None:
            each = ready.parts_each[project]
            payable, at_most = held // each, -(-most // each)
        poor = payable < run.high[number]
        if (poor & (at_most > run.low[number])).any():
            raise Unsure
        giving = poor & (most > 0)
        givers, gave = members[giving], voters[giving]
        yield Paid(
            full=ready.parts[project] - int(ready.parts_of[project][poor].sum()),
            voters=int(gave.sum()),
            brought=0 if ready.carried is None else int((gave * ready.carried[givers]).sum()),
            paid=_paid(ready, givers, round_of, number).tolist(),
        )
        low[members] = np.where(poor, 0, held - each * run.high[number])
        high[members] = np.where(poor, 0, most - each * run.low[number])


def rounds_of(ready: Columns, run: Run) -> Ints:
    """The round in which each project was chosen; one past the last for those that were not."""
    found = np.full(len(ready.cost), len(run.chosen), np.int64)
    found[run.chosen] = np.arange(len(run.chosen))
    return found


def _paid(ready: Columns, givers: Ints, round_of: Ints, now: int) -> Ints:
    """The parts that the voters of these ballots paid for in each round before now.

    They had money left, so they paid in full for everything that they support and that was bought.
    """
    ballots = ready.by_ballot
    sizes = ballots.start[givers + 1] - ballots.start[givers]
    entries = np.repeat(ballots.start[givers] - np.cumsum(sizes) + sizes, sizes)
    entries += np.arange(len(entries), dtype=np.int64)
    rounds = round_of[ballots.projects[entries]]
    parts = np.repeat(ready.weight[givers], sizes)
    if ballots.each is not None:
        parts = parts * ballots.each[entries]
    bought = rounds < now
    paid = np.zeros(now, np.int64)
    np.add.at(paid, rounds[bought], parts[bought])
    return paid
