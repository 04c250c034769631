"""What `doorstep need` and `doorstep need-file` do between their options and their text."""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from .official import IndexFile, read_index
from .study import run_study
from .study_report import place_text, study_text, study_values

# The made-up study that comes with Doorstep, to be looked at and copied.
SHIPPED = "millbrook"
QUIET_SECONDS = 1.0


class _Told:
    """How far a file has been read, on the terminal of whoever waits longer than a second."""

    def __init__(self) -> None:
        self.began = self.last = time.monotonic()
        self.shown = False

    def __call__(self, row: int) -> None:
        now = time.monotonic()
        if sys.stderr.isatty() and now - self.began > QUIET_SECONDS and now - self.last > 0.2:
            self.last, self.shown = now, True
            print(f"\rreading: row {row:,} ", end="", file=sys.stderr, flush=True)

    def done(self) -> None:
        if self.shown:
            print(file=sys.stderr)


def shipped_or(file: Path) -> Path:
    """The file, or the made-up study for the word "millbrook"."""
    if str(file) == SHIPPED and not file.exists():
        return Path(str(files(__package__).joinpath("data", SHIPPED, "study.toml")))
    return file


def answer_study(file: Path, *, place: str | None, as_json: bool) -> None:
    """Answer a study on standard output: all of it, one place of it, or everything as JSON."""
    told = _Told()
    study = run_study(shipped_or(file), told, today=date.today())  # noqa: DTZ011 - a person's own today
    told.done()
    if as_json:
        _print_json(study_values(study))
    else:
        sys.stdout.write(study_text(study) if place is None else place_text(study, place))


def check_file(file: Path, *, expect: str | None, partial: bool, as_json: bool) -> None:
    """Read an index file whole and say what it is; nothing is kept."""
    told = _Told()
    read = read_index(file, expect=expect, partial=partial, progress=told)
    told.done()
    values = _values(read)
    if as_json:
        _print_json(values)
        return
    print(f"{read.index.name}: {len(read.areas):,} areas ({read.areas.geography}).")
    print(f"Residents: {values['residents']:,}." if values["residents"] else "Without residents.")
    print("Ranks, scores and domains agree with the published formula.")
    print(f"{read.source.line}.")
    print(f"SHA-256 {read.source.sha256}")


def _values(read: IndexFile) -> dict[str, Any]:
    everybody = read.residents.get("all")
    return {
        "index": read.index.name,
        "areas": len(read.areas),
        "geography": str(read.areas.geography),
        "whole": read.whole,
        "residents": int(everybody.values.sum()) if everybody else 0,
        "title": read.source.title,
        "publisher": read.source.publisher,
        "licence": read.source.licence,
        "year": read.source.year,
        "sha256": read.source.sha256,
    }


def _print_json(values: dict[str, Any]) -> None:
    json.dump(values, sys.stdout, ensure_ascii=False, sort_keys=True)
    sys.stdout.write("\n")
