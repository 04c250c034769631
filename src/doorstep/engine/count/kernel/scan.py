"""Calling scan.c: the votes of a file grouped and looked up in one pass over its bytes."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, Structure, c_char_p, c_int32, c_int64, c_void_p
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .library import library

Positions = NDArray[np.int64]


class VotesColumns(Structure):
    """Votes in scan.c."""

    _fields_ = [
        ("text", c_char_p),
        *(
            (name, c_int64)
            for name in (
                "begins", "ends", "columns", "voter", "vote", "points", "most_rows", "projects",
            )
        ),
        ("id_start", c_void_p),
        ("ids", c_char_p),
    ]  # fmt: skip


class ScanColumns(Structure):
    """Scan in scan.c."""

    _fields_ = [
        *((name, c_int64) for name in ("rows", "kinds", "named")),
        *((name, POINTER(c_int64)) for name in ("start", "size", "points", "weight", "count")),
        ("projects", POINTER(c_int32)),
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Scanned:
    """Votes as written. For each kind of them: where it starts in the text, its bytes, those of the
    field of points after it, how many cast it, and how many projects it names; then the projects
    of all kinds as they are named."""

    rows: int
    start: Positions
    size: Positions
    points: Positions
    weight: Positions
    count: Positions
    projects: NDArray[np.int32]


def scanned(
    text: bytes, begins: int, ends: int, columns: list[str], *, points: bool, most: int,
    ids: list[bytes],
) -> Scanned | None:  # fmt: skip
    """The votes between two places of a text; None where they are not plain.

    columns are the names in the header; with points, those stand right after the vote. The kernel
    must be there.
    """
    loaded = library()
    assert loaded is not None
    id_start = np.array([*accumulate(map(len, ids), initial=0)], np.int64)
    votes = VotesColumns(
        text, begins, ends, len(columns), columns.index("voter_id"), columns.index("vote"),
        columns.index("points") if points else -1, most, len(ids), id_start.ctypes.data,
        b"".join(ids),
    )  # fmt: skip
    found = POINTER(ScanColumns)()
    answer = loaded.doorstep_scan(ctypes.byref(votes), ctypes.byref(found))
    if answer:
        return None
    try:
        scan = found.contents

        def column(name: str, size: int, kind: Any = np.int64) -> NDArray[Any]:
            """A copy of a column, and not through numpy.ctypeslib: that is slow to load."""
            there = ctypes.addressof(getattr(scan, name).contents)
            whole = (ctypes.c_char * (size * np.dtype(kind).itemsize)).from_address(there)
            return np.frombuffer(whole, kind).copy()

        names = ("start", "size", "points", "weight", "count")
        kinds = {name: column(name, scan.kinds) for name in names}
        projects = column("projects", scan.named, np.int32)
        return Scanned(rows=scan.rows, projects=projects, **kinds)
    finally:
        loaded.doorstep_scanned(found)
