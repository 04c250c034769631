"""The answer to "will it last?": how likely every promise is kept, and what that hangs on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .paths import Paths, simulate
from .scenario import Assumption, ForecastError, Scenario

QUANTILES: Final = (5, 25, 50, 75, 95)
FLOWS: Final = (
    "transferred", "reclaimed", "released", "received", "matched", "drawn", "short",
)  # fmt: skip
SURE: Final = 95  # percent of paths in which a promise must be kept to be called safe
TORNADO_PATHS: Final = 2_000


@dataclass(frozen=True)
class WaveAnswer:
    """One wave: how likely its promises and those of the waves before it are all paid."""

    name: str
    year: int
    places: int
    pounds: float
    kept: float

    @property
    def safe(self) -> bool:
        return self.kept >= SURE / 100


@dataclass(frozen=True)
class Bar:
    """One assumption of the tornado: the outcome at the low and at the high end of its range."""

    assumption: Assumption
    kept_low: float
    kept_high: float
    yearly_low: float
    yearly_high: float

    @property
    def swing(self) -> float:
        """How much of the largest yearly promise hangs on it, in pounds."""
        return abs(self.yearly_high - self.yearly_low)


@dataclass(frozen=True)
class Forecast:
    """The answer. Chances are shares of paths; money is pounds of the first year's prices.

    kept: every promise, to places and to owners. places_kept, owners_kept: each alone.
    give_or_take: the standard error of `kept` that comes of so many paths.
    yearly: the largest sum that could be paid every year, instead of the waves, in 95 percent of
    paths; in each year's money unless promises keep pace with prices. waves_scale: by how much all
    promises could be multiplied and be kept in 95 percent of paths.
    fan: for pot, reserve and others a row for each year with the quantiles 5, 25, 50, 75, 95.
    means: yearly averages over paths. bars: the tornado, the largest first.
    """

    scenario: Scenario
    kept: float
    places_kept: float
    owners_kept: float
    give_or_take: float
    yearly: float
    waves_scale: float
    waves: tuple[WaveAnswer, ...]
    fan: dict[str, tuple[tuple[float, ...], ...]]
    means: dict[str, tuple[float, ...]]
    bars: tuple[Bar, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the fund should not promise, in words."""
        found = [
            f"{one.name} ({one.places:,} places from {one.year}): with it, the promises are kept "
            f"in {percent(one.kept)} of paths, under {SURE}%. The fund cannot be sure to keep it."
            for one in self.waves
            if not one.safe
        ]
        if self.owners_kept < 1:
            found.append(
                f"In {percent(1 - self.owners_kept)} of paths the reserve cannot pay every owner "
                "who comes forward. Keep more of each transfer."
            )
        return tuple(found)

    def as_dict(self) -> dict[str, Any]:
        """Everything as JSON values, with every assumption, its range and its source."""
        s = self.scenario
        return {
            "scenario": {
                "name": s.name, "about": s.about, "seed": s.seed, "paths": s.paths,
                "first_year": s.first_year, "years": s.years, "policy": s.policy,
                "keeps_pace_with_prices": s.keeps_pace_with_prices,
            },
            "assumptions": [
                {"name": one.name, "value": one.value, "low": one.low, "high": one.high,
                 "unit": one.unit, "means": one.means, "source": one.source}
                for one in s.assumptions.values()
            ],
            "kept": self.kept, "places_kept": self.places_kept, "owners_kept": self.owners_kept,
            "give_or_take": self.give_or_take, "largest_yearly_promise": self.yearly,
            "waves_scale": self.waves_scale,
            "waves": [
                {"name": one.name, "year": one.year, "places": one.places, "pounds": one.pounds,
                 "kept": one.kept}
                for one in self.waves
            ],
            "quantiles": list(QUANTILES),
            "fan": {name: [list(row) for row in rows] for name, rows in self.fan.items()},
            "means": {name: list(row) for name, row in self.means.items()},
            "tornado": [
                {"name": bar.assumption.name, "low": bar.assumption.low,
                 "high": bar.assumption.high, "kept_low": bar.kept_low, "kept_high": bar.kept_high,
                 "yearly_low": bar.yearly_low, "yearly_high": bar.yearly_high}
                for bar in self.bars
            ],
            "warnings": list(self.warnings),
        }  # fmt: skip


def percent(share: float) -> str:
    """A share of paths for people: never 100.0% or 0.0% for what is only nearly so."""
    if 0.9995 <= share < 1:
        return "over 99.9%"
    if 0 < share < 0.0005:
        return "under 0.1%"
    return f"{share:.1%}"


def forecast(scenario: Scenario, *, tornado: bool = True) -> Forecast:
    """Run a scenario and answer it; the tornado runs it twice more for each assumption that has a
    range, on 2,000 paths with the same luck. Raises ForecastError where nothing is promised."""
    if not scenario.waves:
        raise ForecastError(f"{scenario.name}: nothing is promised; add a [[wave]].")
    paths = simulate(scenario)
    kept = kept_paths(paths)
    waves = tuple(
        WaveAnswer(one.name, one.year, one.places, one.pounds, float(paid(scale).mean()))
        for one, scale in zip(scenario.waves, paths.wave_scale, strict=True)
    )
    return Forecast(
        scenario=scenario,
        kept=float(kept.mean()),
        places_kept=float(paid(paths.scale).mean()),
        owners_kept=float((paths.reclaim_short <= 0).mean()),
        give_or_take=float(kept.std() / np.sqrt(kept.size)),
        yearly=largest_yearly_promise(paths),
        waves_scale=max(_held_by_most(paths.scale), 0),
        waves=waves,
        fan={
            "pot": _quantiles(paths.pot / paths.prices),
            "reserve": _quantiles(paths.reserve / paths.prices),
        },
        means={
            name: _means(getattr(paths, name) / paths.prices)
            for name in FLOWS
        },
        bars=_tornado(scenario) if tornado else (),
    )  # fmt: skip


def largest_yearly_promise(paths: Paths) -> float:
    """The largest sum a year that 95 percent of paths could have paid in every year."""
    return _held_by_most(paths.yearly)


def kept_paths(paths: Paths) -> NDArray[np.bool_]:
    """The paths in which every promise is kept, to places and to owners."""
    kept: NDArray[np.bool_] = paid(paths.scale) & (paths.reclaim_short <= 0)
    return kept


def paid(scale: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether everything due was paid; a pot that is drawn to exactly nothing has paid."""
    return scale >= 1 - 1e-9


def _held_by_most(values: NDArray[np.float64]) -> float:
    """The largest value that 95 percent of paths reach: one of theirs, not one between two."""
    return float(np.quantile(values, 1 - SURE / 100, method="lower"))


def _quantiles(values: NDArray[np.float64]) -> tuple[tuple[float, ...], ...]:
    found = np.quantile(values, [q / 100 for q in QUANTILES], axis=1)
    return tuple(tuple(float(one) for one in row) for row in found.T)


def _means(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(one) for one in values.mean(axis=1))


def _tornado(scenario: Scenario) -> tuple[Bar, ...]:
    paths = min(scenario.paths, TORNADO_PATHS)

    def at(one: Assumption, value: float) -> tuple[float, float]:
        ran = simulate(scenario.having(one.name, value), paths)
        return float(kept_paths(ran).mean()), largest_yearly_promise(ran)

    bars = []
    for one in scenario.assumptions.values():
        if one.ranges:
            (kept_low, yearly_low), (kept_high, yearly_high) = at(one, one.low), at(one, one.high)
            bars.append(Bar(one, kept_low, kept_high, yearly_low, yearly_high))
    return tuple(sorted(bars, key=lambda bar: (-bar.swing, bar.assumption.name)))
