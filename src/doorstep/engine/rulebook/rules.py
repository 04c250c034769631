"""Rules as data: what a value is, where it comes from, and on which days it may be applied.

An entry holds from `in_force_from` up to, and not on, `in_force_to`. Without a first day it is
coming: it can be shown and is never applied. One key never has two answers on one day.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise

NATIONAL = "national"
SOURCE_KINDS = ("statute", "guidance", "announcement", "council policy", "product choice")

Value = int | str | bool


class RulebookError(ValueError):
    """The data cannot be trusted as a whole, so none of it is used."""


class UnknownRuleError(LookupError):
    """Nobody ever wrote a rule under this key."""


class NoRuleInForceError(LookupError):
    """The key is known, but on the day asked about nothing was in force."""


class LocalRuleError(ValueError):
    """A place set a value of its own where the national rule leaves no room for one."""


class State(StrEnum):
    COMING = "coming"
    IN_FORCE = "in force"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One value, its unit, and everything needed to trust or to challenge it.

    `jurisdiction` is "national" or "place:<slug>". `source_title` names the document and `source`
    says where in the world it is found. `checked_on` is the day somebody last compared the value
    with its source; after `review_due` the entry says that it may be out of date. `overridable`
    lets a place set its own value. `note` says what the source does not settle.
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
    review_due: date
    overridable: bool = False
    note: str = ""

    def state(self, on: date) -> State:
        if self.in_force_from is None or on < self.in_force_from:
            return State.COMING
        if self.in_force_to is not None and on >= self.in_force_to:
            return State.ENDED
        return State.IN_FORCE

    def is_stale(self, on: date) -> bool:
        """Whether the day for checking the value against its source has gone by."""
        return on >= self.review_due


def rule(key: str, on: date, place: str | None = None, overrides: Sequence[Rule] = ()) -> Rule:
    """The rule under `key` in force on a day, for a place's slug or for the whole country.

    `overrides` are local entries, such as a place's own quorum; one counts when it is for this
    key and place and in force, and when the national entry allows it. Raises UnknownRuleError,
    NoRuleInForceError or LocalRuleError, whose words say what to do.
    """
    entries = _by_key().get(key)
    if entries is None:
        near = get_close_matches(key, _by_key(), n=3)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise UnknownRuleError(f"There is no rule called {key!r}.{hint}")
    known = [*entries, *(entry for entry in overrides if entry.key == key)]
    national = _in_force([entry for entry in known if entry.jurisdiction == NATIONAL], on)
    if national is None:
        raise NoRuleInForceError(_why_none(key, entries, on))
    local = _in_force([entry for entry in known if entry.jurisdiction == f"place:{place}"], on)
    if place is None or local is None:
        return national
    if not national.overridable:
        raise LocalRuleError(
            f"{key} is the same everywhere ({national.source_title}); {place} cannot set its own."
        )
    if type(local.value) is not type(national.value) or local.unit != national.unit:
        raise LocalRuleError(
            f"{key} is counted in {national.unit}, such as {national.value!r}; "
            f"{place} gave {local.value!r} in {local.unit}."
        )
    return local


def _in_force(entries: Iterable[Rule], on: date) -> Rule | None:
    found = [entry for entry in entries if entry.state(on) is State.IN_FORCE]
    if len(found) > 1:
        raise RulebookError(f"{found[0].key} has {len(found)} answers on {on}; end all but one.")
    return found[0] if found else None


def _why_none(key: str, entries: Iterable[Rule], on: date) -> str:
    begins = [
        entry.in_force_from
        for entry in entries
        if entry.jurisdiction == NATIONAL and entry.in_force_from
    ]
    if not begins:
        return f"{key} is coming: no day is known on which it takes force, so it is not applied."
    first = min(begins)
    if on < first:
        return f"No rule {key} was in force on {on}: the first one begins on {first}."
    return f"No rule {key} was in force on {on}: the one before it had ended. Add its successor."


def all_rules() -> tuple[Rule, ...]:
    """Every entry of the package, by key and then by first day, those without one last."""
    return tuple(entry for entries in _by_key().values() for entry in entries)


@cache
def _by_key() -> dict[str, tuple[Rule, ...]]:
    found: list[Rule] = []
    for file in sorted(files(__package__).joinpath("data").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            found += _entries(file.read_text(encoding="utf-8"), file.name)
    return _checked(found)


def read_rules(text: str, name: str = "rules") -> tuple[Rule, ...]:
    """The entries of one TOML text (`[[rule]]` tables), checked; RulebookError says what is wrong.

    `name` is what the error calls the text.
    """
    return tuple(entry for group in _checked(_entries(text, name)).values() for entry in group)


def _entries(text: str, name: str) -> list[Rule]:
    try:
        tables = tomllib.loads(text).get("rule", [])
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(f"{name}: {error}") from error
    return [
        _entry(table, f"{name}, {table.get('key', 'an entry without a key')}") for table in tables
    ]


# Exact types: to Python a moment is a kind of date, and True is a kind of number.
_TYPES: dict[str, tuple[type, ...]] = {
    "value": (int, str, bool),
    "in_force_from": (date, type(None)),
    "in_force_to": (date,),
    "checked_on": (date,),
    "review_due": (date,),
    "overridable": (bool,),
}


def _entry(table: dict[str, object], where: str) -> Rule:
    known = {field.name: field for field in fields(Rule)}
    if odd := table.keys() - known.keys():
        raise RulebookError(f"{where}: nobody knows what {', '.join(sorted(odd))} means.")
    # TOML has no null: a rule without a first day simply leaves the line out.
    given = {"in_force_from": None, **table}
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


def _checked(entries: Iterable[Rule]) -> dict[str, tuple[Rule, ...]]:
    """Entries by key in date order, once no key has two answers on one day or changes its unit."""
    grouped: dict[str, list[Rule]] = {}
    for entry in entries:
        grouped.setdefault(entry.key, []).append(entry)
    for key, group in grouped.items():
        group.sort(key=lambda entry: entry.in_force_from or date.max)
        if len({(type(entry.value), entry.unit) for entry in group}) > 1:
            raise RulebookError(f"{key} changes its unit or its kind of value; use a new key.")
        for jurisdiction in {entry.jurisdiction for entry in group}:
            _refuse_overlap([entry for entry in group if entry.jurisdiction == jurisdiction])
    return {key: tuple(grouped[key]) for key in sorted(grouped)}


def _refuse_overlap(dated: Sequence[Rule]) -> None:
    in_order = [entry for entry in dated if entry.in_force_from is not None]
    for before, after in pairwise(in_order):
        begins = after.in_force_from
        if before.in_force_to is None or (begins and begins < before.in_force_to):
            raise RulebookError(
                f"{before.key} has two answers on {begins}: end the one that began on "
                f"{before.in_force_from} by then."
            )
