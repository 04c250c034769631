"""What Litestream copies of an SQLite file: kept at work, read, and watched while it grows old."""

import json
import os
import re
import signal
import sqlite3
import struct
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bench.torture import Options

TURNS_A_DAY, TURNS_ERASED = 8, 4
MARK = re.compile(rb"aged-(\d{6})-")


def readable(path: Path) -> bytes:
    """The bytes of a file, and what Litestream pressed into it: pages by LZ4 (its format LTX)."""
    kept = path.read_bytes()
    if path.suffix != ".ltx":
        return kept
    return kept + b"".join(_pages(kept))


def _pages(kept: bytes) -> Iterator[bytes]:
    """https://github.com/superfly/ltx: a header of 100 bytes, then each page by its number."""
    import pyarrow

    codec = pyarrow.Codec("lz4_raw")
    (size,) = struct.unpack_from(">I", kept, 8)
    at = 100
    while True:
        number, flags, pressed = struct.unpack_from(">IHI", kept, at)
        if number == 0:
            return
        if flags != 1:
            raise RuntimeError(f"a page of an unknown kind in Litestream's copy: {flags}")
        at += 10
        yield bytes(codec.decompress(kept[at : at + pressed], decompressed_size=size))
        at += pressed


@contextmanager
def copying() -> Iterator[None]:
    """Litestream at work as `doorstep backup run` keeps it, in the time that we are in now."""
    from django.db import connection

    from doorstep.site.server import copy_on

    connection.close()
    child = os.fork()
    if child == 0:
        try:
            copy_on()
        finally:
            os._exit(0)
    try:
        _wait_until_whole()
        yield
        _wait_until_whole()
    finally:
        connection.close()
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def _wait_until_whole() -> None:
    from doorstep.site.upkeep import backup

    backup.wait_until_whole(60)
    if why := backup.held().why:
        raise RuntimeError(why)


@dataclass
class Aged:
    """`ages`: how long each thing stood in the copies after it was erased, in days. `left`: what
    still stands there. `sound`: what came back is whole, and holds each turn."""

    ages: list[float] = field(default_factory=list)
    left: int = 0
    starts: int = 0
    sound: bool = False


def let_age(options: Options, *, day: float, kept: int, days: int) -> Aged:
    """Let Litestream copy on a clock that runs fast, on which a day is so many seconds.

    Some times a day something is written, what was written half a day before is erased, and the
    copies are looked through. Every few days Litestream is begun anew, as with a server.
    """
    from django.conf import settings

    from doorstep.site.upkeep import replica

    settings.BACKUP, settings.BACKUP_DAYS = str(options.folder / "aging"), kept
    replica.EVERY = timedelta(seconds=day)
    configuration = replica.configuration
    replica.configuration = lambda generation: _faster(configuration(generation), day)
    chance, copies, aged = options.chance("aging"), Copies(Path(settings.BACKUP)), Aged()
    erased: dict[int, float] = {}
    seen: dict[int, float] = {}
    turn, last = 0, days * TURNS_A_DAY
    _sql("CREATE TABLE aged (turn integer, word text)")
    while turn < last or (aged.left and turn < last + 2 * kept * TURNS_A_DAY):
        aged.starts += 1
        with copying():
            for _ in range(chance.randrange(TURNS_A_DAY, 6 * TURNS_A_DAY)):
                turn += 1
                _sql("INSERT INTO aged VALUES (%s, %s)", turn, f"aged-{turn:06d}-")
                if TURNS_ERASED < turn <= last:
                    _sql("UPDATE aged SET word = 'erased' WHERE turn = %s", turn - TURNS_ERASED)
                    erased[turn - TURNS_ERASED] = time.monotonic()
                if turn % TURNS_A_DAY == 0:
                    replica.prune()
                time.sleep(day / TURNS_A_DAY)
                looked = time.monotonic()
                held = copies.marks() & erased.keys()
                seen |= dict.fromkeys(held, looked)
                aged.left = len(held)
                options.say(f"day {turn // TURNS_A_DAY}: {len(erased)} erased, {len(held)} held")
                if turn >= last and not held:
                    break
    aged.ages = [(seen[number] - at) / day for number, at in erased.items() if number in seen]
    aged.sound = _comes_back(options.folder / "came-back.sqlite3", turn)
    return aged


class Copies:
    """Which marks stand in a folder of copies; a file never changes, and is read once."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.read = folder, dict[Path, set[int]]()

    def marks(self) -> set[int]:
        for path in self.folder.rglob("*.ltx"):
            if path not in self.read:
                with suppress(FileNotFoundError):  # Litestream removed it meanwhile
                    self.read[path] = {int(one) for one in MARK.findall(readable(path))}
        self.read = {path: found for path, found in self.read.items() if path.exists()}
        return set().union(*self.read.values())


def _faster(told: str, day: float) -> str:
    said = json.loads(told)
    for one in said["dbs"]:
        one["replica"]["sync-interval"] = one["monitor-interval"] = _part(day, 100)
    levels = [{"interval": _part(day, part)} for part in (100, 50, 24)]  # the last: an hour
    soon = {"l0-retention": _part(day, 50), "l0-retention-check-interval": _part(day, 50)}
    return json.dumps(said | soon | {"levels": levels})


def _part(day: float, part: int) -> str:
    return f"{int(day / part * 1_000)}ms"


def _comes_back(target: Path, turns: int) -> bool:
    from doorstep.site.upkeep import replica

    replica.restore(target)
    with closing(sqlite3.connect(target)) as file:
        (sound,) = file.execute("PRAGMA integrity_check").fetchone()
        (count,) = file.execute("SELECT count(*) FROM aged").fetchone()
    return sound == "ok" and count == turns


def _sql(statement: str, *values: object) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
