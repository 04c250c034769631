"""One look at the whole database while others write: every question sees the same moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

BEGIN = {
    "sqlite": "BEGIN DEFERRED",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}


@contextmanager
def one_moment() -> Iterator[None]:
    """Read only, and nobody waits for it. Within a transaction it is that transaction's moment."""
    if connection.in_atomic_block:
        yield
        return
    # Django tries once, in a transaction of its own, whether SQLite knows JSON, and keeps the
    # answer: within this one the try would fail, and the answer be no as long as the process lives.
    assert connection.features.supports_json_field
    with connection.cursor() as cursor:
        cursor.execute(BEGIN[connection.vendor])
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
