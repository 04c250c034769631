"""What waits at a place besides promises, for whoever takes over: each room says what its own is.

    @waits
    def fillings(place, roles, today) -> list[Waits]: ...

Each function uses one statement, and is asked only on the page of open duties.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from doorstep.apps.places.models import Place


@dataclass(frozen=True)
class Waits:
    """One thing that waits, and where it is dealt with."""

    title: str
    url: str


Source = Callable[[Place, Collection[str], date], Iterable[Waits]]
_sources: list[Source] = []


def waits(source: Source) -> Source:
    """Ask `source` whenever the duties of a place are shown."""
    if source not in _sources:
        _sources.append(source)
    return source


def waiting_at(place: Place, roles: Collection[str], today: date) -> list[Waits]:
    """Everything that waits for holders of these roles at a place."""
    return [one for source in _sources for one in source(place, roles, today)]
