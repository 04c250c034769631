"""Look-ups: which larger area each small area lies in, and what became of the areas of 2011.

A look-up is data with a year on both sides. One that maps an area twice, or leaves some of a
larger area out, is refused: an average over what happens to be there would be a wrong answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import NeedError, some
from .geography import UNSAID, Areas, Codes, Figure, Geography, Source, people, refuse_mixed
from .transform import Floats


@dataclass(frozen=True, eq=False)
class LookUp:
    """Each small area's larger area: `inside[i]` is the code of the one that `areas[i]` lies in."""

    areas: Areas
    to: Geography
    inside: Codes
    source: Source = UNSAID

    def __post_init__(self) -> None:
        inside = np.asarray(self.inside, dtype=np.str_)
        if inside.shape != (len(self.areas),):
            raise NeedError("length", "A look-up needs one larger area for each small one.")
        blank = inside == ""
        if blank.any():
            codes = [str(code) for code in self.areas.codes[blank]]
            raise NeedError("empty_code", f"No {self.to} is given for {some(codes)}.")
        object.__setattr__(self, "inside", inside)

    @classmethod
    def of(
        cls,
        small: Geography,
        to: Geography,
        pairs: Sequence[tuple[str, str]],
        source: Source = UNSAID,
    ) -> LookUp:
        """A look-up from (small code, larger code) pairs, such as a neighbourhood someone drew.

        Raises NeedError for a small area that stands twice, and says where it would lie.
        """
        codes = np.array([pair[0] for pair in pairs], dtype=np.str_)
        inside = np.array([pair[1] for pair in pairs], dtype=np.str_)
        refuse_twice(small, to, codes, inside)
        return cls(Areas(small, codes), to, inside, source)

    def groups(self, areas: Areas, *, whole: bool = True) -> Groups:
        """The larger areas of `areas`: theirs, and no others.

        With `whole` (the default) every small area that the look-up puts into one of them must be
        among `areas`. Raises NeedError for another year, for an area that the look-up lacks, and
        for a larger area of which a part is missing.
        """
        refuse_mixed(areas.geography, self.areas.geography, "The figure")
        positions = self.areas.positions(areas.codes, f"The look-up to {self.to}")
        codes, numbers = self._numbered
        inside = numbers[positions]
        here = np.bincount(inside, minlength=len(codes))
        if whole:
            self._refuse_parts(positions, here)
        # Only the larger areas that occur, numbered afresh.
        occurs = here > 0
        return Groups(Areas(self.to, codes[occurs]), (np.cumsum(occurs) - 1)[inside])

    @cached_property
    def _numbered(self) -> tuple[Codes, NDArray[np.intp]]:
        """Every larger area's code, in order, and for each small area the number of its own."""
        codes, numbers = np.unique(self.inside, return_inverse=True)
        return codes, numbers.astype(np.intp)

    def _refuse_parts(self, positions: NDArray[np.intp], here: NDArray[np.intp]) -> None:
        codes, numbers = self._numbered
        part = (here > 0) & (here < np.bincount(numbers, minlength=len(codes)))
        if part.any():
            lacking = part[numbers]
            lacking[positions] = False
            first = int(np.flatnonzero(lacking)[0])
            more = int(lacking.sum()) - 1
            others = f", nor for {more:,} other area{'s' * (more > 1)}" if more else ""
            raise NeedError(
                "missing_areas",
                f"{self.inside[first]} ({self.to}) is not whole: there is no figure for "
                f"{self.areas.codes[first]}{others}. Nothing was averaged over them.",
            )


def refuse_twice(small: Geography, to: Geography, codes: Codes, inside: Codes) -> None:
    """A small area lies in one larger area only."""
    order = np.argsort(codes, kind="stable")
    again = np.flatnonzero(codes[order][1:] == codes[order][:-1])
    if again.size:
        first, second = order[again[0]], order[again[0] + 1]
        raise NeedError(
            "mapped_twice",
            f"The look-up puts {codes[first]} ({small}) into {inside[first]} and again into "
            f"{inside[second]} ({to}): keep one row for each area.",
        )


@dataclass(frozen=True, eq=False)
class Groups:
    """Larger areas, and for each small area (in its figure's order) which of them it lies in."""

    areas: Areas
    group: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.areas)

    def sums(self, values: NDArray[Any]) -> Floats:
        """The sum of `values`, one for each small area, in each larger one."""
        weights = np.asarray(values, dtype=np.float64)
        return np.bincount(self.group, weights=weights, minlength=len(self.areas)).astype(
            np.float64
        )


class How(StrEnum):
    """How an area's figure came over from the older boundaries."""

    UNCHANGED = "unchanged"
    SPLIT = "split"
    MERGED = "merged"
    REDRAWN = "redrawn"


# As the Office for National Statistics marks a row of its look-up.
_LETTERS = {"U": How.UNCHANGED, "S": How.SPLIT, "M": How.MERGED, "X": How.REDRAWN}


@dataclass(frozen=True)
class Loss:
    """What carrying a figure to newer boundaries cost: areas, and residents of them, by how.

    Only `unchanged` areas keep their own figure. An area made by a split takes its parent's, as if
    need were spread evenly; a merged one the average of its parents by residents; a redrawn one
    the average of all that gave it land, which is no more than a guess.
    """

    areas: dict[How, int]
    residents: dict[How, int]

    @property
    def areas_not_exact(self) -> int:
        return sum(count for how, count in self.areas.items() if how is not How.UNCHANGED)

    @property
    def residents_not_exact(self) -> int:
        return sum(count for how, count in self.residents.items() if how is not How.UNCHANGED)

    @property
    def sentence(self) -> str:
        of = sum(self.areas.values())
        return (
            f"{self.areas_not_exact:,} of {of:,} areas ({self.areas_not_exact / of:.1%}) are not "
            f"exact: {self.areas.get(How.SPLIT, 0):,} take the figure of the area they were split "
            f"from, {self.areas.get(How.MERGED, 0):,} an average of those merged into them, and "
            f"{self.areas.get(How.REDRAWN, 0):,} were redrawn and are a guess."
        )


@dataclass(frozen=True)
class Carried:
    """A figure on newer boundaries, how each of its areas got it, and what was lost."""

    figure: Figure
    how: tuple[How, ...]
    loss: Loss


@dataclass(frozen=True, eq=False)
class Succession:
    """The published list of what became of each older area: one row for each old and new pair."""

    old: Geography
    new: Geography
    old_codes: Codes
    new_codes: Codes
    change: Codes  # ONS: U unchanged, S split, M merged, X redrawn
    source: Source = UNSAID

    def __post_init__(self) -> None:
        odd = sorted(set(np.unique(self.change).tolist()) - _LETTERS.keys())
        if odd:
            raise NeedError("change", f"A change is U, S, M or X, and not {odd[0]!r}.")
        pairs = np.char.add(np.char.add(self.old_codes, ">"), self.new_codes)
        if len(np.unique(pairs)) != len(pairs):
            raise NeedError("mapped_twice", "The look-up of changes holds one pair twice.")
        self._refuse_false_changes()

    def _refuse_false_changes(self) -> None:
        """An unchanged or split area has one parent; an unchanged or merged one, one child."""
        for codes, kinds, word in (
            (self.new_codes, "US", "older"),
            (self.old_codes, "UM", "newer"),
        ):
            _, position, count = np.unique(codes, return_inverse=True, return_counts=True)
            wrong = (count[position] > 1) & np.isin(self.change, list(kinds))
            if wrong.any():
                first = int(np.flatnonzero(wrong)[0])
                raise NeedError(
                    "mapped_twice",
                    f"{codes[first]} is listed as {self.change[first]} and has more than one "
                    f"{word} area: the look-up contradicts itself.",
                )

    def carry(self, figure: Figure, residents: Figure) -> Carried:
        """A score or rate on the newer areas; `residents` are those of the older areas.

        Only newer areas all of whose parents have a figure are in the answer. Carried ranks are
        averages and no longer ranks: rank the carried scores anew. Raises NeedError for figures
        of another year and for areas that the list or the residents lack.
        """
        rows, old_at = self._rows_of(figure)
        # Of an area that went to several, nobody knows how many of its people went where.
        children = np.bincount(old_at, minlength=len(figure.areas))[old_at]
        weight = people(residents, figure.areas)[old_at] / children
        new, at = np.unique(self.new_codes[rows], return_inverse=True)
        weights = np.bincount(at, weights=weight, minlength=len(new))
        summed = np.bincount(at, weights=weight * figure.values[old_at], minlength=len(new))
        # An area with one parent takes its figure to the last bit, not a product and a quotient.
        alone = np.bincount(at, minlength=len(new)) == 1
        values = summed / weights
        values[at[alone[at]]] = figure.values[old_at[alone[at]]]
        return self._carried(figure, new, values, rows, at, weight)

    def carry_amounts(self, figure: Figure, residents: Figure) -> Carried:
        """Numbers of people or pounds on the newer areas; `residents` are those of the NEWER areas.

        Where an older area went to several, its amount is shared by their residents, so that the
        total stays what it was. Raises NeedError as `carry` does.
        """
        rows, old_at = self._rows_of(figure)
        new, at = np.unique(self.new_codes[rows], return_inverse=True)
        weight = people(residents, Areas(self.new, new))[at]
        shares = weight / np.bincount(old_at, weights=weight, minlength=len(figure.areas))[old_at]
        values = np.bincount(at, weights=shares * figure.values[old_at], minlength=len(new))
        return self._carried(figure, new, values.astype(np.float64), rows, at, weight)

    def _rows_of(self, figure: Figure) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The pairs whose older area has a figure, and where it stands in the figure."""
        refuse_mixed(figure.areas.geography, self.old, figure.name)
        old_at, there = figure.areas.found(self.old_codes)
        Areas(self.old, np.unique(self.old_codes)).positions(
            figure.areas.codes, f"The look-up of changes from {self.old} to {self.new}"
        )
        half = np.isin(self.new_codes, self.new_codes[~there]) & there
        if half.any():
            codes = [str(code) for code in np.unique(self.new_codes[half])]
            raise NeedError(
                "missing_areas",
                f"{figure.name} has only a part of {some(codes)} ({self.new}): "
                "the other areas they were made from have no figure.",
            )
        rows = np.flatnonzero(there)
        return rows, old_at[rows]

    def _carried(
        self,
        figure: Figure,
        new: Codes,
        values: Floats,
        rows: NDArray[np.intp],
        at: NDArray[np.intp],
        weight: Floats,
    ) -> Carried:
        change = np.empty(len(new), dtype="U1")
        change[at] = self.change[rows]
        # A redrawn area stays redrawn, whatever else one of its rows says.
        change[at[self.change[rows] == "X"]] = "X"
        residents = np.bincount(at, weights=weight, minlength=len(new))
        kinds = {letter: change == letter for letter in _LETTERS}
        loss = Loss(
            {_LETTERS[key]: int(mask.sum()) for key, mask in kinds.items()},
            {_LETTERS[key]: round(residents[mask].sum()) for key, mask in kinds.items()},
        )
        source = replace(
            figure.source, note=f"carried from {self.old} to {self.new}: {loss.sentence}"
        )
        carried = Figure(figure.name, Areas(self.new, new), values, source)
        return Carried(carried, tuple(_LETTERS[str(one)] for one in change), loss)
