"""An entry that was acknowledged is on the disk, not on its way there (T25); and where the disk is
full, it is refused, nothing of it stands, and the next one goes on when there is room (T7).

How fast this is, is measured by `./doorstep torture posting`, and a disk that really fills up by
`disk_full`: on a machine that does other things as well, neither is a test.
"""

import threading
from datetime import date

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from doorstep.apps.ledger.actions import Line, open_account, post
from doorstep.apps.ledger.models import Journal
from doorstep.apps.ledger.queries import balances
from doorstep.apps.ledger.verify import verify_ledger
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.verify import verify_record

WORLD, POT = "world:f:match", "f:pot"
ON_SQLITE = "sqlite" in settings.DATABASES["default"]["ENGINE"]
FULL = 2  # PRAGMA synchronous


@pytest.fixture
def pot(committed_db):
    open_account(WORLD, fund="f", guard="none")
    open_account(POT, fund="f", guard="credit_nonneg")
    return committed_db


def entry(number: int) -> Journal:
    return post(
        "f.moved", [Line(WORLD, POT, 1)], idem_key=f"entry {number}", memo="x" * 500,
        actor=Actor("system", "test"), effective_on=date(2026, 11, 22),
    )  # fmt: skip


def told(setting: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(setting)
        return cursor.fetchone()[0]


def durable() -> dict[str, object]:
    """What the connection that writes has agreed with its database, asked of the database."""
    if connection.vendor == "sqlite":
        return {"synchronous": told("PRAGMA synchronous"), "log": told("PRAGMA journal_mode")}
    return {name: told(f"SHOW {name}") for name in ("synchronous_commit", "fsync")}


SAFE = (
    {"synchronous": FULL, "log": "wal"}
    if ON_SQLITE
    else {"synchronous_commit": "on", "fsync": "on"}
)


def test_the_connection_that_writes_waits_for_the_disk(pot):
    """Also one that was opened anew, and one of another thread; before an entry, in the middle of
    its transaction, and afterwards."""
    seen = []

    def writes(number: int) -> None:
        try:
            seen.append(durable())
            with connection.execute_wrapper(asking(seen)):
                entry(number)
            seen.append(durable())
        finally:
            connection.close()

    writes(0)
    writes(1)
    other = threading.Thread(target=writes, args=(2,))
    other.start()
    other.join(60)
    assert Journal.objects.count() == 3
    assert len(seen) == 9
    assert all(one == SAFE for one in seen), seen


def asking(seen: list):
    """Asks at the first statement that adds a row."""
    asked: list[bool] = []

    def wrapper(run, sql, *rest):
        if sql.startswith("INSERT") and not asked:
            asked.append(True)
            seen.append(durable())
        return run(sql, *rest)

    return wrapper


def until_it_is_full() -> int:
    """The first entry that was not kept."""
    for number in range(1_000):
        try:
            entry(number)
        except OperationalError:
            return number
    raise AssertionError("it never was full")


@pytest.mark.skipif(
    not ON_SQLITE, reason="a PostgreSQL is filled by `./doorstep torture disk_full`"
)
def test_a_full_database_refuses_whole_entries_and_goes_on_when_there_is_room(pot):
    """As many pages as stand now, and a few: SQLite answers as it does when the disk is full."""
    most = int(str(told("PRAGMA page_count"))) + 20
    told(f"PRAGMA max_page_count={most}")
    number = until_it_is_full()
    kept = Journal.objects.count()
    assert kept == number > 0
    with pytest.raises(OperationalError, match="full"):
        entry(number)
    assert balances([POT]) == {POT: kept}
    assert [*verify_record(), *verify_ledger()] == []
    told("PRAGMA max_page_count=1000000")
    assert entry(number).n_lines == 1, "the same one, without a repair"
    assert balances([POT]) == {POT: kept + 1}
    assert [*verify_record(), *verify_ledger()] == []
