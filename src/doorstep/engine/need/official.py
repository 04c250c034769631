"""Reading the official files as their publishers lay them out. Columns are found by heading.

Each reader checks the whole file before it hands anything out: a wrong file, edition, column or
code is refused with its row. None of this data comes with Doorstep; who holds a file reads it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from .errors import NeedError, NeedFileError, some
from .geography import Areas, Figure, Geography, Source
from .indices import CNI_2019, CNI_2023, IMD_2019, IMD_2025, Index
from .lookup import LookUp, Succession, refuse_twice
from .table import Input, Progress, Table, as_codes, plain
from .transform import refuse_odd_ranks

ONS: Final = "Office for National Statistics"
OGL: Final = "Open Government Licence v3.0"


@dataclass(frozen=True)
class Layout:
    """How one edition lays out its file: the heading of each thing that is read.

    `near` is how far a published score may be from the one its domains' ranks give, before two
    columns must have been mixed up; it is wider where scores were published rounded.
    """

    index: Index
    code: str
    name: str
    score: str
    rank: str
    domain_ranks: Mapping[str, str]
    domain_scores: Mapping[str, str]
    residents: Mapping[str, str]
    council: tuple[str, Geography] | None
    near: float


_WORST = "(where 1 is most deprived)"
# Name in the formula: name in the official headings, and what its score is.
_IOD_DOMAINS = {
    "Income": ("Income", " (rate)"),
    "Employment": ("Employment", " (rate)"),
    "Education": ("Education, Skills and Training", ""),
    "Health": ("Health Deprivation and Disability", ""),
    "Crime": ("Crime", ""),
    "Barriers": ("Barriers to Housing and Services", ""),
    "Living environment": ("Living Environment", ""),
}


def _iod(index: Index, areas: int, councils: int, residents: Mapping[str, str]) -> Layout:
    return Layout(
        index=index,
        code=f"LSOA code ({areas})",
        name=f"LSOA name ({areas})",
        score="Index of Multiple Deprivation (IMD) Score",
        rank=f"Index of Multiple Deprivation (IMD) Rank {_WORST}",
        domain_ranks={key: f"{said} Rank {_WORST}" for key, (said, _) in _IOD_DOMAINS.items()},
        domain_scores={key: f"{said} Score{unit}" for key, (said, unit) in _IOD_DOMAINS.items()},
        residents=residents,
        council=(
            f"Local Authority District code ({councils})",
            Geography("council", councils),
        ),
        near=0.01,
    )


_PRISON = "(excluding prisoners)"
IOD_2019 = _iod(
    IMD_2019,
    2011,
    2019,
    {
        "all": f"Total population: mid 2015 {_PRISON}",
        "children": f"Dependent Children aged 0-15: mid 2015 {_PRISON}",
        "older": f"Older population aged 60 and over: mid 2015 {_PRISON}",
        "working age": "Working age population 18-59/64: for use with Employment Deprivation "
        f"Domain {_PRISON}",
    },
)
IOD_2025 = _iod(
    IMD_2025,
    2021,
    2024,
    {
        "all": "Total population: mid 2022",
        "children": "Dependent Children aged 0-15: mid 2022",
        "older": "Older population aged 60 and over: mid 2022",
        "working age": "Working age population 18-66 (for use with Employment Deprivation "
        "Domain): mid 2022",
    },
)
# As the one public copy (an R package) heads them; OCSI's own workbook was not at hand.
CNI_2019_FILE = Layout(
    index=CNI_2019,
    code="ward17_code",
    name="ward17_name",
    score="Community Needs Index score",
    rank="Community Needs Index rank",
    domain_ranks={
        "Civic assets": "Civic Assets rank",
        "Connectedness": "Connectedness rank",
        "Active and engaged community": "Engaged community rank",
    },
    domain_scores={},
    residents={},
    council=("lad19_code", Geography("council", 2019)),
    near=0.05,
)
CNI_2023_FILE = Layout(
    index=CNI_2023,
    code="lsoa21_code",
    name="lsoa21_name",
    score="Community Needs Index 2023 Score",
    rank="Community Needs Index 2023 Rank",
    domain_ranks={
        "Civic assets": "Civic Assets Domain Rank",
        "Connectedness": "Connectedness Domain Rank",
        "Active and engaged community": "Active and Engaged Community Domain Rank",
    },
    domain_scores={},
    residents={},
    council=None,
    near=0.05,
)
LAYOUTS: Final = (IOD_2025, IOD_2019, CNI_2023_FILE, CNI_2019_FILE)


@dataclass(frozen=True, eq=False)
class IndexFile:
    """An edition of an index as its file gives it; every figure carries the file's source."""

    index: Index
    names: Mapping[str, str]
    score: Figure
    rank: Figure
    domain_ranks: Mapping[str, Figure]
    domain_scores: Mapping[str, Figure]
    residents: Mapping[str, Figure]
    councils: LookUp | None
    whole: bool

    @property
    def source(self) -> Source:
        return self.score.source

    @property
    def areas(self) -> Areas:
        return self.score.areas


def read_index(
    source: Input,
    *,
    expect: str | None = None,
    partial: bool = False,
    name: str | None = None,
    progress: Progress | None = None,
) -> IndexFile:
    """Read Indices of Deprivation 2019 or 2025 "File 7", or a Community Needs Index file.

    Which edition it is follows from the headings; `expect` refuses any other ("IMD 2025"). A
    country's file must hold every area, once, and ranks without a gap; `partial` reads an extract,
    such as one council's. Scores must follow from the ranks of the domains. Raises NeedFileError
    with the row, and no other exception.
    """
    table = Table(source, name, progress)
    layout = _layout(table)
    index = layout.index
    if expect is not None and expect != index.name:
        raise NeedFileError(
            table.file, 1, f"this is {index.name}, and {expect} was asked for.", "edition"
        )
    areas = table.codes(layout.code, index.geography)
    _refuse_count(table, len(areas), index, partial)
    said = replace(index.source, file=table.file, sha256=table.sha256)

    def figure(heading: str, kind: str) -> Figure:
        if kind == "rank":
            return Figure(heading, areas, table.ranks(heading, index.areas), said)
        if kind == "people":
            return Figure(heading, areas, table.people(heading), said)
        return Figure(heading, areas, table.numbers(heading), said)

    domain_ranks = {key: figure(at, "rank") for key, at in layout.domain_ranks.items()}
    found = IndexFile(
        index=index,
        names=dict(zip(areas.codes.tolist(), table.text(layout.name), strict=True)),
        score=figure(layout.score, "score"),
        rank=figure(layout.rank, "rank"),
        domain_ranks=domain_ranks,
        domain_scores={key: figure(at, "score") for key, at in layout.domain_scores.items()},
        residents={key: figure(at, "people") for key, at in layout.residents.items()},
        councils=_councils(table, layout, areas, said),
        whole=len(areas) == index.areas,
    )
    _refuse_mixed_columns(table, layout, found)
    return found


def _layout(table: Table) -> Layout:
    for layout in LAYOUTS:
        if table.has(layout.code, layout.rank):
            return layout
    tell = [one for one in LAYOUTS if table.has(one.code)]
    if tell:
        table.find(tell[0].rank)  # says which heading is missing
    known = ", ".join(f"{one.index.name} (“{one.code}”)" for one in LAYOUTS)
    raise NeedFileError(
        table.file, 1, f"these are not the headings of a file known here: {known}.", "column"
    )


def _refuse_count(table: Table, rows: int, index: Index, partial: bool) -> None:
    if rows > index.areas or (rows < index.areas and not partial):
        raise NeedFileError(
            table.file,
            rows + 1,
            f"there are {rows:,} areas, and {index.name} has {index.areas:,}. "
            + ("Use the whole file, or say that it is an extract." if rows < index.areas else ""),
            "missing_areas",
        )


def _councils(table: Table, layout: Layout, areas: Areas, said: Source) -> LookUp | None:
    if layout.council is None:
        return None
    heading, geography = layout.council
    return LookUp(areas, geography, as_codes(table.area_codes(heading, geography)), said)


def _refuse_mixed_columns(table: Table, layout: Layout, found: IndexFile) -> None:
    ranks = {key: one.values for key, one in found.domain_ranks.items()}
    try:
        if found.whole:
            refuse_odd_ranks(found.rank.values, f"“{layout.rank}”")
        given = found.index.score(ranks, of=None if found.whole else found.index.areas)
    except NeedError as problem:
        raise NeedFileError(table.file, 0, problem.what, problem.code) from None
    pairs = [(layout.score, found.score, found.rank)]
    for key, score in found.domain_scores.items():
        pairs.append((layout.domain_scores[key], score, found.domain_ranks[key]))
    for heading, score, rank in pairs:
        order = np.argsort(rank.values, kind="stable")
        rises = np.flatnonzero(np.diff(score.values[order]) > 0)
        if rises.size:
            row = int(order[rises[0] + 1])
            raise NeedFileError(
                table.file,
                row + 2,
                f"“{heading}” is {score.values[row]:g}, higher than that of an area with a "
                "better rank: are two columns mixed up?",
                "score",
            )
    off = np.abs(given - found.score.values)
    if off.max() > layout.near:
        row = int(off.argmax())
        raise NeedFileError(
            table.file,
            row + 2,
            f"“{layout.score}” is {found.score.values[row]:g}, and the ranks of its domains give "
            f"{given[row]:.3f}: are two columns mixed up?",
            "score",
        )


# ---- look-ups, changes and populations --------------------------------------------------------

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


def describe(table: Table) -> str:
    """What a file seems to be, for a person who is not sure which one they hold."""
    for layout in LAYOUTS:
        if table.has(layout.code, layout.rank):
            return layout.index.name
    there = [str(one) for one in geographies(table)]
    return f"areas of {some(there, 6)}" if there else "unknown"
