"""The exact rates of a run whose winners are known: a few long integers instead of a long one
for every purse.

A supporter who could not pay in full had the share less all that they had paid in full before. So
the rates of a run obey a triangular system in whole numbers,

    full_t * rate_t = cost_t - voters_t * share + sum over s < t of paid_ts * rate_s

where full_t are the parts paid in full in round t, voters_t the voters who gave all they had
(and had something), and paid_ts the parts that those had paid for in round s.
"""

from __future__ import annotations

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
    givers = np.zeros(len(ready.weight), np.int64)  # voters, where they give all they have
    solved: list[int] = []  # numerators over the denominator of the latest
    found: list[Rate] = []
    below = 1
    for number, project in enumerate(run.chosen):
        members, voters = ready.supporters[project], ready.voters_of[project]
        held, most = low[members], high[members]
        each = 1 if ready.parts_each is None else ready.parts_each[project]
        payable, at_most = held // each, -(-most // each)
        poor = payable < run.high[number]
        if (poor & (at_most > run.low[number])).any():
            raise Unsure
        givers[members] = np.where(poor & (most > 0), voters, 0)
        full = ready.parts[project] - int(ready.parts_of[project][poor].sum())
        above = (ready.cost[project] - int(givers[members].sum()) * run.share) * below
        for earlier, rate in zip(run.chosen[:number], solved, strict=True):
            above += rate * _paid(ready, givers, earlier)
        givers[members] = 0
        solved = [rate * full for rate in solved] + [above]
        below *= full
        found.append(Rate(above, below))
        low[members] = np.where(poor, 0, held - each * run.high[number])
        high[members] = np.where(poor, 0, most - each * run.low[number])
    return found


def _paid(ready: Columns, givers: Ints, earlier: int) -> int:
    """The parts that the givers paid for in an earlier round: all who had money left since."""
    voters = givers[ready.supporters[earlier]]
    if ready.parts_each is None:
        return int(voters.sum())
    return int((voters * ready.parts_each[earlier]).sum())
