"""A scenario: every assumption by name, with its range and its source, read from TOML or refused.

Money is in pounds and may be a float here: a forecast books nothing.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Final

MOST_BYTES: Final = 1 << 20
MOST_PATHS: Final = 1_000_000
MOST_YEARS: Final = 100
MOST_POUNDS: Final = 1e13


class ForecastError(ValueError):
    """A scenario that cannot be run, said in one line."""


@dataclass(frozen=True)
class Field:
    """What one assumption is: its unit, its bounds, and its value when the file is silent."""

    unit: str
    least: float
    most: float
    default: float | None
    means: str


def _pounds(means: str, default: float | None = 0.0) -> Field:
    return Field("pounds", 0, MOST_POUNDS, default, means)


def _share(means: str, default: float | None = None) -> Field:
    return Field("share", 0, 1, default, means)


def _spread(means: str, default: float | None = 0.0) -> Field:
    return Field("spread", 0, 2, default, means)


# Every assumption there is. A name in a scenario is section.field, for a class its id and field.
SECTIONS: Final[Mapping[str, Mapping[str, Field]]] = {
    "fund": {
        "opening_pounds": _pounds("money in the pot on the first day"),
        "share_of_releases": _share("what reaches this fund of all that is released", 1.0),
        "costs_pounds": _pounds("running costs a year, in the first year's prices"),
        "costs_share": Field("share", 0, 0.5, 0.0, "running costs as a share of the pot a year"),
        "return": Field("rate", -0.5, 0.5, 0.0, "return on the pot a year"),
        "return_spread": _spread("standard deviation of that return"),
    },
    "reserve": {
        "return": Field("rate", -0.5, 0.5, 0.0, "return on the reserve a year"),
        "return_spread": _spread("standard deviation of that return"),
        "margin": Field("times", 1, 10, 1.5, "reserve kept for each pound of reclaims expected"),
    },
    "prices": {
        "inflation": Field("rate", -0.2, 0.5, 0.0, "rise of prices a year"),
        "inflation_spread": _spread("standard deviation of that rise"),
        "persistence": Field("share", 0, 0.99, 0.0, "how much of a year's surprise stays the next"),
    },
    "match": {
        "ratio": Field("times", 0, 10, 0.0, "match money for each pound that reaches the fund"),
        "cap_pounds": _pounds("most match money ever, from the first year on", MOST_POUNDS),
    },
    "crisis": {
        "chance": _share("chance of a crisis in a year without one before it", 0.0),
        "stays": _share("chance that a crisis goes on for another year", 0.0),
        "return_drop": Field("rate", 0, 0.9, 0.0, "what pot and reserve lose in a crisis year"),
        "inflation_rise": Field("rate", 0, 0.5, 0.0, "how much faster prices rise in a crisis"),
        "reclaims_rise": Field("times", 1, 10, 1.0, "how much faster owners reclaim in a crisis"),
        "transfers_fall": _share("what is not transferred in a crisis year", 0.0),
    },
    "draw_down": {
        "carried_over": Field("share", 0, 0.9, 0.0, "what places leave of a year for the next"),
        "carried_over_spread": _spread("standard deviation of that, for all places together"),
        "place_spread": _spread("the same for one place alone"),
    },
}  # fmt: skip
CLASS: Final[Mapping[str, Field]] = {
    "pool_pounds": _pounds("dormant money that may still be transferred", None),
    "newly_dormant_pounds": _pounds("money that falls dormant a year, in the first year's prices"),
    "transfer_share": _share("what is transferred of the pool a year"),
    "level_spread": _spread("how unsure the level of transfers is (log)"),
    "year_spread": _spread("how much transfers vary from year to year (log)"),
    "reclaim_share": _share("what owners will ever reclaim of a transfer"),
    "reclaim_spread": _spread("how unsure that is (log)"),
    "reclaim_year_spread": _spread("how much reclaims vary from year to year (log)"),
    "reclaim_half_life": Field("years", 0.1, 100, 5.0, "years until half of it is reclaimed"),
    "reserve_share": _share("what is kept of a transfer for reclaims"),
    "opening_reserve_pounds": _pounds("reserve on the first day"),
    "transferred_so_far_pounds": _pounds("transfers before the first day"),
    "reclaimed_so_far_pounds": _pounds("reclaims before the first day"),
}  # fmt: skip
POLICIES: Final = ("fixed", "review")


@dataclass(frozen=True)
class Assumption:
    """One number, the range it may lie in (for the tornado), and where it comes from."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    means: str
    source: str

    @property
    def ranges(self) -> bool:
        return self.low < self.high


@dataclass(frozen=True)
class Wave:
    """Places that are promised money in one year. `draw_down` is the share of each year, summing
    to 1; `pounds` is what all its places are promised together."""

    name: str
    year: int
    places: int
    pounds: float
    draw_down: tuple[float, ...]


@dataclass(frozen=True)
class Scenario:
    """Everything a forecast needs. The same scenario gives the same answer on every machine."""

    name: str
    about: str
    seed: int
    paths: int
    years: int
    first_year: int
    policy: str
    keeps_pace_with_prices: bool
    classes: tuple[str, ...]
    waves: tuple[Wave, ...]
    assumptions: Mapping[str, Assumption]

    def __getitem__(self, name: str) -> float:
        return self.assumptions[name].value

    def having(self, name: str, value: float) -> Scenario:
        """This scenario with one assumption at another value."""
        changed = replace(self.assumptions[name], value=value)
        return replace(self, assumptions={**self.assumptions, name: changed})


def field_of(name: str) -> Field:
    """What an assumption is, by its name: section.field, or a class's id and field."""
    section, field = name.rsplit(".", 1)
    return SECTIONS[section][field] if section in SECTIONS else CLASS[field]


def refuse_value(scenario: Scenario, name: str, value: float) -> None:
    """Raise ForecastError for an assumption that there is not, or a value that it cannot have."""
    if name not in scenario.assumptions:
        near = get_close_matches(name, scenario.assumptions, n=2)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise ForecastError(f"there is no assumption {name[:60]!r}.{hint}")
    known = field_of(name)
    if not known.least <= value <= known.most:
        raise ForecastError(
            f"{name} is {value:g}, and it must lie between {known.least:g} and {known.most:g}."
        )


def read_scenario(text: str, file: str = "scenario.toml") -> Scenario:
    """Read a scenario; docs/forecast.md lists what may stand in it.

    Raises ForecastError, which says where and what to do, for anything unknown, missing, negative,
    out of range or dated outside the years of the forecast.
    """
    try:
        given = tomllib.loads(text)
    except (ValueError, RecursionError) as problem:  # a number of 5,000 digits, too
        raise ForecastError(f"{file}: {problem}") from None
    reader = _Reader(file, given)
    try:
        return reader.scenario()
    except OverflowError:
        raise ForecastError(f"{file}: a number in it is too long.") from None


class _Reader:
    def __init__(self, file: str, given: dict[str, Any]) -> None:
        self.file, self.given = file, given

    def refuse(self, what: str) -> ForecastError:
        shown = "".join(letter if letter.isprintable() else "?" for letter in what)
        return ForecastError(f"{self.file}: {shown[:400]}")

    def scenario(self) -> Scenario:
        self._known("the scenario", self.given, {*SECTIONS, "scenario", "class", "wave"})
        top = self._table("scenario", self.given.get("scenario"))
        self._known("scenario", top, {"name", "about", "seed", "paths", "years", "first_year",
                                      "policy", "keeps_pace_with_prices"})  # fmt: skip
        policy = top.get("policy", "fixed")
        if policy not in POLICIES:
            raise self.refuse(f"there is no policy {policy!r}: use {' or '.join(POLICIES)}.")
        pace = top.get("keeps_pace_with_prices", False)
        if type(pace) is not bool:
            raise self.refuse("keeps_pace_with_prices is true or false.")
        first = self._whole(top, "scenario", "first_year", 1900, 2200)
        years = self._whole(top, "scenario", "years", 1, MOST_YEARS, 40)
        ids = tuple(self._ids())
        return Scenario(
            name=self._words(top, "scenario", "name"),
            about=self._words(top, "scenario", "about", ""),
            seed=self._whole(top, "scenario", "seed", 0, 2**63 - 1),
            paths=self._whole(top, "scenario", "paths", 100, MOST_PATHS, 10_000),
            years=years,
            first_year=first,
            policy=policy,
            keeps_pace_with_prices=pace,
            classes=ids,
            waves=tuple(sorted(self._waves(first, years), key=lambda wave: wave.year)),
            assumptions={one.name: one for one in self._assumptions(ids)},
        )

    def _ids(self) -> Iterator[str]:
        seen: set[str] = set()
        for number, table in enumerate(self._tables("class"), start=1):
            id = self._words(table, f"class {number}", "id")
            if id in seen or id in SECTIONS or "." in id:
                raise self.refuse(f"class {number} cannot be called {id!r}: choose another id.")
            seen.add(id)
            yield id

    def _assumptions(self, ids: tuple[str, ...]) -> Iterator[Assumption]:
        for section, known in SECTIONS.items():
            table = self._table(section, self.given.get(section, {}))
            self._known(section, table, set(known))
            for name, field in known.items():
                yield self._assumption(f"{section}.{name}", table.get(name), field)
        for id, table in zip(ids, self._tables("class"), strict=True):
            self._known(f"class {id}", table, {*CLASS, "id"})
            found = {
                name: self._assumption(f"{id}.{name}", table.get(name), field)
                for name, field in CLASS.items()
            }
            if found["reclaimed_so_far_pounds"].value > found["transferred_so_far_pounds"].value:
                raise self.refuse(f"{id}: more was reclaimed than was ever transferred.")
            yield from found.values()

    def _assumption(self, name: str, given: Any, field: Field) -> Assumption:
        table = given if isinstance(given, dict) else {"value": given}
        self._known(name, table, {"value", "low", "high", "source"})
        value: Any = table.get("value")
        if value is None and field.default is None:
            raise self.refuse(f"{name} is missing: {field.means}.")
        value = field.default if value is None else value
        low: Any = table.get("low", value)
        high: Any = table.get("high", value)
        for number in (value, low, high):
            self._refuse_number(name, number, field)
        if not low <= value <= high:
            raise self.refuse(f"{name}: {value} does not lie between {low} and {high}.")
        source = table.get("source", "" if given is None else "an assumption")
        if type(source) is not str:
            raise self.refuse(f"{name}: its source is words.")
        return Assumption(
            name, float(value), float(low), float(high), field.unit, field.means, source
        )

    def _refuse_number(self, name: str, number: Any, field: Field) -> None:
        if type(number) not in (int, float) or not math.isfinite(number):
            raise self.refuse(f"{name} cannot be {number!r}: it is a number of {field.unit}.")
        if not field.least <= number <= field.most:
            raise self.refuse(
                f"{name} is {number:,}, and it must lie between {field.least:,g} and "
                f"{field.most:,g} ({field.means})."
            )

    def _waves(self, first: int, years: int) -> Iterator[Wave]:
        names: set[str] = set()
        for number, table in enumerate(self._tables("wave"), start=1):
            where = f"wave {number}"
            self._known(where, table, {"name", "year", "places", "pounds_each", "awards_pounds",
                                       "years", "draw_down", "source"})  # fmt: skip
            name = self._words(table, where, "name", where)
            if name in names:
                raise self.refuse(f"two waves are called {name!r}.")
            names.add(name)
            year = self._whole(table, where, "year", 1900, 2300)
            draw = self._draw_down(table, where)
            if not first <= year or year + len(draw) > first + years:
                raise self.refuse(
                    f"{name} runs from {year} to {year + len(draw) - 1}, and the forecast from "
                    f"{first} to {first + years - 1}: change one of them."
                )
            places, pounds = self._awards(table, where)
            yield Wave(name, year, places, pounds, draw)

    def _awards(self, table: dict[str, Any], where: str) -> tuple[int, float]:
        """So many places of one sum each, or a list with each place's own sum."""
        listed = table.get("awards_pounds")
        if (listed is None) == ("pounds_each" not in table):
            raise self.refuse(f"{where} says either places and pounds_each, or awards_pounds.")
        if listed is None:
            places = self._whole(table, where, "places", 1, 100_000)
            self._refuse_number(f"{where}, pounds_each", table["pounds_each"], _pounds("an award"))
            return places, float(table["pounds_each"]) * places
        if not isinstance(listed, list) or not listed or "places" in table:
            raise self.refuse(f"{where}: awards_pounds is a list with one sum for each place.")
        for sum_of_one in listed:
            self._refuse_number(f"{where}, awards_pounds", sum_of_one, _pounds("an award"))
        return len(listed), float(sum(listed))

    def _draw_down(self, table: dict[str, Any], where: str) -> tuple[float, ...]:
        given = table.get("draw_down")
        if given is None:
            years = self._whole(table, where, "years", 1, MOST_YEARS)
            return (1 / years,) * years
        if "years" in table or not isinstance(given, list) or not given:
            raise self.refuse(f"{where} says either years, or draw_down with a share for each.")
        for part in given:
            self._refuse_number(f"{where}, draw_down", part, _share("a share of the award"))
        if abs(sum(given) - 1) > 1e-6:
            raise self.refuse(f"{where}: draw_down comes to {sum(given):g}, and not to 1.")
        return tuple(float(part) for part in given)

    def _table(self, name: str, given: Any) -> dict[str, Any]:
        if not isinstance(given, dict):
            raise self.refuse(f"[{name}] is missing." if given is None else f"[{name}] is odd.")
        return given

    def _tables(self, name: str) -> list[dict[str, Any]]:
        given = self.given.get(name)
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            raise self.refuse(f"there is no [[{name}]] in it.")
        return given

    def _known(self, where: str, table: dict[str, Any], known: set[str]) -> None:
        odd = sorted(table.keys() - known)
        if odd:
            raise self.refuse(
                f"{where}: nobody knows what {odd[0]!r} means. There are: "
                f"{', '.join(sorted(known))}."
            )

    def _whole(
        self, table: dict[str, Any], where: str, key: str, least: int, most: int,
        default: int | None = None,
    ) -> int:  # fmt: skip
        number = table.get(key, default)
        if type(number) is not int or not least <= number <= most:
            raise self.refuse(
                f"{where}: {key} is {number!r}; write a whole number, {least} to {most}."
            )
        return number

    def _words(
        self, table: dict[str, Any], where: str, key: str, default: str | None = None
    ) -> str:
        words = table.get(key, default)
        if type(words) is not str or (not words and default is None) or not words.isprintable():
            raise self.refuse(f"{where}: {key} is words on one line.")
        return words
