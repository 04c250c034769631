"""`doorstep restore-drill`: brings the backup back in a scratch place, asks there whether all holds
that must, holds it against the published checkpoint, and publishes how it went.

A backup that was never restored is a hope. The drill measures two figures: how much of the last
work would be lost if this machine died now, and how long it takes until everything is back.
"""

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from doorstep.apps.outbox.actions import language_of, tell
from doorstep.apps.outbox.models import WorkerBeat
from doorstep.apps.record.actions import write_leaf
from doorstep.apps.record.folder import CHECKPOINT
from doorstep.apps.record.models import Leaf, Log, LogHead
from doorstep.apps.record.publishing import folder_of
from doorstep.apps.refused import Refused
from doorstep.engine.seal.checkpoint import Checkpoint
from doorstep.engine.seal.note import Note
from doorstep.site.upkeep import archive, backup, replica
from doorstep.site.upkeep.checking import NIGHTLY, check_invariants
from doorstep.site.upkeep.cluster import Cluster, scratch_cluster

DRILLED = "upkeep.restore_drilled"
MARKER = "restore-drill"
LOOK = "import django; django.setup(); from doorstep.site.upkeep.drill import say; say()"
# Something is written this often before the restore, to see how much of it comes back.
BEATS, BEAT = 30, 0.1
LONGEST_WHY = 1000
MOST_LOST = 15 * 60  # seconds: ten times what an archive needs that is well


@dataclass(frozen=True)
class Found:
    """What stands in a restored database: leaves of each log, when its newest sign of life was
    written, and the names of the invariants that do not hold there."""

    sizes: dict[str, int]
    marked: str
    broken: list[str]
    bytes: int


@dataclass(frozen=True)
class Drilled:
    """How a drill went. Times are milliseconds; `lost_ms` is the age of the newest work that came
    back (None when no sign of life came back), `behind` how many leaves did not, `signed` how many
    were published."""

    vendor: str
    bytes: int
    leaves: int
    behind: int
    signed: int
    lost_ms: int | None
    restored_ms: int
    checked_ms: int
    broken: list[str]

    @property
    def is_good(self) -> bool:
        is_current = self.lost_ms is None or self.lost_ms < MOST_LOST * 1000
        return not self.broken and self.leaves >= self.signed and is_current


def drill() -> Drilled:
    """Restore, check and measure; nothing is written here but signs of life. See `publish`."""
    backup.configured_or_refuse()
    with _scratch() as folder:
        signed = _take_checkpoints(folder)
        last = _beat()
        sizes = dict(LogHead.objects.values_list("log", "size"))
        began = time.monotonic()
        with _restored(folder) as url:
            restored = time.monotonic()
            found = _look_into(url, folder)
            checked = time.monotonic()
    lost = last - datetime.fromisoformat(found.marked) if found.marked else None
    return Drilled(
        vendor=connection.vendor,
        bytes=found.bytes,
        leaves=found.sizes[Log.PUBLIC],
        behind=sum(max(size - found.sizes[log], 0) for log, size in sizes.items()),
        signed=signed,
        lost_ms=None if lost is None else _milliseconds(lost.total_seconds()),
        restored_ms=_milliseconds(restored - began),
        checked_ms=_milliseconds(checked - restored),
        broken=found.broken,
    )


def _milliseconds(seconds: float) -> int:
    return max(round(seconds * 1000), 0)


def _beat() -> datetime:
    """Write signs of life for some seconds, the last of them now."""
    for _number in range(BEATS):
        now = timezone.now()
        WorkerBeat.objects.update_or_create(worker=MARKER, defaults={"seen_at": now})
        time.sleep(BEAT)
    return now


def _take_checkpoints(folder: Path) -> int:
    """Keep what is published now, to hold the restored database against: while it is restored
    more may be published. Gives how many public leaves were signed."""
    signed = 0
    for log in Log.values:
        shown = folder_of(log).read(CHECKPOINT)
        if shown is not None:
            kept = folder / "record" / log / CHECKPOINT
            kept.parent.mkdir(parents=True)
            kept.write_bytes(shown)
            if log == Log.PUBLIC:
                signed = Checkpoint.parse(Note.parse(shown).text).size
    return signed


@contextmanager
def _scratch() -> Iterator[Path]:
    # Beside the data, where there is room for a database; short, because sockets stand in it.
    folder = Path(tempfile.mkdtemp(prefix="drill-", dir=settings.DRILL_FOLDER))
    try:
        folder.chmod(0o711)  # so that the user who runs a cluster reaches its own folder in it
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _restored(folder: Path) -> Iterator[str]:
    """The address of a database that was brought back from the backup, while it is needed."""
    if connection.vendor == "sqlite":
        file = folder / "restored.sqlite3"
        replica.restore(file)
        yield f"sqlite:///{file}"
        return
    with scratch_cluster(folder / "cluster", archive.programs()) as cluster:
        restore_cluster(cluster)
        given = connection.settings_dict
        yield cluster.url(given["NAME"], given["USER"] or cluster.user)


def restore_cluster(cluster: Cluster) -> None:
    """Bring the newest base backup to the end of the archived log, and start it."""
    archive.bring_back(cluster.folder)
    cluster.configure(
        restore_command=archive.RESTORE_COMMAND, recovery_target_timeline="latest",
        # It never serves as a standby, so it may be smaller than the server it came from.
        hot_standby="off", archive_mode="off",
    )  # fmt: skip
    cluster.start()


def _look_into(url: str, folder: Path) -> Found:
    """Ask a process of its own, which knows no other database than the restored one."""
    told = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-c", LOOK],
        env={**os.environ, **_environment(url, folder)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if told.returncode:
        said = told.stderr.strip().splitlines() or ["it said nothing"]
        raise Refused(f"What was restored cannot be read: {said[-1]}", code="backup-restore")
    return Found(**json.loads(told.stdout.splitlines()[-1]))


def _environment(url: str, folder: Path) -> dict[str, str]:
    """Everything as here, but for the database, and a data folder that is thrown away."""
    return {
        "DJANGO_SETTINGS_MODULE": "doorstep.site.settings",
        "DOORSTEP_DATABASE_URL": url,
        "DOORSTEP_OWNER_DATABASE_URL": "",
        "DOORSTEP_BACKUP": "",
        "DOORSTEP_DATA": str(folder / "data"),
        "DOORSTEP_SECRET_KEY": settings.SECRET_KEY,
        "DOORSTEP_CODE_PEPPER": settings.CODE_PEPPER,
        "DOORSTEP_RECORD_FOLDER": str(folder / "record"),
        "DOORSTEP_RECORD_KEYS": str(settings.RECORD_KEYS),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }


def look_around() -> Found:
    """What stands in the database that this process was given."""
    beat = WorkerBeat.objects.filter(worker=MARKER).first()
    # What is late is late because nothing worked on it here: that says nothing of the backup.
    broken = [
        one.invariant.name
        for one in check_invariants()
        if one.faults and not one.invariant.is_deadline
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            if connection.vendor == "sqlite"
            else "SELECT pg_database_size(current_database())"
        )
        size = cursor.fetchone()[0]
    return Found(
        dict(LogHead.objects.values_list("log", "size")),
        beat.seen_at.isoformat() if beat else "",
        broken,
        size,
    )


def lines_of(drilled: Drilled) -> Iterator[str]:
    """What the command prints."""
    lost = "unknown" if drilled.lost_ms is None else f"{drilled.lost_ms / 1000:.2f} s"
    yield f"Restored in {drilled.restored_ms / 1000:.2f} s: {drilled.bytes:,} bytes."
    yield f"Checked in {drilled.checked_ms / 1000:.2f} s."
    yield f"Of the last work {lost} is missing; of the record {drilled.behind:,} leaves."
    yield f"{drilled.leaves:,} public leaves came back, and {drilled.signed:,} were signed."
    for name in drilled.broken:
        yield f"WRONG  {name} does not hold there."
    yield "The backup is good." if drilled.is_good else "The backup would not do."


def say() -> None:
    """The whole work of the process that looks into a restored database."""
    print(json.dumps(vars(look_around())))


@transaction.atomic
def publish(drilled: Drilled) -> Leaf:
    """Write into the record how it went; the operator is told when it did not go well."""
    body: dict[str, Any] = {
        "database": drilled.vendor, "bytes": drilled.bytes, "leaves": drilled.leaves,
        "behind": drilled.behind, "signed": drilled.signed,
        **({} if drilled.lost_ms is None else {"lost_ms": drilled.lost_ms}),
        "restored_ms": drilled.restored_ms, "checked_ms": drilled.checked_ms,
        "broken": drilled.broken, "good": int(drilled.is_good),
    }  # fmt: skip
    if not drilled.is_good:
        tell_operator(_("What came back is not what it should be."), " ".join(drilled.broken))
    return write_leaf(DRILLED, {**body, "actor": NIGHTLY.as_leaf()})


@transaction.atomic
def publish_failure(why: str, name: str) -> Leaf:
    """Nothing came back at all. Why is for the operator, as it may name a path or a machine; what
    everybody reads is the name of the kind of failure."""
    tell_operator(_("The backup could not be restored."), why[:LONGEST_WHY])
    body = {"database": connection.vendor, "good": 0, "why": name, "actor": NIGHTLY.as_leaf()}
    return write_leaf(DRILLED, body)


def name_of(problem: Exception) -> str:
    """The kind of a failure that nobody foresaw, such as ENOSPC (a full disk) or ValueError."""
    number = problem.errno if isinstance(problem, OSError) else None
    if isinstance(problem, shutil.Error) and "[Errno 28]" in str(problem):
        number = errno.ENOSPC  # shutil keeps the words alone
    return errno.errorcode.get(number or 0, type(problem).__name__)


def tell_operator(subject: str, text: str, about: str = "drill") -> None:
    """At once, and once a day of one matter."""
    if settings.OPERATOR:
        with translation.override(language_of(settings.OPERATOR)):
            tell(
                settings.OPERATOR, subject=subject, text=f"{subject} {text}".strip(),
                topic="upkeep", key=f"{about}:{timezone.localdate()}", link="/record/backups/",
                at_once=True,
            )  # fmt: skip
