"""The backup of a PostgreSQL cluster: a base backup now and then, and every segment of its
write-ahead log as it fills, in one folder (PostgreSQL 15, chapter 26.3).

    <folder>/wal/000000010000000000000001    segments, put there by the server itself
    <folder>/base/2026-11-28T031500Z/        base backups, made by the worker

Instead of the server, `doorstep backup run` may bring the log with pg_receivewal, as it is written;
named in synchronous_standby_names, it makes every commit wait until the backup has it.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from doorstep.apps.backups import Held
from doorstep.apps.record.models import LogHead
from doorstep.apps.refused import Refused
from doorstep.engine.seal.whole import write_whole
from doorstep.site.upkeep.cluster import programs_here

PATIENCE = 10.0  # seconds for a segment to arrive, once the server was told to begin another
BASE_EVERY = timedelta(days=7)
STAMP = "%Y-%m-%dT%H%M%SZ"
WAITING = "backup.waiting.json"
RECEIVER = "doorstep_backup"
# The log is laid where the server looks for it, and not brought by a command: one that cannot read
# a segment passes for the end of the log, and the server would serve without what came after.
RESTORE_COMMAND = "false"
_SEGMENT = re.compile(r"[0-9A-F]{24}")
_OF_THE_LOG = re.compile(r"[0-9A-F]{24}|[0-9A-F]{8}\.history")
_STARTS = re.compile(r"^START WAL LOCATION: .* \(file ([0-9A-F]{24})\)$", re.MULTILINE)


def folder() -> Path:
    return Path(settings.BACKUP)


def wal() -> Path:
    return folder() / "wal"


def archive_command() -> str:
    """The shell command that the server runs for each segment.

    It ends well only once the segment is on the disk (sync on file and folder, GNU coreutils); `ln`
    makes it appear whole or not at all, and refuses to take the place of another. A segment that
    was archived just before a crash comes again: the same bytes are welcome. The folder's group may
    read it.
    """
    if re.search(r"['\"\\%\s]", settings.BACKUP):
        raise Refused(
            f"Quotes, spaces, % and \\ in {settings.BACKUP} cannot be given to PostgreSQL safely. "
            "Choose a plainer folder.",
            code="backup-folder",
        )
    there = f"{wal()}/%f"
    copy = (
        f"cp %p {there}.new && chmod g+r {there}.new && sync {there}.new && ln {there}.new {there}"
    )
    return (
        f"if test -e {there}; then cmp -s %p {there}; "
        f"else {copy} && rm {there}.new && sync {wal()}; fi"
    )


def server_settings() -> str:
    """What goes into postgresql.conf of the server that is backed up."""
    return (
        f"wal_level = replica\narchive_mode = on\narchive_command = '{archive_command()}'\n"
        "archive_timeout = 60\n"
    )


def programs() -> Path:
    """The folder of PostgreSQL's programs of the server's own version."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        major = cursor.fetchone()[0]
    if found := programs_here(major):
        return found
    raise Refused(
        f"The programs of PostgreSQL {major} (initdb, pg_ctl, pg_basebackup) are not on this "
        "machine, and nothing can be restored without them.",
        code="backup-programs",
    )


def address() -> str:
    """The cluster as pg_basebackup reaches it: by the owner of the tables, where there is one."""
    alias = "owner" if "owner" in settings.DATABASES else "default"
    given = connections[alias].get_connection_params()
    named = {name: given.get(name) for name in ("host", "port", "user", "password")}
    return " ".join(f"{name}={_quoted(str(value))}" for name, value in named.items() if value)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def bases() -> list[Path]:
    """Every whole base backup, the oldest first."""
    return sorted(path.parent for path in (folder() / "base").glob("*Z/backup_label"))


def make_base() -> Path:
    """Copy the whole cluster now, and let go of what is older than was promised to be kept.

    A copy that was cut off leaves a name that no restore looks at.
    """
    name = datetime.now(UTC).strftime(STAMP)
    there = folder() / "base" / name
    fresh = there.with_name(f"{name}.new")
    fresh.parent.mkdir(parents=True, exist_ok=True)
    for old in fresh.parent.glob("*.new"):
        shutil.rmtree(old)
    told = subprocess.run(  # noqa: S603 (no shell, and a program of ours)
        [
            str(programs() / "pg_basebackup"), "--no-password", "--checkpoint=fast",
            "--wal-method=stream", "--label=doorstep", f"--dbname={address()}",
            f"--pgdata={fresh}",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if told.returncode:
        raise Refused(
            f"No base backup was made: {(told.stderr.strip().splitlines() or ['?'])[-1]}",
            code="backup-base",
        )
    fresh.rename(there)
    prune()
    return there


def receive() -> NoReturn:
    """Become pg_receivewal, which writes the log here as it is written there. The slot makes the
    server keep what was not received yet."""
    wal().mkdir(parents=True, exist_ok=True)
    program = str(programs() / "pg_receivewal")
    where = f"{address()} application_name={RECEIVER}"
    common = [program, "--no-password", f"--dbname={where}", f"--slot={RECEIVER}"]
    told = subprocess.run(  # noqa: S603 (no shell, and a program of ours)
        [*common, "--create-slot", "--if-not-exists"], capture_output=True, text=True, check=False
    )
    if told.returncode:
        raise Refused(
            f"The log cannot be received: {(told.stderr.strip().splitlines() or ['?'])[-1]}",
            code="backup-receive",
        )
    os.execv(program, [*common, f"--directory={wal()}", "--synchronous"])  # noqa: S606 (as above)


def bring_back(cluster: Path, until: datetime | None = None) -> Path:
    """Lay a whole cluster into `cluster`/data, with the log that it follows when it is started.

    It takes the newest base backup that is older than `until`. Raises Refused where something
    stands there, or there is no such base.
    """
    data = cluster / "data"
    if data.exists():
        raise Refused(f"{data} is there. Name another folder.", code="backup-restore")
    made = [one for one in bases() if until is None or _made_at(one) < until]
    if not made:
        raise Refused(
            f"No base backup in {folder() / 'base'} can be restored to that moment. Make one "
            "with: doorstep backup base",
            code="backup-base",
        )
    shutil.copytree(made[-1], data, symlinks=True)
    data.chmod(0o700)
    _bring_log(data / "pg_wal", since=first_segment(made[-1]))
    moment = f"recovery_target_time = '{until.isoformat()}'\n" if until else ""
    with (data / "postgresql.auto.conf").open("a") as settings_file:
        settings_file.write(
            f"restore_command = '{RESTORE_COMMAND}'\nrecovery_target_timeline = 'latest'\n"
            f"recovery_target_action = 'promote'\n{moment}"
        )
    (data / "recovery.signal").touch()
    return data


def _bring_log(there: Path, since: str) -> None:
    """Lay the log from that segment on where the server will look for it; it may grow meanwhile.

    The segment that is still being received goes by the name that it will have, unless the base
    brought it whole.
    """
    for file in _archived():
        name = file.name.removesuffix(".partial")
        if not _OF_THE_LOG.fullmatch(name) or _is_before(name, since):
            continue
        if name == file.name or not (there / name).exists():
            try:
                shutil.copyfile(file, there / name)
            except FileNotFoundError:  # it was received to its end after we looked
                shutil.copyfile(wal() / name, there / name)


def _archived() -> list[Path]:
    """Everything of the log that was kept, in its order; nothing where none was kept yet."""
    return sorted(wal().iterdir()) if wal().is_dir() else []


def _is_before(name: str, segment: str) -> bool:
    """The first eight figures are the timeline; what counts is the place in the log."""
    return bool(_SEGMENT.match(name)) and name[8:24] < segment[8:]


def is_base_due() -> bool:
    made = bases()
    return not made or _made_at(made[-1]) < timezone.now() - BASE_EVERY


def prune() -> None:
    """Remove what is older than the days that are kept; the newest base backup always stays."""
    # One day and one turn less, because a base is as old as the segments that follow it.
    oldest = timezone.now() - max(
        timedelta(days=settings.BACKUP_DAYS - 1) - BASE_EVERY, timedelta(days=1)
    )
    *older, newest = bases()
    kept = [path for path in older if _made_at(path) >= oldest] + [newest]
    for path in older:
        if path not in kept:
            shutil.rmtree(path)
    needed = first_segment(kept[0])
    for segment in _archived():
        if _is_before(segment.name, needed):
            segment.unlink()


def first_segment(base: Path) -> str:
    """The segment from which a base backup must be brought up to date."""
    found = _STARTS.search((base / "backup_label").read_text())
    if found is None:
        raise Refused(f"{base} is no base backup: its label is damaged.", code="backup-base")
    return found[1]


def _made_at(base: Path) -> datetime:
    return datetime.strptime(base.name, STAMP).replace(tzinfo=UTC)


def held() -> Held:
    """How many leaves of each log stand in archived segments, in the log that is received, or on a
    synchronous standby.

    The sizes are read before the position of the log, so that the position lies behind all of
    them. Where the segment has not filled, the server is told to begin another; where our role may
    not do that (it is PostgreSQL's to give), the next call finds what was waiting.
    """
    if not bases():
        return Held({}, "there is no base backup yet. Make one: doorstep backup base")
    sizes = dict(LogHead.objects.values_list("log", "size"))
    segment, position = _position()
    if _is_archived(segment) or _on_standby(position) or (_switch() and _arrives(segment)):
        return Held(sizes)
    return Held(
        _what_waited(sizes, segment),
        "the server has not archived its newest segment yet. If this goes on, look at "
        "pg_stat_archiver and at archive_command.",
    )


def _position() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_walfile_name(here), here::text FROM pg_current_wal_lsn() AS here")
        segment, position = cursor.fetchone()
    return segment, position


def _is_archived(segment: str) -> bool:
    return (wal() / segment).exists()


def _on_standby(position: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_replication"
            " WHERE (sync_state IN ('sync', 'quorum') OR application_name = %s)"
            " AND flush_lsn >= %s::pg_lsn)",
            [RECEIVER, position],
        )
        return bool(cursor.fetchone()[0])


def _switch() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege('pg_switch_wal()', 'execute')")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT pg_switch_wal()")
    return True


def _arrives(segment: str) -> bool:
    until = time.monotonic() + PATIENCE
    while not _is_archived(segment):
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def _what_waited(sizes: dict[str, int], segment: str) -> dict[str, int]:
    """The sizes that an earlier call left waiting, if their segment has come; leave these else."""
    waited = _left_waiting()
    if waited is not None and not _is_archived(waited[0]):
        return {}
    write_whole(_waiting(), json.dumps({"segment": segment, "sizes": sizes}).encode())
    return waited[1] if waited else {}


def _left_waiting() -> tuple[str, dict[str, int]] | None:
    """A segment, and the sizes that stand in it. None where nothing waits, or what was left cannot
    be read any more: then nothing is known, and the next call knows."""
    try:
        left = json.loads(_waiting().read_bytes())
        segment, sizes = left["segment"], {log: int(left["sizes"][log]) for log in left["sizes"]}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    return (segment, sizes) if isinstance(segment, str) and _SEGMENT.fullmatch(segment) else None


def _waiting() -> Path:
    return Path(settings.DATA) / WAITING


def how_to() -> Iterator[str]:
    """What an operator does once, as lines to read and copy."""
    yield "Into postgresql.conf of the server, then restart it:"
    yield ""
    yield server_settings()
    yield "Once, as a superuser, so that signing need not wait for a full segment:"
    yield ""
    users = {settings.DATABASES[name].get("USER") or "doorstep_app" for name in settings.DATABASES}
    for user in sorted(users):
        yield f"GRANT EXECUTE ON FUNCTION pg_switch_wal() TO {shlex.quote(user)};"
    owner = settings.DATABASES.get("owner", settings.DATABASES["default"]).get("USER")
    yield f"ALTER ROLE {owner or 'doorstep_app'} REPLICATION;"
    yield ""
    yield "Or, so that no commit is ever lost with the machine: leave archive_mode off, keep"
    yield "`doorstep backup run` going, and once it runs set in postgresql.conf"
    yield f"synchronous_standby_names = '{RECEIVER}'"
    yield "and, as a superuser, GRANT pg_monitor TO the role that serves."
    yield ""
    yield f"The server’s user must be able to write into {wal()}, and ours to read what it writes:"
    yield "let the folder belong to a group that both are in (chgrp), with chmod 2770."
