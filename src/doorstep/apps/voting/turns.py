"""Whoever writes a vote waits for their turn, so that a crowd at the last minute is all served.

SQLite has one writer. Whoever finds it busy sleeps and tries again, longer each time, so that of
many at one moment some sleep through every chance until they are refused. A lock of the operating
system wakes them instead. PostgreSQL queues by itself.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def in_turn() -> Iterator[None]:
    """Hold the turn to write, among all threads and processes of one SQLite database.

    Taken before a transaction begins; inside one the turn has been had, and nothing is waited for.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    turn = os.open(f"{connection.settings_dict['NAME']}-turn", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
    finally:
        os.close(turn)
