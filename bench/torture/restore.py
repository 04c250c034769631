"""The machine is lost while it writes, and everything is restored from its backup.

A writer posts entries and publishes the record as it goes. It, the backup and (with PostgreSQL)
the server are killed at a random moment, and their files are removed. What the backup brings back
is held against what had been acknowledged, and against the checkpoint that was published: it must
hold every signed leaf, and go on to sign a larger tree. Then a database of a gigabyte is restored,
once, and timed.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.torture import Figure, Options

NUMBERS = ("T19",)
EACH_DATABASE = True
RPO_SECONDS, RTO_SECONDS = 2.0, 300.0
GIGABYTE = 10**9

WRITE = """
import sys, time
from datetime import date
from doorstep.apps.ledger.actions import Line, open_account, post
from doorstep.apps.ledger.models import Account
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.publishing import publish
clerk, name = Actor("system", "torture"), sys.argv[1]
if not Account.objects.filter(code="torture:pot").exists():
    open_account("world:torture", fund="torture", guard="none")
    open_account("torture:pot", fund="torture", guard="credit_nonneg")
number = 0
while True:
    entry = post("torture.moved", [Line("world:torture", "torture:pot", 1)],
        idem_key=f"{name} {number}", actor=clerk, effective_on=date(2026, 11, 28))
    print("kept", time.time(), entry.pk, flush=True)
    number += 1
    if number % 20 == 0:
        told = publish()[0]
        print("signed", told.checkpoint.size, told.waiting, flush=True)
"""
LOOK = """
from doorstep.apps.ledger.models import Journal
from doorstep.apps.record.queries import size
print(Journal.objects.count(), size())
"""
FILL = """
import os, sys
from doorstep.apps.record.models import Wording
from doorstep.engine.seal.leaf import commitment
size, made = int(sys.argv[1]), 0
while made < size:
    rows = []
    for _ in range(2000):
        salt, text = os.urandom(32), os.urandom(4900).hex()
        rows.append(Wording(salt=salt, text=text, commitment=commitment(salt, text)))
        made += len(text)
    Wording.objects.bulk_create(rows, batch_size=500)
"""


@dataclass
class Install:
    """An install in a folder of its own, run by processes of their own."""

    folder: Path
    database: str
    round: int = 0
    cluster: object = None
    receives: bool = False
    children: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def backup(self) -> Path:
        """After every restore the backup begins anew, as docs/running.md says."""
        return self.folder / f"backup-{self.round}"

    @property
    def environment(self) -> dict[str, str]:
        url = (
            f"sqlite:///{self.data / 'doorstep.sqlite3'}"
            if self.database == "sqlite"
            else self.cluster.url("doorstep", "postgres")  # type: ignore[attr-defined]
        )
        return {
            **os.environ, "DOORSTEP_DATA": str(self.data), "DOORSTEP_BACKUP": str(self.backup),
            "DOORSTEP_DATABASE_URL": url, "DOORSTEP_OWNER_DATABASE_URL": "",
            "DOORSTEP_DRILL_FOLDER": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "doorstep.site.settings",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }  # fmt: skip

    def start(self, code: str, *arguments: str) -> "subprocess.Popen[str]":
        return self._child("-c", f"import django; django.setup()\n{code}", *arguments)

    def doorstep(self, *arguments: str, fails: bool = False) -> str:
        child = self._child("-c", "from doorstep.cli import main; main()", *arguments)
        told, _ = child.communicate()
        self.children.remove(child)
        if child.returncode and not fails:
            raise RuntimeError(f"doorstep {arguments}: {told}")
        return told

    def ask(self, code: str, *arguments: str) -> str:
        child = self.start(code, *arguments)
        told, _ = child.communicate()
        self.children.remove(child)
        if child.returncode:
            raise RuntimeError(told)
        return told

    def _child(self, *arguments: str) -> "subprocess.Popen[str]":
        child = subprocess.Popen(
            [sys.executable, *arguments], env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.children.append(child)
        return child

    def begin(self) -> None:
        """A database with keys, and its backup at work."""
        self.data.mkdir(parents=True)
        if self.database == "postgresql":
            self._make_cluster()
            self.cluster.start()  # type: ignore[attr-defined]
            self._sql("CREATE DATABASE doorstep")
        self.doorstep("migrate")
        self.doorstep("record-key")
        self.back_up()

    def back_up(self) -> None:
        """Let the backup begin, and wait until it holds everything."""
        if self.database == "postgresql":
            self._archive()
            self.doorstep("backup", "base")
        if self.database == "sqlite" or self.receives:
            self._child("-c", "from doorstep.cli import main; main()", "backup", "run")
        if self.receives:
            self._wait_for_receiver()
        end = time.monotonic() + 60
        while "Why no more" in (told := self.doorstep("backup", "status", fails=True)):
            if time.monotonic() > end:
                raise RuntimeError(told)
            time.sleep(0.5)

    def lose(self) -> None:
        """Kill everything at one moment, and remove what stood on this machine."""
        for child in self.children:
            child.send_signal(signal.SIGKILL)
        if self.cluster is not None:
            pid = (self.cluster.data / "postmaster.pid").read_text().split()[0]  # type: ignore[attr-defined]
            os.kill(int(pid), signal.SIGKILL)
            time.sleep(1)  # its children see that it is gone, and leave
            shutil.rmtree(self.cluster.data)  # type: ignore[attr-defined]
        for child in self.children:
            child.communicate()
        self.children.clear()
        for path in self.data.glob("*doorstep.sqlite3*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def restore(self) -> float:
        """Bring everything back by the words of docs/running.md; the seconds it took."""
        began = time.monotonic()
        self.doorstep("backup", "restore", *([] if self.cluster is None else [self._restored()]))
        self.round += 1
        if self.cluster is not None:
            self.cluster.hand_over(self.cluster.data)  # type: ignore[attr-defined]
            self.cluster.start()  # type: ignore[attr-defined]
        return time.monotonic() - began

    def end(self) -> None:
        for child in self.children:
            child.kill()
        if self.cluster is not None:
            self.cluster.stop("immediate")  # type: ignore[attr-defined]

    # PostgreSQL

    def _make_cluster(self) -> None:
        from doorstep.site.upkeep.cluster import Cluster, programs_here

        programs = programs_here()
        assert programs is not None, "this run needs PostgreSQL's programs on this machine"
        self.folder.chmod(0o711)
        self.cluster = Cluster(self.folder / "c", programs)
        self.cluster.create()
        self.cluster.configure()

    def _sql(self, statement: str) -> None:
        import psycopg

        url = self.cluster.url("postgres", "postgres")  # type: ignore[attr-defined]
        with psycopg.connect(url, autocommit=True) as line:
            line.execute(statement)

    def _archive(self) -> None:
        wal = self.backup / "wal"
        wal.mkdir(parents=True)
        self.cluster.hand_over(wal)  # type: ignore[attr-defined]
        given = {"archive_mode": "off"} if self.receives else self._told_how()
        self.cluster.stop()  # type: ignore[attr-defined]
        self.cluster.configure(**given)  # type: ignore[attr-defined]
        self.cluster.start()  # type: ignore[attr-defined]

    def _told_how(self) -> dict[str, str]:
        """The settings of an archiving server, in our own words."""
        told = self.doorstep("backup", "how").splitlines()
        said = [line.split(" = ", 1) for line in told if line.startswith(("wal_", "archi"))]
        return {name: value.strip("'") for name, value in said}

    def _wait_for_receiver(self) -> None:
        import psycopg

        url = self.cluster.url("postgres", "postgres")  # type: ignore[attr-defined]
        with psycopg.connect(url, autocommit=True) as line:
            line.execute("ALTER SYSTEM SET synchronous_standby_names = 'doorstep_backup'")
            line.execute("SELECT pg_reload_conf()")
            end, asked = time.monotonic() + 60, "SELECT sync_state FROM pg_stat_replication"
            while (told := line.execute(asked).fetchone()) != ("sync",):
                if time.monotonic() > end:
                    raise RuntimeError(f"no commit waits for the receiver: {told}")
                time.sleep(0.1)

    def _restored(self) -> str:
        return str(self.cluster.folder)  # type: ignore[attr-defined]


@dataclass
class Lost:
    """What a loss cost: seconds of acknowledged work, entries, and whether a signed leaf."""

    seconds: float
    entries: int
    kept: int
    signed_lost: int
    restored: float
    leaves: int


def lose_once(install: Install, seconds: float) -> Lost:
    """One life: write, die at a random moment, come back, and sign again."""
    lost = write_and_lose(install, seconds)
    install.back_up()
    if lost.leaves:
        install.doorstep("publish-record")  # refused if it had to sign a smaller tree
    install.doorstep("invariants", "record.published", "record.leaves", "ledger.sums")
    return lost


def write_and_lose(install: Install, seconds: float) -> Lost:
    """Write for some seconds, die, come back, and count what is missing."""
    writer = install.start(WRITE, f"round {install.round}")
    told = [writer.stdout.readline() if writer.stdout else ""]  # it is at work now
    time.sleep(seconds)
    died = time.time()
    install.children.remove(writer)
    writer.send_signal(signal.SIGKILL)
    install.lose()
    # The last line may have been cut off by the kill.
    told += writer.communicate()[0].splitlines(keepends=True)
    said = [line.split() for line in told if line.endswith("\n")]
    kept = [(float(line[1]), int(line[2])) for line in said if line[0] == "kept"]
    signed = max([int(line[1]) for line in said if line[0] == "signed"], default=0)
    if not kept:
        raise RuntimeError(f"the writer never wrote: {told}")
    took = install.restore()
    entries, leaves = map(int, install.ask(LOOK).split())
    missing = [at for at, entry in kept if entry > entries]
    return Lost(
        died - min(missing) if missing else 0.0, len(missing), len(kept),
        max(signed - leaves, 0), took, leaves,
    )  # fmt: skip


def main(options: Options) -> list[Figure]:
    found = []
    ways = [False] if options.database == "sqlite" else [False, True]
    for receives in ways:
        # Not in the run's own folder: the user postgres must be able to walk there.
        with tempfile.TemporaryDirectory(prefix="restore-", ignore_cleanup_errors=True) as folder:
            install = Install(Path(folder), options.database, receives=receives)
            try:
                install.begin()
                found += _losses(options, install)
                if not receives:
                    found += _gigabyte(options, install)
            finally:
                install.end()
    return found


def _losses(options: Options, install: Install) -> list[Figure]:
    chance = options.chance(install.receives)
    lives = []
    for number in range(options.size(2, 12)):
        lives.append(lose_once(install, chance.uniform(2.0, 6.0)))
        options.say(f"{number + 1} machines lost: {lives[-1]}")
    seconds, entries = max(one.seconds for one in lives), sum(one.entries for one in lives)
    signed = sum(one.signed_lost for one in lives)
    told = (
        f"{len(lives)} machines lost, {sum(one.kept for one in lives):,} entries acknowledged: "
        f"{entries:,} lost, the oldest {seconds:.2f} s before; signed leaves lost: {signed}"
    )
    if install.database == "sqlite":
        return [Figure("T19", "Litestream", told, seconds <= RPO_SECONDS and not signed)]
    if install.receives:
        return [Figure("T19", "log received synchronously", told, not entries and not signed)]
    return [Figure("T19", "log archived by segment", told, not signed)]


def _gigabyte(options: Options, install: Install) -> list[Figure]:
    size = options.size(GIGABYTE // 50, GIGABYTE)
    install.ask(FILL, str(size))
    while "Why no more" in install.doorstep("backup", "status", fails=True):
        time.sleep(1)
    told = install.doorstep("restore-drill").splitlines()
    seconds = [float(line.split(" in ")[1].split(" s")[0]) for line in told[:2]]
    held = sum(seconds) <= RTO_SECONDS and told[-1] == "The backup is good."
    return [Figure("T19", "restore drill", " ".join(told[:3]), held)]
