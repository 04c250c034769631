"""The record signs nothing that the backup may lack: a lost machine takes no signed leaf along."""

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from typer.testing import CliRunner

from doorstep.apps import backups
from doorstep.apps.record.actions import write_leaf
from doorstep.apps.record.folder import CHECKPOINT
from doorstep.apps.record.keys import make_keys
from doorstep.apps.record.models import Checkpoint, Log
from doorstep.apps.record.publishing import folder_of, publish
from doorstep.apps.refused import Refused
from doorstep.cli import app
from doorstep.site.upkeep import archive, backup, replica

AUTOMATIC = "PRAGMA wal_autocheckpoint"


@pytest.fixture
def install(committed_db, settings):
    """An install with keys and five public leaves. Sockets need a short path, so no tmp_path."""
    with tempfile.TemporaryDirectory(prefix="ds-") as name:
        folder = Path(name)
        settings.DATA = folder
        settings.RECORD_FOLDER, settings.RECORD_KEYS = folder / "record", folder / "keys"
        make_keys("https://fund.example.org")
        write(5)
        yield folder


@pytest.fixture
def held(monkeypatch):
    """What the backup says it holds of the public log: changed as a test goes on."""
    said = {"public": 0, "why": ""}
    monkeypatch.setattr(
        backups,
        "_backup",
        backups.Backup(lambda: backups.Held({"public": said["public"]}, said["why"]), nullcontext),
    )
    return said


def write(count: int) -> None:
    for number in range(count):
        write_leaf("test.written", {"number": number})


def test_no_more_is_signed_than_the_backup_holds(install, held):
    held["public"] = 3
    (done,) = publish()
    assert (done.checkpoint.size, done.waiting) == (3, 2)
    held["public"] = 5
    (done,) = publish()
    assert (done.checkpoint.size, done.waiting) == (5, 0)


def test_what_was_signed_stays_signed_when_the_backup_falls_silent(install, held):
    held["public"] = 5
    publish()
    write(2)
    held.update(public=0, why="the backup does not answer.")
    (done,) = publish()
    assert (done.checkpoint.size, done.is_new, done.waiting) == (5, False, 2)
    said = CliRunner().invoke(app, ["publish-record"]).output
    assert "public: 5 leaves, nothing new. 2 more wait: the backup does not answer." in said


def test_nothing_is_signed_before_the_backup_holds_anything(install, held):
    held["why"] = "there is no base backup yet."
    with pytest.raises(Refused, match="Nothing is signed yet: there is no base backup yet"):
        publish()
    assert not Checkpoint.objects.exists()
    assert folder_of(Log.PUBLIC).read(CHECKPOINT) is None


def test_without_a_backup_everything_is_signed_and_the_command_says_what_that_means(install):
    said = CliRunner().invoke(app, ["publish-record"]).output
    assert "public: 5 leaves, signed now." in said
    assert "No backup is configured" in said


def test_a_backup_may_be_as_far_ahead_as_it_likes(install, held):
    held["public"] = 99
    assert publish()[0].checkpoint.size == 5


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="Litestream copies SQLite")
def test_the_backup_lets_go_for_a_rewriting_and_what_it_gives_back_is_whole(install, settings):
    """Litestream's own `stop` and `start` would leave a damaged copy here."""
    settings.BACKUP = str(install / "backup")
    assert "does not answer" in backup.held().why
    with running():
        assert caught_up().sizes["public"] == 5
        assert publish()[0].checkpoint.size == 5
        with backups.paused(), connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            assert cursor.fetchone()[0] == 0  # nobody read the old pages
        write(3)
        assert caught_up().sizes["public"] == 8
    replica.restore(install / "restored.sqlite3")
    assert leaves_in(install / "restored.sqlite3") == ("ok", 8)
    with pytest.raises(Refused, match="Move it aside"):
        replica.bring_back()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="Litestream copies SQLite")
def test_nothing_is_brought_back_while_litestream_holds_what_was_lost(
    install, settings, monkeypatch
):
    settings.BACKUP, there = str(install / "backup"), replica.database()
    restore, lived = replica.restore, []

    def watched(*asked):
        lived.append(alive())
        restore(*asked)

    monkeypatch.setattr(replica, "restore", watched)
    with running():
        assert caught_up().sizes["public"] == 5
        connection.close()
        for path in there.parent.glob(f"{there.name}*"):
            path.unlink()
        assert alive()
        replica.bring_back()
        assert lived == [False]
        assert leaves_in(there) == ("ok", 5)


def copied(generation: Path, names: dict[str, str]) -> set[str]:
    """Files of Litestream's, each by its folder and transactions, with the day of its last one."""
    for name, day in names.items():
        path = generation / "ltx" / f"{name}.ltx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        at = datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp()
        os.utime(path, (at, at))
    return set(names)


def test_what_is_too_old_goes_from_copies_that_ended_too(settings, tmp_path, time_machine):
    """./doorstep torture retention: what was erased stood in them for up to twice the days."""
    time_machine.move_to("2026-11-28T03:00:00Z")
    settings.BACKUP, settings.BACKUP_DAYS = str(tmp_path), 30
    days = ("08-01", "09-01", "11-20", "11-27")
    began = [tmp_path / f"2026-{day}T000000.000000Z" for day in days]
    copied(began[0], {"9/01-01": "2026-08-01"})
    copied(began[1], {"9/01-01": "2026-09-01", "9/01-1a": "2026-10-30", "3/02-1a": "2026-10-30"})
    kept = copied(began[1], {"9/01-20": "2026-11-01", "9/01-30": "2026-11-19"})
    copied(began[1], {"3/1b-20": "2026-11-01", "0/20-20": "2026-11-01"})
    kept |= copied(began[1], {"3/1c-21": "2026-11-01", "1/22-33": "2026-11-20"})
    alone = copied(began[2], {"9/01-01": "2026-09-01", "0/02-02": "2026-11-20"})
    copied(began[3], {"9/01-01": "2026-09-01", "9/01-02": "2026-11-27"})
    replica.prune()
    left = [
        {str(path.relative_to(one / "ltx").with_suffix("")) for path in one.glob("ltx/*/*.ltx")}
        for one in began
    ]
    assert left == [set(), kept, alone, {"9/01-01", "9/01-02"}]  # the last is Litestream's own


@pytest.mark.parametrize(("backup", "pages"), [("/backup", 100_000), ("", 1_000)])
def test_where_a_backup_is_made_litestream_alone_empties_the_log(tmp_path, backup, pages):
    """./doorstep torture restore, seed 272266024: copies lacked pages, and said nothing."""
    asked = "from django.db import connection as c; k = c.cursor(); k.execute({!r}); print(*k)"
    told = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()\n" + asked.format(AUTOMATIC)],
        env={**os.environ, "DOORSTEP_DATA": str(tmp_path), "DOORSTEP_BACKUP": backup,
             "DOORSTEP_DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "doorstep.site.settings",
             "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == f"({pages},)"


def alive() -> bool:
    """Whether the Litestream that last took the lock still runs."""
    lock = os.open(settings.DATA / replica.LOCK, os.O_RDONLY)
    try:
        os.kill(int(os.pread(lock, 20, 0)), 0)
    except ProcessLookupError:
        return False
    finally:
        os.close(lock)
    return True


@contextmanager
def running() -> Iterator[None]:
    """The backup at work on the database of this test, as `doorstep backup run` keeps it."""
    child = subprocess.Popen(
        [sys.executable, "-c", "from doorstep.cli import main; main()", "backup", "run"],
        env={**os.environ, "DOORSTEP_DATABASE_URL": f"sqlite:///{replica.database()}",
             "DOORSTEP_DATA": str(settings.DATA), "DOORSTEP_BACKUP": settings.BACKUP,
             "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    try:
        yield
    finally:
        child.terminate()
        assert child.wait(timeout=30) == 0


def caught_up() -> backups.Held:
    for _ in range(150):
        if not (now := backup.held()).why:
            break
        time.sleep(0.2)
    return now


def leaves_in(path: Path) -> tuple[str, int]:
    with closing(sqlite3.connect(path)) as file:
        (sound,) = file.execute("PRAGMA integrity_check").fetchone()
        query = "SELECT size FROM record_loghead WHERE log = 'public'"
        return sound, file.execute(query).fetchone()[0]


SEGMENTS = ("000000010000000000000007", "000000010000000000000008")


def test_the_archive_command_takes_each_segment_once_whole_and_never_over_another(
    settings, tmp_path
):
    settings.BACKUP = str(tmp_path / "kept")
    (tmp_path / "kept" / "wal").mkdir(parents=True)

    def archived(name: str, data: bytes) -> int:
        (tmp_path / "segment").write_bytes(data)
        command = archive.archive_command().replace("%p", "segment").replace("%f", name)
        return subprocess.run(["sh", "-c", command], cwd=tmp_path).returncode

    there = tmp_path / "kept" / "wal"
    assert archived(SEGMENTS[0], b"first") == 0
    assert archived(SEGMENTS[0], b"first") == 0  # again, after a crash
    assert archived(SEGMENTS[0], b"other") != 0
    assert (there / SEGMENTS[0]).read_bytes() == b"first"
    (there / f"{SEGMENTS[1]}.new").write_bytes(b"cut o")  # a crash while it was copied
    assert archived(SEGMENTS[1], b"second") == 0
    assert sorted(path.name for path in there.iterdir()) == sorted(SEGMENTS)
    assert all(path.stat().st_mode & stat.S_IRGRP for path in there.iterdir())
    settings.BACKUP = str(tmp_path / "not there")
    with pytest.raises(Refused, match="plainer folder"):
        archive.archive_command()


def base_of(folder: Path, day: str, segment: int) -> Path:
    """A base backup that must be brought up to date from that segment on."""
    base = folder / "base" / f"{day}T030000Z"
    (base / "pg_wal").mkdir(parents=True)
    (base / "backup_label").write_text(
        f"START WAL LOCATION: 0/0 (file 0000000100000000{segment:08X})\n"
    )
    return base


def test_a_restored_cluster_has_its_log_with_it_to_the_segment_that_was_still_received(
    settings, tmp_path
):
    settings.BACKUP = str(tmp_path)
    base = base_of(tmp_path, "2026-11-20", 8)
    kept = {"000000010000000000000008": "whole", "00000002.history": "turned"}
    received = {
        "000000010000000000000007": "before the base",
        "000000010000000000000008.partial": "begun before the base",
        "000000010000000000000009": "after it",
        "00000002000000000000000A.partial": "still received",
        "00000002000000000000000B.new": "cut off",
        "00000002.history": "turned",
    }
    (base / "pg_wal" / "000000010000000000000008").write_text("whole")
    (tmp_path / "wal").mkdir()
    for name, text in received.items():
        (tmp_path / "wal" / name).write_text(text)
    data = archive.bring_back(tmp_path / "cluster")
    assert {path.name: path.read_text() for path in (data / "pg_wal").iterdir()} == kept | {
        "000000010000000000000009": "after it", "00000002000000000000000A": "still received",
    }  # fmt: skip
    with pytest.raises(Refused, match="is there"):
        archive.bring_back(tmp_path / "cluster")


def test_old_bases_go_with_the_segments_that_nobody_needs(settings, tmp_path, time_machine):
    time_machine.move_to("2026-11-28T03:00:00Z")
    settings.BACKUP, settings.BACKUP_DAYS = str(tmp_path), 30
    for day, segment in (("2026-10-01", 1), ("2026-11-10", 5), ("2026-11-20", 8)):
        base_of(tmp_path, day, segment)
    wal = tmp_path / "wal"
    wal.mkdir()
    for number in range(1, 10):
        (wal / f"0000000100000000{number:08X}").touch()
    (wal / "00000002.history").touch()
    archive.prune()
    assert [base.name[:10] for base in archive.bases()] == ["2026-11-10", "2026-11-20"]
    assert len(list(wal.iterdir())) == 6  # 5 to 9, and the history
    assert archive.is_base_due()


def test_a_base_may_be_there_before_the_first_segment(settings, tmp_path):
    settings.BACKUP = str(tmp_path)
    base_of(tmp_path, "2026-11-28", 1)
    archive.prune()
    assert len(archive.bases()) == 1


@pytest.fixture
def archived(install, settings, monkeypatch) -> Path:
    """The archive of a server that will not begin another segment for us; its log stands in the
    first of `SEGMENTS`. Returned: where segments come to."""
    settings.BACKUP = str(install / "backup")
    base_of(install / "backup", "2026-11-28", 1)
    monkeypatch.setattr(archive, "_position", lambda: (SEGMENTS[0], "0/7000000"))
    monkeypatch.setattr(archive, "_on_standby", lambda _position: False)
    monkeypatch.setattr(archive, "_switch", lambda: False)
    archive.wal().mkdir()
    return archive.wal()


def test_what_waits_for_its_segment_is_held_once_that_has_come(archived, monkeypatch):
    assert archive.held().sizes == {}
    write(2)
    assert archive.held().sizes == {}
    monkeypatch.setattr(archive, "_position", lambda: (SEGMENTS[1], "0/8000000"))
    (archived / SEGMENTS[0]).touch()
    now = archive.held()
    assert now.sizes["public"] == 5
    assert "has not archived its newest segment" in now.why


@pytest.mark.parametrize(
    "left",
    [b"", b'{"segment": "0000', b"\xff", b"[]", b"7", b'{"segment": 7, "sizes": {}}',
     b'{"segment": "../x", "sizes": {}}', b'{"segment": "", "sizes": {"public": []}}'],
    ids=repr,
)  # fmt: skip
def test_what_a_power_cut_left_of_that_is_forgotten_and_signing_goes_on(
    archived, install, monkeypatch, left
):
    (install / archive.WAITING).write_bytes(left)
    assert archive.held().sizes == {}
    monkeypatch.setattr(archive, "_position", lambda: (SEGMENTS[1], "0/8000000"))
    (archived / SEGMENTS[0]).touch()
    assert archive.held().sizes["public"] == 5


def test_what_waits_is_written_whole_or_not_at_all(archived, install, monkeypatch):
    archive.held()
    before = (install / archive.WAITING).read_bytes()
    (archived / SEGMENTS[0]).touch()
    monkeypatch.setattr(archive, "_position", lambda: (SEGMENTS[1], "0/8000000"))

    def fails(*_names):
        raise OSError("a power cut")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match="power cut"):
        archive.held()
    assert (install / archive.WAITING).read_bytes() == before


@pytest.mark.parametrize(
    ("database", "place"),
    [("postgresql://a@b/c", "s3://bucket"), ("", "somewhere"), ("", "ftp://bucket/x")],
)
def test_a_place_that_is_none_is_refused_at_the_start(database, place, tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", "from doorstep.cli import main; main()", "backup", "status"],
        env={**os.environ, "DOORSTEP_DATABASE_URL": database, "DOORSTEP_BACKUP": place,
             "DOORSTEP_DATA": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 2
    assert "DOORSTEP_BACKUP is a folder" in run.stderr
