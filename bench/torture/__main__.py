"""`./doorstep torture`: list the long runs, run them, and write down what came out.

    ./doorstep torture                     the runs, and what each answers for
    ./doorstep torture kills               one run, on both databases, in its quick size
    ./doorstep torture all --full --write  all of them in full; the figures go to docs/
    ./doorstep torture --page              write docs/promises.md's table from docs/torture.json
    ./doorstep torture --house COMMIT      keep what that release's demo wrote, for the short test

--seed N repeats a run's choices. --database sqlite or postgresql keeps to one. PostgreSQL is the
server of DOORSTEP_DATABASE_URL if that names one; else a cluster is made for the run and removed.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from bench.torture import Figure, Options
from bench.torture.frame.clusters import a_server
from bench.torture.frame.houses import keep_house
from bench.torture.frame.page import ENDED_BADLY, keep, tried_commit, write_page
from bench.torture.frame.runs import Run, runs

DATABASES = ("sqlite", "postgresql")


def main(arguments: list[str]) -> None:
    asked = _reader().parse_args(arguments)
    if asked.page:
        return write_page()
    if asked.house:
        return print(f"Kept in {keep_house(asked.house)}.")
    found = runs()
    if not asked.names:
        return _list(found)
    unknown = set(asked.names) - {*found, "all"}
    if unknown:
        sys.exit(f"There is no run {sorted(unknown)[0]!r}. There are: {', '.join(found)}.")
    chosen = [found[name] for name in (found if "all" in asked.names else asked.names)]
    return _run_all(chosen, asked)


def _reader() -> argparse.ArgumentParser:
    reader = argparse.ArgumentParser(prog="./doorstep torture", description=__doc__)
    reader.formatter_class = argparse.RawDescriptionHelpFormatter
    reader.add_argument("names", nargs="*", help="runs, or all; none: list them")
    reader.add_argument("--seed", type=int, help="repeat the choices of an earlier run")
    reader.add_argument("--database", choices=DATABASES, help="one of the two; else both")
    size = reader.add_mutually_exclusive_group()
    size.add_argument("--full", action="store_true", help="the size that was promised")
    size.add_argument("--quick", action="store_true", help="a minute or so (this is usual)")
    reader.add_argument("--write", action="store_true", help="put the figures into docs/")
    reader.add_argument("--page", action="store_true", help="only write the table of the page")
    reader.add_argument("--house", metavar="COMMIT", help="only keep a house of that release")
    reader.add_argument("--child", help=argparse.SUPPRESS)
    return reader


def _list(found: dict[str, Run]) -> None:
    for run in found.values():
        print(f"{run.name:<16} {', '.join(run.numbers):<10} {run.sentence}")
    print("\n./doorstep torture NAME [--full] [--seed N] [--database sqlite|postgresql] [--write]")


def _run_all(chosen: list[Run], asked: argparse.Namespace) -> None:
    seed = secrets.randbelow(10**9) if asked.seed is None else asked.seed
    wanted = [asked.database] if asked.database else list(DATABASES)
    failed, unasked = [], []
    for run in chosen:
        for database in wanted if run.each_database else [""]:
            figures = _one(run, database, seed, asked)
            name = f"{run.name} {database} --seed {seed}".replace("  ", " ")
            failed += [name] if any(one.held is False for one in figures) else []
            unasked += [name] if any(one.held is None for one in figures) else []
    print("\nVerdict: " + ("all held." if not failed else "FAILED: " + "; ".join(failed)))
    if unasked:
        print(f"Not asked, and so not held either: {'; '.join(unasked)}")
    sys.exit(bool(failed))


def _one(run: Run, database: str, seed: int, asked: argparse.Namespace) -> list[Figure]:
    size, commit = "full" if asked.full else "quick", tried_commit()
    print(f"\n{run.name} {database} ({size}, seed {seed}): {run.sentence}", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="torture-")))
        server = stack.enter_context(a_server()) if database == "postgresql" else ""
        told = {
            "seed": seed, "database": database, "full": asked.full, "folder": str(folder),
            "server": server,
        }  # fmt: skip
        began = time.monotonic()
        child = subprocess.run(
            [sys.executable, "-m", "bench.torture", run.name, "--child", json.dumps(told)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        answers = folder / "figures.json"
        rows = json.loads(answers.read_text()) if answers.exists() else []
    figures = [Figure(**row) for row in rows]
    if child.returncode or not figures:
        # Else the page would go on showing what held the last time.
        told = f"the run {run.name} ended with code {child.returncode} and without an answer"
        figures = [Figure(number, ENDED_BADLY, told, False) for number in run.numbers]
    for figure in figures:
        verdict = {True: "", False: "FAILED", None: "NOT ASKED"}[figure.held]
        print(f"  {figure.number} {figure.what}: {figure.figure} {verdict}")
    print(f"  {time.monotonic() - began:.0f} s")
    if asked.write:
        keep(figures, run=run.name, database=database, size=size, seed=seed, commit=commit)
    return figures


def _be_the_child(name: str, told: str) -> None:
    given = json.loads(told)
    options = Options(**given | {"folder": Path(given["folder"])})
    try:
        figures = runs()[name].module.main(options)
    except Exception:
        traceback.print_exc()
        sys.exit(1)
    text = json.dumps([asdict(figure) for figure in figures])
    (options.folder / "figures.json").write_text(text)


if __name__ == "__main__":
    if "--child" in sys.argv:
        _be_the_child(sys.argv[1], sys.argv[3])
    else:
        main(sys.argv[1:])
