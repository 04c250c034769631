"""Fills the disk under PostgreSQL's own log, and starts the server when there is room again.

A server that cannot write its log can promise nothing, and ends every process of its own. While a
little room is left it comes back by itself; else it stays away until whoever runs it made room and
started it. Nothing else is repaired here.
"""

from contextlib import ExitStack
from pathlib import Path

from bench.torture import Figure, Options
from bench.torture.disk_full import fill_up
from bench.torture.frame.clusters import give_to_postgres, in_a_cluster_of_its_own
from bench.torture.frame.databases import fresh
from bench.torture.frame.small_disk import small_disk

NUMBERS = ("T7",)
EACH_DATABASE = False

MEGABYTES = 96
# In segments of 1 MB, none of them kept to be written over: then a full disk would not be noticed.
SMALL_LOG = {"min_wal_size": "2MB", "max_wal_size": "16MB", "wal_recycle": "off"}


def main(options: Options) -> list[Figure]:
    with ExitStack() as stack:
        # Not in the run's folder: the user postgres must be able to walk there.
        folder = Path("/tmp") / f"torture-log-{options.folder.name}"
        disk = stack.enter_context(small_disk(folder, MEGABYTES))
        give_to_postgres(folder)
        cluster = stack.enter_context(
            in_a_cluster_of_its_own(settings=SMALL_LOG, log_in=folder / "log")
        )
        there = Options(options.seed, "postgresql", options.full, options.folder, cluster.url)
        stack.enter_context(fresh(there))
        figure, held = fill_up(there, disk, cluster.comes_back)
        ended = (cluster.folder / "log").read_text(errors="replace").count("PANIC:")
        told = (
            f"the server ended its processes {ended} times, and stayed away "
            f"{cluster.started_again} times until it was started; {figure}"
        )
        return [Figure("T7", "PostgreSQL, disk of its own log full", told, held and ended > 0)]
