"""What the `doorstep` command shows while it works: a bar on a terminal, and plain lines."""

from __future__ import annotations

import sys
from pathlib import Path

from doorstep.engine.count import Rule
from doorstep.engine.count.cluster import on_cluster
from doorstep.engine.count.many import count_many, elections_in, in_processes, processors


def lines_of_many(
    folder: Path, rule: Rule, workers: int, json_dir: Path | None, dask: str | None
) -> bool:
    """Count a folder, one line for each file on standard output; whether none was refused.

    On a terminal, a bar on standard error says how many are done and how long the rest may take.
    Raises OSError for a folder without elections, ClusterError for a cluster that is no use.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    files = elections_in(folder)
    runner = on_cluster(dask) if dask else in_processes(workers or processors())
    bar = Progress(
        "counting",
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        "left",
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
        redirect_stdout=sys.stdout.isatty(),
    )
    task = bar.add_task("", total=len(files))
    refused = kept = 0
    every = count_many(files, rule, runner, json_dir, done=lambda: bar.advance(task))
    with bar:
        for told in every:
            print(told.line, flush=True)
            refused += told.json is None
            kept += told.kept
    before = f", {kept:,} of them in an earlier run" if kept else ""
    print(f"{len(files) - refused:,} counted{before}; {refused:,} refused.", file=sys.stderr)
    return not refused
