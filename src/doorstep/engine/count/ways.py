"""Ways of voting as whole columns, put in the order of a profile."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .profile import Profile

Positions = NDArray[np.int64]

MOST_SORTED = 1 << 28  # bytes of sort keys


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Ways of voting in no order, some perhaps alike.

    sizes: how many projects each names. choices: their positions, way after way. points: one for
    each choice, where votes give points. weights: how many voted so.
    """

    sizes: Positions
    choices: NDArray[Any]
    points: Positions | None
    weights: Positions


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """The columns of a Profile, named as there; no points are an empty column or none."""

    starts: Positions
    choices: NDArray[Any]
    points: Positions | None
    weights: Positions

    def profile(self, point_size: int) -> Profile:
        given = self.points is not None and len(self.points) > 0
        return Profile(
            starts=_array("q", self.starts),
            choices=_array("i", self.choices.astype(np.int32, copy=False)),
            weights=_array("q", self.weights),
            points=_array("q", self.points) if self.points is not None and given else None,
            point_size=point_size if given else 1,
        )


def _array(kind: str, column: NDArray[Any]) -> array[int]:
    made: array[int] = array(kind)
    made.frombytes(np.ascontiguousarray(column).data.cast("B"))
    return made


def ordered(ways: Ways, *, ranked: bool) -> Ordered | None:
    """In the order of a profile, each once and none of its projects without points; ranked ones
    keep the order of their projects.

    None where a way names one project twice, and with ranks or points, or where there are too many.
    """
    sizes, choices, points = ways.sizes, ways.choices.astype(np.int64), ways.points
    owner = np.repeat(np.arange(len(sizes)), sizes)
    key = owner << 32 | choices
    if not (key[1:] > key[:-1]).all():
        order = np.argsort(key, kind="stable")
        repeats = key[order][1:] == key[order][:-1]
        if repeats.any():
            if points is not None or ranked:
                return None
            order = order[np.concatenate(([True], ~repeats))]
        if not ranked:
            owner, choices = owner[order], choices[order]
            points = None if points is None else points[order]
    if points is not None:
        kept = points > 0
        owner, choices, points = owner[kept], choices[kept], points[kept]
    return _sorted(np.bincount(owner, minlength=len(sizes)), choices, points, ways.weights)


def _sorted(
    sizes: Positions, choices: Positions, points: Positions | None, weights: Positions
) -> Ordered | None:
    """Put in order, and those that turned out to say the same made one."""
    starts = np.concatenate(([0], np.cumsum(sizes)))
    longest = int(sizes.max())
    width = 2 * longest + (8 * longest if points is not None else 0)
    if len(sizes) * width > MOST_SORTED:
        return None
    owner = np.repeat(np.arange(len(sizes)), sizes)
    column = np.arange(len(choices)) - starts[owner]
    # Bytes sort as tuples do when numbers are written from the high end, none of them is zero,
    # and what a shorter one lacks is.
    keys = np.zeros((len(sizes), max(width, 1)), np.uint8)
    if longest:
        keys[:, : 2 * longest].view(">u2")[owner, column] = choices + 1
    if longest and points is not None:
        keys[:, 2 * longest :].view(">u8")[owner, column] = points
    texts = keys.view(f"S{keys.shape[1]}").ravel()
    order = np.argsort(texts, kind="stable")
    texts = texts[order]
    first = np.concatenate(([0], np.flatnonzero(texts[1:] != texts[:-1]) + 1))
    kept = order[first]
    entries = np.repeat(starts[kept], sizes[kept]) + _counted_up(sizes[kept])
    return Ordered(
        starts=np.concatenate(([0], np.cumsum(sizes[kept]))),
        choices=choices[entries],
        points=None if points is None else points[entries],
        weights=np.add.reduceat(weights[order], first),
    )


def _counted_up(sizes: Positions) -> Positions:
    """0, 1, 2 ... afresh for each size."""
    return np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
