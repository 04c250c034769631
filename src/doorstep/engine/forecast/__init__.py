"""Will it last? Dormant money, reclaims, releases, match and promises, ten thousand times at once.

>>> from doorstep.engine.forecast import forecast, read_scenario
>>> forecast(read_scenario(Path("SCENARIO.toml").read_text())).kept     # the share of paths

A library of its own: Python and NumPy, no Django. docs/forecast.md lists every assumption.
"""

from .answer import Bar, Forecast, WaveAnswer, forecast, largest_yearly_promise, paid
from .paths import Paths, simulate
from .report import text_report
from .scenario import Assumption, ForecastError, Scenario, Wave, read_scenario
from .sweep import Point, read_varied, sweep

__all__ = [
    "Assumption",
    "Bar",
    "Forecast",
    "ForecastError",
    "Paths",
    "Point",
    "Scenario",
    "Wave",
    "WaveAnswer",
    "forecast",
    "largest_yearly_promise",
    "paid",
    "read_scenario",
    "read_varied",
    "simulate",
    "sweep",
    "text_report",
]
