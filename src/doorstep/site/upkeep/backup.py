"""`doorstep backup`: one word for both databases. What is copied how: `replica`, `archive`."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from doorstep.apps.backups import Backup, Held
from doorstep.apps.record.models import Log, LogHead
from doorstep.apps.record.queries import latest_checkpoint
from doorstep.apps.refused import Refused
from doorstep.site.upkeep import archive, replica


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def configured_or_refuse() -> None:
    if not settings.BACKUP:
        raise Refused(
            "No backup is configured. Say where it goes with DOORSTEP_BACKUP (docs/running.md).",
            code="backup-none",
        )


def held() -> Held | None:
    """What the backup holds for certain; None where none is configured."""
    if not settings.BACKUP:
        return None
    if not is_sqlite():
        return archive.held()
    sizes = dict(LogHead.objects.values_list("log", "size"))
    why = replica.synced()
    return Held({} if why else sizes, why)


def wait_until_whole(patience: float) -> None:
    """Give a backup that has only begun some seconds to hold everything; not longer."""
    until = time.monotonic() + patience
    while (now := held()) and now.why and time.monotonic() < until:
        time.sleep(1)


def paused() -> AbstractContextManager[None]:
    return replica.paused() if is_sqlite() else nullcontext()


BACKUP = Backup(held, paused)


def run() -> None:
    """Keep the database copied, commit by commit, until stopped."""
    from doorstep.site.server import copy_on

    configured_or_refuse()
    if not is_sqlite():
        archive.receive()
    replica.program()
    replica.socket_path()
    connection.close()  # a connection must not be shared across a fork
    copy_on()


def how() -> Iterator[str]:
    """What an operator does once."""
    configured_or_refuse()
    if is_sqlite():
        yield f"`serve` copies {replica.database()} to {settings.BACKUP} by itself."
        yield "Where the server does not run, do it with: doorstep backup run"
    else:
        yield from archive.how_to()


def base() -> str:
    """Make a base backup of the cluster."""
    configured_or_refuse()
    if is_sqlite():
        raise Refused(
            "The backup of SQLite needs no base: Litestream begins with one every day.",
            code="backup-base",
        )
    return f"{archive.make_base()} holds the whole cluster."


def status() -> tuple[list[str], bool]:
    """What the backup holds, beside what was signed; whether it holds everything."""
    configured_or_refuse()
    now = held() or Held({})
    told = []
    for log in Log.values:
        last = latest_checkpoint(log)
        stands = LogHead.objects.values_list("size", flat=True).get(log=log)
        told.append(
            f"{log}: {stands:,} leaves, {now.sizes.get(log, 0):,} of them in the backup for "
            f"certain, {last.size if last else 0:,} signed."
        )
    return [*told, *([f"Why no more: {now.why}"] if now.why else [])], not now.why


def restore(cluster: Path | None, until: str | None, generation: str = "") -> str:
    """Bring the database back in earnest, and say what comes next."""
    configured_or_refuse()
    moment = _moment(until) if until else None
    if is_sqlite():
        file = replica.bring_back(moment, generation)
        return (
            f"{file} is back. Next: doorstep migrate, doorstep invariants, doorstep publish-record."
        )
    if cluster is None:
        raise Refused(
            "Name the folder for the restored cluster: doorstep backup restore FOLDER",
            code="backup-restore",
        )
    data = archive.bring_back(cluster, moment)
    return (
        f"{data} is laid out. Give it to PostgreSQL's user (chown -R postgres), start a server on "
        "it, and wait until it takes connections: it reads the archived log first. Set "
        "DOORSTEP_BACKUP to a new place, then: doorstep backup base, doorstep invariants, doorstep "
        "publish-record."
    )


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Refused(
            f"“{text}” is no moment. Write it with its zone: 2026-11-28T15:00:00+00:00.",
            code="moment",
        )
    return found
