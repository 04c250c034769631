"""The database is rewritten once something was destroyed, so that no freed page keeps it.

That cannot be done in the transaction that destroys. So that transaction notes that it is owed,
and whoever destroyed pays at once; what a busy or killed server left owing, the worker pays.
"""

import logging
import time
from collections.abc import Sequence

from django.db import OperationalError, connections
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from doorstep.apps import backups
from doorstep.apps.outbox.models import Message
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import BallotBox, Round
from doorstep.apps.voting.models import (
    Claim,
    Credential,
    Envelope,
    HouseAsk,
    KeyCopy,
    Keying,
    LetterAddress,
    Opening,
    PaperSheet,
    Poll,
    RoundKey,
    StackCount,
)

log = logging.getLogger(__name__)

# What a poll's rows were, so that its pages and files hold nothing of it once they are gone.
REWRITTEN = (
    BallotBox,
    Claim,
    Credential,
    Envelope,
    HouseAsk,
    KeyCopy,
    Keying,
    LetterAddress,
    Message,
    Opening,
    PaperSheet,
    RoundKey,
    StackCount,
)


# Seconds to wait for whoever is reading, on PostgreSQL; on SQLite the connection's own are as many.
PATIENCE = 20


class BusyError(Exception):
    """Somebody still reads what was destroyed, so that it could not be left out."""


def owe(round_: Round) -> None:
    """Note, in the transaction that destroys, that the database must be rewritten after it."""
    Poll.objects.filter(pk=round_.pk).update(rewrite_owed=True)


def rewrite_what_is_owed() -> bool:
    """Rewrite, if something was destroyed since the last time; False when it must be tried again.

    Outside any transaction. The worker tries again until it is done.
    """
    owed = list(Poll.objects.filter(rewrite_owed=True).values_list("pk", flat=True))
    if not owed:
        return True
    try:
        compact()
    except (OperationalError, BusyError, Refused) as problem:
        log.warning("The database was not rewritten yet, and will be: %s", problem)
        return False
    Poll.objects.filter(pk__in=owed).update(rewrite_owed=False)
    return True


def compact() -> None:
    """Rewrite the tables of a sealed poll, so that no freed page and no old version of a row keeps
    what was destroyed. Outside any transaction; harmless to repeat."""
    alias = "owner" if "owner" in connections.databases else "default"
    database = connections[alias]
    if database.in_atomic_block:
        raise RuntimeError("compact() cannot run inside a transaction")
    with database.cursor() as cursor:
        if database.vendor == "sqlite":
            with backups.paused():
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                if cursor.fetchone()[0]:  # says so, and raises nothing
                    raise BusyError("the write-ahead log is in use")
            return
        rewrite(cursor, REWRITTEN)


def rewrite(cursor: CursorWrapper, models: Sequence[type[Model]]) -> None:
    """Write tables anew on PostgreSQL, without what was deleted from them or changed in them."""
    _wait_for_old_readers(cursor)
    cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{PATIENCE}s"])
    try:
        for model in models:
            cursor.execute(f'VACUUM FULL "{model._meta.db_table}"')
    finally:
        cursor.execute("RESET lock_timeout")
    cursor.execute(_MAY_CHECKPOINT)
    if cursor.fetchone()[0]:
        cursor.execute("CHECKPOINT")


# A superuser's right, or given by one. The tables' old files are empty without it too; PostgreSQL's
# own log lets go of old segments when it makes one by itself (docs/secrecy.md).
_MAY_CHECKPOINT = """
    SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) OR EXISTS (
        SELECT FROM pg_roles WHERE rolname = 'pg_checkpoint' AND pg_has_role(oid, 'USAGE')
    )
"""

# Whoever began to read before now, and goes on: VACUUM FULL copies what is deleted for them, as for
# a backup that runs, or statistics that are gathered. It copies for its own snapshot too, which is
# as old as the oldest transaction that writes anywhere on the server, in other databases as well.
_OLD_READERS = """
    SELECT pg_snapshot_xmin(pg_current_snapshot()) <= %(now)s::text::xid8 OR EXISTS (
        SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND age(backend_xmin) >= age(%(now)s::text::xid8::xid)
    )
"""


def _wait_for_old_readers(cursor: CursorWrapper) -> None:
    cursor.execute("SELECT pg_current_xact_id()::text")
    [now] = cursor.fetchone()
    until = time.monotonic() + PATIENCE
    while True:
        cursor.execute(_OLD_READERS, {"now": now})
        if not cursor.fetchone()[0]:
            return
        if time.monotonic() > until:
            raise BusyError("somebody reads what the database held before")
        time.sleep(0.1)
