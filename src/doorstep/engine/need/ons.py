"""Look-ups, changes of boundaries, residents and names, as the Office for National Statistics heads
its columns: LSOA21CD, WD24NM and the like. A wrong column or code is refused with its row."""

from __future__ import annotations

import re
from typing import Final

from .errors import NeedError, NeedFileError
from .geography import Areas, Figure, Geography, Source
from .lookup import LookUp, Succession, refuse_twice
from .table import Input, Progress, Table, as_codes, plain

ONS: Final = "Office for National Statistics"
OGL: Final = "Open Government Licence v3.0"

_UNITS = {
    "oa": "OA",
    "lsoa": "LSOA",
    "msoa": "MSOA",
    "wd": "ward",
    "ward": "ward",
    "lad": "council",
    "ltla": "council",
    "utla": "upper council",
    "ctyua": "upper council",
    "rgn": "region",
    "cauth": "combined authority",
}
_CODE_HEADING = re.compile(
    r"(oa|lsoa|msoa|wd|ward|lad|ltla|utla|ctyua|rgn|cauth)(\d\d) ?_?(cd|code)?"
)


def geographies(table: Table) -> dict[Geography, str]:
    """The columns of area codes, as the ONS heads them: LSOA21CD, WD24CD, lad22cd, ltla24_code."""
    found: dict[Geography, str] = {}
    for heading in table.headings:
        match = _CODE_HEADING.fullmatch(plain(heading))
        if match:
            found.setdefault(Geography(_UNITS[match[1]], 2000 + int(match[2])), heading)
    return found


def _column(table: Table, geography: Geography) -> str:
    there = geographies(table)
    if geography not in there:
        known = ", ".join(map(str, there)) or "none"
        raise NeedFileError(
            table.file, 1, f"there are no codes of {geography}; those found: {known}.", "column"
        )
    return there[geography]


def _ons(table: Table, title: str, year: int, note: str = "") -> Source:
    return Source(
        title=title, publisher=ONS, licence=OGL, year=year, file=table.file,
        sha256=table.sha256, note=note,
    )  # fmt: skip


def read_look_up(
    source: Input,
    small: Geography,
    to: Geography,
    *,
    name: str | None = None,
    progress: Progress | None = None,
) -> LookUp:
    """Read an ONS look-up from `small` areas to larger ones, such as LSOA 2021 to council 2024.

    A row that says the same as another is counted in the source's note and read once; one that
    puts an area into a second larger area is refused. Raises NeedFileError.
    """
    table = Table(source, name, progress)
    codes = table.area_codes(_column(table, small), small)
    inside = table.area_codes(_column(table, to), to)
    pairs = dict.fromkeys(zip(codes, inside, strict=True))
    firsts, lasts = as_codes([one for one, _ in pairs]), as_codes([one for _, one in pairs])
    try:
        refuse_twice(small, to, firsts, lasts)
    except NeedError as problem:
        first = _first_contradiction(codes, inside)
        raise NeedFileError(table.file, first, problem.what, problem.code) from None
    again = len(codes) - len(pairs)
    note = f"{again:,} rows say what another row says" if again else ""
    year = max(small.year, to.year)
    return LookUp(
        Areas(small, firsts), to, lasts, _ons(table, f"Look-up, {small} to {to}", year, note)
    )


def read_names(source: Input, geography: Geography, *, name: str | None = None) -> dict[str, str]:
    """The names beside the codes of a look-up: LSOA21NM beside LSOA21CD, and so on; empty where
    the file gives none. Raises NeedFileError."""
    table = Table(source, name)
    heading = _column(table, geography)
    beside = plain(heading)
    for code, named in (("cd", "nm"), ("code", "name")):
        if beside.endswith(code) and table.has(beside[: -len(code)] + named):
            names = table.text(beside[: -len(code)] + named)
            return dict(zip(table.text(heading), names, strict=True))
    return {}


def _first_contradiction(codes: list[str], inside: list[str]) -> int:
    seen: dict[str, str] = {}
    for row, (code, larger) in enumerate(zip(codes, inside, strict=True), start=2):
        if seen.setdefault(code, larger) != larger:
            return row
    return 0


def read_changes(
    source: Input, *, name: str | None = None, progress: Progress | None = None
) -> Succession:
    """Read the ONS list of what became of the LSOAs of 2011 in 2021, with its change column.

    The column of changes is headed CHNGIND, CHGIND or change_code. Raises NeedFileError.
    """
    table = Table(source, name, progress)
    old, new = Geography("LSOA", 2011), Geography("LSOA", 2021)
    named = next((one for one in ("CHNGIND", "CHGIND", "change_code") if table.has(one)), None)
    change = table.text(named or "CHNGIND")
    olds = table.area_codes(_column(table, old), old)
    news = table.area_codes(_column(table, new), new)
    for row, letter in enumerate(change, start=2):
        if letter not in ("U", "S", "M", "X"):
            raise NeedFileError(table.file, row, f"a change is U, S, M or X, not {letter[:9]!r}.")
    try:
        return Succession(
            old, new, as_codes(olds), as_codes(news), as_codes(change),
            _ons(table, f"Look-up of changes, {old} to {new}", 2021),
        )  # fmt: skip
    except NeedError as problem:
        raise NeedFileError(table.file, 0, problem.what, problem.code) from None


def read_residents(
    source: Input,
    geography: Geography,
    column: str,
    *,
    year: int,
    name: str | None = None,
    progress: Progress | None = None,
) -> Figure:
    """Read residents of areas from one column of a population file, such as the census or a
    mid-year estimate saved as CSV. `year` is that of the figure. Raises NeedFileError."""
    table = Table(source, name, progress)
    areas = table.codes(_column(table, geography), geography)
    said = _ons(table, f"Residents of {geography}, “{column}”", year)
    return Figure(f"residents {year}", areas, table.people(column), said)
