"""A figure is joined to another only on the same kind of area of the same year, or is carried over
by the published look-up, which says what was lost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.engine.need import (
    LSOA_2011,
    LSOA_2021,
    Areas,
    Figure,
    Geography,
    How,
    LookUp,
    NeedError,
    Succession,
)

from .conftest import Real

# a stays; b splits into b1 and b2; c and d merge into m; x and y are redrawn into p and q.
ROWS = [("a", "a", "U"), ("b", "b1", "S"), ("b", "b2", "S"), ("c", "m", "M"), ("d", "m", "M"),
        ("x", "p", "X"), ("x", "q", "X"), ("y", "q", "X")]  # fmt: skip
OLD = ["a", "b", "c", "d", "x", "y"]


def changes(rows: list[tuple[str, str, str]]) -> Succession:
    old, new, change = (np.array(column) for column in zip(*rows, strict=True))
    return Succession(LSOA_2011, LSOA_2021, old, new, change)


def on_2011(name: str, values: list[float]) -> Figure:
    return Figure.of(name, LSOA_2011, OLD, values)


def test_a_score_goes_over_and_says_what_it_lost() -> None:
    score = on_2011("IMD 2019 score", [10.0, 20.0, 30.0, 60.0, 1.0, 4.0])
    carried = changes(ROWS).carry(score, on_2011("people", [100, 200, 300, 100, 200, 100]))
    found = {str(code): carried.figure.at(str(code)) for code in carried.figure.areas.codes}
    assert found["a"] == 10.0
    assert found["b1"] == found["b2"] == 20.0
    assert found["m"] == (300 * 30 + 100 * 60) / 400
    assert found["p"] == 1.0
    assert found["q"] == (100 * 1 + 100 * 4) / 200  # half of x's people, for nobody knows better
    assert carried.loss.areas == {How.UNCHANGED: 1, How.SPLIT: 2, How.MERGED: 1, How.REDRAWN: 2}
    assert sum(carried.loss.residents.values()) == 1000
    assert carried.loss.areas_not_exact == 5
    assert carried.loss.residents_not_exact == 900
    assert "5 of 6 areas (83.3%) are not exact" in carried.loss.sentence
    assert carried.figure.areas.geography == LSOA_2021
    assert "carried from LSOA 2011 to LSOA 2021" in carried.figure.source.note
    assert dict(zip(carried.figure.areas.codes, carried.how, strict=True))["q"] is How.REDRAWN


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**9), min_size=6, max_size=6), st.integers(1, 9999))
def test_an_amount_keeps_its_total(amounts: list[int], residents: int) -> None:
    new = ["a", "b1", "b2", "m", "p", "q"]
    people = Figure.of("people", LSOA_2021, new, [residents + 17 * n for n in range(6)])
    carried = changes(ROWS).carry_amounts(on_2011("pounds", [float(a) for a in amounts]), people)
    assert carried.figure.values.sum() == pytest.approx(sum(amounts))
    assert carried.figure.at("m") == amounts[2] + amounts[3]


def test_imd_2019_on_the_areas_of_2021(real: Real) -> None:
    """The published counts of what changed: 31,810 of England's areas did not."""
    score, people = real.of_imd19("IMD_score"), real.of_imd19("pop_total_mid2015")
    carried = real.succession().carry(score, people)
    assert len(carried.figure.areas) == 33_755
    assert carried.loss.areas[How.UNCHANGED] == 31_810
    assert carried.loss.areas[How.REDRAWN] == 6
    assert sum(carried.loss.residents.values()) == pytest.approx(54_728_204, abs=2)
    same = Areas(LSOA_2021, np.array(["E01000001"]))
    assert carried.figure.on(same)[0] == score.at("E01000001")


def test_codes_alone_never_join_two_years() -> None:
    here, there = (
        Figure.of("score", geography, ["a", "b"], [1, 2]) for geography in (LSOA_2011, LSOA_2021)
    )
    with pytest.raises(NeedError, match="on LSOA 2011 areas, and the others are on LSOA 2021"):
        here.on(there.areas)
    look = LookUp.of(LSOA_2021, Geography("ward", 2024), [("a", "W"), ("b", "W")])
    with pytest.raises(NeedError) as refused:
        look.groups(here.areas)
    assert refused.value.code == "mixed_years"
    with pytest.raises(NeedError, match="on LSOA 2021 areas, and the others are on LSOA 2011"):
        changes(ROWS).carry(there, there)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("a", "a", "U"), ("b", "a", "U")], "a is listed as U and has more than one older area"),
        ([("a", "p", "M"), ("a", "q", "M")], "a is listed as M and has more than one newer area"),
        ([("a", "a", "U"), ("a", "a", "U")], "holds one pair twice"),
        ([("a", "a", "Z")], "U, S, M or X, and not 'Z'"),
    ],
)
def test_a_list_of_changes_that_contradicts_itself_is_refused(
    rows: list[tuple[str, str, str]], why: str
) -> None:
    with pytest.raises(NeedError, match=why):
        changes(rows)


def test_a_part_of_what_was_merged_carries_nothing() -> None:
    half = Figure.of("score", LSOA_2011, ["a", "c"], [1, 2])
    with pytest.raises(NeedError, match="has only a part of m"):
        changes(ROWS).carry(half, half)
    unknown = Figure.of("score", LSOA_2011, ["a", "zz"], [1, 2])
    with pytest.raises(NeedError, match=r"has nothing for 1 of 2 areas .* zz"):
        changes(ROWS).carry(unknown, unknown)


def test_a_small_area_lies_in_one_larger_area_only() -> None:
    with pytest.raises(NeedError, match=r"puts a \(LSOA 2021\) into W and again into V") as refused:
        LookUp.of(LSOA_2021, Geography("ward", 2024), [("a", "W"), ("b", "W"), ("a", "V")])
    assert refused.value.code == "mapped_twice"
    with pytest.raises(NeedError, match="No ward 2024 is given for b"):
        LookUp.of(LSOA_2021, Geography("ward", 2024), [("a", "W"), ("b", "")])


@pytest.mark.parametrize(
    ("codes", "values", "why"),
    [
        (["a", "a"], [1, 2], "a stands twice"),
        (["a", ""], [1, 2], "has no code"),
        ([], [], "no areas"),
        (["a"], [1, 2], "2 values for 1 areas"),
        (["a"], [float("nan")], "no number for a"),
        (["a"], [float("inf")], "no number for a"),
        (["a"], ["3"], "not numbers"),
    ],
)
def test_a_figure_that_is_none_is_refused(codes: list[str], values: list[float], why: str) -> None:
    with pytest.raises(NeedError, match=why):
        Figure.of("score", LSOA_2021, codes, values)


def test_a_geography_says_its_kind_and_year() -> None:
    assert Geography.named("ward 2017") == Geography("ward", 2017)
    assert str(Geography.named(" combined authority 2024 ")) == "combined authority 2024"
    for odd in ("ward", "2017", "ward 17", "", "ward 3017"):
        with pytest.raises(NeedError, match="write it like LSOA 2021"):
            Geography.named(odd)
