"""From the domains' ranks alone, the formulae give the published scores, ranks and deciles."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from doorstep.engine.need import (
    CNI_2019,
    CNI_2023,
    IMD_2019,
    IMD_2025,
    Index,
    NeedError,
    deciles,
    exponential,
    ranks,
    refuse_odd_ranks,
)

from .conftest import DOMAINS, Real


def domain_ranks(real: Real, file: str, index: Index, ending: str) -> dict[str, NDArray[Any]]:
    named = zip(index.weights, DOMAINS[index.name], strict=True)
    return {domain: real.numbers(file, called + ending) for domain, called in named}


@pytest.mark.parametrize(
    ("of", "rank", "published"),
    [
        (7433, 1, 100.0), (7433, 743, 50.4622), (7433, 3614, 16.2796), (7433, 7433, 0.0031),
        (33755, 1, 100.0), (33755, 3375, 50.4357), (33755, 16878, 15.6475), (33755, 33755, 0.0007),
    ],
)  # fmt: skip
def test_the_transform_gives_the_published_values(of: int, rank: int, published: float) -> None:
    assert abs(float(exponential(rank, of)) - published) < 0.00005


@pytest.mark.parametrize(
    ("index", "file", "worst", "exact_ranks"),
    [
        (IMD_2025, "imd2025_england_lsoa21", 0.0007, 0.9999),
        (IMD_2019, "imd2019_england_lsoa11_file7_rebuilt", 0.0014, 0.996),
    ],
)
def test_imd_from_its_domains(
    real: Real, index: Index, file: str, worst: float, exact_ranks: float
) -> None:
    score = index.score(domain_ranks(real, file, index, "_rank"))
    assert len(score) == index.areas
    # A hair above the bar: both were rounded to 4 places when they were written down.
    assert np.abs(score - real.numbers(file, "IMD_score")).max() < worst + 0.00005
    mine = ranks(score)
    published = real.numbers(file, "IMD_rank").astype(int)
    assert (mine == published).mean() > exact_ranks
    assert (deciles(mine, index.areas) == real.numbers(file, "IMD_decile")).all()


@pytest.mark.parametrize(
    ("index", "file"),
    [(IMD_2025, "imd2025_england_lsoa21"), (IMD_2019, "imd2019_england_lsoa11_file7_rebuilt")],
)
def test_every_published_decile_is_an_equal_group_of_ranks(
    real: Real, index: Index, file: str
) -> None:
    for column in (name for name in real.table(file) if name.endswith("_rank")):
        rank = real.numbers(file, column).astype(int)
        published = real.numbers(file, column.replace("_rank", "_decile"))
        assert (deciles(rank, index.areas) == published).all(), column


def test_the_easy_mistake_would_be_seen(real: Real) -> None:
    """(N - rank) / N in place of (N - rank + 1) / N is the same as ranks one too high."""
    file, index = "imd2025_england_lsoa21", IMD_2025
    given = domain_ranks(real, file, index, "_rank")
    of = index.areas
    mistaken = sum(
        weight * -23 * np.log(1 - (of - given[domain]) / of * (1 - np.exp(-100 / 23)))
        for domain, weight in index.weights.items()
    )
    published = real.numbers(file, "IMD_score")
    assert np.abs(mistaken - published).max() > 0.04
    assert (ranks(mistaken) == real.numbers(file, "IMD_rank")).mean() < 0.85


def test_cni_2019_from_its_domains(real: Real) -> None:
    file = "cni2019_england_ward17"
    score = CNI_2019.score(domain_ranks(real, file, CNI_2019, " rank"))
    assert np.abs(score - real.numbers(file, "Community Needs Index score")).max() < 0.0095
    same = ranks(score) == real.numbers(file, "Community Needs Index rank")
    assert same.mean() > 0.999


def test_cni_2023_from_its_domains(real: Real) -> None:
    file = "cni2023_england_lsoa21"
    score = CNI_2023.score(domain_ranks(real, file, CNI_2023, " Rank"))
    off = np.abs(score - real.numbers(file, "Community Needs Index 2023 Score"))
    assert off.max() < 0.0225
    assert (off <= 0.0051).mean() > 0.999
    apart = np.abs(ranks(score) - real.numbers(file, "Community Needs Index 2023 Rank"))
    assert (apart <= 2).mean() > 0.9999
    assert round(score[real.table(file)["lsoa21_code"].index("E01026129")], 2) == 251.21


def test_some_areas_need_the_number_of_all(real: Real) -> None:
    file = "imd2025_england_lsoa21"
    some = {
        name: rank[100:140] for name, rank in domain_ranks(real, file, IMD_2025, "_rank").items()
    }
    scores = IMD_2025.score(some, of=IMD_2025.areas)
    assert np.abs(scores - real.numbers(file, "IMD_score")[100:140]).max() < 0.00075
    with pytest.raises(NeedError, match=r"IMD 2025, Income, rank .* an area is missing"):
        IMD_2025.score(some)


def test_ranks_are_those_of_a_whole_country_or_refused() -> None:
    refuse_odd_ranks(np.array([2, 1, 4, 2]))
    for odd in ([1, 2, 4], [2, 3], [0, 1, 2], [1, 2, 3, 3, 4], [1, 1, 2]):
        with pytest.raises(NeedError, match="should") as refused:
            refuse_odd_ranks(np.array(odd), "the list")
        assert refused.value.code == "rank_gap"
    with pytest.raises(NeedError, match="no areas"):
        refuse_odd_ranks(np.array([]))
    for rank, of in ((0, 3), (4, 3), (1, 0), (-1, 3)):
        with pytest.raises(NeedError, match="outside 1 to"):
            exponential(rank, of)
    with pytest.raises(NeedError, match="outside 1 to"):
        exponential(np.array([1.0, np.nan]), 3)


def test_level_values_share_the_better_rank() -> None:
    assert ranks(np.array([5.0, 9.0, 5.0, 1.0])).tolist() == [2, 1, 2, 4]
    assert ranks(np.array([5.0, 9.0, 5.0, 1.0]), highest_first=False).tolist() == [2, 4, 2, 1]
    with pytest.raises(NeedError, match="has no rank"):
        ranks(np.array([1.0, np.nan]))


def test_a_domain_too_few_or_too_many_is_refused() -> None:
    three = np.arange(1, 4)
    with pytest.raises(NeedError, match="check Connectedness"):
        CNI_2023.score({"Civic assets": three, "Active and engaged community": three})
    with pytest.raises(NeedError, match="one length"):
        CNI_2023.score(
            {"Civic assets": three, "Connectedness": three,
             "Active and engaged community": np.arange(1, 5)}
        )  # fmt: skip
