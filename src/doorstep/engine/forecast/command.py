"""What `doorstep forecast` does between its options and its text."""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from pathlib import Path

from .answer import Forecast, forecast
from .report import text_report
from .scenario import MOST_BYTES, ForecastError, read_scenario

# The made-up fund that comes with Doorstep, to be looked at and copied.
SHIPPED = "millbrook"


def forecast_of(file: Path, *, tornado: bool) -> Forecast:
    """Forecast a scenario file, or the one called "millbrook" that comes with Doorstep."""
    if str(file) == SHIPPED and not file.exists():
        text = files(__package__).joinpath("data", f"{SHIPPED}.toml").read_text("utf-8")
        return forecast(read_scenario(text, f"{SHIPPED}.toml"), tornado=tornado)
    with file.open("rb") as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ForecastError(f"{file.name}: is longer than any scenario.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ForecastError(f"{file.name}: is not UTF-8 text.") from None
    return forecast(read_scenario(text, file.name), tornado=tornado)


def write(answer: Forecast, *, as_json: bool) -> None:
    """The answer on standard output: text for people, or JSON with every assumption."""
    if as_json:
        json.dump(answer.as_dict(), sys.stdout, ensure_ascii=False, sort_keys=True)
        sys.stdout.write("\n")
    else:
        sys.stdout.write(text_report(answer))
