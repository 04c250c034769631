"""Calling entries.c: a profile's ballots dealt out project by project."""

from __future__ import annotations

import ctypes
from ctypes import Structure, c_int64, c_void_p

import numpy as np

from ..columns import ByBallot, Entries, Ints
from .library import library


class EntriesColumns(Structure):
    """Entries in entries.c."""

    _fields_ = [
        *((name, c_int64) for name in ("projects", "ballots")),
        *(
            (name, c_void_p)
            for name in (
                "ballot_start", "choices", "weight", "parts", "start", "members", "each", "votes",
                "sums",
            )
        ),
    ]  # fmt: skip


def dealt(by_ballot: ByBallot, weight: Ints, projects: int) -> Entries:
    """The same as columns.entries finds with NumPy. The kernel must be there."""
    loaded = library()
    assert loaded is not None
    given, entries = by_ballot.each, len(by_ballot.projects)
    start, votes = np.empty(projects + 1, np.int64), np.empty(projects, np.int64)
    members = np.empty(entries, np.int64)
    each = None if given is None else np.empty(entries, np.int64)
    sums = None if given is None else np.empty(projects, np.int64)
    columns = EntriesColumns(
        projects,
        len(weight),
        *(
            None if column is None else column.ctypes.data
            for column in (
                by_ballot.start, by_ballot.projects, weight, given, start, members, each, votes,
                sums,
            )
        ),
    )  # fmt: skip
    loaded.doorstep_entries(ctypes.byref(columns))
    named: list[int] = votes.tolist()
    together: list[int] = named if sums is None else sums.tolist()
    if each is not None:
        members, each = members[: start[-1]], each[: start[-1]]
    return Entries(start, members, each, by_ballot, named, together)
