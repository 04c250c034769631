"""One rule as data: a value, where it comes from, who checked it, and on which days it holds.

An entry holds from `in_force_from` up to, and not on, `in_force_to`. Without a first day it is
coming: it can be shown and is never applied. One key never has two answers on one day.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date
from enum import StrEnum
from itertools import pairwise

NATIONAL = "national"
OURS = "product choice"
SOURCE_KINDS = ("statute", "guidance", "announcement", "council policy", OURS)
# A check holds for a year; the day after, what was checked may have changed unseen.
CHECK_HOLDS = 365

Value = int | str | bool


class RulebookError(ValueError):
    """The data cannot be trusted as a whole, so none of it is used."""


class State(StrEnum):
    COMING = "coming"
    IN_FORCE = "in force"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One value, its unit, and everything needed to trust or to challenge it.

    `jurisdiction` is "national" or "place:<slug>". `source_title` names the document and `source`
    says where in the world it is found. `checked_on` is the day somebody last compared the value
    with its source, `checked_before` the earlier days on which somebody did; after `review_due`
    the entry says that it may be out of date. `overridable` lets a place set its own value.
    `note` says what the source does not settle.
    """

    key: str
    value: Value
    unit: str
    jurisdiction: str = NATIONAL
    in_force_from: date | None
    in_force_to: date | None = None
    source_title: str
    source: str
    source_kind: str
    checked_on: date
    checked_by: str
    checked_before: tuple[date, ...] = ()
    review_due: date
    overridable: bool = False
    note: str = ""

    def state(self, on: date) -> State:
        if self.in_force_from is None or on < self.in_force_from:
            return State.COMING
        if self.in_force_to is not None and on >= self.in_force_to:
            return State.ENDED
        return State.IN_FORCE

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.state(on) is State.IN_FORCE

    def is_stale(self, on: date) -> bool:
        """Whether the day for checking the value against its source has gone by."""
        return on >= self.review_due

    def last_checked(self, on: date) -> date:
        """The last check as of a day; the first of all where that came later."""
        checks = sorted((*self.checked_before, self.checked_on))
        return max((day for day in checks if day <= on), default=checks[0])

    def decides(self, on: date) -> bool:
        """Whether it may answer yes or no on a day: it is in force, and was checked within a year.

        What we chose ourselves has no source outside that could change unseen, so it goes on.
        The check counted is the last one before that day, so that the answer of a day in the past
        stays what it was, whatever was checked since.
        """
        if not self.holds(on):
            return False
        return self.source_kind == OURS or (on - self.last_checked(on)).days <= CHECK_HOLDS


def read_rules(text: str, name: str = "rules") -> tuple[Rule, ...]:
    """The entries of one TOML text (`[[rule]]` tables), checked; RulebookError says what is wrong.

    `name` is what the error calls the text.
    """
    return tuple(entry for group in grouped(parsed(text, name)).values() for entry in group)


def parsed(text: str, name: str) -> list[Rule]:
    """The entries of one text, each checked by itself."""
    return [
        _entry(table, f"{name}, {table.get('key', 'an entry without a key')}")
        for table in tables_of(text, name, "rule")
    ]


def tables_of(text: str, name: str, kind: str) -> list[dict[str, object]]:
    """The `[[kind]]` tables of a TOML text."""
    try:
        tables = tomllib.loads(text).get(kind, [])
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(f"{name}: {error}") from error
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RulebookError(f"{name}: write each {kind} under a line that says [[{kind}]].")
    return tables


# Exact types: to Python a moment is a kind of date, and True is a kind of number.
_TYPES: dict[str, tuple[type, ...]] = {
    "value": (int, str, bool),
    "in_force_from": (date, type(None)),
    "in_force_to": (date,),
    "checked_on": (date,),
    "checked_before": (tuple,),
    "review_due": (date,),
    "overridable": (bool,),
}


def _entry(table: dict[str, object], where: str) -> Rule:
    known = {field.name: field for field in fields(Rule)}
    if odd := table.keys() - known.keys():
        raise RulebookError(f"{where}: nobody knows what {', '.join(sorted(odd))} means.")
    # TOML has no null: a rule without a first day simply leaves the line out.
    given = {"in_force_from": None, **table}
    if type(before := given.get("checked_before")) is list:
        given["checked_before"] = tuple(before)
    for name, field in known.items():
        if name not in given:
            if field.default is MISSING:
                raise RulebookError(f"{where}: {name} is missing.")
        elif type(given[name]) not in _TYPES.get(name, (str,)):
            raise RulebookError(f"{where}: {name} cannot be {given[name]!r}.")
        elif given[name] == "" and name != "note":
            raise RulebookError(f"{where}: {name} is empty.")
    entry = Rule(**given)  # type: ignore[arg-type]  # each type was compared just above
    _refuse_nonsense(entry, where)
    return entry


def _refuse_nonsense(entry: Rule, where: str) -> None:
    if entry.jurisdiction != NATIONAL and not entry.jurisdiction.startswith("place:"):
        raise RulebookError(f"{where}: the jurisdiction is national, or place: and a slug.")
    if entry.source_kind not in SOURCE_KINDS:
        raise RulebookError(f"{where}: source_kind is one of {', '.join(SOURCE_KINDS)}.")
    if entry.in_force_to is not None and (
        entry.in_force_from is None or entry.in_force_to <= entry.in_force_from
    ):
        raise RulebookError(f"{where}: it would end before it began.")
    if entry.review_due <= entry.checked_on:
        raise RulebookError(f"{where}: the next check is not after the last one.")
    if any(type(day) is not date or day >= entry.checked_on for day in entry.checked_before):
        raise RulebookError(f"{where}: checked_before holds days before {entry.checked_on}.")


def grouped(entries: Iterable[Rule]) -> dict[str, tuple[Rule, ...]]:
    """Entries by key in date order, once no key has two answers on one day or changes its unit."""
    found: dict[str, list[Rule]] = {}
    for entry in entries:
        found.setdefault(entry.key, []).append(entry)
    for key, group in found.items():
        group.sort(key=lambda entry: entry.in_force_from or date.max)
        if len({(type(entry.value), entry.unit) for entry in group}) > 1:
            raise RulebookError(f"{key} changes its unit or its kind of value; use a new key.")
        for jurisdiction in {entry.jurisdiction for entry in group}:
            _refuse_overlap([entry for entry in group if entry.jurisdiction == jurisdiction])
    return {key: tuple(found[key]) for key in sorted(found)}


def _refuse_overlap(dated: Sequence[Rule]) -> None:
    in_order = [entry for entry in dated if entry.in_force_from is not None]
    for before, after in pairwise(in_order):
        begins = after.in_force_from
        if before.in_force_to is None or (begins and begins < before.in_force_to):
            raise RulebookError(
                f"{before.key} has two answers on {begins}: end the one that began on "
                f"{before.in_force_from} by then."
            )
