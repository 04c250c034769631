"""What the command does with official files of areas: reads, keeps, says what it did."""

import sys
from pathlib import Path

from doorstep.apps.places.actions import keep_directory, keep_look_up, keep_outlines
from doorstep.apps.places.actions.areas import FileRead, LinkRow, Progress
from doorstep.engine.need import read_boundaries, read_look_up, read_postcodes
from doorstep.engine.need.geography import Geography
from doorstep.engine.need.ons import read_names
from doorstep.site.operations import OPERATOR


def import_look_up(file: Path, small: str, larger: str) -> str:
    """Keep which `larger` area each `small` one lies in, with the names that the file gives."""
    below, above = Geography.named(small), Geography.named(larger)
    found = read_look_up(file, below, above, progress=shown("read"))
    names, larger_names = read_names(file, below), read_names(file, above)
    rows = (
        LinkRow(one, names.get(one, ""), other, larger_names.get(other, ""))
        for one, other in zip(map(str, found.areas.codes), map(str, found.inside), strict=True)
    )
    return _told(
        keep_look_up(below, above, rows, found.source, actor=OPERATOR, progress=shown("kept"))
    )


def import_postcodes(file: Path, unit: str, year: int) -> str:
    """Keep the area of each postcode; and those that ended, or have no area, as such."""
    geography = Geography.named(unit)
    found = read_postcodes(file, geography, year=year, progress=shown("read"))
    told = _told(keep_directory(found, actor=OPERATOR, progress=shown("kept")))
    return (
        f"{told}\n{len(found.keys):,} live, {len(found.nowhere):,} without an area, "
        f"{len(found.past):,} ended. Left out: {found.northern_ireland:,} of Northern Ireland."
    )


def import_boundaries(file: Path, unit: str, code: str | None = None) -> str:
    """Keep the outline of each area."""
    geography = Geography.named(unit)
    found = read_boundaries(file, geography, code=code)
    return _told(keep_outlines(found, actor=OPERATOR, progress=shown("kept")))


def _told(read: FileRead) -> str:
    file = read.file
    if not read.is_new:
        return f"{file.about}: this file was read before, and nothing changed."
    return f"{file.about}: {file.rows:,} rows kept of “{file.title}”, SHA-256 {file.sha256}."


def shown(done: str) -> Progress:
    """Shows on a terminal how many rows were read or kept."""

    def say(rows: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{rows:,} rows {done} ", end="", file=sys.stderr, flush=True)

    return say
