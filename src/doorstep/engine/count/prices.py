"""The exact rates of a run whose winners are known: a few long integers instead of a long one
for every purse.

A supporter who could not pay in full had the share less all that they had paid in full before. So
the rates of a run obey a triangular system in whole numbers,

    full_t * rate_t = cost_t - voters_t * share + sum over s < t of paid_ts * rate_s

where full_t are the parts paid in full in round t, voters_t the voters who gave all they had
(and had something), and paid_ts the parts that those had paid for in round s.
"""

from __future__ import annotations

from operator import mul

import numpy as np

from .auction import Unsure
from .bounds import Run
from .columns import Columns, Ints
from .plain import Rate


def rates(ready: Columns, run: Run) -> list[Rate]:
    """The rates of a run, round by round. Raises Unsure when the bounds of the run leave open
    whether some supporter paid in full."""
    low = np.full(len(ready.weight), run.share << run.shift, np.int64)
    high = low.copy()
    round_of = np.full(len(ready.cost), len(run.chosen), np.int64)
    round_of[run.chosen] = np.arange(len(run.chosen))
    solved: list[int] = []  # numerators over the denominator of the latest
    found: list[Rate] = []
    below = 1
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
        full = ready.parts[project] - int(ready.parts_of[project][poor].sum())
        above = (ready.cost[project] - int(voters[giving].sum()) * run.share) * below
        paid = _paid(ready, members[giving], round_of, number).tolist()
        above += sum(map(mul, paid, solved))
        solved = [rate * full for rate in solved] + [above]
        below *= full
        found.append(Rate(above, below))
        low[members] = np.where(poor, 0, held - each * run.high[number])
        high[members] = np.where(poor, 0, most - each * run.low[number])
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
