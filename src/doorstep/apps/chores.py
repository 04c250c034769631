"""What must happen by itself at regular times. It stands beside the rooms: each registers its own
chores, and the worker (`doorstep work`) does them.

    @chore(every=timedelta(minutes=1))
    def open_due_polls() -> None: ...

A chore asks the database what is due and calls an action; done twice, it finds nothing to do. One
that waits long for another process says so (`waits=True`): the worker goes on beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

Work = Callable[[], None]


@dataclass(frozen=True)
class Chore:
    """Something to do `every` so often. `name` is for the log."""

    name: str
    every: timedelta
    work: Work
    waits: bool = False


_chores: dict[str, Chore] = {}


def chore(*, every: timedelta, waits: bool = False) -> Callable[[Work], Work]:
    """Register a chore; registering it again changes nothing."""

    def keep(work: Work) -> Work:
        name = f"{work.__module__}.{work.__qualname__}"
        _chores[name] = Chore(name, every, work, waits)
        return work

    return keep


def chores() -> list[Chore]:
    return list(_chores.values())
