"""Durable entries, one after another: `./doorstep bench ledger`, on SQLite and on PostgreSQL.

Each entry is on the disk when it is told (synchronous=FULL on SQLite, synchronous_commit on
PostgreSQL), with its line, both balances, its leaf in the record and the head of the chain. Beside
it, in the same minute and the same file: one bare row, committed alone, on the same connection.
That is what this disk and database can do at most.
"""

import statistics
import time
from dataclasses import dataclass
from datetime import date

ENTRIES, BATCHES = 1_500, 5


@dataclass(frozen=True)
class Posting:
    """Seconds of each entry, and of each bare row; and what the database said of durability."""

    entries: list[float]
    rows: list[float]
    durable: str

    @property
    def per_second(self) -> float:
        return 1 / statistics.mean(self.entries)

    @property
    def rows_per_second(self) -> float:
        return 1 / statistics.mean(self.rows)

    @property
    def p99(self) -> float:
        return sorted(self.entries)[int(len(self.entries) * 0.99)]

    @property
    def median(self) -> float:
        return statistics.median(self.entries)

    def in_words(self) -> str:
        return (
            f"{self.per_second:.0f} entries/s, median {self.median * 1000:.1f} ms, "
            f"p99 {self.p99 * 1000:.1f} ms, {self.durable}; bare rows {self.rows_per_second:.0f}/s"
        )


def measure(entries: int = ENTRIES) -> Posting:
    """Post on the database that Django is set up on: entries and bare rows in turn, so that a busy
    moment of the machine falls on both."""
    from django.db import connection

    from doorstep.apps.ledger.actions import Line, open_account, post
    from doorstep.apps.record.actors import Actor

    clerk, day = Actor("system", "bench"), date(2026, 11, 22)
    open_account("world:bench", fund="bench", guard="none")
    open_account("bench:pot", fund="bench", guard="credit_nonneg")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_bare (id integer PRIMARY KEY, said text NOT NULL)")
    told, bare = [], []
    for number in range(entries):
        began = time.perf_counter()
        post(
            "bench.moved", [Line("world:bench", "bench:pot", 1)], idem_key=f"bench {number}",
            actor=clerk, effective_on=day,
        )  # fmt: skip
        told.append(time.perf_counter() - began)
        began = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_bare VALUES (%s, %s)", [number, "x" * 300])
        bare.append(time.perf_counter() - began)
    return Posting(told, bare, _durability())


def _durability() -> str:
    """What the connection itself says: a bench that was fast because nothing was kept says so."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            return {2: "synchronous=FULL", 3: "synchronous=EXTRA"}.get(
                cursor.fetchone()[0], "NOT DURABLE"
            )
        said = []
        for name in ("fsync", "synchronous_commit"):
            cursor.execute(f"SHOW {name}")
            said.append(f"{name}={cursor.fetchone()[0]}")
        return ", ".join(said)


def run() -> None:
    """Both databases, each in a process of its own, for Django is set up on one."""
    from bench.torture.__main__ import main

    main(["posting", "--full"])
