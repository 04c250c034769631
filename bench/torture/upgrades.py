"""Data of every earlier release is brought up to this one.

Each release is checked out beside this one (git worktree), and its own program loads its demo into
a database: a whole season with money, votes and signatures. Then this release migrates it. The
roots of both logs must be the same before and after, and everything must hold.
"""

import os
from datetime import UTC, datetime

from bench.torture import Figure, Options
from bench.torture.frame.houses import (
    LOAD,
    ROOTS,
    a_database,
    brought_up,
    checked_out,
    environment,
    python,
)

NUMBERS = ("T28",)
EACH_DATABASE = True
# The last commit of each stretch of work, by what it had become.
RELEASES = {
    "the walk of a pound": "3b059a8",
    "a live round": "8451274",
    "a record for strangers": "bff2bf2",
    "a house with every room open": "5e2d016",
}


def main(options: Options) -> list[Figure]:
    return [_brought_up(options, name, commit) for name, commit in RELEASES.items()]


def _brought_up(options: Options, name: str, commit: str) -> Figure:
    folder, server = options.folder, options.server
    with (
        checked_out(commit, folder / commit) as tree,
        a_database(options.database, folder, server, f"upgrade_{os.getpid()}_{commit}") as url,
    ):
        old = environment(url, folder / f"data-{commit}", tree)
        python(LOAD, old)
        before = python(ROOTS, old).splitlines()
        now = datetime.now(UTC).isoformat()
        after, wrong = brought_up(environment(url, folder / f"data-{commit}"), now)
    leaves = sum(int(line.split()[1]) for line in after)
    told = f"{leaves:,} leaves, roots {'the same' if before == after else 'DIFFER'}"
    if wrong:
        told += f"; does not hold: {', '.join(wrong)}"
    return Figure("T28", f"from {name} ({commit})", told, before == after and not wrong)
