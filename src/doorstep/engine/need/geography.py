"""Areas that know their year, and figures that know their areas and their source.

A small area of 2011 and one of 2021 can carry the same code and be different land. So a figure
is never joined to another by code alone: both must say the same kind of area and the same year.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import NeedError, some
from .transform import Floats, ranks

Codes = NDArray[np.str_]
_NAMED = re.compile(r"(.+) ((?:19|20)[0-9]{2})")


@dataclass(frozen=True, order=True)
class Geography:
    """A kind of area and the year of its boundaries: "LSOA 2021", "ward 2017", "council 2024"."""

    unit: str
    year: int

    def __str__(self) -> str:
        return f"{self.unit} {self.year}"

    @classmethod
    def named(cls, text: str) -> Geography:
        """The geography called "LSOA 2021". Raises NeedError for anything else."""
        found = _NAMED.fullmatch(text.strip())
        if not found:
            raise NeedError(
                "geography",
                f"{text!r} is not a kind of area and its year: write it like LSOA 2021.",
            )
        return cls(found[1], int(found[2]))


LSOA_2011 = Geography("LSOA", 2011)
LSOA_2021 = Geography("LSOA", 2021)
MSOA_2021 = Geography("MSOA", 2021)
WARD_2017 = Geography("ward", 2017)


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where figures come from: it travels with them to every page that shows them.

    `year` is that of the edition, not of the boundaries. `sha256` is of the file's bytes as they
    were handed in; both it and `file` are empty for figures that were worked out.
    """

    title: str
    publisher: str
    licence: str
    year: int
    file: str = ""
    sha256: str = ""
    note: str = ""

    @property
    def line(self) -> str:
        """One line to stand under a figure: title, publisher, licence."""
        return f"{self.title}. {self.publisher}. {self.licence}"


UNSAID = Source(title="not said", publisher="not said", licence="not said", year=0)


@dataclass(frozen=True, eq=False)
class Areas:
    """Areas of one geography: each code once, in the order given.

    Raises NeedError for no area at all, an empty code, or a code that stands twice.
    """

    geography: Geography
    codes: Codes
    _order: NDArray[np.intp] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        codes = np.asarray(self.codes, dtype=np.str_)
        if codes.ndim != 1 or not codes.size:
            raise NeedError("no_areas", f"There are no areas of {self.geography}.")
        order = np.argsort(codes, kind="stable")
        in_order = codes[order]
        if not in_order[0]:
            raise NeedError("empty_code", f"An area of {self.geography} has no code.")
        twice = in_order[1:][in_order[1:] == in_order[:-1]]
        if twice.size:
            raise NeedError(
                "duplicate_code",
                f"{twice[0]} stands twice among the areas of {self.geography}: "
                "keep one row for each area.",
            )
        codes.setflags(write=False)
        object.__setattr__(self, "codes", codes)
        object.__setattr__(self, "_order", order)

    def __len__(self) -> int:
        return len(self.codes)

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and bool(self.found(np.array([code]))[1][0])

    def found(self, codes: Codes) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Where each code stands here, and whether it does; the other positions mean nothing."""
        spots = np.searchsorted(self.codes, codes, sorter=self._order)
        positions = self._order[np.minimum(spots, len(self.codes) - 1)]
        return positions, self.codes[positions] == codes

    def positions(self, codes: Codes, what: str) -> NDArray[np.intp]:
        """Where each code stands here. Raises NeedError that names those that do not."""
        if np.array_equal(self.codes, codes):
            return np.arange(len(codes))
        positions, there = self.found(codes)
        if not there.all():
            missing = [str(code) for code in codes[~there]]
            raise NeedError(
                "missing_areas",
                f"{what} has nothing for {len(missing):,} of {len(codes):,} areas of "
                f"{self.geography}: {some(missing)}. Nothing was averaged over them.",
            )
        return positions

    def same_as(self, other: Areas) -> bool:
        return self.geography == other.geography and np.array_equal(self.codes, other.codes)


@dataclass(frozen=True, eq=False)
class Figure:
    """One number for each area, with its name, its areas' year and its source.

    `values` has one entry for each of `areas`, in their order. Raises NeedError for another
    length, and for a value that is missing (NaN) or endless.
    """

    name: str
    areas: Areas
    values: NDArray[Any]
    source: Source = UNSAID

    def __post_init__(self) -> None:
        values = np.asarray(self.values)
        if values.shape != (len(self.areas),):
            raise NeedError(
                "length",
                f"{self.name}: {values.size:,} values for {len(self.areas):,} areas.",
            )
        if values.dtype.kind not in "iuf":
            raise NeedError("not_numbers", f"{self.name}: these are not numbers.")
        bad = ~np.isfinite(values) if values.dtype.kind == "f" else np.zeros(0, dtype=np.bool_)
        if bad.any():
            raise NeedError(
                "missing_value",
                f"{self.name} has no number for {some([str(c) for c in self.areas.codes[bad]])}.",
            )
        values.setflags(write=False)
        object.__setattr__(self, "values", values)

    @classmethod
    def of(
        cls,
        name: str,
        geography: Geography,
        codes: Sequence[str] | Codes,
        values: Sequence[float] | NDArray[Any],
        source: Source = UNSAID,
    ) -> Figure:
        """A figure from plain codes and values."""
        return cls(name, Areas(geography, np.asarray(codes)), np.asarray(values), source)

    def on(self, areas: Areas) -> NDArray[Any]:
        """The values in the order of `areas`, which may be some of this figure's areas.

        Raises NeedError where the kind or year of area differs (`mixed_years`), and where this
        figure lacks one of the areas (`missing_areas`).
        """
        refuse_mixed(self.areas.geography, areas.geography, self.name)
        if np.array_equal(self.areas.codes, areas.codes):
            return self.values
        picked: NDArray[Any] = self.values[self.areas.positions(areas.codes, self.name)]
        return picked

    def at(self, code: str) -> float:
        """The value of one area."""
        position = self.areas.positions(np.array([code]), self.name)[0]
        return float(self.values[position])

    def ranked(self, *, highest_first: bool = True) -> Figure:
        """The ranks of these areas by this figure: 1 for the highest (or the lowest)."""
        return self.with_values(
            f"rank by {self.name}", ranks(self.values, highest_first=highest_first)
        )

    def with_values(self, name: str, values: NDArray[Any]) -> Figure:
        """Another figure of the same areas, worked out from this one."""
        note = f"worked out from {self.name}"
        return Figure(name, self.areas, values, replace(self.source, note=note))


def people(figure: Figure, areas: Areas) -> Floats:
    """Residents of each of `areas`. Raises NeedError where an area has none, or fewer.

    Nothing can be weighted by an area without people, and no real small area is without them: a
    zero is a row that went wrong.
    """
    values = figure.on(areas).astype(np.float64)
    empty = values <= 0
    if empty.any():
        raise NeedError(
            "no_people",
            f"{figure.name} is zero or less for {some([str(c) for c in areas.codes[empty]])}. "
            "Check the column, or leave the area out and say so.",
        )
    return values


def refuse_mixed(first: Geography, second: Geography, what: str) -> None:
    """Boundaries of two years, or of two kinds, are never joined by their codes."""
    if first != second:
        raise NeedError(
            "mixed_years",
            f"{what} is on {first} areas, and the others are on {second}. "
            "Carry it over with the published look-up first, which says what is lost.",
        )
