"""From small areas to wards, MSOAs, councils or any drawn set: the five published summaries.

Indices of Deprivation, technical report, "summarising the indices at higher levels" (2019: 3.8 and
appendix N). In files 10 and onwards the average rank and the local concentration count ranks the
other way round, N for the most deprived; so do those two here, and `average_rank_from_worst` not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .errors import NeedError
from .geography import Areas, Figure, Source, people
from .lookup import Groups, LookUp
from .transform import Floats, Whole, deciles, equal_groups

# The share of a larger area's residents that its local concentration looks at.
CONCENTRATED: Final = 0.10


def average(values: NDArray[Any], residents: Floats, groups: Groups) -> Floats:
    """The population-weighted average of small areas' values (scores, ranks) in each group."""
    means: Floats = groups.sums(values * residents) / groups.sums(residents)
    return means


def proportion(rank: NDArray[Any], of: int, groups: Groups) -> Floats:
    """The share of each group's small areas that are in the worst tenth nationally (unweighted)."""
    worst = (deciles(rank, of) == 1).astype(np.float64)
    shares: Floats = groups.sums(worst) / groups.sums(np.ones(len(worst)))
    return shares


def extent_weight(rank: NDArray[Any], of: int) -> Floats:
    """How much an area counts in the extent: 1 in the worst tenth, 0.95 in the 11th percentile,
    falling by 0.90/19 each percentile to 0.05 in the 30th, and 0 beyond."""
    percentile = equal_groups(rank, of, 100)
    weight: Floats = np.where(
        percentile <= 10,
        1.0,
        np.where(percentile <= 30, 0.95 - (percentile - 11) * (0.90 / 19), 0.0),
    )
    return weight


def extent(rank: NDArray[Any], of: int, residents: Floats, groups: Groups) -> Floats:
    """The share of each group's residents in the worst areas, with no sharp edge at a tenth."""
    return average(extent_weight(rank, of), residents, groups)


def local_concentration(rank: NDArray[Any], of: int, residents: Floats, groups: Groups) -> Floats:
    """The average rank, N for the most deprived, of the worst areas holding exactly a tenth of
    each group's residents; of the last such area only the residents still needed count."""
    order = np.lexsort((np.asarray(rank), groups.group))
    group, here = groups.group[order], residents[order]
    before = np.cumsum(here) - here
    starts = np.searchsorted(group, np.arange(len(groups)))
    before -= before[starts][group]
    wanted = CONCENTRATED * groups.sums(residents)
    counted = np.clip(wanted[group] - before, 0.0, here)
    turned = of + 1 - np.asarray(rank, dtype=np.float64)[order]
    sums = np.bincount(group, weights=counted * turned, minlength=len(groups))
    concentrated: Floats = sums / np.bincount(group, weights=counted, minlength=len(groups))
    return concentrated


@dataclass(frozen=True, eq=False)
class Summaries:
    """One number of each kind for each larger area, in the order of `areas` (by code)."""

    areas: Areas
    small_areas: Whole
    residents: Floats
    average_score: Floats
    average_rank: Floats
    average_rank_from_worst: Floats
    proportion: Floats
    extent: Floats
    local_concentration: Floats
    source: Source

    def figure(self, measure: str) -> Figure:
        """One of the measures, such as "average_score", as a figure of the larger areas."""
        values = getattr(self, measure, None)
        if not isinstance(values, np.ndarray):
            raise NeedError("measure", f"There is no summary called {measure!r}.")
        return Figure(measure.replace("_", " "), self.areas, values, self.source)


def roll_up(score: Figure, rank: Figure, residents: Figure, lookup: LookUp, of: int) -> Summaries:
    """All five summaries of an index for every larger area that the look-up puts its areas into.

    `of` is how many areas the index ranks nationally. Residents weigh, and must be the index's own
    denominators to meet published figures (2019: mid-2015 without prisoners; for the employment
    domain the working-age population). Raises NeedError for figures on areas of other years, for
    areas missing from any of them, and for an area without people.
    """
    areas = score.areas
    groups = lookup.groups(areas)
    ranked, weights = rank.on(areas), people(residents, areas)
    if ranked.min() < 1 or ranked.max() > of:
        raise NeedError("rank_range", f"{rank.name} has a rank outside 1 to {of:,}.")
    from_worst = average(ranked, weights, groups)
    note = f"summed up from {areas.geography} to {lookup.to} by {residents.name}"
    return Summaries(
        areas=groups.areas,
        small_areas=np.bincount(groups.group, minlength=len(groups)).astype(np.int64),
        residents=groups.sums(weights),
        average_score=average(score.values, weights, groups),
        average_rank=of + 1 - from_worst,
        average_rank_from_worst=from_worst,
        proportion=proportion(ranked, of, groups),
        extent=extent(ranked, of, weights, groups),
        local_concentration=local_concentration(ranked, of, weights, groups),
        source=replace(score.source, note=note),
    )
