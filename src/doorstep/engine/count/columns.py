"""The grouped ballots of a tally as NumPy columns, one stretch for each project.

The layout is that of a compressed sparse column matrix: the supporters of project p are
members[start[p]:start[p + 1]], the positions of their ballots in ascending order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from .layers import kernel_helps
from .supporters import LARGEST_BITS, POINTS, RANKS, Supporters
from .tally import Tally

Ints: TypeAlias = npt.NDArray[np.int64]

# All money together, at the finest, and all parts must fit in 64 bits with a sign and one to spare.
MOST_BITS = 62
# Beyond it money is kept in Python's own integers, as far as floats can still put rates in line.
WIDEST_BITS = 512


class ByBallot(NamedTuple):
    """The projects of ballot b are projects[start[b]:start[b + 1]], each worth so many parts to
    each of its voters (None: one; some may be worth none)."""

    start: Ints
    projects: npt.NDArray[np.int32]
    each: Ints | None


@dataclass(frozen=True)
class Columns:
    """One election under one settled rule: who supports what, and how much.

    start: int64[projects + 1]; members and each: int64[start[-1]], where each is the parts of
    utility that one voter of the ballot gets, None when all are 1; weight: int64[ballots], the
    voters of each. carried: int64[ballots], what each voter of the ballot has beside the share, in
    grains, and brought, what all have together; None and 0 where nothing is carried over. cost
    (grains), parts (of all supporters together) and worth (what a rate is divided by to compare it)
    are whole numbers of any size; order is each project's place in a tie. by_ballot is who supports
    what once more, the other way round. wide: amounts are too large for 64 bits, so columns of
    money (carried, and purses) hold Python's own integers.
    """

    start: Ints
    members: Ints
    each: Ints | None
    by_ballot: ByBallot
    weight: Ints
    carried: Ints | None
    brought: int
    voters: int
    cost: list[int]
    parts: list[int]
    worth: list[int]
    order: list[int]
    wide: bool = False

    @property
    def money(self) -> type:
        """The type of a column of money."""
        return object if self.wide else np.int64

    @cached_property
    def supporters(self) -> list[Ints]:
        """members, project by project."""
        return [self.members[one:other] for one, other in pairwise(self.start)]

    @cached_property
    def parts_each(self) -> list[Ints] | None:
        """each, project by project."""
        if self.each is None:
            return None
        # Of the type of money, for it is multiplied by rates.
        each: npt.NDArray[Any] = self.each.astype(self.money, copy=False)
        return [each[one:other] for one, other in pairwise(self.start)]

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


@dataclass(frozen=True)
class Entries:
    """Supporters as columns, named as in Columns; votes and parts by project."""

    start: Ints
    members: Ints
    each: Ints | None
    by_ballot: ByBallot
    votes: list[int]
    parts: list[int]


def entries(supporters: Supporters) -> Entries:
    """A profile's ballots, project by project. Raises OverflowError for parts over 60 bits."""
    profile = supporters.profile
    starts = np.frombuffer(profile.starts, np.int64)
    choices = np.frombuffer(profile.choices, np.int32)
    weight = np.frombuffer(profile.weights, np.int64)
    parts = _parts(supporters, starts)
    if parts is not None:
        most = int(parts.max(initial=0)) * max(int(weight.sum()), 1)
        if most >= 2**LARGEST_BITS:
            raise OverflowError("too many parts to be added in 64 bits")
    by_ballot = ByBallot(starts, choices, parts)
    if kernel_helps():
        from .kernel.entries import dealt

        return dealt(by_ballot, weight, supporters.projects)
    return _sorted(by_ballot, weight, supporters.projects)


def _sorted(by_ballot: ByBallot, weight: Ints, projects: int) -> Entries:
    starts, choices, parts = by_ballot
    sizes = np.diff(starts)
    ballots = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    # Sorting is by radix, in a pass for each byte, where the keys are short.
    order = np.argsort(choices.astype(np.uint16) if projects < 2**16 else choices, kind="stable")
    members = ballots[order]
    start = _starts(np.bincount(choices, minlength=projects))
    votes = _sums(weight[members], start)
    if parts is None:
        return Entries(start, members, None, by_ballot, votes, votes)
    each = parts[order]
    if not each.all():
        kept = each > 0
        start = _starts(np.array(_sums(kept.astype(np.int64), start), np.int64))
        members, each = members[kept], each[kept]
    return Entries(start, members, each, by_ballot, votes, _sums(weight[members] * each, start))


def _parts(supporters: Supporters, starts: Ints) -> Ints | None:
    """The parts that each entry of the profile is worth; None where all are worth one."""
    points = supporters.profile.points
    if supporters.kind == POINTS and points is not None:
        if isinstance(points, tuple):
            raise OverflowError("points over 64 bits")
        return np.frombuffer(points, np.int64)
    if supporters.kind == RANKS:
        ends = np.repeat(starts[1:], np.diff(starts))
        return ends - np.arange(len(ends), dtype=np.int64) - supporters.below
    return None


def _starts(counts: Ints) -> Ints:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def _sums(values: Ints, start: Ints) -> list[int]:
    """The sum of each stretch."""
    before = _starts(values)
    sums: list[int] = (before[start[1:]] - before[start[:-1]]).tolist()
    return sums


def columns(tally: Tally) -> Columns | None:
    """A tally as columns; None when its numbers are too large for them."""
    counts = max((*tally.parts, *tally.votes, tally.voters))
    amounts = max((tally.pot, tally.step, *tally.cost)).bit_length()
    if counts.bit_length() > LARGEST_BITS or amounts > WIDEST_BITS:
        return None
    wide = amounts > LARGEST_BITS
    try:
        found = tally.supporters.entries
    except OverflowError:
        return None
    return Columns(
        start=found.start,
        members=found.members,
        each=found.each,
        by_ballot=found.by_ballot,
        weight=np.frombuffer(tally.supporters.profile.weights, np.int64),
        carried=None
        if tally.carried is None
        else np.array(tally.carried, object if wide else np.int64),
        brought=tally.brought,
        voters=tally.voters,
        cost=tally.cost,
        parts=tally.parts,
        worth=tally.cost if tally.by_cost else [1] * len(tally.cost),
        order=tally.tie_order,
        wide=wide,
    )
