"""The count at full size: whole processes, as somebody at a terminal runs them, beside pabutools.

Łódź 2022 is the bar: 90,494 voters, 160 projects, add1u, in under 60 seconds and 1 GB. The peer
lives in an environment of its own (it pulls a proprietary solver), built here when it can be.
"""

import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("DOORSTEP_SHARED_DATA", ROOT.parent / "shared" / "data"))
PEERS = ROOT / ".venv-peers"
RUNS = 3
BARS = "Bar: Łódź 2022 with add1u under 60 s and 1,000 MB."

COUNTS = (
    ("Poland_Lodz_2022.pb", ("--completion", "add1u")),
    ("Poland_Lodz_2022.pb", ("--completion", "none")),
    ("Poland_Warszawa_2023_Ursynow.pb", ("--completion", "add1u")),
    ("Poland_Swiecie_2023.pb", ("--completion", "add1")),
)
# What the peer is asked. Its Add1 of a district of 6,260 voters takes two minutes and 3 GB, and
# that of Łódź longer than anybody waits: so only these.
PEER_COUNTS = (("Poland_Lodz_2022.pb", "none"), ("Poland_Swiecie_2023.pb", "add1"))
PEER = """
import sys
from pabutools import election, rules
instance, profile = election.parse_pabulib(sys.argv[1])
sys.setrecursionlimit(20000)
rules.method_of_equal_shares(
    instance, profile.as_multiprofile(), sat_class=election.Cost_Sat,
    voter_budget_increment=1 if sys.argv[2] == "add1" else None,
)
"""


def run() -> None:
    archive = SHARED / "pb" / "pabulib.tar.xz"
    if not archive.exists():
        print(f"\nCount: skipped, {archive} is not there (set DOORSTEP_SHARED_DATA).")
        return
    with tempfile.TemporaryDirectory() as folder:
        names = {name for name, *_ in (*COUNTS, *PEER_COUNTS)}
        files = _unpacked(archive, names, Path(folder))
        print(f"\nCount, whole processes, median of {RUNS}. {BARS}")
        print(f"{'election':<34} {'options':<22} {'CPU s':>7} {'wall s':>7} {'MB':>6}")
        doorstep = str(Path(sys.executable).with_name("doorstep"))
        for name, options in COUNTS:
            _row(name, " ".join(options), [doorstep, "count", str(files[name]), *options], RUNS)
        python = peers()
        for name, completion in PEER_COUNTS if python else ():
            command = [str(python), "-c", PEER, str(files[name]), completion]
            _row(name, f"pabutools {completion}", command, 1)


def _unpacked(archive: Path, names: set[str], folder: Path) -> dict[str, Path]:
    with tarfile.open(archive) as tar:
        for member in tar:
            stream = tar.extractfile(member)
            name = Path(member.name).name
            if stream and name in names:
                (folder / name).write_bytes(stream.read())
    return {name: folder / name for name in names}


def _row(name: str, options: str, command: list[str], runs: int) -> None:
    measured = [_measured(command) for _ in range(runs)]
    processor, wall, memory = (statistics.median(column) for column in zip(*measured, strict=True))
    short = name.removesuffix(".pb")
    print(f"{short:<34} {options:<22} {processor:>7.2f} {wall:>7.2f} {memory:>6.0f}", flush=True)


def _measured(command: list[str]) -> tuple[float, float, float]:
    """Processor seconds, seconds on the clock and peak megabytes of one process."""
    began = os.times().elapsed
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, os.times().elapsed - began, used.ru_maxrss / 1000


def peers() -> Path | None:
    """The Python of the peers' environment, built on first use; None where it cannot be."""
    python = PEERS / "bin" / "python"
    if not (PEERS / "ready").exists():
        print("building the peers' environment …", file=sys.stderr)
        venv.create(PEERS, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "pabutools", "gmpy2"]
        if subprocess.run(install, check=False, stderr=subprocess.DEVNULL).returncode:
            print("pabutools cannot be installed here: its rows are left out")
            return None
        (PEERS / "ready").touch()
    return python
