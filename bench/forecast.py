"""10,000 paths of 40 years for 150 places, beside the draws and sums nobody could avoid."""

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
RUNS = 5
PATHS, YEARS, PLACES = 10_000, 40, 150
BARS = f"Bar: {PATHS:,} paths of {YEARS} years for {PLACES} places in 1 s."


def run() -> None:
    print(f"\nForecast, one process, best of {RUNS}. {BARS}", flush=True)
    subprocess.run([sys.executable, "-m", "bench.forecast"], cwd=ROOT, check=True)


def main() -> None:
    from doorstep.engine.forecast import forecast, simulate

    scenario = scenario_of_150_places()
    print(f"{'step':<54} {'CPU s':>7} {'wall s':>7} {'MB':>6}")
    paths = _row("the paths alone", lambda: simulate(scenario))
    _row(
        "the whole answer, with its fans and largest promise",
        lambda: forecast(scenario, tornado=False),
    )
    _row("and the tornado (16 assumptions twice, 2,000 paths)", lambda: forecast(scenario), 1)
    arrays = luck_of(scenario)
    plain = _row(f"plain NumPy: draw {arrays} arrays of luck, add each up", lambda: _plain(arrays))
    print(f"{'distance of the paths to the plain pass':<54} {paths / plain:>6.1f}x")


def _row(step: str, act: Callable[[], object], runs: int = RUNS) -> float:
    processor, wall = [], []
    for _ in range(runs):
        began, busy = time.perf_counter(), time.process_time()
        act()
        processor.append(time.process_time() - busy)
        wall.append(time.perf_counter() - began)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"{step:<54} {min(processor):>7.3f} {min(wall):>7.3f} {held:>6.0f}", flush=True)
    return min(processor)


def scenario_of_150_places():
    """The made-up fund, grown to three waves of 50 places, each with an award of its own."""
    from doorstep.engine.forecast import read_scenario

    text = files("doorstep.engine.forecast").joinpath("data", "millbrook.toml").read_text("utf-8")
    waves = ""
    for wave in range(3):
        awards = [1_000_000 + 10_000 * ((wave * 50 + place) * 37 % 150) for place in range(50)]
        year = 2026 + 5 * wave
        waves += (
            f'[[wave]]\nname = "wave {wave}"\nyear = {year}\nyears = 10\nawards_pounds = {awards}\n'
        )
    grown = text.split("[[wave]]")[0].replace("value = 3_400_000", "value = 134_000_000")
    return read_scenario(grown + waves)


def luck_of(scenario) -> int:
    """How many arrays of one number for each year and path the scenario draws."""
    named = ("fund.return_spread", "reserve.return_spread", "prices.inflation_spread")
    yearly = [
        f"{id}.{field}"
        for id in scenario.classes
        for field in ("year_spread", "reclaim_year_spread")
    ]
    return sum(scenario[name] > 0 for name in (*named, *yearly)) + len(scenario.waves)


def _plain(arrays: int) -> object:
    draw = np.random.default_rng(1)
    total = np.zeros(PATHS)
    for _ in range(arrays):
        luck = draw.standard_normal((YEARS, PATHS))
        for year in range(YEARS):
            total = total * 1.01 + luck[year]
    return total


if __name__ == "__main__":
    main()
