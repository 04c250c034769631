"""The forecast against a slow twin in plain Python, against itself, and against arithmetic."""

import json
from dataclasses import replace
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest

from doorstep.engine.forecast import (
    Scenario,
    Wave,
    forecast,
    paid,
    read_scenario,
    simulate,
    text_report,
)

MILLBROOK = files("doorstep.engine.forecast").joinpath("data", "millbrook.toml").read_text("utf-8")


@pytest.fixture(scope="module")
def millbrook() -> Scenario:
    return replace(read_scenario(MILLBROOK), paths=2_000)


def certain(scenario: Scenario, *, crisis: float = 0.0) -> Scenario:
    """The same without any luck: a crisis comes in no year, or with `crisis` of 1 in each."""
    scenario = scenario.having("crisis.chance", crisis)
    for name in scenario.assumptions:
        if name.endswith("spread"):
            scenario = scenario.having(name, 0.0)
    return scenario


def slowly(s: Scenario) -> dict[str, list[float]]:
    """One path without luck, year by year in plain numbers, as docs/forecast.md describes it."""
    bad = s["crisis.chance"]
    drop, sooner = bad * s["crisis.return_drop"], 1 + bad * (s["crisis.reclaims_rise"] - 1)
    state = {
        id: {
            "pool": s[f"{id}.pool_pounds"],
            "owed": max(
                s[f"{id}.transferred_so_far_pounds"] * s[f"{id}.reclaim_share"]
                - s[f"{id}.reclaimed_so_far_pounds"], 0.0,
            ),
            "held": s[f"{id}.opening_reserve_pounds"],
        }
        for id in s.classes
    }  # fmt: skip
    for one in state.values():
        one["expected"] = one["owed"]
    pot, price, matched_so_far = s["fund.opening_pounds"], 1.0, 0.0
    carried = dict.fromkeys((wave.name for wave in s.waves), 0.0)
    told: dict[str, list[float]] = {"pot": [], "reserve": [], "short": [], "matched": []}
    for year in range(s.years):
        price *= 1 + s["prices.inflation"] + bad * s["crisis.inflation_rise"]
        released = 0.0
        for id, one in state.items():
            moved = one["pool"] * s[f"{id}.transfer_share"]
            moved *= 1 - bad * s["crisis.transfers_fall"]
            one["pool"] += s[f"{id}.newly_dormant_pounds"] * price - moved
            one["owed"] += moved * s[f"{id}.reclaim_share"]
            one["expected"] += moved * s[f"{id}.reclaim_share"]
            leaves = (1 - 0.5 ** (1 / s[f"{id}.reclaim_half_life"])) * sooner
            back = one["owed"] * min(leaves, 1)
            one["owed"] -= back
            one["expected"] = max(one["expected"] - back, 0)
            kept = moved * s[f"{id}.reserve_share"]
            one["held"] = max(one["held"] * (1 + s["reserve.return"] - drop) + kept - back, 0)
            out = moved - kept
            if s.policy == "review":
                whole = one["held"] + out
                one["held"] = min(whole, s["reserve.margin"] * one["expected"])
                out = whole - one["held"]
            released += out
        received = released * s["fund.share_of_releases"]
        matched = min(received * s["match.ratio"], s["match.cap_pounds"] - matched_so_far)
        matched_so_far += matched
        pot *= (1 + s["fund.return"] - drop) * (1 - s["fund.costs_share"])
        pot += received + matched - s["fund.costs_pounds"] * price
        for wave in s.waves:
            age = s.first_year + year - wave.year
            if 0 <= age < len(wave.draw_down):
                carried[wave.name] += wave.pounds * wave.draw_down[age]
            if 0 <= age < len(wave.draw_down) + 2:
                drawn = carried[wave.name] * (1 - s["draw_down.carried_over"])
                carried[wave.name] -= drawn
                pot -= drawn * (price if s.keeps_pace_with_prices else 1)
        told["short"].append(max(-pot, 0))
        pot = max(pot, 0)
        told["pot"].append(pot)
        told["reserve"].append(sum(one["held"] for one in state.values()))
        told["matched"].append(matched)
    return told


@pytest.mark.parametrize("policy", ["fixed", "review"])
@pytest.mark.parametrize("pace", [True, False])
@pytest.mark.parametrize("crisis", [0.0, 1.0])
def test_without_luck_it_is_the_plain_sum(
    millbrook: Scenario, policy: str, pace: bool, crisis: float
) -> None:
    scenario = replace(
        certain(millbrook, crisis=crisis), policy=policy, keeps_pace_with_prices=pace
    )
    scenario = scenario.having("fund.share_of_releases", 0.8).having("fund.costs_share", 0.01)
    fast, slow = simulate(scenario, 3), slowly(scenario)
    for name, expected in slow.items():
        assert getattr(fast, name)[:, 1] == pytest.approx(expected, rel=1e-9, abs=1e-3), name


def test_luck_is_fair(millbrook: Scenario) -> None:
    """Spreads change the outcomes around the same middle: their factors average to one."""
    paths = simulate(millbrook.having("crisis.chance", 0.0), 20_000)
    without = simulate(certain(millbrook), 1)
    first = paths.transferred[0]
    assert first.mean() == pytest.approx(without.transferred[0, 0], rel=0.01)
    assert first.std() > 0.2 * first.mean()
    assert paths.prices[0].mean() == pytest.approx(1.022, abs=0.001)
    assert paths.prices[0].std() == pytest.approx(0.015, rel=0.05)
    assert (np.diff(np.log(paths.prices), axis=0).std(axis=1)).mean() == pytest.approx(
        0.0147, rel=0.1
    )


def test_bad_years_come_as_often_as_said_and_hit_everything_together(millbrook: Scenario) -> None:
    """Returns, prices, reclaims and transfers turn in the same years of the same paths."""
    calm = certain(millbrook)
    for name in ("return_drop", "inflation_rise", "transfers_fall"):
        calm = calm.having(f"crisis.{name}", 0.1)
    one = simulate(calm.having("crisis.chance", 0.05).having("crisis.stays", 0.0), 20_000)
    rise = np.diff(np.log(one.prices), axis=0, prepend=0)
    bad = rise > rise.min() + 1e-6
    assert bad.mean() == pytest.approx(0.05, abs=0.001)
    none = simulate(calm, 1)
    assert (one.transferred[0][bad[0]] < none.transferred[0, 0]).all()
    assert one.transferred[0][~bad[0]] == pytest.approx(none.transferred[0, 0])
    assert (one.reclaimed[0][bad[0]] / one.reclaimed[0][~bad[0]][0] > 1.4).all()
    assert (one.pot[0][bad[0]] < one.pot[0][~bad[0]].min()).all()
    longer = simulate(calm.having("crisis.chance", 0.05).having("crisis.stays", 0.5), 20_000)
    stays = np.diff(np.log(longer.prices), axis=0, prepend=0) > rise.min() + 1e-6
    # In the long run so many years are bad: chance / (1 - stays + chance).
    assert stays[20:].mean() == pytest.approx(0.05 / 0.55, abs=0.004)


def test_a_crisis_makes_the_promise_smaller_and_stands_in_the_tornado(millbrook: Scenario) -> None:
    answer = forecast(millbrook)
    calm = forecast(millbrook.having("crisis.chance", 0.0), tornado=False)
    assert calm.yearly > answer.yearly
    bars = {bar.assumption.name: bar for bar in answer.bars}
    assert bars["crisis.chance"].yearly_low > bars["crisis.chance"].yearly_high
    assert bars["crisis.return_drop"].swing > 0


def test_the_same_seed_says_the_same_and_another_does_not(millbrook: Scenario) -> None:
    one, two = forecast(millbrook, tornado=False), forecast(millbrook, tornado=False)
    assert json.dumps(one.as_dict()) == json.dumps(two.as_dict())
    other = forecast(replace(millbrook, seed=7), tornado=False)
    assert other.yearly != one.yearly
    assert other.yearly == pytest.approx(one.yearly, rel=0.05)


def test_each_assumption_meets_the_same_luck(millbrook: Scenario) -> None:
    """A change to one class leaves what happens to the others as it was."""
    before = simulate(millbrook, 200)
    changed = millbrook.having("insurance.reclaim_share", 0.35).having("fund.return", 0.0)
    after = simulate(changed, 200)
    assert np.array_equal(before.transferred, after.transferred)
    assert np.array_equal(before.prices, after.prices)
    assert not np.array_equal(before.reclaimed, after.reclaimed)


def test_a_promise_is_kept_exactly_where_nothing_was_short(millbrook: Scenario) -> None:
    tight = millbrook.having("fund.opening_pounds", 3_000_000.0).having("fund.return", 0.02)
    paths = simulate(tight)
    kept = paid(paths.scale)
    assert 0.05 < kept.mean() < 0.95
    assert np.array_equal(kept, ~(paths.short > 1e-6).any(axis=0))


def promise(scenario: Scenario, pounds: float, years: int) -> Scenario:
    every_year = Wave("every year", scenario.first_year, 1, pounds * years, (1 / years,) * years)
    return replace(scenario.having("draw_down.carried_over", 0.0), waves=(every_year,))


@pytest.mark.parametrize("pace", [True, False])
def test_the_largest_yearly_promise_is_the_largest(millbrook: Scenario, pace: bool) -> None:
    """Promised as a wave of its own, it is kept in 95 percent of paths; a little more is not."""
    steady = replace(millbrook, keeps_pace_with_prices=pace)
    for name in ("draw_down.carried_over_spread", "draw_down.place_spread"):
        steady = steady.having(name, 0.0)
    largest = forecast(steady, tornado=False).yearly
    for times, enough in ((0.999, True), (1.005, False)):
        paths = simulate(promise(steady, largest * times, steady.years))
        assert bool(paid(paths.scale).mean() >= 0.95) is enough


def test_all_waves_can_be_multiplied_by_what_it_says(millbrook: Scenario) -> None:
    scale = forecast(millbrook, tornado=False).waves_scale
    for times, enough in ((0.999, True), (1.005, False)):
        waves = tuple(replace(one, pounds=one.pounds * scale * times) for one in millbrook.waves)
        paths = simulate(replace(millbrook, waves=waves))
        assert bool(paid(paths.scale).mean() >= 0.95) is enough


def test_a_wave_counts_those_before_it(millbrook: Scenario) -> None:
    answer = forecast(millbrook, tornado=False)
    for number, wave in enumerate(answer.waves, start=1):
        alone = simulate(replace(millbrook, waves=millbrook.waves[:number]))
        assert paid(alone.scale).mean() == wave.kept
    assert all(one.kept >= two.kept for one, two in pairwise(answer.waves))
    assert answer.places_kept == answer.waves[-1].kept


def test_a_wave_that_the_fund_cannot_keep_is_said(millbrook: Scenario) -> None:
    third = replace(millbrook.waves[2], pounds=40_000_000.0)
    answer = forecast(replace(millbrook, waves=(*millbrook.waves[:2], third)), tornado=False)
    assert [wave.safe for wave in answer.waves] == [True, True, False]
    assert "Six more (6 places from 2041): with it, the promises are kept in" in answer.warnings[0]
    assert "Warning. Six more" in text_report(answer)
    thin = millbrook
    for id in millbrook.classes:
        thin = thin.having(f"{id}.reserve_share", 0.01).having(f"{id}.opening_reserve_pounds", 0.0)
    poor = forecast(thin, tornado=False)
    assert poor.owners_kept < 0.5
    assert poor.kept <= poor.owners_kept
    assert "the reserve cannot pay every owner" in poor.warnings[-1]


def test_no_pound_appears_or_is_lost(millbrook: Scenario) -> None:
    """Without returns: what was moved in is reclaimed, released or still in reserve."""
    still = millbrook.having("reserve.return", 0.0).having("reserve.return_spread", 0.0)
    still = still.having("crisis.return_drop", 0.0)
    for policy in ("fixed", "review"):
        paths = simulate(replace(still, policy=policy))
        opening = sum(still[f"{id}.opening_reserve_pounds"] for id in still.classes)
        out = paths.reclaimed.sum(axis=0) - paths.reclaim_short + paths.released.sum(axis=0)
        moved = opening + paths.transferred.sum(axis=0)
        assert moved == pytest.approx(out + paths.reserve[-1], rel=1e-9)


def test_the_match_never_passes_its_cap_nor_its_ratio(millbrook: Scenario) -> None:
    paths = simulate(millbrook)
    total = paths.matched.sum(axis=0)
    assert total.max() <= 6_000_000 * (1 + 1e-12)
    assert (total > 5_999_999).any()
    assert (paths.matched <= paths.received * 1.0 + 1e-6).all()
    assert (paths.matched >= -1e-6).all()


def test_releases_never_eat_the_reserve(millbrook: Scenario) -> None:
    """Under review nothing is released while the reserve is under what reclaims may need."""
    review = replace(certain(millbrook), policy="review")
    for id in review.classes:
        review = review.having(f"{id}.opening_reserve_pounds", 0.0)
    paths = simulate(review, 1)
    assert paths.released[0, 0] == 0
    assert paths.reserve[0, 0] > 0
    assert paths.released[-1, 0] > 0
    assert (paths.reserve >= 0).all()


def test_the_tornado_shows_what_each_assumption_does(millbrook: Scenario) -> None:
    answer = forecast(millbrook)
    ranged = {one.name for one in millbrook.assumptions.values() if one.ranges}
    assert {bar.assumption.name for bar in answer.bars} == ranged
    assert [bar.swing for bar in answer.bars] == sorted(
        (b.swing for b in answer.bars), reverse=True
    )
    returns = next(bar for bar in answer.bars if bar.assumption.name == "fund.return")
    assert returns.yearly_low < answer.yearly < returns.yearly_high
    costs = next(bar for bar in answer.bars if bar.assumption.name == "fund.costs_pounds")
    assert costs.yearly_low > costs.yearly_high


def test_the_answer_fits_a_terminal_and_tells_its_sources(millbrook: Scenario) -> None:
    text = text_report(forecast(millbrook))
    assert all(len(line) <= 80 for line in text.splitlines())
    assert text.startswith("Will it last? Millbrook, a made-up fund, 2026 to 2065\n")
    for said in ("8 percent\n    was reclaimed", "Six more", "seed 20261128", "yearly promise"):
        assert said in text
    assert "nan" not in text


def test_what_was_published_about_the_fund() -> None:
    """£87.5m released and matched is a pot of £175m: it lasts ten years to the last pound."""
    text = """
[scenario]
name = "CWF"
seed = 1
paths = 100
years = 10
first_year = 2026
[fund]
share_of_releases = 1.0
[match]
ratio = 1.0
cap_pounds = 87_500_000
[[class]]
id = "all"
pool_pounds = 100_000_000
transfer_share = 1.0
reclaim_share = 0.0
reserve_share = 0.125
[[wave]]
name = "everything"
year = 2026
places = 175
pounds_each = 1_000_000
years = 10
"""
    paths = simulate(read_scenario(text))
    assert paths.received[0, 0] == paths.matched[0, 0] == 87_500_000
    assert paths.pot[-1] == pytest.approx(0, abs=1e-3)
    answer = forecast(read_scenario(text))
    assert answer.kept == 1
    assert answer.waves_scale == pytest.approx(1)
    assert answer.yearly == pytest.approx(17_500_000)
