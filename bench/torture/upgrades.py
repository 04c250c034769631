"""Data of every earlier release is brought up to this one.

Each release is checked out beside this one (git worktree), and its own program loads its demo into
a database: a whole season with money, votes and signatures. Then this release migrates it. The
roots of both logs must be the same before and after, and everything must hold.
"""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from bench.torture import Figure, Options

NUMBERS = ("T28",)
EACH_DATABASE = True
ROOT = Path(__file__).resolve().parents[2]
# The last commit of each stretch of work, by what it had become.
RELEASES = {
    "the walk of a pound": "3b059a8",
    "a live round": "8451274",
    "a record for strangers": "bff2bf2",
    "a house with every room open": "5e2d016",
}
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


def main(options: Options) -> list[Figure]:
    return [_brought_up(options, name, commit) for name, commit in RELEASES.items()]


def _brought_up(options: Options, name: str, commit: str) -> Figure:
    tree = options.folder / commit
    _run(["git", "-C", str(ROOT), "worktree", "add", "--detach", str(tree), commit])
    try:
        old, new = _environment(options, commit, tree), _environment(options, commit, ROOT)
        _python(LOAD, old)
        before = _python(ROOTS, old)
        _python("from doorstep.site.management import migrate\nmigrate()", new)
        after = _python(ROOTS, new)
        wrong = _python(WRONG, new).split()
    finally:
        _run(["git", "-C", str(ROOT), "worktree", "remove", "--force", str(tree)])
    leaves = sum(int(line.split()[1]) for line in after.splitlines())
    told = f"{leaves:,} leaves, roots {'the same' if before == after else 'DIFFER'}"
    if wrong:
        told += f"; does not hold: {', '.join(wrong)}"
    return Figure("T28", f"from {name} ({commit})", told, before == after and not wrong)


WRONG = """
from doorstep.site.upkeep.checking import check_invariants
print(*[one.invariant.name for one in check_invariants()
        if one.faults and not one.invariant.is_deadline])
"""


def _environment(options: Options, commit: str, tree: Path) -> dict[str, str]:
    data = options.folder / f"data-{commit}"
    data.mkdir(exist_ok=True)
    url = f"sqlite:///{data / 'doorstep.sqlite3'}"
    if options.database == "postgresql":
        url = urlunsplit(urlsplit(options.server)._replace(path=f"/upgrade_{os.getpid()}_{commit}"))
        _make_once(options.server, url.rpartition("/")[2])
    return {
        **os.environ, "DOORSTEP_DATA": str(data), "DOORSTEP_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "doorstep.site.settings", "PYTHONPATH": str(tree / "src"),
    }  # fmt: skip


def _make_once(server: str, name: str) -> None:
    import psycopg

    with psycopg.connect(server, autocommit=True) as line:
        if not line.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            line.execute(f'CREATE DATABASE "{name}"')


def _python(code: str, environment: dict[str, str]) -> str:
    return _run([sys.executable, "-c", f"import django; django.setup()\n{code}"], environment)


def _run(arguments: list[str], environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        arguments, env=environment, capture_output=True, text=True, cwd=ROOT, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{arguments[:3]}: {done.stdout[-500:]} {done.stderr[-2000:]}")
    return done.stdout
