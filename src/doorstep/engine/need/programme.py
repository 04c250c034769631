"""Programme rules as data: who is first in line, in dated versions with their sources.

The limits of one programme moved three times in two years, so a version holds from its first day
up to, and not on, its last; asked about a day, exactly one answers. Numbers that the rulebook
keeps are named here and looked up there on the same day, so that no number is written twice.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from doorstep.engine.rulebook import (
    CHECK_HOLDS,
    AskTheOfficerError,
    NoRuleInForceError,
    UnknownRuleError,
    deciding,
    rule,
)

from .errors import NeedError
from .geography import Geography


@dataclass(frozen=True)
class Criterion:
    """A place must be among the worst `percent` of areas on an index, such as "IMD 2025"."""

    index: str
    percent: int


@dataclass(frozen=True, kw_only=True)
class Programme:
    """The rules of one programme on one day.

    `population_least` and `population_most` are residents of a place; `most_excluded` says that
    exactly the most is too many ("under 20,000"). A place must meet every criterion. `per_council`
    and `places` are the most places in one council and in all; None where no cap was published.
    `award_least` and `award_most` are pence for one place, `years` how long. `excluded` are codes
    of places that another programme serves. `from_rules` are the rulebook's keys that gave it
    numbers.
    """

    id: str
    name: str
    in_force_from: date | None
    in_force_to: date | None = None
    areas: Geography
    criteria: tuple[Criterion, ...]
    population_least: int = 0
    population_most: int | None = None
    most_excluded: bool = False
    per_council: int | None = None
    places: int | None = None
    award_least: int = 0
    award_most: int | None = None
    years: int | None = None
    excluded: frozenset[str] = frozenset()
    source_title: str
    source: str
    checked_on: date
    note: str = ""
    from_rules: tuple[str, ...] = ()

    def unchecked(self, on: date) -> str | None:
        """What nobody compared with its source within the year before a day, so that it decides
        nothing then: the key of a rule, or the programme's own id. None where all was."""
        for key in self.from_rules:
            try:
                deciding(key, on)
            except (AskTheOfficerError, NoRuleInForceError):
                return key
        return self.id if (on - self.checked_on).days > CHECK_HOLDS else None

    def holds(self, on: date) -> bool:
        begun = self.in_force_from is not None and self.in_force_from <= on
        return begun and (self.in_force_to is None or on < self.in_force_to)


def programme(id: str, on: date) -> Programme:
    """The version of a programme that holds on a day. Raises NeedError that names those known."""
    known = _shipped(on)
    versions = [one for one in known if one.id == id]
    if not versions:
        names = ", ".join(sorted({one.id for one in known}))
        raise NeedError("programme", f"There is no programme {id!r}. There are: {names}.")
    for version in versions:
        if version.holds(on):
            return version
    first = min(one.in_force_from for one in versions if one.in_force_from)
    raise NeedError("programme", f"No rules of {id} held on {on}; the first began on {first}.")


def programmes(on: date) -> tuple[Programme, ...]:
    """Every version of every programme shipped; limits from the rulebook are those of their day."""
    return _shipped(on)


@cache
def _shipped(on: date) -> tuple[Programme, ...]:
    text = files(__package__).joinpath("data", "programmes.toml").read_text(encoding="utf-8")
    return read_programmes(text, "programmes.toml", on)


def read_programmes(text: str, name: str, on: date) -> tuple[Programme, ...]:
    """The `[[programme]]` tables of a TOML text, such as a fund's own rules.

    A number may be given as `{ rule = "cwf.population_minimum" }`: the rulebook's on that
    version's first day, or on `on` where the version holds then. Raises NeedError for anything
    unknown, missing, of the wrong kind, or in force twice on one day.
    """
    try:
        tables = tomllib.loads(text).get("programme", [])
    except (ValueError, RecursionError) as error:
        raise NeedError("programme", f"{name}: {error}") from None
    if not isinstance(tables, list) or not tables:
        raise NeedError("programme", f"{name}: there is no [[programme]] in it.")
    found = tuple(_programme(table, name, on) for table in tables)
    for id in {one.id for one in found}:
        _refuse_overlap([one for one in found if one.id == id], name)
    return found


_WHOLE = ("population_least", "population_most", "per_council", "places", "award_least",
          "award_most", "years")  # fmt: skip
_TYPES: Mapping[str, type] = {
    **dict.fromkeys(_WHOLE, int),
    "in_force_from": date,
    "in_force_to": date,
    "checked_on": date,
    "most_excluded": bool,
    "criteria": list,
    "excluded": list,
}
_NEEDED = ("id", "name", "areas", "criteria", "source_title", "source", "checked_on")


def _programme(table: Any, name: str, on: date) -> Programme:
    where = f"{name}, {table.get('id', 'a programme without an id')}"
    known = {field.name for field in fields(Programme)} - {"from_rules"}
    odd = sorted(table.keys() - known)
    if odd:
        raise NeedError("programme", f"{where}: nobody knows what {odd[0]} means.")
    missing = [key for key in _NEEDED if not table.get(key)]
    if missing:
        raise NeedError("programme", f"{where}: {missing[0]} is missing.")
    begins, ends = table.get("in_force_from"), table.get("in_force_to")
    day = on if _within(on, begins, ends) else begins
    values = {key: _looked_up(value, day, where) for key, value in table.items()}
    for key, value in values.items():
        _refuse_type(key, value, where)
    if begins and ends and ends <= begins:
        raise NeedError("programme", f"{where}: it would end before it began.")
    least: int = values.get("population_least", 0)
    most: int | None = values.get("population_most")
    if most is not None and most < least:
        raise NeedError("programme", f"{where}: at most {most:,} people is under {least:,}.")
    if values.get("award_most") is not None and values["award_most"] < values.get("award_least", 0):
        raise NeedError("programme", f"{where}: the highest award is under the lowest.")
    values |= {
        "in_force_from": begins,
        "areas": Geography.named(values["areas"]),
        "criteria": tuple(_criterion(one, where) for one in values["criteria"]),
        "excluded": frozenset(str(code) for code in values.get("excluded", ())),
        "from_rules": tuple(sorted(str(one["rule"]) for one in table.values() if _names_one(one))),
    }
    return Programme(**values)


def _within(on: date, begins: Any, ends: Any) -> bool:
    return type(begins) is date and begins <= on and (ends is None or on < ends)


def _names_one(value: Any) -> bool:
    """Whether a value is the rulebook's, by its key."""
    return isinstance(value, dict) and value.keys() == {"rule"}


def _looked_up(value: Any, day: date | None, where: str) -> Any:
    if not _names_one(value):
        return value
    if type(day) is not date:
        raise NeedError("programme", f"{where}: without a first day no rule can be looked up.")
    try:
        return rule(str(value["rule"]), day).value
    except (UnknownRuleError, NoRuleInForceError) as problem:
        raise NeedError("programme", f"{where}: {problem}") from None


def _refuse_type(key: str, value: Any, where: str) -> None:
    wanted = _TYPES.get(key, str)
    # Exact: to Python a moment is a kind of date and True a kind of number.
    if type(value) is not wanted or (type(value) is int and value < 0):
        raise NeedError("programme", f"{where}: {key} cannot be {value!r}.")


def _criterion(table: Any, where: str) -> Criterion:
    if not isinstance(table, dict) or table.keys() != {"index", "percent"}:
        raise NeedError("programme", f"{where}: a criterion has an index and a percent.")
    index: Any = table["index"]
    percent: Any = table["percent"]
    if type(index) is not str or type(percent) is not int or not 0 < percent <= 100:
        raise NeedError("programme", f"{where}: {percent!r} percent of {index!r} is no criterion.")
    return Criterion(index, percent)


def _refuse_overlap(versions: list[Programme], name: str) -> None:
    dated = sorted(
        (one for one in versions if one.in_force_from), key=lambda one: str(one.in_force_from)
    )
    for before, after in pairwise(dated):
        begins = after.in_force_from
        if before.in_force_to is None or (begins and begins < before.in_force_to):
            raise NeedError("programme", f"{name}: {before.id} has two versions on {begins}.")
