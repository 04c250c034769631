"""The answer as text for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor
from textwrap import wrap

from .answer import FLOWS, QUANTILES, SURE, Bar, Forecast, percent
from .scenario import Assumption, Scenario
from .sweep import Point

WIDTH = 80
_OUTCOMES = f"{'all kept':>12}{'yearly promise':>16}"
# "transferred" and ten figures would touch.
_HEADS = {"transferred": "moved in"}


def text_report(answer: Forecast) -> str:
    """The answer, what it hangs on and every assumption, in plain words."""
    return "\n".join(_lines(answer)) + "\n"


def _lines(answer: Forecast) -> Iterator[str]:
    s = answer.scenario
    last = s.first_year + s.years - 1
    yield from wrap(f"Will it last? {s.name}, {s.first_year} to {last}", WIDTH)
    yield from wrap(s.about, WIDTH)
    yield f"{s.paths:,} paths of {s.years} years; seed {s.seed}: run again, it says the same."
    yield ""
    yield from wrap(
        f"Every promise is kept in {percent(answer.kept)} of paths (give or take "
        f"{100 * answer.give_or_take:.1f}): to places in {percent(answer.places_kept)}, to owners "
        f"who reclaim in {percent(answer.owners_kept)}.",
        WIDTH,
    )
    pace = "rising with prices" if s.keeps_pace_with_prices else "not rising with prices"
    yield from wrap(
        f"The largest yearly promise kept in {SURE}% of paths is {short_pounds(answer.yearly)}, "
        f"{pace}, in place of the waves below. All that the waves are promised could be multiplied "
        f"by {floor(100 * answer.waves_scale) / 100:.2f} and be kept in {SURE}% of paths.",
        WIDTH,
    )
    yield ""
    yield f"{'Wave':<30} {'from':>5} {'places':>7} {'promised':>12}  kept up to it"
    for wave in answer.waves:
        mark = "" if wave.safe else "  <- not sure"
        yield (
            f"{wave.name[:30]:<30} {wave.year:>5} {wave.places:>7,} "
            f"{short_pounds(wave.pounds):>12}  {percent(wave.kept)}{mark}"
        )
    for warning in answer.warnings:
        yield ""
        yield from wrap(f"Warning. {warning}", WIDTH)
    yield ""
    yield from _fan(answer)
    yield from _flows(answer)
    yield from _tornado(answer)
    yield from _assumptions(answer)


def sweep_report(scenario: Scenario, points: list[Point]) -> str:
    """A row for each combination: the values that were set, and what came of them."""
    names = list(points[0].values)
    lines = wrap(f"Will it last? {scenario.name}: {len(points):,} combinations", WIDTH)
    lines.append("".join(f"{name[-17:]:>18}" for name in names) + _OUTCOMES)
    for point in points:
        row = "".join(
            f"{amount(scenario.assumptions[name], value):>18}"
            for name, value in point.values.items()
        )
        lines.append(f"{row}{percent(point.kept):>12}{short_pounds(point.yearly):>16}")
    return "\n".join(lines) + "\n"


def _years(answer: Forecast) -> list[int]:
    """The first year, every fifth, and the last."""
    last = answer.scenario.years - 1
    return sorted({0, *range(4, last, 5), last})


def _fan(answer: Forecast) -> Iterator[str]:
    for name, title in (("pot", "The pot"), ("reserve", "The reserve for owners")):
        yield f"{title} at the end of a year, in the first year's prices:"
        yield f"{'year':>6}" + "".join(f"{f'{q}% below':>14}" for q in QUANTILES)
        for year in _years(answer):
            row = answer.fan[name][year]
            said = "".join(f"{short_pounds(value):>14}" for value in row)
            yield f"{answer.scenario.first_year + year:>6}{said}"
        yield ""


def _flows(answer: Forecast) -> Iterator[str]:
    yield "On average in a year, in the first year's prices (released: by all classes"
    yield "together; received: by this fund; short: due to places and not there):"
    yield "  year" + "".join(f"{_HEADS.get(name, name):>10}" for name in FLOWS)
    for year in _years(answer):
        row = "".join(f"{short_pounds(answer.means[name][year]):>10}" for name in FLOWS)
        yield f"{answer.scenario.first_year + year:>6}{row}"
    yield ""


def _tornado(answer: Forecast) -> Iterator[str]:
    if not answer.bars:
        return
    yield "What it hangs on, each alone at the ends of its range, the strongest first:"
    yield f"{'':<27}{'range':>19}{'yearly promise':>18}{'all kept':>16}"
    for bar in answer.bars:
        yield _bar(bar)
    yield ""


def _bar(bar: Bar) -> str:
    one = bar.assumption
    between = f"{amount(one, one.low)} to {amount(one, one.high)}"
    yearly = f"{short_pounds(bar.yearly_low)} to {short_pounds(bar.yearly_high)}"
    kept = f"{100 * bar.kept_low:.1f} to {bar.kept_high:.1%}"
    return f"{one.name[:27]:<27}{between:>19}{yearly:>18}{kept:>16}"


def _assumptions(answer: Forecast) -> Iterator[str]:
    yield "Assumptions and where they come from:"
    for one in answer.scenario.assumptions.values():
        if one.source:
            line = f"{one.name} {amount(one, one.value)}: {one.means}. {one.source}."
            yield from wrap(line.replace("..", "."), WIDTH, subsequent_indent="    ")
    silent = [one.name for one in answer.scenario.assumptions.values() if not one.source]
    if silent:
        yield from wrap(f"Left at their defaults: {', '.join(silent)}.", WIDTH)


def amount(one: Assumption, value: float) -> str:
    """A value in its own unit: "£1.2m", "5.0%", "7 years"."""
    if one.unit == "pounds":
        return short_pounds(value)
    if one.unit in ("share", "rate", "spread"):
        return f"{100 * value:.3g}%"
    return f"{value:g}" + (" years" if one.unit == "years" else "")


def short_pounds(value: float) -> str:
    """Money in three figures or so: "£950", "£12.3k", "£1.75m", "£2.40bn"."""
    size = abs(value)
    sign = "-" if value < 0 else ""
    for least, divisor, unit in ((999.5e6, 1e9, "bn"), (999_500, 1e6, "m"), (1_000, 1e3, "k")):
        if size >= least:
            scaled = size / divisor
            places = 2 if scaled < 10 else 1 if scaled < 100 else 0
            return f"{sign}£{scaled:,.{places}f}{unit}"
    return f"{sign}£{size:.0f}"
