"""The published figures of dormant assets against each other, and our rules against them."""

import csv
from datetime import date

import pytest

from doorstep.engine.need import largest_remainder
from doorstep.engine.rulebook import rule

from .conftest import SHARED

DAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def published() -> dict[tuple[str, str], float]:
    """{(when, what): millions of pounds}; of two sectors for one, the wider."""
    file = SHARED.parent / "grants" / "dormant_assets_published_figures.csv"
    if not file.exists():
        pytest.skip(f"{file} is not there (set DOORSTEP_SHARED_DATA)")
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    narrow_first = sorted(rows, key=lambda row: row["sector"] == "all")
    return {
        (row["period_or_date"], row["metric"]): float(row["value_gbp_m"]) for row in narrow_first
    }


def percent_released(published, when: str, released_by: str = "") -> int:
    moved = published[when, "transferred to RFL"]
    return round(100 * published[released_by or when, "released to good causes"] / moved)


def test_half_of_what_came_was_released(published) -> None:
    """55 percent in 2021, 50 in 2024, 52 by the estimate for the newer classes."""
    assert percent_released(published, "2011-2021-01 (cumulative)") == 55
    assert percent_released(published, "2011-2024-03 (cumulative)") == 50
    estimate = "expansion (estimate)"
    made, moved = (
        published[estimate, what]
        for what in ("made available to good causes", "transfers to scheme")
    )
    assert round(100 * made / moved) == 52
    assert published[estimate, "additional assets in scope"] == pytest.approx(
        moved + published[estimate, "to be reunited with owners"]
    )


def test_what_our_rules_keep_lies_in_what_was_kept(published) -> None:
    """The reserve shares of the rulebook are our choice: between the published ends."""
    kept = [
        100 - percent_released(published, when)
        for when in ("2011-2021-01 (cumulative)", "2011-2024-03 (cumulative)")
    ]
    assert min(kept) <= rule("fund.reclaim_reserve.bank", DAY).value <= max(kept)
    newer = 100 * (1 - 880 / 1700)
    for one in ("insurance", "investment", "securities"):
        assert rule(f"fund.reclaim_reserve.{one}", DAY).value == round(newer)


def test_the_parts_of_2024_to_2028_are_its_whole_and_the_match_its_double(published) -> None:
    plan = "2024-2028 (planned)"
    whole = published[plan, "England allocation total"]
    parts = [
        pounds for (when, what), pounds in published.items() if when == plan and "England: " in what
    ]
    assert len(parts) == 4
    assert sum(parts) == whole == 440
    wealth = published[plan, "England: community wealth funds"]
    assert wealth + published[plan, "TNLCF match for CWF"] == 175
    assert wealth * 100_000_000 == rule("fund.match_cap", DAY).value
    weights = [round(one * 10) for one in parts]
    assert largest_remainder(44_000_000_000, weights) == [one * 10_000_000 for one in weights]


def test_a_year_of_transfers_is_its_classes(published) -> None:
    year = "FY2023/24"
    assert published[year, "transferred to RFL in year"] == 241
    assert round(100 * 219 / 241) == 91


def test_england_and_the_others_are_all_of_a_release() -> None:
    names = ("england", "scotland", "wales", "northern_ireland")
    shares = [rule(f"fund.nation_share.{one}", DAY).value for one in names]
    assert sum(shares) in (100, 1000, 10_000)
    assert [round(100 * one / sum(shares), 1) for one in shares] == [83.9, 8.4, 4.9, 2.8]
