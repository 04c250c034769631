"""A scenario at every combination of some assumptions' values, here or on a Dask cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, Final

from .answer import kept_paths, largest_yearly_promise
from .paths import simulate
from .scenario import ForecastError, Scenario, refuse_value

MOST_COMBINATIONS: Final = 10_000


@dataclass(frozen=True)
class Point:
    """One combination: the values that were set, and what came of them (as in Forecast)."""

    values: Mapping[str, float]
    kept: float
    yearly: float

    def as_dict(self) -> dict[str, Any]:
        return {
            "values": dict(self.values),
            "kept": self.kept,
            "largest_yearly_promise": self.yearly,
        }


def sweep(
    scenario: Scenario, varied: Mapping[str, Sequence[float]], *, dask: str | None = None
) -> list[Point]:
    """Run every combination of `varied` (an assumption's name to its values), each with the same
    luck, in order; the last name varies fastest. `dask` is a scheduler's address.

    Raises ForecastError for a name or a value that cannot be, nothing to vary and over 10,000
    combinations; ClusterError as the count on a cluster does.
    """
    if not scenario.waves:
        raise ForecastError(f"{scenario.name}: nothing is promised; add a [[wave]].")
    if not varied:
        raise ForecastError("a sweep needs values: say --vary fund.return=0.01,0.03.")
    if prod(len(values) for values in varied.values()) > MOST_COMBINATIONS:
        raise ForecastError(f"a sweep has at most {MOST_COMBINATIONS:,} combinations.")
    for name, values in varied.items():
        for value in values:
            refuse_value(scenario, name, value)
    settings = [dict(zip(varied, values, strict=True)) for values in product(*varied.values())]
    if dask is None:
        return [run_one(scenario, one) for one in settings]
    return _on_cluster(scenario, settings, dask)


def run_one(scenario: Scenario, values: Mapping[str, float]) -> Point:
    """One combination: what a worker of a cluster runs."""
    for name, value in values.items():
        scenario = scenario.having(name, value)
    paths = simulate(scenario)
    return Point(values, float(kept_paths(paths).mean()), largest_yearly_promise(paths))


def _on_cluster(scenario: Scenario, settings: list[dict[str, float]], address: str) -> list[Point]:
    from doorstep.engine.count.cluster import connect
    from doorstep.engine.count.command import ClusterError

    client = connect(address)
    from distributed import KilledWorker

    try:
        tasks = client.map(lambda values: run_one(scenario, values), settings, pure=False)
        found: list[Point] = client.gather(tasks)
    except ImportError as problem:
        raise ClusterError(
            f"the workers cannot forecast ({problem}): install this Doorstep there."
        ) from None
    except (OSError, CancelledError, KilledWorker):
        raise ClusterError("the cluster was lost while it forecast: run the same again.") from None
    finally:
        client.close()
    return found


def read_varied(scenario: Scenario, given: Sequence[str]) -> dict[str, list[float]]:
    """Read "fund.return=0.01,0.03" and the like. Raises ForecastError for anything else."""
    varied: dict[str, list[float]] = {}
    for text in given:
        name, _, values = text.partition("=")
        if name in varied:
            raise ForecastError(f"{name} is varied twice: give all its values at once.")
        try:
            varied[name] = [float(value) for value in values.split(",")]
        except ValueError:
            raise ForecastError(
                f"{text[:60]!r} is no list of values: write it like fund.return=0.01,0.03."
            ) from None
        for value in varied[name]:
            refuse_value(scenario, name, value)
    return varied
