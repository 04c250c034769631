"""Calling classes.c: ways of voting put in the order of a profile."""

from __future__ import annotations

import ctypes
from ctypes import Structure, c_int64, c_void_p

import numpy as np

from ..ways import Ordered, Ways
from .library import library


class ClassesColumns(Structure):
    """Classes in classes.c."""

    _fields_ = [
        *((name, c_int64) for name in ("projects", "ranked", "classes")),
        *((name, c_void_p) for name in ("start", "choices", "points", "weight")),
        ("found", c_int64),
        *(
            (name, c_void_p)
            for name in ("found_start", "found_points", "found_weight", "found_choices")
        ),
    ]


def ordered(ways: Ways, projects: int, *, ranked: bool) -> Ordered | None:
    """The same as ways.ordered; None without memory too. The kernel must be there."""
    loaded = library()
    assert loaded is not None
    count, given = len(ways.sizes), ways.points
    start = np.concatenate(([0], np.cumsum(ways.sizes))).astype(np.int64, copy=False)
    choices = ways.choices.astype(np.int32, copy=False)
    weights = np.ascontiguousarray(ways.weights, np.int64)
    starts, weight = np.empty(count + 1, np.int64), np.empty(count, np.int64)
    named = np.empty(len(choices), np.int32)
    points = None if given is None else np.empty(len(choices), np.int64)
    classes = ClassesColumns(
        projects, ranked, count, start.ctypes.data, choices.ctypes.data,
        None if given is None else given.ctypes.data, weights.ctypes.data, 0, starts.ctypes.data,
        None if points is None else points.ctypes.data, weight.ctypes.data, named.ctypes.data,
    )  # fmt: skip
    if loaded.doorstep_classes(ctypes.byref(classes)):
        return None
    found = classes.found
    ends = starts[found]
    return Ordered(
        starts[: found + 1], named[:ends], None if points is None else points[:ends], weight[:found]
    )
