"""Areas too small to be seen on a map, as round marks that do not lie on one another."""

from collections.abc import Iterator, Sequence
from itertools import count
from math import hypot

RADIUS = 10
STEP = 2 * RADIUS + 4  # a thick line goes round those first in line
ROW = STEP * 3**0.5 / 2

Point = tuple[float, float]


def apart(points: Sequence[Point], wide: int, high: int) -> list[tuple[int, int]]:
    """A middle for the mark of each point, in their order: on a honeycomb, the nearest free cell.

    Marks of a crowded city stand beside one another, a little beside where they are. The cells
    are those of a picture `wide` and `high`; beyond its lower edge there is always another.
    """
    taken: set[tuple[int, int]] = set()
    placed = []
    for point in points:
        cell = next(
            free
            for reach in count(1)
            if (free := _nearest(point, _around(point, reach, wide, high), taken)) is not None
        )
        taken.add(cell)
        x, y = _middle(cell)
        placed.append((round(x), round(y)))
    return placed


def _around(point: Point, reach: int, wide: int, high: int) -> Iterator[tuple[int, int]]:
    """Cells at most so many rows and columns from a point, inside the picture."""
    row, column = round(point[1] / ROW), round(point[0] / STEP)
    lowest = max(round(high / ROW), reach)
    for r in range(max(0, row - reach), min(lowest, row + reach) + 1):
        for c in range(max(0, column - reach), column + reach + 1):
            if _middle((r, c))[0] <= wide:
                yield r, c


def _nearest(
    point: Point, cells: Iterator[tuple[int, int]], taken: set[tuple[int, int]]
) -> tuple[int, int] | None:
    free = [
        (hypot(x - point[0], y - point[1]), cell)
        for cell in cells
        if cell not in taken
        for x, y in (_middle(cell),)
    ]
    return min(free)[1] if free else None


def _middle(cell: tuple[int, int]) -> Point:
    row, column = cell
    return (column + row % 2 / 2) * STEP, row * ROW
