"""The count beside pabutools: same machine, same run, processor seconds, medians and ratios.

Every question is asked in a process of its own. The peer is pabutools with gmpy2, in whichever of
its two forms of a profile is faster; it lives in .venv-peers, since it pulls a proprietary solver.
What takes it over 20 s is asked once. `--quick` asks it once about each thing, in the form that was
faster when this was written, and leaves out the plain layer. `--write` puts the tables into
docs/benchmarks.md.
"""

import json
import os
import subprocess
import sys
import tarfile
import tempfile
import venv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.count.tables import TOLD, Row, in_words, written

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("DOORSTEP_SHARED_DATA", ROOT.parent / "shared" / "data"))
PEERS = ROOT / ".venv-peers"
PINNED = ("pabutools==1.2.3", "gmpy2==2.3.2")
LAYERS = ("kernel", "numpy", "plain")
RUNS = 3
SLOW = 20.0

LODZ, WARSAW = "Poland_Lodz_2022.pb", "Poland_Warszawa_2026.pb"
SWIECIE = "Poland_Swiecie_2023.pb"
# File, question, the peer's faster form, and why the peer is not asked.
QUESTIONS = (
    (LODZ, "read", "multi", ""),
    (WARSAW, "read", "multi", ""),
    (LODZ, "equal-shares", "multi", ""),
    (WARSAW, "equal-shares", "multi", ""),
    (LODZ, "add1", "multi", ""),
    (WARSAW, "add1", "multi", "over 10 min"),
    (LODZ, "phragmen", "multi", ""),
    (WARSAW, "phragmen", "plain", ""),
    (LODZ, "greedy", "multi", ""),
    (WARSAW, "greedy", "plain", ""),
)


@dataclass
class Bench:
    quick: bool
    rows: list[Row] = field(default_factory=list)
    wholes: list[tuple[str, float, float, float]] = field(default_factory=list)


def run(*flags: str) -> None:
    unknown = set(flags) - {"--write", "--quick"}
    if unknown:
        sys.exit(f"bench count has no {sorted(unknown)[0]}: it has --write and --quick.")
    archive = SHARED / "pb" / "pabulib.tar.xz"
    if not archive.exists():
        print(f"\nCount: skipped, {archive} is not there (set DOORSTEP_SHARED_DATA).")
        return
    bench = Bench("--quick" in flags)
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder)
        _unpack(archive, files)
        python = peers()
        for name, question, form, why_not in QUESTIONS:
            bench.rows.append(_row(bench, python, files / name, question, form, why_not))
        _wholes(bench, files)
        # Last: a process that is started from here counts our own peak memory as its own.
        speed = bytes_each_second()
    print(in_words(bench.rows, bench.wholes, speed))
    if "--write" in flags:
        path = ROOT / "docs" / "benchmarks.md"
        path.write_text(written(path.read_text(encoding="utf-8"), bench.rows, bench.wholes, speed))
        print(f"written to {path.relative_to(ROOT)}")


def _say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


def _row(
    bench: Bench, python: Path | None, file: Path, question: str, form: str, why_not: str
) -> Row:
    row = Row(file.stem, question, why_not=why_not)
    for layer in LAYERS[: 2 if bench.quick else 3]:
        _say(f"{file.stem} {question}: {layer}")
        environment = {**os.environ, "DOORSTEP_COUNT_LAYER": layer}
        ours = [sys.executable, "-m", "bench.count.ours", str(file), question]
        answer = _asked(ours, environment)
        if answer is not None:
            row.ours[layer] = answer["seconds"]
            row.told.setdefault(TOLD, answer.get("told", 0.0))
            row.bytes = answer["bytes"]
    if python is None or why_not:
        return row
    forms = (form,) if bench.quick else ("plain", "multi")
    for one in forms if question != "read" else ("multi",):
        _say(f"{file.stem} {question}: pabutools, {one} profile")
        peer = [str(python), str(ROOT / "bench" / "count" / "peer.py"), str(file), question, one]
        taken: list[float] = []
        runs = 1 if bench.quick else RUNS
        while len(taken) < runs and not any(second > SLOW for second in taken):
            answer = _asked(peer, dict(os.environ))
            if answer is None:
                break
            taken.append(answer["seconds"])
        if taken:
            row.peer[one] = sorted(taken)[len(taken) // 2]
            row.peer_runs = len(taken)
    return row


def _asked(command: list[str], environment: dict[str, str]) -> dict[str, Any] | None:
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        _say(f"no answer: {done.stderr.strip().splitlines()[-1:]}")
        return None
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    _say(f"    {answer}")
    return answer


def _wholes(bench: Bench, files: Path) -> None:
    """Whole processes, as somebody at a terminal runs them."""
    doorstep = str(Path(sys.executable).with_name("doorstep"))
    add1u = ("--completion", "add1u")
    for what, command, runs in (
        ("Łódź 2022 with add1u, from cold", [doorstep, "count", str(files / LODZ), *add1u], RUNS),
        (
            "Świecie 2023 with add1u",
            [doorstep, "count", str(files / "Poland_Swiecie_2023.pb")],
            RUNS,
        ),
        (
            f"all {len(list(files.glob('*.pb')))} elections with add1u, one worker",
            [doorstep, "count", str(files), "--workers", "1", *add1u],
            1,
        ),
        ("doorstep --help", [doorstep, "--help"], RUNS),
    ):
        _say(what)
        measured = sorted(_measured(command) for _ in range(runs))
        bench.wholes.append((what, *measured[len(measured) // 2]))


def _measured(command: list[str]) -> tuple[float, float, float]:
    """Processor seconds, seconds on the clock and peak megabytes of one process."""
    began = os.times().elapsed
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        _say(f"{' '.join(command)} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, os.times().elapsed - began, used.ru_maxrss / 1000


def bytes_each_second() -> float:
    """How fast this machine reads memory it does not have in a cache: the best of five passes."""
    import time

    import numpy as np

    size = 256 << 20
    memory = np.ones(size // 8, np.int64)
    best = 0.0
    for _ in range(5):
        began = time.process_time()
        memory.max()
        best = max(best, size / (time.process_time() - began))
    return best


def _unpack(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as tar:
        for member in tar:
            stream = tar.extractfile(member)
            if stream and member.name.endswith(".pb"):
                (folder / Path(member.name).name).write_bytes(stream.read())


def peers() -> Path | None:
    """The Python of the peers' environment, built on first use; None where it cannot be."""
    python = PEERS / "bin" / "python"
    ready = PEERS / "ready"
    if not ready.exists() or ready.read_text() != " ".join(PINNED):
        _say("building the peers' environment")
        venv.create(PEERS, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "--quiet", *PINNED]
        if subprocess.run(install, check=False, stderr=subprocess.DEVNULL).returncode:
            print("pabutools cannot be installed here: its figures are left out")
            return None
        ready.write_text(" ".join(PINNED))
    return python
