"""Who supports what, and what the funded ideas are worth to each way of voting: exact columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .election import Election
from .outcome import Outcome

Whole = NDArray[np.int64]
# Whole numbers that may be too large for int64 are kept as Python's own.
Wide = NDArray[Any]
MOST = 2**53


@dataclass(frozen=True)
class Choices:
    """The supporting entries of an election, class by class, and what its winners cost.

    cost is in units of 1 / size of the currency unit, so every cost and the pot are whole. A
    choice without points on a ballot that gives points is none: the reader has dropped it.
    """

    election: Election
    winners: frozenset[int]

    @classmethod
    def of(cls, election: Election, outcome: Outcome) -> Choices:
        place = {project.id: p for p, project in enumerate(election.projects)}
        return cls(election, frozenset(place[one] for one in outcome.winners))

    @cached_property
    def size(self) -> int:
        amounts = [self.election.budget, *(one.cost for one in self.election.projects)]
        return lcm(*(amount.denominator for amount in amounts))

    @cached_property
    def cost(self) -> list[int]:
        return [int(one.cost * self.size) for one in self.election.projects]

    @cached_property
    def pot(self) -> int:
        return int(self.election.budget * self.size)

    @cached_property
    def wide(self) -> bool:
        """Whether sums may pass what int64 and float64 hold exactly."""
        everybody = max(self.election.voters, 1)
        return (sum(self.cost) + self.pot) * everybody >= MOST

    @cached_property
    def weights(self) -> Whole:
        return np.frombuffer(self.election.profile.weights, dtype=np.int64)

    @cached_property
    def projects(self) -> Whole:
        """The project of each entry."""
        return np.frombuffer(self.election.profile.choices, dtype=np.int32).astype(np.int64)

    @cached_property
    def classes(self) -> Whole:
        """The class of each entry."""
        starts = np.frombuffer(self.election.profile.starts, dtype=np.int64)
        return np.repeat(np.arange(len(starts) - 1, dtype=np.int64), np.diff(starts))

    @cached_property
    def supporters(self) -> list[Whole]:
        """The classes that support each project, ascending."""
        order = np.argsort(self.projects, kind="stable")
        among = self.classes[order]
        ends = np.searchsorted(self.projects[order], np.arange(len(self.cost) + 1))
        return [among[a:b] for a, b in pairwise(ends)]

    def votes(self, project: int) -> int:
        """How many voters support a project."""
        return int(self.weights[self.supporters[project]].sum())

    def summed(self, worth: list[int], over: Iterable[int]) -> Wide:
        """For each class, the worth of those of its choices that are among `over`."""
        counted = set(over)
        each = [one if p in counted else 0 for p, one in enumerate(worth)]
        sums: Wide = np.zeros(len(self.weights), dtype=object if self.wide else np.int64)
        if len(self.projects):
            np.add.at(sums, self.classes, np.array(each, dtype=sums.dtype)[self.projects])
        return sums

    @cached_property
    def funded_cost(self) -> Wide:
        """For each class, what its funded choices cost together."""
        return self.summed(self.cost, self.winners)

    @cached_property
    def funded_number(self) -> Wide:
        """For each class, how many of its choices were funded."""
        return self.summed([1] * len(self.cost), self.winners)
