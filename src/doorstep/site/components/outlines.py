"""Outlines on a grid of whole numbers, as short paths; and the line round many of them."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Corners = NDArray[np.int64]
HALF = 1 << 30  # more than any number on a grid: two of them stand in one number


def outlined(corners: Corners, ring_of: Corners, unit: float) -> Iterator[tuple[int, str]]:
    """(ring, its path) of each ring with three corners, each relative to the one before."""
    written: dict[int, str] = {}

    def told(number: int) -> str:
        if number not in written:
            written[number] = f"{number * unit:.1f}".removesuffix(".0")
        return written[number]

    steps = np.diff(corners, axis=0, append=corners[:1]).tolist()
    starts = np.flatnonzero(np.diff(ring_of, prepend=-1)).tolist()
    for start, end in pairwise([*starts, len(corners)]):
        if end - start > 2:
            x, y = corners[start].tolist()
            line = " ".join(f"{told(dx)} {told(dy)}" for dx, dy in steps[start : end - 1])
            yield int(ring_of[start]), f"M{told(x)} {told(y)}l{line}z".replace(" -", "-")


def corners(points: Floats, ring_of: Corners, unit: float) -> tuple[Corners, Corners]:
    """On the grid, without points on one another or on a straight line; and the ring of each."""
    here = np.rint(points / unit).astype(np.int64)
    before, _after = _beside(ring_of)
    apart = (here != here[before]).any(axis=1)
    here, ring_of = here[apart], ring_of[apart]
    before, after = _beside(ring_of)
    came, goes = here - here[before], here[after] - here
    bends = came[:, 0] * goes[:, 1] != came[:, 1] * goes[:, 0]
    return here[bends], ring_of[bends]


def _beside(ring_of: Corners) -> tuple[Corners, Corners]:
    """For each point the number of the one before it and of the one after it, round its ring."""
    before, after = np.arange(len(ring_of)) - 1, np.arange(len(ring_of)) + 1
    first = np.flatnonzero(np.diff(ring_of, prepend=-1))
    last = np.append(first[1:], len(ring_of)) - 1
    if len(ring_of):
        before[first], after[last] = last, first
    return before, after


def round_all(points: Floats, ring_of: Corners, unit: float) -> tuple[Corners, Corners]:
    """The rings round all of these together, on the grid: a line that two share is inside."""
    here = np.rint(points / unit).astype(np.int64) + HALF
    code = here[:, 0] * 2 * HALF + here[:, 1]
    _before, after = _beside(ring_of)
    one, other = np.minimum(code, code[after]), np.maximum(code, code[after])
    apart = one != other
    # A line by its two ends, whichever way it goes: one that stands there twice goes.
    order = np.lexsort((other[apart], one[apart]))
    one, other = one[apart][order], other[apart][order]
    starts = np.flatnonzero((np.diff(one, prepend=-1) != 0) | (np.diff(other, prepend=-1) != 0))
    odd = starts[np.diff(starts, append=len(one)) % 2 == 1]
    beside: dict[int, list[int]] = defaultdict(list)
    for start, end in zip(one[odd].tolist(), other[odd].tolist(), strict=True):
        beside[start].append(end)
        beside[end].append(start)
    rings = list(_walks(beside))
    codes = np.asarray([code for ring in rings for code in ring], dtype=np.int64)
    whole = np.stack([codes // (2 * HALF), codes % (2 * HALF)], axis=1) - HALF
    return whole, np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])


def _walks(beside: dict[int, list[int]]) -> Iterator[list[int]]:
    """Every line walked once; at each corner as many come as go, so that each walk is a ring."""
    for start in sorted(beside):
        while beside[start]:
            ring, here = [], start
            while beside[here]:
                there = beside[here].pop()
                beside[there].remove(here)
                ring.append(there)
                here = there
            yield ring
