"""The published indices as formulae: which domains, which weights, how many areas of which year.

Each is a weighted sum of its domains' exponentially transformed ranks. With the ranks of a whole
country this gives the published scores but for the rounding of what was published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import NeedError
from .geography import LSOA_2011, LSOA_2021, WARD_2017, Areas, Figure, Geography, Source
from .transform import Floats, exponential, refuse_odd_ranks

_IMD = {
    "Income": 0.225,
    "Employment": 0.225,
    "Education": 0.135,
    "Health": 0.135,
    "Crime": 0.093,
    "Barriers": 0.093,
    "Living environment": 0.093,
}
_CNI = {"Civic assets": 1.0, "Connectedness": 1.0, "Active and engaged community": 1.0}
_OGL = "Open Government Licence v3.0"


@dataclass(frozen=True)
class Index:
    """An edition of an index: the weight of each domain, the areas it covers and its source."""

    name: str
    geography: Geography
    areas: int
    weights: Mapping[str, float]
    source: Source

    def score(self, domain_ranks: Mapping[str, NDArray[Any]], of: int | None = None) -> Floats:
        """The index from its domains' ranks, 1 the worst; one array of one length for each domain.

        Without `of` the ranks must be those of all areas together, and a gap in them is refused.
        Give `of` (this edition's `areas`) for some areas of a country with their national ranks.
        Raises NeedError for a missing or unknown domain, and for ranks that cannot be.
        """
        if domain_ranks.keys() != self.weights.keys():
            odd = sorted(domain_ranks.keys() ^ self.weights.keys())
            raise NeedError(
                "domains",
                f"{self.name} is made of {', '.join(self.weights)}; check {', '.join(odd)}.",
            )
        lengths = {np.shape(rank) for rank in domain_ranks.values()}
        if len(lengths) != 1:
            raise NeedError("length", f"The domains of {self.name} are not of one length.")
        total: Floats = np.zeros(lengths.pop())
        for domain, weight in self.weights.items():
            rank = np.asarray(domain_ranks[domain])
            if of is None:
                refuse_odd_ranks(rank, f"{self.name}, {domain}")
            total += weight * exponential(rank, of or rank.size)
        return total

    def figures(self, domain_ranks: Mapping[str, Figure], of: int | None = None) -> IndexFigures:
        """Score and rank of each area, from figures that must be on this edition's areas.

        Raises NeedError as `score` does, and for figures on areas of another kind or year.
        """
        if not domain_ranks:
            raise NeedError("domains", f"{self.name} is made of {', '.join(self.weights)}.")
        areas = next(iter(domain_ranks.values())).areas
        whole = Areas(self.geography, areas.codes)
        given = {domain: figure.on(whole) for domain, figure in domain_ranks.items()}
        source = replace(self.source, note="worked out from the ranks of the domains")
        score = Figure(f"{self.name} score", whole, self.score(given, of), source)
        return IndexFigures(score, of)


@dataclass(frozen=True)
class IndexFigures:
    """A score for each area, and its rank: 1 is the highest need."""

    score: Figure
    of: int | None = None

    @property
    def rank(self) -> Figure:
        """Only for a whole country: some of its areas have no rank of their own here."""
        if self.of is not None and self.of != len(self.score.areas):
            raise NeedError("partial", "Ranks need every area; this has only some of them.")
        return self.score.ranked()


def _iod(year: int) -> Source:
    return Source(
        title=f"English Indices of Deprivation {year}, File 7",
        publisher="Ministry of Housing, Communities and Local Government",
        licence=_OGL,
        year=year,
    )


def _cni(year: int) -> Source:
    return Source(
        title=f"Community Needs Index {year}",
        publisher="OCSI for Local Trust",
        licence="The holder's own copy: no open licence was found",
        year=year,
    )


# IoD technical reports 2019 and 2025: the same weights. CNI: the plain sum of its three domains.
IMD_2019 = Index("IMD 2019", LSOA_2011, 32_844, _IMD, _iod(2019))
IMD_2025 = Index("IMD 2025", LSOA_2021, 33_755, _IMD, _iod(2025))
CNI_2019 = Index("CNI 2019", WARD_2017, 7_433, _CNI, _cni(2019))
CNI_2023 = Index("CNI 2023", LSOA_2021, 33_755, _CNI, _cni(2023))
INDICES: Mapping[str, Index] = {
    index.name: index for index in (IMD_2019, IMD_2025, CNI_2019, CNI_2023)
}
