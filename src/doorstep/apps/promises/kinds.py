"""What promises are about. Each room says what its own are called and where they lead.

    def _ideas(keys: Collection[str]) -> QuerySet:
        return row(Idea.objects.filter(pk__in=keys), key="number", title="title__text")

    @about("idea.answer", gettext_lazy("Answer an idea"), _ideas)
    def _answer(row: Row) -> About: ...

The rows of all kinds on a page come in one SQL statement. A key is what a promise's subject begins
with: "7" of "7#2", which is owed for the second time. What a room does not know (any more) is told
by its heading alone.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise as Lazy

from doorstep.apps.promises.models import Promise
from doorstep.apps.rows import Row, together

SPOKEN = "promise.spoken"


@dataclass(frozen=True)
class About:
    """What one promise is about. `title` may stand in public; `work` is where it is kept."""

    title: str
    url: str = ""
    work: str = ""


Asks = Callable[[Collection[str]], "QuerySet[Any, Any]"]
Teller = Callable[[Row], About]


@dataclass(frozen=True)
class Kind:
    """A kind of promise: who finds its rows, who tells one, and what ends the key in a subject."""

    heading: str | Lazy
    asks: Asks | None
    tell: Teller
    ends: str

    def key(self, promise: Promise) -> str:
        return promise.subject.partition(self.ends)[0]


_kinds: dict[str, Kind] = {}
_bodies: dict[str, str] = {}


def about(
    kind: str, heading: str | Lazy, asks: Asks | None = None, *, ends: str = "#"
) -> Callable[[Teller], Teller]:
    """Register what promises of a kind are called. `asks` finds a row, with its `key`, for each of
    these keys; without it the key alone says enough. `ends` is what follows a key."""

    def keep(teller: Teller) -> Teller:
        _kinds[kind] = Kind(heading, asks, teller, ends)
        return teller

    return keep


def speaks_for(role: str, body: str) -> None:
    """Say that whoever holds a role at a place owes as a body with a name of its own: `body` is
    what a place calls it, such as "partnership"."""
    _bodies[role] = body


def bodies() -> Mapping[str, str]:
    """{role: what a place calls the body for which it speaks}."""
    return dict(_bodies)


def known(kind: str) -> bool:
    return kind == SPOKEN or kind in _kinds


def heading_of(kind: str) -> str:
    """What promises of a kind are called where nothing more is known of one."""
    return str(_kinds[kind].heading if kind in _kinds else kind)


def told(promises: Iterable[Promise]) -> dict[int, About]:
    """{promise: what it is about}; one statement, and none where keys alone say enough."""
    kept = list(promises)
    rows = _rows(kept)
    return {promise.pk: _about(promise, rows) or About(_plain(promise)) for promise in kept}


def _about(promise: Promise, rows: Mapping[tuple[Asks, str], Row]) -> About | None:
    kind = _kinds.get(promise.kind)
    if kind is None:
        return None
    key = kind.key(promise)
    found = {"key": key} if kind.asks is None else rows.get((kind.asks, key))
    return None if found is None else kind.tell(found)


def _rows(promises: Iterable[Promise]) -> dict[tuple[Asks, str], Row]:
    """{(who asks, key): its row}. What several kinds ask for alike is asked for once."""
    wanted: dict[Asks, set[str]] = {}
    for promise in promises:
        kind = _kinds.get(promise.kind)
        if kind is not None and kind.asks is not None:
            wanted.setdefault(kind.asks, set()).add(kind.key(promise))
    named = {f"{asks.__module__}.{asks.__qualname__}": asks for asks in wanted}
    asked = {name: asks(wanted[asks]) for name, asks in named.items()}
    return {(named[name], str(row["key"])): row for name, row in together(asked)}


def numbers(keys: Iterable[str]) -> list[int]:
    """Keys that are numbers of rows."""
    return [int(key) for key in keys if key.isdigit()]


def _plain(promise: Promise) -> str:
    if promise.words is not None:
        return promise.words.text or ""
    return heading_of(promise.kind)
