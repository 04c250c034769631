"""The long runs that try to break Doorstep: `./doorstep torture`.

Each module of this folder is one run, named after it; `frame/` is what they stand on. A new module
is listed, run by `all` and written down without being named anywhere else. It has

    '''One line, which the list shows.'''

    NUMBERS = ("T4",)        # what it answers for, of frame/numbers.py
    EACH_DATABASE = True     # False: it needs no database, and runs once

    def main(options: Options) -> list[Figure]: ...

and imports at its top nothing that needs Django to be set up: the list imports every module. Each
run is a process of its own, so it may end badly, kill and fork, and a crash is a verdict too.
`frame.databases.fresh(options)` gives it a migrated database, set up and thrown away.

Every choice of chance comes from `options.chance()`, so that the seed that is printed repeats it. A
seed that failed stays as a test. `options.size(quick, full)` chooses how long to go on, and
`options.say()` shows how far it is. With `--write` the figures go to docs/torture.json, each with
its seed and its commit, from which the table of docs/promises.md is made; where two people wrote
figures, keep the lines of both in torture.json and run `./doorstep torture --page`.
"""

import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """How a run was asked for. `database` is sqlite or postgresql; `folder` is the run's own."""

    seed: int
    database: str
    full: bool
    folder: Path
    server: str = ""
    """The PostgreSQL server, as a URL; empty where the run needs none."""
    _last: list[float] = field(default_factory=lambda: [0.0])

    def chance(self, *apart: object) -> random.Random:
        """A source of chance that the seed repeats; one more for each thing told `apart`."""
        return random.Random(f"{self.seed} {apart}")

    def size(self, quick: int, full: int) -> int:
        return full if self.full else quick

    def say(self, text: str, *, at_most_every: float = 5) -> None:
        """Show how far it is, on the error stream, not more often than anybody can read."""
        if time.monotonic() - self._last[0] >= at_most_every:
            self._last[0] = time.monotonic()
            print(f"  {text}", file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Figure:
    """What came out, beside what was asked: ("T4", "writer killed", "0 of 8,120 lost", True).
    `held` is None of what could not be asked: it neither held nor failed."""

    number: str
    what: str
    figure: str
    held: bool | None
