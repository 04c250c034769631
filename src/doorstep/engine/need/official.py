"""Reading the official files as their publishers lay them out. Columns are found by heading.

Each reader checks the whole file before it hands anything out: a wrong file, edition, column or
code is refused with its row. None of this data comes with Doorstep; who holds a file reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from .errors import NeedError, NeedFileError
from .geography import Areas, Figure, Geography, Source
from .indices import CNI_2019, CNI_2023, IMD_2019, IMD_2025, Index
from .lookup import LookUp
from .table import Input, Progress, Table, as_codes
from .transform import refuse_odd_ranks


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
