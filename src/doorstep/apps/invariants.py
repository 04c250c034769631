"""What must hold at every moment, as a list that a stranger can read. It stands beside the rooms:
each declares its own in `invariants.py`, and the site asks them all every night.

    @holds("voting.codes", _("No more codes are used than were issued."), polls)
    def codes_used() -> Iterator[Fault]: ...

The function gives every fault as (where, sentence) for whoever runs the site. The public reads the
promise, how much was looked at and how many faults there were, never where: a place in the
database may belong to somebody.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

Fault = tuple[str, str]
Faults = Callable[[], Iterable[Fault]]
Count = Callable[[], int]


@dataclass(frozen=True)
class Invariant:
    """`name` is `room.what`, for ever; `promise` one sentence for a neighbour; `rows` how many
    things are looked at. What is a `deadline` was late when it fails: nothing was damaged."""

    name: str
    promise: str | Promise
    rows: Count
    faults: Faults
    is_deadline: bool = False


_invariants: dict[str, Invariant] = {}


def holds(
    name: str, promise: str | Promise, rows: Count, *, deadline: bool = False
) -> Callable[[Faults], Faults]:
    """Declare an invariant; the function below it looks for what breaks it."""

    def keep(faults: Faults) -> Faults:
        _invariants[name] = Invariant(name, promise, rows, faults, deadline)
        return faults

    return keep


def invariants() -> list[Invariant]:
    """All of them, room by room, in the order in which they were declared."""
    return list(_invariants.values())


def invariant(name: str) -> Invariant | None:
    """One by its name; None where a release before or after this one knew it."""
    return _invariants.get(name)
