"""Doubly disadvantaged places from raw inputs, beside the published lists."""

from datetime import date

import numpy as np
import pytest

from doorstep.engine.need import (
    IMD_2019,
    LSOA_2011,
    LSOA_2021,
    WARD_2017,
    Figure,
    LookUp,
    NeedError,
    average,
    doubly_disadvantaged,
    programme,
    select,
)

from .conftest import DOMAINS, Real


@pytest.fixture(scope="module")
def wards(real: Real) -> LookUp:
    """Small areas of England to wards; the look-up also holds Wales."""
    return real.look_up(
        "lookup_lsoa11_ward17", LSOA_2011, WARD_2017, ("lsoa11_code", "ward17_code")
    )


def ward_average(real: Real, wards: LookUp, figure: Figure) -> Figure:
    groups = wards.groups(figure.areas)
    residents = real.of_imd19("pop_total_mid2015").on(figure.areas).astype(float)
    return Figure("ward average", groups.areas, average(figure.values, residents, groups))


def published(real: Real) -> set[str]:
    table = real.table("cni2019_england_ward17")
    flagged = zip(table["ward17_code"], table["Left Behind Area?"], strict=True)
    return {code for code, flag in flagged if flag == "True"}


def chosen(imd: Figure, cni: Figure) -> set[str]:
    """Wards in the worst tenth of both; an index that lacks a ward cannot put it there."""
    worst_imd = set(imd.areas.codes[imd.values <= len(imd.areas) // 10])
    worst_cni = set(cni.areas.codes[cni.values <= 743])
    return {str(code) for code in worst_imd & worst_cni}


def test_at_least_219_of_the_225_wards(real: Real, wards: LookUp) -> None:
    named = zip(IMD_2019.weights, DOMAINS[IMD_2019.name], strict=True)
    raw = {domain: real.of_imd19(f"{called}_rank") for domain, called in named}
    score = IMD_2019.figures(raw).score
    imd = ward_average(real, wards, score).ranked()
    mine = chosen(imd, real.of_cni19("Community Needs Index rank"))
    assert len(published(real)) == 225
    assert len(mine & published(real)) >= 219
    assert len(mine - published(real)) <= 8


def test_so_many_people_live_in_the_225_wards(real: Real, wards: LookUp) -> None:
    """2,386,368 in the middle of 2019, by the small areas that fit each ward best."""
    table = real.table("population_mid2019_mid2020_lsoa11")
    people = Figure.of(
        "residents", LSOA_2011, table["lsoa11_code"], np.array(table["pop2019"], dtype=int)
    )
    groups = wards.groups(people.areas)
    there = dict(zip(map(str, groups.areas.codes), groups.sums(people.values), strict=True))
    assert sum(there[code] for code in published(real)) == 2_386_368


def test_averaging_ranks_would_be_the_wrong_way(real: Real, wards: LookUp) -> None:
    by_rank = ward_average(real, wards, real.of_imd19("IMD_rank")).ranked(highest_first=False)
    mine = chosen(by_rank, real.of_cni19("Community Needs Index rank"))
    assert len(mine & published(real)) == 200


def test_1262_small_areas_are_in_the_worst_tenth_of_both(real: Real) -> None:
    imd = real.of_imd25("IMD_rank")
    cni = real.of_cni23("Community Needs Index 2023 Rank")
    mine = doubly_disadvantaged([imd, cni])
    assert mine.sum() == 1262
    table = real.table("cni2023_england_lsoa21")
    flags = dict(zip(table["lsoa21_code"], table["Left Behind Area?"], strict=True))
    stored = np.array([flags[code] == "True" for code in imd.areas.codes])
    assert (mine & stored).sum() >= 1156


def test_boundaries_of_two_years_do_not_meet(real: Real) -> None:
    with pytest.raises(NeedError, match="on LSOA 2021 areas, and the others are on LSOA 2011"):
        doubly_disadvantaged([real.of_imd19("IMD_rank"), real.of_imd25("IMD_rank")])


def test_msoas_under_the_fund_s_rules_of_today(real: Real) -> None:
    """Every verdict agrees with the rules applied by hand, area by area."""
    look = real.look_up(
        "lookup_lsoa21_msoa21_lad22_rgn22", LSOA_2021, programme("cwf", date(2026, 11, 28)).areas,
        ("lsoa21cd", "msoa21cd"),
    )  # fmt: skip
    imd, cni = real.of_imd25("IMD_score"), real.of_cni23("Community Needs Index 2023 Score")
    groups = look.groups(imd.areas)
    residents = real.census21().on(imd.areas).astype(float)
    rolled = {
        "IMD 2025": Figure("IMD", groups.areas, average(imd.values, residents, groups)).ranked(),
        "CNI 2023": Figure(
            "CNI", groups.areas, average(cni.on(imd.areas), residents, groups)
        ).ranked(),
    }
    people = Figure("residents", groups.areas, groups.sums(residents))
    rules = programme("cwf", date(2026, 11, 28))
    outcome = select(rules, rolled, people)
    for place, code in enumerate(groups.areas.codes):
        fits = 5_000 <= people.values[place] <= 15_000
        worst = all(figure.values[place] <= 685 for figure in rolled.values())
        assert outcome.chosen[place] == (fits and worst), code
    assert 0 < outcome.chosen.sum() == len(outcome.codes)
