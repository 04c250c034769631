"""Looking rules up: what holds on a day, for the whole country or for a place, and whether it may
still decide.

A question about a day in the past is answered with the rules of that day, so that last year's
decision, run again, gives last year's answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

from doorstep.engine.rulebook.entries import (
    CHECK_HOLDS,
    NATIONAL,
    Rule,
    RulebookError,
    State,
    grouped,
    parsed,
    tables_of,
)


class UnknownRuleError(LookupError):
    """Nobody ever wrote a rule under this key."""


class NoRuleInForceError(LookupError):
    """The key is known, but on the day asked about nothing was in force."""


class AskTheOfficerError(LookupError):
    """A rule is in force, but nobody compared it with its source for a year: it decides nothing."""

    def __init__(self, rule: Rule, on: date) -> None:
        super().__init__(
            f"{rule.key} was last compared with its source on {rule.last_checked(on)}, more than "
            f"a year before {on}, so it decides nothing: ask the officer. Its source is "
            f"{rule.source_title}, {rule.source}."
        )
        self.rule = rule
        self.on = on


class LocalRuleError(ValueError):
    """A place set a value of its own where the national rule leaves no room for one."""


@dataclass(frozen=True)
class Check:
    """Somebody compared what a key says with its source, on a day, and found it right."""

    key: str
    on: date
    by: str


class Rulebook:
    """Entries that were read together: no key has two answers on one day in one jurisdiction."""

    def __init__(self, entries: Iterable[Rule]) -> None:
        self._entries = grouped(entries)

    def all(self) -> tuple[Rule, ...]:
        """Every entry, by key and then by first day, those without one last."""
        return tuple(entry for entries in self._entries.values() for entry in entries)

    def rule(
        self, key: str, on: date, place: str | None = None, overrides: Sequence[Rule] = ()
    ) -> Rule:
        """What is in force under `key` on a day; see `rule` of this package."""
        entries = self._entries.get(key)
        if entries is None:
            near = get_close_matches(key, self._entries, n=3)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise UnknownRuleError(f"There is no rule called {key!r}.{hint}")
        known = [*entries, *(entry for entry in overrides if entry.key == key)]
        national = _in_force([entry for entry in known if entry.jurisdiction == NATIONAL], on)
        if national is None:
            raise NoRuleInForceError(_why_none(key, entries, on))
        local = _in_force([entry for entry in known if entry.jurisdiction == f"place:{place}"], on)
        if place is None or local is None:
            return national
        refuse_local(local, national)
        return local

    def deciding(
        self, key: str, on: date, place: str | None = None, overrides: Sequence[Rule] = ()
    ) -> Rule:
        """The same for a yes or a no: AskTheOfficerError where a year went by without a check."""
        found = self.rule(key, on, place, overrides)
        if not found.decides(on):
            raise AskTheOfficerError(found, on)
        return found

    def with_local(self, entries: Sequence[Rule], checks: Sequence[Check] = ()) -> "Rulebook":
        """The same book with what places decided for themselves, and with checks made since.

        RulebookError for an entry that is not a place's own or that the national rule leaves no
        room for, and for a check of a key that nobody wrote.
        """
        for entry in entries:
            if entry.jurisdiction == NATIONAL:
                raise RulebookError(f"{entry.key}: its jurisdiction begins with place: and a slug.")
            self._refuse_beside_national(entry)
        if odd := sorted({check.key for check in checks} - self._entries.keys()):
            raise RulebookError(f"There is no rule called {odd[0]!r} to check.")
        return Rulebook(_checked_again(entry, checks) for entry in (*self.all(), *entries))

    def _refuse_beside_national(self, local: Rule) -> None:
        beside = [one for one in self._entries.get(local.key, ()) if one.jurisdiction == NATIONAL]
        if not beside:
            raise RulebookError(f"There is no rule called {local.key!r} for a place to set.")
        try:
            refuse_local(local, beside[-1])
        except LocalRuleError as error:
            raise RulebookError(str(error)) from None


def refuse_local(local: Rule, national: Rule) -> None:
    """LocalRuleError where a place's value stands where it may not, or is of another kind."""
    whose = local.jurisdiction.removeprefix("place:")
    if not national.overridable:
        raise LocalRuleError(
            f"{national.key} is the same everywhere ({national.source_title}); {whose} cannot set "
            "its own."
        )
    if type(local.value) is not type(national.value) or local.unit != national.unit:
        raise LocalRuleError(
            f"{national.key} is counted in {national.unit}, such as {national.value!r}; "
            f"{whose} gave {local.value!r} in {local.unit}."
        )


def _checked_again(entry: Rule, checks: Sequence[Check]) -> Rule:
    mine = [c for c in checks if c.key == entry.key and entry.jurisdiction == NATIONAL]
    for check in sorted(mine, key=lambda check: check.on):
        if check.on <= entry.checked_on or entry.state(check.on) is State.ENDED:
            continue
        entry = replace(
            entry,
            checked_before=(*entry.checked_before, entry.checked_on),
            checked_on=check.on,
            checked_by=check.by,
            review_due=check.on + timedelta(days=CHECK_HOLDS),
        )
    return entry


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


def read_local(text: str, name: str = "local rules") -> tuple[tuple[Rule, ...], tuple[Check, ...]]:
    """What an install adds to the book: `[[rule]]` entries of its places, and `[[check]]` tables
    with `key`, `on` and `by`. RulebookError says what is wrong."""
    checks = [_check(table, name) for table in tables_of(text, name, "check")]
    return tuple(parsed(text, name)), tuple(checks)


def _check(table: dict[str, object], name: str) -> Check:
    key, on, by = (table.get(field) for field in ("key", "on", "by"))
    whole = type(key) is str and type(by) is str and by.strip() and type(on) is date
    if not whole or table.keys() != {"key", "on", "by"}:
        raise RulebookError(f"{name}: a check has a key, the day it was made on, and by whom.")
    return Check(str(key), on, str(by))  # type: ignore[arg-type]  # compared just above


def rulebook_of(folder: Path) -> Rulebook:
    """The book of this release with every *.toml of a folder; RulebookError for a bad one."""
    if not folder.is_dir():
        raise RulebookError(f"There is no folder {folder} with rules of places in it.")
    entries: list[Rule] = []
    checks: list[Check] = []
    for file in sorted(folder.glob("*.toml")):
        try:
            more, again = read_local(file.read_text(encoding="utf-8"), file.name)
        except UnicodeDecodeError:
            raise RulebookError(f"{file.name} is not text in UTF-8.") from None
        entries += more
        checks += again
    return shipped().with_local(entries, checks)


@cache
def shipped() -> Rulebook:
    """The entries that come with this release."""
    found: list[Rule] = []
    for file in sorted(files(__package__).joinpath("data").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            found += parsed(file.read_text(encoding="utf-8"), file.name)
    return Rulebook(found)


_in_use: list[Rulebook] = []


def use(book: Rulebook | None) -> None:
    """Ask this book from now on in this process; None for the one of the release again."""
    _in_use[:] = [] if book is None else [book]


def current() -> Rulebook:
    """The book that `rule`, `deciding` and `all_rules` ask."""
    return _in_use[0] if _in_use else shipped()


def rule(key: str, on: date, place: str | None = None, overrides: Sequence[Rule] = ()) -> Rule:
    """The rule under `key` in force on a day, for a place's slug or for the whole country.

    `overrides` are local entries besides those of the book, such as a place's own quorum; one
    counts when it is for this key and place and in force, and when the national entry allows it.
    Raises UnknownRuleError, NoRuleInForceError or LocalRuleError, whose words say what to do.
    """
    return current().rule(key, on, place, overrides)


def deciding(key: str, on: date, place: str | None = None, overrides: Sequence[Rule] = ()) -> Rule:
    """The same, where its value is about to say yes or no to somebody: AskTheOfficerError where
    nobody compared it with its source for a year."""
    return current().deciding(key, on, place, overrides)


def all_rules() -> tuple[Rule, ...]:
    """Every entry in use, by key and then by first day, those without one last."""
    return current().all()
