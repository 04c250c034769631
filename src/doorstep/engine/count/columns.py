"""The grouped ballots of a tally as NumPy columns, one stretch for each project.

The layout is that of a compressed sparse column matrix: the supporters of project p are
members[start[p]:start[p + 1]], the positions of their ballots in ascending order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .tally import Tally

Ints: TypeAlias = npt.NDArray[np.int64]

# All money together, at the finest, and all parts must fit in 64 bits with a sign and one to spare.
MOST_BITS = 62
# So must shares and steps, doubled and added; larger numbers are counted plainly.
LARGEST_BITS = 60


@dataclass(frozen=True)
class Columns:
    """One election under one settled rule: who supports what, and how much.

    start: int64[projects + 1]; members and each: int64[start[-1]], where each is the parts of
    utility that one voter of the ballot gets, None when all are 1; weight: int64[ballots], the
    voters of each. cost (grains), parts (of all supporters together) and worth (what a rate is
    divided by to compare it) are whole numbers of any size; order is each project's place in a
    tie.
    """

    start: Ints
    members: Ints
    each: Ints | None
    weight: Ints
    voters: int
    cost: list[int]
    parts: list[int]
    worth: list[int]
    order: list[int]

    @cached_property
    def supporters(self) -> list[Ints]:
        """members, project by project."""
        return [self.members[one:other] for one, other in pairwise(self.start)]

    @cached_property
    def parts_each(self) -> list[Ints] | None:
        """each, project by project."""
        if self.each is None:
            return None
        return [self.each[one:other] for one, other in pairwise(self.start)]

    @cached_property
    def voters_of(self) -> list[Ints]:
        """How many voters stand behind each of members, project by project."""
        counted = self.weight[self.members]
        return [counted[one:other] for one, other in pairwise(self.start)]

    @cached_property
    def parts_of(self) -> list[Ints]:
        """The parts that each of members gets, all its voters together, project by project."""
        if self.each is None:
            return self.voters_of
        together = self.weight[self.members] * self.each
        return [together[one:other] for one, other in pairwise(self.start)]


def columns(tally: Tally) -> Columns | None:
    """A tally as columns; None when its numbers are too large for 64 bits."""
    most = max((*tally.parts, *tally.votes, tally.pot, tally.step, tally.voters, *tally.cost))
    if most.bit_length() > LARGEST_BITS:
        return None
    members: list[int] = []
    each: list[int] = []
    start = [0]
    for groups in tally.support:
        if len(groups) == 1 and groups[0][0] == 1:
            members += groups[0][1]
            each += [1] * len(groups[0][1])
        else:
            pairs = sorted((b, part) for part, ballots in groups for b in ballots)
            members += [b for b, _ in pairs]
            each += [part for _, part in pairs]
        start.append(len(members))
    alike = all(part == 1 for groups in tally.support for part, _ in groups)
    return Columns(
        start=np.array(start, np.int64),
        members=np.array(members, np.int64),
        each=None if alike else np.array(each, np.int64),
        weight=np.array(tally.weight, np.int64),
        voters=tally.voters,
        cost=tally.cost,
        parts=tally.parts,
        worth=tally.cost if tally.by_cost else [1] * len(tally.cost),
        order=tally.tie_order,
    )
