"""How long a stranger waits for `verify.py`: 100,000 ledger entries, and a million leaves.

The file that is handed out runs as `python3 -I -S` in a process of its own, as it would elsewhere.
Beside it stands the smallest thing that reads the same bytes and hashes each leaf once: what no
checker can be faster than, on this machine and in this minute. The bar is on seconds of the
processor: it is one process that never waits, so on a machine with a free core they are those of
the wall, and on a busy one they alone say something about the script.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

from doorstep.engine.seal.canonical import canonical
from doorstep.engine.seal.joined import verify_file

ENTRIES, LEAVES = 100_000, 1_000_000
BARS: dict[str, tuple[float, int | None]] = {
    "entries": (5.0, None),
    "leaves": (15.0, 500),
}  # seconds, MB
FLOOR = (
    "import hashlib, pathlib, sys\n"
    "for one in sorted(pathlib.Path(sys.argv[1], 'tile/entries').rglob('*')):\n"
    "    data = one.read_bytes() if one.is_file() else b''; at = 0\n"
    "    while at < len(data):\n"
    "        end = at + 2 + int.from_bytes(data[at:at + 2], 'big')\n"
    "        hashlib.sha256(b'\\0' + data[at + 2:end]).digest(); at = end\n"
)


class Took(NamedTuple):
    """Seconds by the wall and of the processor, and the most memory that was held, in MB."""

    waited: float
    worked: float
    megabytes: float


class Measured(NamedTuple):
    """One record: how it went, the floor in seconds of the processor, and the bar."""

    count: int
    name: str
    took: Took
    floor: float
    bar: str
    held: bool

    def in_words(self) -> str:
        return (
            f"{self.count:,} {self.name} in {self.took.worked:.1f} s of one processor and "
            f"{self.took.megabytes:.0f} MB (bar: {self.bar})"
        )


def run(times: int = 3) -> None:
    """Print the table, and whether each bar is held."""
    with tempfile.TemporaryDirectory(prefix="bench-verify-") as folder:
        print(f"{'what':<26}{'worked':>9}{'waited':>9}{'floor':>8}{'MB':>7}   bar")
        for one in measured(Path(folder), times):
            print(
                f"{f'{one.count:,} {one.name}':<26}{one.took.worked:>9.2f}{one.took.waited:>9.2f}"
                f"{one.floor:>8.2f}{one.took.megabytes:>7.0f}   {one.bar}: "
                f"{'held' if one.held else 'NOT HELD'}"
            )


def measured(folder: Path, times: int, scale: int = 1) -> Iterator[Measured]:
    """Medians of each record; `scale` divides the sizes."""
    script = folder / "verify.py"
    script.write_bytes(verify_file())
    made = {"entries": ledger(ENTRIES // scale), "leaves": leaves(LEAVES // scale)}
    for name, record in made.items():
        log = folder / name
        count = _publish(log, record)
        runs = [_run([script, log, "--forget"]) for _ in range(times)]
        floor = median(_run(["-c", FLOOR, log]).worked for _ in range(times))
        took = Took(*(median(column) for column in zip(*runs, strict=True)))
        most_seconds, most_megabytes = BARS[name]
        held = took.worked <= most_seconds
        held = held and (most_megabytes is None or took.megabytes <= most_megabytes)
        bar = f"{most_seconds:.0f} s" + (f", {most_megabytes} MB" if most_megabytes else "")
        yield Measured(count, name, took, floor, bar, held)


def ledger(many: int) -> Iterator[bytes]:
    """Two accounts, and so many entries between them."""
    from tests.engine.seal.records import MILL, POT, WORLD, account, entry

    yield canonical(account(WORLD, "none"))
    yield canonical(account(POT))
    yield canonical(account(MILL))
    for seq in range(1, many + 1):
        giver, taker = (WORLD, POT) if seq % 2 else (POT, MILL)
        yield canonical(entry(seq, "fund.allocated", [[giver, taker, 1_000]], seq))


def leaves(many: int) -> Iterator[bytes]:
    """Leaves of which nothing is asked but their bytes and their place."""
    from tests.engine.seal.records import said

    return (canonical(said("garden.bench_placed", bench=number)) for number in range(many))


def _publish(log: Path, record: Iterator[bytes]) -> int:
    from tests.engine.seal.logs import publish

    return publish(log, list(record)).size


def _run(arguments: list[object]) -> Took:
    """A Python process, alone, to its end."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", *map(str, arguments)], stdout=subprocess.DEVNULL
    )
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{arguments[0]} ended with {process.returncode}")
    worked = usage.ru_utime + usage.ru_stime
    return Took(time.perf_counter() - began, worked, usage.ru_maxrss / 1024)
