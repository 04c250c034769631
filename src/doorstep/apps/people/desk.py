"""What waits on somebody's desk. Rooms say what they want to put there, in one of two ways.

Most ask for rows. The rows of all rooms come in one SQL statement, so that a desk costs the same
however many rooms there are:

    def _sealed(owner: Owner) -> QuerySet | None:
        return desk.row(Round.objects.filter(state="closed"), slug="slug", title="title__text")

    @desk.each(_sealed)
    def rounds_to_close(row: Row, owner: Owner) -> Iterator[Told]: ...

A room that has to work something out asks for itself, with a constant number of statements:

    @desk.register
    def steps_of_a_trustee(owner: Owner) -> Iterable[Told]: ...

A room registers in its AppConfig.ready (or a module imported there), so that this room need not
know the ones above it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from doorstep.apps.people.models import Account, Role
from doorstep.apps.people.queries import held_at, roles_of
from doorstep.apps.places.models import Place
from doorstep.apps.rows import Row, row, together

__all__ = ["Row", "row"]


@dataclass(frozen=True)
class DeskItem:
    """One thing to do or to look at. `due` puts it in order; without one it comes last."""

    title: str
    url: str
    text: str = ""
    due: date | None = None


@dataclass(frozen=True)
class Way:
    """The way to a list that somebody works from, whether or not anything waits in it."""

    title: str
    url: str


@dataclass(frozen=True)
class Capacity:
    """What somebody is here, besides their roles."""

    words: str


@dataclass(frozen=True)
class Owner:
    """Whose desk it is, on a day, with every role that is held then and its place."""

    account: Account
    today: date
    roles: tuple[Role, ...]

    def held(self, kinds: Collection[str]) -> list[Role]:
        return [role for role in self.roles if role.kind in kinds]

    def holds(self, kinds: Collection[str]) -> bool:
        return bool(self.held(kinds))

    def holds_everywhere(self, kinds: Collection[str]) -> bool:
        """Whether one of these roles is held for all places, not only for some."""
        return any(role.place_id is None for role in self.held(kinds))

    def places(self, kinds: Collection[str]) -> list[Place]:
        """The places where one of these roles is held."""
        return [role.place for role in self.held(kinds) if role.place]

    def where(self, kinds: Collection[str], place: str = "place") -> Q | None:
        """Rows whose `place` is one where a role of these is held: every row for a role held
        everywhere, None where none is held at all."""
        held = self.held(kinds)
        return held_at(held, place) if held else None


@dataclass(frozen=True)
class Desk:
    """Everything on a desk: what waits, soonest due first; ways, each once, by name; capacities."""

    items: list[DeskItem]
    ways: list[Way]
    also: list[str]


Told = DeskItem | Way | Capacity
Asks = Callable[[Owner], "QuerySet[Any, Any] | None"]
Teller = Callable[[Row, Owner], Iterable[Told]]
Source = Callable[[Owner], Iterable[Told]]
_tellers: dict[str, tuple[Asks, Teller]] = {}
_sources: dict[str, Source] = {}


def each(asks: Asks) -> Callable[[Teller], Teller]:
    """Tell each row of what `asks` finds for an owner; it finds None where nothing can wait."""

    def registered(teller: Teller) -> Teller:
        _tellers[_name(teller)] = (asks, teller)
        return teller

    return registered


def register(source: Source) -> Source:
    """Ask `source` whenever a desk is shown; registering it again changes nothing."""
    _sources[_name(source)] = source
    return source


def owner_of(account: Account, roles: Iterable[Role] | None = None) -> Owner:
    """Whoever sits at the desk today. One statement, where their `roles` are not at hand."""
    today = timezone.localdate()
    known = roles_of(account) if roles is None else roles
    return Owner(account, today, tuple(role for role in known if role.holds(today)))


def desk_of(owner: Owner) -> Desk:
    """One statement for all that rooms ask rows for, and those of the rooms that ask themselves."""
    # A copy, because the first address that a source asks for may load rooms that register more.
    asked = tuple(_sources.values())
    told = [*_told_by_row(owner), *(one for source in asked for one in source(owner))]
    items = [one for one in told if isinstance(one, DeskItem)]
    ways = {one.url: one for one in told if isinstance(one, Way)}
    return Desk(
        sorted(items, key=lambda item: (item.due or date.max, item.title)),
        sorted(ways.values(), key=lambda way: way.title),
        [one.words for one in told if isinstance(one, Capacity)],
    )


def _told_by_row(owner: Owner) -> Iterator[Told]:
    asked = {name: asks(owner) for name, (asks, _teller) in _tellers.items()}
    for name, values in together({name: one for name, one in asked.items() if one is not None}):
        yield from _tellers[name][1](values, owner)


def _name(told: Teller | Source) -> str:
    return f"{told.__module__}.{told.__qualname__}"
