"""The dated table: tiers by amount, requirements with their minutes, risks with their safeguards.

A version holds from its first day up to, and not on, its last, so that an assessment of last year,
run again, gives the same list. Words are not kept here: a key stands for each thing that is asked.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any


class ScheduleError(ValueError):
    """The table cannot be trusted, or has nothing in force on a day; the words say what to do."""


@dataclass(frozen=True)
class Requirement:
    """One thing asked. `minutes` are the applicant's, `officer` those of whoever reads it.

    `protects` is the key of what it protects from, and `covered_by` of what does so already.
    `monitoring` is asked after the money, so that earned trust lightens it; never where the `law`
    asks for it.
    """

    key: str
    minutes: int
    officer: int
    protects: str
    covered_by: str = ""
    monitoring: bool = False
    law: bool = False


@dataclass(frozen=True)
class Tier:
    """A band of amounts up to `most` pence (None: no limit), what it asks, and its budget."""

    key: str
    most: int | None
    minutes: int
    decide_within: int
    asks: tuple[Requirement, ...]


@dataclass(frozen=True)
class Risk:
    """A fact about a project that adds its own safeguards. `each`: once for every one of them."""

    key: str
    asks: tuple[Requirement, ...]
    each: bool = False

    @property
    def minutes(self) -> int:
        return sum(one.minutes for one in self.asks)


@dataclass(frozen=True)
class Schedule:
    """One version of the table. Rates are pence an hour; `flag_percent` of a grant is what asking
    and checking may cost before it is pointed out."""

    in_force_from: date
    in_force_to: date | None
    source_title: str
    source: str
    checked_on: date
    checked_by: str
    pence_an_hour: int
    flag_percent: int
    trust_grants: int
    trust_months: int
    requirements: Mapping[str, Requirement]
    tiers: tuple[Tier, ...]
    risks: Mapping[str, Risk]

    def tier_of(self, pence: int, *, long_lease: bool = False) -> Tier:
        """The tier of a sum; land and buildings for long are in the last one, whatever the sum."""
        if long_lease:
            return self.tiers[-1]
        return next(tier for tier in self.tiers if tier.most is None or pence <= tier.most)

    def holds(self, on: date) -> bool:
        return self.in_force_from <= on and (self.in_force_to is None or on < self.in_force_to)


def schedule(on: date) -> Schedule:
    """The version in force on a day; ScheduleError names the first day there was one."""
    for one in schedules():
        if one.holds(on):
            return one
    first = min(one.in_force_from for one in schedules())
    raise ScheduleError(f"No table of proportion was in force on {on}: the first began on {first}.")


@cache
def schedules() -> tuple[Schedule, ...]:
    """Every version that comes with this release, oldest first."""
    text = files(__package__).joinpath("data", "schedule.toml").read_text(encoding="utf-8")
    return read_schedules(text, "schedule.toml")


def read_schedules(text: str, name: str = "schedule") -> tuple[Schedule, ...]:
    """The `[[schedule]]` tables of a TOML text; ScheduleError for anything that makes no sense."""
    try:
        tables = tomllib.loads(text).get("schedule", [])
    except tomllib.TOMLDecodeError as error:
        raise ScheduleError(f"{name}: {error}") from None
    if not isinstance(tables, list) or not tables:
        raise ScheduleError(f"{name}: there is no [[schedule]] in it.")
    try:
        found = sorted((_schedule(table) for table in tables), key=lambda one: one.in_force_from)
    except (KeyError, TypeError, AttributeError) as error:
        raise ScheduleError(
            f"{name}: something is missing or of the wrong kind: {error}."
        ) from None
    for before, after in pairwise(found):
        if before.in_force_to is None or after.in_force_from < before.in_force_to:
            raise ScheduleError(f"{name}: two versions hold on {after.in_force_from}.")
    return tuple(found)


def _schedule(table: Mapping[str, Any]) -> Schedule:
    requirements = {one["key"]: _requirement(one) for one in table["requirement"]}
    risks = {one["key"]: _risk(one, requirements) for one in table["risk"]}
    tiers = tuple(_tier(one, requirements) for one in table["tier"])
    limits = [tier.most for tier in tiers]
    inner = [most for most in limits[:-1] if most is not None]
    if limits[-1] is not None or len(inner) != len(limits) - 1 or inner != sorted(set(inner)):
        raise ScheduleError("Tiers go up by their sums, and the last one has none.")
    for tier in tiers:
        if (asked := sum(one.minutes for one in tier.asks)) > tier.minutes:
            raise ScheduleError(
                f"Tier {tier.key} asks for {asked} minutes; its budget is {tier.minutes}."
            )
    begins, ends, checked = (table["in_force_from"], table.get("in_force_to"), table["checked_on"])
    if (
        type(begins) is not date
        or type(checked) is not date
        or type(ends) not in (date, type(None))
    ):
        raise ScheduleError("A version has a first day and the day on which it was checked.")
    numbers = {
        key: _whole(table[key], key)
        for key in ("pence_an_hour", "flag_percent", "trust_grants", "trust_months")
    }
    return Schedule(
        begins, ends, str(table["source_title"]), str(table["source"]), checked,
        str(table["checked_by"]), **numbers, requirements=requirements, tiers=tiers, risks=risks,
    )  # fmt: skip


def _requirement(table: Mapping[str, Any]) -> Requirement:
    return Requirement(
        table["key"],
        _whole(table["minutes"], table["key"]),
        _whole(table["officer"], table["key"]),
        table["protects"],
        table.get("covered_by", ""),
        bool(table.get("monitoring", False)),
        bool(table.get("law", False)),
    )


def _risk(table: Mapping[str, Any], known: Mapping[str, Requirement]) -> Risk:
    return Risk(table["key"], _named(table["asks"], known), bool(table.get("each", False)))


def _tier(table: Mapping[str, Any], known: Mapping[str, Requirement]) -> Tier:
    most = table.get("most")
    return Tier(
        table["key"],
        None if most is None else _whole(most, table["key"]),
        _whole(table["minutes"], table["key"]),
        _whole(table["decide_within"], table["key"]),
        _named(table["asks"], known),
    )


def _named(keys: list[str], known: Mapping[str, Requirement]) -> tuple[Requirement, ...]:
    if unknown := [key for key in keys if key not in known]:
        raise ScheduleError(f"Nobody wrote what {unknown[0]!r} asks for.")
    return tuple(known[key] for key in keys)


def _whole(value: object, where: str) -> int:
    if type(value) is not int or value < 0:
        raise ScheduleError(f"{where}: {value!r} is no whole number of minutes or pence.")
    return value
