"""Counting a folder of elections: many files, many processes, and no bad one stops the others.

Results come in the order of the files, whichever process is done first, so that the same folder
prints the same lines on any machine. With a folder for the results, a run that was interrupted
goes on where it stopped: what was counted of the same bytes by the same rule is not counted again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .counting import count
from .outcome import canonical
from .pabulib import read_pabulib
from .reader import PabulibError
from .rule import Rule, RuleError

Settings = Mapping[str, str | bool | None]


@dataclass(frozen=True, slots=True)
class Job:
    """One election to count: its file, a rule as Rule.as_dict has it, and the canonical JSON of
    an earlier run, or None."""

    path: Path
    settings: Settings
    known: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one file: the canonical JSON of its count, or in one line why it was refused.

    kept says that the JSON is that of an earlier run.
    """

    file: str
    json: str | None
    refusal: str = ""
    kept: bool = False

    @property
    def line(self) -> str:
        """One line of a report, at most 120 columns where the file's name has at most 60."""
        if self.json is None:
            return f"refused: {self.refusal}"
        found = json.loads(self.json)
        election, winners = found["election"], len(found["winners"])
        return (
            f"{self.file}: {election['voters']:,} voters, {winners} of {election['projects']} "
            f"funded, {found['spent']} of {election['budget']} spent"
        )


# Begins with all jobs at once, and says of each by its position what became of it, in any order.
Runner = Callable[[Sequence[Job]], Iterator[tuple[int, Told]]]


def count_one(job: Job, data: bytes | None = None) -> Told:
    """Count one file, from its bytes where they are given. A refusal is told, not raised."""
    try:
        election = read_pabulib(job.path if data is None else data, name=job.path.name)
        rule = Rule.from_dict(job.settings)
        if job.known is not None:
            before = json.loads(job.known)
            ours = election.sha256, rule.settled(election).as_dict()
            if (before["election"]["sha256"], before["rule"]) == ours:
                return Told(job.path.name, job.known, kept=True)
        return Told(job.path.name, canonical(count(election, rule)))
    except PabulibError as error:
        return Told(job.path.name, None, str(error))
    except RuleError as error:
        return refused(job, str(error))


def refused(job: Job, why: str) -> Told:
    """The result of a file that could not be counted."""
    return Told(job.path.name, None, f"{job.path.name}: {why}")


def elections_in(folder: Path) -> list[Path]:
    """The .pb files of a folder by name; a file by itself. Raises FileNotFoundError for none."""
    files = [folder] if folder.is_file() else sorted(folder.glob("*.pb"))
    if not files:
        raise FileNotFoundError(2, "there is no .pb file in this folder", str(folder))
    return files


def count_many(
    files: Iterable[Path],
    rule: Rule,
    runner: Runner,
    json_dir: Path | None = None,
    done: Callable[[], None] = lambda: None,
) -> Iterator[Told]:
    """Begin to count files, and give what became of each in their order; done is called after each.

    With json_dir, FILE.json is written there for each FILE.pb that could be counted. Raises
    OSError where that cannot be done.
    """
    if json_dir:
        json_dir.mkdir(parents=True, exist_ok=True)
    settings = rule.as_dict()
    jobs = [Job(path, settings, _known(path, json_dir)) for path in files]
    return _in_order(jobs, runner(jobs), json_dir, done)


def _in_order(
    jobs: Sequence[Job],
    results: Iterator[tuple[int, Told]],
    json_dir: Path | None,
    done: Callable[[], None],
) -> Iterator[Told]:
    waiting: dict[int, Told] = {}
    following = 0
    for position, told in results:
        if json_dir and told.json is not None and not told.kept:
            _write(_json_of(jobs[position].path, json_dir), told.json)
        done()
        waiting[position] = told
        while following in waiting:
            yield waiting.pop(following)
            following += 1


def in_processes(workers: int) -> Runner:
    """A runner on this machine; one worker counts in this process. The largest files go first.

    Should a process be killed (a count may ask for more memory than there is), the others' files
    are counted again one by one, and only the file whose process dies again is refused.
    """

    def one_by_one(jobs: Sequence[Job]) -> Iterator[tuple[int, Told]]:
        return ((position, count_one(job)) for position, job in enumerate(jobs))

    def side_by_side(jobs: Sequence[Job]) -> Iterator[tuple[int, Told]]:
        # On Linux the processes are forks: all are made here, before there can be a thread that
        # draws a bar.
        pool = ProcessPoolExecutor(min(workers, len(jobs)))
        largest_first = sorted(range(len(jobs)), key=lambda p: (-_size(jobs[p].path), p))
        return _collected(jobs, pool, {pool.submit(count_one, jobs[p]): p for p in largest_first})

    return one_by_one if workers == 1 else side_by_side


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _collected(
    jobs: Sequence[Job], pool: ProcessPoolExecutor, place: dict[Future[Told], int]
) -> Iterator[tuple[int, Told]]:
    try:
        while place:
            ready, _ = wait(place, return_when=FIRST_COMPLETED)
            for future in sorted(ready, key=place.__getitem__):
                told = future.result()
                yield place.pop(future), told
    except BrokenProcessPool:
        yield from ((position, _alone(jobs[position])) for position in sorted(place.values()))
    finally:
        pool.shutdown(cancel_futures=True)


def _alone(job: Job) -> Told:
    with ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(count_one, job).result()
        except BrokenProcessPool:
            return refused(job, "counting it ended its process: is there enough memory?")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # the worker will say so
        return 0


def _json_of(path: Path, folder: Path) -> Path:
    return folder / f"{path.stem}.json"


def _known(path: Path, folder: Path | None) -> str | None:
    """The JSON of an earlier run, if there is one that can be read."""
    if folder is None:
        return None
    try:
        text = _json_of(path, folder).read_text(encoding="utf-8")
        found: Any = json.loads(text)
        return text if {"election", "rule", "winners", "spent"} <= found.keys() else None
    except (OSError, ValueError, AttributeError):
        return None


def _write(target: Path, text: str) -> None:
    """Whole or not at all, so that an interrupted run leaves nothing half written."""
    part = target.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(target)
