"""Ranks, and the exponential transform on which the English indices are built.

All ranks here run from 1, the most deprived or the most in need, to N. Areas that are level share
the better rank and the ranks after it are skipped (1, 2, 2, 4), as every published file does.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .errors import NeedError

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

# English Indices of Deprivation, technical report: the constant makes the worst tenth take half
# of the range, so that a low need on one domain does not cancel a high one on another.
SPREAD: Final = 23.0


def exponential(rank: NDArray[Any] | int, of: int) -> Floats:
    """E(rank): 100 for the most deprived of `of` areas, falling to nearly 0 for the least.

    E = -23 ln(1 - R (1 - e^(-100/23))) with R = (N - rank + 1) / N: so R is 1, not (N - 1) / N,
    for the most deprived. `rank` has any shape and the answer has the same. Source: English
    Indices of Deprivation, technical report. Raises NeedError for a rank outside 1 to `of`.
    """
    ranks = np.asarray(rank, dtype=np.float64)
    if of < 1 or (ranks.size and not (ranks.min() >= 1 and ranks.max() <= of)):
        raise NeedError("rank_range", f"A rank lies outside 1 to {of:,}: check how many areas.")
    share = (of - ranks + 1) / of
    transformed: Floats = -SPREAD * np.log1p(share * np.expm1(-100 / SPREAD))
    return transformed


def ranks(values: NDArray[Any], *, highest_first: bool = True) -> Whole:
    """Rank 1 for the highest value (or the lowest); equal values share the better rank."""
    measured = -np.asarray(values, dtype=np.float64) if highest_first else np.asarray(values)
    if np.isnan(measured).any():
        raise NeedError("missing_value", "A value is missing, and a missing value has no rank.")
    found: Whole = np.searchsorted(np.sort(measured), measured, side="left").astype(np.int64) + 1
    return found


def refuse_odd_ranks(rank: NDArray[Any], what: str = "the ranks") -> None:
    """Ranks of a whole country must stand as ranking leaves them: no gap, no area missing.

    A gap that equal ranks leave (1, 2, 2, 4) is right; any other gap, such as 1, 2, 4, means that
    an area is missing or a rank is wrong, and is refused. NeedError says the first odd rank.
    """
    found = np.asarray(rank)
    if not found.size:
        raise NeedError("no_areas", f"There are no areas in {what}.")
    in_order = np.sort(found)
    expected = np.searchsorted(in_order, in_order, side="left") + 1
    odd = np.flatnonzero(in_order != expected)
    if odd.size:
        first = odd[0]
        raise NeedError(
            "rank_gap",
            f"In {what}, rank {in_order[first]:,} stands where rank {expected[first]:,} should: "
            "an area is missing or a rank is wrong. Use the whole file as it was published.",
        )


def equal_groups(rank: NDArray[Any], of: int, groups: int) -> Whole:
    """The group of each rank when `of` areas are cut into equal groups: ceil(rank / of x groups).

    With 10 groups these are the published deciles, with 100 the percentiles of the extent.
    """
    return -(-np.asarray(rank, dtype=np.int64) * groups // of)


def deciles(rank: NDArray[Any], of: int) -> Whole:
    """1 for the most deprived tenth of areas to 10 for the least, as published."""
    return equal_groups(rank, of, 10)


def line(of: int, percent: int) -> int:
    """The last rank inside the worst `percent` of `of` areas: 3,375 of 33,755 for 10 percent."""
    if not 0 < percent <= 100:
        raise NeedError("percent", f"{percent} percent of areas is no share: use 1 to 100.")
    return of * percent // 100
