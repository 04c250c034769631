"""What waits on somebody's desk. Rooms register what they want to put there.

    @desk.register
    def rounds_to_close(account: Account) -> list[DeskItem]: ...

    @desk.leads
    def rounds_of_my_places(account: Account) -> list[Way]: ...

    @desk.tells
    def my_seats(account: Account) -> list[str]: ...

A room registers in its AppConfig.ready (or a module imported there), so that this room need not
know the ones above it. Each function uses a constant number of SQL statements.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from doorstep.apps.people.models import Account


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


Source = Callable[[Account], Iterable[DeskItem]]
Leader = Callable[[Account], Iterable[Way]]
Teller = Callable[[Account], Iterable[str]]
_sources: list[Source] = []
_leaders: list[Leader] = []
_tellers: list[Teller] = []


def register(source: Source) -> Source:
    """Ask `source` for items whenever a desk is shown; registering it again changes nothing."""
    if source not in _sources:
        _sources.append(source)
    return source


def items_for(account: Account) -> list[DeskItem]:
    """Everything waiting for this account, soonest due first."""
    found = [item for source in _sources for item in source(account)]
    return sorted(found, key=lambda item: (item.due or date.max, item.title))


def leads(leader: Leader) -> Leader:
    """Ask `leader` for ways whenever a desk is shown; registering it again changes nothing."""
    if leader not in _leaders:
        _leaders.append(leader)
    return leader


def ways_for(account: Account) -> list[Way]:
    """Every list that this account works from, each once, by name."""
    found = {way.url: way for leader in _leaders for way in leader(account)}
    return sorted(found.values(), key=lambda way: way.title)


def tells(teller: Teller) -> Teller:
    """Ask `teller` what somebody is here, besides their roles; registering it again changes
    nothing."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def told_of(account: Account) -> list[str]:
    """What this account is here, besides its roles."""
    return [told for teller in _tellers for told in teller(account)]
