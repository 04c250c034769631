"""What `doorstep forecast` does between its options and its text."""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from pathlib import Path

from .answer import Forecast, forecast
from .report import sweep_report, text_report
from .scenario import MOST_BYTES, ForecastError, Scenario, read_scenario
from .sweep import read_varied, sweep

# The made-up fund that comes with Doorstep, to be looked at and copied.
SHIPPED = "millbrook"


def forecast_of(file: Path, *, tornado: bool) -> Forecast:
    """Forecast a scenario file, or the one called "millbrook" that comes with Doorstep."""
    return forecast(scenario_of(file), tornado=tornado)


def write_sweep(file: Path, vary: list[str], dask: str | None, *, as_json: bool) -> None:
    """Run a scenario at every combination of some assumptions' values, here or on a cluster."""
    scenario = scenario_of(file)
    points = sweep(scenario, read_varied(scenario, vary), dask=dask)
    if as_json:
        json.dump([point.as_dict() for point in points], sys.stdout, sort_keys=True)
        sys.stdout.write("\n")
    else:
        sys.stdout.write(sweep_report(scenario, points))


def scenario_of(file: Path) -> Scenario:
    return read_scenario(text_of(file), file.name)


def text_of(file: Path) -> str:
    """The text of a scenario file, or of the one called "millbrook". Raises ForecastError for what
    is too long or no text."""
    if str(file) == SHIPPED and not file.exists():
        return files(__package__).joinpath("data", f"{SHIPPED}.toml").read_text("utf-8")
    with file.open("rb") as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ForecastError(f"{file.name}: is longer than any scenario.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ForecastError(f"{file.name}: is not UTF-8 text.") from None


def write(answer: Forecast, *, as_json: bool) -> None:
    """The answer on standard output: text for people, or JSON with every assumption."""
    if as_json:
        json.dump(answer.as_dict(), sys.stdout, ensure_ascii=False, sort_keys=True)
        sys.stdout.write("\n")
    else:
        sys.stdout.write(text_report(answer))
