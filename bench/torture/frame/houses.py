"""Houses of earlier releases: made by the program of that release, and some of them kept.

    ./doorstep torture --house COMMIT     keep one more of them, in tests/site/houses/

A house is Millbrook, a whole season with money, votes and signatures. A kept one is what the
database held, as it writes itself down (tables, rows, triggers), with the roots that the release
told. So the short test of T28 needs no history of git. Walking many migrations takes a minute: keep
the last few releases, and leave older ones to `./doorstep torture upgrades`, which makes them anew.
"""

import json
import lzma
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.torture.frame.clusters import a_server, program

ROOT = Path(__file__).resolve().parents[3]
KEPT = ROOT / "tests" / "site" / "houses"
DATABASES = ("sqlite", "postgresql")
# Nobody lives in a kept house, and whoever brings it up must be able to read what is sealed in it.
SECRETS = {
    "DOORSTEP_SECRET_KEY": "Nobody lives in this house: 0123456789 made up for tests.",
    "DOORSTEP_CODE_PEPPER": "Nor does anybody vote in it: 9876543210 made up for tests.",
}
# The demo's photos are most of its bytes. A photo is handed in from outside: a small one is
# treated as a large one is.
SMALL_PHOTOS = """
import io, sys, zlib
from PIL import Image
import doorstep.site.demo.load
def small(lines):
    taken, shade = io.BytesIO(), zlib.crc32("".join(lines).encode())
    Image.new("RGB", (80, 60), f"#{shade % 2**24:06x}").save(taken, "JPEG")
    taken.seek(0)
    return taken
for name, module in list(sys.modules.items()):
    if name.startswith("doorstep.site.demo") and hasattr(module, "picture_of"):
        module.picture_of = small
"""
LOAD = """
from doorstep.site.management import migrate
from doorstep.site.demo.load import load
migrate()
load()
"""
# Written for every release: leaves have had these two columns from the first.
ROOTS = """
from doorstep.apps.record.models import Leaf
from hashlib import sha256
def root(hashes):
    while len(hashes) > 1:
        pairs = [sha256(b"\\x01" + a + b).digest() for a, b in zip(hashes[::2], hashes[1::2])]
        hashes = pairs + hashes[len(pairs) * 2:]
    return hashes[0].hex() if hashes else "none"
for log in ("public", "audit"):
    rows = Leaf.objects.filter(log=log).order_by("idx")
    print(log, rows.count(), root([bytes(one) for one in rows.values_list("leaf_hash", flat=True)]))
"""
# Argument: the moment in which it is done. A kept house grows old, and with it what it owes.
BRING_UP = """
import sys, time_machine
from datetime import datetime
from doorstep.site.management import migrate
time_machine.travel(datetime.fromisoformat(sys.argv[1])).start()
migrate()
"""
WRONG = """
from doorstep.apps.record.seals import missing_seals
from doorstep.site.upkeep.checking import check_invariants
for one in check_invariants():
    if one.faults and not one.invariant.is_deadline:
        print("wrong:", one.invariant.name)
for seal in missing_seals():
    print("wrong:", seal, "is lost")
"""
APPLIED = """
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
print(len(MigrationRecorder(connection).applied_migrations()))
"""


@dataclass(frozen=True)
class House:
    """One that is kept, of one database: when it was made, how many migrations had been applied,
    and of each log its name, size and root."""

    commit: str
    database: str
    made: str
    migrations: int
    logs: list[str]

    @property
    def file(self) -> Path:
        return KEPT / self.commit / f"{self.database}.sql.xz"

    def put_into(self, url: str) -> None:
        """Fill a database in which nothing stands yet."""
        written = lzma.decompress(self.file.read_bytes()).decode()
        if self.database == "postgresql":
            with closing(psycopg.connect(url, autocommit=True)) as line:
                line.execute(written)
            return
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            file.executescript(written)


def kept_houses(database: str) -> list[House]:
    found = sorted(KEPT.glob("*/house.json"))
    told = [(path.parent.name, json.loads(path.read_text())[database]) for path in found]
    return [House(commit, database, **rest) for commit, rest in told]


def keep_house(commit: str) -> Path:
    """Let the release of that commit make a house on both databases, and keep both."""
    (KEPT / commit).mkdir(parents=True, exist_ok=True)
    told = {}
    with (
        tempfile.TemporaryDirectory(prefix="house-") as name,
        a_server() as server,
        checked_out(commit, Path(name) / "release") as tree,
    ):
        for database in DATABASES:
            house = _made(commit, database, tree, Path(name), server)
            told[database] = {
                "made": house.made, "migrations": house.migrations, "logs": house.logs
            }  # fmt: skip
    (KEPT / commit / "house.json").write_text(json.dumps(told, indent=2) + "\n")
    return KEPT / commit


def _made(commit: str, database: str, tree: Path, folder: Path, server: str) -> House:
    with a_database(database, folder, server, f"house_{os.getpid()}") as url:
        release = environment(url, folder / f"data-{database}", tree) | SECRETS
        python(SMALL_PHOTOS + LOAD, release)
        made = datetime.now(UTC).isoformat(timespec="seconds")
        logs = python(ROOTS, release).splitlines()
        house = House(commit, database, made, int(python(APPLIED, release)), logs)
        house.file.write_bytes(lzma.compress(_written_down(url).encode(), preset=9))
    return house


def _written_down(url: str) -> str:
    """Everything that a database holds, as SQL that its own kind reads without a program."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            return "\n".join(file.iterdump())
    words = ("--inserts", "--rows-per-insert=100", "--no-owner", "--no-privileges")
    told = run([program("pg_dump"), *words, url])
    # What psql alone understands, and what servers of before do not know.
    apart = ("\\restrict ", "\\unrestrict ", "SET transaction_timeout")
    return "\n".join(line for line in told.split("\n") if not line.startswith(apart))


def brought_up(environment: dict[str, str], moment: str) -> tuple[list[str], list[str]]:
    """Migrate what stands there to this release: both logs as they are then, and what is wrong."""
    told = python(BRING_UP + ROOTS + WRONG, environment, moment).splitlines()
    wrong = [line.removeprefix("wrong: ") for line in told if line.startswith("wrong: ")]
    return told[:2], wrong


@contextmanager
def a_database(database: str, folder: Path, server: str, name: str) -> Iterator[str]:
    """The URL of a database in which nothing stands: a file of the folder, or one of the server's,
    which is dropped afterwards."""
    if database == "sqlite":
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    with psycopg.connect(server, autocommit=True) as line:
        line.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            line.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def checked_out(commit: str, tree: Path) -> Iterator[Path]:
    """The files of an earlier release, beside ours."""
    run(["git", "-C", str(ROOT), "worktree", "add", "--detach", str(tree), commit])
    try:
        yield tree
    finally:
        run(["git", "-C", str(ROOT), "worktree", "remove", "--force", str(tree)])


def environment(url: str, data: Path, tree: Path = ROOT) -> dict[str, str]:
    """What the program of a tree is started with, on that database. The default is this release."""
    data.mkdir(exist_ok=True)
    return {
        **os.environ, "DOORSTEP_DATA": str(data), "DOORSTEP_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "doorstep.site.settings", "PYTHONPATH": str(tree / "src"),
    }  # fmt: skip


def python(code: str, environment: dict[str, str], *arguments: str) -> str:
    """What the code prints, run by the program that the environment leads to."""
    begun = f"import django; django.setup()\n{code}"
    return run([sys.executable, "-c", begun, *arguments], environment)


def run(arguments: list[str], environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        arguments, env=environment, capture_output=True, text=True, cwd=ROOT, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{arguments[:3]}: {done.stdout[-500:]} {done.stderr[-2000:]}")
    return done.stdout
