"""A reader of bytes from elsewhere: what it takes, and how it says no."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Reader:
    """`read` takes bytes; `refusals` is how it says no; `good` is what it takes. `share` says how
    many inputs of a hundred it gets: one that starts a process gets few."""

    name: str
    read: Callable[[bytes], object]
    refusals: tuple[type[Exception], ...]
    good: list[bytes]
    share: float = 1.0


def texts(read: Callable[[str], object]) -> Callable[[bytes], object]:
    """A reader of text as one of bytes."""
    return lambda data: read(data.decode("utf-8", "replace"))


def undone(read: Callable[[bytes], object]) -> Callable[[bytes], object]:
    """A reader that keeps what it takes, with nothing kept: the next input meets the same rows."""

    def do(data: bytes) -> None:
        from django.db import transaction

        with transaction.atomic():
            try:
                read(data)
            finally:
                transaction.set_rollback(True)

    return do
