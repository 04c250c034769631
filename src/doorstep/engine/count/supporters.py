"""Who names each project, and how many parts of utility each ballot gets from it.

Two forms of the same: lists, which need nothing and which plain.py counts; and NumPy columns, made
straight from the profile's own, which the fast layers count. Each is made when first asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from .profile import Profile

if TYPE_CHECKING:
    from .columns import Entries

# The supporters of a project: (parts of utility that each gets from it, their ballots' positions).
Support = list[tuple[int, list[int]]]
# From so many choices on, adding up votes takes longer in plain Python than loading NumPy does.
LARGE = 20_000
# Fast layers take shares, steps and parts of so many bits, which they double and add in 64.
LARGEST_BITS = 60
EVEN, POINTS, RANKS = "even", "points", "ranks"


@dataclass(frozen=True)
class Supporters:
    """The ballots of a profile as support for projects.

    kind says what a choice is worth to its voter: one part (even), the points given (points), or
    as many as places are left from it to the end of the ballot, less `below` (ranks).
    """

    profile: Profile
    projects: int
    kind: str = EVEN
    below: int = 0

    @property
    def part_size(self) -> int:
        """How many parts make a unit of utility."""
        return self.profile.point_size if self.kind == POINTS else 1

    @cached_property
    def named(self) -> list[Support]:
        """For each project who names it, ascending by parts; those who get nothing from it too."""
        groups: list[dict[int, list[int]]] = [{} for _ in range(self.projects)]
        choices, points = self.profile.choices.tolist(), self.profile.points
        for position, (start, end) in enumerate(pairwise(self.profile.starts)):
            for entry in range(start, end):
                part = 1
                if self.kind == POINTS and points is not None:
                    part = points[entry]
                elif self.kind == RANKS:
                    part = end - entry - self.below
                groups[choices[entry]].setdefault(part, []).append(position)
        return [sorted(group.items()) for group in groups]

    @cached_property
    def support(self) -> list[Support]:
        """The same without those who get nothing."""
        return [[(part, group) for part, group in groups if part] for groups in self.named]

    @cached_property
    def entries(self) -> Entries:
        """The same as NumPy columns. Raises ImportError without NumPy, and OverflowError when the
        parts of a project may not fit in 64 bits."""
        from .columns import entries

        return entries(self)

    def totals(self) -> tuple[list[int], list[int]]:
        """For each project how many voters name it, and the parts that all get together."""
        if len(self.profile.choices) >= LARGE:
            try:
                return self.entries.votes, self.entries.parts
            except (ImportError, OverflowError):
                pass
        weight = self.profile.weights
        votes = [sum(weight[b] for _, group in groups for b in group) for groups in self.named]
        parts = [
            sum(part * sum(weight[b] for b in group) for part, group in groups)
            for groups in self.support
        ]
        return votes, parts
