"""What the rooms need to know of the backup. It stands beside them, because only the site knows how
the database is copied: `doorstep.site.upkeep` registers itself here.

The record signs nothing that the backup may lack, and voting rewrites the database without a
reader that would keep what was destroyed.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass


@dataclass(frozen=True)
class Held:
    """How many leaves of each log the backup holds for certain, and why it may hold no more."""

    sizes: Mapping[str, int]
    why: str = ""


@dataclass(frozen=True)
class Backup:
    """`held` asks it, and may wait for it some seconds; None where no backup is configured.
    `paused` keeps it from reading the database for a while."""

    held: Callable[[], Held | None]
    paused: Callable[[], AbstractContextManager[None]]


_backup = Backup(lambda: None, nullcontext)


def use(backup: Backup) -> None:
    """Register how this install is backed up."""
    global _backup
    _backup = backup


def held() -> Held | None:
    """What the backup holds now; None where there is none."""
    return _backup.held()


def paused() -> AbstractContextManager[None]:
    """Nothing of the backup reads the database within."""
    return _backup.paused()
