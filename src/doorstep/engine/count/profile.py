"""Ballots of one election, grouped, in columns: what the readers fill and the engines count.

A city has a hundred thousand ballots and a quarter of them differ, so a count never wants one
object for each. The columns are the standard library's arrays: nothing else need be installed to
make them, and NumPy or C look at the same memory without a copy.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate
from math import lcm

LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Ballot:
    """One way of voting, and how many voters voted exactly so.

    choices are positions in Election.projects, none twice: the projects supported, in order of
    rank on an ordinal ballot and ascending on any other. points, one for each choice and all
    above zero, are there only on cumulative and scoring ballots.
    """

    choices: tuple[int, ...]
    points: tuple[Fraction, ...]
    weight: int


# What a ballot says: choices and points, as Ballot has them.
Understood = tuple[tuple[int, ...], tuple[Fraction, ...]]


@dataclass(frozen=True, slots=True)
class Profile:
    """Grouped ballots as columns, in one order whatever the order in which votes came.

    Class c is every voter who voted exactly so. Classes ascend by choices, then by points, as
    tuples compare, and no two are alike; so equal profiles hold equal ballots, and the reverse.

    starts: int64 (`q`), classes + 1, the first 0. Class c has the entries from starts[c] up to
        starts[c + 1].
    choices: int32 (`i`), one for each entry: positions in Election.projects, in Ballot's order.
    weights: int64 (`q`), classes: how many voters, each at least 1.
    points: one for each entry, above zero, in units of 1 / point_size of a point: int64 (`q`),
        or a tuple of Python's whole numbers where one is too large for that. None where no
        ballot gives points.
    point_size: the least that makes all points whole; 1 without points.

    `numpy.frombuffer(profile.choices, numpy.int32)` is a view of a column; nothing may write to it.
    """

    starts: array[int]
    choices: array[int]
    weights: array[int]
    points: array[int] | tuple[int, ...] | None = None
    point_size: int = 1
    made: tuple[Ballot, ...] | None = field(default=None, init=False, repr=False, compare=False)

    def __len__(self) -> int:
        """How many classes: ways of voting that somebody used."""
        return len(self.weights)

    def __reduce__(self) -> tuple[Callable[..., Profile], tuple[object, ...]]:
        columns = (self.starts, self.choices, self.weights, self.points, self.point_size)
        return Profile, columns

    @property
    def voters(self) -> int:
        """How many voted, whoever cast a blank ballot too."""
        return sum(self.weights)

    @property
    def ballots(self) -> tuple[Ballot, ...]:
        """The same as values, one for each class and in its order; made when first asked for."""
        if self.made is None:
            object.__setattr__(self, "made", tuple(map(self.ballot, range(len(self)))))
        assert self.made is not None
        return self.made

    def ballot(self, position: int) -> Ballot:
        """The class at one position, as a value."""
        entries = slice(self.starts[position], self.starts[position + 1])
        points = () if self.points is None else self.points[entries]
        return Ballot(
            tuple(self.choices[entries]),
            tuple(Fraction(one, self.point_size) for one in points),
            self.weights[position],
        )


def profile_of(weights: Mapping[Understood, int]) -> Profile:
    """Put votes and how many voted so in order. Raises OverflowError for 2^63 voters."""
    return profile_in_order(sorted(weights.items()))


def profile_in_order(ordered: Sequence[tuple[Understood, int]]) -> Profile:
    """Columns of classes that are in order already."""
    votes = [vote for vote, _ in ordered]
    points, point_size = _points(one for _, points in votes for one in points)
    return Profile(
        starts=array("q", accumulate((len(choices) for choices, _ in votes), initial=0)),
        choices=array("i", (one for choices, _ in votes for one in choices)),
        weights=array("q", (weight for _, weight in ordered)),
        points=points,
        point_size=point_size,
    )


def _points(given: Iterable[Fraction]) -> tuple[array[int] | tuple[int, ...] | None, int]:
    exact = list(given)
    size = lcm(*{one.denominator for one in exact})
    return column_of_points([int(one * size) for one in exact]), size


def column_of_points(whole: list[int]) -> array[int] | tuple[int, ...] | None:
    """Points as Profile keeps them: the narrowest form that holds the largest."""
    if not whole:
        return None
    return array("q", whole) if max(whole) <= LARGEST else tuple(whole)
